"""Scenes for Nerfstudio and COLMAP: names lead to pictures, and nothing is invented."""

from __future__ import annotations

import json
from pathlib import Path

from tests.core.dataset.conftest import FRAMES, VIDEOS, Made


def test_scenes_name_pictures_and_leave_the_camera_open(made: Made) -> None:
    for name in VIDEOS:
        path = made.folder / "transforms" / Path(name).with_suffix(".json")
        scene = json.loads(path.read_text())
        assert (scene["w"], scene["h"]) == (160, 120)
        assert {scene[key] for key in ("fl_x", "fl_y", "cx", "cy", "k1", "k2", "p1", "p2")} == {None}
        assert [frame["frame_number"] for frame in scene["frames"]] == [*FRAMES]
        for frame in scene["frames"]:
            # Nerfstudio takes the folder of the file for the start of the paths.
            picture = (path.parent / frame["file_path"]).resolve()
            assert picture == (made.folder / "images" / Path(name).with_suffix("") / picture.name).resolve()
            assert picture.is_file()
            assert "transform_matrix" not in frame
    assert (made.folder / "colmap-images.txt").read_text().splitlines() == made.files
