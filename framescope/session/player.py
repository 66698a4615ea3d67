"""What the user has chosen for playing: speed, repetition, which frames, and an A–B loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.session.playback import FrameTimes, Playback, Repeat, changed_speed, shuttled
from framescope.session.state import FrameRange

if TYPE_CHECKING:
    from framescope.core.media.index import FrameIndex
    from framescope.session.open_video import OpenVideo
    from framescope.session.selection import Selection
    from framescope.session.settings import Settings
    from framescope.session.view import View

_STEP = 1.1


class Player(QObject):
    """Plays the open video as chosen. Threads: GUI."""

    choices_changed = Signal()
    """Any of the properties changed."""

    def __init__(  # noqa: PLR0913 - the session's members that it acts on
        self,
        playback: Playback,
        video: OpenVideo,
        view: View,
        selection: Selection,
        *,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._playback = playback
        self._video = video
        self._view = view
        self._selection = selection
        self._settings = settings
        self._speed = 1.0
        self._timed: tuple[FrameIndex, FrameTimes] | None = None
        self._loop_start: int | None = None
        self._loop: FrameRange | None = None
        selection.range_changed.connect(self._apply)
        video.index_replaced.connect(self._on_index_replaced)
        settings.changed.connect(self._on_setting_changed)
        self._apply()

    @property
    def chosen_speed(self) -> float:
        """The speed for playing, from 1/8 to 8."""
        return self._speed

    @property
    def repeat(self) -> Repeat:
        """What follows the last frame."""
        return self._settings.repeat

    @property
    def plays_range_only(self) -> bool:
        """Whether only the frames between the in and out points are played, where they are set."""
        return self._settings.plays_range_only

    @property
    def plays_every_frame(self) -> bool:
        """Whether every frame is shown, slower if need be."""
        return self._settings.plays_every_frame

    @property
    def loop_start(self) -> int | None:
        """Point A of the A–B loop, from when it is set."""
        return self._loop_start

    @property
    def loop(self) -> FrameRange | None:
        """The A–B loop, once both points are set."""
        return self._loop

    @property
    def times(self) -> FrameTimes | None:
        """When each frame is shown, as far as the frames are indexed; None before."""
        info, index = self._video.info, self._video.index
        if index is None or len(index) == 0:
            return None
        if self._timed is None or self._timed[0] is not index:
            rate = None if info is None or info.average_rate is None else float(info.average_rate)
            self._timed = index, FrameTimes(index, rate)
        return self._timed[1]

    # --- playing

    def toggle(self) -> None:
        """Play at the chosen speed, or pause."""
        self._play(0.0 if self._playback.speed else self._speed)

    def toggle_at_normal_speed(self) -> None:
        """Play at normal speed, or pause."""
        self._choose_speed(1.0)
        self.toggle()

    def shuttle_forward(self) -> None:
        """L: play forwards; pressed again, faster (1, 2, 4, 8)."""
        self._play(shuttled(self._playback.speed, 1))

    def shuttle_backward(self) -> None:
        """J: play backwards; pressed again, faster."""
        self._play(shuttled(self._playback.speed, -1))

    def play_backward(self) -> None:
        """Play backwards at the chosen speed."""
        self._play(-self._speed)

    def stop(self) -> None:
        """K: stop."""
        self._playback.stop()

    # --- choices

    def slow_down(self) -> None:
        """Play 10 % slower."""
        self._change_speed(1 / _STEP)

    def speed_up(self) -> None:
        """Play 10 % faster."""
        self._change_speed(_STEP)

    def halve_speed(self) -> None:
        """Half as fast, down to 1/8."""
        self._change_speed(0.5)

    def double_speed(self) -> None:
        """Twice as fast, up to 8."""
        self._change_speed(2.0)

    def reset_speed(self) -> None:
        """Normal speed."""
        self._change_speed(0.0)

    def toggle_loop(self) -> None:
        """Play again from the start after the last frame, or stop there."""
        self._toggle_repeat(Repeat.LOOP)

    def toggle_ping_pong(self) -> None:
        """Play back and forth, or stop after the last frame."""
        self._toggle_repeat(Repeat.PING_PONG)

    def toggle_range_only(self) -> None:
        """Play only between the in and out points, or the whole video."""
        self._settings.plays_range_only = not self.plays_range_only

    def toggle_every_frame(self) -> None:
        """Show every frame, slower if need be, or skip frames to keep time."""
        self._settings.plays_every_frame = not self.plays_every_frame

    def set_loop_point(self) -> None:
        """Start an A–B loop here; the second time end it here and play it; the third time remove it."""
        position = self._view.position
        if self._loop is not None:
            self._loop = self._loop_start = None
        elif self._loop_start is None:
            self._loop_start = position
        else:
            first, last = sorted((self._loop_start, position))
            self._loop_start, self._loop = first, FrameRange(first, last + 1)
        self._apply()

    def forget_video(self) -> None:
        """Remove the A–B loop and the times: another video is opened."""
        self._timed = None
        self._loop = self._loop_start = None
        self._apply()

    # --- inside

    def _play(self, speed: float) -> None:
        self._apply()
        self._playback.set_times(self.times)
        self._playback.play(speed, self._view.position)

    def _change_speed(self, factor: float) -> None:
        """Multiply the speed, of what is playing too; 0 makes it normal."""
        playing = self._playback.speed
        speed = changed_speed(abs(playing) or self._speed, factor) if factor else 1.0
        self._choose_speed(speed)
        if playing and abs(playing) != speed:
            self._play(speed if playing > 0 else -speed)

    def _choose_speed(self, speed: float) -> None:
        self._speed = speed
        self.choices_changed.emit()

    def _toggle_repeat(self, repeat: Repeat) -> None:
        self._settings.repeat = Repeat.OFF if self.repeat is repeat else repeat

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name in {"repeat", "plays_range_only", "plays_every_frame"}:
            self._apply()

    @Slot()
    def _on_index_replaced(self) -> None:
        # What is played goes on with the frames that were indexed meanwhile.
        if self._playback.speed:
            self._apply()
            self._playback.set_times(self.times)

    @Slot()
    def _apply(self) -> None:
        repeat, span = self.repeat, self._loop
        if span is not None and repeat is Repeat.OFF:
            repeat = Repeat.LOOP
        if span is None and self.plays_range_only:
            span = self._selection.range_within(self._video.frame_total)
        self._playback.set_range(span)
        self._playback.set_repeat(repeat)
        self._playback.set_shows_all(shows_all=self.plays_every_frame)
        self.choices_changed.emit()
