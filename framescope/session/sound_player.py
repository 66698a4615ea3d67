"""Plays the sound that belongs to the picture: while it plays, and at each frame that is stepped to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QObject, Signal, Slot

from framescope.engine.sound_clock import SoundClock
from framescope.engine.sound_feed import SoundPlan
from framescope.engine.sound_thread import SoundSource, SoundThread, open_device
from framescope.engine.stragglers import leave_behind

if TYPE_CHECKING:
    from framescope.core.errors import FrameScopeError
    from framescope.session.open_video import OpenVideo
    from framescope.session.playback import Playback
    from framescope.session.settings import Settings
    from framescope.session.sound import Sound

SOUND_SPEEDS = (1 / 8, 8.0)
"""Speeds at which there is sound; there is none backwards."""
VOLUME_STEP = 5
_SNIPPET_S = 0.08
"""A shorter frame is scrubbed with this much sound: less is a click."""
_NEAR_S = 0.3
_SAME_S = 0.015
"""A picture this late is caught up with; the sound plays on."""


class SoundPlayer(QObject):
    """Keeps sound and picture together. Threads: GUI.

    The picture leads: `Playback` says which time of the video is due when, and the sound of that time is
    heard then. Both go by ``clock``, which follows the audio device, so that they do not drift apart.

    Attributes:
        clock: The clock for `Playback`.
    """

    choices_changed = Signal()
    """``is_muted``, ``volume`` or ``scrubs`` changed."""
    notice_posted = Signal(str, str)
    """A sentence and its level."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.clock = SoundClock()
        self._video: OpenVideo | None = None
        self._sound: Sound | None = None
        self._playback: Playback | None = None
        self._thread: SoundThread | None = None
        self._serial = 0
        self._has_failed = False
        settings.changed.connect(self._on_setting_changed)

    def follow(self, video: OpenVideo, sound: Sound, playback: Playback) -> None:
        """Play the sound of this video along with this playback; it was made with ``clock``."""
        self._video, self._sound, self._playback = video, sound, playback
        playback.anchored.connect(self._on_anchored)
        playback.speed_changed.connect(self._on_anchored)
        sound.stream_changed.connect(self._on_stream_changed)

    # --- choices

    @property
    def is_muted(self) -> bool:
        """Whether nothing is heard."""
        return self._settings.is_muted

    @property
    def volume(self) -> int:
        """From 0 to 100."""
        return self._settings.volume

    @property
    def scrubs(self) -> bool:
        """Whether each frame that is stepped or dragged to is heard."""
        return self._settings.scrubs_sound

    def toggle_mute(self) -> None:
        """Mute, or unmute."""
        self._settings.is_muted = not self.is_muted

    def set_volume(self, volume: int) -> None:
        """Set the volume, from 0 to 100; unmutes."""
        self._settings.volume = volume
        if self.is_muted and volume:
            self._settings.is_muted = False

    def turn_up(self) -> None:
        """Louder."""
        self.set_volume(min(self.volume + VOLUME_STEP, 100))

    def turn_down(self) -> None:
        """Quieter."""
        self.set_volume(max(self.volume - VOLUME_STEP, 0))

    def toggle_scrubbing(self) -> None:
        """Hear each frame that is stepped to, or not."""
        self._settings.scrubs_sound = not self.scrubs

    # --- playing

    def note_position(self, frame_number: int) -> None:
        """The user has moved to another frame; with scrubbing on, a moment of it is heard."""
        source, times = self._source(), None if self._sound is None else self._sound.times
        is_playing = self._playback is not None and self._playback.speed != 0
        if not self.scrubs or self.is_muted or is_playing or source is None or times is None:
            return
        time_s = times.time_of(frame_number)
        length_s = max(times.time_of(frame_number + 1) - time_s, _SNIPPET_S)
        self._started_thread().play_snippet(source, time_s, min(length_s, 1.0))

    def close(self, deadline: QDeadlineTimer) -> None:
        """End the thread and wait for it. Nothing may be called afterwards."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        thread.close()
        if not thread.wait(deadline):
            leave_behind(thread)

    # --- inside

    def _source(self) -> SoundSource | None:
        if self._video is None or self._sound is None:
            return None
        info, stream = self._video.info, self._sound.stream
        if info is None or stream is None:
            return None
        return SoundSource(info.source, stream.stream_index, self._sound.origin_s)

    def _started_thread(self) -> SoundThread:
        if self._thread is None:
            self._thread = SoundThread(self.clock, self, device=open_device)
            self._thread.failed.connect(self._on_failed)
            self._thread.start()
            self._apply_gain()
        return self._thread

    def _apply_gain(self) -> None:
        if self._thread is not None:
            # Loudness as it is felt, as in mpv.
            self._thread.feed.set_gain((self.volume / 100) ** 3)

    def _play(self, *, anew: bool) -> None:
        """Let the sound follow the playback; ``anew`` also if it is on time already."""
        playback, source = self._playback, self._source()
        speed = 0.0 if playback is None else playback.speed
        is_wanted = SOUND_SPEEDS[0] <= speed <= SOUND_SPEEDS[1] and not self.is_muted
        if playback is None or source is None or not is_wanted:
            if self._thread is not None and source is None:
                self._thread.release()
            elif self._thread is not None:
                self._thread.pause()
            return
        thread, now_s = self._started_thread(), self.clock.now()
        time_s, clock_s = playback.anchor
        plan = thread.feed.plan
        due_s = time_s + (now_s - clock_s) * speed
        if not anew and plan is not None and plan.speed == speed:
            late_s = abs(plan.time_at(now_s) - due_s) / speed
            if late_s <= _SAME_S:
                return
            if late_s <= _NEAR_S:
                # The picture was held up: what is decoded already is still to be heard, only later.
                thread.feed.set_plan(SoundPlan(plan.serial, time_s, clock_s, speed))
                return
        self._serial += 1
        thread.play(source, SoundPlan(self._serial, time_s, clock_s, speed), due_s)

    @Slot()
    def _on_anchored(self) -> None:
        self._play(anew=False)

    @Slot()
    def _on_stream_changed(self) -> None:
        self._play(anew=True)

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name in {"is_muted", "volume", "scrubs_sound"}:
            self._apply_gain()
            if name == "is_muted":
                self._has_failed = False
                self._play(anew=False)
            self.choices_changed.emit()

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        # Once, not each time that the video is played.
        if not self._has_failed:
            self._has_failed = True
            self.notice_posted.emit(error.in_full, "warning")
