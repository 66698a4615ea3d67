"""Keeps the preview and the size estimate up to date, off the GUI thread."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.errors import FrameUnavailableError
from framescope.core.export.encoders.tags import SourceFacts
from framescope.core.export.quality.curve import curve_levels, iter_curve
from framescope.core.export.quality.search import find_smallest_quality
from framescope.core.export.quality.trial import FrameTrials, level_kind
from framescope.core.export.size_estimate import SizeEstimate, iter_estimates
from framescope.core.source.opening import known_video
from framescope.core.translation import tr
from framescope.ui.export.preview.picture import PictureMaker, SavedPicture, whole_picture
from framescope.ui.widgets.tasks import BackgroundTask, LatestTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.errors import FrameScopeError
    from framescope.core.export.quality.search import Target
    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.session.controller import Controller

_MOST_BYTES = 96 << 20
"""Limit of the decoded-frame cache: changing the quality must not decode frames again."""
_CACHE_BYTES = 16 << 20


class SizeSampler:
    """Estimates the size of exports. Threads: any, one at a time."""

    def __init__(self) -> None:
        self._info: VideoInfo | None = None
        self._frames: OrderedDict[int, Frame] = OrderedDict()

    def estimates(
        self,
        video: tuple[VideoInfo, FrameIndex],
        numbers: NDArray[np.int64],
        settings: ExportSettings,
        cancel: CancelToken,
    ) -> Iterator[SizeEstimate]:
        """Size estimates that improve with each frame encoded.

        Args:
            video: The video and its index.
            numbers: The frames of the export.
            settings: The export settings.
            cancel: Stops it between frames.

        Raises:
            Cancelled: ``cancel`` was used.
            EncodeError: The format cannot store the picture.
            OpenError: The file no longer exists.
        """
        info, index = video
        if info is not self._info:
            self._info = info
            self._frames.clear()
        facts = SourceFacts.of(info)
        # Opened in the thread that uses and closes it; nothing is read until the first frame is requested.
        with known_video(info, index, cache_bytes=_CACHE_BYTES) as opened:

            def encoded_size(frame_number: int) -> int | None:
                try:
                    frame = self._frame(opened, frame_number)
                except FrameUnavailableError:
                    return None
                return len(FrameTrials(frame, settings, facts).encode(settings))

            yield from iter_estimates(numbers, encoded_size, cancel=cancel)

    def _frame(self, video: Video, frame_number: int) -> Frame:
        frame = self._frames.get(frame_number)
        if frame is None:
            frame = video.frame(frame_number)
            self._frames[frame_number] = frame
            while len(self._frames) > 1 and sum(kept.picture.size_bytes for kept in self._frames.values()) > (
                _MOST_BYTES
            ):
                self._frames.popitem(last=False)
        return frame


_PICTURE_DELAY_MS = 60
_CURVE_DELAY_MS = 250
_SIZE_DELAY_MS = 400
_CURVE_BUDGET_S = 12.0


class PreviewDesk(QObject):
    """Computes what the preview shows, from exact frames only. Threads: GUI."""

    picture_made = Signal(object)
    """`SavedPicture`; emitted once as soon as it can be shown and again with its quality measured."""
    picture_pending = Signal()
    """The picture shown is outdated; a new one is being made."""
    picture_missing = Signal(str)
    """Nothing can be shown; carries the reason (empty if none needs stating)."""
    heat_made = Signal(object)
    """`HeatPicture` of the last picture."""
    whole_made = Signal(object)
    """`Pyramid` of the whole frame."""
    curve_begun = Signal(object)
    """`LevelKind`, or None if the settings have no level."""
    point_found = Signal(object)
    """`Trial` of the curve."""
    search_moved = Signal(str)
    search_ended = Signal(object)
    """`Search`, or None if it was stopped."""
    search_failed = Signal(str)
    size_estimated = Signal(object)
    """`SizeEstimate`, or None if there is none."""

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._settings: ExportSettings | None = None
        self._numbers: NDArray[np.int64] | None = None
        self._is_active = False
        self._wants_heat = self._wants_whole = False
        self._gain: int | None = None
        self._picture: SavedPicture | None = None
        self._picture_of: tuple[Frame, ExportSettings] | None = None
        self._curve_of: tuple[Frame, ExportSettings] | None = None
        self._whole_of: tuple[Frame, ExportSettings] | None = None
        self._size_of: tuple[object, ...] | None = None
        self._search = BackgroundTask(controller, self)
        self._maker = PictureMaker()
        self._sampler = SizeSampler()

        def stream(title: str, delay_ms: int, *, late: bool = False) -> LatestTask:
            return LatestTask(controller, title, delay_ms, self, gives_late_answers=late)

        self._pictures = stream(tr("Encoding a preview"), _PICTURE_DELAY_MS, late=True)
        self._heats = stream(tr("Drawing differences"), 0, late=True)
        self._wholes = stream(tr("Drawing the whole frame"), _PICTURE_DELAY_MS, late=True)
        self._curves = stream(tr("Trying qualities"), _CURVE_DELAY_MS)
        self._sizes = stream(tr("Estimating the size"), _SIZE_DELAY_MS)
        self._connect()

    def set_active(self, *, active: bool) -> None:
        """Work only while visible."""
        self._is_active = active
        if active:
            self.refresh()
        else:
            for stream in (self._pictures, self._heats, self._wholes, self._curves, self._sizes):
                stream.forget()
            self._picture_of = self._curve_of = self._whole_of = self._size_of = None
            self.stop_search()

    def set_settings(self, settings: ExportSettings) -> None:
        """Use these settings."""
        if settings != self._settings:
            self._settings = settings
            self.stop_search()
            self.refresh()

    def set_numbers(self, numbers: NDArray[np.int64] | None) -> None:
        """Estimate the size for another frame selection."""
        self._numbers = numbers
        self._refresh_size()

    def set_heat_wanted(self, *, wanted: bool, gain: int | None) -> None:
        """Set whether the difference map is shown, and its gain; None fills the scale."""
        self._wants_heat, self._gain = wanted, gain
        if self._picture is not None:
            self._ask_for_heat(self._picture)

    def set_whole_wanted(self, *, wanted: bool) -> None:
        """Set whether the whole frame is shown, to draw a crop on."""
        self._wants_whole, self._whole_of = wanted, None
        self.refresh()

    def search(self, target: Target) -> None:
        """Search for the lowest quality that reaches the target for the current frame."""
        frame, settings, info = self._exact_frame, self._settings, self._controller.info
        if frame is None or settings is None or info is None or self._search.is_running:
            return
        facts = SourceFacts.of(info)

        def work(progress: ProgressCallback, cancel: CancelToken) -> object:
            trials = FrameTrials(frame, settings, facts)
            return find_smallest_quality(trials, target, progress=progress, cancel=cancel)

        self._search.start(tr("Searching for the lowest quality"), work, announce=False)
        self.search_moved.emit(tr("Trying qualities…"))

    @Slot()
    def stop_search(self) -> None:
        """Stop a running search."""
        self._search.cancel()

    @Slot()
    def refresh(self) -> None:
        """Check again whether frame or settings changed."""
        controller, settings = self._controller, self._settings
        shown, info = controller.shown, controller.info
        if info is None or shown is None or shown.unavailable_reason is not None:
            self._drop()
            reason = None if shown is None or info is None else shown.unavailable_reason
            number = 0 if shown is None else shown.frame_number
            self.picture_missing.emit(
                "" if reason is None else tr("Frame {number}: {reason}", number=number, reason=reason)
            )
            return
        frame = self._exact_frame
        if frame is None or settings is None or not self._is_active:
            return
        self._refresh_whole(frame, settings)
        self._refresh_size()
        picture_of = (frame, settings)
        if picture_of == self._picture_of:
            # The window also redraws a frame for other reasons, such as a resize.
            if self._picture is not None and self._picture.fidelity is not None:
                self._refresh_curve(self._picture)
            return
        self._picture_of = picture_of
        self.picture_pending.emit()
        maker = self._maker

        def work(progress: ProgressCallback, cancel: CancelToken) -> Iterator[object]:
            del progress
            return maker.make(frame, settings, info, cancel)

        self._pictures.ask_stream(work)

    @property
    def _exact_frame(self) -> Frame | None:
        shown = self._controller.shown
        return None if shown is None or shown.provisional else shown.frame

    def _connect(self) -> None:
        controller = self._controller
        controller.frame_shown.connect(self.refresh)
        controller.source_opened.connect(self._on_source_changed)
        controller.source_closed.connect(self._on_source_changed)
        controller.playback.speed_changed.connect(self._on_speed_changed)
        self._pictures.answered.connect(self._on_picture_made)
        self._pictures.failed.connect(self._on_picture_failed)
        self._heats.answered.connect(self.heat_made)
        self._wholes.answered.connect(self.whole_made)
        self._curves.answered.connect(self.point_found)
        self._sizes.answered.connect(self.size_estimated)
        self._sizes.failed.connect(self._on_size_failed)
        self._search.progressed.connect(self._on_search_progressed)
        self._search.finished.connect(self.search_ended)
        self._search.failed.connect(self._on_search_failed)
        self._search.cancelled.connect(self._on_search_cancelled)

    def _drop(self) -> None:
        for stream in (self._pictures, self._heats, self._wholes, self._curves):
            stream.forget()
        self._picture = self._picture_of = self._curve_of = self._whole_of = None

    def _ask_for_heat(self, picture: SavedPicture) -> None:
        if self._wants_heat:
            gain = self._gain
            self._heats.ask(lambda _progress, _cancel: picture.heat(gain))

    def _refresh_whole(self, frame: Frame, settings: ExportSettings) -> None:
        whole_of = (frame, replace(settings, crop=None, resize=None, quality=0, compression=0))
        # Not rendered again for every step of a crop drag.
        if self._wants_whole and whole_of != self._whole_of:
            self._whole_of = whole_of
            self._wholes.ask(lambda _progress, _cancel: whole_picture(frame, settings))

    def _refresh_curve(self, picture: SavedPicture) -> None:
        frame, kind = self._exact_frame, level_kind(picture.settings)
        # A frame passing by during playback is not worth forty encodes.
        if frame is None or frame.frame_number != picture.frame_number or self._controller.playback.speed:
            return
        curve_of = (frame, replace(picture.settings, quality=0, compression=0))
        if curve_of == self._curve_of:
            return
        self._curve_of = curve_of
        self._curves.forget()
        self.curve_begun.emit(kind)
        if kind is not None:
            levels = curve_levels(kind, kind.level_of(picture.settings))
            trials = picture.trials

            def work(progress: ProgressCallback, cancel: CancelToken) -> Iterable[object]:
                del progress
                return iter_curve(trials.at_level, levels, budget_s=_CURVE_BUDGET_S, cancel=cancel)

            self._curves.ask_stream(work)

    def _refresh_size(self) -> None:
        controller, numbers, settings = self._controller, self._numbers, self._settings
        info, index = controller.info, controller.index
        if info is None or index is None or settings is None or numbers is None or not len(numbers):
            self._size_of = None
            self._sizes.forget()
            self.size_estimated.emit(None)
            return
        if not self._is_active or controller.playback.speed:
            return
        size_of = (info, settings, numbers.tobytes())
        if size_of == self._size_of:
            return
        self._size_of = size_of
        sampler = self._sampler
        self._sizes.ask_stream(
            lambda _progress, cancel: sampler.estimates((info, index), numbers, settings, cancel)
        )

    # --- slots

    @Slot()
    def _on_source_changed(self) -> None:
        self._drop()
        self.stop_search()
        self._size_of = None
        self.refresh()
        self._refresh_size()

    @Slot(float)
    def _on_speed_changed(self, speed: float) -> None:
        if not speed:
            self.refresh()

    @Slot(object)
    def _on_picture_made(self, picture: SavedPicture) -> None:
        is_new = self._picture is None or picture.saved is not self._picture.saved
        self._picture = picture
        self.picture_made.emit(picture)
        if self._pictures.has_newer_request:
            self.picture_pending.emit()
        if is_new:
            self._ask_for_heat(picture)
        if picture.fidelity is not None and picture.settings == self._settings:
            self._refresh_curve(picture)

    @Slot(object)
    def _on_picture_failed(self, error: FrameScopeError) -> None:
        self._drop()
        self.picture_missing.emit(error.in_full)

    @Slot(object)
    def _on_size_failed(self, _error: object) -> None:
        self.size_estimated.emit(None)

    @Slot(object)
    def _on_search_progressed(self, progress: Progress) -> None:
        self.search_moved.emit(f"{progress.text}…")

    @Slot(object)
    def _on_search_failed(self, error: FrameScopeError) -> None:
        self.search_failed.emit(error.message)

    @Slot()
    def _on_search_cancelled(self) -> None:
        self.search_ended.emit(None)
