"""Asks for a likeness and gives the smallest quality that keeps it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QPushButton, QWidget

from framescope.core.export.quality.search import Metric, Target
from framescope.ui.widgets.roles import inset_text
from framescope.ui.widgets.theme import SPACE, set_role
from framescope.ui.widgets.words import decibel_words, ssim_words

if TYPE_CHECKING:
    from framescope.core.export.quality.search import Search
    from framescope.core.export.quality.trial import Trial

_METRICS = {Metric.PSNR: "PSNR", Metric.SSIM: "SSIM"}
_FIELD_WIDTH = 96


class TargetRow(QWidget):
    """One line: what to keep, a button, and what was found. Threads: GUI."""

    wanted = Signal(object)
    """A `Target` is to be searched for."""
    stopped = Signal()
    """The search is to end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportTarget")
        self._is_searching = False
        label = QLabel("Smallest quality with", self)
        set_role(label, "muted")
        self._metric = QComboBox(self)
        self._metric.setObjectName("exportTargetMetric")
        self._metric.setAccessibleName("Likeness")
        for metric, words in _METRICS.items():
            self._metric.addItem(words, metric.value)
        self._values = {Metric.PSNR: self._decibels(), Metric.SSIM: self._share()}
        self._find = QPushButton("Find", self)
        self._find.setObjectName("exportTargetFind")
        self._find.setAutoDefault(False)
        self._said = QLabel(self)
        self._said.setObjectName("exportTargetFound")
        self._said.setWordWrap(True)
        set_role(self._said, "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        for each in (label, self._metric, *self._values.values(), self._find):
            row.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._said, 1)
        self._metric.currentIndexChanged.connect(self._on_metric_changed)
        self._find.clicked.connect(self._on_find_clicked)
        self._on_metric_changed()

    @property
    def target(self) -> Target:
        """What is asked for."""
        metric = Metric(self._metric.currentData())
        return Target(metric, self._values[metric].value())

    def choose(self, target: Target) -> None:
        """Show this target."""
        self._values[target.metric].setValue(target.least)
        self._metric.setCurrentIndex(self._metric.findData(target.metric.value))

    def show_searching(self, text: str) -> None:
        """Say how far the search is."""
        self._is_searching = True
        self._find.setText("Stop")
        self._say(text, "muted")

    def show_search(self, search: Search) -> None:
        """Say what was found."""
        self.show_nothing()
        text, role = search_words(search)
        self._say(text, role)

    def show_problem(self, text: str) -> None:
        """Say why nothing was found."""
        self.show_nothing()
        self._say(text, "error")

    def show_nothing(self) -> None:
        """Be ready for another search."""
        self._is_searching = False
        self._find.setText("Find")
        self._say("", "muted")

    def _say(self, text: str, role: str) -> None:
        self._said.setText(text)
        set_role(self._said, role)

    def _decibels(self) -> QDoubleSpinBox:
        spin = QDoubleSpinBox(self)
        spin.setObjectName("exportTargetPsnr")
        spin.setAccessibleName("PSNR to keep, in decibels")
        spin.setRange(10.0, 99.0)
        spin.setDecimals(1)
        spin.setSuffix(" dB")
        spin.setValue(40.0)
        return self._dressed(spin)

    def _share(self) -> QDoubleSpinBox:
        spin = QDoubleSpinBox(self)
        spin.setObjectName("exportTargetSsim")
        spin.setAccessibleName("SSIM to keep")
        spin.setRange(0.1, 1.0)
        spin.setDecimals(4)
        spin.setSingleStep(0.005)
        spin.setValue(0.98)
        return self._dressed(spin)

    def _dressed(self, spin: QDoubleSpinBox) -> QDoubleSpinBox:
        inset_text(spin)
        spin.setFixedWidth(_FIELD_WIDTH)
        spin.lineEdit().returnPressed.connect(self._on_find_clicked)
        return spin

    @Slot()
    def _on_metric_changed(self) -> None:
        chosen = Metric(self._metric.currentData())
        for metric, spin in self._values.items():
            spin.setVisible(metric is chosen)

    @Slot()
    def _on_find_clicked(self) -> None:
        if self._is_searching:
            self.stopped.emit()
        else:
            self.wanted.emit(self.target)


def search_words(search: Search) -> tuple[str, str]:
    """What a search found, and the role that colours it."""
    metric = search.target.metric
    if search.found is not None:
        reached = _value_words(metric, search.found)
        below = [trial for trial in search.trials if trial.level == search.found.level - 1]
        lower = f"; {below[0].level} only {_value_words(metric, below[0])}" if below else ""
        return f"Quality {search.found.level} keeps {reached}{lower}.", "success"
    if math.isnan(metric.value_of(search.best)):
        return "The picture is too small for SSIM.", "warning"
    text = f"Out of reach: quality {search.best.level} gives {_value_words(metric, search.best)}"
    if search.full_chroma is not None:
        return f"{text}, with 4:4:4 {_value_words(metric, search.full_chroma)}.", "warning"
    return f"{text}.", "warning"


def _value_words(metric: Metric, trial: Trial) -> str:
    return decibel_words(trial.psnr_db) if metric is Metric.PSNR else ssim_words(trial.ssim)
