"""The palette: letters find commands, Enter runs the best one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QTreeWidget

from framescope.ui.actions.action_set import ActionSet
from framescope.ui.dialogs.command_palette import CommandPalette, match_score
from framescope.ui.widgets.icons import IconSource
from tests.ui.stand_ins import StandInController, StandInWindow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


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


def test_first_letters_find_a_command(palette: CommandPalette) -> None:
    QTest.keyClicks(field(palette), "nk")
    assert palette.texts()[0] == "Next keyframe"


def test_what_cannot_be_done_now_comes_last_with_the_reason(
    palette: CommandPalette, session: StandInController
) -> None:
    assert palette.texts().index("Clear marks") > palette.texts().index("Quit")
    QTest.keyClicks(field(palette), "clear marks")
    assert palette.texts() == ("Clear marks",)
    tree = palette.findChild(QTreeWidget)
    assert isinstance(tree, QTreeWidget)
    (item,) = tree.findItems("Clear marks", Qt.MatchFlag.MatchExactly)
    assert item.isDisabled()
    assert item.text(1) == "no frame is marked"
    before = len(session.calls)
    QTest.keyClick(field(palette), Qt.Key.Key_Return)
    tree.itemClicked.emit(item, 0)
    assert len(session.calls) == before


def test_without_a_video_that_is_the_reason(window: StandInWindow, theme: ThemeSource) -> None:
    actions = ActionSet(window, window.as_commands(), IconSource(theme, window))
    palette = CommandPalette(actions, window)
    tree = palette.findChild(QTreeWidget)
    assert isinstance(tree, QTreeWidget)
    for name in ("Next frame", "Clear marks", "Copy picture"):
        (item,) = tree.findItems(name, Qt.MatchFlag.MatchExactly)
        assert item.text(1) == "no video is open"


def test_commands_beside_the_actions_are_found(window: StandInWindow, theme: ThemeSource) -> None:
    done: list[str] = []
    actions = ActionSet(window, window.as_commands(), IconSource(theme, window))
    actions.further_commands = [("Theme: Dark", lambda: done.append("dark"))]
    palette = CommandPalette(actions, window)
    QTest.keyClicks(field(palette), "dark")
    assert palette.texts() == ("Theme: Dark",)
    QTest.keyClick(field(palette), Qt.Key.Key_Return)
    assert done == ["dark"]


def test_enter_runs_the_chosen_command(palette: CommandPalette, session: StandInController) -> None:
    QTest.keyClicks(field(palette), "first frame")
    QTest.keyClick(field(palette), Qt.Key.Key_Return)
    assert session.called("show_first") == [()]


def test_arrow_keys_choose_from_the_field(palette: CommandPalette, session: StandInController) -> None:
    QTest.keyClicks(field(palette), "next")
    third = palette.texts()[2]
    QTest.keyClick(field(palette), Qt.Key.Key_Down)
    QTest.keyClick(field(palette), Qt.Key.Key_Down)
    QTest.keyClick(field(palette), Qt.Key.Key_Return)
    assert third == "Next frame"
    assert session.called("show_next") == [()]


def test_nothing_found_runs_nothing(palette: CommandPalette, session: StandInController) -> None:
    QTest.keyClicks(field(palette), "zzz")
    assert palette.texts() == ()
    words = palette.findChild(QLabel, "paletteNothing")
    assert isinstance(words, QLabel)
    assert words.isVisibleTo(palette)
    assert words.text() == "No command matches “zzz”."
    before = len(session.calls)
    QTest.keyClick(field(palette), Qt.Key.Key_Return)
    assert len(session.calls) == before


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("next", "Next frame", "Go to the next frame"),
        ("key next", "Keyframe, next", "Next keyframe"),
        ("next key", "Next keyframe", "Keys, the next"),
        ("nf", "Next frame", "Information on files"),
        ("time", "Timeline in", "Sometimes"),
    ],
)
def test_what_fits_better_comes_first(typed: str, better: str, worse: str) -> None:
    good, bad = match_score(typed, better), match_score(typed, worse)
    assert good is not None
    assert bad is None or good < bad


@pytest.mark.parametrize(
    ("typed", "text"),
    [("dark", "Load marks…"), ("play", "Step layer"), ("nf", "10 frames on a leaf"), ("ex", "Next frame")],
)
def test_scattered_letters_do_not_match(typed: str, text: str) -> None:
    assert match_score(typed, text) is None


@pytest.mark.parametrize("typed", ["nk", "nkey", "NextKey", "next k", "key", "frame", " next  keyframe "])
def test_ways_to_type_a_command(typed: str) -> None:
    assert match_score(typed, "Next keyframe") is not None


def test_other_words_for_a_command_find_it_too(palette: CommandPalette) -> None:
    QTest.keyClicks(field(palette), "queue")
    assert palette.texts() == ("Export from several videos…",)
