"""Advice names what to do and what it costs on the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.audit.advice import FileCosts, advise, measure_costs
from framescope.core.audit.records import (
    AdviceKind,
    Cause,
    CauseKind,
    EngineTrial,
    Outcome,
    RequestResult,
    Sequence,
    TrialState,
    VerdictKind,
)
from framescope.core.audit.requests import Order
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from pathlib import Path

COSTS = FileCosts(
    frame_count=1000,
    mean_frames_to_decode=15.0,
    longest_gop=30,
    size_bytes=300_000_000,
    intra_bytes=900_000_000,
)


def trial(offset: int = 0, **changes: object) -> EngineTrial:
    outcome = Outcome.SHIFTED if offset else Outcome.EXACT
    requests = (RequestResult(5, Order.FORWARD, outcome, 5 + offset, latency_ms=20.0),)
    digests = np.arange(1000, dtype=np.uint64)
    sequence = Sequence(digests=digests, elapsed_s=10.0, distinct=1000, is_complete=True)
    made = EngineTrial(
        "opencv", "OpenCV", "set(n)", "5", TrialState.DONE, requests=requests, sequence=sequence
    )
    return replace(made, **changes)  # type: ignore[arg-type] # names of its fields


def kinds(one: EngineTrial, kind: VerdictKind, costs: FileCosts = COSTS) -> list[AdviceKind]:
    return [advice.kind for advice in advise(one, kind, costs)]


def test_what_is_trustworthy_needs_nothing() -> None:
    (only,) = advise(trial(), VerdictKind.TRUSTWORTHY, COSTS)
    assert only.kind is AdviceKind.SEEK_FREELY
    assert only.cost_s == pytest.approx(0.02)


def test_costs_come_from_the_file() -> None:
    advice = {one.kind: one for one in advise(trial(8), VerdictKind.UNRELIABLE, COSTS)}
    # 100 frames per second: 15 frames on average, 30 of a GOP, and 8 for having landed so late.
    assert advice[AdviceKind.SEEK_EARLIER].cost_s == pytest.approx(0.53)
    assert "Seek 38 frames earlier" in advice[AdviceKind.SEEK_EARLIER].sentence
    assert advice[AdviceKind.READ_ON].cost_s == pytest.approx(5.0)
    assert "10.0 s for all" in advice[AdviceKind.READ_ON].cost_text
    assert advice[AdviceKind.REENCODE].cost_s == pytest.approx(25.0)
    assert "3.0 times the size" in advice[AdviceKind.REENCODE].cost_text


def test_a_constant_can_be_corrected() -> None:
    advice = advise(trial(2), VerdictKind.OFF_BY_CONSTANT, COSTS)
    assert advice[0].kind is AdviceKind.CORRECT_OFFSET
    assert "n − 2" in advice[0].sentence
    assert "n + 3" in advise(trial(-3), VerdictKind.OFF_BY_CONSTANT, COSTS)[0].sentence


def test_remuxing_is_advised_where_it_was_tried() -> None:
    broken = replace(COSTS, causes=frozenset({CauseKind.BROKEN_INDEX}))
    assert AdviceKind.REMUX in kinds(trial(2), VerdictKind.UNRELIABLE, replace(broken, remux_fixes=True))
    for tried in (False, None):
        untried = replace(broken, remux_fixes=tried)
        assert AdviceKind.REMUX not in kinds(trial(2), VerdictKind.UNRELIABLE, untried)


def test_who_cannot_seek_is_not_told_to_seek_earlier() -> None:
    assert AdviceKind.SEEK_EARLIER not in kinds(trial(2), VerdictKind.CANNOT_SEEK)


def test_who_cannot_read_is_not_told_to_read_on() -> None:
    assert kinds(trial(), VerdictKind.CANNOT_READ) == [AdviceKind.OTHER_ENGINE, AdviceKind.REENCODE]
    moody = trial(sequence=replace(trial().sequence, rerun_differing=2))
    assert AdviceKind.READ_ON not in kinds(moody, VerdictKind.UNSTABLE)


def test_what_was_not_tried_gets_none() -> None:
    assert kinds(trial(state=TrialState.NOT_INSTALLED), VerdictKind.NOT_TRIED) == []


def test_costs_are_measured(plain_clip: Path) -> None:
    with open_video(plain_clip) as video:
        costs = measure_costs(video.index, [Cause(CauseKind.B_FRAMES, "")])
        assert costs.size_bytes == int(video.index.packet_sizes.sum())
    assert (costs.frame_count, costs.longest_gop) == (48, 12)
    assert costs.mean_frames_to_decode == pytest.approx(6.5)
    assert costs.intra_bytes > costs.size_bytes
    assert costs.causes == {CauseKind.B_FRAMES}
