"""torchcodec in both modes, where it is installed."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.file_audit import audit
from framescope.core.audit.records import VerdictKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("torchcodec") is None, reason="torchcodec is not installed"
)


def test_both_modes_are_exact_on_a_plain_file(plain_clip: Path) -> None:
    found = audit(plain_clip, engines=["torchcodec", "torchcodec-exact"], requests="12")
    assert {trial.verdict.kind for trial in found.trials} == {VerdictKind.TRUSTWORTHY}


def test_the_approximate_mode_is_wrong_where_the_rate_varies(clip: Callable[[str], Path]) -> None:
    found = audit(clip("vfr.mp4"), engines=["torchcodec", "torchcodec-exact"], requests="all")
    assert found.trial("torchcodec-exact").is_exact
    assert not found.trial("torchcodec").is_exact


def test_a_stream_without_an_index_is_read_whole_and_sought_wrongly(clip: Callable[[str], Path]) -> None:
    found = audit(clip("h264.ts"), engines=["torchcodec", "torchcodec-exact"], requests="all")
    for trial in found.trials:
        assert len(trial.sequence) == 48
        assert trial.sequence.is_complete
        assert not trial.is_exact
