"""Compares saved pictures with the frames of the video, decoded once more."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.errors import FrameScopeError, FrameUnavailableError, VerificationError
from framescope.core.export.encoders.arrays import read_npz
from framescope.core.export.encoders.encode import decode_encoded, encode_frame
from framescope.core.export.encoders.pixels import picture_pixels
from framescope.core.export.encoders.tags import SourceFacts
from framescope.core.export.quality.measure import psnr
from framescope.core.export.settings import ImageFormat, settings_from_table
from framescope.core.model.progress import Progress
from framescope.core.outside import read_small_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.export.encoders.pixels import Pixels
    from framescope.core.export.manifest.lines import FrameLine, ManifestHeader
    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken, ProgressCallback

_WORSE_DB = 1.0
"""How much further from its frame a lossy picture may be than one that is encoded now: other versions of an
encoder round otherwise."""


@dataclass(frozen=True, slots=True)
class PictureCheck:
    """What is to be compared.

    Attributes:
        folder: Where the files are.
        header: How their export began.
        lines: Their frames, ascending.
        workers: Cores to compare on.
    """

    folder: Path
    header: ManifestHeader
    lines: tuple[FrameLine, ...]
    workers: int

    @property
    def settings(self) -> ExportSettings:
        """As what they were saved."""
        return settings_from_table(self.header.settings, folder=self.folder)


def differing_pictures(
    video: Video, check: PictureCheck, progress: ProgressCallback, cancel: CancelToken
) -> Iterator[tuple[FrameLine, str]]:
    """The lines whose files hold another picture than their frame, and how they differ.

    Args:
        video: Gives the frames; used by the calling thread only.
        check: What is to be compared.
        progress: Told after each frame.
        cancel: Asks the comparison to stop.

    Raises:
        Cancelled: ``cancel`` was asked to stop.
        OpenError: The video is gone.
    """
    facts = SourceFacts.of(replace(video.info, source=str(check.header.source["name"])))
    settings, done = check.settings, 0
    pending: deque[tuple[FrameLine, Future[str]]] = deque()
    with ThreadPoolExecutor(check.workers, thread_name_prefix="compare") as pool:
        answers = video.try_frames([line.frame_number for line in check.lines])
        for line, answer in zip(check.lines, answers, strict=True):
            cancel.raise_if_cancelled()
            path = check.folder / line.file
            pending.append((line, pool.submit(_difference, answer, path, line.size_bytes, settings, facts)))
            while pending and (len(pending) > 2 * check.workers or pending[0][1].done()):
                done += 1
                yield from _differing(*pending.popleft())
                progress(Progress(done, len(check.lines), "Comparing with the video"))
        for line, difference in pending:
            cancel.raise_if_cancelled()
            yield from _differing(line, difference)
        progress(Progress(len(check.lines), len(check.lines), "Comparing with the video"))


def picture_difference(frame: Frame, data: bytes, settings: ExportSettings, facts: SourceFacts) -> str:
    """How the picture in a file differs from a frame; empty where it does not.

    A lossless file has to have every pixel. A lossy one has to be what the encoder makes of the frame or,
    where another version made it, as near to the frame as what this one makes, give or take a decibel.

    Args:
        frame: The frame.
        data: The file's bytes.
        settings: As what it was saved.
        facts: What the video's frames have in common.
    """
    try:
        if settings.image_format is ImageFormat.PLANES:
            return _planes_difference(encode_frame(frame, settings, facts), data)
        pixels, found = picture_pixels(frame, settings, facts.pixel_aspect), decode_encoded(data, settings)
        if found.shape != pixels.shape or found.dtype != pixels.dtype:
            return f"It has {_size(found.shape)} pixels; the frame has {_size(pixels.shape)}."
        if settings.is_lossless:
            wrong = int(np.count_nonzero((found != pixels).any(axis=-1)))
            return f"{wrong} of {pixels.shape[0] * pixels.shape[1]} pixels differ." if wrong else ""
        again = encode_frame(frame, settings, facts)
        return "" if again == data else _nearness(pixels, found, decode_encoded(again, settings))
    except FrameScopeError as error:
        return error.message


def _nearness(pixels: Pixels, found: Pixels, again: Pixels) -> str:
    near, best = psnr(pixels, found), psnr(pixels, again)
    if near >= best - _WORSE_DB:
        return ""
    return f"It is {near:.1f} dB near to the frame; saved now, it would be {best:.1f} dB."


def _difference(
    answer: Frame | FrameUnavailableError,
    path: Path,
    most_bytes: int,
    settings: ExportSettings,
    facts: SourceFacts,
) -> str:
    if isinstance(answer, FrameUnavailableError):
        return answer.message
    try:
        data = read_small_file(path, most_bytes)
    except OSError:
        return "It cannot be read."
    return picture_difference(answer, data, settings, facts)


def _differing(line: FrameLine, difference: Future[str]) -> Iterator[tuple[FrameLine, str]]:
    if difference.result():
        yield line, difference.result()


def _planes_difference(again: bytes, data: bytes) -> str:
    """What differs between the planes of a file that is written now and those of the file that is there."""
    try:
        expected, found = _planes(again), _planes(data)
    except VerificationError as error:
        raise VerificationError("The file cannot be read.") from error
    is_same = found.keys() == expected.keys() and all(
        np.array_equal(found[name], plane) for name, plane in expected.items()
    )
    return "" if is_same else "Its planes are not those of the frame."


def _planes(data: bytes) -> dict[str, NDArray[Any]]:
    # What is not a plane, such as the version that wrote it, is a single word or number.
    return {name: array for name, array in read_npz(data).items() if array.ndim}


def _size(shape: tuple[int, ...]) -> str:
    return f"{shape[1]} × {shape[0]}"
