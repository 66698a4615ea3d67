"""The page for an ordinary video: what fragments are, how to split, and the cost of each setting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from framescope.core.fragments.codecs import CODECS, FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import DEFAULT_RUN, RunRule
from framescope.core.fragments.split import SplitSettings
from framescope.core.fragments.sweep import name_of
from framescope.core.fragments.sweep_plot import axis_range, share, ticks
from framescope.core.media.container import local_path
from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.roles import check_box, named_combo
from framescope.ui.widgets.save_target import browse_target
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QLayout

    from framescope.core.fragments.sweep import Sweep, SweepPoint
    from framescope.session.controller import Controller
    from framescope.ui.panels.fragments.run import FragmentRun
    from framescope.ui.widgets.theme import ThemeSource

_MOST_TILES = 32
_LONGEST_RUN = 9999
_LABEL_WIDTH = 64
_SPIN_WIDTH = 68
_COLUMNS_WIDTH, _RUNS_WIDTH = 108, 110
_RUNS = ((tr("Frames"), ""), (tr("At GOPs"), "gops"), (tr("At scene changes"), "scenes"))


class FragmentForm(QWidget):
    """The fields; `settings` reads them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fragmentForm")
        self.setAccessibleName(tr("How to split"))
        self.rows = self._spin("fragmentRows", tr("Rows of tiles"), 1, _MOST_TILES, 2)
        self.columns = self._spin("fragmentColumns", tr("Columns of tiles"), 1, _MOST_TILES, 2)
        self.runs = named_combo(self, "fragmentRuns", tr("How runs are split"))
        self.runs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.runs.setMinimumContentsLength(9)
        self.runs.setMinimumWidth(_RUNS_WIDTH)
        for title, rule in _RUNS:
            self.runs.addItem(title, rule)
        self.length = self._spin("fragmentRunLength", tr("Frames per run"), 1, _LONGEST_RUN, DEFAULT_RUN)
        self.codec = named_combo(self, "fragmentCodec", tr("Codec of the fragments"))
        for spec in CODECS.values():
            self.codec.addItem(spec.title, spec.codec.value)
        self.quality = self._spin("fragmentQuality", tr("Quality"), 0, 63, 23)
        self._quality_words = text_label(self, "faint", pixels=12)
        self.single_file = check_box(self, "fragmentSingleFile", tr("One .zip file instead of a folder"))
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
        self.rows.setSuffix(tr(" rows"))
        self.columns.setSuffix(tr(" columns"))
        self.rows.setMinimumWidth(_COLUMNS_WIDTH - 20)
        self.columns.setMinimumWidth(_COLUMNS_WIDTH)
        fields: tuple[tuple[str, QLayout], ...] = (
            (tr("Grid"), _row(self.rows, self.columns)),
            (tr("Runs"), _row(self.runs, self.length)),
            (tr("Codec"), _row(self.codec)),
            (tr("Quality"), _row(self.quality, stretched=self._quality_words)),
        )
        for place, (title, row) in enumerate(fields):
            label = QLabel(title, self)
            label.setProperty("role", "muted")
            grid.addWidget(label, place, 0)
            grid.addLayout(row, place, 1)
        grid.addWidget(self.single_file, len(fields), 1)

    def settings(self) -> SplitSettings:
        """The settings in the fields."""
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
        # Narrower than Qt's size hint, so that the panel can be narrow too.
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


_HEIGHT = 236
_LEFT, _TOP, _RIGHT, _BOTTOM = 40, 22, 12, 36
_NEAR = 9.0
_SMALL = 11


