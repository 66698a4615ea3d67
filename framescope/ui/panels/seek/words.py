"""The texts and colours of the seek-truth panel."""

from __future__ import annotations

import math
from enum import IntEnum
from typing import TYPE_CHECKING

from framescope.core.audit.engines.catalog import short_title
from framescope.core.audit.headline import has_answer
from framescope.core.audit.headline import headline as audit_headline
from framescope.core.audit.records import Outcome, TrialState, VerdictKind
from framescope.core.text import grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from framescope.core.audit.records import EngineTrial, FileAudit, RequestResult
    from framescope.ui.widgets.theme import Tokens


class Level(IntEnum):
    """How bad an answer is; where several share a pixel, the worst is shown."""

    EXACT = 0
    AMBIGUOUS = 1
    FAILED = 2
    WRONG = 3


class Tone(IntEnum):
    """How good a verdict is."""

    NONE = 0
    BUSY = 1
    THIN = 2
    """No errors, but too few requests to be sure."""
    GOOD = 3
    ODD = 4
    BAD = 5


_GLYPHS = {Tone.NONE: "–", Tone.BUSY: "…", Tone.THIN: "?", Tone.GOOD: "✓", Tone.ODD: "±", Tone.BAD: "✕"}
_LEVELS = {
    Outcome.EXACT: Level.EXACT,
    Outcome.ENDED: Level.EXACT,
    Outcome.AMBIGUOUS: Level.AMBIGUOUS,
    Outcome.FAILED: Level.FAILED,
}
_UNDER_WAY = (TrialState.WAITING, TrialState.RUNNING)
_ODD = (VerdictKind.OFF_BY_CONSTANT, VerdictKind.LANDS_ON_KEYFRAMES)
_MOST_CANDIDATES = 4


def level_of(one: RequestResult) -> Level:
    """How bad an answer is. A request answered inconsistently counts as wrong."""
    return Level.WRONG if one.repeat_differs else _LEVELS.get(one.outcome, Level.WRONG)


def level_color(tokens: Tokens, level: Level) -> QColor:
    """The colour of an answer on lanes and plots."""
    colors = {
        Level.EXACT: tokens.success,
        Level.AMBIGUOUS: tokens.warning,
        Level.FAILED: tokens.text_faint,
        Level.WRONG: tokens.error,
    }
    return colors[level]


def tone_of(trial: EngineTrial) -> Tone:
    """How good the verdict on an engine is."""
    if trial.state in _UNDER_WAY:
        return Tone.BUSY
    kind = trial.verdict.kind
    if kind is VerdictKind.NOT_TRIED:
        return Tone.NONE
    if kind is VerdictKind.TRUSTWORTHY:
        if few_asked(trial):
            return Tone.THIN
        return Tone.ODD if trial.stops_loops else Tone.GOOD
    return Tone.ODD if kind in _ODD else Tone.BAD


def few_asked(trial: EngineTrial) -> int:
    """How many frames were requested, if too few to trust the verdict; 0 otherwise."""
    return trial.frames_asked if trial.has_few_answers else 0


def tone_color(tokens: Tokens, tone: Tone) -> QColor:
    """The colour of a verdict."""
    colors = {
        Tone.NONE: tokens.text_faint,
        Tone.BUSY: tokens.accent,
        Tone.THIN: tokens.text_muted,
        Tone.GOOD: tokens.success,
        Tone.ODD: tokens.warning,
        Tone.BAD: tokens.error,
    }
    return colors[tone]


def tone_glyph(tone: Tone) -> str:
    """A symbol for a verdict, for colour-blind users."""
    return _GLYPHS[tone]


def signed(number: int) -> str:
    """``+3``, ``−2`` or ``0``."""
    if not number:
        return "0"
    return f"{'+' if number > 0 else '−'}{grouped(abs(number))}"


def percent(share: float) -> str:
    """A fraction as a percentage; never rounded to 100 % or 0 %."""
    if math.isnan(share):
        return "–"
    if 0 < share < 0.01:
        return "<1 %"
    return f"{math.floor(share * 100)} %"


def milliseconds(value: float) -> str:
    """A latency to about three digits."""
    if math.isnan(value):
        return "–"
    if value >= 1000:
        return f"{value / 1000:.1f} s"
    return f"{value:.0f} ms" if value >= 10 else f"{value:.1f} ms"


def frames_a_second(value: float) -> str:
    """A speed in whole frames per second."""
    return "–" if math.isnan(value) else grouped(round(value))


def verdict_words(trial: EngineTrial) -> str:
    """The verdict in a word or two, or the current state if there is none yet."""
    if trial.state in _UNDER_WAY:
        return trial.state.value
    if trial.state is TrialState.NOT_INSTALLED:
        return trial.state.value
    return trial.verdict_text


def request_words(one: RequestResult) -> str:
    """One request and its answer in one line."""
    return tr(
        "Frame {frame_number}: {outcome}", frame_number=grouped(one.frame_number), outcome=outcome_words(one)
    )


def outcome_words(one: RequestResult) -> str:
    """What was returned."""
    words = _answer_words(one)
    return (
        tr("{words}; a repeated request returned a different picture", words=words)
        if one.repeat_differs
        else words
    )


def _answer_words(one: RequestResult) -> str:
    if one.outcome is Outcome.AMBIGUOUS:
        shared = ", ".join(grouped(number) for number in one.candidates[:_MOST_CANDIDATES])
        more = " …" if len(one.candidates) > _MOST_CANDIDATES else ""
        return tr("correct, but frames {shared}{more} share this picture", shared=shared, more=more)
    if one.outcome is Outcome.SHIFTED and one.landed is not None:
        return tr(
            "returned frame {landed} ({signed})",
            landed=grouped(one.landed),
            signed=signed(one.landed - one.frame_number),
        )
    if one.outcome is Outcome.FOREIGN:
        return tr("a picture that never occurs in sequential decoding")
    if one.outcome is Outcome.FAILED:
        return tr("nothing came{error}", error=": " + one.error if one.error else "")
    return one.outcome.value


def under_way(audit: FileAudit | None) -> str:
    """The state of a running check; empty before the frames are indexed."""
    if audit is None:
        return tr("Indexing the frames of the file…")
    if not any(trial.requests for trial in audit.trials):
        return tr("Reading the file in order…")
    return tr("Requesting frames from each engine…")


def progress_words(audit: FileAudit | None) -> str:
    """Which engines are running, and how many have finished; one line for the progress bar."""
    if audit is None or not any(trial.state in _UNDER_WAY for trial in audit.trials):
        # Results of an earlier check do not describe this one.
        return under_way(None)
    trials = [trial for trial in audit.trials if trial.version is not None]
    ended = sum(trial.state not in _UNDER_WAY for trial in trials)
    now = [trial for trial in trials if trial.state is TrialState.RUNNING]
    reading = [short_title(trial) for trial in now if not trial.requests]
    asked = [short_title(trial) for trial in now if trial.requests]
    words = [tr("{ended} of {count} done", ended=ended, count=len(trials))]
    words += [tr("read in order: {reading}", reading=", ".join(reading))] if reading else []
    words += [tr("asked: {asked}", asked=", ".join(asked))] if asked else []
    return " · ".join(words)


def headline(audit: FileAudit) -> tuple[str, Tone]:
    """The audit's conclusion about the file in one sentence, and how good it is."""
    words = audit_headline(audit)
    tones = [tone_of(trial) for trial in audit.trials if has_answer(trial)]
    if audit.error or any(tone > Tone.GOOD for tone in tones):
        return words, Tone.BAD
    return words, min(tones, default=Tone.NONE)
