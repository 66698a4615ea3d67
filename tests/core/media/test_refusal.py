"""Each cause of a refusal has its own sentence and a hint that helps."""

from __future__ import annotations

import os
import random
import struct
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import MissingFileError, OpenError, UnsupportedMediaError
from framescope.core.media.refusal import (
    check_local_file,
    explain_no_streams,
    explain_os_error,
    explain_refusal,
)
from tests.clips.real_media import real_media_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def box(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


FTYP = box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
NOISE = random.Random(7).randbytes(3000)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.mp4", FTYP + box(b"mdat", NOISE), "not finished"),
        ("b.mp4", FTYP + box(b"free") + struct.pack(">I", 1 << 30) + b"mdat" + NOISE, "not finished"),
        ("c.mp4", FTYP + b"\0\0\0\3free" + NOISE, "damaged boxes"),
        ("d.mp4", FTYP + box(b"moov", NOISE), "damaged video index"),
        ("e.mp4", FTYP + struct.pack(">I", 9000) + b"moov" + NOISE, "truncated inside its video index"),
        ("f.mp4", FTYP + box(b"moov", b"\0" * 90 + b"encv" + NOISE), "encrypted"),
        (
            "g.mp4",
            FTYP + struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 16 + 3000) + NOISE,
            "not finished",
        ),
        ("h.mp4", "Überall nur Wörter.\n".encode() * 300, "text"),
        ("i.mp4", bytes(5000), "zeros"),
        ("j.mp4", b"PK\x03\x04" + NOISE, "ZIP archive"),
        ("k.avi", b"%PDF-1.7 " + NOISE, "PDF"),
        ("l.mkv", b"\x1aE\xdf\xa3" + NOISE, "Matroska"),
        ("m.ts", NOISE, "no sync bytes"),
        ("n.webm", NOISE, "not a video that FFmpeg recognises"),
        ("o.swf", b"FWS\x04" + NOISE, "Flash animation"),
    ],
)
def test_each_cause_has_its_words(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    error = explain_refusal(path, "Invalid data")
    assert isinstance(error, UnsupportedMediaError)
    assert words in error.message
    assert name in error.message
    assert error.hint


@pytest.mark.parametrize("stride", [188, 192, 204])
def test_a_transport_stream_with_sync_is_not_called_encrypted(stride: int, tmp_path: Path) -> None:
    path = tmp_path / "a.ts"
    packet = bytearray(NOISE[:stride])
    packet[4 if stride == 192 else 0] = 0x47
    path.write_bytes(bytes(packet) * 30)
    assert "sync" not in explain_refusal(path, "?").message


@pytest.mark.parametrize(
    ("file", "error", "words"),
    [
        ("missing.mp4", MissingFileError, "There is no file"),
        ("folder.mp4", MissingFileError, "is a folder"),
        ("empty.mp4", UnsupportedMediaError, "0 bytes"),
    ],
)
def test_what_is_no_file_never_reaches_ffmpeg(
    file: str, error: type[OpenError], words: str, refused_file: Callable[[str], Path]
) -> None:
    with pytest.raises(error, match=words) as caught:
        check_local_file(refused_file(file))
    assert caught.value.hint


def test_a_device_is_refused() -> None:
    if os.name != "posix":
        pytest.skip("there is no /dev here")
    from pathlib import Path  # noqa: PLC0415

    with pytest.raises(MissingFileError, match="device"):
        check_local_file(Path("/dev/null"))


def test_the_system_s_own_words_are_used_where_there_are_no_better(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    assert "permission" in explain_os_error(path, PermissionError(13, "Permission denied")).message
    assert "Input/output error" in explain_os_error(path, OSError(5, "Input/output error")).message
    assert "no file" in explain_os_error(path, FileNotFoundError(2, "No such file")).message


def test_a_file_that_vanishes_meanwhile_is_missing(tmp_path: Path) -> None:
    assert isinstance(explain_refusal(tmp_path / "gone.mp4", "?"), MissingFileError)


def test_only_a_cut_off_index_explains_a_file_with_nothing_in_it(plain_clip: Path, tmp_path: Path) -> None:
    whole = plain_clip.read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: whole.index(b"moov") + 150])
    cause = explain_no_streams(path)
    assert cause is not None
    assert "truncated" in cause.message
    assert explain_no_streams(plain_clip) is None


REAL = {
    "bad_encrypted.mp4": "encrypted",
    "bad_encrypted.ts": "encrypted",
    "bad_random.mp4": "not finished",
    "bad_only_moov.mov": "truncated",
    "bad_free_box.mp4": "damaged boxes",
    "mkv_corrupt.mkv": "Matroska",
    "flash.swf": "Flash",
}


@pytest.mark.parametrize(
    "row", [row for row in real_media_rows() if row["file"] in REAL], ids=lambda row: row["file"]
)
def test_real_refusals_name_their_cause(row: dict[str, str], media_folder: Path) -> None:
    assert REAL[row["file"]] in explain_refusal(media_folder / row["file"], "?").message
