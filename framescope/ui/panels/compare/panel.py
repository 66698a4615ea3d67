"""The comparison panel: the verdict, what is missing or added in B, the worst frames, and the report."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from framescope.core.text import counted, grouped
from framescope.core.translation import tr, tr_plural
from framescope.ui.panels.fact_widgets import MARGIN, empty_page, text_label
from framescope.ui.panels.run_widgets import RunProgress
from framescope.ui.timeline.compared import difference_color
from framescope.ui.widgets.icons import swatch
from framescope.ui.widgets.report_saving import Report, ask_and_save_report
from framescope.ui.widgets.roles import named_combo, push_button
from framescope.ui.widgets.theme import SPACE, set_role
from framescope.ui.widgets.tiles import StatTiles

if TYPE_CHECKING:
    from framescope.core.compare.comparison import Comparison
    from framescope.core.compare.differences import Difference
    from framescope.core.compare.quality import Metric, Quality
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_TARGET = Qt.ItemDataRole.UserRole
"""Of a row: (frame of A, frame of B to show by itself, or -1)."""
_PIN = Qt.ItemDataRole.UserRole + 1
_MOST_ROWS = 500
_CURVES = {"psnr": tr("PSNR in dB"), "ssim": tr("SSIM")}
_FORMATS = {
    ".html": tr("HTML report with the map"),
    ".json": tr("JSON, all results"),
    ".csv": tr("CSV, a row per frame"),
}


class ComparePanel(QWidget):
    """What a comparison found; a click on a row goes there. Threads: GUI."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._comparing = controller.comparing
        self._theme = theme
        self.setObjectName("comparePanel")
        self.setAccessibleName(tr("Comparison"))
        self._verdict = text_label(self)
        self._verdict.setObjectName("compareVerdict")
        self._remarks = text_label(self, "muted", pixels=12)
        self._remarks.setObjectName("compareRemarks")
        self._progress = RunProgress(
            "compare", tr("Progress of the comparison"), tr("Stop; what was found is kept"), self
        )
        self._progress.stop_wanted.connect(self._comparing.run.cancel)
        self._again = push_button(self, "compareAgain", tr("Compare again"))
        self._again.clicked.connect(self._comparing.run.start)
        self._tiles = StatTiles((tr("mean"), tr("1 % low"), tr("lowest"), tr("identical")), self)
        self._metric = named_combo(self, "compareMetric", tr("Metric of the curve"), _CURVES)
        self._metric.setToolTip(tr("What the curve on the timeline and the list of worst frames show"))
        self._metric.activated.connect(self._on_metric_activated)
        self._export = push_button(self, "compareExport", tr("Save report"))
        self._export.setMenu(self._export_menu())
        self._unpin = push_button(self, "compareUnpin", tr("Remove pin"), tip=tr("Align again without it"))
        self._unpin.clicked.connect(self._on_unpin_clicked)
        self._list = self._make_list()
        self._pages = QStackedLayout(self)
        sentence = tr(
            "Open a second video with “Compare with…” in the File menu to see what it lacks, repeats or adds."
        )
        self._pages.addWidget(empty_page(self, sentence))
        self._pages.addWidget(self._result_page())
        for signal in (self._comparing.changed, self._comparing.run.changed, self._comparing.look_changed):
            signal.connect(self._refresh)
        self._comparing.run.progressed.connect(self._progress.show_progress)
        for changed in (theme.changed, controller.times.changed, self._comparing.times.changed):
            changed.connect(self._fill)
        self._was_running = False
        self._filled: tuple[object, ...] = ()
        self._refresh()

    # --- building

    def _make_list(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setObjectName("compareList")
        tree.setAccessibleName(tr("Differences and worst frames"))
        tree.setHeaderHidden(True)
        tree.setWordWrap(True)
        tree.setIndentation(12)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.itemClicked.connect(self._on_item_chosen)
        tree.itemActivated.connect(self._on_item_chosen)
        tree.currentItemChanged.connect(self._on_current_changed)
        return tree

    def _export_menu(self) -> QMenu:
        menu = QMenu(self)
        for suffix, title in _FORMATS.items():
            menu.addAction(title).setData(suffix)
        menu.triggered.connect(self._on_export_chosen)
        return menu

    def _result_page(self) -> QWidget:
        page = QWidget(self)
        top = QVBoxLayout()
        top.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        top.setSpacing(SPACE)
        top.addWidget(self._verdict)
        top.addWidget(self._remarks)
        top.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        top.addWidget(self._tiles)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self._metric)
        row.addWidget(self._unpin)
        row.addStretch(1)
        row.addWidget(self._export)
        top.addLayout(row)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(top)
        column.addWidget(self._progress)
        column.addWidget(self._list, 1)
        self._list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        return page

    # --- showing

    @Slot()
    def _refresh(self) -> None:
        comparing, run = self._comparing, self._comparing.run
        self._pages.setCurrentIndex(1 if comparing.is_active else 0)
        if run.is_running and not self._was_running:
            self._progress.begin()
        self._was_running = run.is_running
        self._progress.setVisible(run.is_running)
        self._again.setVisible(not run.is_running and (run.was_stopped or run.error is not None))
        self._export.setEnabled(run.found is not None)
        self._metric.setCurrentIndex(max(self._metric.findData(comparing.look.metric), 0))
        state = (run.found, run.error, run.was_stopped, run.pins, run.is_running, comparing.look.metric)
        if (*state, comparing.error) != self._filled:
            self._filled = (*state, comparing.error)
            self._fill()

    @Slot()
    def _fill(self) -> None:
        found = self._comparing.run.found
        self._show_verdict(found)
        self._show_quality(found)
        self._list.clear()
        self._add_pins()
        if found is not None:
            self._add_differences(found)
            self._add_worst(found)
        self._on_current_changed()

    def _show_verdict(self, found: Comparison | None) -> None:
        run, error = self._comparing.run, self._comparing.error
        text, role, remarks = tr("Comparing all frames…"), "muted", ""
        if error is not None:
            text, role, remarks = tr("B cannot be opened: {error}", error=error.message), "error", error.hint
        elif run.error is not None:
            text, role, remarks = run.error.message, "error", run.error.hint
        elif found is not None:
            text, role, remarks = _verdict(found)
        elif run.was_stopped:
            text = tr("The comparison was stopped.")
        elif not run.is_running:
            text = tr("The frames of both videos are being listed…")
        self._verdict.setText(text)
        set_role(self._verdict, role)
        self._remarks.setText(remarks)
        self._remarks.setVisible(bool(remarks))

    def _show_quality(self, found: Comparison | None) -> None:
        quality = None if found is None else found.quality
        metric = None if quality is None else self._metric_of(quality)
        is_known = quality is not None and metric is not None and len(quality.a) > 0
        self._tiles.setVisible(is_known)
        self._metric.setVisible(is_known)
        if quality is None or metric is None or not is_known:
            return
        summary = quality.summary(metric)
        pairs = counted(len(quality.a), "pair", "pairs")
        values = [
            "∞" if math.isinf(value) else metric.words(value).removesuffix(" dB")
            for value in (summary.mean, summary.low, summary.lowest)
        ]
        self._tiles.set_tile(0, values[0], tr("The mean of {pairs}.", pairs=pairs))
        self._tiles.set_tile(1, values[1], tr("The mean of the lowest 1 %."))
        self._tiles.set_tile(2, values[2], tr("The lowest of {pairs}.", pairs=pairs))
        self._tiles.set_tile(3, grouped(summary.identical), tr("Pairs that are equal in every pixel."))

    def _metric_of(self, quality: Quality) -> Metric | None:
        wanted = self._comparing.look.metric
        return next((one for one in quality.metrics if one.value == wanted), None)

    def _group(self, title: str) -> QTreeWidgetItem:
        group = QTreeWidgetItem(self._list, [title])
        font = group.font(0)
        font.setBold(True)
        group.setFont(0, font)
        group.setExpanded(True)
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        return group

    def _add_pins(self) -> None:
        pins = self._comparing.run.pins
        if not pins:
            return
        group = self._group(tr("Pins ({count})", count=len(pins)))
        for pin in pins:
            a, b = grouped(pin[0]), grouped(pin[1])
            item = self._row(group, tr("Frame {a} of A is frame {b} of B", a=a, b=b), pin[0])
            item.setData(0, _PIN, pin)

    def _add_differences(self, found: Comparison) -> None:
        from framescope.core.compare.words import sentence  # noqa: PLC0415

        differences = found.alignment.differences
        if not differences:
            return
        clocks = self._controller.times.of, self._comparing.times.of
        group = self._group(tr("Differences ({count})", count=grouped(len(differences))))
        for one in differences[:_MOST_ROWS]:
            a, b = _target(one, found)
            item = self._row(group, sentence(one, found, clocks), a, b)
            item.setIcon(0, swatch(difference_color(one.kind.value, self._theme.tokens).name()))
        if len(differences) > _MOST_ROWS:
            rest = len(differences) - _MOST_ROWS
            more = tr_plural(
                "{count} more is in the report", "{count} more are in the report", rest, count=grouped(rest)
            )
            QTreeWidgetItem(group, [more]).setFlags(Qt.ItemFlag.ItemIsEnabled)

    def _add_worst(self, found: Comparison) -> None:
        quality = found.quality
        metric = None if quality is None else self._metric_of(quality)
        if quality is None or metric is None or not len(quality.a):
            return
        worst = quality.summary(metric).worst
        if not worst:
            return
        group = self._group(tr("Worst frames by {metric}", metric=metric.label))
        for place in worst:
            number = int(quality.a[place])
            value = metric.words(float(quality.values[metric, "all"][place]))
            time = self._controller.times.of(number, float(found.a.times_s[number]))
            text = tr("{value}: frame {number} ({time})", value=value, number=grouped(number), time=time)
            self._row(group, text, number)

    def _row(self, group: QTreeWidgetItem, text: str, a: int, b: int = -1) -> QTreeWidgetItem:
        item = QTreeWidgetItem(group, [text])
        item.setToolTip(0, text)
        item.setData(0, _TARGET, (a, b))
        return item

    # --- acting

    @Slot()
    def _on_item_chosen(self, item: QTreeWidgetItem) -> None:
        target = item.data(0, _TARGET)
        if target is None:
            return
        a, b = target
        self._controller.show_frame(a)
        if b >= 0:
            self._comparing.show_alone(b)

    @Slot()
    def _on_current_changed(self) -> None:
        item = self._list.currentItem()
        self._unpin.setVisible(item is not None and item.data(0, _PIN) is not None)

    @Slot()
    def _on_unpin_clicked(self) -> None:
        item = self._list.currentItem()
        pin = None if item is None else item.data(0, _PIN)
        if pin is not None:
            self._comparing.run.unpin(tuple(pin))

    @Slot(int)
    def _on_metric_activated(self, place: int) -> None:
        self._comparing.choose_metric(tuple(_CURVES)[place])

    @Slot(QAction)
    def _on_export_chosen(self, action: QAction) -> None:
        found = self._comparing.run.found
        suffix = str(action.data())
        if found is None:
            return
        name = f"{Path(found.b.source).stem}_compared{suffix}"
        report = Report(_FORMATS[suffix], name, partial(report_text, found, suffix))
        ask_and_save_report(self._controller, report, self)


