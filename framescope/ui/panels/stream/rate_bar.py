"""The bit rate in a line: its mean, its peak, the decoder's buffer, and a list of peaks to go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from framescope.core.media.facts.bit_rate_facts import why_no_buffer, why_no_rates
from framescope.core.text import bit_rate_words, counted, grouped
from framescope.core.translation import tr
from framescope.ui.lanes.catalog import Source
from framescope.ui.lanes.desk import LaneDesk
from framescope.ui.panels.fact_widgets import MARGIN
from framescope.ui.widgets.elided_label import ElidedLabel
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.core.bitstream.bit_rate import RateSpans
    from framescope.session.controller import Controller
    from framescope.ui.widgets.icons import IconSource

_MOST_PEAKS = 8
_TEXT_PIXELS = 11


class RateBar(QWidget):
    """The bit rate of the open video, and its peaks. Threads: GUI."""

    def __init__(self, controller: Controller, icons: IconSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._desk = LaneDesk.of(controller)
        self._words = ElidedLabel(self)
        self._words.setObjectName("streamRate")
        self._words.setProperty("role", "muted")
        self._words.setFont(sized(self._words.font(), _TEXT_PIXELS))
        self._menu = QMenu(self)
        self._menu.setObjectName("streamPeaks")
        self._menu.aboutToShow.connect(self._fill)
        self._button = icons.button(
            self, "streamPeaksButton", tr("Seconds and GOPs with the highest bit rate"), "ph.chart-bar"
        )
        self._button.setMenu(self._menu)
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 2, SPACE // 2, 2)
        row.setSpacing(SPACE)
        row.addWidget(self._words)
        row.addStretch(1)
        row.addWidget(self._button)
        self._desk.rates.changed.connect(self._show_words)
        self._desk.buffer.changed.connect(self._show_words)
        self._show_words()

    def refresh(self) -> None:
        """Take notice of the frames listed so far; called while the panel is seen."""
        info = self._controller.info
        if info is None or why_no_rates(info):
            return
        self._desk.rates.refresh()
        if not why_no_buffer(info):
            self._desk.start(Source.BUFFER)

    @Slot()
    def _show_words(self) -> None:
        found = self._desk.rates.found
        self._button.setEnabled(found is not None)
        if found is None:
            self._words.set_whole_text("")
            self.setToolTip("")
            return
        rates = found.rates
        words = [tr("Bit rate {rate}", rate=bit_rate_words(rates.mean))]
        highest = rates.seconds.highest(1)
        if len(highest):
            rate = bit_rate_words(float(rates.seconds.rates[highest[0]]))
            words.append(tr("highest {rate}", rate=rate))
        self._words.set_whole_text(" · ".join([*words, *self._buffer_words()]))
        levels, message = self._desk.buffer.levels, self._desk.buffer.message
        self.setToolTip(message if levels is None else levels.sentence)

    def _buffer_words(self) -> list[str]:
        levels = self._desk.buffer.levels
        if levels is None:
            return []
        late, full = len(levels.underflows), len(levels.overflows)
        faults = [
            *([counted(late, "underflow", "underflows")] if late else []),
            *([counted(full, "overflow", "overflows")] if full else []),
        ]
        return faults or [tr("buffer kept to")]

    @Slot()
    def _fill(self) -> None:
        self._menu.clear()
        found = self._desk.rates.found
        if found is not None:
            self._add(tr("Highest seconds"), found.rates.seconds)
            self._add(tr("Highest GOPs"), found.rates.gops)

    def _add(self, title: str, spans: RateSpans) -> None:
        if not self._menu.isEmpty():
            self._menu.addSeparator()
        # A section's title is not drawn with a stylesheet.
        self._menu.addAction(title).setEnabled(False)
        rates = spans.rates
        for place in spans.highest(_MOST_PEAKS).tolist():
            number = int(spans.first_frames[place])
            time = self._controller.times.of(number, float(spans.starts_s[place]))
            action = self._menu.addAction(
                tr(
                    "{time}  ·  {rate}  ·  frame {number}",
                    time=time,
                    rate=bit_rate_words(float(rates[place])),
                    number=grouped(number),
                )
            )
            action.setData(number)
            action.triggered.connect(self._on_peak_chosen)

    @Slot()
    def _on_peak_chosen(self) -> None:
        action = self.sender()
        number = action.data() if hasattr(action, "data") else None
        if isinstance(number, int):
            self._controller.show_frame(number)
