"""How runs are split."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope import open_video
from framescope.core.errors import FragmentError
from framescope.core.fragments.run_plan import RunCuts, RunRule, find_runs, plan_runs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_runs_of_a_length_and_at_cuts() -> None:
    assert plan_runs(10, (), 4) == [0, 4, 8]
    assert plan_runs(10, (7, 3, 0, 12), 4) == [0, 3, 7]
    assert plan_runs(10, (9,), 4) == [0, 4, 8, 9]
    assert plan_runs(1, (), 30) == [0]


def test_rules_in_words() -> None:
    assert RunRule.parse("12") == RunRule(RunCuts.LENGTH, 12)
    assert RunRule.parse("gops").cuts is RunCuts.GOPS
    assert RunRule.parse("30").words == "every 30 frames"
    for text in ("0", "soon"):
        with pytest.raises(FragmentError):
            RunRule.parse(text)


def test_gops_and_scenes_of_a_clip(clip: Callable[[str], Path]) -> None:
    # The clip has a keyframe every 12 frames, and a new scene halfway.
    with open_video(clip("h264.mp4"), use_index_cache=False) as video:
        assert find_runs(video, RunRule.parse("gops")) == [0, 12, 24, 36]
        assert find_runs(video, RunRule.parse("scenes")) == [0, 24]
        assert find_runs(video, RunRule(length=20)) == [0, 20, 40]


def test_a_stream_of_keyframes_is_not_cut_at_each(clip: Callable[[str], Path]) -> None:
    with open_video(clip("ffv1.mkv"), use_index_cache=False) as video:
        assert find_runs(video, RunRule.parse("gops")) == [0]