class SweepChart(QWidget):
    """One mark per grid and run length; a line joins those of each grid. Lower is better on both axes."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sweep: Sweep | None = None
        self.setObjectName("sweepChart")
        self.setAccessibleName(tr("Bitrate against bytes read, for each setting"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_sweep(self, sweep: Sweep | None) -> None:
        """Show another sweep."""
        self._sweep = sweep
        if sweep is not None:
            self.setAccessibleDescription(" ".join(sweep.words))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for axes and labels."""
        return QSize(300, _HEIGHT)

    def places(self) -> list[tuple[SweepPoint, QPointF]]:
        """Position of each mark, the undivided stream first."""
        sweep = self._sweep
        if sweep is None:
            return []
        points = (sweep.undivided, *sweep.points)
        across, up = self._spans()
        area = self._area()
        return [
            (
                point,
                QPointF(
                    area.x() + share(point.access_bytes / 1000, across) * area.width(),
                    area.bottom() - share(point.bits_per_frame / 1000, up) * area.height(),
                ),
            )
            for point in points
        ]

    def _area(self) -> QRectF:
        return QRectF(_LEFT, _TOP, self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM)

    def _spans(self) -> tuple[tuple[float, float], tuple[float, float]]:
        sweep = self._sweep
        points = () if sweep is None else (sweep.undivided, *sweep.points)
        return (
            axis_range([point.access_bytes / 1000 for point in points]),
            axis_range([point.bits_per_frame / 1000 for point in points]),
        )

    def _color(self, place: int) -> QColor:
        tokens = self._theme.tokens
        colors = (tokens.p_frame, tokens.i_frame, tokens.success, tokens.chosen, tokens.mark, tokens.b_frame)
        return colors[place % len(colors)]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw axes, lines, marks and the legend."""
        sweep = self._sweep
        if sweep is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sized(self.font(), _SMALL))
        self._draw_axes(painter)
        placed = self.places()
        names = list(dict.fromkeys(point.grid_words for point in sweep.points))
        for number, name in enumerate(names):
            color = self._color(number)
            own = [(point, spot) for point, spot in placed if point.grid_words == name]
            painter.setPen(QPen(color, 1))
            painter.drawPolyline([spot for _, spot in own])
            for point, spot in own:
                painter.setPen(QPen(color, 1.2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                if point in sweep.best:
                    painter.drawEllipse(spot, 7.0, 7.0)
                painter.setBrush(color)
                painter.drawEllipse(spot, 3.5, 3.5)
        self._draw_key(painter, names)
        spot = placed[0][1]
        painter.setPen(QPen(self._theme.tokens.text, 2))
        painter.drawLine(spot - QPointF(5, 0), spot + QPointF(5, 0))
        painter.drawLine(spot - QPointF(0, 5), spot + QPointF(0, 5))
        painter.end()

    def _draw_axes(self, painter: QPainter) -> None:
        tokens, area = self._theme.tokens, self._area()
        across, up = self._spans()
        for value in ticks(*across, 4):
            x = area.x() + share(value, across) * area.width()
            painter.setPen(QPen(tokens.border, 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(tokens.text_muted)
            painter.drawText(
                QRectF(x - 30, area.bottom() + 3, 60, 14), Qt.AlignmentFlag.AlignCenter, f"{value:g}"
            )
        for value in ticks(*up, 4):
            y = area.bottom() - share(value, up) * area.height()
            painter.setPen(QPen(tokens.border, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(tokens.text_muted)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 8, _LEFT - 6, 16), right, f"{value:g}")
        painter.setPen(tokens.text_faint)
        below = QRectF(area.x(), area.bottom() + 18, area.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, tr("kB read for a quarter of one frame"))
        painter.drawText(QRectF(0, 0, self.width(), 16), Qt.AlignmentFlag.AlignLeft, tr("kbit per frame"))

    def _draw_key(self, painter: QPainter, names: list[str]) -> None:
        tokens, right = self._theme.tokens, float(self.width() - _RIGHT)
        for number, name in reversed(list(enumerate([*names, tr("one stream")]))):
            short = name.removesuffix(" tiles")
            wide = painter.fontMetrics().horizontalAdvance(short)
            painter.setPen(tokens.text_muted)
            painter.drawText(QRectF(right - wide, 0, wide + 1, 16), Qt.AlignmentFlag.AlignLeft, short)
            spot = QPointF(right - wide - 8, 8)
            if number == len(names):
                painter.setPen(QPen(tokens.text, 2))
                painter.drawLine(spot - QPointF(4, 0), spot + QPointF(4, 0))
                painter.drawLine(spot - QPointF(0, 4), spot + QPointF(0, 4))
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._color(number))
                painter.drawEllipse(spot, 3.5, 3.5)
            right -= wide + 24

    def event(self, event: QEvent) -> bool:
        """Show which settings a mark stands for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def words_at(self, place: QPointF) -> str:
        """The text of the mark at a position; empty if there is none."""
        for point, spot in self.places():
            if (spot - place).manhattanLength() <= _NEAR:
                rate = tr(
                    "{bits_per_frame:.1f} kbit per frame ({overhead:+.0%})",
                    bits_per_frame=point.bits_per_frame / 1000,
                    overhead=point.overhead,
                )
                read = tr("{access_bytes:.1f} kB to read", access_bytes=point.access_bytes / 1000)
                return f"{name_of(point)}: {rate}, {read}, PSNR {point.psnr_db:.1f} dB"
        return ""


