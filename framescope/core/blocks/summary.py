"""A frame's blocks as numbers: kinds of prediction, lengths of vectors, the quantisers' spread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import FrameUnavailableError
from framescope.core.media.decoding.block_export import VECTOR_CODECS
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.tables.table import Table
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.blocks import Blocks
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.tables.table import Cell

NOTHING_EXPORTED = tr("FFmpeg's decoder exports nothing for this frame, the last of the stream.")
MACROBLOCK = 16
"""Columns and rows of a macroblock, the unit in which all codecs with exported vectors choose."""


class BlockKind(IntEnum):
    """What a macroblock is predicted from."""

    INTRA = 0
    FROM_PAST = 1
    FROM_FUTURE = 2
    FROM_BOTH = 3


@dataclass(frozen=True, slots=True)
class BlockSummary:
    """One frame's blocks in numbers.

    Attributes:
        frame_number: The frame.
        kinds: Macroblocks of each kind; empty where vectors are not exported.
        vectors: The number of motion vectors.
        median_length: Their median length in pixels; None without vectors.
        longest: The longest in pixels; None without vectors.
        mean_quantiser: The mean by area; None where none are exported.
        lowest_quantiser: The lowest; likewise.
        highest_quantiser: The highest; likewise.
    """

    frame_number: int
    kinds: dict[BlockKind, int]
    vectors: int
    median_length: float | None
    longest: float | None
    mean_quantiser: float | None
    lowest_quantiser: int | None
    highest_quantiser: int | None


def block_kinds(blocks: Blocks, width: int, height: int) -> NDArray[np.uint8]:
    """What each macroblock is predicted from, by the motion vectors.

    Args:
        blocks: The frame's blocks, from a codec whose vectors are exported.
        width: Columns of the decoded picture.
        height: Its rows.

    Returns:
        (rows, columns) uint8 of `BlockKind`, a value for each macroblock of 16 × 16 pixels.
    """
    kinds = np.zeros((-(-height // MACROBLOCK), -(-width // MACROBLOCK)), np.uint8)
    vectors = blocks.vectors
    rows = (vectors["y"].astype(np.int32) + vectors["height"] // 2) // MACROBLOCK
    columns = (vectors["x"].astype(np.int32) + vectors["width"] // 2) // MACROBLOCK
    is_inside = (rows >= 0) & (rows < kinds.shape[0]) & (columns >= 0) & (columns < kinds.shape[1])
    for kind, direction in ((BlockKind.FROM_PAST, -1), (BlockKind.FROM_FUTURE, 1)):
        chosen = is_inside & (vectors["direction"] == direction)
        kinds[rows[chosen], columns[chosen]] |= np.uint8(kind)
    return kinds


def vector_lengths(blocks: Blocks) -> NDArray[np.float32]:
    """The length of each motion vector, in pixels."""
    lengths: NDArray[np.float32] = np.hypot(blocks.vectors["dx"], blocks.vectors["dy"])
    return lengths


def summarise(blocks: Blocks, *, frame_number: int, size: tuple[int, int], has_vectors: bool) -> BlockSummary:
    """The blocks of a frame in numbers.

    Args:
        blocks: The frame's blocks.
        frame_number: Its number.
        size: Columns and rows of its decoded picture.
        has_vectors: Whether FFmpeg exports the codec's vectors, so that a block without any is intra.
    """
    quantisers = blocks.quantisers["value"]
    lengths = vector_lengths(blocks)
    kinds = {}
    if has_vectors and blocks.is_exported:
        values, counts = np.unique(block_kinds(blocks, *size), return_counts=True)
        kinds = {BlockKind(int(value)): int(count) for value, count in zip(values, counts, strict=True)}
    return BlockSummary(
        frame_number=frame_number,
        kinds=kinds,
        vectors=len(lengths),
        median_length=float(np.median(lengths)) if len(lengths) else None,
        longest=float(lengths.max()) if len(lengths) else None,
        mean_quantiser=blocks.mean_quantiser,
        lowest_quantiser=int(quantisers.min()) if len(quantisers) else None,
        highest_quantiser=int(quantisers.max()) if len(quantisers) else None,
    )


def summary_of(frame: Frame, codec: str) -> BlockSummary:
    """The blocks of a frame of this codec in numbers.

    Raises:
        SettingsError: The video was opened without its blocks.
    """
    picture = frame.picture
    return summarise(
        frame.known_blocks,
        frame_number=frame.frame_number,
        size=(picture.width, picture.height),
        has_vectors=codec in VECTOR_CODECS,
    )


def summaries(
    video: Video, *, progress: ProgressCallback = ignore_progress, cancel: CancelToken | None = None
) -> Iterator[BlockSummary]:
    """The blocks of every frame in numbers, in one sequential decode.

    Args:
        video: Opened with its blocks.
        progress: Receives the progress.
        cancel: Asks the work to stop.

    Yields:
        One per frame that can be decoded, by ascending number.

    Raises:
        Cancelled: The work was cancelled.
    """
    for number, answer in enumerate(video.try_frames(range(len(video)))):
        if cancel is not None:
            cancel.raise_if_cancelled()
        if not isinstance(answer, FrameUnavailableError):
            yield summary_of(answer, video.info.codec)
        progress(Progress(number + 1, len(video), tr("Reading blocks")))


def mean_quantisers(
    video: Video, *, progress: ProgressCallback = ignore_progress, cancel: CancelToken | None = None
) -> Iterator[tuple[int, tuple[float, ...]]]:
    """The mean quantiser of every frame, in one sequential decode, each as it is read.

    Args:
        video: Opened with its blocks.
        progress: Receives the progress.
        cancel: Asks the work to stop.

    Yields:
        Each frame whose quantisers are exported: its number, and the mean alone.

    Raises:
        Cancelled: The work was cancelled.
    """
    cancel = cancel or CancelToken()
    for number, answer in enumerate(video.try_frames(range(len(video)))):
        cancel.raise_if_cancelled()
        mean = None if isinstance(answer, FrameUnavailableError) else answer.known_blocks.mean_quantiser
        if mean is not None:
            yield number, (mean,)
        progress(Progress(number + 1, len(video), tr("Reading blocks")))


def summary_rows(rows: Sequence[BlockSummary], index: FrameIndex) -> Table:
    """A row per frame: macroblocks by kind, vectors and their lengths, and the quantisers."""

    def cells() -> Iterator[tuple[Cell, ...]]:
        for row in rows:
            yield (
                row.frame_number,
                index.time_of(row.frame_number),
                str(index.picture_types[row.frame_number]),
                *(row.kinds.get(kind, 0) if row.kinds else None for kind in BlockKind),
                row.vectors,
                row.median_length,
                row.longest,
                row.mean_quantiser,
                row.lowest_quantiser,
                row.highest_quantiser,
            )

    columns = (
        "frame_number",
        "time_s",
        "picture_type",
        *(f"{kind.name.lower()}_macroblocks" for kind in BlockKind),
        "vectors",
        "median_vector_px",
        "longest_vector_px",
        "mean_quantiser",
        "lowest_quantiser",
        "highest_quantiser",
    )
    return Table("frames", columns, len(rows), cells)
