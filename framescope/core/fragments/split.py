"""Splits a video into fragments, encoded in parallel: one decodes, the pool's threads cut and encode."""

from __future__ import annotations

import os
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import astuple, dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from framescope.core.errors import Cancelled, FragmentError, FrameScopeError
from framescope.core.fragments.codecs import CODECS, FragmentCodec
from framescope.core.fragments.encode import FragmentEncoder, FragmentShape
from framescope.core.fragments.formats import convert
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.manifest import Manifest, Run
from framescope.core.fragments.picture_forms import FormTable, frame_of
from framescope.core.fragments.planes import cut_tile
from framescope.core.fragments.run_plan import RunRule, find_runs
from framescope.core.fragments.source_record import record_source, record_video, versions
from framescope.core.fragments.workshop import Workshop, settings_digest
from framescope.core.model.frame import Frame
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.translation import tr

if TYPE_CHECKING:
    import av

    from framescope.core.errors import FrameUnavailableError
    from framescope.core.fragments.manifest import Fragment, PictureForm
    from framescope.core.media.video import Video
    from framescope.core.model.progress import ProgressCallback

_BATCH_BYTES = 96 << 20
_WAITING_BYTES = 256 << 20
"""Maximum decoded pictures queued for the encoders; beyond it the decoder waits."""


