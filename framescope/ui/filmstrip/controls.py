"""The controls left of the filmstrip: frame selection and thumbnail size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from framescope.core.translation import tr
from framescope.ui.timeline.lanes import GUTTER_PX
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from framescope.ui.widgets.theme import ThemeSource

LEAST_HEIGHT_PX = 40
LARGEST_HEIGHT_PX = 200
_INSET_PX = 10
_SEGMENT_HEIGHT_PX = 22
_TEXT_INSET_PX = 3


class Segment(QAbstractButton):
    """One half of a two-way segmented control."""

    def __init__(self, text: str, theme: ThemeSource, parent: QWidget, *, is_first: bool) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_first = is_first
        self.setText(text)
        self.setCheckable(True)
        self.setFont(sized(self.font(), 11))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Half the gutter's width."""
        return QSize((GUTTER_PX - 2 * _INSET_PX) // 2, _SEGMENT_HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw this half of the control."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        # Each half is a rounded box whose inner end is clipped by the widget's edge.
        box.adjust(0 if self._is_first else -8, 0, 8 if self._is_first else 0, 0)
        painter.setPen(tokens.border_strong)
        hovered = tokens.surface_raised if self.underMouse() else tokens.surface
        painter.setBrush(tokens.selection if self.isChecked() else hovered)
        painter.drawRoundedRect(box, 5, 5)
        if not self._is_first:
            painter.drawLine(0, 1, 0, self.height() - 2)
        if self.hasFocus():
            painter.setPen(tokens.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
        painter.setPen(tokens.text if self.isChecked() else tokens.text_muted)
        # A translation may be longer; the tooltip has it whole.
        room = self.width() - 2 * _TEXT_INSET_PX
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)


class FilmstripControls(QWidget):
    """Evenly spaced or keyframes only, and the thumbnail size. Threads: GUI."""

    keyframes_only_changed = Signal(bool)
    thumbnail_height_changed = Signal(int)

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(GUTTER_PX)
        self._even = Segment(tr("Even"), theme, self, is_first=True)
        self._even.setObjectName("evenSegment")
        self._even.setAccessibleName(tr("Evenly spaced frames"))
        self._even.setToolTip(tr("Frames evenly spaced over the visible part of the timeline"))
        self._keys = Segment(tr("Keys"), theme, self, is_first=False)
        self._keys.setObjectName("keyframesSegment")
        self._keys.setAccessibleName(tr("Keyframes only"))
        self._keys.setToolTip(tr("Keyframes only"))
        self._group = QButtonGroup(self)
        self._group.addButton(self._even)
        self._group.addButton(self._keys)
        self._even.setChecked(True)
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setObjectName("thumbnailSize")
        self._slider.setAccessibleName(tr("Thumbnail size"))
        self._slider.setToolTip(tr("Size of the thumbnails"))
        self._slider.setRange(LEAST_HEIGHT_PX, LARGEST_HEIGHT_PX)
        self._slider.setPageStep(16)
        self._lay_out()
        self._keys.toggled.connect(self._on_keys_toggled)
        self._slider.valueChanged.connect(self.thumbnail_height_changed)

    def _lay_out(self) -> None:
        segments = QHBoxLayout()
        segments.setSpacing(0)
        segments.addWidget(self._even)
        segments.addWidget(self._keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(_INSET_PX, _INSET_PX, _INSET_PX, _INSET_PX)
        column.setSpacing(_INSET_PX)
        column.addLayout(segments)
        column.addWidget(self._slider)
        column.addStretch()

    @property
    def is_keyframes_only(self) -> bool:
        """Whether keyframes only is selected."""
        return self._keys.isChecked()

    def set_keyframes_only(self, *, keyframes_only: bool) -> None:
        """Select one of the two modes."""
        (self._keys if keyframes_only else self._even).setChecked(True)

    @property
    def thumbnail_height(self) -> int:
        """The selected thumbnail height in logical pixels."""
        return self._slider.value()

    def set_thumbnail_height(self, height: int) -> None:
        """Select a height; clamped to the slider's range."""
        self._slider.setValue(height)

    @Slot(bool)
    def _on_keys_toggled(self, is_on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.keyframes_only_changed.emit(is_on)
