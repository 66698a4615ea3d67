"""Sums up an audit in one sentence, for window, report and command line. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.audit.records import TrialState, VerdictKind
from framescope.core.translation import tr, tr_plural

if TYPE_CHECKING:
    from framescope.core.audit.records import EngineTrial, FileAudit

_NO_WAY = (VerdictKind.CANNOT_READ, VerdictKind.CANNOT_SEEK)


def headline(audit: FileAudit) -> str:
    """How many of the engines return the requested frames."""
    if audit.error:
        return audit.error
    tried = [trial for trial in audit.trials if has_answer(trial)]
    if not tried:
        return tr("No engine has answered yet.")
    total = max(len(trial.sequence) for trial in tried) if audit.facts is None else audit.facts.frame_count
    return _answers_words(tried, total) + _loop_words(tried)


def _answers_words(tried: list[EngineTrial], total: int) -> str:
    wrong = sum(not trial.is_exact for trial in tried)
    thin = sum(trial.is_exact and trial.has_few_answers for trial in tried)
    if not wrong and thin:
        return tr(
            "No engine was wrong, but {thin} of {count} answered too few requests to tell.",
            thin=thin,
            count=len(tried),
        )
    if not wrong and any(trial.is_partial for trial in tried):
        asked = {trial.frames_asked for trial in tried}
        number = str(min(asked)) if len(asked) == 1 else tr("{least} or more", least=min(asked))
        return tr_plural(
            "The tested engine was correct for the requested frames: {number} of {total}.",
            "All {count} tested engines were correct for the requested frames: {number} of {total}.",
            len(tried),
            count=len(tried),
            number=number,
            total=total,
        )
    if not wrong:
        return tr_plural(
            "The tested engine gives the frame you request.",
            "All {count} tested engines give the frame you request.",
            len(tried),
            count=len(tried),
        )
    if wrong == len(tried):
        return tr("No tested engine returns the frame you request.")
    blind = sum(trial.verdict.kind in _NO_WAY for trial in tried)
    rest = tr(" {thin} answered too few requests to tell.", thin=thin) if thin else ""
    return f"{_wrong_words(wrong - blind, blind, len(tried))}.{rest}"


def _wrong_words(others: int, blind: int, total: int) -> str:
    if not blind:
        return tr_plural(
            "{others} of {total} engines gives you frames other than the ones you request",
            "{others} of {total} engines give you frames other than the ones you request",
            others,
            others=others,
            total=total,
        )
    if not others:
        return tr(
            "{blind} of {total} engines cannot show you the frames you request", blind=blind, total=total
        )
    return tr_plural(
        "{others} of {total} engines gives you frames other than the ones you request, {blind} cannot"
        " show you them",
        "{others} of {total} engines give you frames other than the ones you request, {blind} cannot"
        " show you them",
        others,
        others=others,
        total=total,
        blind=blind,
    )


def has_answer(trial: EngineTrial) -> bool:
    """Whether the engine's trial was run and has ended."""
    is_going_on = trial.state in (TrialState.WAITING, TrialState.RUNNING)
    return not is_going_on and trial.verdict.kind is not VerdictKind.NOT_TRIED


def _loop_words(tried: list[EngineTrial]) -> str:
    """A note that a loop which stops at the first failed read stops too early."""
    early = sum(trial.stops_loops for trial in tried)
    if not early:
        return ""
    of = "" if len(tried) == 1 else tr(" with {early} of {count} engines", early=early, count=len(tried))
    return tr(" A loop that stops at the first failed read loses frames{of}.", of=of)
