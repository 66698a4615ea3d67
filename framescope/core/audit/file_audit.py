"""Audits one file: plans the trials, runs them, and judges each engine's frames and colours."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.audit.advice import FileCosts, measure_costs
from framescope.core.audit.causes import find_causes
from framescope.core.audit.child_process import Limits
from framescope.core.audit.engines.catalog import EngineSpec, find_engines
from framescope.core.audit.engines.protocol import Ask, Target
from framescope.core.audit.messages import look_of
from framescope.core.audit.records import EngineTrial, FileAudit, FileFacts, TrialState
from framescope.core.audit.remux import REMUX_MAY_FIX, remux_fixes
from framescope.core.audit.requests import (
    ORDERS,
    Order,
    RequestKind,
    RequestSet,
    parse_requests,
    put_in_order,
    thin_out,
)
from framescope.core.audit.trial import TrialPlan, run_trial
from framescope.core.audit.verdict import (
    PictureCheck,
    looks_suspicious,
    repeated_runs,
    repeats_end,
    with_verdict,
)
from framescope.core.errors import DecodeError, FrameScopeError, FrameUnavailableError
from framescope.core.media.arrivals import refuse_without_end
from framescope.core.media.facts.opencv_probe import probe_opencv
from framescope.core.media.gops import gop_table
from framescope.core.media.picture.color_names import UNSPECIFIED, color_words
from framescope.core.media.picture.picture import AvPicture
from framescope.core.media.remote_file import as_local_file
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.source.opening import open_video
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_DIFFERENT, _SAME = 2.0, 1.2
"""Mean difference, in levels of 255, from which colours count as different, and up to which as equal."""
_MATRICES = {"BT.601": 5, "BT.709": 1}
"""By swscale's number."""


def color_remark(look: NDArray[np.float64], first: Frame, info: VideoInfo) -> str:
    """A sentence on how a library's colours differ from FrameScope's; empty if they do not.

    Empty if no other matrix explains the difference: it may be a different picture.

    Args:
        look: `look_of` of the library's first picture, in R, G and B.
        first: The video's first frame.
        info: The video's declared facts.
    """
    picture = first.picture
    if not isinstance(picture, AvPicture) or info.rotation or info.mirrored:
        return ""
    difference = _difference(look, look_of(picture.to_rgb()))
    if difference is None or difference < _DIFFERENT:
        return ""
    for name, matrix in _MATRICES.items():
        rgb = picture.av_frame.reformat(
            format="rgb24", src_colorspace=matrix, dst_colorspace=matrix, threads=1
        )
        other = _difference(look, look_of(rgb.to_ndarray()))
        if other is not None and other <= _SAME:
            own = color_words(info.color.matrix_used).partition(" (")[0]
            why = (
                tr(
                    "The file declares no colour matrix: it takes {name}, FrameScope {own} as players do at"
                    " this"
                    " size",
                    name=name,
                    own=own,
                )
                if info.color.matrix == UNSPECIFIED
                else tr("It takes {name} although the file declares {own}", name=name, own=own)
            )
            return tr(
                " {why}, so its colours are off by {difference:.0f} of 255 levels on average.",
                why=why,
                difference=difference,
            )
    return ""


def _difference(one: NDArray[np.float64], other: NDArray[np.float64] | None) -> float | None:
    if other is None or one.shape != other.shape:
        return None
    return float(np.abs(one - other).mean())


DEFAULT_SEED = 20260
QUICK_SEQUENCE_S, QUICK_SEEK_S = 2.5, 2.5
"""Maximum seconds for one engine's sequential pass and requests in a quick trial."""
_ORDER_OF_ROUNDS = (Order.SHUFFLED, Order.FORWARD, Order.BACKWARD, Order.END_THEN_BACK)
"""The shuffled round comes first: if time runs out, every part of the file has still been tried."""
_END_REQUESTS = 12
"""Requests after the end of the file: each costs a second seek to the end."""
_PICTURES_LOOKED_AT = 5
_CLEAR = 16
"""Levels of 255 by which two pictures differ somewhere, whatever a conversion of colours rounds."""

