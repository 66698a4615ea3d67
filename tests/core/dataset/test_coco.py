"""COCO data sets, read back by pycocotools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.opencv import cv2
from framescope.core.synth.number_blocks import read_number
from tests.core.dataset.conftest import FRAMES, VIDEOS, Made

if TYPE_CHECKING:
    from pathlib import Path

COCO = pytest.importorskip("pycocotools.coco").COCO


def number_in(path: Path) -> int | None:
    picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    return None if picture is None else read_number(picture.astype(np.uint8))


def test_pycocotools_finds_every_picture_under_its_class_and_split(
    made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    found: dict[str, tuple[int, str]] = {}
    ids: list[int] = []
    for split in ("train", "val", "test"):
        coco = COCO(str(made.folder / "annotations" / f"instances-{split}.json"))
        for category in coco.loadCats(coco.getCatIds()):
            for image in coco.loadImgs(coco.getImgIds(catIds=[category["id"]])):
                assert (image["split"], image["class"]) == (split, category["name"])
                assert image["frame_id"] == image["frame_number"]
                found[image["file_name"]] = (image["frame_number"], category["name"])
                ids.append(image["id"])
                (box,) = coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]]))
                assert box["bbox"] == [0, 0, image["width"], image["height"]]
    assert sorted(ids) == list(range(1, 10))
    assert sorted(found) == sorted(made.files)
    for file, (number, name) in found.items():
        assert number_in(made.folder / file) == number
        assert VIDEOS[next(one for one in VIDEOS if one.rpartition(".")[0] in file)] == name
    assert "loading annotations" in capsys.readouterr().out


def test_times_and_videos_are_told(made: Made) -> None:
    images, videos = [], []
    for split in ("train", "val", "test"):
        document = json.loads((made.folder / "annotations" / f"instances-{split}.json").read_text())
        images += document["images"]
        videos += document["videos"]
    assert sorted(video["name"] for video in videos) == sorted(VIDEOS)
    names = {video["id"]: video["name"] for video in videos}
    for image in images:
        assert names[image["video_id"]] == image["video"]
        # 24 frames a second.
        assert image["time_s"] == pytest.approx(image["frame_number"] / 24, abs=0.001)
        assert image["frame_number"] in FRAMES
        assert isinstance(image["pts"], int)


def test_a_letterbox_is_told_with_the_picture(letterboxed: Made) -> None:
    document = json.loads((letterboxed.folder / "annotations" / "instances.json").read_text())
    first = document["images"][0]
    assert (first["width"], first["height"]) == (100, 100)
    # 160 × 120 becomes 100 × 75, with 12 rows of grey above and 13 below.
    assert first["geometry"] == {
        "source": [160, 120],
        "size": [100, 100],
        "scale": [0.625, 0.625],
        "offset": [0.0, 12.0],
        "inner": [0, 12, 100, 75],
    }
    # The object of a class is what the video shows; the grey is none of it.
    box = document["annotations"][0]
    assert (box["bbox"], box["area"]) == ([0, 12, 100, 75], 7500)
    picture = cv2.imread(str(letterboxed.folder / first["file_name"]))
    assert picture is not None
    assert picture.shape == (100, 100, 3)
    assert {*np.unique(picture[:12]), *np.unique(picture[87:])} == {114}
    assert len(np.unique(picture[12:87])) > 2
