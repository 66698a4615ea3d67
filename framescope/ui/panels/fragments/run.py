"""The long-running jobs of the fragment panel: split, join, verify, measure seams, sweep, extract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.fragments.join import JoinRequest, join
from framescope.core.fragments.seams import measure_seams
from framescope.core.fragments.split import SplitResult, split
from framescope.core.fragments.store import FragmentStore, is_unfinished
from framescope.core.fragments.sweep import Sweep, sweep
from framescope.core.source.opening import open_video
from framescope.core.translation import tr
from framescope.ui.panels.fragments.words import join_words, split_words, verify_words
from framescope.ui.widgets.tasks import BackgroundTask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.errors import FrameScopeError
    from framescope.core.fragments.manifest import Manifest
    from framescope.core.fragments.seams import Seam
    from framescope.core.fragments.split import SplitSettings
    from framescope.core.fragments.store import FragmentFault
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller
    from framescope.ui.widgets.save_target import Target

_CACHE_BYTES = 64 << 20
"""A job reads the video with its own decoder, and caches few frames."""
_SEAM_FRAMES = 12
ORIGIN = "fragmentsPanel"
"""The panel that shows a job's result; see `Job`."""


class FragmentRun(QObject):
    """Runs at most one job at a time. Threads: GUI.

    Attributes:
        words: The result of the last job, as text.
        error: Why the last job failed.
        made: The store made by the last split, or the file written by the last join.
        is_store_made: Whether ``made`` is a store, which can be opened here.
        swept: The result of the last sweep of this source.
        seams: The seams of this store, once measured.
    """

    changed = Signal()
    """A job started or ended."""
    progressed = Signal(object)

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        # Not tied to the source: the job writes files, and continues when another video is opened.
        self._task = BackgroundTask(controller)
        self._task.changed.connect(self.changed)
        self._task.progressed.connect(self.progressed)
        self._task.finished.connect(self._on_finished)
        self._task.failed.connect(self._on_failed)
        self._take_result: Callable[[Any], None] = self._take_split
        self._split_key = ""
        self.title = ""
        self._forget()
        controller.source_opened.connect(self._on_source_changed)
        controller.source_closed.connect(self._on_source_changed)

    def _forget(self) -> None:
        self.words, self.error = "", ""
        self.made: Path | None = None
        self.is_store_made = False
        self.swept: Sweep | None = None
        self.seams: tuple[Seam, ...] | None = None
        self.faults: tuple[FragmentFault, ...] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a job is running."""
        return self._task.is_running

    def cancel(self) -> None:
        """Request that the job stop."""
        self._task.cancel()

    def split_into(self, path: Path, settings: SplitSettings) -> None:
        """Split the open video, resuming an unfinished split at that path."""
        source, stream_index = self._controller.source, self._stream_index()
        if source is None:
            return

        def work(progress: ProgressCallback, cancel: CancelToken) -> SplitResult:
            resume = is_unfinished(path)
            with open_video(
                source, stream_index=stream_index, cache_bytes=_CACHE_BYTES, progress=progress, cancel=cancel
            ) as video:
                return split(video, path, settings, resume=resume, progress=progress, cancel=cancel)

        self._forget_split()
        self._split_key = self._controller.unfinished.begin("split", source=source, store=str(path))
        self._start(tr("Splitting into {path}", path=path.name), work, self._take_split, writes=True)

    def try_cuts(self, settings: SplitSettings) -> None:
        """Try several grids and run lengths on the first frames of the open video."""
        source, stream_index = self._controller.source, self._stream_index()
        if source is None:
            return

        def work(progress: ProgressCallback, cancel: CancelToken) -> Sweep:
            with open_video(
                source, stream_index=stream_index, cache_bytes=_CACHE_BYTES, progress=progress, cancel=cancel
            ) as video:
                return sweep(video, settings, progress=progress, cancel=cancel)

        self._start(tr("Testing grids and run lengths"), work, self._take_sweep)

    def join_into(self, store: Path, target: Target, request: JoinRequest | None = None) -> None:
        """Write a store, or part of it, as one video."""
        path, replaces = target.path, target.replaces

        def work(progress: ProgressCallback, cancel: CancelToken) -> object:
            return join(store, path, request, replaces=replaces, progress=progress, cancel=cancel)

        self._start(tr("Joining into {path}", path=path.name), work, self._take_join, writes=True)

    def verify(self, store: Path) -> None:
        """Verify every fragment against its digest."""

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[int, tuple[FragmentFault, ...]]:
            with FragmentStore(store) as opened:
                return len(opened.manifest.fragments), opened.verify(progress=progress, cancel=cancel)

        self._start(tr("Checking fragments"), work, self._take_faults)

    def measure_seams(self, store: Path, manifest: Manifest) -> None:
        """Measure how visible the borders between tiles are, on frames spread over the video."""
        step = max(1, manifest.frame_count // _SEAM_FRAMES)

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[Seam, ...]:
            with open_video(store, cache_bytes=_CACHE_BYTES) as video:
                numbers = range(step // 2, manifest.frame_count, step)
                return measure_seams(video, manifest, numbers, progress=progress, cancel=cancel)

        self._start(tr("Measuring seams"), work, self._take_seams)

    # --- private

    def _forget_split(self) -> None:
        if self._split_key:
            self._controller.unfinished.end(self._split_key)
            self._split_key = ""

    def _stream_index(self) -> int | None:
        info = self._controller.info
        return None if info is None else info.stream_index

    def _start(
        self,
        title: str,
        work: Callable[[ProgressCallback, CancelToken], object],
        on_finished: Callable[[Any], None],
        *,
        writes: bool = False,
    ) -> None:
        if self.is_running:
            return
        self.title, self.words, self.error, self.made = title, "", "", None
        self._source = self._controller.source
        self._take_result = on_finished
        self._task.start(title, work, origin=ORIGIN if writes else "")

    def _is_same_source(self) -> bool:
        return self._source == self._controller.source

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        self._take_result(result)

    def _take_split(self, result: object) -> None:
        if isinstance(result, SplitResult):
            self._forget_split()
            self.made, self.is_store_made = result.path, True
            self.words = split_words(result)

    def _take_sweep(self, result: object) -> None:
        if isinstance(result, Sweep) and self._is_same_source():
            self.swept = result

    def _take_join(self, result: object) -> None:
        self.words, self.made, self.is_store_made = *join_words(result), False

    def _take_faults(self, result: tuple[int, tuple[FragmentFault, ...]]) -> None:
        total, faults = result
        self.words = verify_words(total, faults)
        if self._is_same_source():
            self.faults = faults

    def _take_seams(self, result: tuple[Seam, ...]) -> None:
        if self._is_same_source():
            self.seams = result

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self.error = error.in_full

    @Slot()
    def _on_source_changed(self) -> None:
        if self.is_running:
            self.swept = self.seams = self.faults = None
        else:
            self._forget()
        self.changed.emit()