def _verdict(found: Comparison) -> tuple[str, str, str]:
    """The verdict, its style role, and further remarks."""
    from framescope.core.compare.words import remarks, verdict  # noqa: PLC0415

    lines = list(remarks(found))
    if found.quality is not None and found.quality.spaces:
        lines.append(tr("Quality compared in {spaces}.", spaces="; ".join(found.quality.spaces)))
    return verdict(found), "success" if found.is_complete else "warning", "\n".join(lines)


def _target(one: Difference, found: Comparison) -> tuple[int, int]:
    """The frame of A to go to, and the frame of B to show by itself where A has none for it."""
    a = min(one.a.start, max(len(found.a) - 1, 0))
    is_in_b_only = not len(one.a) or one.kind.value == "doubled"
    return a, one.b.start if is_in_b_only and len(one.b) else -1


def report_text(found: Comparison, suffix: str) -> str:
    """The report as HTML, JSON or CSV. Threads: any."""
    # Imported here: they are needed only once a report is saved.
    from framescope.core.compare.report_html import comparison_as_html  # noqa: PLC0415
    from framescope.core.compare.report_table import comparison_table, frame_table  # noqa: PLC0415
    from framescope.core.printable import json_document  # noqa: PLC0415
    from framescope.core.tables.table import csv_text, plain  # noqa: PLC0415

    if suffix == ".html":
        return comparison_as_html(found)
    if suffix == ".json":
        return json_document(plain(comparison_table(found)), indent=2, allow_nan=False)
    return "".join(csv_text(frame_table(found)))
