"""The panel's page for an open fragment store: heat-map, lanes, a region's cost, seams, and joining."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from framescope.core.fragments.join import JoinRequest
from framescope.core.fragments.source import name_with_region
from framescope.core.fragments.touch import touched
from framescope.core.text import size_words
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.panels.fragments.lanes import FragmentLanes
from framescope.ui.panels.fragments.map import FragmentMap
from framescope.ui.panels.fragments.words import heat_words, seam_lines, store_words, touch_words
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.save_target import Target, ask_target
from framescope.ui.widgets.stat_tiles import StatTiles
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage

    from framescope.core.fragments.geometry import Region
    from framescope.core.fragments.touch import Touched
    from framescope.session.controller import Controller
    from framescope.ui.panels.fragments.run import FragmentRun
    from framescope.ui.panels.fragments.source import FragmentTables
    from framescope.ui.widgets.theme import ThemeSource

_SMALL = 12
_LINK_HEIGHT = 22
_DRAG = "Drag a region on the picture to see what it would take."
_VIDEOS = ("Matroska, every sample kept (*.mkv)", "MP4, H.264 (*.mp4)", "All files (*)")


class StorePage(QWidget):
    """Everything about one store. Threads: GUI."""

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
        self.tiles = StatTiles(("fragments", "size", "bits a pixel"), self)
        self._about = text_label(self, "muted", pixels=_SMALL)
        self._about.setObjectName("fragmentAbout")
        self._heat = text_label(self, "muted", pixels=_SMALL)
        self._heat.setObjectName("fragmentHeatWords")
        self._touched = text_label(self)
        self._touched.setObjectName("fragmentTouched")
        self._touched.setFont(sized(self._touched.font(), 13, bold=True))
        self._compared = text_label(self, "muted", pixels=_SMALL)
        self._compared.setObjectName("fragmentCompared")
        self._open_region = self._button("fragmentOpenRegion", "Open region", self.open_region)
        self._open_region.setToolTip("Browse this region alone: only its tiles are read and decoded")
        self._extract = self._button("fragmentExtract", "Extract…", self.ask_and_extract)
        self._extract.setToolTip("Write this region, for the in/out range or all frames, as a video")
        self._whole = self._button("fragmentOpenWhole", "Whole picture", self.open_whole)
        self._join = self._button("fragmentJoin", "Join…", self.ask_and_join)
        self._join.setToolTip("Write the whole video again")
        self._verify = self._button("fragmentVerify", "Verify", self.verify)
        self._verify.setToolTip("Hold every fragment against its SHA-256")
        self._measure = self._button("fragmentSeams", "Measure seams", self.measure_seams)
        self._measure.setToolTip("How visible are the borders between tiles? On frames spread over the video")
        self._seams = QGridLayout()
        self._seam_widgets: list[QWidget] = []
        self._build()
        self.map.region_selected.connect(self._on_region_selected)
        self.lanes.frame_wanted.connect(controller.show_frame)
        run.changed.connect(self._on_run_changed)
        controller.range_changed.connect(self._on_range_changed)

    def _button(self, name: str, text: str, command: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
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
        column.addWidget(self._heading("Tiles over time"))
        column.addWidget(self.lanes)
        column.addSpacing(SPACE // 2)
        column.addWidget(self._heading("Most visible seams"))
        self._seams.setContentsMargins(0, 0, 0, 0)
        self._seams.setVerticalSpacing(2)
        self._seams.setColumnStretch(1, 1)
        column.addLayout(self._seams)
        column.addLayout(_row(self._measure))
        column.addSpacing(SPACE // 2)
        column.addWidget(self._heading("The whole store"))
        column.addLayout(_row(self._join, self._verify))

    # --- what it shows

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
        self.tiles.set_tile(0, f"{len(manifest.fragments)}", "Tiles times runs of frames")
        self.tiles.set_tile(1, size_words(manifest.size_bytes), "All fragments together")
        per_pixel = manifest.size_bytes * 8 / max(pixels, 1)
        self.tiles.set_tile(2, f"{per_pixel:.3f}", "Bits of all fragments by pixels of all frames")
        self._about.setText(store_words(manifest))
        self._whole.setVisible(tables.region is not None)
        self.show_frame()
        self._on_region_selected(self.map.selection)
        self._on_run_changed()

    def show_frame(self) -> None:
        """Follow the playhead: heat and lanes at once, the picture when it is there."""
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
        """Lay this picture, as it is stored, below the heat."""
        self.map.set_picture(image, None if self._tables is None else self._tables.region)

    def takes(self) -> Touched | None:
        """What the chosen region takes for the frames it would be read for."""
        tables = self._tables
        if tables is None or self.map.selection is None:
            return None
        return touched(tables.manifest, self.map.selection, self._frames(tables))

    def _frames(self, tables: FragmentTables) -> range:
        """The in/out range, or the present frame's run."""
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
            words = "Not measured yet." if seams is None else "There is one tile, and no seam."
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
            link = QPushButton(f"frame {frame}", self)
            link.setFlat(True)
            link.setMaximumHeight(_LINK_HEIGHT)
            link.setObjectName(f"seamFrame.{row}")
            link.setToolTip("Go to the frame where it stands out most")
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
        """Browse the chosen region alone."""
        if self._tables is not None and self.map.selection is not None:
            self.source_wanted.emit(name_with_region(self._tables.path, self.map.selection))

    @Slot()
    def open_whole(self) -> None:
        """Browse the whole picture again."""
        if self._tables is not None:
            self.source_wanted.emit(str(self._tables.path))

    @Slot()
    def ask_and_join(self) -> None:
        """Ask where to, and write the whole video."""
        target = self._ask_target("Join into", "joined")
        if target is not None and self._tables is not None:
            self._run.join_into(self._tables.path, target)

    @Slot()
    def ask_and_extract(self) -> None:
        """Ask where to, and write the region, for the in/out range or all frames."""
        target = self._ask_target("Extract into", "region")
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
        """Hold every fragment against its digest."""
        if self._tables is not None:
            self._run.verify(self._tables.path)

    @Slot()
    def measure_seams(self) -> None:
        """Measure how visible the borders are."""
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
