"""The composition root: the picture of the real window, and starting where no window can be."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from framescope.app import check_display, forget_opencv_qt, run_screenshot
from framescope.core.errors import FrameScopeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def undressed_afterwards(qapp: QApplication) -> Iterator[None]:
    """Leave the application as it was: other tests look at widgets without a stylesheet."""
    font, palette = qapp.font(), qapp.palette()
    yield
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)


def test_screenshot_is_a_picture_of_the_asked_size(qtbot: QtBot, plain_clip: Path, tmp_path: Path) -> None:
    del qtbot
    out = tmp_path / "made" / "window.png"
    run_screenshot(str(plain_clip), out, frame=20, size=(1000, 700), panel="gop", theme="light")
    image = QImage(str(out))
    assert (image.width(), image.height()) == (1000, 700)
    assert len({image.pixel(x, y) for x in range(0, 1000, 20) for y in range(0, 700, 20)}) > 20


def test_frame_beyond_the_end_shows_the_last(qtbot: QtBot, plain_clip: Path, tmp_path: Path) -> None:
    del qtbot
    out = tmp_path / "window.png"
    run_screenshot(str(plain_clip), out, frame=10_000)
    assert out.is_file()


def test_screenshot_of_a_missing_video_is_an_error(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    with pytest.raises(FrameScopeError):
        run_screenshot(str(tmp_path / "missing.mp4"), tmp_path / "window.png")


def test_unknown_panel_is_an_error_that_names_the_panels(
    qtbot: QtBot, plain_clip: Path, tmp_path: Path
) -> None:
    del qtbot
    with pytest.raises(FrameScopeError) as caught:
        run_screenshot(str(plain_clip), tmp_path / "window.png", panel="nothing")
    assert "codec" in caught.value.hint


def test_picture_that_cannot_be_written_is_an_error(qtbot: QtBot, plain_clip: Path, tmp_path: Path) -> None:
    del qtbot
    with pytest.raises(FrameScopeError):
        run_screenshot(str(plain_clip), tmp_path / "window.strange")


def test_no_display_is_said_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(FrameScopeError) as caught:
        check_display()
    assert "framescope screenshot" in caught.value.hint
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    check_display()


def test_folders_of_opencv_are_forgotten_and_others_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "/x/site-packages/cv2/qt/plugins")
    monkeypatch.setenv("QT_QPA_FONTDIR", "/usr/share/fonts")
    forget_opencv_qt()
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
    assert os.environ["QT_QPA_FONTDIR"] == "/usr/share/fonts"


def test_starting_loads_only_what_the_first_picture_needs() -> None:
    names = (
        "cv2 psutil qtawesome qtpy pyqtgraph scenedetect PIL click rich http ssl framescope.core.audit"
        " framescope.core.export framescope.core.fragments framescope.core.sampling framescope.core.synth"
        " framescope.core.timing framescope.ui.dialogs.export_dialog framescope.ui.panels.seek_panel"
    )
    code = f"import sys, framescope.app; print([name for name in {names.split()!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
