"""What the export dialog previews is what it saves, on a real session."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget

from framescope.core.export.geometry import Crop
from framescope.core.export.settings import ImageFormat
from framescope.core.sampling.sampling import SamplingKind
from framescope.session.controller import Controller
from framescope.session.settings import Settings
from framescope.ui.export.dialog import ExportDialog
from framescope.ui.widgets.theme import ThemeChoice, ThemeSource
from tests.ui.parts import part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.ui.export.preview.picture import SavedPicture

PATIENCE_MS = 60_000


@pytest.fixture
def live(qtbot: QtBot, plain_clip: Path, tmp_path: Path) -> Iterator[Controller]:
    """A session with a clip of 48 numbered frames open at frame 20."""
    source = tmp_path / "clip.mp4"
    shutil.copy(plain_clip, source)
    controller = Controller()
    controller.open_source(str(source))

    def is_there() -> bool:
        shown, index = controller.shown, controller.index
        if index is None or not index.complete or shown is None:
            return False
        return shown.frame_number == 20 and not shown.provisional

    qtbot.waitUntil(lambda: controller.index is not None and controller.index.complete, timeout=PATIENCE_MS)
    controller.show_frame(20)
    qtbot.waitUntil(is_there, timeout=PATIENCE_MS)
    yield controller
    controller.close()


@pytest.mark.parametrize("image_format", [ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.WEBP])
def test_the_file_is_the_one_that_was_previewed(
    qtbot: QtBot, live: Controller, tmp_path: Path, image_format: ImageFormat
) -> None:
    dialog = ExportDialog(live, ThemeSource(ThemeChoice.DARK), Settings())
    qtbot.addWidget(dialog)
    dialog.show()
    folder = tmp_path / "saved"
    part(dialog, QLineEdit, "exportFolder").setText(str(folder))
    pictures: list[SavedPicture] = []
    dialog.form.preview.desk.picture_made.connect(pictures.append)
    formats = part(dialog, QComboBox, "exportFormat")
    formats.setCurrentIndex(formats.findData(image_format.value))
    dialog.form.format.set_crop(Crop(20, 10, 100, 90))
    assert dialog.form.frames.sampling.kind is SamplingKind.THIS
    start = part(dialog, QPushButton, "exportStart")
    qtbot.waitUntil(
        lambda: bool(pictures) and pictures[-1].settings == dialog.form.format.choice, timeout=PATIENCE_MS
    )
    qtbot.waitUntil(start.isEnabled, timeout=PATIENCE_MS)
    start.click()
    page = part(dialog, QWidget, "exportResultPage")
    qtbot.waitUntil(lambda: page.isVisibleTo(dialog), timeout=PATIENCE_MS)
    (path,) = (each for each in folder.iterdir() if each.suffix == image_format.extension)
    picture, data = pictures[-1], path.read_bytes()
    assert data == picture.trials.encode(picture.settings)
    assert len(data) == picture.size_bytes
    assert (picture.width, picture.height) == (100, 90)
