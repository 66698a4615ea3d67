"""The session: what the user is looking at, and every command that changes it. All that widgets talk to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from framescope.engine.jobs import Job, JobRunner
from framescope.session.navigation import (
    TargetError,
    Whereabouts,
    clamp_range,
    keyframe_after,
    keyframe_before,
    parse_target,
    range_following,
)
from framescope.session.playback import shuttled
from framescope.session.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import OpenCVFacts, VideoInfo
    from framescope.session.state import FrameRange, ShownFrame


class Controller(QObject):
    """State and commands of one window. Threads: GUI, and every signal is emitted there."""

    source_opened = Signal()
    """``info`` is there; the index may still be partial or None."""
    source_closed = Signal()
    source_failed = Signal(object)
    """FrameScopeError while opening."""
    source_changed = Signal(str)
    """The open file is another on disk: ``deleted``, ``replaced`` or ``grown``. ``reopen_source`` helps."""
    index_updated = Signal()
    """``index`` was replaced by a longer or better one."""
    opencv_facts_found = Signal()
    """``opencv_facts`` is there (it comes after ``source_opened``)."""
    frame_shown = Signal()
    """``shown`` changed."""
    position_changed = Signal(int)
    """Another frame number is asked for; the playhead moves at once, the picture may follow later."""
    marks_changed = Signal()
    range_changed = Signal()
    cache_changed = Signal()
    visible_range_changed = Signal(float, float)
    """The timeline's visible frames ``[first, last)``."""
    rotation_changed = Signal(bool)
    playing_changed = Signal(float)
    """Speed; 0 when stopped, negative backwards."""
    thumbnail_ready = Signal(int, QImage)
    """Frame number and picture."""
    job_started = Signal(object)
    """A Job."""
    notice_posted = Signal(str, str)
    """A sentence for people, and ``info``, ``warning`` or ``error``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: str | None = None
        self._info: VideoInfo | None = None
        self._opencv_facts: OpenCVFacts | None = None
        self._index: FrameIndex | None = None
        self._shown: ShownFrame | None = None
        self._position = 0
        self._visible_range = (0.0, 1.0)
        self._is_rotated = True
        self._speed = 0.0
        self._selection = Selection(self)
        self._selection.marks_changed.connect(self.marks_changed)
        self._selection.range_changed.connect(self.range_changed)
        self._runner = JobRunner(self)
        self._runner.job_started.connect(self.job_started)

    # --- state

    @property
    def source(self) -> str | None:
        """Path or URL of the open video, or None."""
        return self._source

    @property
    def info(self) -> VideoInfo | None:
        """What the file's header declares."""
        return self._info

    @property
    def opencv_facts(self) -> OpenCVFacts | None:
        """What OpenCV says of the same file; None until it was asked."""
        return self._opencv_facts

    @property
    def index(self) -> FrameIndex | None:
        """Who the frames are, as far as they are listed."""
        return self._index

    @property
    def frame_total(self) -> int:
        """Frames of the video, or the best estimate while the index is partial; at least 1."""
        if self._index is None:
            declared = 0 if self._info is None else self._info.frame_count_declared
            return max(declared, 1)
        if self._index.complete:
            return max(len(self._index), 1)
        return max(len(self._index), self._index.frames_expected or 0, 1)

    @property
    def position(self) -> int:
        """The frame number asked for."""
        return self._position

    @property
    def shown(self) -> ShownFrame | None:
        """The picture on screen; may lag behind ``position``."""
        return self._shown

    @property
    def marks(self) -> tuple[int, ...]:
        """Marked frames, ascending."""
        return self._selection.state.marks

    @property
    def in_point(self) -> int | None:
        """First frame of the in/out range."""
        return self._selection.state.in_point

    @property
    def out_point(self) -> int | None:
        """Last frame of the in/out range (inside it)."""
        return self._selection.state.out_point

    @property
    def marked_range(self) -> FrameRange | None:
        """The in/out range; an end not set is the video's own; None when neither is set."""
        return self._selection.range_within(self.frame_total)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change of marks or range to take back."""
        return self._selection.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is one to make again."""
        return self._selection.can_redo

    @property
    def visible_range(self) -> tuple[float, float]:
        """The timeline's visible frames ``[first, last)``."""
        return self._visible_range

    @property
    def is_rotated(self) -> bool:
        """Whether the file's rotation is applied for display."""
        return self._is_rotated

    @property
    def speed(self) -> float:
        """Playing speed; 0 when stopped, negative backwards."""
        return self._speed

    @property
    def cached_spans(self) -> tuple[tuple[int, int], ...]:
        """Frames whose pictures are in memory, as half-open spans."""
        return ()

    # --- opening and closing

    def open_source(self, source: str, *, stream_index: int | None = None) -> None:
        """Open a file or URL; whatever was open is closed. Answers with source_opened or source_failed."""
        raise NotImplementedError

    def reopen_source(self) -> None:
        """Open the same file again, after it changed, at the same frame."""
        if self._source is not None:
            self.open_source(self._source)

    def close_source(self) -> None:
        """Close the video; the window is empty again."""
        if self._source is None:
            return
        self._source = self._info = self._index = self._opencv_facts = self._shown = None
        self._selection.reset()
        self.source_closed.emit()

    def close(self) -> None:
        """Stop every thread and wait for it. Nothing may be asked afterwards."""
        self._runner.close()

    # --- where to look

    def show_frame(self, frame_number: int) -> None:
        """Ask for a frame; one still waiting is forgotten. Numbers outside the video are clamped."""
        number = min(max(frame_number, 0), self.frame_total - 1)
        if number == self._position:
            return
        self._position = number
        self.position_changed.emit(number)
        first, last = range_following(self._visible_range, number, self.frame_total)
        self.set_visible_range(first, last)

    def step(self, delta: int) -> None:
        """Go some frames on, or back when negative."""
        self.show_frame(self._position + delta)

    def show_next(self) -> None:
        """Go one frame on."""
        self.step(1)

    def show_previous(self) -> None:
        """Go one frame back."""
        self.step(-1)

    def show_next_10(self) -> None:
        """Go ten frames on."""
        self.step(10)

    def show_previous_10(self) -> None:
        """Go ten frames back."""
        self.step(-10)

    def show_next_keyframe(self) -> None:
        """Go to the next keyframe, if there is one."""
        self._show_if_any(keyframe_after(self._index, self._position))

    def show_previous_keyframe(self) -> None:
        """Go to the keyframe before this frame, if there is one."""
        self._show_if_any(keyframe_before(self._index, self._position))

    def show_first(self) -> None:
        """Go to the first frame."""
        self.show_frame(0)

    def show_last(self) -> None:
        """Go to the last frame."""
        self.show_frame(self.frame_total - 1)

    def show_next_mark(self) -> None:
        """Go to the next mark, if there is one."""
        self._show_if_any(self._selection.mark_after(self._position))

    def show_previous_mark(self) -> None:
        """Go to the mark before this frame, if there is one."""
        self._show_if_any(self._selection.mark_before(self._position))

    def go_to(self, text: str) -> str | None:
        """Go to what was typed: ``123``, ``1:02.5``, ``12.5s``, ``pts 9000`` and more.

        Returns:
            None, or a sentence that says why it cannot be done.
        """
        try:
            self.show_frame(parse_target(text, Whereabouts(self._position, self.frame_total, self._index)))
        except TargetError as error:
            return str(error)
        return None

    def set_visible_range(self, first: float, last: float) -> None:
        """Show these frames on the timeline; clamped to the video."""
        wanted = clamp_range(first, last, self.frame_total)
        if wanted != self._visible_range:
            self._visible_range = wanted
            self.visible_range_changed.emit(*wanted)

    def set_view_size(self, width_px: int | None, height_px: int | None) -> None:
        """Say how many device pixels a fitted picture has room for; None, None asks for full size."""

    def set_rotation_applied(self, applied: bool) -> None:  # noqa: FBT001 - a slot for a checkable action
        """Turn the picture as the file says, or leave it as decoded."""
        if applied != self._is_rotated:
            self._is_rotated = applied
            self.rotation_changed.emit(applied)

    # --- selecting

    def toggle_mark(self, frame_number: int | None = None) -> None:
        """Mark a frame (the present one by default), or take its mark away."""
        self._selection.toggle_mark(self._position if frame_number is None else frame_number)

    def mark_keyframes(self) -> None:
        """Mark every keyframe; inside the in/out range only, if there is one."""
        if self._index is None:
            return
        span = self.marked_range
        keyframes = (int(number) for number in self._index.keyframes)
        self._selection.add_marks(
            number for number in keyframes if span is None or span.start <= number < span.stop
        )

    def clear_marks(self) -> None:
        """Take every mark away."""
        self._selection.clear_marks()

    def mark_in(self) -> None:
        """Start the in/out range at the present frame."""
        self._selection.set_in_point(self._position)

    def mark_out(self) -> None:
        """End the in/out range with the present frame."""
        self._selection.set_out_point(self._position)

    def clear_range(self) -> None:
        """Forget the in/out range."""
        self._selection.clear_range()

    def undo(self) -> None:
        """Take the last change of marks or range back."""
        self._selection.undo()

    def redo(self) -> None:
        """Make it again."""
        self._selection.redo()

    # --- playing

    def toggle_play(self) -> None:
        """Play, or stop."""
        self._set_speed(0.0 if self._speed else 1.0)

    def shuttle_forward(self) -> None:
        """L: play on; pressed again, faster (1, 2, 4, 8)."""
        self._set_speed(shuttled(self._speed, 1))

    def shuttle_backward(self) -> None:
        """J: play backwards; pressed again, faster."""
        self._set_speed(shuttled(self._speed, -1))

    def stop_playing(self) -> None:
        """K: stop."""
        self._set_speed(0.0)

    # --- pictures and work

    def copy_picture(self) -> None:
        """Put the exact present frame, full size, on the clipboard; a notice says when it is there."""

    def request_thumbnails(self, frame_numbers: Sequence[int], height_px: int) -> None:
        """Wish for thumbnails, most wanted first; replaces the earlier wish. Answers: thumbnail_ready."""

    def thumbnail(self, frame_number: int, height_px: int) -> QImage | None:
        """A thumbnail that is in memory; never decodes."""
        del frame_number, height_px
        return None

    def run_job(self, title: str, work: Callable[[ProgressCallback, CancelToken], object]) -> Job:
        """Do long work beside the window."""
        return self._runner.start(title, work)

    def verify_numbering(self) -> None:
        """Count the frames by decoding them all, as a job; index_updated follows."""

    def _show_if_any(self, frame_number: int | None) -> None:
        if frame_number is not None:
            self.show_frame(frame_number)

    def _set_speed(self, speed: float) -> None:
        if self._info is None:
            speed = 0.0
        if speed != self._speed:
            self._speed = speed
            self.playing_changed.emit(speed)
