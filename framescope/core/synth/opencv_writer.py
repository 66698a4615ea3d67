"""Writes pictures with OpenCV's VideoWriter, and says so where that says nothing.

``VideoWriter`` neither raises nor reports: a writer that did not open swallows every frame, and so does one
that is given a frame of another size, type or number of channels.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import EncoderRefusedError, SynthesisError
from framescope.core.opencv import cv2
from framescope.core.synth.clip_writer import FinishedOrDiscarded, part_path
from framescope.core.text import is_valid_text

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from numpy.typing import NDArray


class OpenCVWriter(FinishedOrDiscarded):
    """Hands one picture after another to ``cv2.VideoWriter``. Used by one thread; a context manager."""

    def __init__(self, path: Path, fourcc: str, rate: Fraction, size: tuple[int, int]) -> None:
        """Start the file.

        Args:
            path: Where to; the ending chooses the container.
            fourcc: Chooses the codec.
            rate: Frames a second, constant.
            size: (width, height).

        Raises:
            EncoderRefusedError: OpenCV does not write this.
            SynthesisError: It cannot write there.
        """
        self._path, self._size, self._written = path, size, 0
        self._part = part_path(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._part.touch()
        except OSError as error:
            raise SynthesisError(
                f"Cannot write the video {path}: {error.strerror or error}.", hint="Choose another folder."
            ) from error
        code = cv2.VideoWriter.fourcc(*fourcc)
        if not is_valid_text(str(self._part)):
            self._part.unlink(missing_ok=True)
            raise SynthesisError(
                f"OpenCV takes names in UTF-8 only, and {path} is not.",
                hint="Choose another name, or write with PyAV.",
            )
        try:
            self._writer = cv2.VideoWriter(str(self._part), cv2.CAP_FFMPEG, code, float(rate), size)
        except cv2.error as error:
            self._part.unlink(missing_ok=True)
            raise self._refusal(fourcc) from error
        if not self._writer.isOpened():
            self.discard()
            raise self._refusal(fourcc)

    def _refusal(self, fourcc: str) -> EncoderRefusedError:
        ending = self._path.suffix.removeprefix(".") or "no ending"
        return EncoderRefusedError(
            f"OpenCV's VideoWriter does not open for FourCC {fourcc} in {ending}.",
            hint="Its FFmpeg has no such encoder, or the container does not take the codec. Write with PyAV.",
        )

    def write(self, rgb: NDArray[np.uint8], pts: int | None = None) -> None:
        """Hand the next picture over.

        Args:
            rgb: (height, width, 3) uint8.
            pts: Not used: VideoWriter knows constant rates only.

        Raises:
            SynthesisError: VideoWriter would drop this picture without a word.
        """
        del pts
        width, height = self._size
        if rgb.shape != (height, width, 3) or rgb.dtype != np.uint8:
            raise SynthesisError(
                f"Frame {self._written} is an array of {rgb.shape} {rgb.dtype}, the video takes"
                f" {(height, width, 3)} uint8; OpenCV would leave it out without a word."
            )
        try:
            self._writer.write(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
        except cv2.error as error:
            raise SynthesisError(f"OpenCV cannot write frame {self._written}: {error}") from error
        self._written += 1

    def finish(self) -> None:
        """Write the container's tables and give the file its name.

        Raises:
            SynthesisError: There is nothing, or it cannot be given its name.
        """
        try:
            self._writer.release()
            if not self._part.stat().st_size:
                raise SynthesisError(
                    f"OpenCV wrote nothing into {self._path}.", hint="Check that the disk has room."
                )
            self._part.replace(self._path)
        except OSError as error:
            raise SynthesisError(f"Cannot write the video {self._path}: {error}") from error
        finally:
            self.discard()

    def discard(self) -> None:
        """Remove every trace, except of a file that was finished."""
        with contextlib.suppress(cv2.error):
            self._writer.release()
        with contextlib.suppress(OSError):
            self._part.unlink(missing_ok=True)
