"""The page for an open fragment store: heat map, lanes, a region's cost, seams, joining."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from framescope.core.fragments.join import JoinRequest
from framescope.core.fragments.source import name_with_region
from framescope.core.fragments.touch import touched
from framescope.core.text import counted, grouped, size_words
from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.panels.fragments.heat import heat_places, heat_table
from framescope.ui.panels.fragments.map import FragmentMap
from framescope.ui.panels.fragments.words import heat_words, seam_lines, store_words, touch_words
from framescope.ui.timeline.shades import faded
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.rgb_image import image_from_rgb
from framescope.ui.widgets.roles import push_button
from framescope.ui.widgets.save_target import Target, ask_target
from framescope.ui.widgets.theme import SPACE
from framescope.ui.widgets.tiles import StatTiles

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage, QPaintEvent, QResizeEvent

    from framescope.core.fragments.geometry import Region
    from framescope.core.fragments.touch import Touched
    from framescope.session.controller import Controller
    from framescope.ui.panels.fragments.run import FragmentRun
    from framescope.ui.panels.fragments.source import FragmentTables
    from framescope.ui.widgets.theme import ThemeSource

_GUTTER = 26
_MOST_LANE, _LEAST_LANE, _MOST_HEIGHT = 16, 3, 220
_LABEL_PIXELS = 10


class FragmentLanes(QWidget):
    """Draws the fragments of a store; a click or a drag requests a frame."""

    frame_wanted = Signal(int)

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tables: FragmentTables | None = None
        self._position = 0
        self._tiles: frozenset[int] = frozenset()
        self._image: QImage | None = None
        self.setObjectName("fragmentLanes")
        self.setAccessibleName(tr("Bits of each tile along the video"))
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
        """Highlight the lanes of these tiles; if empty, none is highlighted."""
        if tiles != self._tiles:
            self._tiles = tiles
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """One lane per tile, as high as there is room for."""
        tiles = 0 if self._tables is None else self._tables.bits.shape[1]
        lane = min(_MOST_LANE, max(_LEAST_LANE, _MOST_HEIGHT // max(tiles, 1)))
        return QSize(200, max(lane * tiles, _MOST_LANE))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The same height, at any width."""
        return QSize(80, self.sizeHint().height())

    def frame_at(self, x: float) -> int:
        """The frame at an x position."""
        tables = self._tables
        if tables is None:
            return 0
        count = tables.manifest.frame_count
        share = (x - _GUTTER) / max(self.width() - _GUTTER, 1)
        return min(max(int(share * count), 0), count - 1)

    def x_of(self, frame_number: float) -> float:
        """The x position of a frame."""
        count = 1 if self._tables is None else max(self._tables.manifest.frame_count, 1)
        return _GUTTER + frame_number / count * (self.width() - _GUTTER)

    def _lane_at(self, y: float) -> int:
        tiles = 1 if self._tables is None else max(self._tables.bits.shape[1], 1)
        return min(max(int(y / max(self.height(), 1) * tiles), 0), tiles - 1)

    def _redraw(self) -> None:
        self._image = None
        self.update()

    def _render(self) -> QImage | None:
        """One pixel per widget column and tile, so that the cost does not depend on the number of runs."""
        tables, width = self._tables, self.width() - _GUTTER
        if tables is None or not tables.bits.size or width <= 0:
            return None
        frames = (np.arange(width) * tables.manifest.frame_count / width).astype(np.int64)
        runs = np.clip(np.searchsorted(tables.first_frames, frames, side="right") - 1, 0, None)
        # Bits per frame, so that a short last run does not look small.
        counts = np.array([run.frame_count for run in tables.manifest.runs], np.int64)
        places = heat_places(tables.bits // counts[:, None])[runs].T
        return image_from_rgb(heat_table(self._theme.tokens)[places])

    # --- events

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Render again for the new width."""
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
        """Show what a fragment costs when the pointer rests on it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            words = self.words_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def words_at(self, place: QPointF) -> str:
        """The text about the fragment at a position in the widget."""
        tables = self._tables
        if tables is None:
            return ""
        tile, run = self._lane_at(place.y()), tables.manifest.run_of(self.frame_at(place.x()))
        if run is None or tile >= len(run.fragments):
            return tr("No fragment here")
        fragment = run.fragments[tile]
        span = tr(
            "frames {first_frame}–{stop}", first_frame=grouped(run.first_frame), stop=grouped(run.stop - 1)
        )
        return tr(
            "Tile {tile}, {span}: {bytes} ({fragment})",
            tile=tile,
            span=span,
            bytes=counted(fragment.size_bytes, "byte", "bytes"),
            fragment=fragment.name,
        )


_SMALL = 12
_LINK_HEIGHT = 22
_DRAG = tr("Drag a region on the picture to see the cost of reading it.")
_VIDEOS = (tr("Matroska, lossless (*.mkv)"), "MP4, H.264 (*.mp4)", tr("All files (*)"))


class StorePage(QWidget):
    """Everything about one fragment store. Threads: GUI."""

    source_wanted = Signal(str)
    """A name to open: the store, or a region of it."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, run: FragmentRun, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._run = run
        self._tables: FragmentTables | None = None
        self.setObjectName("fragmentStorePage")
        self.map = FragmentMap(theme, self)
        self.lanes = FragmentLanes(theme, self)
        self.tiles = StatTiles(("fragments", "size", tr("bits per pixel")), self)
        self._about = text_label(self, "muted", pixels=_SMALL)
        self._about.setObjectName("fragmentAbout")
        self._heat = text_label(self, "muted", pixels=_SMALL)
        self._heat.setObjectName("fragmentHeatWords")
        self._touched = text_label(self)
        self._touched.setObjectName("fragmentTouched")
        self._touched.setFont(sized(self._touched.font(), 13, bold=True))
        self._compared = text_label(self, "muted", pixels=_SMALL)
        self._compared.setObjectName("fragmentCompared")
        self._open_region = self._button("fragmentOpenRegion", tr("Open region"), self.open_region)
        self._open_region.setToolTip(tr("Open only this region: only its tiles are read and decoded"))
        self._extract = self._button("fragmentExtract", tr("Extract…"), self.ask_and_extract)
        self._extract.setToolTip(tr("Write this region, for the in/out range or all frames, as a video"))
        self._whole = self._button("fragmentOpenWhole", tr("Whole picture"), self.open_whole)
        self._join = self._button("fragmentJoin", tr("Join…"), self.ask_and_join)
        self._join.setToolTip(tr("Write the whole video to a file"))
        self._verify = self._button("fragmentVerify", tr("Verify"), self.verify)
        self._verify.setToolTip(tr("Check the SHA-256 of every fragment"))
        self._measure = self._button("fragmentSeams", tr("Measure seams"), self.measure_seams)
        self._measure.setToolTip(
            tr("Measure how visible the borders between tiles are, on frames spread over the video")
        )
        self._seams = QGridLayout()
        self._seam_widgets: list[QWidget] = []
        self._build()
        self.map.region_selected.connect(self._on_region_selected)
        self.lanes.frame_wanted.connect(controller.show_frame)
        run.changed.connect(self._on_run_changed)
        controller.range_changed.connect(self._on_range_changed)

    def _button(self, name: str, text: str, command: object) -> QPushButton:
        button = push_button(self, name, text)
        button.clicked.connect(command)
        return button

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", "muted")
        label.setFont(sized(label.font(), _SMALL, bold=True))
        return label

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE - 2)
        column.addWidget(self.tiles)
        column.addWidget(self._about)
        column.addSpacing(SPACE // 2)
        column.addWidget(self.map)
        column.addWidget(self._heat)
        column.addWidget(self._touched)
        column.addWidget(self._compared)
        column.addLayout(_row(self._open_region, self._extract, self._whole))
        column.addSpacing(SPACE // 2)
        column.addWidget(self._heading(tr("Tiles over time")))
        column.addWidget(self.lanes)
        column.addSpacing(SPACE // 2)
        column.addWidget(self._heading(tr("Most visible seams")))
        self._seams.setContentsMargins(0, 0, 0, 0)
        self._seams.setVerticalSpacing(2)
        self._seams.setColumnStretch(1, 1)
        column.addLayout(self._seams)
        column.addLayout(_row(self._measure))
        column.addSpacing(SPACE // 2)
        column.addWidget(self._heading(tr("The whole store")))
        column.addLayout(_row(self._join, self._verify))

    # --- content

    def set_tables(self, tables: FragmentTables | None) -> None:
        """Show another store."""
        self._tables = tables
        self.lanes.set_tables(tables)
        self.map.select(None)
        if tables is None:
            return
        manifest = tables.manifest
        pixels = sum(
            run.frame_count * manifest.forms[run.form].width * manifest.forms[run.form].height
            for run in manifest.runs
        )
        self.tiles.set_tile(0, f"{len(manifest.fragments)}", tr("Tiles times runs of frames"))
        self.tiles.set_tile(1, size_words(manifest.size_bytes), tr("All fragments together"))
        per_pixel = manifest.size_bytes * 8 / max(pixels, 1)
        self.tiles.set_tile(2, f"{per_pixel:.3f}", tr("Bits of all fragments by pixels of all frames"))
        self._about.setText(store_words(manifest))
        self._whole.setVisible(tables.region is not None)
        self.show_frame()
        self._on_region_selected(self.map.selection)
        self._on_run_changed()

    def show_frame(self) -> None:
        """Follow the playhead: heat map and lanes at once, the picture once it is decoded."""
        tables, controller = self._tables, self._controller
        if tables is None:
            return
        number, info = controller.position, controller.info
        self.lanes.set_position(number)
        form = tables.form_at(number)
        aspect = 1.0 if info is None else float(info.sample_aspect_ratio)
        if form is not None:
            self.map.set_form(form, aspect)
        bits = tables.frame_bits(number)
        self.map.set_bits(bits)
        self._heat.setText(heat_words(bits))

    def show_picture(self, image: QImage | None) -> None:
        """Show this picture, as stored, below the heat map."""
        self.map.set_picture(image, None if self._tables is None else self._tables.region)

    def takes(self) -> Touched | None:
        """The cost of the chosen region for the frames to read."""
        tables = self._tables
        if tables is None or self.map.selection is None:
            return None
        return touched(tables.manifest, self.map.selection, self._frames(tables))

    def _frames(self, tables: FragmentTables) -> range:
        """The in/out range, or the current frame's run."""
        span = self._controller.marked_range
        if span is not None:
            return range(span.start, min(span.stop, tables.manifest.frame_count))
        run = tables.manifest.run_of(self._controller.position)
        return range(0) if run is None else range(run.first_frame, run.stop)

    @Slot(object)
    def _on_region_selected(self, region: Region | None) -> None:
        takes, tables = self.takes(), self._tables
        for button in (self._open_region, self._extract):
            button.setVisible(region is not None)
        self._touched.setVisible(takes is not None)
        if takes is None or tables is None or region is None:
            self._compared.setText(_DRAG)
            self.lanes.set_tiles(frozenset())
            return
        heading, comparison = touch_words(takes, len(self._frames(tables)))
        self._touched.setText(heading)
        self._compared.setText(f"{region.words}: {comparison}")
        self.lanes.set_tiles(frozenset(fragment.tile for fragment in takes.fragments))

    @Slot()
    def _on_range_changed(self) -> None:
        self._on_region_selected(self.map.selection)

    @Slot()
    def _on_run_changed(self) -> None:
        is_idle = not self._run.is_running
        for button in (self._join, self._verify, self._measure, self._extract):
            button.setEnabled(is_idle)
        for widget in self._seam_widgets:
            widget.hide()
            widget.deleteLater()
        self._seam_widgets = []
        seams = self._run.seams
        self._measure.setVisible(seams is None)
        if not seams:
            words = (
                tr("Not measured yet.")
                if seams is None
                else tr("There is only one tile, so there are no seams.")
            )
            note = text_label(self, "faint", pixels=_SMALL)
            note.setText(words)
            self._seams.addWidget(note, 0, 0, 1, 3)
            self._seam_widgets = [note]
            return
        for row, (name, figures, frame) in enumerate(seam_lines(seams)):
            label, value = text_label(self, pixels=_SMALL), text_label(self, "muted", pixels=_SMALL)
            label.setText(name)
            label.setWordWrap(False)
            value.setText(figures)
            link = QPushButton(tr("frame {frame}", frame=frame), self)
            link.setFlat(True)
            link.setMaximumHeight(_LINK_HEIGHT)
            link.setObjectName(f"seamFrame.{row}")
            link.setToolTip(tr("Go to the frame where the seam is most visible"))
            link.setProperty("frame", frame)
            link.clicked.connect(self._on_seam_clicked)
            for column, widget in enumerate((label, value, link)):
                self._seams.addWidget(widget, row, column, Qt.AlignmentFlag.AlignVCenter)
                self._seam_widgets.append(widget)

    @Slot()
    def _on_seam_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self._controller.show_frame(int(sender.property("frame")))

    # --- commands

    @Slot()
    def open_region(self) -> None:
        """Open only the chosen region."""
        if self._tables is not None and self.map.selection is not None:
            self.source_wanted.emit(name_with_region(self._tables.path, self.map.selection))

    @Slot()
    def open_whole(self) -> None:
        """Open the whole picture again."""
        if self._tables is not None:
            self.source_wanted.emit(str(self._tables.path))

    @Slot()
    def ask_and_join(self) -> None:
        """Ask for a file, and write the whole video to it."""
        target = self._ask_target(tr("Join into"), "joined")
        if target is not None and self._tables is not None:
            self._run.join_into(self._tables.path, target)

    @Slot()
    def ask_and_extract(self) -> None:
        """Ask for a file, and write the region to it, for the in/out range or all frames."""
        target = self._ask_target(tr("Extract into"), "region")
        if target is not None:
            self.extract_into(target)

    def extract_into(self, target: Target) -> None:
        """Write the chosen region, for the in/out range or all frames."""
        tables, span = self._tables, self._controller.marked_range
        if tables is None or self.map.selection is None:
            return
        count = tables.manifest.frame_count
        frames = None if span is None else range(span.start, min(span.stop, count))
        self._run.join_into(tables.path, target, JoinRequest(self.map.selection, frames))

    def _ask_target(self, title: str, ending: str) -> Target | None:
        if self._tables is None:
            return None
        base = self._tables.path
        suggested = base.with_name(f"{base.name.removesuffix('.zip')}_{ending}.mkv")
        return ask_target(self, title, str(suggested), _VIDEOS, _with_suffix)

    @Slot()
    def verify(self) -> None:
        """Verify every fragment against its digest."""
        if self._tables is not None:
            self._run.verify(self._tables.path)

    @Slot()
    def measure_seams(self) -> None:
        """Measure how visible the tile borders are."""
        if self._tables is not None:
            self._run.measure_seams(self._tables.path, self._tables.manifest)


def _with_suffix(path: Path, chosen_filter: str) -> Path:
    suffix = ".mp4" if chosen_filter == _VIDEOS[1] else ".mkv"
    return path if path.suffix else path.with_name(path.name + suffix)


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row
