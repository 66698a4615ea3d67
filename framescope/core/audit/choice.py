"""Which library to use for what on one file: joins the benchmark with the seek test. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from framescope.core.audit.bench_records import CLIP_LENGTH, BenchTask, EngineBench
from framescope.core.audit.bench_report import level_of
from framescope.core.audit.engines.catalog import ENGINES_BY_NAME
from framescope.core.audit.headline import has_answer
from framescope.core.audit.records import TrialState, VerdictKind
from framescope.core.text import counted, grouped, listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from framescope.core.audit.bench_records import FileBench, LiveTrial, Measure
    from framescope.core.audit.records import EngineTrial, FileAudit

_BROKEN = (TrialState.CRASHED, TrialState.HUNG, TrialState.CANNOT_OPEN, TrialState.OUT_OF_MEMORY)
_LEAD = 1.15
"""From this ratio on, a lead is given as a number."""


class Use(StrEnum):
    """What frames are read for."""

    SEQUENTIAL = "sequential"
    SHUFFLED = "shuffled"
    CLIPS = "clips"
    EXACT = "exact"
    LIVE = "live"
    METADATA = "metadata"


_TITLES: dict[Use, str] = {
    Use.SEQUENTIAL: tr("Reading in sequence"),
    Use.SHUFFLED: tr("Shuffled single frames"),
    Use.EXACT: tr("Exact single frames"),
    Use.LIVE: tr("A live stream"),
    Use.METADATA: tr("Metadata"),
}

_TASKS = {
    Use.SEQUENTIAL: BenchTask.SEQUENTIAL,
    Use.SHUFFLED: BenchTask.SHUFFLED,
    Use.CLIPS: BenchTask.CLIPS,
    Use.EXACT: BenchTask.RANDOM,
    Use.METADATA: BenchTask.OPEN,
}
_SEEKS = (Use.SHUFFLED, Use.CLIPS, Use.EXACT)
_SEEK_TASKS = (BenchTask.RANDOM, BenchTask.SHUFFLED, BenchTask.CLIPS, BenchTask.SCRUB)


@dataclass(frozen=True, slots=True)
class Unfit:
    """A library that must not be used for this, and why.

    Attributes:
        engine: The engine's name.
        title: The library's name for display.
        reason: What it did wrong, with figures.
    """

    engine: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: what to use, what not, and the measured reasons.

    Attributes:
        use: What frames are read for.
        title: The same for display.
        engines: Names of the engines to use: the fastest, and those level with it, with all fit engines of a
            library where they do the same. Empty if none is fit, or nothing was measured.
        titles: The names of the libraries or engines for display, the fastest first.
        reason: Why, with figures; ``not measured`` if nothing was.
        unfit: Those that must not be used.
        is_measured: Whether any engine was measured.
    """

    use: Use
    title: str
    engines: tuple[str, ...]
    titles: tuple[str, ...]
    reason: str
    unfit: tuple[Unfit, ...] = ()
    is_measured: bool = True

    @property
    def task(self) -> BenchTask | None:
        """The task of the benchmark that measures it; None if none does."""
        return _TASKS.get(self.use)

    @property
    def library_words(self) -> str:
        """The libraries to use; a dash if nothing was measured, ``none`` if all are unfit."""
        if not self.is_measured:
            return "–"
        return listed(self.titles, tr("or")) if self.titles else tr("none")


def which_library(bench: FileBench, audit: FileAudit | None = None) -> tuple[Choice, ...]:
    """A row for every use.

    A library is fit for a use if every answer that anything measured was right: the benchmark's, and those of
    the seek test, if there was one. Among the fit ones the fastest is chosen, together with those whose
    rounds overlap with its own.

    Args:
        bench: The benchmark.
        audit: The seek test of the same stream; None if there was none.
    """
    return tuple(_Row(use, bench, audit).choice() for use in Use)


