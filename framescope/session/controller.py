"""The window's commands and state: the single interface for widgets, directly or through its members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QObject, Signal, Slot

from framescope.core.marks.marks_file import stamps_of
from framescope.core.marks.video_memory import VideoState
from framescope.core.translation import tr
from framescope.engine.backend import Backend, core_backend
from framescope.engine.collector import GuiThreadCollector
from framescope.engine.jobs import JobRunner
from framescope.engine.state_saver import StateSaver
from framescope.session.comparing import Comparing
from framescope.session.drawn_line import DrawnLine
from framescope.session.frame_blocks import FrameBlocks
from framescope.session.live import Live
from framescope.session.navigation import (
    TargetError,
    Whereabouts,
    frame_after,
    keyframe_after,
    keyframe_before,
    parse_target,
)
from framescope.session.open_video import OpenVideo
from framescope.session.picture_copy import PictureCopy
from framescope.session.playback import Playback
from framescope.session.player import Player
from framescope.session.position_text import label_words
from framescope.session.selection import Selection
from framescope.session.settings import Settings
from framescope.session.sound import Sound
from framescope.session.sound_player import SoundPlayer
from framescope.session.state import NO_CHOICE
from framescope.session.state_keeper import StateKeeper
from framescope.session.time_words import TimeWords
from framescope.session.tracks import Tracks
from framescope.session.unfinished import UnfinishedList
from framescope.session.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from framescope.core.errors import FrameScopeError
    from framescope.core.marks.marked_frames import MarkedFrames
    from framescope.core.marks.video_memory import VideoMemory
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.answers import Answer
    from framescope.engine.jobs import Job
    from framescope.session.position_text import PositionField
    from framescope.session.state import FrameChoice, FrameRange, ShownFrame

_CLOSING_MS = 1200
"""With what it takes to end the process, closing stays under two seconds."""


class Controller(QObject):
    """One window's session. Threads: GUI, and every signal is emitted there.

    A requested frame goes through `show_frame` → `View.move_to` → `OpenVideo.show` → `SourceEngine.show`; the
    answer returns as ``video.answered`` → `View.show_answer` → ``frame_shown``.

    Attributes:
        video: The open video: its facts, thumbnails and cached frames.
        view: The view: position, picture, zoom, visible part of the timeline.
        selection: Marks with notes and the in/out range, with undo.
        playback: Requests the frames that are due while playing.
        player: Plays, as the user has chosen.
        sound: Audio streams and their peaks.
        sound_player: Plays the sound along with the picture.
        tracks: Chapters and subtitles.
        blocks: Motion vectors and quantisers of the frame on screen.
        comparing: The video beside the open one, and how they differ.
        times: How times of frames are written.
        live: Follows a live source at its newest frame.
        line: The line drawn on the picture for a space-time image.
        keeper: Saves the video's state for the next time.
        settings: The user's settings.
        unfinished: Unfinished work.
        awaits_video: Whether the video to be opened next is still being looked for.
    """

    source_opened = Signal()
    """``info`` is available; the index may still be partial or None."""
    source_closed = Signal()
    source_failed = Signal(object)
    """FrameScopeError while opening. The previous video stays open."""
    index_updated = Signal()
    """``index`` was replaced by a longer or better one."""
    frame_shown = Signal()
    """``shown`` changed."""
    position_changed = Signal(int)
    """``position`` changed: the playhead is at another frame."""
    marks_changed = Signal()
    """``marks`` or ``notes`` changed."""
    range_changed = Signal()
    """``marked_range`` changed."""
    choice_changed = Signal()
    """``choice`` changed."""
    job_started = Signal(object)
    """A Job."""
    notice_posted = Signal(str, str)
    """A sentence for display, and ``info``, ``warning`` or ``error``."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        settings: Settings | None = None,
        backend: Backend | None = None,
        memory: VideoMemory | None = None,
    ) -> None:
        """Start with no video.

        Args:
            parent: The Qt parent.
            settings: The user's settings; kept in memory only if not given.
            backend: The functions of core to use; tests replace them.
            memory: Where marks and positions are saved; nowhere if not given.
        """
        super().__init__(parent)
        self.settings = settings or Settings(parent=self)
        self.unfinished = UnfinishedList(self.settings)
        self._collector = GuiThreadCollector(self)
        self._collector.start()
        self._runner = JobRunner(self)
        saver = None if memory is None else StateSaver(memory, self)
        recall = None if saver is None else saver.recall
        backend = backend or core_backend()
        self.video = OpenVideo(backend, self._runner, self, recall=recall, settings=self.settings)
        self.selection = Selection(self)
        self.sound_player = SoundPlayer(self.settings, self)
        self.playback = Playback(self, self.sound_player.clock.now)
        self.view = View(self.video, self.playback, self)
        self.player = Player(
            self.playback, self.video, self.view, self.selection, settings=self.settings, parent=self
        )
        self.sound = Sound(self.video, self.player, self._runner, self.settings, self)
        self.sound_player.follow(self.video, self.sound, self.playback)
        self.tracks = Tracks(self.video, self.sound, self._runner, self.settings, self)
        self.comparing = Comparing(
            self.video, self.view, self.playback, backend, self._runner, self.settings, self
        )
        self.keeper = StateKeeper(self.video, self.view, self.selection, saver, self)
        self.blocks = FrameBlocks(self.video, self.view, self._runner, self)
        self.times = TimeWords(self.video, self.settings, self)
        self.line = DrawnLine(self)
        self.live = Live(self)
        self._copier = PictureCopy(self._runner, self)
        self._choice = NO_CHOICE
        self._return_to: int | None = None
        self.awaits_video = False
        self._connect()

    def _connect(self) -> None:
        self._runner.job_started.connect(self.job_started)
        self.video.arrived.connect(self._on_video_arrived)
        self.video.open_failed.connect(self.source_failed)
        self.video.failed.connect(self._on_video_failed)
        self.video.index_replaced.connect(self._on_index_replaced)
        self.video.answered.connect(self._on_answered)
        self.playback.frame_due.connect(self.view.play_to)
        self.comparing.paired.connect(self.playback.note_shown)
        for follower in (self._copier.forget, self.position_changed, self.sound_player.note_position):
            self.view.position_changed.connect(follower)
        self.view.frame_shown.connect(self.frame_shown)
        self.selection.marks_changed.connect(self.marks_changed)
        self.selection.range_changed.connect(self.range_changed)
        self.settings.changed.connect(self._on_setting_changed)
        self.video.hardware.proved_wrong.connect(self.reopen_source)
        for member in (self.video, self.keeper, self._copier, self.sound_player, self.settings):
            member.notice_posted.connect(self.notice_posted)

    # --- state that most widgets need

    @property
    def source(self) -> str | None:
        """Path or URL of the open video, or None."""
        return self.video.source

    @property
    def info(self) -> VideoInfo | None:
        """The facts declared in the file's header."""
        return self.video.info

    @property
    def index(self) -> FrameIndex | None:
        """The frame index so far."""
        return self.video.index

    @property
    def frame_total(self) -> int:
        """Frames of the video, or the best estimate while the index is partial; at least 1."""
        return self.video.frame_total

    @property
    def position(self) -> int:
        """The frame that the playhead is at; while playing, the one on screen."""
        return self.view.position

    @property
    def shown(self) -> ShownFrame | None:
        """The picture on screen; may lag behind ``position``."""
        return self.view.shown

    @property
    def marks(self) -> tuple[int, ...]:
        """Marked frames, ascending."""
        return self.selection.state.marks

    @property
    def notes(self) -> Mapping[int, str]:
        """The notes on marked frames, by frame number."""
        return self.selection.state.notes

    @property
    def labels(self) -> Mapping[int, str]:
        """The labels of marked frames, by frame number."""
        return self.selection.state.labels

    @property
    def marked_range(self) -> FrameRange | None:
        """The in/out range; an end not set is the video's own; None when neither is set."""
        return self.selection.range_within(self.frame_total)

    @property
    def choice(self) -> FrameChoice:
        """Frames selected for export, and scene cuts, for the timeline."""
        return self._choice

    @property
    def work_under_way(self) -> tuple[Job, ...]:
        """Running jobs that write the user's files, oldest first."""
        return tuple(job for job in self._runner.jobs if job.origin and not job.is_over)

    @property
    def is_working(self) -> bool:
        """Whether any job is running, if only to find out what a panel shows."""
        return bool(self._runner.jobs)

    # --- opening and closing

    def open_source(self, source: str, *, stream_index: int | None = None) -> None:
        """Open a file or URL. Emits source_opened or source_failed.

        The open video stays open until the new one's header has been read.
        """
        self._return_to = None
        self.video.open(source, stream_index, self.settings.cache_bytes)

    def reopen_source(self) -> None:
        """Open the same file again, as after it changed: same frame, same marks."""
        if self.video.is_open:
            self._return_to = self.position
            self.comparing.keep()
            self.video.reopen(self.settings.cache_bytes)

    def swap_compared(self) -> None:
        """Open the video that is beside the open one, and that one beside it."""
        self._return_to = None
        self.comparing.swap()

    def close_source(self) -> None:
        """Close the video; the window is empty again."""
        if self.video.stop_opening() and not self.video.is_open:
            self.source_closed.emit()
        self._leave()
        self.selection.reset()

    def close(self) -> None:
        """Stop every thread and wait for it, two seconds at most. Nothing may be called afterwards.

        Threads still blocked in a library are left behind; see ``engine.stragglers``.
        """
        deadline = QDeadlineTimer(_CLOSING_MS)
        self.close_source()
        self.keeper.close()
        self.sound_player.close(deadline)
        self._runner.close(deadline)
        self.comparing.close_threads(deadline)
        self.video.close(deadline)
        self._collector.stop()

    # --- navigation

    def show_frame(self, frame_number: int) -> None:
        """Request a frame; replaces a pending request. Numbers outside the video are clamped."""
        if self.view.move_to(frame_number):
            self.playback.move_to(self.position)

    def step(self, delta: int) -> None:
        """Step some frames forward, or back if negative. Stops playing."""
        self.playback.stop()
        self.view.move_to(self.position + delta)

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
        self._show_if_any(keyframe_after(self.index, self.position))

    def show_previous_keyframe(self) -> None:
        """Go to the previous keyframe, if there is one."""
        self._show_if_any(keyframe_before(self.index, self.position))

    def show_first(self) -> None:
        """Go to the first frame."""
        self.show_frame(0)

    def show_last(self) -> None:
        """Go to the last frame."""
        self.show_frame(self.frame_total - 1)

    def show_next_mark(self) -> None:
        """Go to the next mark, if there is one."""
        self._show_if_any(self.selection.mark_after(self.position))

    def show_previous_mark(self) -> None:
        """Go to the previous mark, if there is one."""
        self._show_if_any(self.selection.mark_before(self.position))

    def show_first_mark(self) -> None:
        """Go to the first mark, if there is one."""
        self._show_if_any(self.marks[0] if self.marks else None)

    def show_last_mark(self) -> None:
        """Go to the last mark, if there is one."""
        self._show_if_any(self.marks[-1] if self.marks else None)

    def show_in_point(self) -> None:
        """Go to the first frame of the in/out range."""
        span = self.marked_range
        self._show_if_any(None if span is None else span.start)

    def show_out_point(self) -> None:
        """Go to the last frame of the in/out range."""
        span = self.marked_range
        self._show_if_any(None if span is None else span.stop - 1)

    def step_seconds(self, seconds: float) -> None:
        """Go to the frame that is shown this much later, or earlier if negative."""
        times = self.player.times
        self._show_if_any(None if times is None else frame_after(times, self.position, seconds))

    def step_percent(self, percent: int) -> None:
        """Go forward by this share of the video, or back if negative; at least one frame."""
        step = max(round(self.frame_total * abs(percent) / 100), 1)
        self.show_frame(self.position + (step if percent > 0 else -step))

    def show_next_chapter(self) -> None:
        """Go to the next chapter, if there is one."""
        self._show_if_any(self.tracks.chapter_after(self.position))

    def show_previous_chapter(self) -> None:
        """Go to the start of this chapter, or of the previous one."""
        self._show_if_any(self.tracks.chapter_before(self.position))

    def go_to(self, text: str) -> str | None:
        """Go to what was typed, ``1:02.5`` or ``pts 9000``, say; returns None, or why it is not possible."""
        try:
            self.show_frame(parse_target(text, self._whereabouts(self.position)))
        except TargetError as error:
            return str(error)
        return None

    # --- selecting

    def toggle_mark(self, frame_number: int | None = None) -> None:
        """Mark a frame (the current one by default), or remove its mark."""
        number = self.position if frame_number is None else frame_number
        if frame_number is None and self._is_leaving():
            return
        if self.video.is_open and 0 <= number < self.frame_total:
            self.selection.toggle_mark(number)

    def mark_keyframes(self) -> None:
        """Mark every keyframe; inside the in/out range only, if there is one."""
        if self.index is None:
            return
        keyframes, span = self.index.keyframes, self.marked_range
        if span is not None:
            keyframes = keyframes[(keyframes >= span.start) & (keyframes < span.stop)]
        self.selection.add_marks(keyframes.tolist())

    def mark_frames(self, frame_numbers: Iterable[int]) -> None:
        """Mark all of these frames, in addition to existing marks; one undo step."""
        if self.video.is_open:
            self.selection.add_marks(number for number in frame_numbers if 0 <= number < self.frame_total)

    def set_note(self, frame_number: int, text: str) -> None:
        """Write a note on a frame, which marks it; an empty text removes the note and leaves the mark."""
        if self.video.is_open and 0 <= frame_number < self.frame_total:
            self.selection.set_note(frame_number, text)

    def set_label(self, frame_number: int, text: str) -> None:
        """Label a frame, which marks it; an empty text removes the label and leaves the mark."""
        if self.video.is_open and 0 <= frame_number < self.frame_total:
            self.selection.set_label(frame_number, text)

    def toggle_label(self, place: int) -> None:
        """Give the current frame the label of a number key, 1 to 9, or take it away if it has that one."""
        if not self.video.is_open or self._is_leaving():
            return
        self.selection.toggle_label(self.position, self.settings.labels[place - 1].name)
        self.notice_posted.emit(label_words(self.selection.state, self.position), "info")

    def label_color(self, name: str | None) -> str | None:
        """The colour of a label, ``#rrggbb``; None without one, or if no key gives it."""
        return next((one.color for one in (self.settings.labels if name else ()) if one.name == name), None)

    def add_marked(self, marked: MarkedFrames) -> None:
        """Mark more frames that exist, with notes and perhaps a range; one undo step."""
        if self.video.is_open:
            self.selection.add(marked.within(self.frame_total))

    def take_earlier_marks(self) -> None:
        """Adopt the marks of the file that was at this path before."""
        self.add_marked(self.keeper.take_earlier_marks())

    def clear_marks(self) -> None:
        """Remove every mark."""
        self.selection.clear_marks()

    def mark_in(self) -> None:
        """Start the in/out range at the current frame."""
        if self.video.is_open and not self._is_leaving():
            self.selection.set_in_point(self.position)

    def mark_out(self) -> None:
        """End the in/out range with the current frame."""
        if self.video.is_open and not self._is_leaving():
            self.selection.set_out_point(self.position)

    def clear_range(self) -> None:
        """Forget the in/out range."""
        self.selection.clear_range()

    def undo(self) -> None:
        """Undo the last change of marks or range."""
        self.selection.undo()

    def redo(self) -> None:
        """Redo the last undone change."""
        self.selection.redo()

    def show_choice(self, choice: FrameChoice) -> None:
        """Show on the timeline which frames are selected for export; ``NO_CHOICE`` for none."""
        if choice is not self._choice:
            self._choice = choice
            self.choice_changed.emit()

    # --- pictures and work

    def copy_picture(self) -> None:
        """Put the exact current frame, full size, on the clipboard; a notice reports when it is done.

        A frame still being decoded is copied when ready; navigating elsewhere cancels the copy.
        """
        if self.video.is_open:
            self._copier.request(self.position)
            self._copier.note_shown(self.shown, self.info, rotate=self.view.is_rotated)

    def copy_position(self, field: PositionField) -> None:
        """Put the number, time, timecode or pts of the displayed frame on the clipboard, as text."""
        if self.info is not None:
            self._copier.copy_position(field, self._whereabouts(self.view.displayed_number))

    def run_job(
        self,
        title: str,
        work: Callable[[ProgressCallback, CancelToken], object],
        *,
        announce: bool = True,
        origin: str = "",
    ) -> Job:
        """Run long work in the background.

        Args:
            title: What is being done, for display.
            work: Called with a progress callback and a cancel token, in a separate thread.
            announce: Whether the job bar shows it.
            origin: The objectName of what shows the result, for work that closing must not lose.
        """
        return self._runner.start(title, work, announce=announce, origin=origin)

    def verify_numbering(self) -> None:
        """Count the frames by decoding them all, as a job; index_updated and a notice follow."""
        self.video.count_by_decoding()

    # --- inside

    def _whereabouts(self, frame_number: int) -> Whereabouts:
        start = None if self.info is None else self.info.timecode_start
        return Whereabouts(frame_number, self.frame_total, self.index, start, self.times.origin)

    def _show_if_any(self, frame_number: int | None) -> None:
        if frame_number is not None:
            self.show_frame(frame_number)

    def _is_leaving(self) -> bool:
        """Whether another video is on its way: keys pressed now are meant for its frames, not for these."""
        is_leaving = self.video.is_open and (self.awaits_video or self.video.coming is not None)
        if is_leaving:
            self.notice_posted.emit(tr("Nothing was marked: a video is being opened."), "warning")
        return is_leaving

    def _leave(self) -> None:
        if not self.video.is_open:
            return
        self.keeper.end()
        self.comparing.close()
        self.video.leave()
        for member in (self.sound, self.tracks, self.blocks, self.line, self._copier):
            member.forget()
        self.view.reset()
        self.playback.set_times(None)
        self.player.forget_video()
        self._choice = NO_CHOICE
        self.source_closed.emit()

    # --- slots

    @Slot()
    def _on_video_arrived(self) -> None:
        engine, position = self.video.take(), self._return_to
        if engine is None or engine.info is None:
            return
        stream_index, recalled = engine.info.stream_index, engine.recalled
        if recalled is not None and recalled.stream_index != stream_index:
            recalled = None
        stamps: Mapping[int, int] = {}
        if position is not None:
            selected = self.selection.state
            state, stamps = VideoState(selected, position), stamps_of(selected, self.index)
        elif recalled is not None:
            state, stamps = recalled.state, recalled.file.stamps
        else:
            state = VideoState()
        self._leave()
        if position is None:
            self.selection.reset(state.marked)
        self.video.adopt(engine, state.least_total)
        self.view.reset(state)
        self.settings.add_recent_file(engine.source)
        self.source_opened.emit()
        self.view.start(state.timeline)
        self.keeper.begin(engine, stream_index, recalled, stamps, was_reopened=position is not None)
        self.comparing.resume()

    @Slot(object)
    def _on_video_failed(self, error: FrameScopeError) -> None:
        if self.source is not None:
            self.settings.remove_recent_file(self.source)
        self.close_source()
        self.source_failed.emit(error)

    @Slot(object)
    def _on_index_replaced(self, before: FrameIndex | None) -> None:
        if self.index is None:
            return
        self.keeper.check_marks(self.index, before)
        self.index_updated.emit()
        self.view.fit_to(self.index, before)

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name == "labels":
            # Names and colours of marks changed, for everything that shows them.
            self.marks_changed.emit()

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        self._collector.note_activity()
        self.view.show_answer(answer)
        if answer.is_provisional or not self.video.is_open:
            return
        self.comparing.note_shown(answer.request.frame_number)
        self._copier.note_shown(self.shown, self.info, rotate=self.view.is_rotated)
        self.video.ask_opencv()
        self.sound.begin()
        self.tracks.begin()
