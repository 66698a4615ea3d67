"""The choices of a seek check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from framescope.core.audit.requests import Order, RequestKind
from framescope.ui.panels.seek.panel import SeekSetup
from tests.ui.panels.seek.audits import child

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_the_last_order_cannot_be_taken_away(qtbot: QtBot) -> None:
    setup = SeekSetup()
    qtbot.addWidget(setup)
    for order in (Order.FORWARD, Order.BACKWARD, Order.END_THEN_BACK):
        child(setup, QWidget, f"seekOrder.{order.value}").setChecked(False)

    assert not child(setup, QWidget, "seekOrder.shuffled").isEnabled()
    assert setup.settings(RequestKind.ALL).orders == (Order.SHUFFLED,)
    assert setup.settings(RequestKind.QUICK).is_quick


def test_only_the_chosen_engines_are_asked(qtbot: QtBot) -> None:
    setup = SeekSetup()
    qtbot.addWidget(setup)
    setup.choose_engines("opencv")
    engines = setup.settings(RequestKind.QUICK).engines

    assert "opencv" in engines
    assert "framescope" not in engines
