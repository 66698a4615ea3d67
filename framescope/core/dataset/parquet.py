"""Parquet: a row for each picture, which pandas, `datasets` and DuckDB read."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar

from framescope.core.dataset.layout import Layout, library_missing
from framescope.core.files import part_file
from framescope.core.printable import valid_text
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.dataset.layout import LayoutWork
    from framescope.core.dataset.records import DataSet
    from framescope.core.export.settings import ExportSettings

_FILE = "metadata.parquet"
"""The name by which `datasets` finds what belongs to the pictures of a folder."""
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
    folders: ClassVar[tuple[str, ...]] = (_FILE,)

    def check(self, settings: ExportSettings) -> None:
        """Any format will do; pyarrow must be installed."""
        del settings
        if find_spec("pyarrow") is None:
            raise library_missing(_FILE, "pyarrow", "parquet")

    def write(self, data: DataSet, work: LayoutWork) -> None:
        """Write the table, one group of rows after the other."""
        # Large, and only needed here.
        import pyarrow as pa  # noqa: PLC0415
        from pyarrow import parquet  # noqa: PLC0415

        schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in _TYPES.items()])
        with (
            part_file(data.folder / _FILE, replaces=True) as part,
            parquet.ParquetWriter(part, schema, compression="zstd") as writer,
        ):
            for rows in _groups(data, work):
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
        work.written.append(_FILE)


def _groups(data: DataSet, work: LayoutWork) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    for picture in data.pictures():
        work.cancel.raise_if_cancelled()
        table = picture.as_table()
        rows.append(
            {name: valid_text(one) if isinstance(one := table.get(name), str) else one for name in _TYPES}
        )
        if len(rows) == _ROWS:
            yield rows
            rows = []
    yield rows
