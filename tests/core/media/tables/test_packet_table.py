"""The record that every scan of packets ends in."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.core.media.tables.packet_table import PacketTable, PartialClock


def _table(count: int, *, sizes: int | None = None) -> PacketTable:
    ticks = np.arange(count, dtype=np.int64)
    flags = np.zeros(count, np.bool_)
    return PacketTable(
        pts=ticks,
        dts=ticks.copy(),
        sizes=np.zeros(count if sizes is None else sizes, np.int32),
        positions=ticks.copy(),
        is_keyframe=flags,
        is_discard=flags.copy(),
        is_corrupt=flags.copy(),
        picture_type_codes=np.zeros(count, np.uint8),
    )


def test_its_length_is_the_number_of_packets() -> None:
    assert len(_table(3)) == 3


def test_its_arrays_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        _table(3).pts[0] = 1


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        _table(3, sizes=2)


def test_partial_tables_are_due_soon_at_first_then_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    clock = PartialClock()
    assert not clock.is_due(10)
    now[0] += 0.2
    assert clock.is_due(10)
    assert not clock.is_due(10)
    now[0] += 0.5
    assert clock.is_due(1_000_000)
    now[0] += 1.0
    assert not clock.is_due(1_000_000)
