"""An image sequence as a source of frames: its facts and its index."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import OpenError
from framescope.core.media.index import NO_PTS, EntryTable, FrameIndex, IndexBasis
from framescope.core.media.probe import probe as probe_file
from framescope.core.model.frame import PictureType
from framescope.core.model.progress import check_cancelled
from framescope.core.model.stream_facts import SEQUENCE_CONTAINER, FileState
from framescope.core.sequence.naming import CHECKED_EVERY, ImageSequence, find_sequence
from framescope.core.text import counted, listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.model.stream_facts import VideoInfo

_MOST_GAPS = 5
_MOST_SIZE = np.iinfo(np.int32).max
"""What the index has for larger files."""


@dataclass(frozen=True, eq=False, kw_only=True)
class SequenceIndex(FrameIndex):
    """The frames of an image sequence, and what its files were like when they were listed.

    Attributes:
        sequence: The files. Files added later are not part of it.
        modified_ns: int64 by frame number, when the file was last changed.
    """

    sequence: ImageSequence
    modified_ns: NDArray[np.int64]

    def check_unchanged(self, frame_number: int) -> None:
        """Refuse to show what was put in the place of a picture.

        Raises:
            OpenError: The file is gone, or was changed or replaced after it was listed.
        """
        name = self.sequence.name_of(frame_number)
        size, modified_ns = _picture_state(self.sequence, frame_number)
        is_same_size = min(size, _MOST_SIZE) == int(self.packet_sizes[frame_number])
        if not is_same_size or modified_ns != int(self.modified_ns[frame_number]):
            raise OpenError(
                tr("{name} was changed or replaced after it was opened.", name=name),
                hint=tr("Open it again."),
            )


def probe_sequence(source: str | os.PathLike[str]) -> VideoInfo:
    """The facts of a sequence: those of its first picture, and how many pictures there are.

    Raises:
        OpenError: There is no sequence, there are several, or its first picture cannot be opened.
    """
    sequence = find_sequence(source)
    info = probe_file(sequence.path_of(0))
    count = len(sequence.numbers)
    states = _states(sequence)
    _last_stated[:] = [(sequence, states)]
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
        file_size_bytes=int(states[:, 0].sum()),
        file_state=FileState(0, 0, 0, int(states[:, 1].max())),
    )


def index_sequence(source: str | os.PathLike[str]) -> SequenceIndex:
    """The index of a sequence: frame *n* is the *n*-th file by number, and each stands for itself.

    Raises:
        OpenError: There is no sequence, there are several, or a file is gone.
    """
    sequence = find_sequence(source)
    count = len(sequence.numbers)
    numbers = np.arange(count, dtype=np.int32)
    known = [states for one, states in _last_stated if one == sequence]
    _last_stated.clear()
    states = known[0] if known else _states(sequence)
    pts = numbers.astype(np.int64)
    missing = np.full(count, NO_PTS, np.int64)
    return SequenceIndex(
        basis=IndexBasis.FILES,
        complete=True,
        time_base=1 / sequence.rate,
        pts=pts,
        dts=missing,
        packet_numbers=numbers,
        is_keyframe=np.ones(count, np.bool_),
        picture_type_codes=np.full(count, PictureType.I.value, np.uint8),
        packet_sizes=np.minimum(states[:, 0], _MOST_SIZE).astype(np.int32),
        entries=EntryTable(
            packet_numbers=numbers,
            first_numbers=numbers,
            pts=pts,
            dts=missing,
            positions=np.full(count, -1, np.int64),
        ),
        notes=_notes(sequence),
        sequence=sequence,
        modified_ns=states[:, 1].copy(),
    )


_last_stated: list[tuple[ImageSequence, NDArray[np.int64]]] = []
"""What the last header found, for the index that follows it: with many files, asking again takes as long."""


def _states(sequence: ImageSequence) -> NDArray[np.int64]:
    """The size of each picture's file, and when it was last changed: int64, n×2.

    Raises:
        OpenError: One is gone.
        Cancelled: The work of this thread was cancelled.
    """
    states = np.empty((len(sequence.numbers), 2), np.int64)
    for number in range(len(states)):
        if number % CHECKED_EVERY == 0:
            check_cancelled()
        states[number] = _picture_state(sequence, number)
    return states


def _picture_state(sequence: ImageSequence, frame_number: int) -> tuple[int, int]:
    """The size of a picture's file, and when it was last changed.

    Raises:
        OpenError: It is gone.
    """
    name = sequence.name_of(frame_number)
    try:
        # Not pathlib: it takes longer than the system for each of perhaps many thousand files.
        status = os.stat(os.path.join(sequence.folder, name))  # noqa: PTH116, PTH118
    except OSError as error:
        raise OpenError(
            tr("{path} no longer exists.", path=name), hint=tr("Open the sequence again.")
        ) from error
    return status.st_size, status.st_mtime_ns


def _notes(sequence: ImageSequence) -> tuple[str, ...]:
    first, last = sequence.name_of(0), sequence.name_of(len(sequence.numbers) - 1)
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
