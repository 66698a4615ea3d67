"""What every layout of a data set has in common: a name, what it needs, and how it writes its files."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from framescope.core.errors import SettingsError
from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.files import part_file
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from framescope.core.dataset.records import DataSet
    from framescope.core.export.settings import ExportSettings
    from framescope.core.model.progress import ProgressCallback

_COMMON = frozenset({ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.WEBP, ImageFormat.TIFF, ImageFormat.AVIF})
"""Formats that the programs that read data sets read as pictures."""

_BOUND = re.compile(r"([1-9]\d{0,11})\s*(|KB|MB|GB)", re.ASCII | re.IGNORECASE)
_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9}


@dataclass(frozen=True, slots=True)
class ShardBound:
    """When a shard is full: whichever comes first.

    Attributes:
        pictures: The most pictures.
        size_bytes: The most bytes; a larger picture gets a shard of its own.
    """

    pictures: int = 10_000
    size_bytes: int = 1 << 30

    @classmethod
    def parse(cls, text: str) -> ShardBound:
        """``1000`` pictures, or a size such as ``500MB``.

        Raises:
            SettingsError: It is neither.
        """
        match = _BOUND.fullmatch(text.strip())
        if match is None:
            raise SettingsError(
                tr("“{text}” is not a valid shard size.", text=text),
                hint=tr("Write a number of pictures, such as 1000, or a size, such as 500MB."),
            )
        number, unit = int(match[1]), match[2].upper()
        return cls(size_bytes=number * _UNITS[unit]) if unit else cls(pictures=number)

    def as_table(self) -> dict[str, int]:
        """Plain values."""
        return {"pictures": self.pictures, "size_bytes": self.size_bytes}


@dataclass
class LayoutWork:
    """One run of a layout: what it writes goes through this.

    Attributes:
        bound: When shards are full.
        progress: Receives how far it is.
        cancel: Cancels the work.
        written: The files it has, below the data set's folder, with ``/``.
        is_packed: Whether the pictures will be nowhere but in what holds them.
    """

    bound: ShardBound = field(default_factory=ShardBound)
    progress: ProgressCallback = ignore_progress
    cancel: CancelToken = field(default_factory=CancelToken)
    written: list[str] = field(default_factory=list)
    is_packed: bool = False

    def write(self, data: DataSet, name: str, pieces: Iterable[str | bytes]) -> None:
        """Write one file of the data set, whole or not at all; one of this name is replaced.

        Args:
            data: The data set.
            name: The file, below the data set's folder.
            pieces: Its content, piece by piece; text becomes UTF-8.

        Raises:
            DestinationError: It cannot be written.
            Cancelled: The work was cancelled.
        """
        with part_file(data.folder / name, replaces=True) as part, part.open("wb") as file:
            for piece in pieces:
                self.cancel.raise_if_cancelled()
                file.write(piece.encode() if isinstance(piece, str) else piece)
        self.written.append(name)

    def report(self, done: int, total: int | None, text: str) -> None:
        """Report progress, and stop if requested.

        Raises:
            Cancelled: It is.
        """
        self.cancel.raise_if_cancelled()
        self.progress(Progress(done, total, text))


class Layout(ABC):
    """A form in which other programs read a data set.

    A layout only adds files beside the pictures, or packs them, when all of them are exported. The same
    pictures give the same bytes.

    Attributes:
        name: What the command line calls it.
        title: What the window calls it.
        about: What reads it, in a few words.
        folders: The files and folders, directly in the data set's, that are its own.
        holds_pictures: Whether its files can hold the pictures themselves, in shards.
        always_has_shards: Whether they do so in any case.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    folders: ClassVar[tuple[str, ...]]
    holds_pictures: ClassVar[bool] = False
    always_has_shards: ClassVar[bool] = False

    def check(self, settings: ExportSettings) -> None:
        """Refuse what cannot work, before anything is exported.

        Raises:
            SettingsError: The pictures' format does not suit, or a library is missing.
        """
        if settings.image_format not in _COMMON:
            raise SettingsError(
                tr(
                    "The layout {name} needs pictures, not {label}.",
                    name=self.name,
                    label=settings.image_format.label,
                ),
                hint=tr("Choose JPEG or PNG."),
            )

    def own_names(self, splits: Sequence[str]) -> tuple[str, ...]:
        """What is its own directly in the data set's folder, if the data set has these splits."""
        del splits
        return self.folders

    @abstractmethod
    def write(self, data: DataSet, work: LayoutWork) -> None:
        """Write its files.

        Raises:
            ExportError: They cannot be written, or a picture was altered.
            Cancelled: The work was cancelled.
        """

    def broken(self, data: DataSet, work: LayoutWork) -> Iterator[str]:
        """The shards that are missing, or do not hold their pictures as they were exported.

        Args:
            data: The data set; its pictures need not be there.
            work: As for `write`; nothing is written.

        Raises:
            Cancelled: The work was cancelled.
        """
        del data, work
        return iter(())


def split_name(stem: str, split: str | None, ending: str) -> str:
    """``stem-train.ending``, or ``stem.ending`` where there are no splits."""
    return f"{stem}{'' if split is None else f'-{split}'}{ending}"


def library_missing(path: Path | str, package: str, extra: str) -> SettingsError:
    """The error where the library that writes something is not installed.

    Args:
        path: What it would write.
        package: The library.
        extra: The extra of FrameScope that installs it.
    """
    return SettingsError(
        tr("{path} needs the library {package}, which is not installed.", path=path, package=package),
        hint=tr("Install it with: pip install framescope[{extra}]", extra=extra),
    )
