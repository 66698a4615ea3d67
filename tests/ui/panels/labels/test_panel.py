"""The labels panel: keys, counts, the label of the current frame, and the marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QTableView, QToolButton

from framescope.ui.panels.labels.panel import LabelsPanel
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


def make_panel(qtbot: QtBot, live: Controller, theme: ThemeSource) -> LabelsPanel:
    panel = LabelsPanel(live, theme)
    qtbot.addWidget(panel)
    panel.resize(340, 500)
    panel.show()
    return panel


def test_a_click_labels_the_current_frame_and_another_takes_the_label_away(
    qtbot: QtBot, live: Controller, theme: ThemeSource
) -> None:
    panel = make_panel(qtbot, live, theme)
    live.show_frame(7)
    button = part(panel, QToolButton, "label.3")
    button.click()
    assert live.labels == {7: live.settings.labels[2].name}
    assert button.isChecked()
    live.show_frame(8)
    assert not button.isChecked()
    live.show_frame(7)
    button.click()
    assert not live.labels
    assert not button.isChecked()


def test_frames_are_counted_by_label(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    panel = make_panel(qtbot, live, theme)
    for number, place in ((1, 1), (2, 1), (3, 2)):
        live.show_frame(number)
        live.toggle_label(place)
    live.set_label(9, "by hand")
    shown = [label.text() for label in panel.findChildren(QLabel)]
    assert shown.count("2") == 2
    assert part(panel, QLabel, "labelsTotal").text() == "4 marks   ·   1 with other labels"


def test_a_label_that_is_renamed_has_its_new_name_at_once(
    qtbot: QtBot, live: Controller, theme: ThemeSource
) -> None:
    panel = make_panel(qtbot, live, theme)
    labels = live.settings.labels
    assert part(panel, QToolButton, "label.1").text() == "Label 1"
    live.settings.labels = (labels[0]._replace(name="blurred"), *labels[1:])
    assert part(panel, QToolButton, "label.1").text() == "blurred"


def test_a_click_on_a_mark_goes_there(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    panel = make_panel(qtbot, live, theme)
    live.mark_frames([4, 30])
    table = part(panel, QTableView, "labelsMarks")
    table.clicked.emit(table.model().index(1, 1))
    assert live.position == 30
    assert table.selectionModel().selectedRows()[0].row() == 1
    live.show_frame(5)
    assert not table.selectionModel().hasSelection()
