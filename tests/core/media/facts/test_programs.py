"""Programs, names of services and Dolby Vision are read from tables that are written here."""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.media.facts.info_words import program_rows
from framescope.core.media.facts.programs import ProgramTables, read_programs
from framescope.core.model.stream_facts import DolbyVision, Program
from framescope.core.source.opening import probe
from tests.clips.encoding import Encoding, add_video_stream, clip_video_frame

if TYPE_CHECKING:
    from pathlib import Path


def test_what_ffmpeg_writes(tmp_path: Path) -> None:
    path = tmp_path / "clip.ts"
    with av.open(os.fspath(path), "w", options={"mpegts_service_id": "77"}) as container:
        container.metadata.update(service_name="Köln \x1b[2J", service_provider="WDR")
        video = add_video_stream(container, Encoding(frames=1))
        container.mux(video.encode(clip_video_frame(0, Encoding(frames=1))))
        container.mux(video.encode(None))
    contents = probe(path).contents
    assert contents.programs == (Program(77, "Köln \\x1b[2J", "WDR", (256,)),)
    assert [tuple(row) for row in program_rows(contents)] == [
        ("Program 77", "Köln \\x1b[2J, WDR", "streams 256")
    ]


def _checksum(data: bytes) -> int:
    """CRC-32/MPEG-2, bit by bit."""
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
    return value


def _section(table: int, number: int, body: bytes) -> bytes:
    head = struct.pack(">BHHBBB", table, 0xB000 | len(body) + 9, number, 0xC1, 0, 0)
    return head + body + struct.pack(">I", _checksum(head + body))


def _packets(pid: int, *sections: bytes, stride: int = 188) -> bytes:
    data = b"\0" + b"".join(sections)
    cut = [data[place : place + 184] for place in range(0, len(data), 184)]
    return b"".join(
        struct.pack(">BHB", 0x47, pid | (0 if place else 0x4000), 0x10 | place % 16)
        + part.ljust(184, b"\xff")
        + bytes(stride - 188)
        for place, part in enumerate(cut)
    )


def _service(number: int, name: bytes, provider: bytes) -> bytes:
    text = bytes((1, len(provider))) + provider + bytes((len(name),)) + name
    descriptor = bytes((0x48, len(text))) + text
    return struct.pack(">HBH", number, 0, 0x8000 | len(descriptor)) + descriptor


def _stream(pid: int, descriptors: bytes = b"") -> bytes:
    return struct.pack(">BHH", 0x24, 0xE000 | pid, 0xF000 | len(descriptors)) + descriptors


def _write(path: Path, services: bytes, streams: bytes, *, stride: int = 188) -> ProgramTables:
    plan = _section(0, 1, struct.pack(">HHHH", 0, 0xE010, 5, 0xE100))
    program = _section(2, 5, struct.pack(">HH", 0xE200, 0xF000) + streams)
    tables = (
        _packets(0, plan, stride=stride)
        + _packets(0x100, program, stride=stride)
        + _packets(0x11, _section(0x42, 1, b"\0\0\xff" + services), stride=stride)
    )
    path.write_bytes(tables * 3)
    return read_programs(path)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"BBC ONE", "BBC ONE"),
        (b"\x05T\xfcrk", "Türk"),
        (b"\x10\x00\x02\xb1", "ą"),
        (b"\x10\x00\x0c\xb1x", "\ufffdx"),
        (b"\x11\x04\x1f", "П"),
        (b"\x15\xc3\xa9", "é"),
        (b"\x86A\x87\x8aB", "A B"),
        (b"\x1fX", "X"),
        (b"\x05", ""),
        (b"", ""),
    ],
)
def test_texts_of_dvb(data: bytes, name: str, tmp_path: Path) -> None:
    found = _write(tmp_path / "a.ts", _service(5, data, b"P"), _stream(0x200))
    assert found.programs == (Program(5, name, "P", (0x200,)),)


@pytest.mark.parametrize("stride", [192, 204])
def test_long_tables_and_other_packets(stride: int, tmp_path: Path) -> None:
    services = b"".join(_service(number, b"n" * 60, b"p" * 60) for number in range(1, 6))
    found = _write(tmp_path / "a.ts", services, _stream(0x200) + _stream(0x201), stride=stride)
    assert found.programs == (Program(5, "n" * 60, "p" * 60, (0x200, 0x201)),)


def test_dolby_vision(tmp_path: Path) -> None:
    base = struct.pack(">BBBBHB", 0xB0, 5, 1, 0, 8 << 9 | 6 << 3 | 0b101, 0x4F)
    layer = struct.pack(">BBBBHHB", 0xB0, 7, 1, 0, 7 << 9 | 6 << 3 | 0b110, 0x2007, 0x6F)
    cut = struct.pack(">BBBB", 0xB0, 2, 1, 0)
    streams = _stream(0x200, base) + _stream(0x201, layer) + _stream(0x202, cut)
    found = _write(tmp_path / "a.ts", b"", streams)
    assert found.dolby_vision == {
        0x200: DolbyVision(8, 6, True, False, True, 4),  # noqa: FBT003 - as the descriptor has them
        0x201: DolbyVision(7, 6, False, True, True, 6),  # noqa: FBT003
    }


def test_damaged_tables_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.ts"
    _write(path, _service(5, b"name", b"P"), _stream(0x200))
    data = bytearray(path.read_bytes())
    for place in range(len(data)):
        if data[place : place + 4] == b"name":
            data[place] ^= 1
    path.write_bytes(data)
    assert read_programs(path).programs == (Program(5, "", "", (0x200,)),)
    for content in (b"", b"\x47", bytes(1000), bytes(data[:100]), b"\x47" * 2000):
        path.write_bytes(content)
        assert read_programs(path) == ProgramTables((), {})
    assert read_programs(tmp_path / "none.ts") == ProgramTables((), {})


def test_a_flood_of_programs_is_bounded(tmp_path: Path) -> None:
    listed = b"".join(struct.pack(">HH", number, 0xE100) for number in range(1, 1000))
    program = _packets(0x100, _section(2, 5, struct.pack(">HH", 0xE200, 0xF000) + _stream(0x200)))
    (tmp_path / "a.ts").write_bytes(_packets(0, _section(0, 1, listed)) + program * 5000)
    assert len(read_programs(tmp_path / "a.ts").programs) == 100
