"""The wheel scrolls, and changes no field that it passes over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QScrollArea,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from framescope.session.controller import Controller
from framescope.session.settings import Settings
from framescope.ui.dialogs.preferences.dialog import PreferencesDialog
from framescope.ui.dialogs.shortcut_editor import ShortcutEditor
from framescope.ui.widgets.theme import FieldStyle
from framescope.ui.window.main_window import MainWindow
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource

Field = QComboBox | QSpinBox | QDoubleSpinBox | QSlider


@pytest.fixture(autouse=True)
def guard(qapp: QApplication) -> Iterator[None]:
    before = qapp.style().name()
    qapp.setStyle(FieldStyle("Fusion"))
    yield
    qapp.setStyle(before)


def turn_wheel(widget: QWidget, by: int = -120) -> None:
    """As a mouse does: the native window finds the widget, and offers the wheel to those around it."""
    window = widget.window()
    middle = widget.mapTo(window, widget.rect().center())
    QTest.wheelEvent(window.windowHandle(), QPointF(middle), QPoint(0, by))


def offer_wheel(widget: QWidget, by: int) -> None:
    """To this widget alone, seen or not."""
    middle, none, no_phase = QPointF(1, 1), Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    keys = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(middle, middle, QPoint(), QPoint(0, by), none, keys, no_phase, False)  # noqa: FBT003
    QCoreApplication.sendEvent(widget, event)


def value_of(field: Field) -> float:
    return field.currentIndex() if isinstance(field, QComboBox) else field.value()


def fields_in(widget: QWidget) -> list[Field]:
    return [
        *widget.findChildren(QComboBox),
        *widget.findChildren(QSpinBox),
        *widget.findChildren(QDoubleSpinBox),
    ]


def make_fields(parent: QWidget) -> list[Field]:
    combo, spin, fine, slider = (
        QComboBox(parent),
        QSpinBox(parent),
        QDoubleSpinBox(parent),
        QSlider(Qt.Orientation.Horizontal, parent),
    )
    combo.addItems(["one", "two", "three"])
    combo.setCurrentIndex(1)
    for one in (spin, fine, slider):
        one.setValue(50)
    return [combo, spin, fine, slider]


def test_in_a_scroll_area_the_wheel_only_scrolls(qtbot: QtBot) -> None:
    area, content = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    column = QVBoxLayout(content)
    fields = make_fields(content)
    for field in fields:
        column.addWidget(field)
    column.addStretch(1)
    content.setFixedSize(200, 2000)
    area.setWidget(content)
    area.resize(220, 200)
    with qtbot.waitExposed(area):
        area.show()
    for field in fields:
        for focused in (False, True):
            area.verticalScrollBar().setValue(0)
            if focused:
                field.setFocus()
            before = value_of(field)
            turn_wheel(field)
            assert value_of(field) == before
            assert area.verticalScrollBar().value() > 0


def test_elsewhere_a_field_needs_the_focus(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    combo, *others = make_fields(window)
    for field in (combo, *others):
        column.addWidget(field)
    with qtbot.waitActive(window):
        window.show()
    assert combo.focusPolicy() == Qt.FocusPolicy.StrongFocus
    others[0].setFocus()
    turn_wheel(combo)
    assert value_of(combo) == 1
    combo.setFocus()
    turn_wheel(combo)
    assert value_of(combo) == 2


def test_no_field_of_the_program_is_changed_by_the_wheel(
    qtbot: QtBot, theme: ThemeSource, plain_clip: Path
) -> None:
    settings = Settings()
    window = MainWindow(theme, settings)
    window.fill(Controller(settings=settings))
    window.controller.setParent(window)
    on_screen(qtbot, window, 1280, 800)
    window.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: window.controller.index is not None and window.controller.index.complete)
    for name in window.docks.panel_names:
        window.docks.show_panel(name)
    commands = window.dialogs
    for open_one in (
        commands.export_frames,
        commands.export_queue,
        commands.export_clip,
        commands.make_contact_sheet,
        commands.make_video,
    ):
        open_one()
    modal = [PreferencesDialog(settings, theme, window), ShortcutEditor(window.actions_by_id.key_map, window)]
    for dialog in modal:
        dialog.show()
    fields = fields_in(window)
    assert len(fields) > 40
    for field in fields:
        field.clearFocus()
        before = value_of(field)
        for by in (-120, 120):
            offer_wheel(field, by)
            assert value_of(field) == before, field.objectName()
    for dialog in modal:
        dialog.close()
    window.close()


def test_numbers_keep_away_from_the_edge(qtbot: QtBot) -> None:
    spin = QSpinBox()
    qtbot.addWidget(spin)
    spin.show()
    assert spin.lineEdit().textMargins().left() > 0
