"""The record of an action, and commands that go to the controller."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from framescope.session.controller import Controller
from framescope.ui.actions.spec import Menu, ask

if TYPE_CHECKING:
    from tests.ui.stand_ins import StandInController


def test_command_goes_to_the_windows_controller(session: StandInController) -> None:
    ask(Controller.show_next)(SimpleNamespace(controller=session))
    assert session.calls == [("show_next", ())]


def test_menu_titles_have_one_mnemonic_each() -> None:
    letters = [menu.value[menu.value.index("&") + 1] for menu in Menu]
    assert len(set(letters)) == len(letters)
    assert Menu.FILE.plain == "File"
