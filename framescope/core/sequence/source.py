"""An image sequence as a source of frames: its facts and its index."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import OpenError
from framescope.core.media.file_state import state_of
from framescope.core.media.index import NO_PTS, EntryTable, FrameIndex, IndexBasis
from framescope.core.media.probe import probe as probe_file
from framescope.core.model.frame import PictureType
from framescope.core.model.stream_facts import SEQUENCE_CONTAINER, FileState
from framescope.core.sequence.naming import find_sequence
from framescope.core.text import counted, listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.sequence.naming import ImageSequence

_MOST_GAPS = 5
MOST_SIZE = np.iinfo(np.int32).max
"""What the index has for larger files."""


def probe_sequence(source: str | os.PathLike[str]) -> VideoInfo:
    """The facts of a sequence: those of its first picture, and how many pictures there are.

    Raises:
        OpenError: There is no sequence, there are several, or its first picture cannot be opened.
    """
    sequence = find_sequence(source)
    info = probe_file(sequence.path_of(0))
    count = len(sequence.numbers)
    states = [picture_state(sequence.path_of(number)) for number in range(count)]
    return replace(
        info,
        source=os.fspath(source),
        container=SEQUENCE_CONTAINER,
        container_meaning=tr(
            "Image sequence {pattern}: {pictures}",
            pattern=sequence.pattern,
            pictures=counted(count, "picture", "pictures"),
        ),
        average_rate=sequence.rate,
        base_rate=sequence.rate,
        time_base=1 / sequence.rate,
        start_pts=0,
        duration_s=float(count / sequence.rate),
        bit_rate=None,
        container_bit_rate=None,
        frame_count_declared=0,
        file_size_bytes=sum(state.size for state in states),
        file_state=FileState(0, 0, 0, max(state.modified_ns for state in states)),
    )


def index_sequence(source: str | os.PathLike[str]) -> FrameIndex:
    """The index of a sequence: frame *n* is the *n*-th file by number, and each stands for itself.

    Raises:
        OpenError: There is no sequence, there are several, or a file is gone.
    """
    sequence = find_sequence(source)
    count = len(sequence.numbers)
    numbers = np.arange(count, dtype=np.int32)
    sizes = [picture_state(sequence.path_of(number)).size for number in range(count)]
    pts = numbers.astype(np.int64)
    missing = np.full(count, NO_PTS, np.int64)
    return FrameIndex(
        basis=IndexBasis.CONTAINER,
        complete=True,
        time_base=1 / sequence.rate,
        pts=pts,
        dts=missing,
        packet_numbers=numbers,
        is_keyframe=np.ones(count, np.bool_),
        picture_type_codes=np.full(count, PictureType.I.value, np.uint8),
        packet_sizes=np.minimum(sizes, MOST_SIZE).astype(np.int32),
        entries=EntryTable(
            packet_numbers=numbers,
            first_numbers=numbers,
            pts=pts,
            dts=missing,
            positions=np.full(count, -1, np.int64),
        ),
        notes=_notes(sequence),
    )


def picture_state(path: Path) -> FileState:
    """The state of a picture's file.

    Raises:
        OpenError: It is gone.
    """
    state = state_of(path)
    if state is None:
        raise OpenError(tr("{path} no longer exists.", path=path.name), hint=tr("Open the sequence again."))
    return state


def _notes(sequence: ImageSequence) -> tuple[str, ...]:
    first, last = sequence.path_of(0).name, sequence.path_of(len(sequence.numbers) - 1).name
    notes = [tr("Frame 0 is {first}, the last frame is {last}.", first=first, last=last)]
    if not sequence.is_rate_given:
        notes.append(
            tr(
                "Pictures have no times: {rate} frames per second are assumed. To give another rate, open"
                " {pattern}#fps=24.",
                rate=sequence.rate,
                pattern=sequence.pattern,
            )
        )
    if sequence.gaps:
        gaps = [str(first) if first == last else f"{first}–{last}" for first, last in sequence.gaps]
        missing = sum(last - first + 1 for first, last in sequence.gaps)
        shown = listed([*gaps[:_MOST_GAPS], "…"] if len(gaps) > _MOST_GAPS else gaps)
        notes.append(
            tr(
                "{numbers} in the names: {gaps}.",
                numbers=counted(missing, "number is missing", "numbers are missing"),
                gaps=shown,
            )
        )
    return tuple(notes)
