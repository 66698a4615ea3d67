"""Why a file is no video, in words, from its first bytes."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import MissingFileError, OpenError, UnsupportedMediaError
from framescope.core.media.refusal import check_local_file, explain_os_error, explain_refusal

if TYPE_CHECKING:
    from pathlib import Path


def box(kind: bytes, body: bytes = b"", *, length: int | None = None) -> bytes:
    return (8 + len(body) if length is None else length).to_bytes(4, "big") + kind + body


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.mp4", b"PK\x03\x04rest", "ZIP"),
        ("a.mp4", b"%PDF-1.7", "PDF"),
        ("a.mp4", "Plain words, ünïcode.\n".encode() * 300, "text"),
        ("a.mp4", bytes(5000), "zeros"),
        ("a.ts", bytes(range(256)) * 8, "sync bytes"),
        ("a.mkv", b"\x1aE\xdf\xa3" + b"\x81\x02\x03\xff" * 20, "Matroska"),
        ("a.xyz", b"\x81\x02\x03\xff" * 20, "ffmpeg's own words"),
        ("a.mp4", box(b"ftyp", b"isom" * 3) + box(b"mdat", b"\xff" * 50), "moov"),
        ("a.mp4", box(b"ftyp", b"isom") + box(b"moov", b"\0" * 9, length=500), "cut off inside"),
        ("a.mp4", box(b"ftyp", b"isom") + box(b"moov", b"xxxxencvxxxx"), "encrypted"),
        ("a.mp4", box(b"ftyp", b"isom") + box(b"moov", b"xxxx"), "damaged video index"),
        ("a.mp4", box(b"ftyp", b"isom") + box(b"mdat", length=3), "damaged boxes"),
    ],
)
def test_first_bytes_tell(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    error = explain_refusal(path, "ffmpeg's own words")
    assert isinstance(error, UnsupportedMediaError)
    assert words in error.message
    assert name in error.message
    assert error.hint


def test_a_file_that_went_away_meanwhile_is_missing(tmp_path: Path) -> None:
    assert isinstance(explain_refusal(tmp_path / "gone.mp4", "words"), MissingFileError)


def test_what_is_no_filled_file_is_refused_before_ffmpeg_is_asked(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(UnsupportedMediaError, match="0 bytes"):
        check_local_file(tmp_path / "empty.mp4")
    with pytest.raises(MissingFileError, match="folder"):
        check_local_file(tmp_path)
    with pytest.raises(MissingFileError, match=r"no file gone\.mp4"):
        check_local_file(tmp_path / "gone.mp4")
    with pytest.raises(OpenError):
        check_local_file(tmp_path / "nul\0byte.mp4")
    (tmp_path / "filled.mp4").write_bytes(b"x")
    check_local_file(tmp_path / "filled.mp4")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(MissingFileError, match="pipe"):
        check_local_file(tmp_path / "pipe")


def test_the_systems_refusals_are_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    assert "permission" in explain_os_error(path, PermissionError(errno.EACCES, "denied")).message
    assert "no file" in explain_os_error(path, FileNotFoundError()).message
    assert "Input/output" in explain_os_error(path, OSError(errno.EIO, "Input/output error")).message
    assert "odd" in explain_os_error(path, ValueError("odd")).message
