"""Saved images hold the pixels, and beside them their axes in pixels, frames and seconds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PIL import Image

from framescope.core.errors import DestinationError, SettingsError, TargetExistsError
from framescope.core.source.opening import open_video
from framescope.core.spacetime.image import Spacing
from framescope.core.spacetime.save import save_spacetime
from framescope.core.spacetime.scan import spacetime
from tests.clips.encoding import Encoding, write_clip
from tests.core.spacetime.moving_bar import SPEED, WIDTH, write_bars

if TYPE_CHECKING:
    from pathlib import Path


def _read(path: Path) -> np.ndarray:
    if path.suffix == ".npy":
        loaded: np.ndarray = np.load(path)
        return loaded
    decoded = cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH)
    assert decoded is not None
    return decoded[..., ::-1]


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.npy"])
@pytest.mark.parametrize("deep", [False, True])
def test_every_format_holds_every_pixel(name: str, *, deep: bool, tmp_path: Path) -> None:
    video_path = tmp_path / "clip.mkv"
    write_clip(video_path, Encoding("ffv1", frames=6, pixel_format="yuv420p10le" if deep else "yuv420p"))
    with open_video(video_path) as video:
        image = spacetime(video, row=50)
        saved = save_spacetime(image, tmp_path / name, info=video.info)
        down = save_spacetime(image, tmp_path / f"down-{name}", info=video.info, time_down=True)
    assert np.array_equal(_read(saved.path), image.pixels)
    assert _read(saved.path).dtype == (np.uint16 if deep else np.uint8)
    assert np.array_equal(_read(down.path), image.by_frame)
    assert (saved.width, saved.height) == (6, 160) == (down.height, down.width)
    assert json.loads(down.axes_path.read_text(encoding="utf-8"))["axes"] == ["time", "position"]


def test_a_reason_with_a_name_that_is_not_utf_8_can_be_saved(tmp_path: Path) -> None:
    reason = "a\udcff\x1b.png is gone"
    with open_video(write_bars(tmp_path / "clip.mkv", range(5))) as video:
        image = replace(spacetime(video, row=20), missing={3: reason})
        saved = save_spacetime(image, tmp_path / "a.png", info=video.info)
    text = saved.axes_path.read_text(encoding="utf-8")
    assert json.loads(text)["missing_frames"] == {"3": reason}
    assert text.isprintable()


def test_axes_say_where_and_when(tmp_path: Path) -> None:
    pts = [0, 40, 80, 200, 240]
    with open_video(write_bars(tmp_path / "clip.mkv", range(5), pts)) as video:
        image = spacetime(video, row=20, within=range(1, 5))
        saved = save_spacetime(image, tmp_path / "a.png", info=video.info, spacing=Spacing.TIME)
    axes = json.loads(saved.axes_path.read_text(encoding="utf-8"))
    assert saved.axes_path.name == "a.png.json"
    assert axes["source"] == "clip.mkv"
    assert axes["position"]["x"] == list(range(WIDTH))
    assert set(axes["position"]["y"]) == {20}
    time = axes["time"]
    assert time["frame_number"] == [1, 2, 2, 2, 3, 4]
    assert time["time_s"] == pytest.approx([0.04, 0.08, 0.08, 0.08, 0.2, 0.24])
    assert time["step_s"] == pytest.approx(0.04)
    picture = _read(saved.path)
    for column, number in enumerate(time["frame_number"]):
        assert (picture[:, column, 0] == 255).argmax() == SPEED * number


def test_the_file_itself_says_what_it_is(tmp_path: Path) -> None:
    with open_video(write_bars(tmp_path / "clip.mkv", range(5))) as video:
        image = spacetime(video, row=20)
        for name in ("a.png", "a.tiff"):
            save_spacetime(image, tmp_path / name, info=video.info)
    with Image.open(tmp_path / "a.png") as png:
        assert png.info["Title"] == "Space-time image of clip.mkv: row 20, frames 0 to 4"
        assert json.loads(png.info["Description"])["axes"] == ["position", "time"]
    with Image.open(tmp_path / "a.tiff") as tiff:
        assert json.loads(tiff.getexif()[0x010E])["line"]["kind"] == "row"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    source = write_bars(tmp_path / "clip.mkv", range(5))
    with open_video(source) as video:
        image = spacetime(video, row=20)
        (tmp_path / "a.png.json").write_text("mine")
        with pytest.raises(TargetExistsError):
            save_spacetime(image, tmp_path / "a.png", info=video.info)
        assert not (tmp_path / "a.png").exists()
        save_spacetime(image, tmp_path / "a.png", info=video.info, replaces=True)
        with pytest.raises(SettingsError):
            save_spacetime(image, tmp_path / "a.jpg", info=video.info)
        (tmp_path / "clip.npy").symlink_to(source)
        with pytest.raises(DestinationError):
            save_spacetime(image, tmp_path / "clip.npy", info=video.info, replaces=True)
