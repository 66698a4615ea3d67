"""Interruptions of a live source: what is unusual is told, and what is its usual way is not."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest

from framescope.core.live import interruptions as module
from framescope.core.live.address import live_name
from framescope.core.live.interruptions import Gap, Interruptions, pause_words
from framescope.core.live.source import begin_live, end_live
from tests.core.live.senders import numbered_stream, pipe_sender

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def gaps_of(times_s: Sequence[float | None], waits_s: Sequence[float] = ()) -> Interruptions:
    found = Interruptions()
    waits_s = [*waits_s, *[0.0] * (len(times_s) - len(waits_s))]
    for number, (time_s, waited_s) in enumerate(zip(times_s, waits_s, strict=True)):
        found.pass_packet(number, time_s, float(number), waited_s)
    return found


def test_a_skip_of_the_time_stamps_is_a_gap() -> None:
    assert gaps_of([0.0, 0.25, 0.5, 2.5, 2.75]).gaps == [Gap(3, 2.0, "")]
    assert gaps_of([0.0, 0.25, None, 2.5]).gaps == [Gap(3, 2.25, "")]


@pytest.mark.parametrize("rate", [0.2, 1, 3, 25, 120])
def test_a_regular_source_has_neither_gaps_nor_pauses(rate: float) -> None:
    found = gaps_of([number / rate for number in range(60)], [0.0, 0.0, *[1 / rate] * 58])
    assert (found.gaps, found.pauses) == ([], 0)


def test_a_source_that_is_often_irregular_is_told_once() -> None:
    times = [0.0]
    for number in range(60):
        times.append(times[-1] + (2.0 if number % 9 == 8 else 0.1))
    assert [gap.frame_number for gap in gaps_of(times).gaps] == [9]


def test_a_lost_connection_is_one_gap_whatever_the_time_stamps_say() -> None:
    found = Interruptions()
    for number in range(5):
        found.pass_packet(number, number / 25, number / 25, 0.0)
    found.lose("no signal", 0.2)
    found.lose("refused", 3.0)
    assert found.pass_packet(5, 9.0, 6.2, 6.0) == Gap(5, 6.0, "no signal")
    assert (len(found.gaps), found.pauses) == (1, 0)


def test_a_clock_that_starts_anew_is_no_gap() -> None:
    found = gaps_of([0.0, 0.04, 0.08])
    found.restart_clock()
    assert found.pass_packet(3, 700.0, 0.0, 0.0) is None


def test_a_long_wait_is_a_pause() -> None:
    found = gaps_of([0.0, 0.04, 0.08, 0.12, 0.16], [0.0, 0.0, 2.5, 0.9, 1.2])
    assert (found.pauses, found.longest_pause_s) == (2, 2.5)
    assert pause_words(found.pauses, found.longest_pause_s) == "2 pauses in what arrived, of up to 2.5 s."


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_a_sender_that_stalls_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_S", 0.3)
    monkeypatch.setattr(module, "_MANY", 1)
    stream = numbered_stream(0, 60, gop=10)
    with pipe_sender(tmp_path / "pipe", [stream[: len(stream) // 2], stream[len(stream) // 2 :]]) as go_on:
        one = begin_live(live_name(str(tmp_path / "pipe")))
        ring = one.ring()
        assert ring.await_frames(20, 20)
        time.sleep(0.5)
        go_on.set()
        assert ring.await_frames(60, 20)
        end_live(one.address.name)
        one.close()
    state = ring.state()
    assert state.gaps == ()
    # A busy machine may make more of them.
    assert state.pauses
    assert state.longest_pause_s > 0.3
