"""Deflate, read back by zlib."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from framescope.core.errors import VerificationError
from framescope.core.export.encoders.deflate import deflated, inflated
from framescope.core.export.encoders.formats import PngStrategy

NOISE = np.random.default_rng(1).integers(0, 40, 50_000, np.uint8)
FLAT = np.zeros(200_000, np.uint8)


@pytest.mark.parametrize("level", range(10))
def test_zlib_reads_every_level(level: int) -> None:
    for data in (NOISE, FLAT, NOISE[:1]):
        assert zlib.decompress(deflated(data, level)) == data.tobytes()


@pytest.mark.parametrize("strategy", PngStrategy)
def test_zlib_reads_every_strategy(strategy: PngStrategy) -> None:
    packed = deflated(NOISE.reshape(500, 100), 4, strategy)
    for piece_bytes in (1, 999, 1000, NOISE.nbytes, NOISE.nbytes + 1):
        pieces = list(inflated(packed, NOISE.nbytes, piece_bytes))
        assert {len(piece) for piece in pieces[:-1]} <= {piece_bytes}
        assert b"".join(pieces) == NOISE.tobytes()
    assert zlib.decompress(packed) == NOISE.tobytes()


def test_nothing_is_packed_at_level_0_and_flat_data_well_at_2() -> None:
    assert len(deflated(NOISE, 0)) > NOISE.nbytes
    assert len(deflated(FLAT, 2)) <= len(deflated(FLAT, 1))
    assert len(deflated(FLAT, 2)) <= len(zlib.compress(FLAT.tobytes(), 1))


@pytest.mark.parametrize("size", [0, 49_999, 50_001])
def test_another_size_is_found_out(size: int) -> None:
    with pytest.raises(VerificationError):
        list(inflated(deflated(NOISE, 2), size, 1000))


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"nothing",
        deflated(NOISE, 2)[:-5],
        deflated(NOISE, 2)[:-1],
        deflated(NOISE, 2)[:-1] + b"x",
        deflated(NOISE, 2) + b"x",
    ],
)
def test_damage_is_found_out(wrong: bytes) -> None:
    with pytest.raises(VerificationError):
        list(inflated(wrong, NOISE.nbytes, 1000))
