"""WebDataset: the pictures in tar files, each with its facts beside it, in the order of the data set."""

from __future__ import annotations

import hashlib
import tarfile
from typing import TYPE_CHECKING, ClassVar

from framescope.core.dataset.layout import Layout
from framescope.core.dataset.shards import ShardNames, picture_bytes
from framescope.core.outside import open_regular
from framescope.core.printable import json_document
from framescope.core.translation import tr

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from framescope.core.dataset.layout import LayoutWork
    from framescope.core.dataset.records import DataPicture, DataSet
    from framescope.core.dataset.shards import Shard
    from framescope.core.export.settings import ExportSettings

_FOLDER = "webdataset"
_NAMES = ShardNames(_FOLDER, ".tar")
_BLOCK = 512
_PIECE_BYTES = 1 << 20


class WebDataset(Layout):
    """Tar files of pictures, numbered within each split."""

    name: ClassVar[str] = "webdataset"
    title: ClassVar[str] = "WebDataset"
    about: ClassVar[str] = tr("webdataset/000000.tar and so on: pictures and facts, to read in a stream")
    folders: ClassVar[tuple[str, ...]] = (_FOLDER,)
    holds_pictures: ClassVar[bool] = True
    always_has_shards: ClassVar[bool] = True

    def check(self, settings: ExportSettings) -> None:
        """Any format will do."""

    def write(self, data: DataSet, work: LayoutWork) -> None:
        """Pack the shards that are not there yet."""
        numbers = _class_numbers(data)
        for shard in _NAMES.shards(data, work.bound):
            work.report(shard.pictures[-1].id, None, shard.name)
            if _holds(data.folder / shard.name, shard, numbers):
                work.written.append(shard.name)
            else:
                work.write(data, shard.name, _tar(data.folder, shard, numbers))

    def broken(self, data: DataSet, work: LayoutWork) -> Iterator[str]:
        """The shards that do not hold their pictures."""
        numbers = _class_numbers(data)
        for shard in _NAMES.shards(data, work.bound):
            work.report(shard.pictures[-1].id, None, shard.name)
            if not _holds(data.folder / shard.name, shard, numbers):
                yield shard.name


def _class_numbers(data: DataSet) -> dict[str, int]:
    return {name: number for number, name in enumerate(data.categories)}


def _texts(picture: DataPicture, numbers: Mapping[str, int]) -> dict[str, bytes]:
    """What is beside the picture, by extension."""
    texts = {"json": json_document(picture.as_table()).encode()}
    if picture.category:
        texts["cls"] = str(numbers[picture.category]).encode()
    return texts


def _tar(folder: Path, shard: Shard, numbers: Mapping[str, int]) -> Iterator[bytes]:
    length = 0
    for picture in shard.pictures:
        members = {_extension(picture): picture_bytes(folder, picture), **_texts(picture, numbers)}
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


def _holds(path: Path, shard: Shard, numbers: Mapping[str, int]) -> bool:
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
