"""Keeps the wheel from changing a choice or a number that it only passes over."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QSlider,
    QWidget,
)


class WheelGuard(QObject):
    """Hands the wheel on to what scrolls, for every field of the program, made now or later. Threads: GUI.

    A field in something that scrolls never takes the wheel; any other combo box or spin box takes it only
    while it has the focus, which the wheel itself does not give.
    """

    @classmethod
    def install(cls, app: QApplication) -> WheelGuard:
        """Guard the program; once is enough."""
        return app.findChild(cls) or cls(app)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Ignore the wheel over a field, so that Qt offers it to the widgets around."""
        kind = event.type()
        if kind == QEvent.Type.Polish and isinstance(watched, QComboBox | QAbstractSpinBox):
            if watched.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                watched.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        elif kind == QEvent.Type.Wheel and _is_passed_over(watched):
            event.ignore()
            return True
        return False


def _is_passed_over(watched: QObject) -> bool:
    if isinstance(watched, QComboBox | QAbstractSpinBox):
        return not watched.hasFocus() or _is_in_scroll_area(watched)
    return isinstance(watched, QSlider) and _is_in_scroll_area(watched)


def _is_in_scroll_area(widget: QWidget) -> bool:
    around = widget.parentWidget()
    while around is not None and not isinstance(around, QAbstractScrollArea):
        around = None if around.isWindow() else around.parentWidget()
    return around is not None
