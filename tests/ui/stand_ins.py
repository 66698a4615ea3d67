"""Stand-ins for the session and its frames, so that widgets are tested without threads or files."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMainWindow

from framescope.core.compare.choices import AlignBy
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.media.picture.fields import FieldView
from framescope.core.model.frame import Frame, PictureType
from framescope.core.model.stream_facts import ColorFacts, FileContents, StreamChoice, VideoInfo
from framescope.engine.jobs import Job, JobRunner
from framescope.session.compare_look import CompareLook, CompareMode
from framescope.session.drawn_line import DrawnLine
from framescope.session.frame_blocks import BlockLayer
from framescope.session.hardware import Hardware
from framescope.session.live import Live
from framescope.session.playback import Repeat
from framescope.session.settings import Settings
from framescope.session.sound_player import SoundPlayer
from framescope.session.state import NO_CHOICE, FrameRange, ShownFrame
from framescope.session.time_words import TimeWords
from framescope.session.unfinished import UnfinishedList
from tests.pictures import PlainPicture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.marks.video_memory import PictureZoom
    from framescope.engine.jobs import Work
    from framescope.session.controller import Controller
    from framescope.ui.actions.spec import WindowCommands


class StandInPicture(PlainPicture):
    """Pixels that say where they are: red is the column, green the row."""

    def __init__(self, width: int = 64, height: int = 48, rotation: int = 0) -> None:
        self.width, self.height, self.rotation = width, height, rotation
        self.pixel_format, self.size_bytes = "yuv420p", width * height * 3 // 2

    def planes(self) -> tuple[NDArray[np.uint8], ...]:
        return (np.zeros((self.height, self.width), np.uint8),)

    def to_rgb(self, *, rotate: bool = True) -> NDArray[np.uint8]:
        width, height = self.width, self.height
        if rotate and self.rotation in {90, 270}:
            width, height = height, width
        rgb = np.zeros((height, width, 3), np.uint8)
        rgb[..., 0] = np.arange(width)
        rgb[..., 1] = np.arange(height)[:, None]
        return rgb

    def to_bgr(self, *, rotate: bool = True) -> NDArray[np.uint8]:
        return np.ascontiguousarray(self.to_rgb(rotate=rotate)[..., ::-1])

    def to_bgra(
        self, *, width: int | None = None, height: int | None = None, rotate: bool = True
    ) -> NDArray[np.uint8]:
        raise NotImplementedError

    def native_values(self, x: int, y: int, *, rotated: bool = True) -> dict[str, int]:
        del rotated
        return {"Y": x + y, "Cb": 128, "Cr": 127}


class StandInWindow(QMainWindow):
    """A window that only writes down what actions ask of it."""

    is_full_screen = is_layout_unlocked = is_picture_only = has_second_window = False

    def __init__(self, session: StandInController) -> None:
        super().__init__()
        self.controller = session
        self.dialogs = self.picture = self.docks = self.workspaces = self.compare = self
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *_arguments: self.calls.append(name)

    def is_shown(self, name: str) -> bool:
        return name == "codec"

    def as_commands(self) -> WindowCommands:
        """The same, as actions see it."""
        return cast("WindowCommands", self)


class StandInSound(QObject):
    """The sound of a video that has none, unless a test gives it some."""

    changed = Signal()
    stream_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.streams: tuple[Any, ...] = ()
        self.stream: Any = None
        self.peaks: Any = None
        self.samples: Any = None
        self.error: Any = None
        self.times: Any = None
        self.requests: list[tuple[int, int]] = []
        self.separates_channels = False

    def toggle_separate_channels(self) -> None:
        self.separates_channels = not self.separates_channels
        self.changed.emit()

    def choose(self, stream_index: int) -> None:
        self.stream = next(each for each in self.streams if each.stream_index == stream_index)
        self.stream_changed.emit()

    def request_samples(self, first: int, count: int) -> None:
        self.requests.append((first, count))


class StandInTracks(QObject):
    """The chapters and subtitles of a video that has none, unless a test gives it some."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.chapters: tuple[Any, ...] = ()
        self.subtitle_tracks: tuple[Any, ...] = ()
        self.track: Any = None
        self.shows_subtitles = False
        self.text = ""

    def text_at(self, frame_number: int) -> str:
        del frame_number
        return self.text

    def choose(self, stream_index: int) -> None:
        self.track = next(each for each in self.subtitle_tracks if each.stream_index == stream_index)
        self.changed.emit()


