"""How a video is to be split: grid, runs, codec, quality and container, as fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QSpinBox, QWidget

from framescope.core.fragments.codecs import CODECS, FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import DEFAULT_RUN, RunRule
from framescope.core.fragments.split import SplitSettings
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayout

_MOST_TILES = 32
_LONGEST_RUN = 9999
_LABEL_WIDTH = 64
_SPIN_WIDTH = 68
_COLUMNS_WIDTH, _RUNS_WIDTH = 108, 110
_RUNS = (("Frames", ""), ("At GOPs", "gops"), ("At scene changes", "scenes"))


class FragmentForm(QWidget):
    """Fields and nothing else; `settings` reads them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fragmentForm")
        self.setAccessibleName("How to split")
        self.rows = self._spin("fragmentRows", "Rows of tiles", 1, _MOST_TILES, 2)
        self.columns = self._spin("fragmentColumns", "Columns of tiles", 1, _MOST_TILES, 2)
        self.runs = QComboBox(self)
        self.runs.setObjectName("fragmentRuns")
        self.runs.setAccessibleName("Where runs begin")
        self.runs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.runs.setMinimumContentsLength(9)
        self.runs.setMinimumWidth(_RUNS_WIDTH)
        for title, rule in _RUNS:
            self.runs.addItem(title, rule)
        self.length = self._spin("fragmentRunLength", "Frames in a run", 1, _LONGEST_RUN, DEFAULT_RUN)
        self.codec = QComboBox(self)
        self.codec.setObjectName("fragmentCodec")
        self.codec.setAccessibleName("Codec of the fragments")
        for spec in CODECS.values():
            self.codec.addItem(spec.title, spec.codec.value)
        self.quality = self._spin("fragmentQuality", "Quality", 0, 63, 23)
        self._quality_words = text_label(self, "faint", pixels=12)
        self.single_file = QCheckBox("One .zip file instead of a folder", self)
        self.single_file.setObjectName("fragmentSingleFile")
        self._build()
        self.codec.currentIndexChanged.connect(self._on_codec_changed)
        self.runs.currentIndexChanged.connect(self._on_runs_changed)
        self._on_codec_changed()

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(SPACE - 2)
        grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        self.rows.setSuffix(" rows")
        self.columns.setSuffix(" columns")
        self.rows.setMinimumWidth(_COLUMNS_WIDTH - 20)
        self.columns.setMinimumWidth(_COLUMNS_WIDTH)
        fields: tuple[tuple[str, QLayout], ...] = (
            ("Grid", _row(self.rows, self.columns)),
            ("Runs", _row(self.runs, self.length)),
            ("Codec", _row(self.codec)),
            ("Quality", _row(self.quality, stretched=self._quality_words)),
        )
        for place, (title, row) in enumerate(fields):
            label = QLabel(title, self)
            label.setProperty("role", "muted")
            grid.addWidget(label, place, 0)
            grid.addLayout(row, place, 1)
        grid.addWidget(self.single_file, len(fields), 1)

    def settings(self) -> SplitSettings:
        """What the fields say."""
        rule = self.runs.currentData()
        codec = FragmentCodec(self.codec.currentData())
        return SplitSettings(
            grid=Grid(self.rows.value(), self.columns.value()),
            runs=RunRule.parse(rule) if rule else RunRule(length=self.length.value()),
            codec=codec,
            quality=self.quality.value() if CODECS[codec].qualities else None,
        )

    def _spin(self, name: str, title: str, least: int, most: int, value: int) -> QSpinBox:
        box = QSpinBox(self)
        box.setObjectName(name)
        box.setAccessibleName(title)
        box.setToolTip(title)
        # Narrower than Qt would have it, so that the panel may be narrow too.
        box.setMinimumWidth(_SPIN_WIDTH)
        box.setRange(least, most)
        box.setValue(value)
        return box

    @Slot()
    def _on_codec_changed(self) -> None:
        spec = CODECS[FragmentCodec(self.codec.currentData())]
        self.quality.setVisible(spec.qualities is not None)
        self._quality_words.setText(spec.quality_words)
        if spec.qualities is not None:
            self.quality.setRange(*spec.qualities)
            self.quality.setValue(spec.default_quality)

    @Slot()
    def _on_runs_changed(self) -> None:
        self.length.setVisible(not self.runs.currentData())


def _row(*widgets: QWidget, stretched: QWidget | None = None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE - 2)
    for widget in widgets:
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    if stretched is None:
        row.addStretch(1)
    else:
        row.addWidget(stretched, 1, Qt.AlignmentFlag.AlignVCenter)
    return row
