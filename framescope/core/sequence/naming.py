"""Which files form an image sequence, named by a folder, by ``shot_%04d.png`` or by its first file."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from framescope.core.errors import MissingFileError, OpenError
from framescope.core.folders import is_folder, is_regular_file
from framescope.core.media.container import is_url, local_path
from framescope.core.model.progress import check_cancelled
from framescope.core.text import counted, listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT_RATE = Fraction(25)
"""Frames per second of a sequence whose name gives none, as FFmpeg assumes."""

IMAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".exr", ".dpx", ".ppm", ".pgm", ".pbm"}
    | {".pnm", ".tga", ".jp2", ".j2k", ".jxl", ".hdr", ".sgi", ".cin"}
)

CHECKED_EVERY = 1000
"""How many files are looked at between two checks for cancellation."""
_SETTLED_NS = 5_000_000_000
_RATE = re.compile(r"^(?P<path>.*)#fps=(?P<rate>\d{1,6}(?:\.\d{1,6}|/\d{1,6})?)$", re.DOTALL)
_NUMBERED = re.compile(r"(?P<before>.*?)(?P<digits>[0-9]{1,18})(?P<after>[^0-9]*)", re.DOTALL)
_PLACEHOLDER = re.compile(r"%(?:0(?P<width>[1-9]\d?))?d|(?P<hashes>#+)")


@dataclass(frozen=True, slots=True)
class NamePattern:
    """The names of the files of a sequence.

    Attributes:
        before: The text before the number.
        width: Digits at least, filled with zeros; 1 if numbers are not filled.
        after: The text after the number, with the extension.
    """

    before: str
    width: int
    after: str

    def __str__(self) -> str:
        """As FFmpeg writes it: ``shot_%04d.png``."""
        number = f"%0{self.width}d" if self.width > 1 else "%d"
        return f"{self.before}{number}{self.after}"

    def number_of(self, name: str) -> int | None:
        """The number in a file's name; None if the name does not follow the pattern."""
        digits = name[len(self.before) : len(name) - len(self.after)]
        # isdigit() alone also accepts digits of other scripts, and superscripts.
        if not (name.startswith(self.before) and name.endswith(self.after) and _is_number(digits)):
            return None
        return int(digits) if f"{int(digits):0{self.width}d}" == digits else None


@dataclass(frozen=True, slots=True)
class ImageSequence:
    """The files of a sequence, in the order of their numbers.

    Attributes:
        folder: Where they are.
        pattern: What their names have in common.
        numbers: Ascending numbers in the names; frame *n* is the *n*-th of them.
        rate: Frames per second, given or assumed.
        is_rate_given: Whether the name that was opened says so.
    """

    folder: Path
    pattern: NamePattern
    numbers: tuple[int, ...]
    rate: Fraction
    is_rate_given: bool

    def name_of(self, frame_number: int) -> str:
        """The name of a frame's file."""
        number = f"{self.numbers[frame_number]:0{self.pattern.width}d}"
        return f"{self.pattern.before}{number}{self.pattern.after}"

    def path_of(self, frame_number: int) -> Path:
        """The file of a frame."""
        return self.folder / self.name_of(frame_number)

    @property
    def gaps(self) -> list[tuple[int, int]]:
        """The first and the last of the numbers missing in each gap."""
        pairs = zip(self.numbers, self.numbers[1:], strict=False)
        return [(one + 1, other - 1) for one, other in pairs if other - one > 1]


def is_sequence(source: str | os.PathLike[str]) -> bool:
    """Whether this names an image sequence. Raises nothing. Threads: any.

    A folder does if numbered pictures are in it, and a picture does if it is the first of several.
    """
    place = _place_of(source)
    if place is None:
        return False
    path, _ = place
    try:
        if is_folder(path):
            return bool(_groups_in(path))
        if is_regular_file(path):
            return _sequence_begun_by(path) is not None
        return _pattern_of(path.name) is not None and is_folder(path.parent)
    except (OSError, ValueError):
        return False


def find_sequence(source: str | os.PathLike[str]) -> ImageSequence:
    """The sequence that a name means.

    Raises:
        MissingFileError: No file has such a name, or the folder cannot be read.
        OpenError: The folder holds several sequences.
    """
    place = _place_of(source)
    if place is None:
        raise _none_in(Path(os.fspath(source)).name)
    path, rate = place
    try:
        if is_folder(path):
            folder, (pattern, numbers) = path, _only_group(path)
        else:
            folder = path.parent
            pattern, numbers = _named_group(path)
    except OSError as error:
        raise MissingFileError(
            tr("{path} cannot be read: {strerror}.", path=path.name, strerror=error.strerror or error)
        ) from error
    return ImageSequence(folder, pattern, numbers, rate or DEFAULT_RATE, rate is not None)


class _Listing(NamedTuple):
    """The sequences of a folder, as of when its entries were last changed."""

    folder: Path
    changed_ns: int
    groups: dict[NamePattern, tuple[int, ...]]


_last_listed: _Listing | None = None


