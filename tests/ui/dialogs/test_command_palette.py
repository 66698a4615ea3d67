"""The palette: letters find commands, Enter runs the best one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from framescope.ui.actions.action_set import ActionSet
from framescope.ui.dialogs.command_palette import CommandPalette, match_score
from framescope.ui.icons import IconSource
from tests.ui.stand_ins import StandInController, StandInWindow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.ui.theme import ThemeSource


@pytest.fixture
def window(qtbot: QtBot, session: StandInController) -> StandInWindow:
    main = StandInWindow(session)
    qtbot.addWidget(main)
    return main


@pytest.fixture
def palette(
    window: StandInWindow, session: StandInController, theme: ThemeSource
) -> Iterator[CommandPalette]:
    session.open()
    actions = ActionSet(window, window.as_commands(), IconSource(theme, window))
    yield CommandPalette(actions, window)
    window.close()


def field(palette: CommandPalette) -> QLineEdit:
    found = palette.findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


def test_letters_in_order_find_a_command(palette: CommandPalette) -> None:
    QTest.keyClicks(field(palette), "nkf")
    assert palette.texts()[0] == "Next keyframe"


def test_greyed_out_commands_are_not_offered(palette: CommandPalette) -> None:
    assert "Clear marks" not in palette.texts()
    assert "Mark this frame" in palette.texts()


def test_enter_runs_the_chosen_command(palette: CommandPalette, session: StandInController) -> None:
    QTest.keyClicks(field(palette), "first frame")
    QTest.keyClick(field(palette), Qt.Key.Key_Return)
    assert session.called("show_first") == [()]


def test_arrow_keys_choose_from_the_field(palette: CommandPalette, session: StandInController) -> None:
    QTest.keyClicks(field(palette), "next")
    second = palette.texts()[1]
    QTest.keyClick(field(palette), Qt.Key.Key_Down)
    QTest.keyClick(field(palette), Qt.Key.Key_Return)
    assert second == "Next keyframe"
    assert session.called("show_next_keyframe") == [()]


def test_nothing_found_runs_nothing(palette: CommandPalette, session: StandInController) -> None:
    QTest.keyClicks(field(palette), "zzz")
    assert palette.texts() == ()
    before = len(session.calls)
    QTest.keyClick(field(palette), Qt.Key.Key_Return)
    assert len(session.calls) == before


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [("nf", "Next frame", "10 frames on a leaf"), ("play", "Play", "Step layer")],
)
def test_beginnings_of_words_count_more(typed: str, better: str, worse: str) -> None:
    good, bad = match_score(typed, better), match_score(typed, worse)
    assert good is not None
    assert bad is None or good < bad
