"""Sums up an audit in one sentence, for window, report and command line. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.audit.records import TrialState, VerdictKind

if TYPE_CHECKING:
    from framescope.core.audit.records import EngineTrial, FileAudit

_NO_WAY = (VerdictKind.CANNOT_READ, VerdictKind.CANNOT_SEEK)


def headline(audit: FileAudit) -> str:
    """How many of the engines return the requested frames."""
    if audit.error:
        return audit.error
    tried = [trial for trial in audit.trials if has_answer(trial)]
    if not tried:
        return "No engine has answered yet."
    total = max(len(trial.sequence) for trial in tried) if audit.facts is None else audit.facts.frame_count
    return _answers_words(tried, total) + _loop_words(tried)


def _answers_words(tried: list[EngineTrial], total: int) -> str:
    wrong = sum(not trial.is_exact for trial in tried)
    thin = sum(trial.is_exact and trial.has_few_answers for trial in tried)
    if not wrong and thin:
        return f"No engine was wrong, but {thin} of {len(tried)} answered too few requests to tell."
    if not wrong and any(trial.is_partial for trial in tried):
        asked = {trial.frames_asked for trial in tried}
        number = f"{min(asked)}{' or more' * (len(asked) > 1)}"
        return f"{_all_of(len(tried), 'was', 'were')} correct for the requested frames: {number} of {total}."
    if not wrong:
        return f"{_all_of(len(tried), 'gives', 'give')} the frame you request."
    if wrong == len(tried):
        return "No tested engine returns the frame you request."
    blind = sum(trial.verdict.kind in _NO_WAY for trial in tried)
    rest = f" {thin} answered too few requests to tell." if thin else ""
    return f"{_wrong_words(wrong - blind, blind, len(tried))}.{rest}"


def _wrong_words(others: int, blind: int, total: int) -> str:
    gives = "gives" if others == 1 else "give"
    if not blind:
        return f"{others} of {total} engines {gives} you frames other than the ones you request"
    if not others:
        return f"{blind} of {total} engines cannot show you the frames you request"
    return (
        f"{others} of {total} engines {gives} you frames other than the ones you request, {blind} cannot"
        f" show you them"
    )


def has_answer(trial: EngineTrial) -> bool:
    """Whether the engine was tried, and its trial is over."""
    is_going_on = trial.state in (TrialState.WAITING, TrialState.RUNNING)
    return not is_going_on and trial.verdict.kind is not VerdictKind.NOT_TRIED


def _loop_words(tried: list[EngineTrial]) -> str:
    """That a loop which stops where a library gives nothing stops too early."""
    early = sum(trial.stops_loops for trial in tried)
    if not early:
        return ""
    of = "" if len(tried) == 1 else f" with {early} of {len(tried)} engines"
    return f" A loop that stops at the first failed read loses frames{of}."


def _all_of(count: int, one: str, many: str) -> str:
    return f"The tested engine {one}" if count == 1 else f"All {count} tested engines {many}"
