"""Parquet: a row for each picture, which pandas, `datasets` and DuckDB read."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar

from framescope.core.dataset.layout import Layout, library_missing
from framescope.core.dataset.shards import ShardNames, picture_bytes
from framescope.core.files import part_file
from framescope.core.printable import json_document, valid_text
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framescope.core.dataset.layout import LayoutWork
    from framescope.core.dataset.records import DataPicture, DataSet
    from framescope.core.dataset.shards import Shard
    from framescope.core.export.settings import ExportSettings

_FILE = "metadata.parquet"
"""The name by which `datasets` finds what belongs to the pictures of a folder."""
_FOLDER = "parquet"
_NAMES = ShardNames(_FOLDER, ".parquet")
_IMAGE = "image"
"""The column with the pictures, in the form in which `datasets` has them."""
_GROUP_BYTES = 64 << 20
"""How large the pictures of a group of rows get."""
_ROWS = 50_000
"""Rows of a group, which is what is in memory at once."""
_TYPES = {
    "id": "int64",
    "file_name": "string",
    "width": "int32",
    "height": "int32",
    "video_id": "int64",
    "video": "string",
    "split": "string",
    "class": "string",
    "frame_number": "int64",
    "pts": "int64",
    "time_s": "float64",
    "clip": "int64",
    "place": "int32",
    "picture_type": "string",
    "keyframe": "bool",
    "damaged": "bool",
    "note": "string",
    "sha256": "string",
    "size_bytes": "int64",
}
"""The columns, by the names of `DataPicture.as_table`."""


class Parquet(Layout):
    """One table for the whole data set."""

    name: ClassVar[str] = "parquet"
    title: ClassVar[str] = "Parquet"
    about: ClassVar[str] = tr("metadata.parquet, a row for each picture, for datasets, pandas and FiftyOne")
    folders: ClassVar[tuple[str, ...]] = (_FILE, _FOLDER)
    holds_pictures: ClassVar[bool] = True

    def check(self, settings: ExportSettings) -> None:
        """Any format will do; pyarrow must be installed."""
        del settings
        if find_spec("pyarrow") is None:
            raise library_missing(_FILE, "pyarrow", "parquet")

    def write(self, data: DataSet, work: LayoutWork) -> None:
        """Write the table, one group of rows after the other; with the pictures in it, a table a shard."""
        if not work.is_packed:
            _write(data, work, _FILE, _groups(data, work))
            return
        for shard in _NAMES.shards(data, work.bound):
            work.report(shard.pictures[-1].id, None, shard.name)
            if _holds(data.folder / shard.name, shard):
                work.written.append(shard.name)
            else:
                _write(data, work, shard.name, _packed_groups(data.folder, shard, work), packs=True)

    def broken(self, data: DataSet, work: LayoutWork) -> Iterator[str]:
        """The shards that do not hold their pictures."""
        for shard in _NAMES.shards(data, work.bound):
            work.report(shard.pictures[-1].id, None, shard.name)
            if not _holds(data.folder / shard.name, shard):
                yield shard.name


def _write(
    data: DataSet, work: LayoutWork, name: str, groups: Iterator[list[dict[str, Any]]], *, packs: bool = False
) -> None:
    # Large, and only needed here.
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    columns = [(name, pa.type_for_alias(kind)) for name, kind in _TYPES.items()]
    metadata = None
    if packs:
        columns.append((_IMAGE, pa.struct([("bytes", pa.binary()), ("path", pa.string())])))
        metadata = {"huggingface": json_document({"info": {"features": _features()}})}
    schema = pa.schema(columns, metadata=metadata)
    with (
        part_file(data.folder / name, replaces=True) as part,
        parquet.ParquetWriter(part, schema, compression="zstd") as writer,
    ):
        for rows in groups:
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
    work.written.append(name)


def _features() -> dict[str, dict[str, str]]:
    """What `datasets` takes the columns for."""
    columns = {name: {"dtype": kind, "_type": "Value"} for name, kind in _TYPES.items()}
    return {**columns, _IMAGE: {"_type": "Image"}}


def _row(picture: DataPicture) -> dict[str, Any]:
    table = picture.as_table()
    return {name: valid_text(one) if isinstance(one := table.get(name), str) else one for name in _TYPES}


def _groups(data: DataSet, work: LayoutWork) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    for picture in data.pictures():
        work.cancel.raise_if_cancelled()
        rows.append(_row(picture))
        if len(rows) == _ROWS:
            yield rows
            rows = []
    yield rows


def _packed_groups(folder: Path, shard: Shard, work: LayoutWork) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    size = 0
    for picture in shard.pictures:
        work.cancel.raise_if_cancelled()
        content = picture_bytes(folder, picture)
        rows.append({**_row(picture), _IMAGE: {"bytes": content, "path": valid_text(picture.line.file)}})
        size += len(content)
        if size >= _GROUP_BYTES:
            yield rows
            rows, size = [], 0
    yield rows


def _holds(path: Path, shard: Shard) -> bool:
    """Whether a file has just the rows and pictures of the shard."""
    from pyarrow import ArrowException, parquet  # noqa: PLC0415

    left = iter(shard.pictures)
    try:
        with parquet.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                for row in file.read_row_group(group).to_pylist():
                    picture, image = next(left, None), row.pop(_IMAGE)
                    if picture is None or row != _row(picture):
                        return False
                    if hashlib.sha256(image["bytes"]).hexdigest() != picture.line.sha256:
                        return False
    except (OSError, ArrowException, KeyError, TypeError):
        return False
    return next(left, None) is None
