"""The form of the clip dialog."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QSpinBox

from framescope.core.clips.settings import ClipCodec, ClipWay
from framescope.session.settings import Settings
from framescope.ui.clip.form import ClipForm
from tests.ui.clip.session import PATIENCE_MS, mark_range, open_session
from tests.ui.parts import part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def live(qtbot: QtBot, clip: Callable[[str], Path]) -> Iterator[Controller]:
    with open_session(qtbot, clip("gop_open.mp4")) as controller:
        mark_range(controller, 17, 31)
        yield controller


@pytest.fixture
def form(qtbot: QtBot, live: Controller, theme: ThemeSource, in_folder: Settings) -> ClipForm:
    widget = ClipForm(live, theme, in_folder)
    qtbot.addWidget(widget)
    return widget


def wait_for(qtbot: QtBot, form: ClipForm, frames: range) -> None:
    qtbot.waitUntil(lambda: form.plan is not None and form.plan.frames == frames, timeout=PATIENCE_MS)


def test_it_shows_what_a_copy_between_in_and_out_will_contain(
    qtbot: QtBot, form: ClipForm, tmp_path: Path
) -> None:
    assert part(form, QSpinBox, "clipFirst").value() == 17
    assert part(form, QSpinBox, "clipLast").value() == 31
    wait_for(qtbot, form, range(12, 33))
    assert "5 before and 1 after" in part(form, QLabel, "clipFacts").text()
    assert part(form, QLabel, "clipCost").text().endswith("at disk speed")
    assert part(form, QLineEdit, "clipPath").text() == str(tmp_path / "gop_open_17-31.mp4")
    assert not part(form, QComboBox, "clipCodec").isEnabled()


def test_frames_can_be_typed_and_follow_the_range(qtbot: QtBot, form: ClipForm, live: Controller) -> None:
    part(form, QSpinBox, "clipLast").setValue(23)
    wait_for(qtbot, form, range(12, 25))
    live.clear_range()
    assert (part(form, QSpinBox, "clipFirst").value(), part(form, QSpinBox, "clipLast").value()) == (0, 47)
    wait_for(qtbot, form, range(48))


def test_what_was_typed_stays_when_the_index_grows(qtbot: QtBot, form: ClipForm, live: Controller) -> None:
    part(form, QSpinBox, "clipFirst").setValue(20)
    live.index_updated.emit()
    assert part(form, QSpinBox, "clipFirst").value() == 20
    wait_for(qtbot, form, range(12, 33))


def test_nothing_is_worked_out_while_it_is_not_seen(form: ClipForm, qtbot: QtBot) -> None:
    wait_for(qtbot, form, range(12, 33))
    form.set_active(active=False)
    part(form, QSpinBox, "clipFirst").setValue(3)
    # The plan for other frames is gone at once, and no new one comes.
    assert form.plan is None
    form.set_active(active=True)
    wait_for(qtbot, form, range(33))


def test_exact_and_all_intra_are_tried_for_their_cost(qtbot: QtBot, form: ClipForm) -> None:
    form.ways.choose(ClipWay.EXACT)
    wait_for(qtbot, form, range(17, 32))
    cost = part(form, QLabel, "clipCost")
    qtbot.waitUntil(lambda: "B" in cost.text() and " s" in cost.text(), timeout=PATIENCE_MS)
    form.ways.choose(ClipWay.ALL_INTRA)
    wait_for(qtbot, form, range(48))
    assert part(form, QLineEdit, "clipPath").text().endswith("_all-intra.mp4")
    assert not part(form, QSpinBox, "clipFirst").isEnabled()


def test_the_name_follows_the_codec_until_it_is_typed(qtbot: QtBot, form: ClipForm, tmp_path: Path) -> None:
    form.ways.choose(ClipWay.EXACT)
    codecs = part(form, QComboBox, "clipCodec")
    codecs.setCurrentIndex(codecs.findData(ClipCodec.FFV1.value))
    path = part(form, QLineEdit, "clipPath")
    assert path.text().endswith(".mkv")
    assert not part(form, QCheckBox, "clipLossless").isEnabled()
    path.setText(str(tmp_path / "mine.mp4"))
    path.textEdited.emit(path.text())
    qtbot.waitUntil(lambda: "MP4 cannot hold FFV1" in form.problem, timeout=PATIENCE_MS)
    assert form.plan is None
    codecs.setCurrentIndex(codecs.findData(ClipCodec.H264.value))
    qtbot.waitUntil(lambda: form.plan is not None, timeout=PATIENCE_MS)
    assert path.text() == str(tmp_path / "mine.mp4")


def test_frames_in_the_wrong_order_are_a_sentence(qtbot: QtBot, form: ClipForm) -> None:
    wait_for(qtbot, form, range(12, 33))
    part(form, QSpinBox, "clipFirst").setValue(40)
    qtbot.waitUntil(lambda: "at least one frame" in form.problem, timeout=PATIENCE_MS)


def test_without_a_video_it_asks_for_one(qtbot: QtBot, controller: Controller, theme: ThemeSource) -> None:
    widget = ClipForm(controller, theme, Settings())
    qtbot.addWidget(widget)
    assert widget.draft is None
    assert widget.problem == "Open a video."
    assert Path(part(widget, QLineEdit, "clipPath").text()) == Path()
