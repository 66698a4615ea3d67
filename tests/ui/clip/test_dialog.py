"""The clip dialog from the first click to the file, on a real session."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from framescope.core.clips.make import ClipResult, ProofRequest, make_clip
from framescope.core.clips.settings import ClipWay
from framescope.core.synth.number_blocks import read_number
from framescope.ui.clip import dialog as clip_dialog
from framescope.ui.clip.dialog import ClipDialog
from tests.clips.truth import decode_in_sequence
from tests.ui.clip.session import PATIENCE_MS, mark_range, open_session
from tests.ui.parts import part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def live(qtbot: QtBot, clip: Callable[[str], Path]) -> Iterator[Controller]:
    with open_session(qtbot, clip("h264.mp4")) as controller:
        mark_range(controller, 14, 22)
        yield controller


@pytest.fixture
def dialog(qtbot: QtBot, live: Controller, theme: ThemeSource, in_folder: Settings) -> ClipDialog:
    widget = ClipDialog(live, theme, in_folder)
    widget.request = ProofRequest(audits=True, engines=("opencv",), requests="6")
    qtbot.addWidget(widget)
    widget.show()
    return widget


def click(dialog: ClipDialog, name: str) -> None:
    part(dialog, QPushButton, name).click()


def start(qtbot: QtBot, dialog: ClipDialog) -> None:
    button = part(dialog, QPushButton, "clipStart")
    qtbot.waitUntil(button.isEnabled, timeout=PATIENCE_MS)
    button.click()


def choose(qtbot: QtBot, dialog: ClipDialog, way: ClipWay) -> None:
    dialog.form.ways.choose(way)
    form = dialog.form
    qtbot.waitUntil(lambda: form.plan is not None and form.plan.settings.way is way, timeout=PATIENCE_MS)


def wait_for_result(qtbot: QtBot, dialog: ClipDialog) -> str:
    page = part(dialog, QWidget, "clipResultPage")
    qtbot.waitUntil(lambda: page.isVisibleTo(dialog), timeout=PATIENCE_MS)
    return part(dialog, QLabel, "clipHeadline").text()


def numbers_of(path: Path) -> list[int | None]:
    pictures = (frame.to_ndarray(format="rgb24").astype(np.uint8) for frame in decode_in_sequence(path))
    return [read_number(picture) for picture in pictures]


def test_a_copy_holds_what_was_shown_before(qtbot: QtBot, dialog: ClipDialog, tmp_path: Path) -> None:
    start(qtbot, dialog)
    assert wait_for_result(qtbot, dialog).startswith("12 frames in ")
    assert numbers_of(tmp_path / "h264_14-22.mp4") == list(range(12, 24))
    assert "all samples identical" in part(dialog, QLabel, "clipProof").text()


def test_the_timeline_shows_what_the_file_will_contain(
    qtbot: QtBot, dialog: ClipDialog, live: Controller
) -> None:
    qtbot.waitUntil(lambda: live.choice.frame_numbers.tolist() == list(range(12, 24)), timeout=PATIENCE_MS)
    dialog.reject()
    assert not len(live.choice.frame_numbers)


def test_an_exact_clip_holds_exactly_those_frames(
    qtbot: QtBot, dialog: ClipDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(qtbot, dialog, ClipWay.EXACT)
    start(qtbot, dialog)
    assert wait_for_result(qtbot, dialog).startswith("9 frames in ")
    assert numbers_of(tmp_path / "h264_14-22.mp4") == list(range(14, 23))
    opened: list[Path] = []
    monkeypatch.setattr("framescope.ui.widgets.work_dialog.open_outside", opened.append)
    click(dialog, "clipOpenFolder")
    assert opened == [tmp_path]
    click(dialog, "clipBack")
    assert dialog.form.isVisibleTo(dialog)


def test_an_all_intra_file_is_tried_and_can_be_opened(
    qtbot: QtBot, dialog: ClipDialog, live: Controller, tmp_path: Path
) -> None:
    choose(qtbot, dialog, ClipWay.ALL_INTRA)
    start(qtbot, dialog)
    assert wait_for_result(qtbot, dialog).startswith("48 frames in ")
    rows = [label.text() for label in part(dialog, QWidget, "clipVerdicts").findChildren(QLabel)]
    assert "OpenCV by frame" in rows
    click(dialog, "clipOpen")
    made = str(tmp_path / "h264_all-intra.mp4")
    qtbot.waitUntil(lambda: live.source == made, timeout=PATIENCE_MS)
    assert not dialog.isVisible()


def test_stopping_leaves_nothing(
    qtbot: QtBot, dialog: ClipDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Event()

    def wait_and_make(*arguments: Any, **more: Any) -> ClipResult:  # noqa: ANN401 - handed on
        gate.wait()
        return make_clip(*arguments, **more)

    monkeypatch.setattr(clip_dialog, "make_clip", wait_and_make)
    choose(qtbot, dialog, ClipWay.EXACT)
    start(qtbot, dialog)
    click(dialog, "clipStop")
    gate.set()
    qtbot.waitUntil(lambda: not dialog.is_working, timeout=PATIENCE_MS)
    assert dialog.form.isVisibleTo(dialog)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_asked_about(qtbot: QtBot, dialog: ClipDialog, tmp_path: Path) -> None:
    path = tmp_path / "h264_14-22.mp4"
    path.write_bytes(b"mine")
    dialog.asks_to_replace = lambda _path: False
    start(qtbot, dialog)
    assert not dialog.is_working
    assert path.read_bytes() == b"mine"
    dialog.asks_to_replace = lambda asked: asked == path
    click(dialog, "clipStart")
    wait_for_result(qtbot, dialog)
    assert len(numbers_of(path)) == 12


def test_a_failure_comes_back_to_the_form_with_its_reason(
    qtbot: QtBot, dialog: ClipDialog, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    path = part(dialog, QLineEdit, "clipPath")
    path.setText(str(tmp_path / "file" / "a.mp4"))
    path.textEdited.emit(path.text())
    form = dialog.form
    qtbot.waitUntil(
        lambda: form.plan is not None and form.plan.path.parent.name == "file", timeout=PATIENCE_MS
    )
    click(dialog, "clipStart")
    note = part(dialog, QLabel, "clipNote")
    qtbot.waitUntil(lambda: bool(note.text()), timeout=PATIENCE_MS)
    assert dialog.form.isVisibleTo(dialog)
    assert "a.mp4" in note.text() or "file" in note.text()


def test_every_field_has_an_accessible_name(dialog: ClipDialog) -> None:
    fields = [one for one in dialog.findChildren(QLineEdit) if not one.objectName().startswith("qt_")]
    assert [field.objectName() for field in fields if not field.accessibleName()] == []
