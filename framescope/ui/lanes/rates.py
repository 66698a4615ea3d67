"""The bit rate of the open video over time, for lanes and panels, updated as the index grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.translation import tr
from framescope.ui.lanes.series import Series
from framescope.ui.widgets.tasks import IndexValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.bitstream.bit_rate import BitRates
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo


@dataclass(frozen=True, eq=False)
class FoundRates:
    """The rates, and what lanes draw of them.

    Attributes:
        rates: By second and by GOP.
        series: The same by frame.
    """

    rates: BitRates
    series: tuple[Series, Series]


class VideoRates(IndexValue["FoundRates | None"]):
    """The bit rates of the frames listed so far; whoever needs them calls `refresh`. Threads: GUI."""

    title = tr("Adding up the bit rate")
    most_frames_at_once = 50_000

    @property
    def found(self) -> FoundRates | None:
        """The rates; None where there are none, or none yet."""
        return self._value

    def work_on(self, info: VideoInfo, index: FrameIndex) -> Callable[[], FoundRates | None]:
        """Compute them."""

        def work() -> FoundRates | None:
            # Imported here: windows without a lane open without it.
            from framescope.core.bitstream.bit_rate import bit_rates  # noqa: PLC0415
            from framescope.core.media.facts.bit_rate_facts import why_no_rates  # noqa: PLC0415

            rates = None if why_no_rates(info) else bit_rates(index)
            if rates is None:
                return None
            return FoundRates(rates, (Series(rates.seconds.by_frame()), Series(rates.gops.by_frame())))

        return work
