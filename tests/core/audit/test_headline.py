"""One sentence says how many engines return the requested frames."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from framescope.core.audit.headline import headline
from framescope.core.audit.records import (
    EngineTrial,
    FileAudit,
    Interruption,
    Outcome,
    RequestResult,
    Sequence,
    TrialState,
    Verdict,
    VerdictKind,
)
from framescope.core.audit.requests import Order


def trial(kind: VerdictKind, *, asked: int = 30, state: TrialState = TrialState.DONE) -> EngineTrial:
    return EngineTrial(
        "pyav",
        "PyAV",
        "seek",
        "18",
        state,
        sequence=Sequence(digests=np.arange(30, dtype=np.uint64), is_complete=True),
        requests=tuple(RequestResult(n, Order.FORWARD, Outcome.EXACT, n) for n in range(asked)),
        verdict=Verdict(kind, ""),
    )


RIGHT, WRONG = trial(VerdictKind.TRUSTWORTHY), trial(VerdictKind.DRIFTS)
THIN = trial(VerdictKind.TRUSTWORTHY, asked=3)
HALF = trial(VerdictKind.TRUSTWORTHY, asked=15)
HALTING = replace(
    RIGHT, sequence=replace(RIGHT.sequence, interruptions=(Interruption(12, 1, "read() returns False"),))
)
BLIND = trial(VerdictKind.CANNOT_READ)
ABSENT = trial(VerdictKind.NOT_TRIED, asked=0, state=TrialState.NOT_INSTALLED)
BUSY = trial(VerdictKind.DRIFTS, state=TrialState.RUNNING)


@pytest.mark.parametrize(
    ("trials", "words"),
    [
        ((), "No engine has answered yet."),
        ((ABSENT, BUSY), "No engine has answered yet."),
        ((RIGHT, ABSENT), "The tested engine gives the frame you request."),
        ((RIGHT, RIGHT), "All 2 tested engines give the frame you request."),
        ((WRONG, RIGHT), "1 of 2 engines gives you frames other than the ones you request."),
        ((WRONG, WRONG, RIGHT), "2 of 3 engines give you frames other than the ones you request."),
        ((BLIND, RIGHT), "1 of 2 engines cannot show you the frames you request."),
        (
            (WRONG, BLIND, RIGHT),
            "1 of 3 engines gives you frames other than the ones you request, 1 cannot show you them.",
        ),
        ((WRONG, WRONG), "No tested engine returns the frame you request."),
        ((HALF, HALF), "All 2 tested engines were correct for the requested frames: 15 of 30."),
        ((HALF, RIGHT), "All 2 tested engines were correct for the requested frames: 15 or more of 30."),
        (
            (HALTING, RIGHT),
            "All 2 tested engines give the frame you request."
            " A loop that stops at the first failed read loses frames with 1 of 2 engines.",
        ),
        ((THIN, RIGHT), "No engine was wrong, but 1 of 2 answered too few requests to tell."),
        (
            (THIN, WRONG),
            "1 of 2 engines gives you frames other than the ones you request. 1 answered too few requests to"
            " tell.",
        ),
    ],
)
def test_engines_are_counted(trials: tuple[EngineTrial, ...], words: str) -> None:
    assert headline(FileAudit("x.mp4", None, None, trials)) == words


def test_a_file_that_cannot_be_opened_says_why() -> None:
    assert headline(FileAudit("x.mp4", None, None, (), error="No such file.")) == "No such file."