_ABOUT = tr(
    "A fragment is a tile of the picture for a run of frames, a separate video stream. Part of the picture"
    " can then be read, sent or repaired without the rest."
)
_COST = tr(
    "They often take more bits than one stream. Testing a few settings on this video’s first frames shows"
    " how many, and what they save."
)
_HEADING_PIXELS = 15


class SplitPage(QWidget):
    """Form and buttons; `FragmentRun` does the work."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, run: FragmentRun, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._run = run
        self.setObjectName("fragmentSplitPage")
        self.form = FragmentForm(self)
        self.chart = SweepChart(theme, self)
        self._words = text_label(self, "muted", pixels=12)
        self._words.setObjectName("sweepWords")
        self._split = QPushButton(tr("Split…"), self)
        self._split.setObjectName("fragmentSplit")
        self._split.setToolTip(tr("Choose a location and write the fragments there"))
        self._split.setDefault(True)
        self._sweep = QPushButton(tr("Test settings"), self)
        self._sweep.setObjectName("fragmentSweep")
        self._sweep.setToolTip(
            tr("Encode the first frames with 16 settings, and as one stream, with this codec and quality")
        )
        self._build()
        self._split.clicked.connect(self.ask_and_split)
        self._sweep.clicked.connect(self.try_cuts)
        run.changed.connect(self._on_run_changed)
        self._on_run_changed()

    def _build(self) -> None:
        title = text_label(self)
        title.setText(tr("Split this video into space-time fragments"))
        title.setFont(sized(title.font(), _HEADING_PIXELS, bold=True))
        about = text_label(self, "muted")
        about.setText(_ABOUT)
        self._cost = text_label(self, "faint", pixels=12)
        self._cost.setText(_COST)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self._split)
        buttons.addWidget(self._sweep)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(title)
        column.addWidget(about)
        column.addSpacing(SPACE // 2)
        column.addWidget(self.form)
        column.addLayout(buttons)
        column.addWidget(self._cost)
        column.addSpacing(SPACE // 2)
        column.addWidget(self.chart)
        column.addWidget(self._words)

    @Slot()
    def ask_and_split(self) -> None:
        """Ask for a path, and split into it."""
        is_file = self.form.single_file.isChecked()
        suggested = str(self._suggested(is_file=is_file))
        title = tr("Split into") if is_file else tr("Split into a new folder")
        kind = tr("Fragment store (*.zip)") if is_file else tr("New folder (*)")
        # Existing files are never replaced: the path is refused, or an unfinished split there is resumed.
        path, _ = browse_target(self, title, suggested, [kind])
        if path is not None:
            self.split_into(path)

    def split_into(self, path: Path) -> None:
        """Split with the settings of the form."""
        if self.form.single_file.isChecked() and path.suffix.lower() != ".zip":
            path = path.with_name(path.name + ".zip")
        self._run.split_into(path, self.form.settings())

    @Slot()
    def try_cuts(self) -> None:
        """Try several grids and run lengths with the form's codec and quality."""
        self._run.try_cuts(self.form.settings())

    def _suggested(self, *, is_file: bool) -> Path:
        path = local_path(self._controller.source or "video")
        base = Path("video") if path is None else path
        return base.with_name(f"{base.stem}_fragments{'.zip' if is_file else ''}")

    @Slot()
    def _on_run_changed(self) -> None:
        swept, is_running = self._run.swept, self._run.is_running
        for widget in (self._split, self._sweep, self.form):
            widget.setEnabled(not is_running)
        self.chart.set_sweep(swept)
        self.chart.setVisible(swept is not None)
        self._words.setText("" if swept is None else "\n".join(swept.words))
        self._words.setVisible(swept is not None)
        self._cost.setVisible(swept is None)
