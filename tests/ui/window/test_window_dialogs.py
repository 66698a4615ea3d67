"""The dialogs that the window opens, and what their outcome changes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from framescope.core.log import logging_to
from framescope.session.settings import Settings
from framescope.ui.actions.action_set import ActionSet
from framescope.ui.dialogs.command_palette import CommandPalette
from framescope.ui.dialogs.shortcut_editor import ShortcutEditor
from framescope.ui.widgets.icons import IconSource
from framescope.ui.window.window_dialogs import WindowDialogs
from tests.ui.stand_ins import StandInController, StandInWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def dialogs(
    qtbot: QtBot, session: StandInController, theme: ThemeSource, settings: Settings
) -> Iterator[WindowDialogs]:
    window = StandInWindow(session)
    qtbot.addWidget(window)
    actions = ActionSet(window, window.as_commands(), IconSource(theme, window))
    with qtbot.waitExposed(window):
        window.show()
    yield WindowDialogs(window, actions, theme, settings)  # type: ignore[arg-type]
    window.close()


def answering(answer: Callable[[QDialog], None]) -> None:
    """Answer the next dialog once it runs."""

    def respond() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        answer(dialog)

    QTimer.singleShot(0, respond)


def test_changed_keys_are_kept(dialogs: WindowDialogs, settings: Settings) -> None:
    def answer(dialog: QDialog) -> None:
        assert isinstance(dialog, ShortcutEditor)
        dialog.key_map = dialog.key_map.rebound("go.to", ("H",))
        dialog.accept()

    answering(answer)
    dialogs.edit_shortcuts()
    assert settings.key_overrides == {"go.to": ("H",)}


def test_the_editor_shows_and_keeps_what_another_window_has_changed(
    dialogs: WindowDialogs, settings: Settings
) -> None:
    # After this window has read its keys, and by a later version that has more actions.
    settings.key_overrides = {"mark.note": ("Y",), "of.a.later.version": ("J",)}
    seen: list[dict[str, tuple[str, ...]]] = []

    def answer(dialog: QDialog) -> None:
        assert isinstance(dialog, ShortcutEditor)
        seen.append(dict(dialog.key_map.changes))
        # And another one while the editor is open.
        settings.key_overrides = {**settings.key_overrides, "file.open": ("Ctrl+P",)}
        dialog.key_map = dialog.key_map.rebound("go.to", ("H",))
        dialog.accept()

    answering(answer)
    dialogs.edit_shortcuts()
    assert seen == [{"mark.note": ("Y",)}]
    assert settings.key_overrides == {
        "mark.note": ("Y",),
        "of.a.later.version": ("J",),
        "file.open": ("Ctrl+P",),
        "go.to": ("H",),
    }


def test_cancelled_editor_changes_nothing(dialogs: WindowDialogs, settings: Settings) -> None:
    answering(QDialog.reject)
    dialogs.edit_shortcuts()
    assert settings.key_overrides == {}


def test_preferences_open_and_close(dialogs: WindowDialogs) -> None:
    answering(QDialog.accept)
    dialogs.edit_preferences()


def test_about_opens_and_closes(dialogs: WindowDialogs) -> None:
    answering(QDialog.accept)
    dialogs.show_about()


def test_help_and_palette_open(dialogs: WindowDialogs) -> None:
    dialogs.show_help()
    assert dialogs.help.isVisible()
    dialogs.show_help()
    assert not dialogs.help.isVisible()
    dialogs.show_command_palette()
    palettes = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, CommandPalette)]
    assert len(palettes) == 1
    palettes[0].close()


def test_what_is_typed_reaches_the_field_of_the_palette(qtbot: QtBot, dialogs: WindowDialogs) -> None:
    dialogs.show_command_palette()
    palette = QApplication.activePopupWidget()
    assert isinstance(palette, CommandPalette)
    # A popup gets every key itself, and hands it to the widget that has the focus in it.
    field = palette.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(palette.focusWidget(), "pref")
    assert field.text() == "pref"
    assert palette.texts()[0].startswith("Preferences")
    palette.close()
    del qtbot


def test_the_log_is_copied_with_the_versions(
    qtbot: QtBot, dialogs: WindowDialogs, session: StandInController, tmp_path: Path
) -> None:
    with logging_to(tmp_path / "x.log", "info"), qtbot.waitSignal(session.notice_posted) as notice:
        logging.getLogger("framescope.tests").info("what happened")
        dialogs.copy_log()
    text = QApplication.clipboard().text()
    assert text.startswith("FrameScope ")
    assert text.endswith("what happened\n")
    assert str(tmp_path / "x.log") in notice.args[0]


def test_without_a_log_the_versions_are_copied(
    qtbot: QtBot, dialogs: WindowDialogs, session: StandInController
) -> None:
    with qtbot.waitSignal(session.notice_posted) as notice:
        dialogs.copy_log()
    assert "PyAV" in QApplication.clipboard().text()
    assert "no log" in notice.args[0]
