"""Work of the window that can wait a moment: one piece in each turn of the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from PySide6.QtWidgets import QWidget

    from framescope.session.controller import Controller


def _nothing() -> None:
    pass


class Turns(QObject):
    """A queue of pieces, carried out in the order they were asked for. Threads: GUI.

    A signal such as that of an opened video reaches every part of the window, and all that they then do and
    paint would come before the next click or key. What need not be done within the signal gets a turn of its
    own; if it is asked for again meanwhile, it is still done once.
    """

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._waiting: dict[object, Callable[[], object]] = {}
        self._blank: set[QWidget] = set()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timeout)

    @classmethod
    def of(cls, controller: Controller) -> Self:
        """The queue of this session."""
        return controller.findChild(cls) or cls(controller)

    def do_soon(self, work: Callable[[], object]) -> None:
        """Do this soon: a method of a QObject, left out if that has been deleted by then."""
        self._wait(work, work)

    def repaint_soon(self, widget: QWidget, prepare: Callable[[], object] = _nothing) -> None:
        """Keep what a widget shows, and repaint it in a turn of its own.

        Args:
            widget: The widget.
            prepare: Makes what takes long to paint, in the turn before.
        """
        if widget.updatesEnabled() or widget in self._waiting:
            # What is cleared must be seen to be.
            widget.setUpdatesEnabled(widget in self._blank)
            self._wait(widget, lambda: self._prepare(widget, prepare))

    def clear(self, widget: QWidget, prepare: Callable[[], object] = _nothing) -> None:
        """Clear a widget at once, as it is to show another video, and repaint it in a turn of its own.

        Args:
            widget: The widget; when it paints, it asks `is_clearing`.
            prepare: As for `repaint_soon`.
        """
        if widget.updatesEnabled() or widget in self._waiting:
            self._blank.add(widget)
            widget.update()
            self.repaint_soon(widget, prepare)

    def is_clearing(self, widget: QWidget) -> bool:
        """Whether the widget is to paint its background alone."""
        return widget in self._blank

    def _prepare(self, widget: QWidget, prepare: Callable[[], object]) -> None:
        # Before anything else: if the preparation fails, the widget must not stay as it is for ever.
        self._wait(widget, lambda: self._show(widget))
        prepare()

    def _show(self, widget: QWidget) -> None:
        widget.setUpdatesEnabled(True)
        if widget in self._blank:
            self._blank.remove(widget)
            widget.update()

    def _wait(self, key: object, work: Callable[[], object]) -> None:
        self._waiting[key] = work
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        if not self._waiting:
            self._timer.stop()
            return
        key = next(iter(self._waiting))
        work = self._waiting.pop(key)
        owner = getattr(key, "__self__", key)
        if not isinstance(owner, QObject) or shiboken6.isValid(owner):
            work()
