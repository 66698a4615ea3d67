"""The manifest of a data set: it lists everything, can be checked, and trusts nothing."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from framescope.core.dataset.manifest import DATASET_NAME, read_dataset
from framescope.core.export.manifest.lines import ManifestError
from tests.core.dataset.conftest import SPLITS, VIDEOS, Made

if TYPE_CHECKING:
    from pathlib import Path


def test_it_lists_videos_failures_pictures_and_files(made: Made) -> None:
    lines = (made.folder / DATASET_NAME).read_bytes().splitlines(keepends=True)
    tables = [json.loads(line) for line in lines]
    end = tables[-1]["end"]
    assert (end["videos"], end["failed"], end["pictures"]) == (3, 1, 9)
    assert end["sha256"] == hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    videos = [table for table in tables if "folder" in table]
    assert [(one["name"], one["class"], one["split"]) for one in videos] == [
        (name, kind, SPLITS.split_of(name)) for name, kind in VIDEOS.items()
    ]
    assert all(len(one["source"]["sampled_sha256"]) == 64 for one in videos)
    assert [table["file_name"] for table in tables if "file_name" in table] == made.files
    own = {table["of_layout"] for table in tables if "of_layout" in table}
    assert own == {*read_dataset(made.folder).files}
    labels = {f"labels/{name.removeprefix('images/').removesuffix('png')}txt" for name in made.files}
    others = {
        path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*") if path.is_file()
    } - {*made.files, DATASET_NAME, *labels}
    assert own == {name for name in others if "framescope-manifest" not in name}


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"no json\n",
        b'{"framescope_dataset":1}\n',
        b'{"framescope_dataset":2,"form":{}}\n',
        b'{"framescope_dataset":1,"form":[]}\n',
        b'{"framescope_dataset":1,"form":{}}\n{"of_layout":"../../home"}\n',
        b'{"framescope_dataset":1,"form":{}}\n{"of_layout":"/etc/passwd"}\n',
        b'{"framescope_dataset":1,"form":{}}\n{"id":1,"name":"a","folder":"a/../../b"}\n',
        b'{"framescope_dataset":1,"form":{}}\n{"id":0,"name":"a","folder":"a"}\n',
        b'{"framescope_dataset":1,"form":{}}\n[]\n',
    ],
)
def test_others_are_refused(tmp_path: Path, line: bytes) -> None:
    (tmp_path / DATASET_NAME).write_bytes(line)
    with pytest.raises(ManifestError, match="not the manifest of a data set"):
        read_dataset(tmp_path)
    with pytest.raises(ManifestError, match=r"There is no data set in .*none\.$"):
        read_dataset(tmp_path / "none")
