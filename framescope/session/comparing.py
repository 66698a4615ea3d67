"""The video B beside the open one: its engine, its frame for each frame of A, and what is compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.compare.choices import AlignBy
from framescope.core.errors import SettingsError
from framescope.core.media.container import local_path
from framescope.core.translation import tr
from framescope.engine.render import displayed_size
from framescope.session.compare_look import CompareLook, CompareMode
from framescope.session.comparison_run import ComparisonRun
from framescope.session.pair_difference import PairDifference
from framescope.session.source_slot import SourceSlot
from framescope.session.source_watch import SourceWatch
from framescope.session.state import shown_frame
from framescope.session.time_words import TimeWords

if TYPE_CHECKING:
    from PySide6.QtCore import QDeadlineTimer

    from framescope.core.compare.alignment import Alignment
    from framescope.core.compare.counterpart import Counterpart, Pairing
    from framescope.core.errors import FrameScopeError
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.frame import Picture
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.answers import Answer
    from framescope.engine.backend import Backend
    from framescope.engine.jobs import JobRunner
    from framescope.engine.source_engine import SourceEngine
    from framescope.session.open_video import OpenVideo
    from framescope.session.playback import Playback
    from framescope.session.settings import Settings
    from framescope.session.state import ShownFrame
    from framescope.session.view import View


@dataclass(frozen=True, slots=True)
class Beside:
    """A video to open beside another.

    Attributes:
        of: Path or URL of the other one.
        source: Its path or URL.
        stream_index: Its stream; None to choose automatically.
        position: The frame of the other one to show then; None for the one it shows anyway.
    """

    of: str
    source: str
    stream_index: int | None
    position: int | None = None


class Comparing(QObject):
    """The second video of the session, if there is one. Threads: GUI.

    A is the open video, with its position, marks and range; B follows it. B has threads and decoders of its
    own.

    Attributes:
        run: The comparison of all frames in the background, and its result.
        difference: The difference of the frames on screen.
        times: How times of frames of B are written.
    """

    changed = Signal()
    """``is_active``, ``info``, ``index`` or ``error`` changed: another B, or none."""
    pair_changed = Signal()
    """``counterpart`` or ``shown`` changed."""
    pairing_changed = Signal()
    """``align_by``, ``offset`` or what they lead to changed."""
    changed_on_disk = Signal(str)
    """B's file changed: a SourceChange."""
    look_changed = Signal()
    """``look`` changed."""
    paired = Signal(int)
    """This frame of A and its counterpart, if it has one, are both on screen."""

    def __init__(  # noqa: PLR0913, PLR0917 - the members of the session it follows, each named at the one call
        self,
        video: OpenVideo,
        view: View,
        playback: Playback,
        backend: Backend,
        runner: JobRunner,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._video = video
        self._view = view
        self._playback = playback
        self._slot = SourceSlot(backend, runner, self)
        self._slot.arrived.connect(self._on_arrived)
        self._slot.failed.connect(self._on_failed)
        self._watch = SourceWatch(self)
        self._watch.changed.connect(self.changed_on_disk)
        self._next: Beside | None = None
        self.run = ComparisonRun(runner, self)
        self.run.changed.connect(self._on_run_changed)
        self._engine: SourceEngine | None = None
        self._source: str | None = None
        self._stream_index: int | None = None
        self._look = CompareLook()
        self._is_held = False
        self._error: FrameScopeError | None = None
        self._align_by = AlignBy.NUMBER
        self._has_chosen = False
        self._offset = 0
        self._by_time: Alignment | None = None
        self._time_error = ""
        self._counterpart: Counterpart | None = None
        self._shown: ShownFrame | None = None
        self._asked: int | None = None
        self._known_index: FrameIndex | None = None
        self._awaited: int | None = None
        self.difference = PairDifference(self, video, view, self)
        self.times = TimeWords(self, settings, self)
        view.position_changed.connect(self._on_position_changed)
        playback.frame_due.connect(self._on_frame_due)
        view.spec_changed.connect(self._ask)
        view.frame_shown.connect(self._fit_sizes)
        video.index_replaced.connect(self._on_index_replaced)

    # --- state

    @property
    def is_active(self) -> bool:
        """Whether there is a second video, or one that could not be opened."""
        return self._source is not None

    @property
    def source(self) -> str | None:
        """Path or URL of B."""
        return self._source

    @property
    def stream_index(self) -> int | None:
        """The stream of B; None for the one chosen automatically, until it is known."""
        return self._stream_index if self.info is None else self.info.stream_index

    @property
    def info(self) -> VideoInfo | None:
        """The facts declared in B's header; None until it is open."""
        return None if self._engine is None else self._engine.info

    @property
    def index(self) -> FrameIndex | None:
        """B's frame index so far."""
        return None if self._engine is None else self._engine.index

    @property
    def error(self) -> FrameScopeError | None:
        """Why B cannot be shown."""
        return self._error

    @property
    def is_same_stream(self) -> bool:
        """Whether B is the very video that is open."""
        a, b = self._video.info, self.info
        if a is None or b is None:
            return False
        return (a.source, a.stream_index) == (b.source, b.stream_index)

    @property
    def look(self) -> CompareLook:
        """What is chosen for the views."""
        return self._look

    @property
    def align_by(self) -> AlignBy:
        """What decides which frames belong together."""
        return self._align_by

    @property
    def offset(self) -> int:
        """By number, how much higher B's numbers are."""
        return self._offset

    @property
    def pairing_error(self) -> str:
        """Why frames cannot be paired in the chosen way, for display; empty if they can."""
        if self._align_by is AlignBy.TIME:
            return self._time_error
        if self._align_by is AlignBy.NUMBER:
            return ""
        if self.run.found is None:
            is_running = self.run.is_running
            return tr("The videos are still being compared.") if is_running else tr("Not compared yet.")
        if self._is_in_other_order:
            return tr("These pictures are not numbered in the order of their frames.")
        return ""

    @property
    def counterpart(self) -> Counterpart | None:
        """What B has for the current frame of A; None while that is not known."""
        return self._counterpart

    @property
    def shown(self) -> ShownFrame | None:
        """The picture of B on screen; may lag behind ``counterpart``, and says which frame it is."""
        return self._shown

    @property
    def is_held(self) -> bool:
        """Whether a frame of B is shown that was asked for by itself, until A moves."""
        return self._is_held

    @property
    def exact_pair(self) -> tuple[ShownFrame, ShownFrame] | None:
        """The pictures on screen, if both are exact and belong together; None otherwise."""
        a, b = self._view.shown, self._shown
        if a is None or b is None or a.frame is None or b.frame is None:
            return None
        is_current = a.frame_number == self._view.position and b.frame_number == self._asked
        return (a, b) if is_current else None

    @property
    def sizes(self) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Width and height of both pictures at 1:1, before one is scaled; None until both are known."""
        a, b = self._own_size(self._view.shown, self._video.info), self._own_size(self._shown, self.info)
        return None if a is None or b is None else (a, b)

    # --- commands

    def keep(self) -> None:
        """Open B again beside the open video, which is about to be opened again."""
        of = self._video.source
        if of is not None and self._source is not None:
            self._next = Beside(of, self._source, self.stream_index)

    def swap(self) -> None:
        """Open B, and beside it what is open now."""
        own, b = self._video.info, self.info
        if own is None or b is None:
            return
        number = None if self._shown is None else self._shown.frame_number
        self._next = Beside(b.source, own.source, own.stream_index, number)
        self._video.open(b.source, b.stream_index, self._video.cache_bytes)

    def resume(self) -> None:
        """Open what is expected beside the video that has arrived."""
        beside, self._next = self._next, None
        if beside is None or beside.of != self._video.source:
            return
        if beside.position is not None:
            self._view.move_to(beside.position)
        self.open(beside.source, stream_index=beside.stream_index)

    def open(self, source: str, *, stream_index: int | None = None) -> None:
        """Open a video beside the open one; replaces the one that is there."""
        if not self._video.is_open:
            return
        self._end()
        path = local_path(source)
        self._source = source if path is None else str(path)
        self._stream_index = stream_index
        self._slot.open(self._source, stream_index=stream_index, cache_bytes=self._video.cache_bytes)
        self.changed.emit()

    def reopen(self) -> None:
        """Open B again, after its file changed."""
        if self._source is not None:
            self.open(self._source, stream_index=self.stream_index)

    def check_file(self) -> None:
        """Check whether B's file has changed on disk."""
        self._watch.look()

    def close(self) -> None:
        """Show the open video alone again."""
        if not self.is_active:
            return
        self._end()
        self._view.set_full_size(None)
        self.changed.emit()
        self.pair_changed.emit()

    def close_threads(self, deadline: QDeadlineTimer) -> None:
        """Wait until every thread has ended. Nothing may be called afterwards."""
        self.close()
        self.difference.close(deadline)
        self._slot.close(deadline)

    def set_look(self, look: CompareLook) -> None:
        """Choose what the views show."""
        if look != self._look:
            self._look = look
            self.look_changed.emit()

    def show_mode(self, mode: CompareMode) -> None:
        """Choose a view."""
        self.set_look(replace(self._look, mode=mode))

    def hold_b(self, *, holds: bool) -> None:
        """Show B alone as long as a key is held."""
        self.set_look(replace(self._look, holds_b=holds))

    def choose_metric(self, metric: str) -> None:
        """Choose the metric of the curve: ``psnr`` or ``ssim``."""
        self.set_look(replace(self._look, metric=metric))

    def set_align_by(self, by: AlignBy) -> None:
        """Choose what decides which frames belong together."""
        self._has_chosen = True
        self._align(by)

    def nudge(self, step: int) -> None:
        """Pair A with later (1) or earlier (-1) frames of B; by time or content, only look at that frame."""
        if self._align_by is AlignBy.NUMBER:
            self._offset += step
            self.pairing_changed.emit()
            self._follow()
        elif self._shown is not None:
            # From the frame of B that was shown last, where it has none for this one of A.
            self.show_alone((self._shown.frame_number if self._asked is None else self._asked) + step)

    def show_alone(self, number: int) -> None:
        """Show a frame of B, whatever frame of A is on screen, until A moves."""
        if self._engine is None:
            return
        last = self._frame_count - 1
        self._is_held = True
        self._request(min(max(number, 0), last))
        self.pair_changed.emit()

    def pin(self) -> None:
        """Align again, with the two frames on screen as a pair."""
        if self._asked is not None:
            self.run.pin(self._view.position, self._asked)
            self.set_align_by(AlignBy.CONTENT)

    def note_shown(self, a_number: int) -> None:
        """The exact frame of A is on screen; ``paired`` follows once B's is, too."""
        if self._engine is None or self._asked is None or self._is_settled:
            self._awaited = None
            self.paired.emit(a_number)
        else:
            self._awaited = a_number

    # --- inside

    @property
    def _is_settled(self) -> bool:
        shown = self._shown
        return shown is not None and not shown.provisional and shown.frame_number == self._asked

    @property
    def _frame_count(self) -> int:
        index, info = self.index, self.info
        if index is not None and index.complete:
            return max(len(index), 1)
        declared = 0 if info is None else info.frame_count_declared
        return max(declared, 0 if index is None else len(index), 1)

    @property
    def _pairing(self) -> Pairing | None:
        # Imported here and below: windows without a comparison open without it.
        from framescope.core.compare.counterpart import Pairing  # noqa: PLC0415

        if self._align_by is AlignBy.NUMBER:
            return Pairing(self._frame_count, self._offset)
        found = self._by_time
        if self._align_by is AlignBy.CONTENT:
            has_map = self.run.found is not None and not self._is_in_other_order
            found = self.run.found.alignment if self.run.found is not None and has_map else None
        return None if found is None else Pairing(self._frame_count, alignment=found)

    @property
    def _is_in_other_order(self) -> bool:
        """Whether B holds exported pictures, but does not show those that its manifest lists."""
        found, index = self.run.found, self.index
        is_listed = index is not None and index.complete
        return found is not None and found.is_selection and is_listed and len(found.b) != self._frame_count

    def _end(self) -> None:
        self._watch.stop()
        self._slot.forget()
        engine, self._engine = self._engine, None
        if engine is not None:
            self._slot.end(engine)
        self.run.forget()
        self._source = self._stream_index = self._error = self._by_time = None
        self._counterpart = self._shown = self._asked = self._known_index = None
        self._align_by, self._has_chosen, self._offset = AlignBy.NUMBER, False, 0
        self._time_error, self._is_held = "", False
        self._release()

    def _release(self) -> None:
        """Let playing continue without B."""
        awaited, self._awaited = self._awaited, None
        if awaited is not None:
            self.paired.emit(awaited)

    def _align(self, by: AlignBy) -> None:
        self._align_by = by
        if by is AlignBy.TIME:
            self._match_times()
        self.pairing_changed.emit()
        self._follow()

    def _match_times(self) -> None:
        a, b = self._video.index, self.index
        if a is None or b is None or not (a.complete and b.complete):
            self._by_time, self._time_error = None, tr("The frames are still being listed.")
            return
        from framescope.core.compare.alignment import align_by_time  # noqa: PLC0415

        try:
            self._by_time, self._time_error = align_by_time(a.times_s, b.times_s), ""
        except SettingsError as error:
            self._by_time, self._time_error = None, error.message

    def _follow(self) -> None:
        """Show what belongs to the current frame of A."""
        if self._engine is None:
            return
        self._is_held = False
        pairing = self._pairing
        self._counterpart = None if pairing is None else pairing.of(self._view.position)
        number = None if self._counterpart is None else self._counterpart.number
        if number is None:
            self._asked = None
            self._release()
        elif number != self._asked:
            self._request(number)
        self.pair_changed.emit()

    def _request(self, number: int) -> None:
        self._asked = number
        self._ask()

    @Slot()
    def _ask(self) -> None:
        if self._engine is not None and self._asked is not None:
            # While playing, a stand-in would only flicker.
            self._engine.show(self._asked, self._view.spec, allows_stand_in=self._playback.speed == 0)

    @Slot()
    def _fit_sizes(self) -> None:
        """Scale the smaller of two pictures to the larger."""
        sizes = self.sizes
        if self._engine is not None and sizes is not None:
            larger = max(sizes, key=lambda size: size[0] * size[1])
            self._view.set_full_size(None if sizes[0] == sizes[1] else larger)

    def _own_size(self, shown: ShownFrame | None, info: VideoInfo | None) -> tuple[int, int] | None:
        picture: Picture | None = None if shown is None or shown.frame is None else shown.frame.picture
        if picture is None or info is None:
            return None
        return displayed_size(picture, info, rotate=self._view.is_rotated)

    def _begin_run(self) -> None:
        """Compare all frames, once both videos are listed."""
        a, b, info, own = self._video.index, self.index, self._video.info, self.info
        if a is None or b is None or info is None or own is None or not (a.complete and b.complete):
            return
        self.run.begin((info.source, info.stream_index), (own.source, own.stream_index))

    def _drop_if_renumbered(self, before: FrameIndex | None, index: FrameIndex | None) -> None:
        """Forget what was found under frame numbers that may be those of other pictures now."""
        if (
            self._engine is not None
            and before is not None
            and index is not None
            and not index.extends(before)
        ):
            self._asked = self._shown = None
            self.run.forget()

    def _take_indexes(self) -> None:
        if self._engine is None:
            return
        if self._align_by is AlignBy.TIME:
            self._match_times()
        self.changed.emit()
        if not self._is_held:
            self._follow()
        self._begin_run()

    # --- slots

    @Slot(int)
    def _on_frame_due(self, number: int) -> None:
        """Request B's frame with A's while playing: the position only follows A's picture."""
        pairing = self._pairing if self._engine is not None else None
        due = None if pairing is None else pairing.of(number).number
        if due is not None and due != self._asked:
            self._request(due)

    @Slot(int)
    def _on_position_changed(self, position: int) -> None:
        del position
        self._follow()

    @Slot(object)
    def _on_index_replaced(self, before: FrameIndex | None) -> None:
        self._drop_if_renumbered(before, self._video.index)
        self._take_indexes()

    @Slot()
    def _on_arrived(self) -> None:
        engine = self._slot.take()
        if engine is None:
            return
        self._engine = engine
        self._watch.watch(engine.source)
        engine.failed.connect(self._on_engine_failed)
        engine.index_arrived.connect(self._on_index_arrived)
        engine.answered.connect(self._on_answered)
        self.changed.emit()
        self._follow()
        self._on_index_arrived()

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._error = error
        self.changed.emit()

    @Slot(object)
    def _on_engine_failed(self, error: FrameScopeError) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            self._slot.end(engine)
        self._asked = None
        self._release()
        self._on_failed(error)

    @Slot()
    def _on_index_arrived(self) -> None:
        before, self._known_index = self._known_index, self.index
        self._drop_if_renumbered(before, self.index)
        self._take_indexes()

    @Slot()
    def _on_run_changed(self) -> None:
        is_first = self.run.found is not None and not self._has_chosen
        if is_first and self._align_by is AlignBy.NUMBER and not self._offset:
            # What was only assumed is known now.
            self._align(AlignBy.CONTENT)
        elif self._align_by is AlignBy.CONTENT:
            self.pairing_changed.emit()
            if not self._is_held:
                self._follow()

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        self._shown = shown_frame(answer, self.index)
        self._fit_sizes()
        self.pair_changed.emit()
        if self._is_settled:
            self._release()
