"""Divides the pictures of a data set into shards: files that hold pictures and their facts, in order.

What is in which shard is decided from the manifests alone, so a shard that is there already is kept if it
holds just that: an interrupted run goes on with the next one. Nothing in a shard depends on when, where or by
whom it was packed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.errors import ExportError
from framescope.core.outside import open_regular
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framescope.core.dataset.layout import ShardBound
    from framescope.core.dataset.records import DataPicture, DataSet


@dataclass(frozen=True, slots=True)
class Shard:
    """What goes into one file.

    Attributes:
        name: The file, below the data set's folder.
        pictures: Its pictures, in order.
    """

    name: str
    pictures: tuple[DataPicture, ...]


@dataclass(frozen=True, slots=True)
class ShardNames:
    """Where the shards of a layout are.

    Attributes:
        folder: Their folder, directly in the data set's.
        ending: How their names end, with the dot.
    """

    folder: str
    ending: str

    def shards(self, data: DataSet, bound: ShardBound) -> Iterator[Shard]:
        """All shards, split by split."""
        for split in data.parts:
            yield from self._of_split(data, split, bound)

    def _of_split(self, data: DataSet, split: str | None, bound: ShardBound) -> Iterator[Shard]:
        pictures: list[DataPicture] = []
        size = number = 0
        for picture in data.pictures(split):
            more = picture.line.size_bytes
            if pictures and (len(pictures) >= bound.pictures or size + more > bound.size_bytes):
                yield Shard(self._name(split, number), tuple(pictures))
                pictures, size, number = [], 0, number + 1
            pictures.append(picture)
            size += more
        if pictures:
            yield Shard(self._name(split, number), tuple(pictures))

    def _name(self, split: str | None, number: int) -> str:
        return f"{self.folder}/{'' if split is None else f'{split}-'}{number:06d}{self.ending}"


def picture_bytes(folder: Path, picture: DataPicture) -> bytes:
    """A picture's file, which must be as it was exported.

    Args:
        folder: The data set's.
        picture: The picture.

    Raises:
        ExportError: It is not.
    """
    try:
        with open_regular(folder / picture.video.folder / picture.line.file) as file:
            content = file.read()
    except OSError as error:
        raise _altered(picture) from error
    if hashlib.sha256(content).hexdigest() != picture.line.sha256:
        raise _altered(picture)
    return content


def _altered(picture: DataPicture) -> ExportError:
    return ExportError(
        tr("{file} was removed or altered after it was exported.", file=picture.file),
        hint=tr("Run the same export again and resume it, which saves it again."),
        settings=("resume",),
    )
