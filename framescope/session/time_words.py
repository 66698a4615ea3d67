"""How times of frames are written, everywhere in the window: in the format that the user has chosen."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.text import clock
from framescope.session.settings import TimeFormat

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.timing.timecode import TimecodeCount
    from framescope.session.settings import Settings


class Timed(Protocol):
    """A video whose times are written: the open one, or the one beside it."""

    @property
    def info(self) -> VideoInfo | None:
        """The facts declared in its header; None while it is not open."""

    @property
    def index(self) -> FrameIndex | None:
        """Its frame index so far."""


class TimeWords(QObject):
    """Writes times of a video. Threads: GUI.

    They are in seconds since its first frame wherever they are computed; only here they become those stored
    in the file, if the user wants that.
    """

    changed = Signal()
    """Times are written in another way from now on."""

    def __init__(self, video: Timed, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._video = video
        self._settings = settings
        # Asked for with each time that is painted.
        self._format, self._shows_stored = settings.time_format, settings.shows_stored_times
        self._counted: tuple[FrameIndex, TimecodeCount | None] | None = None
        settings.changed.connect(self._on_setting_changed)

    @property
    def origin(self) -> Fraction:
        """What is added to seconds since the first frame: its stored time, if those are shown; else 0."""
        index = self._video.index
        if index is None or not self._shows_stored:
            return Fraction(0)
        return index.first_time

    def of(self, frame_number: int, time_s: float) -> str:
        """The time of a frame; a dash where it is unknown.

        Args:
            frame_number: The frame.
            time_s: Its seconds since the first frame; NaN if it has none.
        """
        wanted = self._format
        if wanted is TimeFormat.TIMECODE and math.isfinite(time_s) and (counts := self._counts()) is not None:
            return counts.text(frame_number)
        return self.written(time_s, wanted)

    def written(self, time_s: float, wanted: TimeFormat = TimeFormat.CLOCK) -> str:
        """Seconds since the first frame in a format that needs no frame; a timecode is written as hours."""
        shown_s = time_s + float(self.origin)
        if wanted is TimeFormat.SECONDS and math.isfinite(shown_s):
            return f"{shown_s:.3f} s".replace("-", "−")
        return clock(shown_s, with_hours=wanted in {TimeFormat.HOURS, TimeFormat.TIMECODE})

    def _counts(self) -> TimecodeCount | None:
        index, info = self._video.index, self._video.info
        if index is None or info is None:
            return None
        if self._counted is None or self._counted[0] is not index:
            # Imported here: it must not delay the first picture.
            from framescope.core.timing.timecode import timecodes_of  # noqa: PLC0415

            self._counted = (index, timecodes_of(index, info.timecode_start))
        return self._counted[1]

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name in {"time_format", "shows_stored_times"}:
            self._format, self._shows_stored = self._settings.time_format, self._settings.shows_stored_times
            self.changed.emit()
