"""WebDataset: the pictures in tar files, each with its facts beside it, in the order of the data set.

What is in which shard is decided from the manifests alone, so a shard that is there already is kept if it
holds just that: an interrupted run goes on with the next one. Nothing in a shard depends on when, where or by
whom it was packed.
"""

from __future__ import annotations

import hashlib
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from framescope.core.dataset.layout import Layout
from framescope.core.errors import ExportError
from framescope.core.outside import open_regular
from framescope.core.printable import json_document
from framescope.core.translation import tr

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from framescope.core.dataset.layout import LayoutWork, ShardBound
    from framescope.core.dataset.records import DataPicture, DataSet
    from framescope.core.export.settings import ExportSettings

_FOLDER = "webdataset"
_BLOCK = 512
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Shard:
    """What goes into one tar file."""

    name: str
    pictures: tuple[DataPicture, ...]


class WebDataset(Layout):
    """Tar files of pictures, numbered within each split."""

    name: ClassVar[str] = "webdataset"
    title: ClassVar[str] = "WebDataset"
    about: ClassVar[str] = tr("webdataset/000000.tar and so on: pictures and facts, to read in a stream")
    folders: ClassVar[tuple[str, ...]] = (_FOLDER,)
    has_shards: ClassVar[bool] = True

    def check(self, settings: ExportSettings) -> None:
        """Any format will do."""

    def write(self, data: DataSet, work: LayoutWork) -> None:
        """Pack the shards that are not there yet."""
        numbers = {name: number for number, name in enumerate(data.categories)}
        for split in data.parts:
            for shard in _shards(data, split, work.bound):
                work.report(shard.pictures[-1].id, None, shard.name)
                if _holds(data.folder / shard.name, shard, numbers):
                    work.written.append(shard.name)
                else:
                    work.write(data, shard.name, _tar(data.folder, shard, numbers))


def _shards(data: DataSet, split: str | None, bound: ShardBound) -> Iterator[_Shard]:
    pictures: list[DataPicture] = []
    size = number = 0
    for picture in data.pictures(split):
        more = picture.line.size_bytes
        if pictures and (len(pictures) >= bound.pictures or size + more > bound.size_bytes):
            yield _Shard(_name(split, number), tuple(pictures))
            pictures, size, number = [], 0, number + 1
        pictures.append(picture)
        size += more
    if pictures:
        yield _Shard(_name(split, number), tuple(pictures))


def _name(split: str | None, number: int) -> str:
    return f"{_FOLDER}/{'' if split is None else f'{split}-'}{number:06d}.tar"


def _texts(picture: DataPicture, numbers: Mapping[str, int]) -> dict[str, bytes]:
    """What is beside the picture, by extension."""
    texts = {"json": json_document(picture.as_table()).encode()}
    if picture.category:
        texts["cls"] = str(numbers[picture.category]).encode()
    return texts


def _tar(folder: Path, shard: _Shard, numbers: Mapping[str, int]) -> Iterator[bytes]:
    length = 0
    for picture in shard.pictures:
        members = {_extension(picture): _picture_bytes(folder, picture), **_texts(picture, numbers)}
        for extension, content in members.items():
            piece = _head(f"{picture.key}.{extension}", len(content)) + content + _padding(len(content))
            length += len(piece)
            yield piece
    yield _end(length)


def _extension(picture: DataPicture) -> str:
    return picture.file.rpartition(".")[2]


def _head(name: str, size: int) -> bytes:
    found = tarfile.TarInfo(name)
    found.size = size
    return found.tobuf(tarfile.USTAR_FORMAT if size < 8**11 else tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return b"\0" * (-size % _BLOCK)


def _end(length: int) -> bytes:
    """Two empty blocks, filled up to a whole record, end a tar file of this length."""
    return b"\0" * (_BLOCK * 2 + -(length + _BLOCK * 2) % tarfile.RECORDSIZE)


def _picture_bytes(folder: Path, picture: DataPicture) -> bytes:
    path = folder / picture.video.folder / picture.line.file
    try:
        with open_regular(path) as file:
            content = file.read()
    except OSError as error:
        raise _altered(picture) from error
    if hashlib.sha256(content).hexdigest() != picture.line.sha256:
        raise _altered(picture)
    return content


def _altered(picture: DataPicture) -> ExportError:
    return ExportError(
        tr("{file} was removed or altered after it was exported.", file=picture.file),
        hint=tr("Run the same export again with --resume, which saves it again."),
    )


def _holds(path: Path, shard: _Shard, numbers: Mapping[str, int]) -> bool:
    """Whether a file is the shard, byte for byte."""
    try:
        with open_regular(path) as file:
            for picture in shard.pictures:
                size = picture.line.size_bytes
                head = _head(f"{picture.key}.{_extension(picture)}", size)
                if file.read(_BLOCK) != head or _digest(file, size) != picture.line.sha256:
                    return False
                rest = _padding(size)
                for extension, content in _texts(picture, numbers).items():
                    rest += _head(f"{picture.key}.{extension}", len(content)) + content
                    rest += _padding(len(content))
                if file.read(len(rest)) != rest:
                    return False
            end = _end(file.tell())
            return file.read(len(end) + 1) == end
    except OSError:
        return False


def _digest(file: io.BufferedReader, size: int) -> str:
    digest = hashlib.sha256()
    while size and (piece := file.read(min(size, _PIECE_BYTES))):
        digest.update(piece)
        size -= len(piece)
    return digest.hexdigest()
