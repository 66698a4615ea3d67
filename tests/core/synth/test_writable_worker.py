"""One combination, tried in this process."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from framescope.core.synth import writable_worker
from framescope.core.synth.make_settings import Writer
from framescope.core.synth.writable import REFUSED, WritableCell
from framescope.core.synth.writable_worker import try_cell

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        (WritableCell(Writer.PYAV, "hvc1", "hevc", "mp4"), "hvc1"),
        (WritableCell(Writer.OPENCV, "MJPG", "mjpeg", "avi"), "MJPG"),
        (WritableCell(Writer.PYAV, "", "ffv1", "mkv"), ""),
    ],
)
def test_what_works(cell: WritableCell, stored: str, tmp_path: Path) -> None:
    assert try_cell(asdict(cell), tmp_path) == {
        "works": True,
        "stored": stored,
        "reason": "",
        "is_certain": True,
    }
    assert not list(tmp_path.iterdir())


def test_what_does_not_work_has_a_reason(tmp_path: Path) -> None:
    found = try_cell(asdict(WritableCell(Writer.OPENCV, "ZZZZ", "h264", "mp4")), tmp_path)
    assert not found["works"]
    assert found["reason"] == REFUSED
    found = try_cell(asdict(WritableCell(Writer.PYAV, "", "mjpeg", "webm")), tmp_path)
    assert not found["works"]
    assert found["reason"].endswith(".")


def test_a_frame_that_comes_back_as_another_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writable_worker, "read_number", lambda _rgb: 7)
    found = try_cell(asdict(WritableCell(Writer.PYAV, "", "ffv1", "mkv")), tmp_path)
    assert found["reason"] == "Frame 0 differs after reading back."
