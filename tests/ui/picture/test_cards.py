"""The pages that stand in for a picture: names that fit, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPushButton

from framescope.core.errors import FrameScopeError
from framescope.ui.picture.cards import ErrorPage, OpeningPage, WelcomePage, shortened

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


def button(page: ErrorPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_start_page_is_always_a_way_back(qtbot: QtBot, theme: ThemeSource) -> None:
    page = ErrorPage(theme)
    qtbot.addWidget(page)
    error = FrameScopeError("It is broken.")
    page.show_error(error, "/a/b.mp4")
    assert not button(page, "errorRetry").isHidden()
    page.show_error(error, None)
    assert button(page, "errorRetry").isHidden()
    with qtbot.waitSignal(page.back_wanted):
        button(page, "errorBack").click()


def test_pages_scroll_where_there_is_no_room_for_them(qtbot: QtBot, theme: ThemeSource) -> None:
    page = WelcomePage(theme)
    qtbot.addWidget(page)
    assert page.minimumSizeHint().height() < 200


def test_welcome_shows_what_is_dragged_over_it(qtbot: QtBot, theme: ThemeSource) -> None:
    page = WelcomePage(theme)
    qtbot.addWidget(page)
    page.resize(600, 400)
    before = page.grab().toImage()
    page.set_drop_target(is_target=True)
    assert page.grab().toImage() != before


def test_opening_names_the_file(qtbot: QtBot, theme: ThemeSource) -> None:
    page = OpeningPage(theme)
    qtbot.addWidget(page)
    page.show_source("/videos/clip.mp4")
    assert page.text == "Opening clip.mp4"


@pytest.mark.parametrize(
    ("source", "letters", "text"),
    [
        ("/a/clip.mp4", 24, "clip.mp4"),
        ("http://x/y", 24, "http://x/y"),
        ("/a/0123456789.mp4", 9, "0123….mp4"),
    ],
)
def test_names_are_shortened_in_the_middle(source: str, letters: int, text: str) -> None:
    assert shortened(source, letters) == text
