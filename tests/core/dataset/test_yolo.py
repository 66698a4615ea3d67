"""YOLO lists and labels, read as trainers do."""

from __future__ import annotations

from pathlib import Path

import pytest

from framescope.core.dataset.build import DataSetForm, export_dataset
from framescope.core.dataset.classes import Classes
from framescope.core.dataset.layouts import LayoutChoice
from framescope.core.dataset.splits import Splits
from framescope.core.recipe.run import RunRequest
from framescope.core.source.input_videos import input_videos
from tests.core.dataset.conftest import NAMED, VIDEOS, Made

yaml = pytest.importorskip("yaml")


def label_of(picture: Path) -> Path:
    """Where Ultralytics looks for the label of a picture."""
    head, _, tail = str(picture).rpartition("/images/")
    return Path(f"{head}/labels/{tail}").with_suffix(".txt")


def test_lists_and_labels_lead_to_each_other(made: Made) -> None:
    table = yaml.safe_load((made.folder / "data.yaml").read_text())
    assert table["nc"] == 2
    assert table["names"] == {0: "big", 1: "cats"}
    listed = []
    for split in ("train", "val", "test"):
        for line in (made.folder / table[split]).read_text().splitlines():
            assert line.startswith("./images/")
            picture = made.folder / line
            assert picture.is_file()
            number, *box = label_of(picture).read_text().split()
            assert box == ["0.5", "0.5", "1", "1"]
            name = next(one for one in VIDEOS if one.rpartition(".")[0] in line)
            assert table["names"][int(number)] == VIDEOS[name]
            listed.append(line.removeprefix("./"))
    assert sorted(listed) == sorted(made.files)


def test_the_grey_of_a_letterbox_is_outside_the_boxes(letterboxed: Made) -> None:
    (label, *_) = sorted((letterboxed.folder / "labels").rglob("*.txt"))
    # 160 × 120 becomes 100 × 75, with 12 rows of grey above and 13 below.
    assert label.read_text() == "0 0.5 0.495 1 0.75\n"


def test_a_part_without_videos_is_told_and_not_listed(tree: Path, tmp_path: Path) -> None:
    videos = input_videos([str(tree / "cats" / "one.mp4")])
    seeded = (Splits.parse("70/20/10", seed=seed) for seed in "abcdefgh")
    splits = next(one for one in seeded if one.split_of(videos[0].name) == "train")
    result = export_dataset(NAMED, videos, tmp_path, DataSetForm(LayoutChoice.parse("yolo"), splits))
    (remark,) = result.remarks
    assert remark.startswith("val and test have no video: 1 video is too few for 70/20/10")
    text = (tmp_path / "data.yaml").read_text()
    # Ultralytics refuses a file without val, and ends on an empty list.
    assert yaml.safe_load(text) == {"train": "train.txt", "val": "train.txt", "nc": 0, "names": []}
    assert text.startswith("# No video is in val: it has the pictures of train.\n")
    assert {path.name for path in tmp_path.glob("*.txt")} == {"train.txt"}


def test_without_splits_and_classes(tree: Path, tmp_path: Path) -> None:
    videos = input_videos([str(tree / "cats")])
    form = DataSetForm(LayoutChoice.parse("yolo"), classes=Classes(from_folder=True))
    export_dataset(NAMED, videos, tmp_path, form)
    label = tmp_path / "labels" / "one" / "00.txt"
    assert label.read_text() == "0 0.5 0.5 1 1\n"
    # Labels of classes that are no longer wanted would still be trained with.
    export_dataset(
        NAMED, videos, tmp_path, DataSetForm(LayoutChoice.parse("yolo")), request=RunRequest(resume=True)
    )
    assert not label.exists()
    table = yaml.safe_load((tmp_path / "data.yaml").read_text())
    assert table == {"train": "all.txt", "val": "all.txt", "nc": 0, "names": []}
    assert len((tmp_path / "all.txt").read_text().splitlines()) == 6