class StandInBlocks(QObject):
    """No blocks, unless a test gives it some."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.layers = BlockLayer(0)
        self.blocks: Any = None
        self.reason = ""

    def toggle(self, layer: BlockLayer) -> None:
        self.layers ^= layer
        self.changed.emit()

    def watch(self, watcher: str, *, is_watching: bool) -> None:
        del watcher, is_watching


class StandInComparing(QObject):
    """No second video, unless a test says that there is one."""

    changed = Signal()
    pair_changed = Signal()
    pairing_changed = Signal()
    look_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.run = StandInRun(self)
        self.times: Any = None
        self.difference = StandInDifference(self)
        self.look = CompareLook()
        self.is_active = self.is_held = self.is_same_stream = False
        self.source: str | None = None
        self.info: Any = None
        self.error: Any = None
        self.counterpart: Any = None
        self.shown: ShownFrame | None = None
        self.exact_pair: Any = None
        self.sizes: Any = None
        self.align_by = AlignBy.NUMBER
        self.offset = 0
        self.pairing_error = ""
        self.calls: list[tuple[object, ...]] = []

    def set_look(self, look: CompareLook) -> None:
        self.look = look
        self.look_changed.emit()

    def show_mode(self, mode: CompareMode) -> None:
        self.set_look(replace(self.look, mode=mode))

    def choose_metric(self, metric: str) -> None:
        self.set_look(replace(self.look, metric=metric))

    def set_align_by(self, by: AlignBy) -> None:
        self.align_by = by
        self.pairing_changed.emit()

    def nudge(self, step: int) -> None:
        self.calls.append(("nudge", step))

    def show_alone(self, number: int) -> None:
        self.calls.append(("show_alone", number))

    def open(self, source: str, *, stream_index: int | None = None) -> None:
        self.calls.append(("open", source, stream_index))


class StandInRun(QObject):
    """A comparison that has found what a test gives it."""

    changed = Signal()
    progressed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: Any = None
        self.error: Any = None
        self.was_stopped = self.is_running = False
        self.pins: tuple[tuple[int, int], ...] = ()
        self.calls: list[tuple[object, ...]] = []

    def start(self) -> None:
        self.calls.append(("start",))

    def cancel(self) -> None:
        self.calls.append(("cancel",))

    def unpin(self, pin: tuple[int, int]) -> None:
        self.calls.append(("unpin", pin))


class StandInDifference(QObject):
    """A difference that a test made."""

    changed = Signal()
    answer: Any = None


class StandInController(QObject):
    """The signals and state of the controller and of its members; every command is only written down."""

    source_opened = Signal()
    source_closed = Signal()
    source_failed = Signal(object)
    changed_on_disk = Signal(str)
    index_updated = Signal()
    opencv_facts_found = Signal()
    frame_shown = Signal()
    position_changed = Signal(int)
    marks_changed = Signal()
    range_changed = Signal()
    choice_changed = Signal()
    cache_changed = Signal()
    visible_range_changed = Signal(float, float)
    picture_zoom_changed = Signal()
    picture_part_changed = Signal()
    earlier_marks_found = Signal()
    rotation_changed = Signal(bool)
    fields_changed = Signal()
    speed_changed = Signal(float)
    skipped_changed = Signal(int)
    choices_changed = Signal()
    thumbnail_ready = Signal(int, QImage)
    job_started = Signal(object)
    notice_posted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.video = self.view = self.selection = self.playback = self.keeper = self.player = self
        self.sound = StandInSound(self)
        self.tracks = StandInTracks(self)
        self.blocks = StandInBlocks(self)
        self.is_working = False
        self.comparing = StandInComparing(self)
        self.line = DrawnLine(self)
        self.live = Live(self.as_controller())
        self.settings = Settings(parent=self)
        self.hardware = Hardware(self.settings, JobRunner(self), self)
        self.sound_player = SoundPlayer(self.settings, self)
        self.times = self.comparing.times = TimeWords(self.as_controller().video, self.settings, self)
        self.source: str | None = None
        self.info: VideoInfo | None = None
        self.index: Any = None
        self.opencv_facts = None
        self.frame_total = 1
        self.position = 0
        self.shown: ShownFrame | None = None
        self.marks: tuple[int, ...] = ()
        self.notes: dict[int, str] = {}
        self.labels: dict[int, str] = {}
        self.earlier_marks = MarkedFrames()
        self.picture_zoom: PictureZoom | None = None
        self.picture_part = (0.0, 0.0, 1.0, 1.0)
        self.marked_range: FrameRange | None = None
        self.in_point: int | None = None
        self.out_point: int | None = None
        self.can_undo = self.can_redo = False
        self.choice = NO_CHOICE
        self.visible_range = (0.0, 1.0)
        self.is_rotated = True
        self.fields = FieldView.FRAMES
        self.speed = 0.0
        self.chosen_speed = 1.0
        self.repeat = Repeat.OFF
        self.plays_range_only = self.plays_every_frame = False
        self.loop_start: int | None = None
        self.loop: FrameRange | None = None
        self.cached_spans: tuple[tuple[int, int], ...] = ()
        self.calls: list[tuple[str, tuple[object, ...]]] = []
        self.goto_error: str | None = None
        self.unfinished = UnfinishedList(self.settings)

    def run_job(self, title: str, work: Work, *, announce: bool = True, origin: str = "") -> Job:
        """A job that never starts."""
        del announce
        self.calls.append(("run_job", (title, work)))
        return Job(title, work, self, origin=origin)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        if name.startswith("_"):
            raise AttributeError(name)

        def command(*arguments: object, **_named: object) -> None:
            self.calls.append((name, arguments))

        return command

    def go_to(self, text: str) -> str | None:
        self.calls.append(("go_to", (text,)))
        return self.goto_error

    def show_fields(self, fields: FieldView) -> None:
        self.fields = fields
        self.fields_changed.emit()

    def set_rotation_applied(self, applied: bool) -> None:  # noqa: FBT001 - as in the controller
        self.is_rotated = applied
        self.rotation_changed.emit(applied)

    def label_color(self, name: str | None) -> str | None:
        return "#0072b2" if name == "blue" else None

    def called(self, name: str) -> list[tuple[object, ...]]:
        return [arguments for called, arguments in self.calls if called == name]

    @property
    def state(self) -> MarkedFrames:
        """What is selected."""
        return MarkedFrames(self.marks, self.notes, self.in_point, self.out_point, self.labels)

    @property
    def displayed_number(self) -> int:
        return self.position if self.shown is None else self.shown.frame_number

    def as_controller(self) -> Controller:
        return cast("Controller", self)

    def open(self, info: VideoInfo | None = None, *, frame_total: int = 100) -> None:
        """Pretend that a video was opened."""
        self.source, self.info, self.frame_total = "/videos/clip.mp4", info or make_info(), frame_total
        self.source_opened.emit()

    def show(self, frame_number: int = 0, **changes: Any) -> None:  # noqa: ANN401
        """Pretend that a frame came."""
        self.position = frame_number
        self.shown = make_shown(frame_number, **changes)
        self.position_changed.emit(frame_number)
        self.frame_shown.emit()


def make_info(**changes: Any) -> VideoInfo:  # noqa: ANN401
    """The facts of an ordinary clip, with changes."""
    facts: dict[str, Any] = {
        "source": "/videos/clip.mp4", "container": "mov,mp4", "container_meaning": "MP4", "stream_index": 0,
        "stream_reason": "the only video stream", "streams_total": 1,
        "video_streams": (StreamChoice(0, "h264", 64, 48, is_cover=False, is_default=True, label="#0"),),
        "codec": "h264", "codec_meaning": "H.264", "profile": "High", "level": 31, "fourcc": "avc1",
        "fourcc_meaning": "H.264", "width": 64, "height": 48, "coded_width": 64, "coded_height": 48,
        "display_width": 64, "display_height": 48, "sample_aspect_ratio": Fraction(1), "rotation": 0,
        "mirrored": False, "pixel_format": "yuv420p", "bit_depth": 8, "chroma": "4:2:0",
        "color": ColorFacts("bt709", "bt709", "limited", "limited", "bt709", "bt709"),
        "interlacing": "progressive", "has_b_frames": True, "average_rate": Fraction(25),
        "base_rate": Fraction(25), "time_base": Fraction(1, 12800), "start_pts": 0, "duration_s": 4.0,
        "bit_rate": 1000, "frame_count_declared": 100, "file_size_bytes": 1000, "decoder": "h264",
        "contents": FileContents(),
    }  # fmt: skip
    known = VideoInfo.__dataclass_fields__
    values: dict[str, Any] = {name: {**facts, **changes}.get(name) for name in known}
    return VideoInfo(**values)


def make_frame(frame_number: int = 0, picture: StandInPicture | None = None) -> Frame:
    """An exact frame."""
    return Frame(
        frame_number, frame_number * 512, frame_number / 25, PictureType.I,
        is_keyframe=True, is_damaged=False, picture=picture or StandInPicture(),
    )  # fmt: skip


def make_shown(
    frame_number: int = 0,
    *,
    picture: StandInPicture | None = None,
    **changes: Any,  # noqa: ANN401
) -> ShownFrame:
    """What the controller would show, with changes."""
    frame = make_frame(frame_number, picture)
    width, height = frame.picture.width, frame.picture.height
    if frame.picture.rotation in {90, 270}:
        width, height = height, width
    rgb = frame.picture.to_rgb()
    image = QImage(rgb.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()
    facts: dict[str, Any] = {
        "frame_number": frame_number, "pts": frame.pts, "time_s": frame.time_s, "image": image,
        "source_width": width, "source_height": height, "provisional": False, "frame": frame,
        "unavailable_reason": None, "pictured_number": frame_number,
    }  # fmt: skip
    return ShownFrame(**{**facts, **changes})
