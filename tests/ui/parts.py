"""Shows widgets, and finds their parts by name, as screen readers and testers do."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QRect
    from pytestqt.qtbot import QtBot

Part = TypeVar("Part", bound=QWidget)


def part(whole: QWidget, kind: type[Part], name: str) -> Part:
    """The part of this kind and name."""
    found = whole.findChild(kind, name)
    assert found is not None, f"there is no {name}"
    return found


def on_screen(qtbot: QtBot, widget: Part, width: int, height: int) -> Part:
    """The widget on screen, in this size."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


class Canvas(QObject):
    """What a widget has painted so far, part by part: a copy of what is on the screen."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.widget = widget
        self._region = QRegion()
        widget.installEventFilter(self)
        # What it still has to do from before is not counted; it may take turns that paint nothing.
        idle = 0
        while idle < 3:
            is_idle = self._paint().isEmpty() and widget.updatesEnabled()
            idle = idle + 1 if is_idle else 0
        self._image = self._whole()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Note what is to be painted."""
        if isinstance(event, QPaintEvent):
            self._region += event.region()
        return super().eventFilter(watched, event)

    def _paint(self) -> QRegion:
        QApplication.processEvents()
        painted, self._region = self._region, QRegion()
        return painted

    def catch_up(self) -> QRegion:
        """Let the widget paint what it wants to, and return where it did since the last time."""
        painted = self._paint()
        painter = QPainter(self._image)
        for part in _rects_of(painted):
            self.widget.render(painter, part.topLeft(), QRegion(part))
        painter.end()
        self._region = QRegion()
        return painted

    @property
    def is_true(self) -> bool:
        """Whether the copy is what the widget looks like when it is painted as a whole."""
        copy, whole = (
            np.frombuffer(image.constBits(), np.uint8).astype(np.int16)
            for image in (self._image, self._whole())
        )
        # At the edge of a part, Qt may round a blended colour differently.
        return bool(np.abs(copy - whole).max() <= 1)

    def _whole(self) -> QImage:
        image = QImage(self.widget.size(), QImage.Format.Format_RGB32)
        self.widget.render(image)
        self._region = QRegion()
        return image


def share_of(region: QRegion, widget: QWidget) -> float:
    """Which share of a widget a region covers."""
    covered = sum(part.width() * part.height() for part in _rects_of(region))
    return covered / (widget.width() * widget.height())


def _rects_of(region: QRegion) -> Iterable[QRect]:
    # PySide6's type information does not say that regions can be iterated over.
    return cast("Iterable[QRect]", region)
