"""The codec panel shows, follows and copies every fact."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton, QToolButton

from framescope.core.model.stream_facts import FileContents, StreamChoice
from framescope.ui.panels.codec.fact_sheet import sheet_text
from framescope.ui.panels.codec.panel import CodecPanel
from framescope.ui.panels.fact_widgets import FactRow, GroupWidget, WarningList
from tests.ui.panels.panel_examples import OPENCV, gop_index, gop_info, open_video
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController


@pytest.fixture
def panel(qtbot: QtBot, controller: Controller, theme: ThemeSource) -> CodecPanel:
    made = CodecPanel(controller, theme)
    return on_screen(qtbot, made, 340, 700)


def rows(panel: CodecPanel) -> list[FactRow]:
    """All rows, once each fact has one: they are made group by group."""

    def shown() -> list[FactRow]:
        return [each for each in panel.findChildren(FactRow) if each.isVisibleTo(panel)]

    def wanted() -> int:
        # Asked anew each time: what the parameter sets say arrives in between.
        assert panel.sheet is not None
        return sum(len(group.facts) for group in panel.sheet.groups)

    for _ in range(100):
        QCoreApplication.processEvents()
        if len(shown()) == wanted():
            break
    assert len(shown()) == wanted()
    return shown()


def row(panel: CodecPanel, label: str) -> FactRow:
    return next(each for each in rows(panel) if each.fact is not None and each.fact.label == label)


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_without_a_video_it_says_what_it_is_for(panel: CodecPanel) -> None:
    assert panel.sheet is None
    panel.copy_as_text()
    panel.copy_as_json()


def test_facts_appear_with_the_video(panel: CodecPanel, session: StandInController, qtbot: QtBot) -> None:
    open_video(session)
    qtbot.waitUntil(lambda: panel.sheet is not None)
    assert row(panel, "FourCC").fact is not None
    assert not row(panel, "Counted").isHidden()
    assert not panel.findChild(WarningList, "disagreements").isVisible()  # type: ignore[union-attr]


def test_opencv_s_answer_comes_later_and_is_compared(
    panel: CodecPanel, session: StandInController, qtbot: QtBot
) -> None:
    open_video(session)
    session.opencv_facts = replace(OPENCV, frame_count=14.0)  # type: ignore[assignment]
    session.opencv_facts_found.emit()
    warnings = panel.findChild(WarningList, "disagreements")
    assert isinstance(warnings, WarningList)
    qtbot.waitUntil(warnings.isVisible)
    assert warnings.sentences[0].startswith("OpenCV says 14 frames; 12 can be shown.")
    session.opencv_facts = OPENCV  # type: ignore[assignment]
    session.opencv_facts_found.emit()
    qtbot.waitUntil(lambda: not warnings.isVisible())
    assert warnings.sentences == ()


def test_a_growing_index_is_followed_but_not_at_every_step(
    panel: CodecPanel, session: StandInController, qtbot: QtBot
) -> None:
    open_video(session, gop_index(complete=False))
    sheet = panel.sheet
    session.index = gop_index()
    for _ in range(50):
        session.index_updated.emit()
    assert panel.sheet is sheet
    qtbot.waitUntil(lambda: panel.sheet is not None and panel.sheet.compared[0].measured == "12")


def test_the_frame_on_screen_tells_its_size(
    panel: CodecPanel, session: StandInController, qtbot: QtBot
) -> None:
    open_video(session)
    session.show(0)
    qtbot.waitUntil(lambda: panel.sheet is not None and panel.sheet.compared[3].measured == "64×48")


def test_rows_are_reused_when_another_video_opens(panel: CodecPanel, session: StandInController) -> None:
    open_video(session)
    rows(panel)
    before = len(panel.findChildren(FactRow))
    open_video(session, codec="hevc", codec_meaning="H.265 (HEVC)", profile=None, level=None)
    assert len(panel.findChildren(FactRow)) == before
    assert row(panel, "Codec").fact is not None
    with pytest.raises(StopIteration):
        row(panel, "Profile")


def test_a_value_is_copied_from_its_row(panel: CodecPanel, session: StandInController) -> None:
    open_video(session)
    fourcc = row(panel, "FourCC")
    place = QPointF(5, 5)
    fourcc.enterEvent(QEnterEvent(place, place, place))
    button = panel.findChild(QToolButton, "copyRow")
    assert isinstance(button, QToolButton)
    button.click()
    assert clipboard() == "avc1"


def test_a_row_s_menu_copies_value_row_and_everything(panel: CodecPanel, session: StandInController) -> None:
    open_video(session)
    menu = panel.row_menu(row(panel, "FourCC"))
    value, whole, _line, as_text, as_json = menu.actions()
    value.trigger()
    assert clipboard() == "avc1"
    whole.trigger()
    assert clipboard() == "FourCC: avc1 – H.264"
    as_text.trigger()
    assert "declared" in clipboard()
    as_json.trigger()
    assert json.loads(clipboard())["declared"]["fourcc"] == "avc1"
    menu.close()


def test_a_long_name_is_copied_as_it_is(panel: CodecPanel, session: StandInController) -> None:
    name = "a_very_long_name_" * 8 + ".mp4"
    open_video(session, source=f"/videos/{name}")
    menu = panel.row_menu(row(panel, "File"))
    menu.actions()[0].trigger()
    assert clipboard() == name
    menu.close()


def test_everything_fits_in_340_pixels(panel: CodecPanel, session: StandInController) -> None:
    open_video(
        session,
        source="/videos/" + "x" * 200 + ".mp4",
        fourcc="[27][0][0][0]",
        fourcc_meaning="no FourCC: MPEG-TS stream type 0x1b, H.264",
    )
    inside = row(panel, "File").parentWidget()
    for each in panel.findChildren(FactRow):
        assert each.mapTo(panel, QPoint(each.width(), 0)).x() <= panel.width()
    assert inside is not None


def test_another_stream_can_be_chosen(panel: CodecPanel, session: StandInController, qtbot: QtBot) -> None:
    second = StreamChoice(2, "h264", 320, 240, is_cover=False, is_default=False, label="#2 h264 320×240")
    open_video(session, video_streams=(*gop_info().video_streams, second), streams_total=3)
    chooser = panel.findChild(QComboBox, "streamChooser")
    assert isinstance(chooser, QComboBox)
    qtbot.waitUntil(chooser.isVisible)
    assert chooser.currentData() == 0
    QTest.keyClick(chooser, Qt.Key.Key_Down)
    assert chooser.currentData() == 2
    assert ("/videos/clip.mp4",) in session.called("open_source")


def test_facts_of_the_last_video_are_not_shown_beside_the_next(
    panel: CodecPanel, session: StandInController, qtbot: QtBot
) -> None:
    open_video(session)
    fourcc, before = row(panel, "FourCC"), panel.sheet
    qtbot.waitUntil(fourcc.isVisible)
    open_video(session, gop_index(complete=False))
    assert not fourcc.isVisible()
    qtbot.waitUntil(fourcc.isVisible)
    assert panel.sheet != before


def test_groups_of_another_video_follow_one_in_each_turn(
    panel: CodecPanel, session: StandInController, qtbot: QtBot
) -> None:
    open_video(session)
    rows(panel)
    open_video(session, codec="hevc", codec_meaning="H.265 (HEVC)")
    counts: list[int] = []

    def is_filled() -> bool:
        counts.append(len([each for each in panel.findChildren(GroupWidget) if each.isVisible()]))
        return counts[-1] >= 6

    qtbot.waitUntil(is_filled)
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert row(panel, "Codec").fact is not None


def test_one_stream_needs_no_chooser(panel: CodecPanel, session: StandInController) -> None:
    open_video(session)
    assert not panel.findChild(QComboBox, "streamChooser").isVisible()  # type: ignore[union-attr]


def test_counting_by_decoding_is_offered(panel: CodecPanel, session: StandInController) -> None:
    open_video(session)
    button = panel.findChild(QPushButton, "countByDecoding")
    assert isinstance(button, QPushButton)
    button.click()
    assert len(session.called("verify_numbering")) == 1


def test_closing_empties_it(panel: CodecPanel, session: StandInController) -> None:
    open_video(session)
    session.info = session.index = None
    session.source_closed.emit()
    assert panel.sheet is None


def _titles(panel: CodecPanel) -> list[str]:
    """The headings that can be seen."""
    groups = [each for each in panel.findChildren(GroupWidget) if not each.isHidden()]
    return [each.accessibleName() for each in groups]


def test_groups_of_the_previous_video_are_gone(panel: CodecPanel, session: StandInController) -> None:
    open_video(session, contents=FileContents(tags={"comment": "dusk"}))
    rows(panel)
    assert "Tags" in _titles(panel)
    open_video(session)
    rows(panel)
    assert _titles(panel) == ["Container", "Stream", "Picture", "Colour", "Timing", "Counts"]


def test_a_group_stays_as_it_was_left(panel: CodecPanel, session: StandInController) -> None:
    open_video(session)
    rows(panel)
    group = next(each for each in panel.findChildren(GroupWidget) if each.accessibleName() == "Colour")
    heading = group.findChild(QToolButton)
    assert isinstance(heading, QToolButton)
    heading.click()
    open_video(session, codec="hevc", codec_meaning="H.265 (HEVC)")
    assert panel.sheet is not None
    assert not group.is_open
    assert "Matrix" in sheet_text(panel.sheet)
