"""What tells one video file from another."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.sequence import source_digest as source_digest_module
from framescope.core.sequence.source_digest import source_digest

if TYPE_CHECKING:
    from pathlib import Path


def test_a_small_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"video")
    found = source_digest(str(path))
    assert found is not None
    assert found.size_bytes == 5
    assert found.digest == hashlib.sha256((5).to_bytes(8, "little") + b"video").hexdigest()


def test_a_large_file_is_sampled_from_its_first_byte_to_its_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_digest_module, "_SAMPLES", 3)
    monkeypatch.setattr(source_digest_module, "_SAMPLE_BYTES", 10)
    data = np.random.default_rng(1).integers(0, 256, 101, np.uint8).tobytes()
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    found = source_digest(str(path))
    assert found is not None
    samples = data[:10] + data[45:55] + data[91:]
    assert found.digest == hashlib.sha256((101).to_bytes(8, "little") + samples).hexdigest()
    for place, is_seen in ((0, True), (100, True), (50, True), (30, False)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        altered = source_digest(str(path))
        assert altered is not None
        assert (altered.digest != found.digest) is is_seen


@pytest.mark.parametrize("source", ["/nowhere/a.mp4", "https://example.org/a.mp4", "/"])
def test_what_cannot_be_read_has_no_digest(source: str) -> None:
    assert source_digest(source) is None
