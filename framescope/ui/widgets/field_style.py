"""What a stylesheet cannot do for fields: the wheel passes over them, and numbers keep away from the edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QProxyStyle,
    QSlider,
    QWidget,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QPalette


_INSET = 6


class FieldStyle(QProxyStyle):
    """Looks after every combo box, spin box and slider of the program, made now or later. Threads: GUI.

    A field in something that scrolls never takes the wheel; any other combo box or spin box takes it only
    while it has the focus, which the wheel itself does not give.

    It is a style because a style is given each widget before it is seen. A filter on the application would be
    called for every event of every object, and make each of them several times as slow.
    """

    def polish(self, dressed: QWidget | QPalette | QApplication) -> None:  # type: ignore[override]
        """Take charge of a field that is about to be seen."""
        super().polish(dressed)
        if isinstance(dressed, QComboBox | QAbstractSpinBox | QSlider):
            dressed.installEventFilter(self)
            if dressed.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                dressed.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if isinstance(dressed, QAbstractSpinBox):
            # Where a stylesheet places the arrows, Qt ignores the padding that it gives at the left.
            dressed.lineEdit().setTextMargins(_INSET, 0, 0, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Ignore the wheel over a field, so that Qt offers it to the widgets around."""
        if event.type() == QEvent.Type.Wheel and _is_passed_over(watched):
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
