"""The cards of the three ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QRadioButton, QWidget

from framescope.core.clips.settings import ClipWay
from framescope.ui.clip.form import WayCards
from tests.ui.parts import on_screen, part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


def test_a_click_anywhere_on_a_card_chooses_it(qtbot: QtBot, theme: ThemeSource) -> None:
    cards = WayCards(theme)
    on_screen(qtbot, cards, 700, 110)
    chosen = [cards.way]
    card = part(cards, QRadioButton, "clipWay.exact").parentWidget()
    assert isinstance(card, QWidget)
    with qtbot.waitSignal(cards.changed):
        QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(card.width() - 10, card.height() - 10))
    chosen.append(cards.way)
    cards.choose(ClipWay.ALL_INTRA)
    assert [*chosen, cards.way] == [ClipWay.COPY, ClipWay.EXACT, ClipWay.ALL_INTRA]


def test_every_card_says_what_it_gives(qtbot: QtBot, theme: ThemeSource) -> None:
    cards = WayCards(theme)
    qtbot.addWidget(cards)
    for way in ClipWay:
        assert part(cards, QRadioButton, f"clipWay.{way.value}").accessibleDescription()
