"""Remuxing is tried before it is advised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.file_audit import AuditSettings, run_audit
from framescope.core.audit.records import AdviceKind
from framescope.core.audit.remux import remux_fixes
from framescope.core.model.progress import CancelToken
from framescope.core.source.opening import open_video
from tests.core.audit import fake_engines as fakes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "fixes"),
    [("h264.ts", True), ("gop_open.ts", True), ("damaged_middle.ts", False), ("mpeg4.avi", False)],
)
def test_it_is_seen_on_the_files_own_packets(name: str, fixes: bool, clip: Callable[[str], Path]) -> None:  # noqa: FBT001
    with open_video(clip(name)) as video:
        assert remux_fixes(video, CancelToken()) is fixes


def test_packed_b_frames_are_made_worse_by_it(media_file: Callable[[str], Path]) -> None:
    with open_video(media_file("mpeg4_packed_b.avi")) as video:
        assert not remux_fixes(video, CancelToken())


def test_a_stop_is_a_no(clip: Callable[[str], Path]) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with open_video(clip("h264.ts")) as video:
        assert not remux_fixes(video, cancel)


@pytest.mark.parametrize(("name", "is_advised"), [("h264.ts", True), ("damaged_middle.ts", False)])
def test_only_what_helped_is_advised(name: str, is_advised: bool, clip: Callable[[str], Path]) -> None:  # noqa: FBT001
    settings = AuditSettings(catalogue=(fakes.spec_of(fakes.Late),), **fakes.NO_HURRY)
    (trial,) = run_audit(clip(name), settings).trials
    assert any(one.kind is AdviceKind.REMUX for one in trial.verdict.advice) == is_advised