@dataclass(frozen=True, slots=True)
class SplitSettings:
    """How a video is to be split.

    Attributes:
        grid: How the picture is cut.
        runs: Where runs of frames begin.
        codec: What fragments are coded with.
        quality: The codec's own value; None for its default.
        workers: Number of parallel encoders; None for one per CPU core.
        gop: Keyframe interval within a fragment; None for one at its beginning only.
        most_frames: Maximum number of frames from the first one; None for all.
    """

    grid: Grid = field(default_factory=lambda: Grid(rows=2, columns=2))
    runs: RunRule = field(default_factory=RunRule)
    codec: FragmentCodec = FragmentCodec.H264
    quality: int | None = None
    workers: int | None = None
    gop: int | None = None
    most_frames: int | None = None

    def frames_of(self, video: Video) -> int:
        """How many frames of the video are split."""
        return len(video) if self.most_frames is None else min(len(video), max(1, self.most_frames))

    @property
    def quality_used(self) -> int:
        """The quality value.

        Raises:
            FragmentError: The codec has no such quality.
        """
        return CODECS[self.codec].quality_used(self.quality)

    @property
    def workers_used(self) -> int:
        """How many encoders work at once."""
        return max(1, self.workers or os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class SplitResult:
    """The result of a split.

    Attributes:
        path: The store.
        manifest: What it holds.
        elapsed_s: Total duration in seconds.
        encode_s: Total seconds used by the encoders.
        workers: Encoders at work at once.
        reused: Fragments reused from an interrupted split.
    """

    path: Path
    manifest: Manifest
    elapsed_s: float
    encode_s: float
    workers: int
    reused: int


class _OpenFragment:
    """One tile's encoder while its run is coming in; batches go through it one after the other."""

    def __init__(
        self, place: tuple[int, int], run: _OpenRun, settings: SplitSettings, shape: FragmentShape
    ) -> None:
        self._place = place
        self._run = run
        self._settings, self._shape = settings, shape
        self._encoder: FragmentEncoder | None = None
        self._last: Future[Fragment | None] | None = None

    def submit(
        self, pool: ThreadPoolExecutor, frames: list[av.VideoFrame], workshop: Workshop | None
    ) -> Future[Fragment | None]:
        """Encode more pictures after those before; ``workshop`` keeps the fragment when they are the last."""
        self._last = pool.submit(self._take, self._last, frames, workshop)
        return self._last

    def _take(
        self, before: Future[Fragment | None] | None, frames: list[av.VideoFrame], workshop: Workshop | None
    ) -> Fragment | None:
        if before is not None:
            # It was submitted earlier, so a thread is already running it: this cannot deadlock.
            before.result()
        settings, form = self._settings, self._run.form
        if self._encoder is None:
            self._encoder = FragmentEncoder(
                settings.codec, settings.quality_used, self._shape, gop=settings.gop
            )
        tile = self._place[1]
        for frame in frames:
            # The encoder's own name of the format: PyAV would convert what is called otherwise.
            cut = cut_tile(frame, form.tiles[tile], form.coded[tile], form.stored_format)
            self._encoder.add(cut)
        if workshop is None:
            return None
        encoder, self._encoder = self._encoder, None
        encoded = encoder.finish()
        self._run.note_time(encoded.encode_s)
        span = (self._run.first_frame, self._run.frame_count)
        return workshop.keep((*self._place, *span), CODECS[settings.codec].suffix, encoded)


class _OpenRun:
    """A run that is coming in."""

    def __init__(self, number: int, first_frame: int, form_place: int, form: PictureForm) -> None:
        self.number, self.first_frame = number, first_frame
        self.form_place, self.form = form_place, form
        self.frame_count = 0
        self.encode_s = 0.0
        self.frames: list[av.VideoFrame] = []
        self.waiting_bytes = 0
        self.known: dict[int, Fragment] = {}
        self.open: dict[int, _OpenFragment] = {}
        self.done: dict[int, Future[Fragment | None]] = {}
        self._lock = Lock()

    def add(self, frame: av.VideoFrame, size_bytes: int) -> None:
        self.frames.append(frame)
        self.frame_count += 1
        self.waiting_bytes += size_bytes

    def note_time(self, seconds: float) -> None:
        with self._lock:
            self.encode_s += seconds

    def finished(self) -> Run:
        fragments = []
        for tile in range(len(self.form.tiles)):
            fragment = self.known.get(tile) or self.done[tile].result()
            if fragment is None or len(fragment.packet_sizes) != self.frame_count:
                raise FragmentError(
                    tr(
                        "Tile {tile} of frames {first} to {last} is incomplete.",
                        tile=tile,
                        first=self.first_frame,
                        last=self.first_frame + self.frame_count - 1,
                    ),
                    hint=tr("Delete the unfinished store and split again."),
                )
            fragments.append(fragment)
        return Run(self.first_frame, self.frame_count, self.form_place, tuple(fragments))


class _Splitter:
    """One split from the first frame to the last. Threads: one, besides its pool's."""

    def __init__(self, video: Video, workshop: Workshop, settings: SplitSettings) -> None:
        self._video = video
        self._workshop = workshop
        self._settings = settings
        self.forms = FormTable(settings.grid, settings.codec, settings.quality_used)
        self._pool = ThreadPoolExecutor(settings.workers_used, thread_name_prefix="fragment")
        self._waiting: deque[tuple[list[Future[Fragment | None]], int]] = deque()
        self._waiting_bytes = 0
        self.open_runs: list[_OpenRun] = []
        self.missing: dict[int, str] = {}

    def take_all(self, starts: list[int], progress: ProgressCallback, cancel: CancelToken) -> None:
        """Encode every run.

        Raises:
            Cancelled: The work was cancelled; finished fragments are kept.
            FragmentError: A fragment cannot be made.
        """
        total = self._settings.frames_of(self._video)
        begins, run = set(starts), None
        try:
            for number, answer in enumerate(self._video.try_frames(range(total))):
                cancel.raise_if_cancelled()
                progress(
                    Progress(
                        number, total, tr("Splitting: frame {number} of {total}", number=number, total=total)
                    )
                )
                run = self._take(number, answer, run, begins_run=number in begins)
            self._end(run)
            while self._waiting:
                cancel.raise_if_cancelled()
                progress(Progress(total - len(self._waiting), total, tr("Finishing the last fragments")))
                self._wait_for_oldest()
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _take(
        self,
        number: int,
        answer: Frame | FrameUnavailableError,
        run: _OpenRun | None,
        *,
        begins_run: bool,
    ) -> _OpenRun | None:
        if not isinstance(answer, Frame):
            self.missing[number] = answer.reason
            self._end(run)
            return None
        frame = frame_of(answer)
        place = self.forms.place_of(frame)
        if run is None or begins_run or place != run.form_place:
            self._end(run)
            run = self._begin(number, place)
        run.add(convert(frame, run.form.stored_format), answer.picture.size_bytes)
        if run.waiting_bytes >= _BATCH_BYTES:
            self._hand_over(run, is_last=False)
        return run

    def _begin(self, first_frame: int, place: int) -> _OpenRun:
        form = self.forms.forms[place]
        run = _OpenRun(len(self.open_runs), first_frame, place, form)
        self.open_runs.append(run)
        for tile, coded in enumerate(form.coded):
            known = self._workshop.finished(first_frame, tile, run.number)
            if known is not None:
                run.known[tile] = known
                continue
            shape = FragmentShape(
                *coded,
                form.stored_format,
                rate=self._video.info.average_rate,
                colorspace=form.colorspace,
                color_range=form.color_range,
            )
            run.open[tile] = _OpenFragment((run.number, tile), run, self._settings, shape)
        return run

    def _end(self, run: _OpenRun | None) -> None:
        if run is not None:
            self._hand_over(run, is_last=True)

    def _hand_over(self, run: _OpenRun, *, is_last: bool) -> None:
        frames, run.frames = run.frames, []
        size, run.waiting_bytes = run.waiting_bytes, 0
        workshop = self._workshop if is_last else None
        futures = [one.submit(self._pool, frames, workshop) for one in run.open.values()]
        if is_last:
            run.done = dict(zip(run.open, futures, strict=True))
        self._waiting.append((futures, size))
        self._waiting_bytes += size
        while self._waiting_bytes > _WAITING_BYTES and len(self._waiting) > 1:
            self._wait_for_oldest()

    def _wait_for_oldest(self) -> None:
        futures, size = self._waiting.popleft()
        self._waiting_bytes -= size
        for future in futures:
            future.result()


def split(  # noqa: PLR0913 - every option is named at the call
    video: Video,
    destination: str | os.PathLike[str],
    settings: SplitSettings | None = None,
    *,
    resume: bool = False,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> SplitResult:
    """Split a video into fragments.

    Args:
        video: The open video; all its frames are read, in order.
        destination: A new folder, or a name ending in ``.zip`` for a single file.
        settings: How; two by two tiles and runs of 30 frames when not given.
        resume: Whether to continue a split that was interrupted.
        progress: Receives the progress.
        cancel: Cancels the work; finished fragments are kept for ``resume``.

    Raises:
        FragmentError: A setting cannot be used, a format cannot be held, or there is something else already.
        DestinationError: The store cannot be written.
        Cancelled: The work was cancelled.
    """
    cancel, settings, destination = cancel or CancelToken(), settings or SplitSettings(), Path(destination)
    started = time.perf_counter()
    quality = settings.quality_used
    source = record_source(video.info, progress=progress, cancel=cancel)
    count = settings.frames_of(video)
    starts = find_runs(video, settings.runs, progress=progress, cancel=cancel)
    known_by = (source.sha256, source.name, source.stream_index, count, starts, settings.codec.value)
    digest = settings_digest((*known_by, quality, settings.gop, *astuple(settings.grid)))
    workshop = Workshop(destination, digest, resume=resume)
    splitter = _Splitter(video, workshop, settings)
    try:
        splitter.take_all(starts, progress, cancel)
    except (FrameScopeError, Cancelled):
        workshop.leave()
        raise
    index = video.index
    manifest = Manifest(
        source=source,
        video=record_video(video.info),
        codec=settings.codec,
        quality=quality,
        grid=settings.grid,
        run_words=settings.runs.words,
        pts=tuple(index.pts_of(number) for number in range(count)),
        forms=tuple(splitter.forms.forms),
        runs=tuple(run.finished() for run in splitter.open_runs),
        missing=splitter.missing,
        extradata=tuple(workshop.extradata),
        made_by=versions(),
    )
    path = workshop.finish(manifest)
    return SplitResult(
        path=path,
        manifest=manifest,
        elapsed_s=time.perf_counter() - started,
        encode_s=sum(run.encode_s for run in splitter.open_runs),
        workers=settings.workers_used,
        reused=workshop.reused,
    )
