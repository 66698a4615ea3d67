"""Writes pictures with OpenCV's VideoWriter, and detects its silent failures.

``VideoWriter`` neither raises nor reports: a writer that did not open swallows every frame, and so does one
that is given a frame of another size, type or number of channels.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import EncoderRefusedError, SynthesisError
from framescope.core.opencv import cv2
from framescope.core.printable import is_valid_text
from framescope.core.synth.clip_writer import FinishedOrDiscarded
from framescope.core.translation import tr

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from numpy.typing import NDArray


class OpenCVWriter(FinishedOrDiscarded):
    """Hands one picture after another to ``cv2.VideoWriter``. Used by one thread; a context manager."""

    def __init__(self, path: Path, fourcc: str, rate: Fraction, size: tuple[int, int]) -> None:
        """Start the file.

        Args:
            path: Output file; the extension selects the container. See `ClipWriter` on files that must be
                whole.
            fourcc: Chooses the codec.
            rate: Frames per second, constant.
            size: (width, height).

        Raises:
            EncoderRefusedError: OpenCV does not write this.
            SynthesisError: It takes no such path.
        """
        self._path, self._size, self._written = path, size, 0
        code = cv2.VideoWriter.fourcc(*fourcc)
        if not is_valid_text(str(path)):
            raise SynthesisError(
                tr("OpenCV only accepts names in UTF-8, and that of {parent} is not.", parent=path.parent),
                hint=tr("Choose another folder, or write with PyAV."),
            )
        try:
            self._writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, float(rate), size)
        except cv2.error as error:
            raise self._refusal(fourcc) from error
        if not self._writer.isOpened():
            self.discard()
            raise self._refusal(fourcc)

    def _refusal(self, fourcc: str) -> EncoderRefusedError:
        ending = self._path.suffix.removeprefix(".") or tr("no ending")
        return EncoderRefusedError(
            tr(
                "OpenCV's VideoWriter does not open for FourCC {fourcc} in {ending}.",
                fourcc=fourcc,
                ending=ending,
            ),
            hint=tr("Its FFmpeg has no such encoder, or the container does not support the codec. Use PyAV."),
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
                tr(
                    "Frame {written} is an array of {shape} {dtype}, the video takes"
                    " {expected_shape} uint8; OpenCV would drop it silently.",
                    written=self._written,
                    shape=rgb.shape,
                    dtype=rgb.dtype,
                    expected_shape=(height, width, 3),
                )
            )
        try:
            self._writer.write(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
        except cv2.error as error:
            raise SynthesisError(
                tr("OpenCV cannot write frame {written}: {error}", written=self._written, error=error)
            ) from error
        self._written += 1

    def finish(self) -> None:
        """Write the container's tables.

        Raises:
            SynthesisError: OpenCV wrote nothing.
        """
        self._writer.release()
        try:
            size_bytes = self._path.stat().st_size
        except FileNotFoundError:
            size_bytes = 0
        if not size_bytes:
            raise SynthesisError(tr("OpenCV wrote nothing."), hint=tr("Check that the disk has room."))

    def discard(self) -> None:
        """Release the file, finished or not."""
        with contextlib.suppress(cv2.error):
            self._writer.release()