@dataclass(frozen=True, slots=True)
class _Row:
    """One use, and everything that was measured."""

    use: Use
    bench: FileBench
    audit: FileAudit | None

    @property
    def task(self) -> BenchTask | None:
        return _TASKS.get(self.use)

    @property
    def title(self) -> str:
        if self.use is Use.CLIPS:
            # A short file has no clip of the usual length.
            return tr("Shuffled clips of {count}", count=min(CLIP_LENGTH, self.bench.window or CLIP_LENGTH))
        return _TITLES[self.use]

    def choice(self) -> Choice:
        task = self.task
        if self.use is Use.LIVE:
            return _live_choice(self.bench.live)
        if task is None or not any(task in one.measures for one in self.bench.engines):
            return Choice(self.use, self.title, (), (), tr("not measured"), self._broken(), is_measured=False)
        fit, unfit = list[EngineBench](), list[Unfit]()
        for one in self.bench.engines:
            if fault := self._fault(one):
                unfit.append(Unfit(one.engine, self._title_of(one), fault))
            elif task in one.measures and self._answers(one):
                fit.append(one)
        fastest = self._one_each(sorted(fit, key=lambda one: one.measures[task].figure_ms))
        level = level_of(fastest, task)
        titles = tuple(self._title_of(one) for one in level)
        names = tuple(one.engine for title in titles for one in fit if self._title_of(one) == title)
        reason = self._reason(task, fastest, level)
        return Choice(self.use, self.title, names, titles, reason, _merged(unfit, titles))

    def _answers(self, one: EngineBench) -> bool:
        """Whether it gives what is wanted at all."""
        return self.use is not Use.METADATA or one.frame_count_claimed is not None

    def _broken(self) -> tuple[Unfit, ...]:
        """The engines that failed before anything was measured."""
        engines = self.bench.engines
        broken = [(one, _end_words(one)) for one in engines]
        return _merged([Unfit(one.engine, self._title_of(one), words) for one, words in broken if words], ())

    def _title_of(self, one: EngineBench) -> str:
        """The library's name where all its engines do the same, else the engine's."""
        spec = ENGINES_BY_NAME.get(one.engine)
        return one.title if spec is None or self.use in _SEEKS else spec.library

    def _one_each(self, engines: list[EngineBench]) -> list[EngineBench]:
        """The first engine of each library, where they do not differ in what they do."""
        first: dict[str, EngineBench] = {}
        for one in engines:
            first.setdefault(self._title_of(one), one)
        return list(first.values())

    # --- what is wrong with an engine

    def _fault(self, one: EngineBench) -> str:
        """Why an engine must not be used; empty if nothing is known against it."""
        trial = _trial_of(one, self.audit)
        faults: list[Callable[[], str]] = [lambda: _end_words(one)]
        if self.use is Use.METADATA:
            faults.append(lambda: _claim_fault(one, self.bench))
        else:
            faults += [
                lambda: _sequence_fault(one, self.bench),
                lambda: _trial_sequence_fault(trial, self.audit),
            ]
        if self.use is Use.SEQUENTIAL:
            faults.append(lambda: _loop_fault(trial))
        if self.use in _SEEKS:
            # A library whose jumps were wrong once is not trusted because another few were right.
            tasks = dict.fromkeys((_TASKS[self.use], *_SEEK_TASKS))
            faults += [partial(_answer_fault, one, task) for task in tasks]
            faults.append(lambda: _trial_answer_fault(trial))
        return next((words for fault in faults if (words := fault())), "")

    # --- why the chosen one

    def _reason(self, task: BenchTask, fit: list[EngineBench], level: Sequence[EngineBench]) -> str:
        if not fit:
            return self._none_fit_words()
        behind = [one for one in fit if one not in level]
        figures = self._figure_words([one.measures[task] for one in level])
        if len(level) > 1:
            rank = _level_words([one.measures[task] for one in level])
        elif behind:
            rank = _lead_words(fit[0].measures[task], behind[0].measures[task], self._title_of(behind[0]))
        else:
            rank = tr("the only one without errors")
        return ", ".join(filter(None, (figures, rank, self._checked_words(task, fit[0]))))

    def _none_fit_words(self) -> str:
        if self.use is Use.METADATA:
            return tr("no library reports the right number of frames")
        if self.use is Use.SEQUENTIAL:
            return tr("no library reads all frames")
        return tr("no library gave every frame right")

    def _figure_words(self, measures: Sequence[Measure]) -> str:
        if self.use is Use.SEQUENTIAL:
            return tr("{fps} fps", fps=listed([_figures(one.per_second) for one in measures]))
        ms = listed([_figures(one.figure_ms) for one in measures])
        if self.use is Use.METADATA:
            return tr("{ms} ms", ms=ms)
        return tr("{ms} ms a clip", ms=ms) if self.use is Use.CLIPS else tr("{ms} ms a frame", ms=ms)

    def _checked_words(self, task: BenchTask, one: EngineBench) -> str:
        """What was checked, so that a reader knows how far the choice reaches."""
        frames = counted(self.bench.frame_count, "frame", "frames")
        if self.use is Use.METADATA:
            return tr("reports {frames}, as there are", frames=frames)
        trial = _trial_of(one, self.audit)
        if self.use is Use.SEQUENTIAL:
            is_whole = trial is not None and trial.sequence.is_complete
            read = len(trial.sequence) if trial is not None and is_whole else one.frames_read
            return "" if read is None else tr("{read} of {frames} read", read=grouped(read), frames=frames)
        total = len(one.measures[task].samples_ms)
        what = counted(total, "clip", "clips") if self.use is Use.CLIPS else counted(total, "frame", "frames")
        checked = tr("all {what} right", what=what)
        if trial is None or not trial.requests:
            return checked
        asked = counted(len(trial.requests), "request", "requests")
        return tr("{checked}, and all {asked} of the seek test", checked=checked, asked=asked)


