"""A lane for each tile along the video: how many bits its fragments take, run by run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from framescope.core.text import counted, grouped
from framescope.ui.panels.fragments.heat import heat_places, heat_table
from framescope.ui.timeline.shades import faded
from framescope.ui.widgets.fonts import sized

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from framescope.ui.panels.fragments.source import FragmentTables
    from framescope.ui.widgets.theme import ThemeSource

_GUTTER = 26
_MOST_LANE, _LEAST_LANE, _MOST_HEIGHT = 16, 3, 220
_LABEL_PIXELS = 10


class FragmentLanes(QWidget):
    """Draws the fragments of a store; a click or a drag asks for a frame."""

    frame_wanted = Signal(int)

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tables: FragmentTables | None = None
        self._position = 0
        self._tiles: frozenset[int] = frozenset()
        self._image: QImage | None = None
        self.setObjectName("fragmentLanes")
        self.setAccessibleName("Bits of each tile along the video")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._redraw)

    def set_tables(self, tables: FragmentTables | None) -> None:
        """Show another store."""
        self._tables = tables
        self._tiles = frozenset()
        self.updateGeometry()
        self._redraw()

    def set_position(self, frame_number: int) -> None:
        """Move the playhead."""
        if frame_number != self._position:
            self._position = frame_number
            self.update()

    def set_tiles(self, tiles: frozenset[int]) -> None:
        """Set off the lanes of these tiles; none for all alike."""
        if tiles != self._tiles:
            self._tiles = tiles
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """A lane a tile, as high as there is room for."""
        tiles = 0 if self._tables is None else self._tables.bits.shape[1]
        lane = min(_MOST_LANE, max(_LEAST_LANE, _MOST_HEIGHT // max(tiles, 1)))
        return QSize(200, max(lane * tiles, _MOST_LANE))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The same height in any width."""
        return QSize(80, self.sizeHint().height())

    def frame_at(self, x: float) -> int:
        """The frame at a place from the left."""
        tables = self._tables
        if tables is None:
            return 0
        count = tables.manifest.frame_count
        share = (x - _GUTTER) / max(self.width() - _GUTTER, 1)
        return min(max(int(share * count), 0), count - 1)

    def x_of(self, frame_number: float) -> float:
        """Where a frame lies from the left."""
        count = 1 if self._tables is None else max(self._tables.manifest.frame_count, 1)
        return _GUTTER + frame_number / count * (self.width() - _GUTTER)

    def _lane_at(self, y: float) -> int:
        tiles = 1 if self._tables is None else max(self._tables.bits.shape[1], 1)
        return min(max(int(y / max(self.height(), 1) * tiles), 0), tiles - 1)

    def _redraw(self) -> None:
        self._image = None
        self.update()

    def _render(self) -> QImage | None:
        """One pixel a column of the widget and a tile, so that any number of runs costs the same."""
        tables, width = self._tables, self.width() - _GUTTER
        if tables is None or not tables.bits.size or width <= 0:
            return None
        frames = (np.arange(width) * tables.manifest.frame_count / width).astype(np.int64)
        runs = np.clip(np.searchsorted(tables.first_frames, frames, side="right") - 1, 0, None)
        # Bits a frame, so that a short last run does not look cheap.
        counts = np.array([run.frame_count for run in tables.manifest.runs], np.int64)
        places = heat_places(tables.bits // counts[:, None])[runs].T
        rgb = np.ascontiguousarray(heat_table(self._theme.tokens)[places])
        tiles = tables.bits.shape[1]
        return QImage(rgb.data, width, tiles, width * 3, QImage.Format.Format_RGB888).copy()

    # --- events

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw again for another width."""
        self._image = None
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the lanes, their numbers and the playhead."""
        tables, tokens = self._tables, self._theme.tokens
        if tables is None:
            return
        self._image = self._image or self._render()
        painter = QPainter(self)
        area = QRectF(_GUTTER, 0, self.width() - _GUTTER, self.height())
        if self._image is not None:
            painter.drawImage(area, self._image)
        tiles = tables.bits.shape[1]
        lane = self.height() / max(tiles, 1)
        painter.setFont(sized(self.font(), _LABEL_PIXELS))
        every = max(1, round(12 / max(lane, 1)))
        for tile in range(0, tiles, every):
            is_chosen = tile in self._tiles
            painter.setPen(tokens.text if is_chosen else tokens.text_faint)
            place = QRectF(0, tile * lane, _GUTTER - 6, max(lane, 12))
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(tile))
        if lane >= _LEAST_LANE + 2:
            painter.setPen(QPen(tokens.surface, 1))
            for tile in range(1, tiles):
                painter.drawLine(QPointF(_GUTTER, tile * lane), QPointF(self.width(), tile * lane))
        if self._tiles:
            painter.setPen(Qt.PenStyle.NoPen)
            veil = faded(tokens.surface, 0.6)
            for tile in range(tiles):
                if tile not in self._tiles:
                    painter.fillRect(QRectF(_GUTTER, tile * lane, area.width(), lane), veil)
        x = self.x_of(self._position + 0.5)
        painter.setPen(QPen(tokens.playhead, 1.5))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go to the frame under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton and self._tables is not None:
            self.frame_wanted.emit(self.frame_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._tables is not None:
            self.frame_wanted.emit(self.frame_at(event.position().x()))

    def event(self, event: QEvent) -> bool:
        """Say what a fragment takes when the pointer rests on it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            words = self.words_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def words_at(self, place: QPointF) -> str:
        """What lies under a place in the widget."""
        tables = self._tables
        if tables is None:
            return ""
        tile, run = self._lane_at(place.y()), tables.manifest.run_of(self.frame_at(place.x()))
        if run is None or tile >= len(run.fragments):
            return "No fragment here"
        fragment = run.fragments[tile]
        span = f"frames {grouped(run.first_frame)}–{grouped(run.stop - 1)}"
        return f"Tile {tile}, {span}: {counted(fragment.size_bytes, 'byte')} ({fragment.name})"
