"""Plots hold their marks, whatever there is to show."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from framescope.core.audit.plots import landing_plot, lane_strip, latency_plot, offset_plot
from framescope.core.audit.records import (
    EngineTrial,
    FileAudit,
    FileFacts,
    Outcome,
    RequestResult,
    Sequence,
    TrialState,
)
from framescope.core.audit.requests import Order
from framescope.core.model.stream_facts import OpenCVFacts


def audit_of(*requests: RequestResult, frames: int = 100) -> FileAudit:
    facts = FileFacts(
        frame_count=frames,
        keyframes=np.arange(0, frames, 10),
        decode_costs=np.arange(frames, dtype=np.int64) % 10 + 1,
        times_s=np.arange(frames) / 25,
        causes=(),
        opencv=OpenCVFacts("5", opened=True),
    )
    sequence = Sequence(digests=np.zeros(frames, np.uint64))
    trial = EngineTrial("opencv", "Open<CV>", "", "5", TrialState.DONE, requests=requests, sequence=sequence)
    return FileAudit("x.mp4", None, facts, (trial,))


EXACT = RequestResult(10, Order.FORWARD, Outcome.EXACT, 10, latency_ms=3.0)
LATE = RequestResult(50, Order.FORWARD, Outcome.SHIFTED, 53, latency_ms=30.0)
FAILED = RequestResult(99, Order.FORWARD, Outcome.FAILED, error="no <picture>")


@pytest.mark.parametrize("draw", [lane_strip, landing_plot, offset_plot, latency_plot])
@pytest.mark.parametrize(
    "requests", [(EXACT, LATE, FAILED), (EXACT,), (LATE,), (EXACT, EXACT, EXACT)], ids=len
)
def test_every_plot_is_sound(draw, requests: tuple[RequestResult, ...]) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    text = draw(audit_of(*requests))
    root = ET.fromstring(text)
    assert root.tag == "svg"
    assert not re.search(r"\bnan\b", text)


def test_the_strip_tells_what_happened() -> None:
    text = lane_strip(audit_of(EXACT, LATE, FAILED))
    assert "returned frame 53 (+3)" in text
    assert "no &lt;picture&gt;" in text
    assert text.count("var(--shifted)") == 1
    assert text.count("var(--exact)") == 1


@pytest.mark.parametrize("draw", [lane_strip, landing_plot, offset_plot, latency_plot])
def test_a_long_file_makes_no_long_page(draw) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    requests = [
        RequestResult(n, Order.FORWARD, Outcome.EXACT, n, latency_ms=1 + n % 100) for n in range(9000)
    ]
    assert len(draw(audit_of(*requests, frames=9000))) < 300_000


def test_of_marks_in_one_place_the_worst_is_on_top() -> None:
    wrong = RequestResult(10, Order.BACKWARD, Outcome.SHIFTED, 13, latency_ms=3.0)
    text = lane_strip(audit_of(wrong, EXACT, EXACT))
    assert text.count("<title>") == 2
    assert text.index("var(--exact)") < text.index("var(--shifted)")


def test_only_failures_have_no_latency() -> None:
    assert "No request" in latency_plot(audit_of(FAILED))


def test_one_frame_is_enough() -> None:
    only = RequestResult(0, Order.FORWARD, Outcome.EXACT, 0, latency_ms=0.0)
    for draw in (lane_strip, landing_plot, offset_plot, latency_plot):
        ET.fromstring(draw(audit_of(only, frames=1)))
