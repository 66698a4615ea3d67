"""Keeps windows and dialogs within the screen, whatever their preferred size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QChildEvent, QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QScreen

_TITLE_BAR = QSize(2, 32)
"""What a window manager adds around a window, in logical pixels; Qt knows only once it is shown."""

_LEAST_PAGE = QSize(320, 120)
"""Minimum size of a scrolling page, in logical pixels."""


def room_on_screen(widget: QWidget, wanted: QSize) -> QSize:
    """The part of ``wanted`` that fits the screen without task bars and docks, in logical pixels."""
    screen = _screen_of(widget)
    return wanted if screen is None else wanted.boundedTo(screen.availableGeometry().size() - _TITLE_BAR)


class ScreenGuard(QObject):
    """Fits all dialogs of a window into the screen, nested ones included. Threads: GUI."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        # Not on the application: every event would go through Python.
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Watch a new dialog; fit a dialog into the screen just before it is shown."""
        if isinstance(event, QChildEvent) and event.polished() and isinstance(event.child(), QDialog):
            event.child().installEventFilter(self)
        elif isinstance(watched, QDialog) and event.type() == QEvent.Type.Show:
            fit(watched)
        return super().eventFilter(watched, event)


def fit(dialog: QDialog) -> None:
    """Shrink a dialog to its screen if necessary, and move it fully onto the screen."""
    screen = _screen_of(dialog)
    if screen is None:
        return
    dialog.resize(room_on_screen(dialog, dialog.size()))
    frame = dialog.frameGeometry()
    inside = _moved_inside(frame, screen.availableGeometry())
    if inside != frame.topLeft():
        dialog.move(inside)


class RoomyScroll(QScrollArea):
    """Shows a page in full if it fits, and scrolls it if the screen is too small.

    Its size hint is the page's; unlike the page, it can be made smaller.
    """

    def __init__(self, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._page = page
        self.setWidget(page)
        page.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The page's preferred size."""
        return self._page.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The smallest usable scrolling size."""
        return self._page.minimumSizeHint().boundedTo(_LEAST_PAGE)


def _screen_of(widget: QWidget) -> QScreen | None:
    # Not the widget's own screen, which is the primary one until it has been shown.
    parent = widget.parentWidget()
    return widget.screen() if parent is None else parent.screen() or QGuiApplication.primaryScreen()


def _moved_inside(frame: QRect, room: QRect) -> QPoint:
    x = max(min(frame.x(), room.right() + 1 - frame.width()), room.x())
    y = max(min(frame.y(), room.bottom() + 1 - frame.height()), room.y())
    return QPoint(x, y)
