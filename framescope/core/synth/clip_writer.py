"""Writes pictures into a video file, under a temporary name that becomes the real one only at the end."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Self

import av
from av.video.reformatter import ColorRange, Colorspace

from framescope.core.errors import SynthesisError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

_BT709, _LIMITED = 1, int(ColorRange.MPEG)


@dataclass(frozen=True, slots=True)
class ClipFormat:
    """How a clip is to be encoded.

    Attributes:
        width: Columns.
        height: Rows.
        rate: Frames a second.
        codec: FFmpeg's name of the encoder.
        pixel_format: FFmpeg's name of the pixel format.
        options: Further options of the encoder.
    """

    width: int
    height: int
    rate: Fraction = Fraction(24)
    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    options: Mapping[str, str] = field(default_factory=dict)


class ClipWriter:
    """Encodes one picture after another into ``path``; BT.709, limited range. Used by one thread.

    As a context manager it finishes the file on a clean exit and removes every trace on an error.
    """

    def __init__(self, path: Path, clip_format: ClipFormat) -> None:
        """Start the file.

        Raises:
            SynthesisError: The folder cannot be written, or the encoder refuses the format.
        """
        self._path = path
        self._part = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.part{path.suffix}")
        self._format = clip_format
        self._written = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._container = av.open(os.fspath(self._part), "w")
        except (OSError, av.FFmpegError) as error:
            raise self._failure(error) from error
        try:
            self._stream = self._add_stream()
        except (OSError, TypeError, ValueError, av.FFmpegError) as error:
            self._discard()
            raise self._failure(error) from error

    def _add_stream(self) -> av.VideoStream:
        wanted = self._format
        stream = self._container.add_stream(wanted.codec, rate=wanted.rate, options=dict(wanted.options))
        if not isinstance(stream, av.VideoStream):
            raise TypeError(f"{wanted.codec} encodes no video")
        stream.width, stream.height, stream.pix_fmt = wanted.width, wanted.height, wanted.pixel_format
        context = stream.codec_context
        context.time_base = 1 / Fraction(wanted.rate)
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED
        return stream

    def __enter__(self) -> Self:
        """Return the writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the file, or remove what was written where something failed."""
        del error, trace
        if kind is None:
            self._finish()
        else:
            self._discard()

    def write(self, rgb: NDArray[np.uint8]) -> None:
        """Encode the next picture.

        Args:
            rgb: (height, width, 3) uint8.

        Raises:
            SynthesisError: It cannot be encoded or written.
        """
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
            format=self._format.pixel_format,
            dst_colorspace=int(Colorspace.ITU709),
            dst_color_range=_LIMITED,
        )
        frame.pts, frame.time_base = self._written, 1 / Fraction(self._format.rate)
        frame.colorspace, frame.color_range = _BT709, _LIMITED
        frame.color_primaries = frame.color_trc = _BT709
        self._encode(frame)
        self._written += 1

    def _encode(self, frame: av.VideoFrame | None) -> None:
        try:
            self._container.mux(self._stream.encode(frame))
        except (OSError, av.FFmpegError) as error:
            raise self._failure(error) from error

    def _finish(self) -> None:
        try:
            self._encode(None)
            self._container.close()
            self._part.replace(self._path)
        except (OSError, av.FFmpegError) as error:
            raise self._failure(error) from error
        finally:
            self._discard()

    def _discard(self) -> None:
        with contextlib.suppress(OSError, av.FFmpegError):
            self._container.close()
        with contextlib.suppress(OSError):
            self._part.unlink(missing_ok=True)

    def _failure(self, error: Exception) -> SynthesisError:
        return SynthesisError(
            f"Cannot write the video {self._path}: {error}",
            hint="Check that the folder can be written to and that the disk has room.",
        )