AuditCallback = Callable[[FileAudit], None]


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """Settings of an audit.

    Attributes:
        engines: Names of engines; empty for all.
        requests: The frames to request.
        orders: The orders of requests.
        seed: Seed of the random choices and orders.
        limits: Limits of time and memory for each library.
        sequence_s: Seconds that each sequential pass may take; None for no limit.
        seek_s: Seconds that each engine's requests may take; None for no limit.
        jobs: Engines tested in parallel. More than one is faster but makes latencies less meaningful.
        catalogue: The engines to choose from; None for all that there are.
    """

    engines: tuple[str, ...] = ()
    requests: RequestSet = field(default_factory=RequestSet)
    orders: tuple[Order, ...] = ORDERS
    seed: int = DEFAULT_SEED
    limits: Limits = field(default_factory=Limits)
    sequence_s: float | None = QUICK_SEQUENCE_S
    seek_s: float | None = QUICK_SEEK_S
    jobs: int = 2
    catalogue: tuple[EngineSpec, ...] | None = None

    @classmethod
    def of(cls, requests: RequestSet, **others: Any) -> AuditSettings:  # noqa: ANN401 - its fields
        """Settings for these frames: a quick trial has a time limit, others have none."""
        if requests.kind is RequestKind.QUICK:
            return replace(cls(requests=requests), **others)
        return replace(cls(requests=requests, sequence_s=None, seek_s=None, jobs=1), **others)

    @property
    def is_quick(self) -> bool:
        """Whether the time is limited."""
        return self.sequence_s is not None or self.seek_s is not None

    def specs(self) -> tuple[EngineSpec, ...]:
        """The engines to test.

        Raises:
            SettingsError: A name is unknown.
        """
        return find_engines(self.engines) if self.catalogue is None else self.catalogue


