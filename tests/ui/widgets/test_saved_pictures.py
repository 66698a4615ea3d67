"""Small pictures of what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtWidgets import QLabel

from framescope.ui.widgets.saved_pictures import SavedPictures
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def saved(qtbot: QtBot) -> Iterator[SavedPictures]:
    controller = RunningController()
    widget = SavedPictures(controller.as_controller())
    qtbot.addWidget(widget)
    yield widget
    controller.end()


def shown(saved: SavedPictures) -> dict[str, tuple[int, int, int]]:
    """Names, and the colour in the middle of each picture."""
    found = {}
    for label in saved.findChildren(QLabel):
        if not label.pixmap().isNull():
            image = label.pixmap().toImage()
            color = image.pixelColor(image.width() // 2, image.height() // 2)
            found[label.accessibleName()] = (color.red(), color.green(), color.blue())
    return found


@pytest.mark.parametrize("ending", ["png", "tif", "webp", "bmp"])
def test_pictures_are_those_of_the_files(
    qtbot: QtBot, saved: SavedPictures, tmp_path: Path, ending: str
) -> None:
    colors = {f"{number}.{ending}": (40 * number, 200, 10) for number in range(3)}
    for name, color in colors.items():
        Image.new("RGB", (320, 180), color).save(tmp_path / name, lossless=True)
    saved.show_files([tmp_path / name for name in colors])
    qtbot.waitUntil(lambda: shown(saved) == colors)


def test_some_stand_for_many_with_the_first_and_the_last(
    qtbot: QtBot, saved: SavedPictures, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number:03}.png" for number in range(100)]
    for path in paths:
        Image.new("RGB", (16, 16)).save(path)
    saved.show_files(paths)
    qtbot.waitUntil(lambda: len(shown(saved)) == 6)
    assert {"000.png", "099.png"} <= shown(saved).keys()


def test_what_cannot_be_read_is_left_out(qtbot: QtBot, saved: SavedPictures, tmp_path: Path) -> None:
    good, bad, gone = tmp_path / "good.png", tmp_path / "bad.png", tmp_path / "gone.png"
    Image.new("RGB", (16, 16)).save(good)
    bad.write_bytes(b"no picture")
    saved.show_files([bad, good, gone])
    qtbot.waitUntil(lambda: shown(saved).keys() == {"good.png"})
    saved.show_files([])
    qtbot.waitUntil(saved.isHidden)


def test_frames_of_a_video_from_the_first_to_the_last(
    qtbot: QtBot, saved: SavedPictures, plain_clip: Path
) -> None:
    saved.show_video(plain_clip)
    qtbot.waitUntil(lambda: [*shown(saved)] == ["frame 0", "frame 23", "frame 47"])
