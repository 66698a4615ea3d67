"""The measurements of the timing panel: verdict, charts, odd timestamps, errors, declared and measured."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from framescope.core.text import grouped
from framescope.core.translation import tr
from framescope.ui.panels.codec.fact_sheet import Comparison, fact_sheet
from framescope.ui.panels.fact_widgets import ComparisonTable, text_label
from framescope.ui.panels.timing.columns import scale_for
from framescope.ui.panels.timing.words import (
    ErrorWords,
    absent_words,
    error_readout,
    error_words,
    interval_words,
    next_of,
    tiles,
    verdict,
)
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.progress_bar import ProgressBar
from framescope.ui.widgets.theme import SPACE, set_role
from framescope.ui.widgets.tiles import StatTiles

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent

    from framescope.core.model.progress import Progress
    from framescope.core.model.stream_facts import OpenCVFacts, VideoInfo
    from framescope.engine.jobs import Job
    from framescope.ui.panels.timing.chart import TimingChart
    from framescope.ui.panels.timing.source import Timing
    from framescope.ui.widgets.icons import IconSource
    from framescope.ui.widgets.theme import ThemeSource

_SMALL = 12


class Swatch(QWidget):
    """A dot or a line in a colour of the chart."""

    def __init__(
        self, theme: ThemeSource, token: str, *, is_line: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._token, self._is_line = theme, token, is_line
        self.setFixedSize(14, 14)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the swatch."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(getattr(self._theme.tokens, self._token))
        shape = QRectF(0, 6, 12, 2.5) if self._is_line else QRectF(2.5, 3.5, 7, 7)
        painter.drawRoundedRect(shape, shape.height() / 2, shape.height() / 2)


class OddityRow(QWidget):
    """One kind of odd timestamp: the count, and buttons to the next and previous one."""

    frame_wanted = Signal(int)

    def __init__(  # noqa: PLR0913, PLR0917 - each is a part of the row
        self,
        name: str,
        title: str,
        tip: str,
        token: str,
        theme: ThemeSource,
        icons: IconSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._numbers: NDArray[np.int64] = np.empty(0, np.int64)
        self._position = 0
        self.setObjectName(f"oddity.{name}")
        self.setToolTip(tip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        label = text_label(self, "muted", pixels=_SMALL)
        label.setWordWrap(False)
        label.setText(title)
        self._count = text_label(self, pixels=_SMALL)
        self._count.setWordWrap(False)
        self._count.setObjectName(f"oddityCount.{name}")
        self._previous = self._button(icons, name, tr("Previous"), "ph.caret-left")
        self._next = self._button(icons, name, tr("Next"), "ph.caret-right")
        row.addWidget(Swatch(theme, token, parent=self))
        row.addWidget(label, 1)
        row.addWidget(self._count)
        row.addWidget(self._previous)
        row.addWidget(self._next)
        self._previous.clicked.connect(self._on_previous_clicked)
        self._next.clicked.connect(self._on_next_clicked)
        self.set_numbers(self._numbers)

    def _button(self, icons: IconSource, name: str, word: str, icon: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"oddity{word}.{name}")
        title = tr("{word} frame: {title}", word=word, title=self._title.lower())
        button.setAccessibleName(title)
        button.setToolTip(title)
        icons.bind(button, icon)
        return button

    @property
    def text(self) -> str:
        """The text of the row."""
        return self._count.text()

    def set_numbers(self, numbers: NDArray[np.int64]) -> None:
        """Show other frames, ascending."""
        self._numbers = numbers
        is_any = len(numbers) > 0
        self._count.setText(grouped(len(numbers)) if is_any else tr("none"))
        self.setVisible(is_any)
        self.setAccessibleName(f"{self._title}: {self._count.text()}")

    def set_position(self, frame_number: int) -> None:
        """Set the current frame, from which next and previous are found."""
        self._position = frame_number

    @Slot()
    def _on_next_clicked(self) -> None:
        if len(self._numbers):
            self.frame_wanted.emit(next_of(self._numbers, self._position, 1))

    @Slot()
    def _on_previous_clicked(self) -> None:
        if len(self._numbers):
            self.frame_wanted.emit(next_of(self._numbers, self._position, -1))


class ErrorRow(QWidget):
    """A way to compute times, its largest error, and a button that goes there."""

    frame_wanted = Signal(int)

    def __init__(  # noqa: PLR0913, PLR0917 - each is a part of the row
        self,
        name: str,
        title: str,
        token: str,
        theme: ThemeSource,
        icons: IconSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._worst: int | None = None
        self.setObjectName(f"error.{name}")
        self._name = text_label(self, pixels=_SMALL)
        self._name.setWordWrap(False)
        self._name.setFont(sized(self._name.font(), _SMALL, bold=True))
        self._name.setText(title)
        self._sentence = text_label(self, "muted", pixels=_SMALL)
        self._sentence.setObjectName(f"errorSentence.{name}")
        self._go = QToolButton(self)
        self._go.setObjectName(f"errorGo.{name}")
        self._go.setFont(sized(self._go.font(), _SMALL))
        self._go.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        icons.bind(self._go, "ph.arrow-bend-down-right", color="accent")
        self._go.clicked.connect(self._on_go_clicked)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(Swatch(theme, token, is_line=True, parent=self))
        head.addWidget(self._name)
        head.addStretch(1)
        self.extra = QHBoxLayout()
        head.addLayout(self.extra)
        head.addWidget(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addLayout(head)
        column.addWidget(self._sentence)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)

    @property
    def text(self) -> str:
        """The text of the row."""
        return self._sentence.text()

    def set_title(self, title: str) -> None:
        """Set the name of this way to compute times."""
        self._title = title
        self._name.setText(title)

    def set_words(self, words: ErrorWords) -> None:
        """Show the error."""
        self._worst = words.worst_frame
        self._sentence.setText(words.sentence)
        set_role(self._sentence, words.role)
        self._go.setVisible(words.worst_frame is not None)
        if words.worst_frame is not None:
            self._go.setText(tr("frame {worst_frame}", worst_frame=grouped(words.worst_frame)))
            self._go.setToolTip(tr("Go to the frame with the largest error"))
            self._go.setAccessibleName(
                tr(
                    "Go to the largest error of {title}: frame {worst_frame}",
                    title=self._title,
                    worst_frame=words.worst_frame,
                )
            )
        self.setAccessibleName(f"{self._title}: {words.sentence}")

    @Slot()
    def _on_go_clicked(self) -> None:
        if self._worst is not None:
            self.frame_wanted.emit(self._worst)


_TINY = 11
_TILES = (tr("fps, mean"), tr("ms, median"), "shortest", "longest")
_COMPARED = ("rate", "duration", "frames")
_ODDITIES = (
    (
        "duplicates",
        tr("Duplicate timestamps"),
        tr("Frames with the same timestamp as the previous one"),
        "mark",
    ),
    (
        "gaps",
        tr("Gaps"),
        tr("Frames at least 1.5 times the median interval after the previous one"),
        "warning",
    ),
    (
        "backward",
        tr("Going backwards"),
        tr("Frames with an earlier timestamp than the previous one"),
        "error",
    ),
    ("missing", tr("No timestamp"), tr("Frames without a timestamp"), "unknown_frame"),
)


class TimingPage(QWidget):
    """All measured timing of the video. It only requests frames; it does not navigate."""

    frame_wanted = Signal(int)
    range_wanted = Signal(float, float)
    """The timeline should show this frame range."""
    reading_wanted = Signal()
    """OpenCV should read the file."""

    def __init__(self, theme: ThemeSource, icons: IconSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._icons = theme, icons
        self._timing: Timing | None = None
        self._position = 0
        self._frames: tuple[float, float] | None = None
        self._reading: Job | None = None
        self._interval_chart: TimingChart | None = None
        self._error_chart: TimingChart | None = None
        self.setObjectName("timingPage")
        self.setAccessibleName(tr("Measured timing"))
        self._build()

    # --- building

    def _build(self) -> None:
        self._headline = QLabel(self)
        self._headline.setObjectName("timingHeadline")
        self._headline.setFont(sized(self._headline.font(), 17, bold=True))
        self._reason = text_label(self, "muted", pixels=_SMALL)
        self._reason.setObjectName("timingReason")
        self._telecine = text_label(self, "muted", pixels=_SMALL)
        self._telecine.setObjectName("timingTelecine")
        self._telecine.hide()
        self._tiles = StatTiles(_TILES, self)
        self._interval_head, self._interval_readout, self._interval_place = self._chart_section(
            tr("Since the previous frame")
        )
        self._error_head, self._error_readout, self._error_place = self._chart_section(
            tr("Computed − true time")
        )
        self._oddities = {
            name: OddityRow(name, title, tip, token, self._theme, self._icons, self)
            for name, title, tip, token in _ODDITIES
        }
        self._no_oddities = text_label(self, "muted", pixels=_SMALL)
        self._no_oddities.setObjectName("noOddities")
        self._nominal = ErrorRow("nominal", "n / fps", "accent", self._theme, self._icons, self)
        self._opencv = ErrorRow("opencv", tr("OpenCV POS_MSEC"), "keyframe", self._theme, self._icons, self)
        for oddity in self._oddities.values():
            oddity.frame_wanted.connect(self.frame_wanted)
        for error in (self._nominal, self._opencv):
            error.frame_wanted.connect(self.frame_wanted)
        self._build_reading()
        self._table = ComparisonTable(self._theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE - 2)
        column.addWidget(self._headline)
        column.addWidget(self._reason)
        column.addWidget(self._telecine)
        column.addWidget(self._tiles)
        for head, place in (
            (self._interval_head, self._interval_place),
            (self._error_head, self._error_place),
        ):
            column.addSpacing(SPACE - 2)
            column.addWidget(head)
            column.addLayout(place)
            if head is self._interval_head:
                rows = QVBoxLayout()
                rows.setSpacing(0)
                rows.addWidget(self._no_oddities)
                for row in self._oddities.values():
                    rows.addWidget(row)
                column.addLayout(rows)
        column.addWidget(self._nominal)
        column.addWidget(self._opencv)
        column.addSpacing(SPACE - 2)
        column.addWidget(self._heading(tr("Declared, measured")))
        column.addWidget(self._table)
        column.addStretch(1)

    def _build_reading(self) -> None:
        self._bar = ProgressBar(tr("OpenCV reads the file"), self)
        self._bar.setObjectName("openCVReading")
        self._bar.setFixedWidth(72)
        self._bar.hide()
        self._read = QPushButton(tr("Measure"), self)
        self._read.setObjectName("readOpenCV")
        self._read.setAccessibleName(tr("Measure the error of OpenCV’s POS_MSEC"))
        self._read.setStyleSheet("padding: 2px 9px;")
        self._read.setFont(sized(self._read.font(), _SMALL))
        self._read.clicked.connect(self._on_read_clicked)
        self._opencv.extra.setSpacing(SPACE)
        self._opencv.extra.addWidget(self._bar)
        self._opencv.extra.addWidget(self._read)

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", "heading")
        return label

    def _chart_section(self, title: str) -> tuple[QWidget, QLabel, QVBoxLayout]:
        head = QWidget(self)
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._heading(title))
        readout = text_label(head, "muted", pixels=_TINY)
        readout.setWordWrap(False)
        row.addStretch(1)
        row.addWidget(readout)
        return head, readout, QVBoxLayout()

    def _charts(self) -> tuple[TimingChart, TimingChart]:
        if self._interval_chart is None or self._error_chart is None:
            # Imported here: the plotting library loads slowly.
            from framescope.ui.panels.timing.chart import TimingChart  # noqa: PLC0415

            intervals = TimingChart(
                "intervalChart", tr("Time since the previous frame, by frame"), self._theme, self
            )
            errors = TimingChart(
                "errorChart", tr("Computed time minus true time, by frame"), self._theme, self
            )
            for chart in (intervals, errors):
                chart.frame_clicked.connect(self.frame_wanted)
                chart.range_wanted.connect(self.range_wanted)
                chart.set_position(self._position)
                if self._frames is not None:
                    chart.set_frames(*self._frames)
            intervals.frame_pointed.connect(self._on_interval_pointed)
            errors.frame_pointed.connect(self._on_error_pointed)
            self._interval_place.addWidget(intervals)
            self._error_place.addWidget(errors)
            self._interval_chart, self._error_chart = intervals, errors
        return self._interval_chart, self._error_chart

    # --- showing

    def set_timing(self, timing: Timing, info: VideoInfo, opencv: OpenCVFacts | None) -> None:
        """Show these measurements."""
        self._timing = timing
        report, intervals = timing.report, timing.report.intervals
        words = verdict(intervals, complete=timing.index.complete)
        self._headline.setText(words.headline)
        set_role(self._headline, words.role)
        self._reason.setText(words.reason)
        for place, (number, tip) in enumerate(tiles(intervals)):
            self._tiles.set_tile(place, number, tip)
        for name, row in self._oddities.items():
            row.set_numbers(getattr(intervals, name))
        absent = absent_words(intervals)
        self._no_oddities.setText(absent)
        self._no_oddities.setVisible(bool(absent))
        rate = report.rate_declared
        if rate is None or report.nominal is None:
            self._nominal.set_words(ErrorWords(tr("The header declares no frame rate."), None, "muted"))
        else:
            self._nominal.set_title(f"n / {float(rate):.6g}")
            self._nominal.set_words(error_words(report.nominal, timing.index))
        self._show_opencv("")
        self._draw(timing)
        self.set_comparison(info, opencv)
        self.set_position(self._position)

    def set_telecine(self, words: str) -> None:
        """Show which cadence of film was measured; empty for none."""
        self._telecine.setText(words)
        self._telecine.setVisible(bool(words))

    def set_comparison(self, info: VideoInfo, opencv: OpenCVFacts | None) -> None:
        """Show the declared and OpenCV's values next to the measured ones."""
        timing = self._timing
        sheet = fact_sheet(info, None, None if timing is None else timing.facts, opencv)
        by_name: dict[str, Comparison] = {each.fact: each for each in sheet.compared}
        self._table.set_rows([by_name[name] for name in _COMPARED if name in by_name])

    def _draw(self, timing: Timing) -> None:
        from framescope.ui.panels.timing.chart import Marks, Series  # noqa: PLC0415

        intervals, charts = timing.report.intervals, self._charts()
        has_times = not math.isnan(intervals.median_s)
        lines = [Series(timing.nominal_ms, "accent")]
        if timing.report.opencv is not None:
            lines.append(Series(timing.opencv_ms, "keyframe"))
        tick_ms = _tick_ms(timing)
        # Without visible errors the chart would be flat; the rows state that times are exact.
        charts[1].setVisible(
            has_times and any(bool((abs(line.values) >= tick_ms / 2).any()) for line in lines)
        )
        for widget in (charts[0], self._interval_head, self._error_head):
            widget.setVisible(has_times)
        for widget in (self._tiles, self._nominal, self._opencv):
            widget.setVisible(has_times)
        if not has_times:
            return
        marks = [
            Marks(getattr(intervals, name), token)
            for name, _, _, token in _ODDITIES
            # Marking most frames would draw a solid bar.
            if len(getattr(intervals, name)) * 2 < max(intervals.frame_count, 12)
        ]
        charts[0].set_content(
            [Series(timing.intervals_ms, "accent")],
            marks,
            scale_for(timing.intervals_ms),
            intervals.median_s * 1000,
        )
        scale = scale_for(*(line.values for line in lines), reach=tick_ms / 2)
        charts[1].set_content(lines, [], scale, 0.0)

    def set_frames(self, first: float, last: float) -> None:
        """Show this frame range in the charts, as on the timeline."""
        self._frames = (first, last)
        for chart in (self._interval_chart, self._error_chart):
            if chart is not None:
                chart.set_frames(first, last)

    def set_position(self, frame_number: int) -> None:
        """Move the playheads and update the values shown."""
        self._position = frame_number
        for row in self._oddities.values():
            row.set_position(frame_number)
        for chart in (self._interval_chart, self._error_chart):
            if chart is not None:
                chart.set_position(frame_number)
        self._on_interval_pointed(-1)
        self._on_error_pointed(-1)

    @Slot(int)
    def _on_interval_pointed(self, frame_number: int) -> None:
        if self._timing is not None:
            number = self._position if frame_number < 0 else frame_number
            self._interval_readout.setText(interval_words(self._timing, number))

    @Slot(int)
    def _on_error_pointed(self, frame_number: int) -> None:
        if self._timing is not None:
            number = self._position if frame_number < 0 else frame_number
            self._error_readout.setText(error_readout(self._timing, number))

    # --- OpenCV

    def set_reading(self, job: Job | None, error: str) -> None:
        """Show that OpenCV is reading the file, or that it has ended."""
        if job is not None and job is not self._reading:
            job.progressed.connect(self._on_reading_progressed)
            self._bar.show_busy()
        self._reading = job
        self._bar.setVisible(job is not None)
        self._show_opencv(error)

    def _show_opencv(self, error: str) -> None:
        timing, is_reading = self._timing, self._reading is not None
        report = None if timing is None else timing.report
        measured = None if report is None else report.opencv
        is_known = report is not None and (measured is not None or bool(report.opencv_remark))
        self._read.setText(tr("Cancel") if is_reading else tr("Measure"))
        self._read.setVisible(is_reading or not is_known)
        self._read.setEnabled(is_reading or (timing is not None and timing.index.complete))
        if is_reading:
            words = ErrorWords(tr("OpenCV reads the whole file, in a separate process."), None, "muted")
        elif error:
            words = ErrorWords(error, None, "error")
        elif timing is not None and measured is not None:
            remark = timing.report.opencv_remark
            words = error_words(
                measured, timing.index, tr("every frame it returns") if remark else tr("every frame")
            )
            if remark:
                words = ErrorWords(f"{words.sentence} {remark}", words.worst_frame, "warning")
        elif report is not None and report.opencv_remark:
            words = ErrorWords(report.opencv_remark, None, "warning")
        else:
            words = ErrorWords(tr("Not measured yet: OpenCV has to read the whole file."), None, "muted")
        self._opencv.set_words(words)

    @Slot()
    def _on_read_clicked(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        else:
            self.reading_wanted.emit()

    @Slot(object)
    def _on_reading_progressed(self, progress: Progress) -> None:
        if self.sender() is self._reading:
            self._bar.show_share(progress.done, progress.total)


def _tick_ms(timing: Timing) -> float:
    return max(float(timing.index.time_base) * 1000, 1e-3)
