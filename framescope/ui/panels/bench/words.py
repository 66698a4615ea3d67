"""The texts and figures of the benchmark panel: groups of bars, footnotes, tiles. Pure."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from framescope.core.audit.bench_records import BenchTask
from framescope.core.audit.engines.catalog import short_title
from framescope.core.audit.headline import has_answer
from framescope.core.audit.records import TrialState
from framescope.core.text import counted, duration_words, grouped, listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.audit.bench_records import EngineBench, FileBench, Measure
    from framescope.core.audit.choice import Choice
    from framescope.core.audit.records import FileAudit

_REFERENCE = "opencv"
_MOST_REASON = 160
"""Some libraries' error messages are long: they include source locations."""
_OWN = "framescope"
_MIB = 2**20
_ABSENT = (TrialState.NOT_INSTALLED, TrialState.UNAVAILABLE)
_UNDER_WAY = (TrialState.RUNNING, TrialState.WAITING)


class BarState(Enum):
    """What a bar represents."""

    RIGHT = "right"
    OTHER_WORK = tr("other work")
    """Some answers were wrong frames, or none."""
    PENDING = "pending"
    """Not started yet."""
    ENDED = "ended"
    """The engine stopped before this task."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One engine in one group.

    Attributes:
        engine: The engine's name.
        title: The text before the bar.
        value: The bar's length, in the group's unit; NaN if there is none.
        spread: The lowest and highest value of any round, in the same unit.
        text: The value as text, or why there is none.
        ratio: Value divided by OpenCV's; None if there is none.
        state: What the bar represents.
        tip: The tooltip.
    """

    engine: str
    title: str
    value: float
    spread: tuple[float, float]
    text: str
    ratio: float | None
    state: BarState
    tip: str

    @property
    def has_value(self) -> bool:
        """Whether there is a value to draw."""
        return math.isfinite(self.value)

    @property
    def ratio_text(self) -> str:
        """The ratio to a sensible precision; empty if there is none."""
        return "" if self.ratio is None else f"{_figures(self.ratio)}×"

    @property
    def is_own(self) -> bool:
        """Whether this is FrameScope's own engine."""
        return self.engine == _OWN

    @property
    def sentence(self) -> str:
        """The whole row as a sentence, for screen readers."""
        ratio = tr(", {ratio_text} OpenCV’s", ratio_text=self.ratio_text) if self.ratio is not None else ""
        other = tr(", not comparable") if self.state is BarState.OTHER_WORK else ""
        return f"{self.title}: {self.text}{ratio}{other}"