# --- a live stream

_PLACES = re.compile(r"\[\d\d:\d\d:\d\d\] \S+:\d+: |\[[a-z]+://[^\]]*\] ")
_LEVEL_MS = 10.0
"""Latencies that differ by less than this, or by less than `_LEAD`, are level: each is from one stream."""


def _live_choice(trials: Sequence[LiveTrial]) -> Choice:
    """The row for a live stream: who received every frame of it, and the soonest of them."""
    unfit = tuple(Unfit(one.engine, one.title, fault) for one in trials if (fault := _live_fault(one)))
    title, faulty = _TITLES[Use.LIVE], {one.engine for one in unfit}
    fit = [one for one in trials if one.right and one.engine not in faulty]
    if not fit and not unfit:
        return Choice(Use.LIVE, title, (), (), _why_no_stream(trials), is_measured=False)
    if not fit:
        return Choice(Use.LIVE, title, (), (), tr("no library received every frame of a stream"), unfit)
    timed = sorted((one for one in fit if one.p50_ms is not None), key=lambda one: one.p50_ms or 0.0)
    if not timed:
        reason = tr("all {frames} right; too few for a latency", frames=_sent_words(fit[0]))
        return Choice(Use.LIVE, title, _names(fit), _live_titles(fit), reason, unfit)
    best = timed[0].p50_ms or 0.0
    level = [one for one in timed if (one.p50_ms or 0.0) <= max(best + _LEVEL_MS, best * _LEAD)]
    behind = [one for one in timed if one not in level]
    if len(level) > 1:
        rank = tr("level within {ms:.0f} ms or 15 %", ms=_LEVEL_MS)
    elif behind:
        ratio = (behind[0].p50_ms or 0.0) / best if best > 0 else 0.0
        rank = tr("{ratio:.1f}× sooner than {title}", ratio=ratio, title=behind[0].title)
    else:
        rank = tr("the only one without errors")
    # The rank names the next one only where a single one leads.
    rest = [one for one in fit if one not in level and (len(level) > 1 or one not in behind[:1])]
    words = [_latency_words(level), rank]
    if rest:
        words.append(tr("before {others}", others=listed([_late_words(one) for one in rest])))
    return Choice(Use.LIVE, title, _names(level), _live_titles(level), ", ".join(words), unfit)


