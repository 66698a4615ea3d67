"""The picture with its tiles: a heat map of bits per tile, and a selectable region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from framescope.core.fragments.geometry import Region
from framescope.core.fragments.planes import chroma_steps
from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.ui.panels.fragments.heat import heat_overlay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from framescope.core.fragments.manifest import PictureForm
    from framescope.ui.widgets.theme import ThemeSource

_MOST_HEIGHT, _LEAST_HEIGHT = 280, 96
_LEAST_DRAG = 3


class FragmentMap(QWidget):
    """Draws the picture it is given, as stored, before rotation."""

    region_selected = Signal(object)
    """The selected Region, in pixels of the stored picture; None when cleared."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._form: PictureForm | None = None
        self._bits: tuple[int, ...] = ()
        self._image: QImage | None = None
        self._shown: Region | None = None
        self._aspect = 1.0
        self._pressed: QPointF | None = None
        self.selection: Region | None = None
        self.setObjectName("fragmentMap")
        self.setAccessibleName(tr("Bits per tile of the current frame"))
        self.setAccessibleDescription(tr("Drag to select a region; Escape clears it."))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        theme.changed.connect(self.update)

    def set_form(self, form: PictureForm | None, pixel_aspect: float) -> None:
        """Set how pictures are divided, and the width-to-height ratio of their pixels."""
        if form is not self._form or pixel_aspect != self._aspect:
            self._form, self._aspect = form, max(pixel_aspect, 1e-3)
            self.updateGeometry()
            self.update()

    def set_picture(self, image: QImage | None, shown: Region | None) -> None:
        """Show this picture, which covers the region ``shown`` of the whole."""
        self._image, self._shown = image, shown
        self.update()

    def set_bits(self, bits: Sequence[int]) -> None:
        """Colour the tiles by these numbers of bits."""
        self._bits = tuple(bits)
        self.update()

    def select(self, region: Region | None) -> None:
        """Select a region, as if dragged; it grows to whole chroma samples, as in files."""
        form = self._form
        if region is not None and form is not None:
            region = region.widened(*chroma_steps(form.stored_format), (form.width, form.height))
        if region != self.selection:
            self.selection = region
            self.region_selected.emit(region)
            self.update()

    # --- size

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """The height follows from the picture's shape."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of the picture at this width, within limits."""
        form = self._form
        if form is None:
            return _LEAST_HEIGHT
        wanted = round(width * form.height / max(form.width * self._aspect, 1))
        return min(max(wanted, _LEAST_HEIGHT), _MOST_HEIGHT)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Size of a small picture."""
        return QSize(300, self.heightForWidth(300))

    # --- geometry

    def picture_rect(self) -> QRectF:
        """The area of the whole picture in the widget."""
        form = self._form
        if form is None:
            return QRectF()
        shape = form.width * self._aspect / form.height
        width = min(float(self.width()), self.height() * shape)
        height = width / shape
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def rect_of(self, region: Region) -> QRectF:
        """The area of a region of the picture in the widget."""
        form, rect = self._form, self.picture_rect()
        if form is None:
            return QRectF()
        across, down = rect.width() / form.width, rect.height() / form.height
        return QRectF(
            rect.x() + region.x * across,
            rect.y() + region.y * down,
            region.width * across,
            region.height * down,
        )

    def tile_at(self, place: QPointF) -> int | None:
        """The tile at a position in the widget."""
        if self._form is None:
            return None
        tiles = enumerate(self._form.tiles)
        return next((number for number, tile in tiles if self.rect_of(tile).contains(place)), None)

    def _region_between(self, first: QPointF, second: QPointF) -> Region | None:
        form, rect = self._form, self.picture_rect()
        if form is None or rect.isEmpty():
            return None
        drawn = QRectF(first, second).normalized().intersected(rect)
        if drawn.width() < _LEAST_DRAG or drawn.height() < _LEAST_DRAG:
            return None
        across, down = form.width / rect.width(), form.height / rect.height()
        left, top = int((drawn.x() - rect.x()) * across), int((drawn.y() - rect.y()) * down)
        right = min(form.width, round((drawn.right() - rect.x()) * across))
        bottom = min(form.height, round((drawn.bottom() - rect.y()) * down))
        return Region(left, top, max(1, right - left), max(1, bottom - top))

    # --- events

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the picture, the heat map, the tile borders and the region."""
        form, tokens = self._form, self._theme.tokens
        if form is None:
            return
        painter = QPainter(self)
        painter.fillRect(self.picture_rect(), tokens.picture_background)
        if self._image is not None:
            place = self.rect_of(self._shown or form.region)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)
        most = max(self._bits, default=0)
        painter.setPen(Qt.PenStyle.NoPen)
        for tile, bits in zip(form.tiles, self._bits, strict=False):
            painter.fillRect(self.rect_of(tile), heat_overlay(tokens, bits / most if most else 0.0))
        painter.setPen(QPen(tokens.overlay, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for tile in form.tiles:
            painter.drawRect(self.rect_of(tile))
        if self.selection is not None:
            self._draw_selection(painter, self.selection)
        painter.end()

    def _draw_selection(self, painter: QPainter, region: Region) -> None:
        tokens, form = self._theme.tokens, self._form
        if form is None:
            return
        # Draw the area that would be read and, inside it, the selected region.
        painter.setPen(QPen(tokens.overlay_text, 1.5, Qt.PenStyle.DotLine))
        for tile in form.tiles:
            if tile.meets(region):
                painter.drawRect(self.rect_of(tile).adjusted(1, 1, -1, -1))
        painter.setPen(QPen(tokens.overlay, 4))
        painter.drawRect(self.rect_of(region))
        painter.setPen(QPen(tokens.overlay_text, 2))
        painter.drawRect(self.rect_of(region))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Start a region."""
        if event.button() == Qt.MouseButton.LeftButton and self._form is not None:
            self._pressed = event.position()
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Extend the region."""
        if self._pressed is not None:
            region = self._region_between(self._pressed, event.position())
            if region is not None:
                self.select(region)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Finish the region; a plain click clears it."""
        if self._pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        region = self._region_between(self._pressed, event.position())
        self._pressed = None
        self.select(region)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape clears the region."""
        if event.key() == Qt.Key.Key_Escape and self.selection is not None:
            self.select(None)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show what a tile costs when the pointer rests on it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            tile = self.tile_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if tile is None else self._tile_words(tile), self)
            return True
        return super().event(event)

    def _tile_words(self, tile: int) -> str:
        form = self._form
        if form is None:
            return ""
        bits = (
            tr(", {bits} bits on this frame", bits=grouped(self._bits[tile]))
            if tile < len(self._bits)
            else ""
        )
        return tr("Tile {tile}, {words}{bits}", tile=tile, words=form.tiles[tile].words, bits=bits)
