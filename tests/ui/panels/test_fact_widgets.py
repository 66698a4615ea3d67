"""The pieces of the fact panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from framescope.core.media.facts.disagreements import Disagreement
from framescope.ui.panels.codec.fact_groups import Fact, FactGroup
from framescope.ui.panels.codec.fact_sheet import Comparison
from framescope.ui.panels.fact_widgets import (
    MARGIN,
    ComparisonTable,
    FactRow,
    GroupWidget,
    PanelScroll,
    WarningList,
    empty_page,
)
from framescope.ui.widgets.theme import ThemeChoice, set_role
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden() and label.text()]


def test_wrong_cells_are_told_by_sign_as_well_as_colour(qtbot: QtBot, theme: ThemeSource) -> None:
    table = ComparisonTable(theme)
    qtbot.addWidget(table)
    table.set_rows([Comparison("frames", "Frames", "98", "96", "98", declared_is_wrong=True)])
    assert texts(table) == ["declared", "measured", "OpenCV", "Frames", "≠ 98", "96", "98"]
    table.set_rows([Comparison("frames", "Frames", "96", "96", "96")])
    assert "≠ 98" not in texts(table)
    table.grab()


def test_warnings_take_no_room_when_there_are_none(qtbot: QtBot, theme: ThemeSource) -> None:
    warnings = WarningList(theme)
    qtbot.addWidget(warnings)
    assert warnings.isHidden()
    warnings.set_disagreements([Disagreement("frames", "One."), Disagreement("rate", "Two.")])
    assert list(warnings.sentences) == ["One.", "Two."]
    assert not warnings.isHidden()
    warnings.set_disagreements([Disagreement("frames", "Three.")])
    assert list(warnings.sentences) == ["Three."]
    warnings.grab()


def test_a_row_names_itself_for_screen_readers(qtbot: QtBot, theme: ThemeSource) -> None:
    row = FactRow(theme)
    qtbot.addWidget(row)
    row.set_fact(Fact("FourCC", "avc1", "H.264"))
    assert row.accessibleName() == "FourCC: avc1 – H.264"
    assert texts(row) == ["FourCC", "avc1", "H.264"]
    row.set_fact(Fact("File", "ab", may_break=True))
    assert texts(row) == ["File", "a\u200bb"]


def test_a_group_hides_what_it_does_not_need(qtbot: QtBot, theme: ThemeSource) -> None:
    group = GroupWidget(theme)
    qtbot.addWidget(group)
    group.set_group(FactGroup("Stream", (Fact("A", "1"), Fact("B", "2"))))
    group.set_group(FactGroup("", (Fact("C", "3"),)))
    assert [not row.isHidden() for row in group.rows] == [True, False]
    assert "Stream" not in texts(group)


def test_a_group_closes_and_makes_rows_only_when_open(qtbot: QtBot, theme: ThemeSource) -> None:
    group = GroupWidget(theme)
    on_screen(qtbot, group, 300, 200)
    told: list[tuple[str, bool]] = []
    group.toggled.connect(lambda title, is_open: told.append((title, is_open)))
    chapters = FactGroup("Chapters", tuple(Fact(str(n), "x") for n in range(50)), "50", begins_closed=True)
    group.set_group(chapters, is_open=False)
    assert (group.is_open, group.rows, "50" in texts(group)) == (False, [], True)
    heading = group.findChild(QToolButton)
    assert isinstance(heading, QToolButton)
    QTest.keyClick(heading, Qt.Key.Key_Space)
    assert (group.is_open, len(group.rows), "50" in texts(group)) == (True, 50, False)
    QTest.mouseClick(heading, Qt.MouseButton.LeftButton)
    assert not any(row.isVisible() for row in group.rows)
    assert told == [("Chapters", True), ("Chapters", False)]


def test_the_scroll_bar_stands_in_the_margin(qtbot: QtBot) -> None:
    content = QWidget()
    inset = QVBoxLayout(content)
    inset.setContentsMargins(MARGIN, 0, MARGIN, 0)
    tall = QLabel("tall", content)
    inset.addWidget(tall)
    area = PanelScroll(content, (inset,))
    on_screen(qtbot, area, 200, 100)
    assert inset.contentsMargins().right() == MARGIN
    tall.setFixedHeight(500)
    qtbot.waitUntil(lambda: inset.contentsMargins().right() < MARGIN)


def test_roles_and_empty_pages(qtbot: QtBot, theme: ThemeSource) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    page = empty_page(parent, "Nothing here.")
    assert texts(page) == ["Nothing here."]
    label = QLabel(page)
    set_role(label, "warning")
    assert label.property("role") == "warning"
    theme.set_choice(ThemeChoice.LIGHT)
