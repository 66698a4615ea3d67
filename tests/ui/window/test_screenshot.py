"""When the window counts as ready for its picture."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from framescope.core.errors import (
    DestinationError,
    EncodeError,
    FrameScopeError,
    MissingFileError,
    TargetExistsError,
)
from framescope.ui.timeline.thumbnail_desk import desk_of
from framescope.ui.window import screenshot
from framescope.ui.window.screenshot import WindowSettler, save_window
from tests.ui.stand_ins import StandInController, StandInWindow

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_what_panels_find_out_in_the_background_is_waited_for(
    qtbot: QtBot, session: StandInController
) -> None:
    settler = WindowSettler(session.as_controller(), 5)
    session.is_working = True
    session.open(frame_total=10)
    session.index = SimpleNamespace(complete=True, is_live=False)
    with qtbot.assertNotEmitted(settler.settled, wait=1200):
        session.show(5)
    with qtbot.waitSignal(settler.settled):
        session.is_working = False


def test_settles_when_frame_and_index_are_there(qtbot: QtBot, session: StandInController) -> None:
    settler = WindowSettler(session.as_controller(), 5)
    session.open(frame_total=10)
    assert session.called("show_frame") == [(5,)]
    session.index = SimpleNamespace(complete=True, is_live=False)
    with qtbot.waitSignal(settler.settled):
        session.show(5)


def test_placeholder_and_partial_index_are_waited_out(qtbot: QtBot, session: StandInController) -> None:
    settler = WindowSettler(session.as_controller(), 5)
    session.open(frame_total=10)
    session.index = SimpleNamespace(complete=False, is_live=False)
    with qtbot.assertNotEmitted(settler.settled, wait=700):
        session.show(5)
        session.index = SimpleNamespace(complete=True, is_live=False)
        session.show(5, provisional=True, frame=None)
    with qtbot.waitSignal(settler.settled):
        session.show(5)


def test_thumbnails_in_view_are_waited_for(
    qtbot: QtBot, session: StandInController, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: set[int] = set()

    def thumbnail(number: int, _height_px: int) -> QImage | None:
        return QImage() if number in there else None

    monkeypatch.setattr(session, "thumbnail", thumbnail)
    settler = WindowSettler(session.as_controller(), 5)
    session.open(frame_total=10)
    session.index = SimpleNamespace(complete=True, is_live=False)
    desk_of(session.as_controller()).request([1, 2], 72)
    with qtbot.assertNotEmitted(settler.settled, wait=700):
        session.show(5)
        there.add(1)
        session.thumbnail_ready.emit(1, QImage())
    with qtbot.waitSignal(settler.settled):
        there.add(2)
        session.thumbnail_ready.emit(2, QImage())


def test_a_thumbnail_that_never_comes_is_waited_for_in_vain(
    qtbot: QtBot, session: StandInController, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screenshot, "_PATIENCE_MS", 600)
    settler = WindowSettler(session.as_controller(), 5)
    session.open(frame_total=10)
    session.index = SimpleNamespace(complete=True, is_live=False)
    session.show(5)
    # Requested only when the frame was there already, as the filmstrip does.
    desk_of(session.as_controller()).request([1], 72)
    with qtbot.waitSignal(settler.settled):
        pass


def test_failure_to_open_is_handed_on(qtbot: QtBot, session: StandInController) -> None:
    settler = WindowSettler(session.as_controller(), 0)
    with qtbot.waitSignal(settler.failed) as failed:
        session.source_failed.emit(MissingFileError("There is no such file."))
    assert failed.args[0].message == "There is no such file."


def test_picture_of_the_window_is_written(qtbot: QtBot, session: StandInController, tmp_path: Path) -> None:
    window = StandInWindow(session)
    qtbot.addWidget(window)
    path = tmp_path / "new" / "window.png"
    save_window(window, path, replaces=False)  # type: ignore[arg-type]
    before = path.read_bytes()
    assert before.startswith(b"\x89PNG")
    with pytest.raises(TargetExistsError):
        save_window(window, path, replaces=False)  # type: ignore[arg-type]
    with pytest.raises(DestinationError, match="source"):
        save_window(window, path, replaces=True, sources=[str(path)])  # type: ignore[arg-type]
    with pytest.raises(EncodeError, match="strange"):
        save_window(window, tmp_path / "window.strange", replaces=False)  # type: ignore[arg-type]
    assert (list(tmp_path.iterdir()), path.read_bytes()) == ([path.parent], before)


def test_a_frame_past_the_end_is_refused(qtbot: QtBot, session: StandInController) -> None:
    settler = WindowSettler(session.as_controller(), 10)
    with qtbot.waitSignal(settler.failed) as caught:
        session.index = SimpleNamespace(complete=True, is_live=False)
        session.open(frame_total=10)
    error = (caught.args or [None])[0]
    assert isinstance(error, FrameScopeError)
    assert error.message == "There is no frame 10."
    assert error.hint == "The video has 10 frames, 0 to 9."
