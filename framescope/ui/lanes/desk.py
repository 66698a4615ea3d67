"""The lanes of values of the open video: those that are shown, with what is known of their values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.translation import tr
from framescope.ui.lanes.catalog import LANES, LaneSpec, Source, why_no_lane
from framescope.ui.lanes.measuring import Measuring
from framescope.ui.lanes.rates import VideoRates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.session.controller import Controller
    from framescope.ui.lanes.series import Series


def _none() -> NDArray[np.int64]:
    return np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Curve:
    """A lane as it is drawn.

    Attributes:
        spec: What it shows.
        series: Its values; None if there are none.
        reached: How many frames have a value so far.
        flagged: int64, frames that are marked as faults, ascending.
        message: What is shown instead of values; empty for none.
        note: A sentence about this video, for the tooltip; empty for none.
        can_start: Whether a click on the lane starts finding the values.
    """

    spec: LaneSpec
    series: Series | None = None
    reached: int = 0
    flagged: NDArray[np.int64] = field(default_factory=_none)
    message: str = ""
    note: str = ""
    can_start: bool = False

    @property
    def span(self) -> tuple[float, float]:
        """The values at the bottom and the top of the lane."""
        if self.series is None or np.isnan(self.series.low):
            return 0.0, 1.0
        return self.spec.span(self.series.low, self.series.high)

    def words(self, frame_number: int) -> str:
        """The value of a frame; a dash if it has none."""
        if self.series is None or frame_number >= self.reached:
            return "–"
        value = float(self.series.values[frame_number])
        return "–" if np.isnan(value) else self.spec.words(value)

    @property
    def tip(self) -> str:
        """The tooltip of the lane's name."""
        scale = tr("Each column reaches from the lowest to the highest value of its frames.")
        return "\n".join(filter(None, (self.spec.tip, scale, self.note)))


class LaneDesk(QObject):
    """The lanes that the settings name and the video can have, and their values. Threads: GUI.

    The bit rate is shown at once. What takes a decode of the whole file begins when its lane is switched on,
    or at a click on the lane where it was on before the video was opened.
    """

    changed = Signal()
    """``curves`` changed."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._curves: tuple[Curve, ...] = ()
        self._shown = controller.settings.lanes
        self.rates = VideoRates.of(controller)
        self._works = {
            source: Measuring(controller, source) for source in (Source.BUFFER, Source.PIXELS, Source.BLOCKS)
        }
        self.rates.changed.connect(self._on_changed)
        for work in self._works.values():
            work.changed.connect(self._on_changed)
        controller.settings.changed.connect(self._on_setting_changed)
        controller.source_opened.connect(self._on_index_updated)
        controller.source_closed.connect(self._on_changed)
        controller.index_updated.connect(self._on_index_updated)
        self._on_index_updated()

    @classmethod
    def of(cls, controller: Controller) -> Self:
        """The lanes of this session."""
        return controller.findChild(cls) or cls(controller)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The lanes that are shown, from top to bottom; none while no video is open."""
        return self._curves

    @property
    def buffer(self) -> Measuring:
        """The declared buffer, once `start` was called."""
        return self._works[Source.BUFFER]

    def start(self, source: Source) -> None:
        """Find the values from this source, unless they are known."""
        if source in self._works:
            self._works[source].start()

    @property
    def columns(self) -> dict[str, NDArray[np.float32]]:
        """The values of the lanes shown, by name and frame, as far as they are known."""
        return {one.spec.name: one.series.values for one in self._curves if one.series is not None}

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name != "lanes":
            return
        before, self._shown = self._shown, self._controller.settings.lanes
        info = self._controller.info
        sources = {lane.source for lane in LANES if lane.name in self._shown}
        for lane in LANES:
            is_new = lane.name in self._shown and lane.name not in before
            if is_new and info is not None and not why_no_lane(lane, info):
                self.start(lane.source)
        for source in (Source.PIXELS, Source.BLOCKS):
            if source not in sources:
                self._works[source].stop()
        self._on_index_updated()

    @Slot()
    def _on_index_updated(self) -> None:
        for work in self._works.values():
            work.follow_index()
        shown = {lane.source for lane in LANES if lane.name in self._shown}
        if Source.INDEX in shown:
            self.rates.refresh()
        if Source.BUFFER in shown and self._controller.info is not None:
            buffer = next(lane for lane in LANES if lane.source is Source.BUFFER)
            if not why_no_lane(buffer, self._controller.info):
                self.buffer.start()
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        before = self._curves
        info, index = self._controller.info, self._controller.index
        if info is None or index is None:
            self._curves = ()
        else:
            self._curves = tuple(
                self._curve(lane, index)
                for lane in LANES
                if lane.name in self._shown and not why_no_lane(lane, info)
            )
        if self._curves or before:
            self.changed.emit()

    def _curve(self, lane: LaneSpec, index: FrameIndex) -> Curve:
        if lane.source is Source.INDEX:
            found = self.rates.found
            if found is None:
                is_over = self.rates.index is index
                return Curve(lane, message=tr("The frames have no times.") if is_over else tr("Adding up…"))
            series = found.series[lane.place]
            return Curve(lane, series, series.reached)
        work = self._works[lane.source]
        series_found = work.series[lane.place] if work.series else None
        is_empty = series_found is None or np.isnan(series_found.low)
        can_start = not work.is_running and not work.is_whole and not work.message
        levels = work.levels
        return Curve(
            lane,
            None if is_empty else series_found,
            0 if series_found is None else series_found.reached,
            flagged=_none() if levels is None else np.unique(levels.frames[levels.faults]),
            message=(work.message or tr("Click to measure all frames")) if is_empty else "",
            note="" if levels is None else levels.sentence,
            can_start=can_start and is_empty,
        )
