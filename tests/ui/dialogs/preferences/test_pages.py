"""The pages: every setting is reached, followed, reset and taken back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QToolButton,
)

from framescope.core import translation
from framescope.core.log import LogLevel, logging_to, use_level
from framescope.session.settings import ColorSet, ExportStart, Settings
from framescope.ui.dialogs.preferences.dialog import PreferencesDialog
from framescope.ui.export.memory import choices_from_table
from framescope.ui.widgets.theme import DARK

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def dialog(qtbot: QtBot, settings: Settings, theme: ThemeSource) -> PreferencesDialog:
    theme.follow(settings)
    widget = PreferencesDialog(settings, theme)
    qtbot.addWidget(widget)
    return widget


def change(field: QWidget) -> None:
    """Another value than the field has, as a hand would choose it."""
    if isinstance(field, QComboBox):
        field.setCurrentIndex((field.currentIndex() + 1) % field.count())
    elif isinstance(field, QCheckBox):
        field.toggle()
    elif isinstance(field, QSpinBox):
        field.setValue(field.value() - 1 if field.value() > field.minimum() else field.value() + 1)


def fields(dialog: PreferencesDialog, settings: Settings) -> dict[str, QWidget]:
    kinds = (QComboBox, QCheckBox, QSpinBox)
    named = {field.objectName(): field for kind in kinds for field in dialog.findChildren(kind)}
    return {name: field for name, field in named.items() if hasattr(type(settings), name)}


def test_every_field_changes_its_setting_at_once_and_cancel_takes_it_back(
    dialog: PreferencesDialog, settings: Settings
) -> None:
    settings.key_overrides = {"go.to": ("H",)}
    shown = fields(dialog, settings)
    assert len(shown) > 12
    before = {name: getattr(settings, name) for name in shown}
    for name, field in shown.items():
        change(field)
        assert getattr(settings, name) != before[name], name
    dialog.reject()
    assert {name: getattr(settings, name) for name in shown} == before
    assert {name: settings.stored_value(name) for name in shown} == dict.fromkeys(shown)


def test_fields_follow_changes_from_elsewhere(dialog: PreferencesDialog, settings: Settings) -> None:
    settings.is_muted = True
    settings.volume = 40
    settings.color_set = ColorSet.COLOR_BLIND
    shown = fields(dialog, settings)
    muted, volume, colors = shown["is_muted"], shown["volume"], shown["color_set"]
    assert isinstance(muted, QCheckBox)
    assert isinstance(volume, QSpinBox)
    assert isinstance(colors, QComboBox)
    assert (muted.isChecked(), volume.value(), colors.currentIndex()) == (True, 40, 1)


def test_resetting_a_page_leaves_the_others(dialog: PreferencesDialog, settings: Settings) -> None:
    settings.volume, settings.is_muted, settings.thumbnail_height = 40, True, 96
    settings.key_preset, settings.key_overrides = "mpv", {"go.to": ("H",)}
    button = dialog.findChild(QPushButton, "preferencesReset")
    assert button is not None
    dialog.show_page("Playback and sound")
    button.click()
    assert (settings.volume, settings.is_muted, settings.thumbnail_height) == (100, False, 96)
    assert settings.key_preset == "mpv"
    dialog.show_page("Keys")
    button.click()
    assert (settings.key_preset, settings.key_overrides) == ("FrameScope", {})


def test_search_leaves_the_pages_with_these_words(dialog: PreferencesDialog) -> None:
    search = dialog.findChild(QLineEdit, "preferencesSearch")
    pages = dialog.findChild(QListWidget, "preferencesPages")
    assert search is not None
    assert pages is not None
    search.setText("timecode")
    assert list(dialog.titles) == ["General"]
    search.setText("back and forth")
    assert list(dialog.titles) == ["Playback and sound"]
    assert pages.currentItem().text() == "Playback and sound"
    search.setText("no such thing")
    assert list(dialog.titles) == []
    nothing = dialog.findChild(QLabel, "preferencesNothing")
    assert nothing is not None
    assert nothing.text() == "Nothing is called “no such thing”."
    assert pages.isHidden()
    search.clear()
    assert nothing.isHidden()
    assert len(dialog.titles) == pages.count()


def test_own_colours_are_used_at_once_and_restored(
    dialog: PreferencesDialog, settings: Settings, theme: ThemeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles: list[str] = []

    def choose(_color: QColor, _parent: object, title: str) -> QColor:
        titles.append(title)
        return QColor("#123456")

    monkeypatch.setattr(QColorDialog, "getColor", choose)
    button = dialog.findChild(QToolButton, "color.i_frame")
    assert button is not None
    button.click()
    assert titles == ["Colour of I pictures"]
    assert theme.tokens.i_frame.name() == "#123456"
    warning = dialog.findChild(QLabel, "colorWarning")
    assert warning is not None
    assert "I pictures" in warning.text()
    restore = dialog.findChild(QPushButton, "restore.i_frame")
    assert restore is not None
    restore.click()
    assert theme.tokens == DARK
    assert settings.colors == {}


def test_export_defaults_are_kept_while_they_are_valid(dialog: PreferencesDialog, settings: Settings) -> None:
    settings.export_start = ExportStart.DEFAULTS
    formats, pattern = (
        dialog.findChild(QComboBox, "exportFormat"),
        dialog.findChild(QLineEdit, "export_pattern"),
    )
    level = dialog.findChild(QSpinBox, "exportLevel")
    assert formats is not None
    assert pattern is not None
    assert level is not None
    formats.setCurrentIndex(formats.findData("png"))
    level.setValue(7)
    pattern.setText("shot_{frame:04d}")
    pattern.textEdited.emit(pattern.text())
    kept = choices_from_table(settings.export_defaults)
    assert (kept.format.image_format, kept.format.compression) == ("png", 7)
    assert kept.files.name_pattern == "shot_{frame:04d}"
    pattern.setText("{no such field}")
    pattern.textEdited.emit(pattern.text())
    assert choices_from_table(settings.export_defaults).files.name_pattern == "shot_{frame:04d}"


def test_the_log_page_says_where_the_log_is(
    qtbot: QtBot, settings: Settings, theme: ThemeSource, tmp_path: Path
) -> None:
    with logging_to(tmp_path / "x.log", None):
        use_level(LogLevel.DEBUG)
        assert logging.getLogger("framescope").level == logging.DEBUG
        open_one = PreferencesDialog(settings, theme)
        qtbot.addWidget(open_one)
        where, level = open_one.findChild(QLabel, "logPath"), open_one.findChild(QComboBox, "log_level")
        assert where is not None
        assert level is not None
        assert where.text() == str(tmp_path / "x.log")
        assert level.isEnabled()
    with logging_to(tmp_path / "x.log", "warning"):
        use_level(LogLevel.DEBUG)
        assert logging.getLogger("framescope").level == logging.WARNING
        given = PreferencesDialog(settings, theme)
        qtbot.addWidget(given)
        level = given.findChild(QComboBox, "log_level")
        assert level is not None
        assert not level.isEnabled()


def test_languages_are_offered_where_there_are_catalogues(
    qtbot: QtBot, settings: Settings, theme: ThemeSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = PreferencesDialog(settings, theme)
    qtbot.addWidget(plain)
    assert plain.findChild(QComboBox, "language") is None
    for language in ("pl", "pt_BR"):
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "framescope.mo").write_bytes(b"")
    monkeypatch.setattr(translation, "resource_path", lambda *_: tmp_path)
    dialog = PreferencesDialog(settings, theme)
    qtbot.addWidget(dialog)
    combo = dialog.findChild(QComboBox, "language")
    assert combo is not None
    assert [combo.itemData(row) for row in range(combo.count())] == ["", "en", "pl", "pt_BR"]
    combo.setCurrentIndex(2)
    assert settings.language == "pl"
