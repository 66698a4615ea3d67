"""Works the real window off any screen, in a separate process, and prints what it measured as JSON.

Run as ``python -m tests.benchmarks.window_probe TASK FILE [FILE]``. Moves are mouse events on the timeline;
a picture counts as shown when the view has painted it.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, QSettings, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from framescope.app import make_application, show_window
from framescope.core.export.plan import plan_export
from framescope.core.export.run import export_frames
from framescope.core.export.settings import ExportSettings, OnExisting
from framescope.core.media.frame_order import order_frames
from framescope.core.media.tables.packet_table import PacketTable
from framescope.core.source.opening import open_video
from framescope.engine.backend import Backend, core_backend
from framescope.session.controller import Controller
from framescope.session.settings import Settings
from framescope.ui.widgets.theme import ThemeChoice, ThemeSource
from framescope.ui.window.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.session.state import ShownFrame

Answer = dict[str, Any]

_LIMIT_MS = 60_000
_TEN_HOURS = 10 * 3600 * 60


class Heartbeat(QObject):
    """Beats every millisecond in the GUI thread and notes how late each beat is."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps_ms: list[float] = []
        self.own_ms: list[float] = []
        self._last = self._last_own = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        """Begin."""
        self.gaps_ms.clear()
        self.own_ms.clear()
        self._last, self._last_own = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> Answer:
        """End; the figures."""
        self._timer.stop()
        gaps = np.array(self.gaps_ms)
        return {
            "worst": float(gaps.max()),
            "p99": float(np.percentile(gaps, 99)),
            "own_worst": max(self.own_ms),
            "own_p99": float(np.percentile(self.own_ms, 99)),
            "count": len(gaps),
        }

    @Slot()
    def _on_timeout(self) -> None:
        now, own = time.perf_counter(), time.thread_time()
        self.gaps_ms.append((now - self._last) * 1e3)
        self.own_ms.append((own - self._last_own) * 1e3)
        self._last, self._last_own = now, own


