"""Writes pictures into a video with PyAV."""

from __future__ import annotations

import contextlib
import os
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Self

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from framescope.core.errors import DestinationLostError, EncoderRefusedError, SynthesisError
from framescope.core.files import disk_error
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

# SVT-AV1 prints its settings to stderr unless its log level is set to errors.
os.environ.setdefault("SVT_LOG", "1")

_BT709, _LIMITED, _FULL = 1, int(ColorRange.MPEG), int(ColorRange.JPEG)
_SWSCALE_MATRICES = {"bt709": Colorspace.ITU709, "smpte170m": Colorspace.ITU601}
_MATRIX_NUMBERS = {"bt709": _BT709, "smpte170m": 6}
_RGB = 0
"""FFmpeg's number of the matrix that leaves R, G and B as they are."""


@dataclass(frozen=True, slots=True)
class ClipFormat:
    """How a clip is to be encoded.

    Attributes:
        width: Columns.
        height: Rows.
        rate: Frames per second.
        codec: FFmpeg's name of the encoder.
        pixel_format: FFmpeg's name of the pixel format.
        options: Further options of the encoder.
        time_base: Unit of the timestamps given to `ClipWriter.write`; None for one frame.
        bit_rate: Bits per second; None if the options say what rules.
        fourcc: Stored instead of the container's usual one; empty for that.
        rotation: Clockwise degrees that players are told to turn the picture by.
        muxer_options: Options of the container.
        matrix: Of luma and chroma: ``bt709``, or ``smpte170m`` (BT.601) where readers take that for granted.
    """

    width: int
    height: int
    rate: Fraction = Fraction(24)
    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    options: Mapping[str, str] = field(default_factory=dict)
    time_base: Fraction | None = None
    bit_rate: int | None = None
    fourcc: str = ""
    rotation: int = 0
    muxer_options: Mapping[str, str] = field(default_factory=dict)
    matrix: str = "bt709"


class FinishedOrDiscarded(ABC):
    """As a context manager it finishes the file on a clean exit and gives it up on an error."""

    @abstractmethod
    def finish(self) -> None:
        """Give the file its end."""

    @abstractmethod
    def discard(self) -> None:
        """Release the file, finished or not."""

    def __enter__(self) -> Self:
        """Return the writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the file, or give it up where something failed."""
        del error, trace
        if kind is None:
            self.finish()
        else:
            self.discard()