def _late_words(one: LiveTrial) -> str:
    """A library that received every frame, and how late."""
    if one.p50_ms is None:
        return tr("{title} (too few frames for a latency)", title=one.title)
    return tr("{title} ({ms} ms)", title=one.title, ms=grouped(round(one.p50_ms)))


def _names(trials: Sequence[LiveTrial]) -> tuple[str, ...]:
    return tuple(one.engine for one in trials)


def _live_titles(trials: Sequence[LiveTrial]) -> tuple[str, ...]:
    return tuple(one.title for one in trials)


def _sent_words(one: LiveTrial) -> str:
    return counted(one.sent, "frame", "frames")


def _why_no_stream(trials: Sequence[LiveTrial]) -> str:
    reasons = sorted({one.reason for one in trials if one.reason and one.state is TrialState.UNAVAILABLE})
    if reasons:
        return tr("not measured: {reason}", reason=_clause("; ".join(reasons)))
    if any(one.state is TrialState.CANCELLED for one in trials):
        return tr("not measured: cancelled")
    return tr("not measured") if trials else tr("not measured: the benchmark sends a live stream on request")


def _latency_words(level: Sequence[LiveTrial]) -> str:
    return tr(
        "{p50} ms from sending to decoded ({p95} ms in 95 %), first picture after {first} s,"
        " all {frames} right",
        p50=listed([grouped(round(one.p50_ms or 0.0)) for one in level]),
        p95=listed([grouped(round(one.p95_ms or 0.0)) for one in level]),
        first=listed([f"{(one.first_ms or 0.0) / 1000:.1f}" for one in level]),
        frames=_sent_words(level[0]),
    )


def _live_fault(one: LiveTrial) -> str:
    """Why a library must not be used for a live stream; empty if nothing is known against it."""
    if one.state is TrialState.CANNOT_OPEN:
        return tr("cannot read a stream: {reason}", reason=_cause(one.reason))
    if one.state in _BROKEN or (one.state is TrialState.UNAVAILABLE and one.sent):
        return one.reason
    if one.state is not TrialState.DONE:
        return ""
    if one.came_late or not (one.right or one.wrong or one.doubled):
        return tr("gives no picture before the stream has ended")
    frames = _sent_words(one)
    faults = []
    if one.wrong:
        pictures = counted(one.wrong, "wrong picture", "wrong pictures")
        faults.append(tr("shows {pictures}", pictures=pictures))
    if one.dropped:
        faults.append(tr("drops {dropped} of {frames}", dropped=grouped(one.dropped), frames=frames))
    if one.doubled:
        faults.append(tr("shows {doubled} of {frames} again", doubled=grouped(one.doubled), frames=frames))
    return listed(faults)


def _cause(error: str) -> str:
    """What a library says, without the place in its source, the address, and what follows the first line."""
    return _PLACES.sub("", error.partition("\n")[0]).rstrip(". ")


def _merged(unfit: list[Unfit], chosen: Sequence[str]) -> tuple[Unfit, ...]:
    """One entry for each title, and none for a chosen one."""
    first: dict[str, Unfit] = {}
    for one in unfit:
        if one.title not in chosen:
            first.setdefault(one.title, one)
    return tuple(first.values())


def _trial_of(one: EngineBench, audit: FileAudit | None) -> EngineTrial | None:
    trials = () if audit is None else audit.trials
    return next((trial for trial in trials if trial.engine == one.engine and has_answer(trial)), None)


# --- what is wrong with an engine


