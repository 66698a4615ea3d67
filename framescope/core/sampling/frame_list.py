"""Parses and formats lists of frames as typed by users: ``3,10:20,40::5``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.sampling.selection import ascending_once, extent_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_ANY_TOTAL = 1 << 62
_DASHED = re.compile(r"([0-9]+)\s*[-–]\s*([0-9]+)")
_FORMS = "Write numbers and ranges like 3,10:20,40::5; the end of a range is not included."


def parse_frame_list(text: str, frame_total: int) -> NDArray[np.int64]:
    """Parse a list of numbers and ranges into frame numbers, ascending, each once.

    Parts are separated by commas. ``start:stop:step`` is as in Python: ``stop`` is exclusive, each of the
    three may be omitted, negative numbers count from the end, and a range may extend past the end. A single
    number must exist, and so must at least one frame of each range.

    Raises:
        SettingsError: A part is invalid, or selects no frame of the video.
    """
    taken = [_read_part(part, frame_total) for part in _parts(text)]
    return ascending_once(np.concatenate(taken))


def frames_listed(text: str, frame_total: int) -> NDArray[np.int64]:
    """Those of the listed frames that the video has, ascending, each once; perhaps none.

    Raises:
        SettingsError: A part is invalid.
    """
    is_listed = np.zeros(frame_total, np.bool_)
    for part in _parts(text):
        if ":" in part:
            is_listed[_read_slice(part)] = True
        elif -frame_total <= (number := _read_single(part)) < frame_total:
            is_listed[number] = True
    return np.flatnonzero(is_listed)


def check_frame_list(text: str) -> None:
    """Refuse a list that is invalid, or that selects no frame of any video.

    Raises:
        SettingsError: It is one.
    """
    for part in _parts(text):
        if ":" not in part:
            _read_single(part)
            continue
        bounds = _read_slice(part)
        start, stop = bounds.start or 0, bounds.stop
        # If the ends count from different sides, the result depends on the frame count.
        if stop == 0 or (stop is not None and (start < 0) == (stop < 0) and stop <= start):
            raise SettingsError(tr("No frames are in the range “{part}”.", part=part), hint=_FORMS)


def frames_needed(text: str) -> int | None:
    """Minimum frame count of a video for a list; None if that depends on the frame count itself."""
    ends = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        bounds = [piece.strip() for piece in part.split(":")]
        last = bounds[min(1, len(bounds) - 1)]
        if any(bound.startswith("-") for bound in bounds) or not _NUMBER.fullmatch(last):
            return None
        ends.append(int(last) + (len(bounds) == 1))
    return max(ends, default=None)


def count_listed(text: str) -> int:
    """The number of frames in a list from `format_frame_list`, without limit.

    Raises:
        SettingsError: A part is invalid.
    """
    return sum(len(_read_range(part, _ANY_TOTAL)) if ":" in part else 1 for part in _parts(text))


def format_frame_list(numbers: NDArray[np.int64]) -> str:
    """A short list of numbers and ranges that `parse_frame_list` parses as ``numbers``.

    Args:
        numbers: Ascending frame numbers, each once.
    """
    total = len(numbers)
    steps = np.diff(numbers)
    # The end of a run of equal steps: the next position whose step differs.
    ends = np.append(np.flatnonzero(steps[1:] != steps[:-1]) + 1, total - 1)
    parts: list[str] = []
    place = 0
    while place < total:
        end = int(ends[np.searchsorted(ends, place + 1)]) if place + 1 < total else place
        first, last, step = int(numbers[place]), int(numbers[end]), int(numbers[min(place + 1, end)])
        step -= first
        # Two adjacent numbers are a range; two distant ones are two numbers.
        if end - place >= (1 if step == 1 else 2):
            parts.append(f"{first}:{last + 1}" + (f":{step}" if step > 1 else ""))
            place = end + 1
        else:
            parts.append(str(first))
            place += 1
    return ",".join(parts)


def _parts(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise SettingsError(tr("No frames are listed."), hint=_FORMS)
    return parts


def _read_part(part: str, frame_total: int) -> NDArray[np.int64]:
    if ":" in part:
        numbers = _read_range(part, frame_total)
        return np.arange(numbers.start, numbers.stop, numbers.step, dtype=np.int64)
    return np.array([frame_at(_read_single(part), frame_total)], np.int64)


def frame_at(number: int, frame_total: int) -> int:
    """The frame for a typed number; negative ones count from the end.

    Raises:
        SettingsError: The video has no such frame.
    """
    place = number + frame_total if number < 0 else number
    if not 0 <= place < frame_total:
        raise SettingsError(tr("There is no frame {number}.", number=number), hint=extent_words(frame_total))
    return place


def _read_single(part: str) -> int:
    dashed = _DASHED.fullmatch(part)
    if dashed:
        first, last = (int(end) for end in dashed.groups())
        raise SettingsError(
            tr("“{part}” is not a range.", part=part),
            hint=tr(
                "Write {first}:{stop} for frames {first} to {last}.",
                first=first,
                stop=last + 1,
                last=last,
            ),
        )
    return _read_number(part, part)


def _read_range(part: str, frame_total: int) -> range:
    numbers = range(*_read_slice(part).indices(frame_total))
    if not numbers:
        raise SettingsError(
            tr("No frames are in the range “{part}”.", part=part), hint=extent_words(frame_total)
        )
    return numbers


def _read_slice(part: str) -> slice:
    pieces = [piece.strip() for piece in part.split(":")]
    if len(pieces) > 3:
        raise SettingsError(tr("“{part}” has too many colons.", part=part), hint=_FORMS)
    bounds = [_read_number(piece, part) if piece else None for piece in (*pieces, "", "")[:3]]
    start, stop, step = bounds
    if step is not None and step < 1:
        raise SettingsError(tr("The step of “{part}” must be 1 or more.", part=part), hint=_FORMS)
    return slice(start, stop, step)


def _read_number(piece: str, part: str) -> int:
    if not _NUMBER.fullmatch(piece):
        raise SettingsError(tr("“{part}” is not a frame number or a range.", part=part), hint=_FORMS)
    return int(piece)