class ClipWriter(FinishedOrDiscarded):
    """Encodes one picture after another into a file. Used by one thread; a context manager.

    It writes straight to the path that it is given, which is that of a `part_file` where a file must be whole
    or not there.
    """

    def __init__(self, path: Path, clip_format: ClipFormat) -> None:
        """Start the file.

        Raises:
            EncoderRefusedError: The encoder or the container refuses the format.
            DestinationLostError: The disk is full, read-only or gone.
        """
        self._path = path
        self._format = clip_format
        self._time_base = clip_format.time_base or 1 / Fraction(clip_format.rate)
        self._written = 0
        try:
            self._container = av.open(os.fspath(path), "w", options=dict(clip_format.muxer_options))
        except (OSError, ValueError, av.FFmpegError) as error:
            raise self._failure(error) from error
        try:
            self._stream = self._add_stream()
        except (OSError, TypeError, ValueError, av.FFmpegError) as error:
            self.discard()
            raise self._refusal(error) from error

    def _add_stream(self) -> av.VideoStream:
        wanted = self._format
        stream = self._container.add_stream(wanted.codec, rate=wanted.rate, options=dict(wanted.options))
        if not isinstance(stream, av.VideoStream):
            raise TypeError(f"{wanted.codec} cannot encode video")
        stream.width, stream.height, stream.pix_fmt = wanted.width, wanted.height, wanted.pixel_format
        context = stream.codec_context
        context.time_base = self._time_base
        if wanted.bit_rate is not None:
            context.bit_rate = wanted.bit_rate
        if wanted.fourcc:
            context.codec_tag = wanted.fourcc
        context.colorspace = _matrix_number(wanted.pixel_format, wanted.matrix)
        context.color_primaries = context.color_trc = _BT709
        context.color_range = _range_of(wanted.pixel_format)
        if wanted.rotation:
            # FFmpeg counts the other way round.
            stream.set_display_rotation(-wanted.rotation)
        return stream

    def write(self, rgb: NDArray[np.uint8], pts: int | None = None) -> None:
        """Encode the next picture.

        Args:
            rgb: (height, width, 3) uint8.
            pts: When it is shown, in the format's time base, later than the previous one; None for a frame
                after it.

        Raises:
            EncoderRefusedError: The encoder or the container refuses it.
            SynthesisError: It has another shape.
            DestinationLostError: The disk is full, read-only or gone.
        """
        self._check(rgb)
        frame = video_frame(rgb, self._format.pixel_format, self._format.matrix)
        frame.pts, frame.time_base = self._written if pts is None else pts, self._time_base
        self._encode(frame)
        self._written += 1

    def _check(self, rgb: NDArray[np.uint8]) -> None:
        shape = (self._format.height, self._format.width, 3)
        if rgb.shape != shape or rgb.dtype != np.uint8:
            raise SynthesisError(
                tr(
                    "Frame {written} is an array of {shape} {dtype}, the video takes {expected_shape} uint8.",
                    written=self._written,
                    shape=rgb.shape,
                    dtype=rgb.dtype,
                    expected_shape=shape,
                )
            )

    def _encode(self, frame: av.VideoFrame | None) -> None:
        try:
            self._container.mux(self._stream.encode(frame))
        except (OSError, ValueError, av.FFmpegError) as error:
            raise self._failure(error) from error

    def finish(self) -> None:
        """Write what the encoder still holds, and the container's tables.

        Raises:
            EncoderRefusedError: The encoder or the container refuses the end.
            DestinationLostError: The disk is full, read-only or gone.
        """
        try:
            self._encode(None)
            self._container.close()
        except (OSError, av.FFmpegError) as error:
            raise self._failure(error) from error
        finally:
            self.discard()

    def discard(self) -> None:
        """Release the file, finished or not."""
        with contextlib.suppress(OSError, av.FFmpegError):
            self._container.close()

    def _failure(self, error: Exception) -> DestinationLostError | EncoderRefusedError:
        return disk_error(self._path.parent, error) or self._refusal(error)

    def _refusal(self, error: Exception) -> EncoderRefusedError:
        words = getattr(error, "strerror", None) or error
        return EncoderRefusedError(
            tr(
                "Cannot write {wanted} into {suffix}: {words}.",
                wanted=_wanted_words(self._format),
                suffix=self._path.suffix or tr("this file"),
                words=words,
            ),
            hint=tr("Choose another codec, container, FourCC or pixel format."),
        )


def video_frame(rgb: NDArray[np.uint8], pixel_format: str, matrix: str = "bt709") -> av.VideoFrame:
    """A picture as the encoder gets it; full range where the format is one of RGB or of JPEG.

    Args:
        rgb: (height, width, 3) uint8.
        pixel_format: FFmpeg's name.
        matrix: ``bt709`` or ``smpte170m``.
    """
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
    if pixel_format != "rgb24":
        frame = frame.reformat(
            format=pixel_format,
            dst_colorspace=int(_SWSCALE_MATRICES[matrix]),
            dst_color_range=_range_of(pixel_format),
            # Several threads write over each other's edges at some widths.
            threads=1,
        )
    frame.colorspace = _matrix_number(pixel_format, matrix)
    frame.color_range = _range_of(pixel_format)
    frame.color_primaries = frame.color_trc = _BT709
    return frame


def _matrix_number(pixel_format: str, matrix: str) -> int:
    return _RGB if _is_rgb(pixel_format) else _MATRIX_NUMBERS[matrix]


def _is_rgb(pixel_format: str) -> bool:
    return pixel_format.startswith(("rgb", "bgr", "gbr"))


def _range_of(pixel_format: str) -> int:
    return _FULL if _is_rgb(pixel_format) or pixel_format.startswith("yuvj") else _LIMITED


def _wanted_words(clip_format: ClipFormat) -> str:
    """The encoder and its settings, in a few words."""
    size = f"{clip_format.width} × {clip_format.height}"
    fourcc = tr(" as {fourcc}", fourcc=clip_format.fourcc) if clip_format.fourcc else ""
    return f"{clip_format.codec}{fourcc} {size} {clip_format.pixel_format}"
