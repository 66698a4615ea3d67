"""``framescope export --layout``: one command from a folder of videos to a data set."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from framescope.cli.exporting.dataset_options import DataSetRequest
from framescope.core.dataset.manifest import read_dataset

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


@pytest.fixture
def videos(clip: Callable[[str], Path], tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    (folder / "cats").mkdir(parents=True)
    shutil.copy(clip("h264.mp4"), folder / "cats" / "one.mp4")
    shutil.copy(clip("h264.mp4"), folder / "two.mp4")
    (folder / "bad.mp4").write_bytes(b"nothing" * 99)
    return folder


def test_a_folder_becomes_a_data_set(framescope: Callable[..., Answer], videos: Path, tmp_path: Path) -> None:
    table = tmp_path / "classes.csv"
    table.write_text("video,class\none,cat\ntwo,dog\n")
    out = tmp_path / "out"
    arguments: list[object] = ["export", videos, "-o", out, "--every", 24]
    arguments += ["--layout", "coco,webdataset,mirrored"]
    arguments += ["--split", "train=1,val=1", "--classes", table, "--shard", 1, "--jobs", 2]
    answer = framescope(*arguments)
    # One of the three is no video.
    assert answer.status == 1
    assert "bad.mp4 is not a video" in answer.err
    assert "Data set: 4 pictures of 2 videos" in answer.out.replace("\u2009", " ")
    found = read_dataset(out)
    assert found.is_ended
    assert [(one.name, one.class_name) for one in found.data.videos] == [
        ("cats/one.mp4", "cat"),
        ("two.mp4", "dog"),
    ]
    assert len(list((out / "webdataset").iterdir())) == 4
    again = framescope(*arguments)
    assert again.status == 1
    assert "There is a data set" in again.err
    resumed = framescope(*arguments, "--resume", "--json")
    told = json.loads(resumed.out)["dataset"]
    assert told["is_complete"]
    assert (told["pictures"], [one["video"] for one in told["failed"]]) == (4, ["bad.mp4"])


def test_pictures_are_packed_into_shards(
    framescope: Callable[..., Answer], videos: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = ("--every", 24, "--layout", "parquet", "--shard", 3, "--packed")
    answer = framescope("export", videos / "cats", videos / "two.mp4", "-o", out, *arguments)
    assert answer.status == 0, answer.err
    # Their folders are gone.
    assert "frames saved" in answer.out
    assert str(out) not in answer.out
    assert sorted(path.name for path in (out / "parquet").iterdir()) == ["000000.parquet", "000001.parquet"]
    assert not list(out.rglob("*.jpg"))
    assert framescope("verify", out).status == 0
    answer = framescope("report", out)
    assert answer.status == 1
    assert "only in its shards" in answer.err


def test_one_video_is_a_data_set_too(framescope: Callable[..., Answer], videos: Path, tmp_path: Path) -> None:
    answer = framescope(
        "export", videos / "two.mp4", "-o", tmp_path / "out", "--every", 24, "--layout", "yolo"
    )
    assert answer.status == 0, answer.err
    assert (tmp_path / "out" / "all.txt").read_text().splitlines() == [
        "./images/two/two_000000.jpg",
        "./images/two/two_000024.jpg",
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--layout", "coko"], "no layout “coko”"),
        (["--layout", "coco", "--shard", "9"], "--layout webdataset"),
        (["--layout", "webdataset", "--shard", "0"], "not a valid shard size"),
        (["--split", "80"], "not a valid list of splits"),
        (["--split-seed", "a"], "needs --split"),
        (["--layout", "coco", "--packed"], "coco cannot hold pictures"),
        (["--packed"], "No layout is chosen"),
    ],
)
def test_options_that_cannot_be_used(
    framescope: Callable[..., Answer], videos: Path, tmp_path: Path, options: list[str], words: str
) -> None:
    answer = framescope("export", videos, "-o", tmp_path / "out", "--every", 24, *options)
    assert answer.status == 2
    assert words in answer.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "most"), [("2", (2, 1 << 30)), ("5KB", (10_000, 5000)), ("1 gb", (10_000, 10**9))]
)
def test_shards_are_bound_by_number_or_size(text: str, most: tuple[int, int]) -> None:
    bound = DataSetRequest("webdataset", shard=text).form().bound
    assert (bound.pictures, bound.size_bytes) == most