def _place_of(source: str | os.PathLike[str]) -> tuple[Path, Fraction | None] | None:
    """The path without the rate behind it; None for what cannot be a sequence."""
    text = os.fspath(source)
    if is_url(text) or "\0" in text:
        return None
    match = _RATE.match(text)
    rate = None
    if match is not None and not os.path.lexists(text):
        text = match["path"]
        try:
            rate = Fraction(match["rate"])
        except ZeroDivisionError:
            return None
        if not rate:
            return None
    path = local_path(text)
    return None if path is None else (path, rate)


def _groups_in(folder: Path) -> dict[NamePattern, tuple[int, ...]]:
    """The sequences in a folder, remembered: opening one asks several times, and listing it may take seconds.

    Raises:
        OSError: The folder cannot be read.
        Cancelled: The work of this thread was cancelled.
    """
    global _last_listed  # noqa: PLW0603 - replaced as a whole, so any thread may
    changed_ns = folder.stat().st_mtime_ns
    known = _last_listed
    if known is not None and (known.folder, known.changed_ns) == (folder, changed_ns):
        return known.groups
    groups = _groups(_pictures_in(folder))
    # A change in the same tick of the file system's clock would go unnoticed.
    if time.time_ns() - changed_ns > _SETTLED_NS and folder.stat().st_mtime_ns == changed_ns:
        _last_listed = _Listing(folder, changed_ns, groups)
    return groups


def _pictures_in(folder: Path) -> list[str]:
    names = []
    with os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number % CHECKED_EVERY == 0:
                check_cancelled()
            if _is_picture(entry.name) and _is_file(entry):
                names.append(entry.name)
    return names


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        # A link that leads back to itself, for one: the other files can still be read.
        return False


def _is_picture(name: str) -> bool:
    return not name.startswith(".") and os.path.splitext(name)[1].lower() in IMAGE_SUFFIXES  # noqa: PTH122


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _groups(names: Iterable[str]) -> dict[NamePattern, tuple[int, ...]]:
    """The sequences among the names of files: at least two files whose names differ in the last number."""
    digits: dict[tuple[str, str], list[str]] = {}
    for name in names:
        stem, suffix = os.path.splitext(name)  # noqa: PTH122
        match = _NUMBERED.fullmatch(stem)
        if match is not None:
            digits.setdefault((match["before"], match["after"] + suffix), []).append(match["digits"])
    found = {}
    for (before, after), texts in digits.items():
        left = texts
        while left:
            # Zeros in front tell the width; without any, the numbers are not filled.
            width = min((len(text) for text in left if text.startswith("0")), default=1)
            numbers = sorted(int(text) for text in left if f"{int(text):0{width}d}" == text)
            if len(numbers) > 1:
                found[NamePattern(before, width, after)] = tuple(numbers)
            # Names of another width form a sequence of their own.
            left = [text for text in left if f"{int(text):0{width}d}" != text]
    return found


def _only_group(folder: Path) -> tuple[NamePattern, tuple[int, ...]]:
    groups = _groups_in(folder)
    if not groups:
        raise _none_in(folder.name)
    if len(groups) > 1:
        by_length = sorted(groups, key=lambda one: (-len(groups[one]), str(one)))
        raise OpenError(
            tr(
                "{folder} holds {sequences}: {patterns}.",
                folder=folder.name,
                sequences=counted(len(groups), "image sequence", "image sequences"),
                patterns=listed([str(one) for one in by_length]),
            ),
            hint=tr("Open one of them by its first file, or by its pattern."),
        )
    return next(iter(groups.items()))


def _named_group(path: Path) -> tuple[NamePattern, tuple[int, ...]]:
    begun = _sequence_begun_by(path) if is_regular_file(path) else None
    if begun is not None:
        return begun
    pattern = _pattern_of(path.name)
    if pattern is None:
        raise _none_in(path.name)
    with os.scandir(path.parent) as entries:
        names = [entry.name for entry in entries if _is_file(entry)]
    numbers = sorted(number for name in names if (number := pattern.number_of(name)) is not None)
    if not numbers:
        raise MissingFileError(
            tr("No file is named {pattern}.", pattern=path.name),
            hint=tr("%04d stands for a number of four digits, %d for a number of any length."),
        )
    return pattern, tuple(numbers)


def _sequence_begun_by(path: Path) -> tuple[NamePattern, tuple[int, ...]] | None:
    """The sequence whose first file this is; None if there is none."""
    if not _is_picture(path.name):
        return None
    for pattern, numbers in _groups_in(path.parent).items():
        if pattern.number_of(path.name) == numbers[0]:
            return pattern, numbers
    return None


def _pattern_of(name: str) -> NamePattern | None:
    """The pattern that a name writes with ``%d``, ``%04d`` or ``####``."""
    places = list(_PLACEHOLDER.finditer(name))
    if len(places) != 1 or not _is_picture(name):
        return None
    place = places[0]
    width = len(place["hashes"]) if place["hashes"] else int(place["width"] or 1)
    return NamePattern(name[: place.start()], width, name[place.end() :])


def _none_in(name: str) -> MissingFileError:
    return MissingFileError(
        tr("There is no image sequence in {name}.", name=name),
        hint=tr("Its files are named alike but for a number, such as shot_0001.png and shot_0002.png."),
    )