class Hand(QObject):
    """One window, a hand on its timeline, and a stopwatch."""

    def __init__(self, backend: Backend | None = None) -> None:
        super().__init__()
        self.app = make_application(())
        self._folder = tempfile.TemporaryDirectory(prefix="framescope-benchmark-")
        store = QSettings(str(Path(self._folder.name) / "settings.ini"), QSettings.Format.IniFormat)
        settings = Settings(store)
        theme = ThemeSource(ThemeChoice.DARK)
        theme.apply_to(self.app)
        self.controller = Controller(settings=settings, backend=backend or core_backend(keeps_indexes=False))
        self.window = MainWindow(theme, settings)
        self.window.fill(self.controller)
        self.window.resize(1440, 900)
        show_window(self.window)
        self.view, self.timeline = self._part("frameView"), self._part("timeline")
        self.first_ms: float | None = None
        self.exact_ms: float | None = None
        self._asked = 0.0
        self._before: ShownFrame | None = None
        self._loop = QEventLoop()
        self.view.installEventFilter(self)

    def _part(self, name: str) -> QWidget:
        part = self.window.findChild(QWidget, name)
        if part is None:
            raise LookupError(name)
        return part

    def open(self, source: str) -> None:
        """Open a video; wait for the picture and the whole index."""
        self._begin()
        self.controller.open_source(source)
        self.wait(lambda: self.exact_ms is not None)
        self.wait(self.is_indexed)

    def _begin(self) -> None:
        self.first_ms = self.exact_ms = None
        self._before = self.controller.shown
        self._asked = time.perf_counter()

    def is_indexed(self) -> bool:
        """Whether the index is complete."""
        return self.controller.index is not None and self.controller.index.complete

    def wait(self, is_done: Callable[[], bool]) -> None:
        """Let the window live until then."""
        limit = time.perf_counter() + _LIMIT_MS / 1e3
        while not is_done():
            if time.perf_counter() > limit:
                raise TimeoutError
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

    def rest(self, seconds: float) -> None:
        """Let the window live for a while."""
        QTimer.singleShot(round(seconds * 1e3), self._loop.quit)
        self._loop.exec()

    def press(self) -> None:
        """Take hold of the playhead."""
        self._send(QMouseEvent.Type.MouseButtonPress, self._place(0.5))

    def release(self) -> None:
        """Let go."""
        self._send(QMouseEvent.Type.MouseButtonRelease, self._place(0.5))

    def move(self, share: float) -> None:
        """Drag to a place, as a share of the timeline's width."""
        self._begin()
        self._send(QMouseEvent.Type.MouseMove, self._place(share))

    def _place(self, share: float) -> QPoint:
        width = self.timeline.width()
        return QPoint(round(width * 0.08 + width * 0.9 * share), round(self.timeline.height() * 0.3))

    def _send(self, kind: QMouseEvent.Type, place: QPoint) -> None:
        button, held = Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton
        if kind == QMouseEvent.Type.MouseMove:
            button = Qt.MouseButton.NoButton
        local, whole = QPointF(place), QPointF(self.timeline.mapToGlobal(place))
        event = QMouseEvent(kind, local, whole, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.timeline, event)

    def ask(self, number: int) -> None:
        """Go to a frame by its number."""
        self._begin()
        self.controller.show_frame(number)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Note when the view has painted: when the window wants it to, as for a user."""
        if watched is not self.view or event.type() != QEvent.Type.Paint:
            return super().eventFilter(watched, event)
        self.view.event(event)
        self._note_picture()
        return True

    def _note_picture(self) -> None:
        elapsed = (time.perf_counter() - self._asked) * 1e3
        shown = self.controller.shown
        if shown is self._before:
            return
        if self.first_ms is None:
            self.first_ms = elapsed
        if shown is not None and not shown.provisional and shown.frame_number == self.controller.position:
            self.exact_ms = elapsed

    def close(self) -> None:
        """Close the window; every thread ends."""
        self.window.close()
        self._folder.cleanup()


def slider(path: str) -> Answer:
    """Far moves: the first picture of any kind, and the exact one. Then moves among frames at hand."""
    hand = Hand()
    hand.open(path)
    hand.rest(0.5)
    rng = random.Random(2)
    first, exact = [], []
    hand.press()
    for _ in range(60):
        before = hand.controller.position
        hand.move(rng.random())
        if hand.controller.position == before:
            continue
        hand.wait(lambda: hand.exact_ms is not None)
        first.append(hand.first_ms)
        exact.append(hand.exact_ms)
        hand.rest(0.03)
    hand.release()
    start = hand.controller.frame_total // 2
    for number in range(start, start + 40):
        hand.ask(number)
        hand.wait(lambda: hand.exact_ms is not None)
    cached = []
    for number in rng.sample(range(start, start + 39), 39):
        hand.ask(number)
        hand.wait(lambda: hand.exact_ms is not None)
        cached.append(hand.exact_ms)
        hand.rest(0.01)
    hand.close()
    return {"first": first, "exact": exact, "cached": cached}


def stalls(path: str, unindexed: str) -> Answer:
    """How long the GUI thread is away while scrubbing, indexing and exporting."""
    answer: Answer = {}
    hand, heart = Hand(), Heartbeat()
    hand.open(path)
    hand.rest(0.5)
    heart.start()
    hand.rest(1.5)
    answer["idle"] = heart.stop()
    heart.start()
    hand.press()
    for turn in range(300):
        hand.move(0.5 + 0.48 * float(np.sin(turn / 40)))
        hand.rest(1 / 120)
    hand.release()
    answer["scrubbing"] = heart.stop()
    answer["exporting"] = _while_exporting(hand, heart, path)
    heart.start()
    hand.open(unindexed)
    answer["opening and indexing"] = heart.stop()
    hand.close()
    return answer


def _while_exporting(hand: Hand, heart: Heartbeat, path: str) -> Answer:
    ended: list[bool] = []
    with tempfile.TemporaryDirectory() as folder:
        settings = ExportSettings(Path(folder), on_existing=OnExisting.OVERWRITE)

        def work(progress: ProgressCallback, cancel: CancelToken) -> object:
            with open_video(path, use_index_cache=False, cancel=cancel) as video:
                plan = plan_export(video.info, video.index, range(600), settings)
                return export_frames(video, plan, progress=progress, cancel=cancel)

        heart.start()
        job = hand.controller.run_job("Exporting", work)
        job.finished.connect(lambda _: ended.append(True))
        job.failed.connect(lambda _: ended.append(False))
        hand.wait(lambda: bool(ended))
        return heart.stop()


def _ten_hours(info: VideoInfo) -> FrameIndex:
    rng = np.random.default_rng(1)
    count = _TEN_HOURS
    ticks = np.arange(count, dtype=np.int64) * 256
    flags = np.zeros(count, np.bool_)
    keys = flags.copy()
    keys[::250] = True
    sizes = rng.integers(300, 6000, count).astype(np.int32)
    sizes[keys] *= 8
    table = PacketTable(
        pts=ticks,
        dts=ticks.copy(),
        sizes=sizes,
        positions=np.cumsum(sizes, dtype=np.int64),
        is_keyframe=keys,
        is_discard=flags,
        is_corrupt=flags.copy(),
        picture_type_codes=np.zeros(count, np.uint8),
    )
    return order_frames(table, info.time_base)


def ten_hours(path: str) -> Answer:
    """Repaints of a timeline of ten hours at 60 frames per second, at every zoom, each from nothing."""
    core = core_backend(keeps_indexes=False)
    made: list[FrameIndex] = []

    def list_frames(info: VideoInfo, **_: object) -> FrameIndex:
        made.append(_ten_hours(info))
        return made[-1]

    hand = Hand(Backend(core.probe, core.open_reader, list_frames))
    hand.controller.open_source(path)
    hand.wait(hand.is_indexed)
    hand.rest(3.0)
    zooms: dict[str, list[float]] = {}
    own_zooms: dict[str, list[float]] = {}
    rng = random.Random(8)
    for span in (_TEN_HOURS, 600_000, 60_000, 6_000, 600, 60, 20):
        times, own = zooms.setdefault(str(span), []), own_zooms.setdefault(str(span), [])
        for _ in range(12):
            first = rng.random() * (_TEN_HOURS - span)
            hand.controller.view.set_visible_range(first, first + span)
            if span == _TEN_HOURS:
                # The whole video is one range only: change the height to have it painted anew.
                hand.timeline.resize(hand.timeline.width(), hand.timeline.height() ^ 1)
            start, own_start = time.perf_counter(), time.thread_time()
            hand.timeline.repaint()
            times.append((time.perf_counter() - start) * 1e3)
            own.append((time.thread_time() - own_start) * 1e3)
            hand.rest(0.01)
    index = made[-1]
    arrays = [value for value in vars(index).values() if isinstance(value, np.ndarray)]
    entries = [getattr(index.entries, name) for name in index.entries.__slots__]
    size = sum(array.nbytes for array in [*arrays, *entries])
    hand.close()
    return {"zooms": zooms, "own_zooms": own_zooms, "index_mb": size / 1e6}


TASKS: dict[str, Callable[..., Answer]] = {
    "slider": slider,
    "stalls": stalls,
    "ten_hours": ten_hours,
}


def _report(answer: Answer) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Carry out one task."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    task, *files = sys.argv[1:]
    _report(TASKS[task](*files))


if __name__ == "__main__":
    main()
