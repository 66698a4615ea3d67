"""The tools that draw on the picture, and how the space-time image is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from framescope.core.spacetime.image import Spacing
from framescope.core.spacetime.slit import MOST_WIDTH, Interpolation, SlitKind
from framescope.core.translation import tr
from framescope.ui.widgets.roles import check_box, named_combo, named_spin, push_button
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.session.drawn_line import DrawnLine
    from framescope.ui.widgets.icons import IconSource

_TOOLS = {
    SlitKind.LINE: ("ph.line-segment", tr("Draw a line; with Shift, along a row or column")),
    SlitKind.POLYLINE: ("ph.line-segments", tr("Draw a polyline: click its corners, double-click the last")),
    SlitKind.ROW: ("mdi6.drag-horizontal-variant", tr("A row of pixels: an x–t slice")),
    SlitKind.COLUMN: ("mdi6.drag-vertical-variant", tr("A column of pixels: a y–t slice")),
    SlitKind.CIRCLE: ("ph.circle", tr("Draw a circle from its centre")),
    SlitKind.REGION: ("ph.rectangle", tr("Draw a region: its mean colour")),
}


class SliceControls(QWidget):
    """Chooses the tool and the settings. Threads: GUI."""

    settings_changed = Signal()
    """``interpolation`` or ``takes_range`` changed."""
    spacing_changed = Signal()
    save_wanted = Signal()

    def __init__(self, line: DrawnLine, icons: IconSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = line
        self._tools = {}
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for kind, (icon, title) in _TOOLS.items():
            button = icons.button(self, f"sliceTool{kind.name}", title, icon)
            button.setCheckable(True)
            button.clicked.connect(self._on_tool_clicked)
            self._tools[kind] = button
            tools.addWidget(button)
        tools.addStretch(1)
        self._save = push_button(self, "sliceSave", tr("Save…"), tip=tr("Save the image and its axes"))
        self._save.clicked.connect(self.save_wanted)
        tools.addWidget(self._save)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE)
        rows.addLayout(tools)
        rows.addLayout(self._options())
        rows.addLayout(self._choices())

    def _options(self) -> QHBoxLayout:
        span = range(1, MOST_WIDTH + 1)
        self._width = named_spin(self, "sliceWidth", tr("Pixels averaged across the line"), span, 1)
        self._width.setPrefix(tr("Width "))
        self._width.setSuffix(tr(" px"))
        self._width.setToolTip(tr("Pixels across the line over which each sample is averaged"))
        self._width.valueChanged.connect(self._line.set_width)
        words = {Spacing.FRAMES: tr("By frame"), Spacing.TIME: tr("By time")}
        self._spacing = named_combo(self, "sliceSpacing", tr("Spacing"), words)
        self._spacing.setToolTip(tr("A column for each frame, or frames as wide as they are shown for"))
        self._spacing.currentIndexChanged.connect(self.spacing_changed)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._width)
        row.addWidget(self._spacing, 1)
        return row

    def _choices(self) -> QHBoxLayout:
        self._bilinear = check_box(self, "sliceBilinear", tr("Bilinear"))
        self._bilinear.setToolTip(tr("Interpolate between pixels; otherwise the nearest one is taken"))
        self._in_range = check_box(self, "sliceRange", tr("In–out range only"))
        row = QHBoxLayout()
        row.setSpacing(SPACE * 2)
        for box in (self._bilinear, self._in_range):
            box.toggled.connect(self.settings_changed)
            row.addWidget(box)
        row.addStretch(1)
        return row

    @property
    def interpolation(self) -> Interpolation:
        """How values between pixels are found."""
        return Interpolation.BILINEAR if self._bilinear.isChecked() else Interpolation.NEAREST

    @property
    def takes_range(self) -> bool:
        """Whether only the in–out range is wanted."""
        return self._in_range.isChecked() and self._in_range.isEnabled()

    @property
    def spacing(self) -> Spacing:
        """What a column is."""
        return Spacing(self._spacing.currentData())

    def set_has_range(self, *, has_range: bool) -> None:
        """Whether there is an in–out range."""
        self._in_range.setEnabled(has_range)

    def set_can_save(self, *, can_save: bool) -> None:
        """Whether there is a whole image."""
        self._save.setEnabled(can_save)

    def show_line(self) -> None:
        """Show the tool in use; a region has no width."""
        for kind, button in self._tools.items():
            button.setChecked(kind is self._line.tool)
        self._width.setEnabled(self._line.slit is None or self._line.slit.kind is not SlitKind.REGION)

    @Slot()
    def _on_tool_clicked(self) -> None:
        for kind, button in self._tools.items():
            if button is self.sender():
                self._line.use_tool(None if kind is self._line.tool else kind)
