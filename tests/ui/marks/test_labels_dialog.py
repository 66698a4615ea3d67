"""Names and colours of labels, typed and chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QDialogButtonBox, QLabel, QLineEdit, QPushButton, QToolButton

from framescope.core.marks.labels import DEFAULT_LABELS
from framescope.ui.marks.labels_dialog import LabelsDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.session.settings import Settings


@pytest.fixture
def settings(controller: Controller) -> Settings:
    return controller.settings


@pytest.fixture
def dialog(qtbot: QtBot, controller: Controller) -> LabelsDialog:
    made = LabelsDialog(controller)
    qtbot.addWidget(made)
    return made


def name_field(dialog: LabelsDialog, number: int) -> QLineEdit:
    field = dialog.findChild(QLineEdit, f"labelName{number}")
    assert isinstance(field, QLineEdit)
    return field


def ok_button(dialog: LabelsDialog) -> QPushButton:
    box = dialog.findChild(QDialogButtonBox)
    assert isinstance(box, QDialogButtonBox)
    return box.button(QDialogButtonBox.StandardButton.Ok)


def test_what_is_typed_is_kept_by_ok(
    qtbot: QtBot, dialog: LabelsDialog, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    name_field(dialog, 3).setText("  cat & dog ")
    name_field(dialog, 4).clear()
    titles: list[str] = []

    def choose(_color: QColor, _parent: object, title: str) -> QColor:
        titles.append(title)
        return QColor("#123456")

    monkeypatch.setattr(QColorDialog, "getColor", choose)
    swatch = dialog.findChild(QToolButton, "labelColor3")
    assert isinstance(swatch, QToolButton)
    swatch.click()
    assert titles == ["Colour of cat & dog"]
    assert settings.labels == DEFAULT_LABELS
    with qtbot.waitSignal(settings.changed, check_params_cb=lambda name: name == "labels"):
        ok_button(dialog).click()
    assert settings.labels[2] == ("cat & dog", "#123456")
    assert settings.labels[3] == DEFAULT_LABELS[3]


def test_a_colour_that_was_not_chosen_stays(dialog: LabelsDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: QColor())
    swatch = dialog.findChild(QToolButton, "labelColor1")
    assert isinstance(swatch, QToolButton)
    swatch.click()
    assert dialog.labels == DEFAULT_LABELS


def test_two_keys_cannot_give_the_same_label(dialog: LabelsDialog) -> None:
    problem = dialog.findChild(QLabel, "labelsProblem")
    assert isinstance(problem, QLabel)
    assert problem.isHidden()
    name_field(dialog, 1).setText("cat")
    name_field(dialog, 2).setText("cat")
    assert not problem.isHidden()
    assert "cat" in problem.text()
    assert not ok_button(dialog).isEnabled()
    name_field(dialog, 2).setText("dog")
    assert problem.isHidden()


def test_tab_goes_from_name_to_name(dialog: LabelsDialog) -> None:
    for number in range(1, len(DEFAULT_LABELS)):
        assert name_field(dialog, number).nextInFocusChain() is name_field(dialog, number + 1)


def test_frames_that_have_a_label_follow_its_name(live: Controller, qtbot: QtBot) -> None:
    """Most people label first, and name the labels when they know what there is."""
    dialog, selection = LabelsDialog(live), live.selection
    qtbot.addWidget(dialog)
    for number, label in ((3, "1"), (5, "2"), (8, "1"), (9, "other")):
        selection.set_label(number, label)
    # Each for the other: both at once.
    name_field(dialog, 1).setText("2")
    name_field(dialog, 2).setText("cat")
    with qtbot.waitSignal(live.notice_posted) as posted:
        ok_button(dialog).click()
    assert dict(selection.state.labels) == {3: "2", 5: "cat", 8: "2", 9: "other"}
    assert posted.args is not None
    assert posted.args[0].startswith("3 frames of this video got the new name")
    selection.undo()
    assert dict(selection.state.labels) == {3: "1", 5: "2", 8: "1", 9: "other"}
