"""Timestamps in text files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import MissingFileError, SettingsError
from framescope.core.synth.timestamps_file import read_timestamps

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0\n0.04\n\n# a remark\n 1.5 \n", (0.0, 0.04, 1.5)),
        ("# timestamp format v2\n0\n40\n1500\n", (0.0, 0.04, 1.5)),
        ("\ufeff# timecode format v2\n0\n33.3\n", (0.0, 0.0333)),
    ],
)
def test_seconds_or_mkvmerges_milliseconds(text: str, expected: tuple[float, ...], tmp_path: Path) -> None:
    path = tmp_path / "times.txt"
    path.write_text(text, "utf-8")
    assert read_timestamps(path) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "words"), [("0\nsoon\n", "Line 2"), ("nan\n", "Line 1"), ("# no\n", "no timestamp")]
)
def test_what_is_no_timestamp_is_named(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "times.txt"
    path.write_text(text)
    with pytest.raises(SettingsError, match=words):
        read_timestamps(path)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        read_timestamps(tmp_path / "none.txt")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(SettingsError, match="cannot be read"):
        read_timestamps(tmp_path / "binary")
