"""Data sets whose pictures are only in shards: nothing is removed before it can be read back from there."""

from __future__ import annotations

import hashlib
import json
import tarfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import framescope
from framescope.core.dataset.build import DataSetForm, export_dataset
from framescope.core.dataset.layout import ShardBound
from framescope.core.dataset.layouts import LayoutChoice
from framescope.core.dataset.manifest import DATASET_NAME
from framescope.core.dataset.report import write_report
from framescope.core.dataset.webdataset import WebDataset
from framescope.core.errors import ExportError, SettingsError, VerificationError
from framescope.core.recipe.run import RunRequest
from framescope.core.source.input_videos import input_videos
from tests.core.dataset.conftest import FORM, NAMED, Made

if TYPE_CHECKING:
    from pathlib import Path

parquet = pytest.importorskip("pyarrow.parquet")

PACKED = replace(FORM, choice=LayoutChoice.parse("mirrored,webdataset,parquet"), is_packed=True)


def files_of(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def packed(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("packed") / "set"
    return Made(folder, export_dataset(NAMED, input_videos([str(tree)]), folder, PACKED))


def test_pictures_are_in_shards_and_nowhere_else(packed: Made, made: Made) -> None:
    found = files_of(packed.folder)
    assert not [name for name in found if name.endswith(".png")]
    assert packed.result.picture_count == 9
    loose = files_of(made.folder)
    tars = {name: content for name, content in found.items() if name.endswith(".tar")}
    assert tars == {name: content for name, content in loose.items() if name.endswith(".tar")}
    rows = []
    for path in sorted((packed.folder / "parquet").iterdir()):
        table = parquet.read_table(path)
        assert table.num_rows <= 2
        features = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
        assert features["image"] == {"_type": "Image"}
        assert list(features) == table.column_names
        rows += [(path.name.partition("-")[0], row) for row in table.to_pylist()]
    assert sorted(row["id"] for _, row in rows) == list(range(1, 10))
    for split, row in rows:
        assert row["split"] == split
        assert row["image"]["bytes"] == loose[row["file_name"]]
        assert hashlib.sha256(row["image"]["bytes"]).hexdigest() == row["sha256"]


def test_packing_again_and_with_jobs_gives_the_same_bytes(packed: Made, tree: Path, tmp_path: Path) -> None:
    videos = input_videos([str(tree)])
    folder = tmp_path / "set"
    export_dataset(NAMED, videos, folder, PACKED, request=RunRequest(jobs=2))
    assert files_of(folder) == files_of(packed.folder)
    export_dataset(NAMED, videos, folder, PACKED, request=RunRequest(resume=True))
    assert files_of(folder) == files_of(packed.folder)


def test_shards_are_verified(packed: Made, tmp_path: Path) -> None:
    report = framescope.verify(packed.folder)
    assert (report.is_good, report.exports, report.files_told) == (True, 3, 9)
    for name, content in files_of(packed.folder).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    altered, *_, lost = sorted((tmp_path / "webdataset").iterdir())
    altered.write_bytes(altered.read_bytes().replace(b"IDAT", b"IDAX", 1))
    lost.unlink()
    table = next((tmp_path / "parquet").iterdir())
    table.write_bytes(table.read_bytes()[:-9])
    findings = {(one.kind.value, one.file) for one in framescope.verify(tmp_path).findings}
    assert findings == {
        ("altered", f"webdataset/{altered.name}"),
        ("missing", f"webdataset/{lost.name}"),
        ("altered", f"parquet/{table.name}"),
    }
    manifest = tmp_path / DATASET_NAME
    manifest.write_bytes(manifest.read_bytes().replace(b'"size_bytes":1073741824}', b'"size_bytes":"x"}', 1))
    with pytest.raises(ExportError, match="not the manifest"):
        framescope.verify(tmp_path)


def test_pictures_stay_where_a_shard_cannot_be_read_back(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WebDataset, "broken", lambda *_arguments: iter(["webdataset/000000.tar"]))
    form = DataSetForm(LayoutChoice.parse("webdataset"), is_packed=True)
    with pytest.raises(VerificationError, match="none of them were removed"):
        export_dataset(NAMED, input_videos([str(tree / "cats" / "one.mp4")]), tmp_path / "set", form)
    assert len(list((tmp_path / "set").rglob("*.png"))) == 3


def test_what_refers_to_files_cannot_be_packed(packed: Made) -> None:
    for layouts in ("webdataset,coco", "mirrored"):
        with pytest.raises(SettingsError) as caught:
            DataSetForm(LayoutChoice.parse(layouts), is_packed=True)
        assert "webdataset and parquet" in caught.value.hint
    with pytest.raises(SettingsError, match="only in its shards"):
        write_report(packed.folder)


def test_shards_by_size_hold_what_fits(tree: Path, tmp_path: Path) -> None:
    form = DataSetForm(LayoutChoice.parse("webdataset"), bound=ShardBound(size_bytes=1), is_packed=True)
    videos = input_videos([str(tree / "cats" / "one.mp4")])
    export_dataset(NAMED, videos, tmp_path / "set", form)
    shards = sorted((tmp_path / "set" / "webdataset").iterdir())
    for path in shards:
        with tarfile.open(path) as tar:
            assert len(tar.getnames()) == 2
    assert len(shards) == 3