def _end_words(one: EngineBench) -> str:
    if one.state not in _BROKEN:
        return ""
    if one.state is TrialState.CANNOT_OPEN:
        return tr("cannot open it: {reason}", reason=_cause(one.reason))
    return one.reason


def _claim_fault(one: EngineBench, bench: FileBench) -> str:
    claimed = one.frame_count_claimed
    if claimed is None or claimed == bench.frame_count:
        return ""
    return tr(
        "reports {claimed} where there are {count}",
        claimed=counted(claimed, "frame", "frames"),
        count=grouped(bench.frame_count),
    )


def _sequence_fault(one: EngineBench, bench: FileBench) -> str:
    frames = counted(bench.frame_count, "frame", "frames")
    if one.reads_more:
        return tr("shows more than the {frames} of the file", frames=frames)
    if one.frames_read is not None and one.frames_read < bench.reference:
        return tr("shows only {read} of {frames} in order", read=grouped(one.frames_read), frames=frames)
    return ""


def _trial_sequence_fault(trial: EngineTrial | None, audit: FileAudit | None) -> str:
    """Where its own count is not the file's, even its right answers have wrong numbers."""
    if trial is None or audit is None or audit.facts is None:
        return ""
    count, read = audit.facts.frame_count, len(trial.sequence)
    if trial.verdict.kind is VerdictKind.CANNOT_READ or trial.sequence.rerun_differing:
        return _clause(trial.verdict.sentence)
    if trial.sequence.is_complete and read != count:
        return tr(
            "shows {read} in order where the file has {count}",
            read=counted(read, "frame", "frames"),
            count=grouped(count),
        )
    return ""


def _answer_fault(one: EngineBench, task: BenchTask) -> str:
    measure = one.measures.get(task)
    if measure is None or measure.does_the_same_work:
        return ""
    total = grouped(len(measure.samples_ms))
    wrong, failed = grouped(measure.wrong), grouped(measure.failed)
    words = []
    if task is BenchTask.CLIPS:
        if measure.wrong:
            words.append(tr("wrong frames in {wrong} of {total} clips", wrong=wrong, total=total))
        if measure.failed:
            words.append(tr("frames missing in {failed} of {total} clips", failed=failed, total=total))
        return listed(words)
    if measure.wrong:
        words.append(tr("wrong frame at {wrong} of {total} jumps", wrong=wrong, total=total))
    if measure.failed:
        words.append(tr("no frame at {failed} of {total} jumps", failed=failed, total=total))
    return listed(words)


def _trial_answer_fault(trial: EngineTrial | None) -> str:
    if trial is None or trial.exact_count == len(trial.requests):
        return ""
    total = len(trial.requests)
    return tr(
        "wrong frame or none at {wrong} of {total} jumps of the seek test",
        wrong=grouped(total - trial.exact_count),
        total=grouped(total),
    )


def _loop_fault(trial: EngineTrial | None) -> str:
    if trial is None or not trial.stops_loops:
        return ""
    return tr(
        "a loop that stops at the first failed read loses {frames}",
        frames=counted(trial.sequence.lost_by_stopping, "frame", "frames"),
    )


def _clause(sentence: str) -> str:
    """The first sentence, without its full stop and its capital letter."""
    words = sentence.split(". ", 1)[0].rstrip(".")
    return words[:1].lower() + words[1:]


# --- figures in words


def _level_words(measures: Sequence[Measure]) -> str:
    if min(len(one.rounds_ms) for one in measures) < 2:
        return tr("not ranked, since a single round has no spread")
    return tr("level within the spread of the rounds")


def _lead_words(first: Measure, second: Measure, title: str) -> str:
    ratio = second.figure_ms / first.figure_ms if first.figure_ms > 0 else 0.0
    if ratio < _LEAD:
        return tr("just ahead of {title}", title=title)
    return tr("{ratio:.1f}× faster than {title}", ratio=ratio, title=title)


def _figures(value: float) -> str:
    """With the digits that matter."""
    return grouped(round(value)) if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
