"""The preferences: what OK keeps and what Cancel gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QComboBox, QSpinBox

from framescope.session.settings import Settings
from framescope.ui.dialogs.preferences.dialog import PreferencesDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def dialog(qtbot: QtBot, settings: Settings, theme: ThemeSource) -> PreferencesDialog:
    widget = PreferencesDialog(settings, theme)
    qtbot.addWidget(widget)
    return widget


def combo(dialog: PreferencesDialog, name: str) -> QComboBox:
    box = dialog.findChild(QComboBox, name)
    assert isinstance(box, QComboBox)
    return box


def spin(dialog: PreferencesDialog, name: str) -> QSpinBox:
    box = dialog.findChild(QSpinBox, name)
    assert isinstance(box, QSpinBox)
    return box


def test_theme_is_seen_at_once_and_given_back(
    dialog: PreferencesDialog, theme: ThemeSource, settings: Settings
) -> None:
    theme.follow(settings)
    combo(dialog, "theme").setCurrentText("Light")
    assert theme.choice.value == "light"
    dialog.reject()
    assert theme.choice.value == "system"


def test_everything_is_kept(dialog: PreferencesDialog, settings: Settings) -> None:
    settings.key_overrides = {"go.to": ("H",)}
    combo(dialog, "theme").setCurrentText("Light")
    combo(dialog, "key_preset").setCurrentText("mpv")
    spin(dialog, "cache_bytes").setValue(128)
    spin(dialog, "thumbnail_height").setValue(96)
    dialog.accept()
    assert settings.theme == "light"
    assert settings.key_preset == "mpv"
    assert settings.key_overrides == {"go.to": ("H",)}
    assert settings.cache_bytes == 128 << 20
    assert settings.thumbnail_height == 96


def test_untouched_values_stay_automatic(dialog: PreferencesDialog, settings: Settings) -> None:
    changed: list[str] = []
    settings.changed.connect(changed.append)
    dialog.accept()
    assert changed == []
