"""The outbox: one signal for many items, and the latest of them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Slot

from framescope.engine.outbox import Outbox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Window(QObject):
    """Takes what is left for it and remembers in which thread."""

    def __init__(self, outbox: Outbox) -> None:
        super().__init__()
        self.outbox = outbox
        self.taken: list[object] = []
        self.threads: set[QThread] = set()
        outbox.filled.connect(self._on_filled)

    @Slot()
    def _on_filled(self) -> None:
        self.taken.append(self.outbox.take())
        self.threads.add(QThread.currentThread())


def test_a_burst_is_one_signal_with_the_latest(qtbot: QtBot) -> None:
    outbox = Outbox()
    window = Window(outbox)

    def put_all() -> None:
        for number in range(1, 201):
            outbox.put(number)

    thread = threading.Thread(target=put_all)
    thread.start()
    thread.join(60)
    qtbot.waitUntil(lambda: bool(window.taken))
    assert window.taken == [200]
    assert window.threads == {QThread.currentThread()}


def test_nothing_to_take() -> None:
    assert Outbox().take() is None
