"""The bottom line: the video in words, how frames were counted, notices."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from framescope.core.media.index import IndexBasis
from framescope.session.state import FrameRange
from framescope.ui.widgets.icons import IconSource
from framescope.ui.window.status_bar import StatusBar, index_words, video_words
from tests.ui.parts import part
from tests.ui.stand_ins import StandInController, make_info

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


class StandInIndex:
    """So many frames, counted in some way."""

    def __init__(self, length: int, basis: IndexBasis, *, complete: bool = True, damaged: int = 0) -> None:
        self._length = length
        self.basis, self.complete = basis, complete
        self.damaged_frames = range(damaged)
        self.is_live = False
        self.doubts: tuple[str, ...] = ()
        self.notes = ("Two packets were discarded.",)
        self.shown_pts, self.time_base, self.unpacked = np.arange(length), Fraction(1, 25), None

    def __len__(self) -> int:
        return self._length


@pytest.fixture
def bar(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> StatusBar:
    widget = StatusBar(session.as_controller(), IconSource(theme))
    qtbot.addWidget(widget)
    widget.show()
    return widget


def state_button(bar: StatusBar) -> QToolButton:
    button = bar.findChild(QToolButton, "indexState")
    assert isinstance(button, QToolButton)
    return button


def decoder_label(bar: StatusBar) -> QLabel:
    label = bar.findChild(QLabel, "decoderWords")
    assert isinstance(label, QLabel)
    return label


def test_the_decoder_is_named_while_a_device_is_wanted(bar: StatusBar, session: StandInController) -> None:
    session.open()
    assert not decoder_label(bar).text()
    session.settings.hardware = "auto"
    label = decoder_label(bar)
    assert label.text().startswith("software: ")
    assert label.text().endswith("…")
    assert "hardware decoding begins when a video is opened next" in label.toolTip()
    bar.resize(1280, 30)
    assert label.isVisible()
    bar.resize(300, 30)
    assert not label.isVisible()
    session.settings.hardware = "off"
    assert not label.text()


def test_video_in_words() -> None:
    info = make_info(average_rate=Fraction(30000, 1001), duration_s=65.2)
    assert video_words(info) == "h264  ·  64×48  ·  29.97 fps  ·  1:05"


def test_rate_and_length_are_measured_once_every_frame_is_listed(
    bar: StatusBar, session: StandInController
) -> None:
    session.open(make_info(average_rate=Fraction(30), duration_s=65.2))
    label = bar.findChild(QLabel, "videoWords")
    assert isinstance(label, QLabel)
    assert label.text().endswith("30 fps  ·  1:05")
    session.index = StandInIndex(60, IndexBasis.PACKETS)
    session.index_updated.emit()
    assert label.text().endswith("25 fps  ·  0:02.40")


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (None, "indexing"),
        (StandInIndex(50, IndexBasis.PACKETS, complete=False), "indexing 50 %"),
        (StandInIndex(100, IndexBasis.PACKETS), "100 frames counted from packets"),
        (StandInIndex(100, IndexBasis.DECODED), "100 frames verified by decoding"),
        (StandInIndex(100, IndexBasis.DECODED, damaged=7), "100 frames, 7 damaged"),
    ],
)
def test_index_in_words(index: StandInIndex | None, words: str) -> None:
    assert index_words(index, 100) == words  # type: ignore[arg-type]


def test_says_once_that_numbers_start_at_zero(bar: StatusBar, session: StandInController) -> None:
    session.index = StandInIndex(100, IndexBasis.PACKETS)
    session.open()
    tip = state_button(bar).toolTip()
    assert "0-based" in tip
    assert "Two packets were discarded." in tip


def test_doubts_are_flagged_and_can_be_settled(bar: StatusBar, session: StandInController) -> None:
    session.index = StandInIndex(100, IndexBasis.PACKETS)
    session.index.doubts = ("Timestamps repeat.",)
    session.open()
    button = state_button(bar)
    assert button.text().startswith("⚠")
    assert "Timestamps repeat." in button.toolTip()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert session.called("verify_numbering") == [()]


def test_verified_index_needs_no_verifying(bar: StatusBar, session: StandInController) -> None:
    session.index = StandInIndex(100, IndexBasis.DECODED)
    session.open()
    QTest.mouseClick(state_button(bar), Qt.MouseButton.LeftButton)
    assert session.called("verify_numbering") == []


def test_selection_in_words(bar: StatusBar, session: StandInController) -> None:
    session.marks, session.marked_range = (1, 5), FrameRange(10, 20)
    session.open()
    label = bar.findChild(QLabel, "selectionWords")
    assert isinstance(label, QLabel)
    assert label.text() == "2 marked   in–out 10–19  (10 frames)"


def test_notice_is_shown(bar: StatusBar, session: StandInController) -> None:
    session.notice_posted.emit("The picture is on the clipboard.", "info")
    assert bar.notice == "The picture is on the clipboard."
    session.notice_posted.emit("The file was deleted.", "warning")
    assert bar.notice == "The file was deleted."


def test_the_note_of_the_present_frame_is_read_and_never_too_long(
    bar: StatusBar, session: StandInController
) -> None:
    session.open()
    session.marks, session.notes = (3, 9), {3: "Goal", 9: "x" * 500}
    session.marks_changed.emit()
    label = bar.findChild(QLabel, "selectionWords")
    assert isinstance(label, QLabel)
    assert label.text() == "2 marked"
    session.show(3)
    assert label.text() == "“Goal”   2 marked"
    session.show(9)
    assert len(label.text()) < 50
    assert "…" in label.text()


@pytest.mark.parametrize("width", range(300, 1400, 100))
def test_values_are_shown_whole_or_not_at_all(
    qtbot: QtBot, bar: StatusBar, session: StandInController, width: int
) -> None:
    session.open()
    session.marked_range = FrameRange(0, 50)
    session.range_changed.emit()
    session.skipped_changed.emit(1234)
    bar.show_notice("A notice long enough to be elided " * 4, "info")
    bar.window().resize(width, 40)
    qtbot.wait(1)
    for name in ("selectionWords", "skippedWords", "videoWords"):
        label = part(bar, QLabel, name)
        assert not label.isVisible() or label.width() >= label.sizeHint().width(), name


def test_skipped_frames_are_counted_in_words(bar: StatusBar, session: StandInController) -> None:
    session.skipped_changed.emit(1)
    assert part(bar, QLabel, "skippedWords").text() == "1 frame skipped"
    session.skipped_changed.emit(0)
    assert part(bar, QLabel, "skippedWords").text() == ""


def test_a_b_loop_is_named(bar: StatusBar, session: StandInController) -> None:
    session.open()
    session.loop_start = 5
    session.choices_changed.emit()
    assert part(bar, QLabel, "selectionWords").text() == "A 5"
    session.loop = FrameRange(5, 10)
    session.choices_changed.emit()
    assert part(bar, QLabel, "selectionWords").text() == "A–B 5–9"