def audit(  # noqa: PLR0913 - every option is named at the call
    source: str | os.PathLike[str],
    *,
    requests: str | RequestSet = "quick",
    engines: Iterable[str] = (),
    orders: Iterable[Order | str] = ORDERS,
    seed: int = DEFAULT_SEED,
    stream_index: int | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> FileAudit:
    """Test whether each library returns the requested frame of this file.

    Args:
        source: A path, or an address that FFmpeg can read.
        requests: ``"quick"`` (a few seconds an engine), ``"all"``, a number such as ``"60"``, a range such as
            ``"100:200"``, ``"random:50"``, or a `RequestSet`.
        engines: Names such as ``"opencv"``; none for all. Missing ones are reported in their row.
        orders: Orders of requests.
        seed: Seed of random choices and orders.
        stream_index: The stream to take, counted over all streams; None to choose automatically.
        progress: Receives the progress.
        cancel: Cancels the work; partial results are kept.

    Raises:
        SettingsError: An engine, an order or the frame selection is invalid.
    """
    chosen = parse_requests(requests) if isinstance(requests, str) else requests
    settings = AuditSettings.of(
        chosen, engines=tuple(engines), orders=tuple(Order(order) for order in orders), seed=seed
    )
    return run_audit(source, settings, stream_index=stream_index, progress=progress, cancel=cancel)


def run_audit(  # noqa: PLR0913 - every option is named at the call
    source: str | os.PathLike[str],
    settings: AuditSettings,
    *,
    stream_index: int | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_update: AuditCallback = lambda _audit: None,
) -> FileAudit:
    """`audit` with all its settings; a file that cannot be opened is a result, too. Threads: any.

    Args:
        source: A path or an address.
        settings: What to test.
        stream_index: The stream to test.
        progress: Receives the progress, all engines together.
        cancel: Cancels the work; partial results are kept.
        on_update: Receives the partial audit, including verdicts, a few times per second. Called from the
            threads that monitor the engines, one at a time.

    Raises:
        SettingsError: An engine's name is unknown.
    """
    cancel = cancel or CancelToken()
    began = time.monotonic()
    specs = settings.specs()
    try:
        video = open_video(
            source,
            stream_index=stream_index,
            cache_bytes=1,
            frames_wanted=1,
            progress=progress,
            cancel=cancel,
        )
        refuse_without_end(video.info.source)
    except FrameScopeError as error:
        words = error.in_full
        return FileAudit(str(source), None, None, (), is_quick=settings.is_quick, error=words, fault=error)
    with video, ExitStack() as stack:
        if len(video) and not settings.requests.choose(len(video), video.index.keyframes, settings.seed):
            words = tr(
                "None of the requested frames is in the video: it has {count}, counted from 0.",
                count=len(video),
            )
            return FileAudit(str(source), video.info, None, (), is_quick=settings.is_quick, error=words)
        try:
            tested = stack.enter_context(as_local_file(video.info.source, cancel))
        except FrameScopeError as error:
            words, info = error.in_full, video.info
            return FileAudit(
                str(source), info, None, (), is_quick=settings.is_quick, error=words, fault=error
            )
        work = _Work(video, tested, settings, specs, cancel, began, progress, on_update)
        return work.run()


class _Work:
    """One running audit."""

    def __init__(  # noqa: PLR0913, PLR0917 - made in one place
        self,
        video: Video,
        tested: str,
        settings: AuditSettings,
        specs: Sequence[EngineSpec],
        cancel: CancelToken,
        began: float,
        progress: ProgressCallback,
        on_update: AuditCallback,
    ) -> None:
        self._video = video
        self._tested = tested
        self._settings = settings
        self._specs = specs
        self._cancel = cancel
        self._began = began
        self._progress = progress
        self._on_update = on_update
        self._lock = threading.Lock()
        opencv = probe_opencv(tested)
        index = video.index
        causes = find_causes(video.info, index, opencv)
        self._costs: FileCosts = measure_costs(index, causes)
        self._facts = FileFacts(
            frame_count=len(index),
            keyframes=index.keyframes,
            decode_costs=gop_table(index).decode_costs,
            times_s=index.times_s,
            causes=causes,
            opencv=opencv,
            stream=_stream_words(video.info),
        )
        self._numbers = settings.requests.choose(len(index), index.keyframes, settings.seed)
        self._plan = self._make_plan()
        self._shares: dict[str, Progress] = {}
        self._trials = {spec.name: _waiting(spec) for spec in specs}
        self._picture_check: PictureCheck | None = None

    def _make_plan(self) -> TrialPlan:
        info, index, settings = self._video.info, self._video.index, self._settings
        rounds = []
        for order in _ORDER_OF_ROUNDS:
            if order not in settings.orders:
                continue
            numbers = put_in_order(self._numbers, order, settings.seed)
            if order is Order.END_THEN_BACK:
                numbers = thin_out(numbers, _END_REQUESTS)
            rounds.append((order, tuple(self._ask(number) for number in numbers)))
        first_pts = index.pts_of(0)
        return TrialPlan(
            target=Target(self._tested, info.stream_index, index.time_base, index.single_thread),
            rounds=tuple(rounds),
            frame_count=len(index),
            times_s=index.times_s,
            first_s=math.nan if first_pts is None else float(first_pts * index.time_base),
            sequence_s=settings.sequence_s,
            seek_s=settings.seek_s,
        )

    def _ask(self, number: int) -> Ask:
        time_s = self._video.index.time_of(number)
        return Ask(number, self._video.index.pts_of(number), None if math.isnan(time_s) else time_s)

    def run(self) -> FileAudit:
        """Run all trials."""
        with ThreadPoolExecutor(max(1, self._settings.jobs), "audit") as pool:
            for finished in [pool.submit(self._try, spec) for spec in self._specs]:
                finished.result()
        return self._snapshot()

    def _try(self, spec: EngineSpec) -> None:
        if self._cancel.is_cancelled:
            trial = replace(_waiting(spec), state=TrialState.CANCELLED, reason="cancelled")
        else:
            trial = run_trial(
                spec,
                self._plan,
                limits=self._settings.limits,
                progress=lambda progress: self._report(spec, progress),
                cancel=self._cancel,
                on_update=self._take,
            )
        self._take(trial)
        each = self._plan.frame_count + self._plan.asks
        text = f"{spec.title}: {self._trials[spec.name].verdict_text}"
        self._report(spec, Progress(each, each, text))

    def _take(self, trial: EngineTrial) -> None:
        with self._lock:
            check = self._look(trial) if looks_suspicious(trial) else None
            colors = self._color_words(trial)
            if self._could_be_remuxed(trial):
                self._costs = replace(self._costs, remux_fixes=remux_fixes(self._video, self._cancel))
            self._trials[trial.engine] = with_verdict(trial, self._facts, self._costs, check, colors)
            self._on_update(self._snapshot())

    def _report(self, spec: EngineSpec, progress: Progress) -> None:
        with self._lock:
            self._shares[spec.name] = progress
            each = self._plan.frame_count + self._plan.asks
            going_on = (TrialState.WAITING, TrialState.RUNNING)
            ready = sum(trial.state not in going_on for trial in self._trials.values())
            done = sum(min(share.done, each) for share in self._shares.values())
            text = tr(
                "{text} ({ready} of {engines} done)",
                text=progress.text,
                ready=ready,
                engines=counted(len(self._specs), "engine", "engines"),
            )
            self._progress(Progress(done, each * len(self._specs), text))

    def _could_be_remuxed(self, trial: EngineTrial) -> bool:
        """Whether remuxing is worth testing: once, if an engine reads the file but seeks wrongly."""
        is_wrong = trial.exact_count < len(trial.requests)
        is_open = self._costs.remux_fixes is None and bool(self._costs.causes & REMUX_MAY_FIX)
        return is_open and is_wrong and trial.state is TrialState.DONE

    def _color_words(self, trial: EngineTrial) -> str:
        """How the library's colours differ from FrameScope's, once its trial is over."""
        look = trial.sequence.look
        if look is None or trial.state is not TrialState.DONE:
            return ""
        try:
            return color_remark(look, self._video.frame(0), self._video.info)
        except DecodeError:
            return ""

    def _look(self, trial: EngineTrial) -> PictureCheck:
        """Features of the true pictures, computed only if in doubt."""
        check = replace(self._look_around(), repeated=self._invented(trial))
        if not repeats_end(trial):
            return check
        total = len(self._video)
        first, last = (self._pixels(max(0, total - run)) for run in (trial.sequence.tail_run, 1))
        return replace(check, end_moves=first is not None and last is not None and first != last)

    def _invented(self, trial: EngineTrial) -> tuple[int, int] | None:
        """The first frames that an engine shows as one picture although the true ones clearly differ.

        Up to the first such run, its frames have the numbers that they have in the file.
        """
        runs = [run for run in repeated_runs(trial) if run[1] < len(self._video)]
        return next((run for run in runs if self._differs(*run)), None)

    def _differs(self, first: int, last: int) -> bool:
        try:
            one, other = (self._video.frame(number).to_rgb().astype(np.int16) for number in (first, last))
        except FrameUnavailableError:
            return False
        return one.shape == other.shape and int(np.abs(one - other).max(initial=0)) >= _CLEAR

    def _pixels(self, number: int) -> bytes | None:
        try:
            planes = self._video.frame(number).planes()
        except FrameUnavailableError:
            return None
        return b"".join(plane.tobytes() for plane in planes)

    def _look_around(self) -> PictureCheck:
        if self._picture_check is None:
            seen, flat = set(), True
            for number in thin_out(range(len(self._video)), _PICTURES_LOOKED_AT):
                try:
                    planes = self._video.frame(number).planes()
                except FrameUnavailableError:
                    continue
                seen.add(b"".join(plane.tobytes() for plane in planes))
                flat = flat and all((plane == plane.flat[0]).all() for plane in planes)
            self._picture_check = PictureCheck(len(seen) > 1, flat) if seen else PictureCheck()
        return self._picture_check

    def _snapshot(self) -> FileAudit:
        return FileAudit(
            source=self._video.info.source,
            info=self._video.info,
            facts=self._facts,
            trials=tuple(self._trials[spec.name] for spec in self._specs),
            asked=len(self._numbers),
            seed=self._settings.seed,
            is_quick=self._settings.is_quick,
            coverage=self._coverage(),
            elapsed_s=time.monotonic() - self._began,
        )

    def _coverage(self) -> str:
        total, asked = len(self._video), len(self._numbers)
        orders = len(self._plan.rounds)
        in_orders = counted(orders, "order", "orders")
        words = tr(
            "{asked} of {frames} chosen, in {in_orders}, each requested twice",
            asked=grouped(asked),
            frames=counted(total, "frame", "frames"),
            in_orders=in_orders,
        )
        if not self._settings.is_quick:
            return f"{words}."
        tried = [trial for trial in self._trials.values() if trial.requests]
        fewest = min((len({one.frame_number for one in trial.requests}) for trial in tried), default=0)
        shortest = min((len(trial.sequence) for trial in tried), default=0)
        rest = ""
        if tried and fewest < asked:
            rest += tr("; every engine was tested with at least {fewest} of them", fewest=fewest)
        if tried and shortest < total:
            first = counted(shortest, "frame", "frames")
            rest += tr(
                "; only the first {first} could be checked with every engine in the time available",
                first=first,
            )
        return tr("Quick trial: {words}{rest}.", words=words, rest=rest)


def _stream_words(info: VideoInfo) -> str:
    rate = (
        tr(", {average_rate:.6g} fps declared", average_rate=float(info.average_rate))
        if info.average_rate
        else ""
    )
    return f"{info.codec_meaning}, {info.width} × {info.height}{rate}; {info.container_meaning}"


def _waiting(spec: EngineSpec) -> EngineTrial:
    return EngineTrial(
        spec.name, spec.title, spec.call, spec.version, TrialState.WAITING, is_plain=spec.is_plain
    )
