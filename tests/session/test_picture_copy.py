"""The picture on the clipboard is the exact one, full size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from framescope.engine.jobs import JobRunner
from framescope.session.picture_copy import PictureCopy
from tests.engine.fakes import make_frame, make_info, number_in

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_full_size_picture_with_a_notice(qtbot: QtBot) -> None:
    runner = JobRunner()
    copier = PictureCopy(runner)
    notices: list[tuple[str, str]] = []
    copier.notice_posted.connect(lambda text, level: notices.append((text, level)))
    copier.copy(make_frame(300), make_info(display_width=64), rotate=True)
    qtbot.waitUntil(lambda: bool(notices))
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height(), number_in(image)) == (64, 24, 300)
    assert notices == [("Frame 300 is on the clipboard (64 × 24).", "info")]
    runner.close()
