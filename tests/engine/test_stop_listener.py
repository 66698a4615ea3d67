"""Qt's loop hears of stop signals."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from framescope.core.stop_signals import STOP_SIGNALS
from framescope.engine.stop_listener import StopListener

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


pytestmark = pytest.mark.usefixtures("hangup_heard")


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_a_stop_signal_is_told_in_the_loop(qtbot: QtBot, number: int) -> None:
    handlers = [signal.getsignal(one) for one in STOP_SIGNALS]
    listener = StopListener()
    with qtbot.waitSignal(listener.stopped):
        signal.raise_signal(number)
    # A second one is to end the process.
    assert signal.getsignal(number) is signal.SIG_DFL
    listener.close()
    assert [signal.getsignal(one) for one in STOP_SIGNALS] == handlers


def test_a_held_listener_tells_later_of_a_signal(qtbot: QtBot) -> None:
    listener = StopListener(is_held=True)
    with qtbot.assertNotEmitted(listener.stopped, wait=50):
        signal.raise_signal(signal.SIGTERM)
    with qtbot.waitSignal(listener.stopped):
        listener.release()
    listener.close()
