"""Every command of the window. All that widgets talk to; state and signals are in ``session_state``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.marks.marked_frames import MarkedFrames
from framescope.engine.render import RenderSpec
from framescope.session.live_session import LiveSession
from framescope.session.navigation import (
    TargetError,
    Whereabouts,
    keyframe_after,
    keyframe_before,
    parse_target,
)
from framescope.session.playback import shuttled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtGui import QImage

    from framescope.core.marks.video_memory import PictureZoom
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.jobs import Job
    from framescope.session.state import FrameChoice


class Controller(LiveSession):
    """The commands of one window. Threads: GUI."""

    # --- where to look

    def show_frame(self, frame_number: int) -> None:
        """Request a frame; replaces a pending request. Numbers outside the video are clamped."""
        if self._move_to(frame_number):
            self._playback.move_to(self._position)

    def step(self, delta: int) -> None:
        """Step some frames forward, or back if negative. Stops playing."""
        self.stop_playing()
        self._move_to(self._position + delta)

    def show_next(self) -> None:
        """Go to the next frame."""
        self.step(1)

    def show_previous(self) -> None:
        """Go to the previous frame."""
        self.step(-1)

    def show_next_10(self) -> None:
        """Go ten frames forward."""
        self.step(10)

    def show_previous_10(self) -> None:
        """Go ten frames back."""
        self.step(-10)

    def show_next_keyframe(self) -> None:
        """Go to the next keyframe, if there is one."""
        self._show_if_any(keyframe_after(self.index, self._position))

    def show_previous_keyframe(self) -> None:
        """Go to the previous keyframe, if there is one."""
        self._show_if_any(keyframe_before(self.index, self._position))

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
        """Go to the previous mark, if there is one."""
        self._show_if_any(self._selection.mark_before(self._position))

    def go_to(self, text: str) -> str | None:
        """Go to what was typed: ``123``, ``1:02.5``, ``12.5s``, ``pts 9000`` and more.

        Returns:
            None, or a message that says why it is not possible.
        """
        try:
            self.show_frame(parse_target(text, Whereabouts(self._position, self.frame_total, self.index)))
        except TargetError as error:
            return str(error)
        return None

    def set_view_size(self, width_px: int | None, height_px: int | None) -> None:
        """Say how many device pixels a fitted picture has room for; None, None asks for full size."""
        self._set_spec(RenderSpec(width_px, height_px, self._is_rotated))

    def set_picture_zoom(self, zoom: PictureZoom | None) -> None:
        """Say how the picture is magnified, so that it is so again the next time; None while it is fitted."""
        if zoom != self._picture_zoom:
            self._picture_zoom = zoom
            self.picture_zoom_changed.emit()

    def set_rotation_applied(self, applied: bool) -> None:  # noqa: FBT001 - a slot for a checkable action
        """Apply the file's rotation, or show the picture as decoded."""
        if applied != self._is_rotated:
            self._is_rotated = applied
            self._outdate()
            self.rotation_changed.emit(applied)
            self._set_spec(RenderSpec(self._spec.max_width, self._spec.max_height, applied))

    # --- selecting

    def toggle_mark(self, frame_number: int | None = None) -> None:
        """Mark a frame (the current one by default), or remove its mark."""
        number = self._position if frame_number is None else frame_number
        if self._engine is not None and 0 <= number < self.frame_total:
            self._selection.toggle_mark(number)

    def mark_keyframes(self) -> None:
        """Mark every keyframe; inside the in/out range only, if there is one."""
        if self.index is None:
            return
        keyframes, span = self.index.keyframes, self.marked_range
        if span is not None:
            keyframes = keyframes[(keyframes >= span.start) & (keyframes < span.stop)]
        self._selection.add_marks(keyframes.tolist())

    def mark_frames(self, frame_numbers: Iterable[int]) -> None:
        """Mark all of these frames, in addition to existing marks; one undo step."""
        if self._engine is not None:
            self._selection.add_marks(number for number in frame_numbers if 0 <= number < self.frame_total)

    def set_note(self, frame_number: int, text: str) -> None:
        """Write a note on a frame, which marks it; an empty text removes the note and leaves the mark."""
        if self._engine is not None and 0 <= frame_number < self.frame_total:
            self._selection.set_note(frame_number, text)

    def add_marked(self, marked: MarkedFrames) -> None:
        """Mark more frames, with notes and perhaps a range, as far as they exist; one step of undo."""
        if self._engine is not None:
            self._selection.add(marked.within(self.frame_total))

    def take_earlier_marks(self) -> None:
        """Adopt the marks of the file that was at this path before."""
        marked, self._earlier_marks = self._earlier_marks, MarkedFrames()
        self.add_marked(marked)

    def remove_marks(self, frame_numbers: Iterable[int]) -> None:
        """Remove these marks, with their notes; one step of undo."""
        self._selection.remove_marks(frame_numbers)

    def clear_marks(self) -> None:
        """Remove every mark."""
        self._selection.clear_marks()

    def mark_in(self) -> None:
        """Start the in/out range at the current frame."""
        if self._engine is not None:
            self._selection.set_in_point(self._position)

    def mark_out(self) -> None:
        """End the in/out range with the current frame."""
        if self._engine is not None:
            self._selection.set_out_point(self._position)

    def clear_range(self) -> None:
        """Forget the in/out range."""
        self._selection.clear_range()

    def undo(self) -> None:
        """Undo the last change of marks or range."""
        self._selection.undo()

    def redo(self) -> None:
        """Redo it."""
        self._selection.redo()

    def show_choice(self, choice: FrameChoice) -> None:
        """Show on the timeline which frames are about to be exported; ``NO_CHOICE`` for none."""
        if choice is not self._choice:
            self._choice = choice
            self.choice_changed.emit()

    # --- playing

    def toggle_play(self) -> None:
        """Play, or stop."""
        self._play(0.0 if self.speed else 1.0)

    def shuttle_forward(self) -> None:
        """L: play forwards; pressed again, faster (1, 2, 4, 8)."""
        self._play(shuttled(self.speed, 1))

    def shuttle_backward(self) -> None:
        """J: play backwards; pressed again, faster."""
        self._play(shuttled(self.speed, -1))

    def stop_playing(self) -> None:
        """K: stop."""
        self._playback.stop()

    # --- pictures and work

    def copy_picture(self) -> None:
        """Put the exact current frame, full size, on the clipboard; a notice says when it is there.

        A frame still being decoded is copied when it is there; going elsewhere meanwhile calls it off.
        """
        if self._engine is not None:
            self._copy_wanted = self._position
            self._copy_if_shown()

    def request_thumbnails(self, frame_numbers: Sequence[int], height_px: int) -> None:
        """Request thumbnails, most wanted first; replaces the earlier request. Answers: thumbnail_ready."""
        if self._engine is not None:
            self._engine.request_thumbnails(frame_numbers, height_px)

    def thumbnail(self, frame_number: int, height_px: int) -> QImage | None:
        """A thumbnail that is in memory; never decodes."""
        return None if self._engine is None else self._engine.thumbnail(frame_number, height_px)

    def run_job(
        self,
        title: str,
        work: Callable[[ProgressCallback, CancelToken], object],
        *,
        announce: bool = True,
        origin: str = "",
    ) -> Job:
        """Do long work in the background.

        Args:
            title: What is being done, for display.
            work: Called with a progress callback and a cancel token, in a separate thread.
            announce: Whether the job bar shows it.
            origin: The objectName of the dialog or panel that shows the result, for work that must not
                be lost when the window is closed.
        """
        return self._runner.start(title, work, announce=announce, origin=origin)

    @property
    def work_under_way(self) -> tuple[Job, ...]:
        """Jobs that write files of the user's and have not ended, the oldest first."""
        return tuple(job for job in self._runner.jobs if job.origin and not job.is_over)

    def verify_numbering(self) -> None:
        """Count the frames by decoding them all, as a job; index_updated and a notice follow."""
        if self._engine is None:
            return
        job = self._engine.count_by_decoding()
        if job is None:
            self.notice_posted.emit("The frames are still being indexed; count them afterwards.", "info")
        else:
            job.finished.connect(self._on_count_finished)

    # --- inside

    def _show_if_any(self, frame_number: int | None) -> None:
        if frame_number is not None:
            self.show_frame(frame_number)
