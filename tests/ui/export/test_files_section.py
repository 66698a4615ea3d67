"""Choosing folder and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QPushButton

from framescope.core.export.settings import OnExisting
from framescope.core.sampling.sampling import SamplingKind
from framescope.ui.export.files_section import FilesSection
from framescope.ui.export.survey import FilesChoice, Survey
from tests.ui.parts import on_screen, part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def section(qtbot: QtBot) -> FilesSection:
    widget = FilesSection()
    return on_screen(qtbot, widget, 420, 240)


def survey_of(**changes: object) -> Survey:
    return Survey({SamplingKind.ALL: 3}, SamplingKind.ALL, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("on_existing", list(OnExisting))
def test_what_is_chosen_is_what_was_shown(section: FilesSection, on_existing: OnExisting) -> None:
    choice = FilesChoice("/fotos/ü", "{index}", on_existing)
    section.choose(choice)
    assert section.choice == choice


def test_the_first_and_the_last_name_are_shown(section: FilesSection) -> None:
    preview = part(section, QLabel, "exportNames")
    section.show_survey(survey_of(names=("a_0.jpg", "a_9.jpg")))
    assert preview.text() == "a_0.jpg\n… a_9.jpg"
    section.show_survey(survey_of(names=("a_0.jpg", "a_0.jpg")))
    assert preview.text() == "a_0.jpg"


def test_long_names_are_shortened_in_the_middle_and_whole_in_the_tip(section: FilesSection) -> None:
    preview = part(section, QLabel, "exportNames")
    long = "x" * 120 + "_000001.jpg"
    section.show_survey(survey_of(names=(long, long)))
    assert "…" in preview.text()
    assert preview.toolTip() == long


def test_names_are_never_read_as_markup(section: FilesSection) -> None:
    section.show_survey(survey_of(names=("<b>a</b>.jpg", "<b>a</b>.jpg")))
    assert part(section, QLabel, "exportNames").text() == "<b>a</b>.jpg"


def test_errors_are_shown_in_place(section: FilesSection) -> None:
    folder, pattern = part(section, QLineEdit, "exportFolder"), part(section, QLineEdit, "exportPattern")
    folder_error = part(section, QLabel, "exportFolderError")
    section.show_survey(survey_of(folder_error="Not a folder.", name_error="There is no field {x}."))
    assert not folder_error.isHidden()
    assert folder_error.text() == "Not a folder."
    assert part(section, QLabel, "exportNames").text() == "There is no field {x}."
    assert folder.property("invalid") is True
    assert pattern.property("invalid") is True
    section.show_survey(survey_of(names=("a.jpg", "a.jpg")))
    assert folder_error.isHidden()
    assert folder.property("invalid") is False
    assert pattern.property("invalid") is False


def test_a_field_can_be_inserted_at_the_cursor(section: FilesSection) -> None:
    pattern = part(section, QLineEdit, "exportPattern")
    pattern.setText("a_b")
    pattern.setCursorPosition(2)
    menu = part(section, QPushButton, "exportInsert").menu()
    assert menu is not None
    next(action for action in menu.actions() if action.data() == "{pts}").trigger()
    assert section.choice.name_pattern == "a_{pts}b"


def test_browsing_sets_the_folder(section: FilesSection, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["/there", ""])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: next(answers))
    for _ in range(2):
        part(section, QPushButton, "exportBrowse").click()
        assert section.choice.folder == "/there"


def test_changes_are_told(qtbot: QtBot, section: FilesSection) -> None:
    with qtbot.waitSignal(section.changed):
        part(section, QLineEdit, "exportFolder").setText("/a")
    with qtbot.waitSignal(section.changed):
        part(section, QComboBox, "exportOnExisting").setCurrentIndex(2)
