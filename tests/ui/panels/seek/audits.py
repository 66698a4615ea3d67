"""A canned audit: one engine that is right, one that is off, one that is missing, one that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.audit.records import (
    Advice,
    AdviceKind,
    Cause,
    CauseKind,
    EngineTrial,
    FileAudit,
    FileFacts,
    Outcome,
    RequestResult,
    Sequence,
    TrialState,
    Verdict,
    VerdictKind,
)
from framescope.core.audit.requests import Order
from framescope.core.media.index import NO_PTS
from framescope.core.model.stream_facts import OpenCVFacts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

FRAMES = 100


def answer(number: int, landed: int | None, outcome: Outcome | None = None) -> RequestResult:
    """One answer."""
    if outcome is None:
        outcome = Outcome.FAILED if landed is None else Outcome.EXACT if landed == number else Outcome.SHIFTED
    return RequestResult(number, Order.FORWARD, outcome, landed, latency_ms=2.0 + number)


def trial(
    engine: str, title: str, requests: tuple[RequestResult, ...], verdict: Verdict, *, count: int = FRAMES
) -> EngineTrial:
    """One finished trial."""
    sequence = Sequence(
        np.arange(count, dtype=np.uint64),
        np.full(count, NO_PTS),
        np.full(count, np.nan),
        is_complete=True,
        elapsed_s=0.5,
        distinct=count,
    )
    return EngineTrial(
        engine, title, f"{engine}(n)", "1.0", TrialState.DONE, sequence=sequence, requests=requests,
        verdict=verdict,
    )  # fmt: skip


def canned_audit(*, count: int = FRAMES) -> FileAudit:
    """Four engines on 100 frames; the second counts ``count`` of them."""
    asked = tuple(range(0, FRAMES, 10))
    exact = tuple(answer(number, number) for number in asked)
    off = tuple(answer(number, number + 2 if number >= 50 else number) for number in asked)
    mixed = (
        answer(0, 0, Outcome.AMBIGUOUS),
        answer(10, None),
        answer(20, None, Outcome.FOREIGN),
        answer(30, 30),
    )
    wrong = Verdict(
        VerdictKind.WRONG_AFTER,
        "Right up to frame 40, wrong from frame 50 on.",
        Cause(CauseKind.VARIABLE_RATE, "The frame rate varies."),
        (Advice(AdviceKind.READ_ON, "Read on from the start.", 1.0, "1 s a frame"),),
    )
    missing = EngineTrial(
        "torchcodec", "torchcodec", "get_frame_at(n)", None, TrialState.NOT_INSTALLED,
        "not installed: pip install torch torchcodec",
        verdict=Verdict(VerdictKind.NOT_TRIED, "Not installed: pip install torch torchcodec."),
    )  # fmt: skip
    costs = np.arange(FRAMES) % 25 + 1
    facts = FileFacts(
        FRAMES, np.arange(0, FRAMES, 25), costs, np.arange(FRAMES) / 25, (),
        OpenCVFacts("5.0", opened=True),
    )  # fmt: skip
    return FileAudit(
        "/videos/clip.mp4", None, facts,
        (
            trial("framescope", "FrameScope", exact, Verdict(VerdictKind.TRUSTWORTHY, "All right.")),
            trial("opencv", "OpenCV by frame", off, wrong, count=count),
            trial("decord", "decord", mixed, Verdict(VerdictKind.UNRELIABLE, "Wrong for 2 of 4 requests.")),
            missing,
        ),
        asked=len(asked), seed=7, coverage="Quick trial: 10 of 100 frames chosen.",
    )  # fmt: skip


def child(panel: QWidget, kind: type[QWidget], name: str) -> Any:  # noqa: ANN401
    """The widget of this name, which must be there."""
    found = panel.findChild(kind, name)
    assert found is not None
    return found
