"""Reads the programs of a transport stream, with names of services, which PyAV does not expose."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from framescope.core.media.container import open_bytes
from framescope.core.media.facts.dolby_vision import dolby_vision_record
from framescope.core.model.stream_facts import DolbyVision, Program
from framescope.core.printable import printable

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

_SIZE, _SYNC = 188, 0x47
_STRIDES = (188, 192, 204)
"""Bytes from packet to packet: plain, with a time of arrival (M2TS), with parity."""
_BYTES_READ = 4 << 20
"""Programs are repeated every tenth of a second, the names of services every two seconds at most."""
_MOST_PROGRAMS, _MOST_PACKETS = 100, 500
"""Programs, and packets of one table, that are looked at."""
_PAT, _SDT = 0, 0x11
_PAT_TABLE, _PMT_TABLE, _SDT_TABLE = 0, 2, 0x42
_SERVICE, _DOLBY_VISION = 0x48, 0xB0
"""Descriptors (ETSI EN 300 468, 6.2.33; Dolby Vision streams within the MPEG-2 transport stream, 3.2)."""
_REVERSED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))
_EMPHASIS, _NEW_LINE = bytes((0x86, 0x87)), b"\x8a"
"""Control codes of the one-byte tables (ETSI EN 300 468, A.1)."""


class ProgramTables(NamedTuple):
    """What the tables of a transport stream say.

    Attributes:
        programs: In the order of the stream's list of programs.
        dolby_vision: By the PID of the stream.
    """

    programs: tuple[Program, ...]
    dolby_vision: Mapping[int, DolbyVision]


def read_programs(source: str | os.PathLike[str]) -> ProgramTables:
    """The programs by the first megabytes of a file; none where they are damaged or absent."""
    try:
        with open_bytes(source) as file:
            packets = _packets(np.frombuffer(file.read(_BYTES_READ), np.uint8))
    except OSError:
        packets = None
    if packets is None:
        return ProgramTables((), {})
    pids = (packets[:, 1].astype(np.int64) & 0x1F) << 8 | packets[:, 2]
    names = dict(_services(packets[pids == _SDT]))
    programs: list[Program] = []
    dolby: dict[int, DolbyVision] = {}
    listed = dict(_listed(packets[pids == _PAT]))
    for number, pid in list(listed.items())[:_MOST_PROGRAMS]:
        streams = dict(_streams(packets[pids == pid], number))
        dolby |= {stream: found for stream, found in streams.items() if found is not None}
        name, provider = names.get(number, ("", ""))
        programs.append(Program(number, name, provider, tuple(streams)))
    return ProgramTables(tuple(programs), dolby)


def _packets(data: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """(packets, 188) uint8; None if there are none."""
    for stride in _STRIDES:
        for offset in np.flatnonzero(data[:stride] == _SYNC).tolist():
            heads = data[offset::stride]
            if len(heads) >= 5 and (heads[:5] == _SYNC).all():
                count = (len(data) - offset) // stride
                rows = data[offset : offset + count * stride].reshape(count, stride)[:, :_SIZE]
                kept: NDArray[np.uint8] = rows[rows[:, 0] == _SYNC]
                return kept
    return None


def _sections(packets: NDArray[np.uint8], table: int) -> Iterator[bytes]:
    """The sections of a table whose checksum is right (ISO/IEC 13818-1, 2.4.4), without header and checksum.

    Each begins with the five bytes after its length.
    """
    waiting: bytes | None = None
    for packet in packets[:_MOST_PACKETS]:
        head = int(packet[3])
        payload = packet[4 + (int(packet[4]) + 1 if head & 0x20 else 0) :].tobytes() if head & 0x10 else b""
        if payload and packet[1] & 0x40:
            rest = 1 + payload[0]
            whole = (waiting or b"") + payload[1:rest]
            yield from _whole_sections(whole, table)
            waiting = payload[rest:]
        elif waiting is not None:
            waiting += payload
    yield from _whole_sections(waiting or b"", table)


def _whole_sections(data: bytes, table: int) -> Iterator[bytes]:
    place = 0
    while place + 3 <= len(data) and data[place] != 0xFF:
        stop = place + 3 + (int.from_bytes(data[place + 1 : place + 3], "big") & 0xFFF)
        section = data[place:stop]
        is_whole = len(section) == stop - place
        if is_whole and section[0] == table and zlib.crc32(section.translate(_REVERSED)) == 0xFFFFFFFF:
            yield section[3:-4]
        place = stop


def _listed(packets: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """Number of each program, and the PID of its map."""
    for section in _sections(packets, _PAT_TABLE):
        for place in range(5, len(section) - 3, 4):
            number = int.from_bytes(section[place : place + 2], "big")
            if number:
                yield number, int.from_bytes(section[place + 2 : place + 4], "big") & 0x1FFF


def _streams(packets: NDArray[np.uint8], number: int) -> Iterator[tuple[int, DolbyVision | None]]:
    """PID of each stream of a program, and what is declared of Dolby Vision."""
    for section in _sections(packets, _PMT_TABLE):
        if int.from_bytes(section[:2], "big") != number:
            continue
        place = 9 + (int.from_bytes(section[7:9], "big") & 0xFFF)
        while place + 5 <= len(section):
            pid = int.from_bytes(section[place + 1 : place + 3], "big") & 0x1FFF
            stop = place + 5 + (int.from_bytes(section[place + 3 : place + 5], "big") & 0xFFF)
            found = dict(_descriptors(section[place + 5 : stop])).get(_DOLBY_VISION)
            yield pid, None if found is None else _dolby_vision(found)
            place = stop


def _dolby_vision(descriptor: bytes) -> DolbyVision | None:
    """As a decoder configuration record, which has no PID of a base layer in another stream."""
    has_base = len(descriptor) > 3 and descriptor[3] & 1
    return dolby_vision_record(descriptor[:4] + descriptor[4 if has_base else 6 :])


def _services(packets: NDArray[np.uint8]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Name and provider by the number of the program (ETSI EN 300 468, 5.2.3)."""
    for section in _sections(packets, _SDT_TABLE):
        place = 8
        while place + 5 <= len(section):
            stop = place + 5 + (int.from_bytes(section[place + 3 : place + 5], "big") & 0xFFF)
            found = dict(_descriptors(section[place + 5 : stop])).get(_SERVICE, b"")
            if len(found) >= 3:
                middle = 2 + found[1]
                # The name is the rest; its length comes before it.
                name, provider = _text(found[middle + 1 :]), _text(found[2:middle])
                yield int.from_bytes(section[place : place + 2], "big"), (name, provider)
            place = stop


def _descriptors(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 2 <= len(data):
        stop = place + 2 + data[place + 1]
        yield data[place], data[place + 2 : stop]
        place = stop


def _text(data: bytes) -> str:
    """A text of DVB (ETSI EN 300 468, annex A); letters of ISO/IEC 6937 beyond ASCII become U+FFFD."""
    first = data[0] if data else 0x20
    if first == 0x11:
        return printable(data[1:].decode("utf-16-be", "replace").strip())
    if first == 0x15:
        return printable(data[1:].decode("utf-8", "replace").strip())
    part, start = (first + 4, 1) if first <= 0x0B else (0, int(first < 0x20))
    if first == 0x10 and len(data) >= 3:
        part, start = data[2], 3
    # There is no ISO/IEC 8859-12.
    table = f"iso8859_{part}" if part in range(1, 16) and part != 12 else "ascii"
    plain = data[start:].translate(None, _EMPHASIS).replace(_NEW_LINE, b" ")
    return printable(plain.decode(table, "replace").strip())
