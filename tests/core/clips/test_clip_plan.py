"""What is said of a clip before it is made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framescope.core.clips.clip_plan import plan_clip
from framescope.core.clips.settings import ClipSettings, ClipWay
from framescope.core.errors import ClipError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.core.clips.conftest import Listed


def test_a_copy_says_what_it_will_contain(listed: Callable[[str], Listed]) -> None:
    facts = listed("gop_open.mp4")
    plan = plan_clip(facts.info, facts.index, range(14, 21), Path("a.mp4"), ClipSettings())
    assert plan.sentences == (
        "Frames 12 to 20 (9 frames, 0.375 s), times from 0.",
        "2 frames more than requested: 2 before.",
        "Packets of 1 GOP; no edit list.",
        "3 leading pictures of the first GOP left out: they cannot be decoded without the previous GOP.",
    )


def test_hidden_pictures_are_announced(listed: Callable[[str], Listed]) -> None:
    facts = listed("edit_list_inside_gop.mp4")
    plan = plan_clip(facts.info, facts.index, range(3), Path("a.mp4"), ClipSettings())
    assert "Up to 5 pictures that the source's edit list hides will come first." in plan.sentences


def test_an_exact_clip_and_an_all_intra_file_say_so(listed: Callable[[str], Listed]) -> None:
    facts = listed("vfr.mp4")
    exact = plan_clip(facts.info, facts.index, range(3, 7), Path("a.mkv"), ClipSettings(ClipWay.EXACT))
    assert exact.frames == range(3, 7)
    assert exact.sentences[1] == "Exactly the requested frames."
    intra = plan_clip(facts.info, facts.index, range(3, 7), Path("a.mp4"), ClipSettings(ClipWay.ALL_INTRA))
    assert intra.frames == intra.wanted == range(48)
    assert any("not evenly spaced" in note for note in intra.notes)
    even = ClipSettings(ClipWay.ALL_INTRA, even_times=True)
    assert plan_clip(facts.info, facts.index, range(1), Path("a.mp4"), even).notes == ()


def test_other_pictures_are_left_out_by_name(listed: Callable[[str], Listed]) -> None:
    facts = listed("two_videos.mkv")
    plan = plan_clip(facts.info, facts.index, range(5), Path("a.mkv"), ClipSettings())
    assert plan.notes == ("Left out: h264 video (stream 0).",)


def test_what_cannot_be_is_refused_before_anything_is_read(listed: Callable[[str], Listed]) -> None:
    facts = listed("h264.mp4")
    with pytest.raises(SettingsError):
        plan_clip(facts.info, facts.index, range(5), Path("a.xyz"), ClipSettings())
    with pytest.raises(ClipError, match="no frames 40 to 60"):
        plan_clip(facts.info, facts.index, range(40, 61), Path("a.mp4"), ClipSettings(ClipWay.EXACT))
    partial = replace(facts.index, complete=False)
    with pytest.raises(ClipError, match="still being indexed"):
        plan_clip(facts.info, partial, range(5), Path("a.mp4"), ClipSettings())
