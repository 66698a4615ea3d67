"""What the window shows, as signals and read-only properties; the commands are in ``controller``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.marks.video_memory import VideoState
from framescope.session.playback import Playback
from framescope.session.selection import Selection
from framescope.session.state import NO_CHOICE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framescope.core.marks.video_memory import PictureZoom
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import OpenCVFacts, VideoInfo
    from framescope.engine.source_engine import SourceEngine
    from framescope.session.state import FrameChoice, FrameRange, ShownFrame


class SessionState(QObject):
    """The state of one window. Threads: GUI, and every signal is emitted there."""

    source_opened = Signal()
    """``info`` is there; the index may still be partial or None."""
    source_closed = Signal()
    source_failed = Signal(object)
    """FrameScopeError while opening. What was open before stays open."""
    source_changed = Signal(str)
    """The open file is another on disk: ``deleted``, ``replaced`` or ``grown``. ``reopen_source`` helps."""
    index_updated = Signal()
    """``index`` was replaced by a longer or better one."""
    opencv_facts_found = Signal()
    """``opencv_facts`` is there (it comes after ``source_opened``)."""
    frame_shown = Signal()
    """``shown`` changed."""
    position_changed = Signal(int)
    """Another frame number is requested; the playhead moves at once, the picture may follow later."""
    marks_changed = Signal()
    """``marks`` or ``notes`` changed."""
    range_changed = Signal()
    choice_changed = Signal()
    """``choice`` changed."""
    cache_changed = Signal()
    """``cached_spans`` changed."""
    visible_range_changed = Signal(float, float)
    """The timeline's visible frames ``[first, last)``."""
    picture_zoom_changed = Signal()
    """``picture_zoom`` changed."""
    earlier_marks_found = Signal()
    """``earlier_marks`` is there: what was marked in the file that lay here before."""
    rotation_changed = Signal(bool)
    playing_changed = Signal(float)
    """Speed; 0 when stopped, negative backwards."""
    thumbnail_ready = Signal(int, QImage)
    """Frame number and picture."""
    job_started = Signal(object)
    """A Job."""
    notice_posted = Signal(str, str)
    """A sentence for display, and ``info``, ``warning`` or ``error``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine: SourceEngine | None = None
        self._opencv_facts: OpenCVFacts | None = None
        self._shown: ShownFrame | None = None
        self._position = 0
        self._visible_range = (0.0, 1.0)
        self._picture_zoom: PictureZoom | None = None
        self._earlier_marks = MarkedFrames()
        self._least_total = 1
        self._is_rotated = True
        self._choice = NO_CHOICE
        self._selection = Selection(self)
        self._playback = Playback(self)
        self._selection.marks_changed.connect(self.marks_changed)
        self._selection.range_changed.connect(self.range_changed)
        self._playback.speed_changed.connect(self.playing_changed)

    @property
    def source(self) -> str | None:
        """Path or URL of the open video, or None."""
        return None if self._engine is None else self._engine.source

    @property
    def info(self) -> VideoInfo | None:
        """What the file's header declares."""
        return None if self._engine is None else self._engine.info

    @property
    def opencv_facts(self) -> OpenCVFacts | None:
        """What OpenCV reports for the file; None until known."""
        return self._opencv_facts

    @property
    def index(self) -> FrameIndex | None:
        """The frame index, as far as it is complete."""
        return None if self._engine is None else self._engine.index

    @property
    def is_listing(self) -> bool:
        """Whether frames are being listed or counted."""
        return self._engine is not None and self._engine.is_listing

    @property
    def frame_total(self) -> int:
        """Frames of the video, or the best estimate while the index is partial; at least 1."""
        info, index = self.info, self.index
        declared = 0 if info is None else info.frame_count_declared
        if index is None:
            return max(declared, self._least_total)
        if index.complete:
            return max(len(index), 1)
        return max(len(index), index.frames_expected or declared, self._least_total)

    @property
    def position(self) -> int:
        """The requested frame number."""
        return self._position

    @property
    def shown(self) -> ShownFrame | None:
        """The picture on screen; may lag behind ``position``."""
        return self._shown

    @property
    def displayed_number(self) -> int:
        """The number to write beside the picture: its own, or while that is provisional the requested one."""
        return self._position if self._shown is None else self._shown.frame_number

    @property
    def marks(self) -> tuple[int, ...]:
        """Marked frames, ascending."""
        return self._selection.state.marks

    @property
    def notes(self) -> Mapping[int, str]:
        """What is written on marked frames, by frame number."""
        return self._selection.state.notes

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
    def choice(self) -> FrameChoice:
        """Frames that are about to be exported, and scene cuts, as the timeline shows them."""
        return self._choice

    @property
    def can_undo(self) -> bool:
        """Whether there is a change of marks or range to undo."""
        return self._selection.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is one to redo."""
        return self._selection.can_redo

    @property
    def visible_range(self) -> tuple[float, float]:
        """The timeline's visible frames ``[first, last)``."""
        return self._visible_range

    @property
    def picture_zoom(self) -> PictureZoom | None:
        """How the picture is magnified; None while it is fitted."""
        return self._picture_zoom

    @property
    def earlier_marks(self) -> MarkedFrames:
        """Marks of another file that was at the same path; empty once adopted."""
        return self._earlier_marks

    @property
    def kept_state(self) -> VideoState:
        """What is kept of the video for the next time."""
        first, last = self._visible_range
        shows_all = (first, last) == (0.0, float(self.frame_total))
        timeline = None if shows_all else (round(first, 3), round(last, 3))
        return VideoState(self._selection.state, self._position, timeline, self._picture_zoom)

    @property
    def is_rotated(self) -> bool:
        """Whether the file's rotation is applied for display."""
        return self._is_rotated

    @property
    def speed(self) -> float:
        """Playing speed; 0 when stopped, negative backwards."""
        return self._playback.speed

    @property
    def cached_spans(self) -> tuple[tuple[int, int], ...]:
        """Frames whose pictures are in memory, as half-open spans."""
        return () if self._engine is None else self._engine.cached_spans