@dataclass(frozen=True, slots=True)
class BarGroup:
    """One measure for all engines.

    Attributes:
        key: Its identifier.
        title: Its name for display.
        unit: Unit of the values, and whether higher or lower is better.
        bars: One for each participating engine.
        notes: Which engines did not do the same work, and in what way.
    """

    key: str
    title: str
    unit: str
    bars: tuple[Bar, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kind:
    key: str
    title: str
    unit: str
    task: BenchTask
    value: Callable[[Measure], float]
    of_ms: Callable[[float], float] = lambda ms: ms
    has_notes: bool = True


def _a_second(milliseconds: float) -> float:
    return 1000 / milliseconds if milliseconds > 0 else math.nan


def _figure(measure: Measure) -> float:
    return measure.figure_ms


_LESS = tr("ms · lower is better")
_KINDS = (
    _Kind("random", tr("A random frame, median"), _LESS, BenchTask.RANDOM, _figure),
    _Kind(
        "random95",
        tr("A random frame, 95 % within"),
        _LESS,
        BenchTask.RANDOM,
        lambda m: m.p95_ms,
        has_notes=False,
    ),
    _Kind("scrub", tr("Scrub +3 −1, mean step"), _LESS, BenchTask.SCRUB, _figure),
    _Kind("shuffled", tr("Shuffled frames, mean"), _LESS, BenchTask.SHUFFLED, _figure),
    _Kind("clips", tr("Shuffled clips, mean of a clip"), _LESS, BenchTask.CLIPS, _figure),
    _Kind(
        "sequential",
        tr("Read in order"),
        tr("fps · higher is better"),
        BenchTask.SEQUENTIAL,
        lambda m: m.per_second,
        _a_second,
    ),
    _Kind("open", tr("Open and index"), _LESS, BenchTask.OPEN, _figure),
)


def bar_groups(bench: FileBench) -> tuple[BarGroup, ...]:
    """All measures, in the order of the panel; memory last. Empty until there is a figure."""
    if not any(one.measures for one in bench.engines):
        return ()
    taking_part = [one for one in bench.engines if one.state not in _ABSENT]
    groups = [_group(taking_part, kind) for kind in _KINDS]
    memory = tuple(_memory_bar(one, taking_part) for one in taking_part)
    return (*groups, BarGroup("memory", tr("Peak memory"), tr("MiB · lower is better"), memory))


def _group(engines: list[EngineBench], kind: _Kind) -> BarGroup:
    reference = math.nan
    for one in engines:
        if one.engine == _REFERENCE and kind.task in one.measures:
            reference = kind.value(one.measures[kind.task])
    bars = tuple(_bar(one, kind, reference) for one in engines)
    faulty = [(one, one.measures[kind.task]) for one in engines if kind.task in one.measures]
    notes = [_note(one, measure) for one, measure in faulty if not measure.does_the_same_work]
    return BarGroup(kind.key, kind.title, kind.unit, bars, tuple(notes) if kind.has_notes else ())


def _bar(one: EngineBench, kind: _Kind, reference: float) -> Bar:
    measure = one.measures.get(kind.task)
    if measure is None:
        return _empty_bar(one)
    value = kind.value(measure)
    # The spread is of medians or means per round; a 95th percentile has none.
    ends = (value, value) if kind.key == "random95" else tuple(kind.of_ms(ms) for ms in measure.spread_ms)
    ratio = value / reference if reference > 0 and math.isfinite(value) else None
    state = BarState.RIGHT if measure.does_the_same_work else BarState.OTHER_WORK
    spread = (min(ends), max(ends))
    return Bar(one.engine, short_title(one), value, spread, _figures(value), ratio, state, _tip(one, measure))


def _memory_bar(one: EngineBench, engines: list[EngineBench]) -> Bar:
    value = one.peak_memory_bytes / _MIB
    if not one.measures or not value:
        return _empty_bar(one)
    reference = next((e.peak_memory_bytes / _MIB for e in engines if e.engine == _REFERENCE), 0.0)
    tip = tr("{title} {version}: peak memory of its process", title=one.title, version=one.version)
    ratio = value / reference if reference else None
    return Bar(
        one.engine, short_title(one), value, (value, value), _figures(value), ratio, BarState.RIGHT, tip
    )


def _empty_bar(one: EngineBench) -> Bar:
    is_pending = one.state in _UNDER_WAY
    is_quiet = one.state in (TrialState.DONE, TrialState.CANCELLED)
    text = "…" if is_pending else "–" if is_quiet else one.state.value
    state = BarState.PENDING if is_pending else BarState.ENDED
    reason = tr("not measured") if is_quiet else one.reason
    tip = tr("Waiting for its turn") if is_pending else f"{one.title}: {reason}"
    return Bar(one.engine, short_title(one), math.nan, (math.nan, math.nan), text, None, state, tip)


def _tip(one: EngineBench, measure: Measure) -> str:
    least, most = measure.spread_ms
    article = "an" if measure.unit == "opening" else "a"
    lines = [
        f"{one.title} {one.version}, {one.runs_on}, ms {article} {measure.unit}",
        tr(
            "mean {mean}, median {median}, 95 % within {p95}",
            mean=_figures(measure.mean_ms),
            median=_figures(measure.median_ms),
            p95=_figures(measure.p95_ms),
        ),
        tr(
            "{samples}; rounds between {least} and {most}",
            samples=counted(len(measure.samples_ms), "sample", "samples"),
            least=_figures(least),
            most=_figures(most),
        ),
    ]
    if not measure.does_the_same_work:
        lines.append(tr("Not comparable: {faults}", faults=_faults(measure)))
    return "\n".join(lines)


def _note(one: EngineBench, measure: Measure) -> str:
    return tr(
        "≠ {short_title}: not comparable, {faults}", short_title=short_title(one), faults=_faults(measure)
    )


def _faults(measure: Measure) -> str:
    count = grouped(len(measure.samples_ms))
    said = (
        [tr("{wrong} of {count} wrong", wrong=grouped(measure.wrong), count=count)] if measure.wrong else []
    )
    said += (
        [tr("{failed} of {count} failed", failed=grouped(measure.failed), count=count)]
        if measure.failed
        else []
    )
    return listed(said)


def _figures(value: float) -> str:
    """A value to a sensible precision."""
    if not math.isfinite(value):
        return "–"
    if value >= 1000:
        return grouped(round(value))
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def tiles(bench: FileBench) -> tuple[tuple[str, str], ...]:
    """FrameScope's own figures: ms per random frame, ms per scrub step, sequential fps, MiB."""
    by_key = {group.key: group for group in bar_groups(bench)}
    found = []
    for key in ("random", "scrub", "sequential", "memory"):
        own = [bar for bar in by_key[key].bars if bar.is_own and bar.has_value] if key in by_key else []
        found.append((own[0].text, own[0].sentence) if own else ("–", tr("Not measured")))
    return tuple(found)


def how_measured(bench: FileBench) -> str:
    """How the figures were measured."""
    rounds = counted(bench.rounds, "round", "rounds")
    stopped = any(one.state is TrialState.CANCELLED for one in bench.engines)
    within = ""
    if 0 < bench.window < bench.frame_count:
        within = tr(
            " Within the first {window} of {frames}.",
            window=grouped(bench.window),
            frames=counted(bench.frame_count, "frame", "frames"),
        )
    return tr(
        "{stopped}{rounds} per engine, interleaved, in {duration}.{within} {decoded}{reference}",
        stopped=tr("Stopped early. ") if stopped else "",
        rounds=rounds,
        duration=duration_words(bench.elapsed_s),
        within=within,
        reference=_reference_words(bench),
        decoded=_decoded_words(bench),
    )


def _decoded_words(bench: FileBench) -> str:
    """On what the figures were decoded."""
    names = [short_title(one) for one in bench.engines if one.runs_on == "GPU" and one.measures]
    if not names:
        return tr("All decoded on the CPU.")
    return tr("Decoded on the CPU, except {names}: on the GPU.", names=listed(names))


def _reference_words(bench: FileBench) -> str:
    reference = next((one for one in bench.engines if one.engine == _REFERENCE), None)
    if reference is None or not reference.measures:
        return ""
    doubt = "" if reference.is_exact else tr(", which itself returned wrong frames here")
    return tr(" × is relative to OpenCV by frame number{doubt}.", doubt=doubt)


LEGEND = tr(
    "Every answer is checked against the library’s own sequential decode. Hatched: not comparable, because"
    " some answers were wrong frames. The thin line is the spread of the rounds. Random frames are read"
    " without a cache, scrubbed and shuffled ones with a cache."
)


def unfit_lines(choice: Choice) -> tuple[str, ...]:
    """A line for each reason not to use a library; those with the same reason share one."""
    names: dict[str, list[str]] = {}
    for one in choice.unfit:
        reason = textwrap.shorten(one.reason, _MOST_REASON, placeholder=" …")
        names.setdefault(reason, []).append(one.title)
    return tuple(
        tr("Not {libraries}: {reason}", libraries=listed(titles), reason=reason)
        for reason, titles in names.items()
    )


def choice_basis(audit: FileAudit | None) -> str:
    """What the table of libraries is based on."""
    tested = [] if audit is None else [trial for trial in audit.trials if has_answer(trial)]
    if not tested:
        return tr(
            "Based on this benchmark alone. The Seek truth panel tests more frames; its answers are added."
        )
    return tr(
        "Based on this benchmark and on the seek test of {engines}.",
        engines=counted(len(tested), "engine", "engines"),
    )


def absences(bench: FileBench) -> tuple[str, ...]:
    """A line for each library without figures or that stopped early; identical ones are merged."""
    names: dict[str, list[str]] = {}
    for one in bench.engines:
        if one.reason and one.state is not TrialState.CANCELLED:
            reason = textwrap.shorten(one.reason, _MOST_REASON, placeholder=" …")
            names.setdefault(reason, []).append(short_title(one))
    return tuple(f"{', '.join(titles)}: {reason}" for reason, titles in names.items())
