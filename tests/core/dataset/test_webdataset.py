"""Shards, read back by webdataset."""

from __future__ import annotations

import json
import shutil
import tarfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from framescope.core.dataset.build import export_dataset
from framescope.core.dataset.layout import LayoutWork
from framescope.core.dataset.webdataset import WebDataset
from framescope.core.errors import ExportError
from framescope.core.recipe.run import RunRequest
from framescope.core.source.input_videos import input_videos
from tests.core.dataset.conftest import FORM, NAMED, SPLITS, VIDEOS, Made

if TYPE_CHECKING:
    from pathlib import Path

tariterators = pytest.importorskip("webdataset.tariterators")


def samples(path: Path) -> list[dict[str, Any]]:
    # Its WebDataset leaves the file open.
    with path.open("rb") as stream:
        members = tariterators.tar_file_expander([{"url": path.name, "stream": stream}])
        return list(tariterators.group_by_keys(members))


def shards(made: Made) -> list[Path]:
    return sorted((made.folder / "webdataset").iterdir())


def test_webdataset_reads_every_picture_with_its_facts(made: Made) -> None:
    found = {}
    for path in shards(made):
        for sample in samples(path):
            facts = json.loads(sample["json"])
            assert sample["png"] == (made.folder / facts["file_name"]).read_bytes()
            assert facts["split"] == path.name.partition("-")[0]
            assert int(sample["cls"]) == ["big", "cats"].index(VIDEOS[facts["video"]])
            found[sample["__key__"]] = facts["file_name"]
    assert sorted(found.values()) == sorted(made.files)
    assert len(found) == 9


def test_shards_hold_as_many_as_they_may_and_nothing_of_the_machine(made: Made) -> None:
    for split in ("train", "val", "test"):
        own = [path for path in shards(made) if path.name.startswith(split)]
        videos = [name for name in VIDEOS if SPLITS.split_of(name) == split]
        assert [path.name for path in own] == [
            f"{split}-{n:06d}.tar" for n in range(-(-3 * len(videos) // 2))
        ]
    for path in shards(made):
        with tarfile.open(path) as tar:
            members = tar.getmembers()
        assert len(members) <= 6
        assert {(one.mtime, one.uid, one.uname, one.mode) for one in members} == {(0, 0, "", 0o644)}
        assert path.stat().st_size % tarfile.RECORDSIZE == 0


def test_whole_shards_are_kept_and_others_are_made_again(
    tree: Path, made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "set"
    shutil.copytree(made.folder, folder)
    first, second, *_ = sorted((folder / "webdataset").iterdir())
    whole = second.read_bytes()
    second.write_bytes(whole[:-700] + b"\1" + whole[-699:])
    written = []
    write = LayoutWork.write

    def noting(work: LayoutWork, data: object, name: str, pieces: object) -> None:
        written.append(name)
        write(work, data, name, pieces)  # type: ignore[arg-type] # passed on as they are

    monkeypatch.setattr(LayoutWork, "write", noting)
    export_dataset(NAMED, input_videos([str(tree)]), folder, FORM, request=RunRequest(resume=True))
    assert [name for name in written if name.endswith(".tar")] == [f"webdataset/{second.name}"]
    assert second.read_bytes() == whole
    assert first.read_bytes() == (made.folder / "webdataset" / first.name).read_bytes()


def test_an_altered_picture_is_not_packed(tree: Path, made: Made, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(made.folder, folder)
    for path in (folder / "webdataset").iterdir():
        path.unlink()
    altered = folder / made.files[0]
    altered.write_bytes(altered.read_bytes() + b"\0")
    data = made.result.data
    assert data is not None
    with pytest.raises(ExportError, match="altered"):
        WebDataset().write(replace(data, folder=folder), LayoutWork())
    export_dataset(NAMED, input_videos([str(tree)]), folder, FORM, request=RunRequest(resume=True))
    assert altered.read_bytes() == (made.folder / made.files[0]).read_bytes()
