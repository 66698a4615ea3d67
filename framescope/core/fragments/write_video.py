"""Writes reassembled frames to a video file, each with its own timestamp."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Self, cast

import av

from framescope.core.errors import FragmentError, FrameScopeError
from framescope.core.files import check_ending, disk_error
from framescope.core.fragments.codecs import CODECS, STREAM_GOP, FragmentCodec
from framescope.core.fragments.formats import convert, plan_format
from framescope.core.fragments.geometry import Region
from framescope.core.fragments.planes import cut_tile
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from framescope.core.model.stream_facts import VideoInfo

_BY_ENDING = {
    ".mkv": FragmentCodec.FFV1,
    ".mp4": FragmentCodec.H264,
    ".m4v": FragmentCodec.H264,
    ".mov": FragmentCodec.H264,
    ".webm": FragmentCodec.AV1,
    ".avi": FragmentCodec.FFV1,
    ".nut": FragmentCodec.FFV1,
    ".ts": FragmentCodec.H264,
}
"""File extensions and their default codecs."""
_USUAL_RATE = Fraction(25)


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """How the file is coded.

    Attributes:
        codec: The codec; None for the extension's default.
        quality: The codec's own value; None for its default.
    """

    codec: FragmentCodec | None = None
    quality: int | None = None

    def codec_for(self, path: Path) -> FragmentCodec:
        """The codec that is used.

        Raises:
            SettingsError: The extension is not of a writable container.
            FragmentError: The codec has no such quality.
        """
        usual = _BY_ENDING[check_ending(path, "A joined video", tuple(_BY_ENDING))]
        codec = self.codec or usual
        CODECS[codec].quality_used(self.quality)
        return codec


class VideoWriter:
    """One file from the first frame to the last. Threads: one.

    It writes straight to the path that it is given, that of a `part_file`. As a context manager it finishes
    the file on a clean exit and discards it on an error.

    Attributes:
        codec: What it is coded with.
        is_exact: Whether every sample is kept.
        format_words: A description of the format conversion.
        written: Frames so far.
        retimed: Frames whose own time could not be kept, because it is missing or not later than the last.
    """

    def __init__(self, path: Path, info: VideoInfo, settings: OutputSettings, comment: str) -> None:
        self.codec = settings.codec_for(path)
        self._spec = CODECS[self.codec]
        self._path = path
        self._info = info
        self._quality = self._spec.quality_used(settings.quality)
        self._comment = comment
        self._container: av.container.OutputContainer | None = None
        self._stream: av.VideoStream | None = None
        self._shape: tuple[int, int, str] | None = None
        self._stored = ""
        self._last_pts: int | None = None
        self._first_pts: int | None = None
        self.is_exact = False
        self.format_words = ""
        self.written = self.retimed = 0

    def write(self, frame: av.VideoFrame, pts: int | None) -> None:
        """Encode the next frame.

        Args:
            frame: The picture.
            pts: Its time in the unit of the source; None if it has none.

        Raises:
            FragmentError: The picture changes its size or format, or cannot be encoded.
            DestinationLostError: The disk is full, read-only or gone.
        """
        shape = (frame.width, frame.height, frame.format.name)
        if self._shape is None:
            self._begin(frame)
            self._shape = shape
        if shape != self._shape:
            raise FragmentError(
                tr(
                    "The picture changes from {first_shape} to {shape} at frame {written}.",
                    first_shape=self._shape,
                    shape=shape,
                    written=self.written,
                ),
                hint=tr("A stream has a single size: join to a folder of pictures instead."),
            )
        converted = convert(frame, self._stored)
        if converted.format.name != self._stored:
            size = (frame.width, frame.height)
            converted = cut_tile(converted, Region(0, 0, *size), size, self._stored)
        converted.pts, converted.time_base = self._time(pts), self._info.time_base
        converted.pict_type = 0
        self._encode(converted)
        self.written += 1

    def _time(self, pts: int | None) -> int:
        step = max(1, round(1 / ((self._info.average_rate or _USUAL_RATE) * self._info.time_base)))
        if self._first_pts is None:
            self._first_pts = pts or 0
        value = None if pts is None else pts - self._first_pts
        if value is None or (self._last_pts is not None and value <= self._last_pts):
            self.retimed += 1
            value = 0 if self._last_pts is None else self._last_pts + step
        self._last_pts = value
        return value

    def _begin(self, frame: av.VideoFrame) -> None:
        plan = plan_format(self.codec, frame.format.name, must_be_lossless=self._spec.qualities is None)
        self._stored, self.format_words = plan.stored, plan.words
        self.is_exact = plan.is_lossless and self._spec.is_lossless(self._quality)
        try:
            self._container = av.open(os.fspath(self._path), "w")
            self._container.metadata["comment"] = self._comment
            options = dict(self._spec.options(self._quality, gop=STREAM_GOP))
            options.pop("slices", None)
            rate = self._info.average_rate or _USUAL_RATE
            added = self._add_stream(self._container, rate, options)
            stream = cast("av.VideoStream", added)
            stream.width, stream.height, stream.pix_fmt = frame.width, frame.height, plan.stored
            stream.time_base = self._info.time_base
            context = stream.codec_context
            context.time_base = self._info.time_base
            context.colorspace, context.color_range = frame.colorspace, frame.color_range
            context.color_primaries, context.color_trc = frame.color_primaries, frame.color_trc
            context.sample_aspect_ratio = self._info.sample_aspect_ratio
            if self._info.rotation:
                # PyAV counts counter-clockwise.
                stream.set_display_rotation(-self._info.rotation)
            self._stream = stream
        except (OSError, TypeError, ValueError, av.FFmpegError) as error:
            self._discard()
            raise self._failure(error) from error

    def _add_stream(
        self, container: av.container.OutputContainer, rate: Fraction, options: Mapping[str, str]
    ) -> object:
        try:
            return container.add_stream(self._spec.encoder, rate=rate, options=dict(options))
        except ValueError as error:
            raise FragmentError(
                tr("A {suffix} file cannot hold {title}.", suffix=self._path.suffix, title=self._spec.title),
                hint=tr("Choose another codec, or an .mkv file, which supports every codec."),
            ) from error

    def _encode(self, frame: av.VideoFrame | None) -> None:
        if self._stream is None or self._container is None:
            return
        try:
            self._container.mux(self._stream.encode(frame))
        except (OSError, ValueError, av.FFmpegError) as error:
            raise self._failure(error) from error

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the file, or discard it after an error."""
        del error, trace
        if kind is None and self._container is not None:
            try:
                self._encode(None)
                self._container.close()
            except (OSError, av.FFmpegError) as failure:
                raise self._failure(failure) from failure
            finally:
                self._discard()
        else:
            self._discard()

    def _discard(self) -> None:
        if self._container is not None:
            with contextlib.suppress(OSError, ValueError, av.FFmpegError):
                self._container.close()

    def _failure(self, error: Exception) -> FrameScopeError:
        return disk_error(self._path.parent, error) or FragmentError(
            tr("The video cannot be written with {title}: {error}", title=self._spec.title, error=error),
            hint=tr("Choose FFV1 in an .mkv file, which supports every size and format, or another codec."),
        )
