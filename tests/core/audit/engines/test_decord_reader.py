"""decord, for real where it is installed."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.engines.catalog import find_engines
from framescope.core.audit.file_audit import audit
from framescope.core.audit.records import Outcome, TrialState, VerdictKind
from tests.core.audit.engines.expectations import exact_numbers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# An idle reader keeps its threads spinning, so every reader here lives in a trial's own process.
pytestmark = pytest.mark.skipif(importlib.util.find_spec("decord") is None, reason="decord is not installed")


def test_it_is_exact_on_a_plain_file(plain_clip: Path) -> None:
    trial = audit(plain_clip, engines=["decord"], requests="12").trial("decord")
    assert trial.version == find_engines(["decord"])[0].version
    assert trial.state is TrialState.DONE
    assert trial.verdict.kind is VerdictKind.TRUSTWORTHY
    assert (len(trial.sequence), trial.frame_count_claimed) == (48, 48)
    assert exact_numbers(trial) == exact_numbers(trial, all_asked=True)
    assert trial.past_end is not None
    assert trial.past_end.outcome is Outcome.ENDED


def test_it_is_wrong_on_an_open_gop(media_file: Callable[[str], Path]) -> None:
    trial = audit(
        media_file("hevc_tiny_opengop.mp4"), engines=["decord"], requests="all", orders=["shuffled"]
    ).trial("decord")
    # "4/10, +1x6", measured independently; see the manifest of the real files.
    assert (trial.exact_count, trial.offsets) == (4, {1: 6})


def test_frames_that_it_leaves_out_are_noticed(clip: Callable[[str], Path]) -> None:
    trial = audit(clip("h264.ts"), engines=["decord"], requests="24").trial("decord")
    assert trial.verdict.kind is VerdictKind.CANNOT_READ
    assert "last 13 pictures" in trial.verdict.sentence
