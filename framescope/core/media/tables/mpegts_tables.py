"""Packet tables of plain MPEG transport streams, reading all headers of a section of the file at once.

A transport stream has no index; FFmpeg must read it completely and split the bytes into pictures. If each PES
packet holds one picture, its headers give the same result. If they do not, or anything is unusual, a scan is
needed. Source: ISO/IEC 13818-1 (2.4.3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.container import open_bytes, open_container
from framescope.core.media.keyframe_check import (
    KeyframeRule,
    flags_hold,
    h264_rule_by_start_codes,
    hevc_rule_by_start_codes,
    left_to_a_scan,
    refuse,
)
from framescope.core.media.tables.packet_table import PacketTable, PartialClock, PartialTable
from framescope.core.model.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from framescope.core.pyav import demux

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from io import FileIO

    from numpy.typing import NDArray

_SIZE = 188
_PACKETS_A_CHUNK = 1 << 16
_HEADER, _DELIMITER, _HEAD = 19, 6, 4096
"""Bytes of a PES header up to both timestamps, of an access unit delimiter, and of a picture's headers."""

_PAT = 0
_WRAP = 1 << 33
_MINUTE = 60 * 90_000
_COMPARED = 150
"""Packets at the start that are compared with FFmpeg's own; any deviation shows there."""

_DELIMITERS = {"h264": b"\0\0\0\1\x09", "hevc": b"\0\0\0\1\x46"}
_RULES: dict[str, Callable[[bytes], KeyframeRule]] = {
    "h264": h264_rule_by_start_codes,
    "hevc": hevc_rule_by_start_codes,
}


@left_to_a_scan
def read_mpegts_tables(  # noqa: PLR0913 - every option is named at the call
    source: str | os.PathLike[str],
    pid: int,
    codec: str,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    on_partial: PartialTable | None = None,
) -> PacketTable:
    """List the packets of one stream from its headers, or return None if a scan is needed.

    It returns None for codecs other than H.264 and HEVC, pictures that do not each begin with a PES packet
    and an access unit delimiter, interlaced video, lost or scrambled packets, changing programs, clocks that
    wrap, keyframe flags that contradict the stream, and for anything that FFmpeg lists differently at the
    start.

    The table equals a packet scan's in pts, size, position and keyframe flag, and in dts where one is stored;
    elsewhere dts is the pts, some of which FFmpeg may drop.

    Args:
        source: A local file, or an address of a store.
        pid: The stream's packet identifier (PyAV's ``stream.id``).
        codec: FFmpeg's codec name.
        progress: Receives the number of bytes processed.
        cancel: Stops the work.
        on_partial: Receives the partial table at intervals.

    Raises:
        Cancelled: The work was cancelled.
    """
    refuse(codec not in _RULES, "a parser decides")
    with open_bytes(source) as file:
        listing = _Listing(source, file, pid, codec)
        return listing.carry_out(progress, cancel or CancelToken(), on_partial)


@dataclass(slots=True)
class _Columns:
    """The data recorded for the stream, chunk by chunk."""

    lengths: list[NDArray[np.uint8]] = field(default_factory=list)
    starts: list[NDArray[np.int64]] = field(default_factory=list)
    positions: list[NDArray[np.int64]] = field(default_factory=list)
    headers: list[NDArray[np.uint8]] = field(default_factory=list)
    flags: list[NDArray[np.bool_]] = field(default_factory=list)
    packet_count: int = 0
    counter: int | None = None
    tables: dict[int, bytes] = field(default_factory=dict)


class _Listing:
    """One read of a file's headers, with its checks."""

    def __init__(self, source: str | os.PathLike[str], file: FileIO, pid: int, codec: str) -> None:
        self._source, self._file = source, file
        self._pid, self._codec = pid, codec
        self._columns = _Columns()
        self._rule: KeyframeRule | None = None

    def carry_out(
        self, progress: ProgressCallback, cancel: CancelToken, on_partial: PartialTable | None
    ) -> PacketTable:
        """Read to the end."""
        total = self._file.seek(0, 2)
        refuse(total == 0 or total % _SIZE != 0, "not whole packets")
        buffer = bytearray(_PACKETS_A_CHUNK * _SIZE)
        clock = PartialClock()
        done = 0
        while done < total:
            cancel.raise_if_cancelled()
            progress(Progress(done, total, "Reading packets"))
            self._file.seek(done)
            count = self._file.readinto(memoryview(buffer)[: min(len(buffer), total - done)])
            refuse(count == 0 or count % _SIZE != 0, "the file shrinks")
            packets = np.frombuffer(buffer, np.uint8, count).reshape(-1, _SIZE)
            _note_chunk(self._columns, packets, done, self._pid, self._codec)
            done += count
            pictures = sum(map(len, self._columns.starts))
            if on_partial is not None and done < total and pictures > 1 and clock.is_due(pictures):
                on_partial(self._table(complete=False))
        return self._table(complete=True)

    def _table(self, *, complete: bool) -> PacketTable:
        table = _table(self._columns, complete=complete)
        read = _picture_reader(self._file, self._pid)
        if self._rule is None:
            refuse(not _begins_as_ffmpeg_says(self._source, self._pid, table), "FFmpeg lists other packets")
            self._rule = _RULES[self._codec](read(int(table.positions[0]), _HEAD))
        refuse(not flags_hold(self._rule, read, table), "the stream has other keyframes")
        return table


def _note_chunk(columns: _Columns, packets: NDArray[np.uint8], offset: int, pid: int, codec: str) -> None:
    words = np.ascontiguousarray(packets[:, :4]).view(">u4")[:, 0].astype(np.uint32)
    refuse(bool((words >> 24 != 0x47).any()), "packets out of step")
    pids = (words >> 8 & 0x1FFF).astype(np.uint32)
    _watch_programs(columns, packets, words, pids)
    rows = np.flatnonzero(pids == pid)
    words = words[rows]
    refuse(bool((words & 0x8000C0).any()), "damaged or scrambled packets")
    has_fields, has_payload = (words & 0x20) != 0, (words & 0x10) != 0
    fields = np.where(has_fields, packets[rows, 4].astype(np.int64) + 1, 0)
    field_flags = np.where(fields > 1, packets[rows, 5], 0)
    refuse(bool((field_flags & 0x80).any()) or bool((fields > _SIZE - 4).any()), "the stream is cut off")
    _count_on(columns, words[has_payload] & 15)
    begins = np.flatnonzero((words & 0x400000) != 0)
    refuse(
        columns.packet_count == 0 and len(rows) > 0 and not (len(begins) and begins[0] == 0), "a cut start"
    )
    columns.lengths.append(np.where(has_payload, _SIZE - 4 - fields, 0).astype(np.uint8))
    columns.starts.append(columns.packet_count + begins)
    columns.positions.append(offset + rows[begins] * _SIZE)
    columns.flags.append((field_flags[begins] & 0x40) != 0)
    columns.headers.append(_pes_headers(packets, rows[begins], 4 + fields[begins], codec))
    columns.packet_count += len(rows)


def _watch_programs(
    columns: _Columns, packets: NDArray[np.uint8], words: NDArray[np.uint32], pids: NDArray[np.uint32]
) -> None:
    """Refuse a stream whose program tables change: FFmpeg would start new streams."""
    watched = {_PAT, *_program_pids(columns.tables.get(_PAT))}
    for pid in watched:
        rows = np.flatnonzero(pids == pid)
        if not len(rows):
            continue
        refuse(bool((words[rows] & 0x400000 == 0).any()), "a table longer than a packet")
        known = columns.tables.setdefault(pid, packets[rows[0], 4:].tobytes())
        same = packets[rows, 4:] == np.frombuffer(known, np.uint8)
        refuse(not same.all(), "the program changes")
        if pid == _PAT and len(watched) == 1:
            _watch_programs(columns, packets, words, pids)
            return


def _program_pids(table: bytes | None) -> list[int]:
    """The PIDs of the program map tables, from the PAT (2.4.4.3)."""
    if table is None:
        return []
    start = 1 + table[0]
    stop = start + 3 + (int.from_bytes(table[start + 1 : start + 3], "big") & 0xFFF) - 4
    entries = [table[place : place + 4] for place in range(start + 8, min(stop, len(table)), 4)]
    return [int.from_bytes(entry[2:], "big") & 0x1FFF for entry in entries if entry[:2] != b"\0\0"]


def _count_on(columns: _Columns, counters: NDArray[np.uint32]) -> None:
    """Refuse a stream in which packets are missing or repeated."""
    if not len(counters):
        return
    expected = int(counters[0]) if columns.counter is None else (columns.counter + 1) % 16
    run = (expected + np.arange(len(counters))) % 16
    refuse(bool((run != counters).any()), "packets are missing")
    columns.counter = int(counters[-1])


def _pes_headers(
    packets: NDArray[np.uint8], rows: NDArray[np.int64], places: NDArray[np.int64], codec: str
) -> NDArray[np.uint8]:
    """The first bytes of each PES packet, checked: (packets, 19) uint8."""
    refuse(bool((places + _HEADER > _SIZE).any()), "a header cut in two")
    headers: NDArray[np.uint8] = packets[rows[:, None], places[:, None] + np.arange(_HEADER)]
    is_video = (headers[:, :3] == (0, 0, 1)).all(axis=1) & (headers[:, 3] >> 4 == 0xE)
    has_pts = (headers[:, 6] & 0xF0 == 0x80) & (headers[:, 7] & 0x80 != 0)
    refuse(not (is_video & has_pts).all(), "a packet without a time, or scrambled")
    starts = places + 9 + headers[:, 8]
    refuse(bool((starts + _DELIMITER > _SIZE).any()), "a header cut in two")
    wanted = np.frombuffer(_DELIMITERS[codec], np.uint8)
    heads = packets[rows[:, None], starts[:, None] + np.arange(len(wanted))]
    refuse(not (heads == wanted).all(), "pictures do not begin with a packet")
    return headers


def _table(columns: _Columns, *, complete: bool) -> PacketTable:
    starts = np.concatenate(columns.starts) if columns.starts else np.empty(0, np.int64)
    refuse(len(starts) == 0, "no such stream")
    headers = np.concatenate(columns.headers)
    gross = np.add.reduceat(np.concatenate(columns.lengths).astype(np.int64), starts)
    sizes = gross - 9 - headers[:, 8]
    announced = headers[:, 4].astype(np.int64) << 8 | headers[:, 5]
    is_other = (announced != 0) & (announced + 6 != gross)
    whole = slice(None) if complete else slice(0, -1)
    refuse(bool((sizes[whole] <= 0).any()) or int(sizes.max()) >= 1 << 31, "odd sizes")
    refuse(bool(is_other[whole].any()), "a packet of another length")
    pts = _timestamps(headers[:, 9:14])
    dts = np.where(headers[:, 7] & 0x40 != 0, _timestamps(headers[:, 14:19]), pts)
    refuse(int(dts[0]) > _WRAP // 8 * 7 or int(min(pts.min(), dts.min())) < dts[0] - _MINUTE, "a clock wraps")
    refuse(bool((np.diff(dts[whole]) < 0).any()), "decoding times go backwards")
    # The last picture continues at the current read position.
    count = len(starts) if complete else len(starts) - 1
    refuse(count == 0, "no picture yet")
    flags = np.zeros(count, np.bool_)
    return PacketTable(
        pts=pts[:count],
        dts=dts[:count],
        sizes=sizes[:count].astype(np.int32),
        positions=np.concatenate(columns.positions)[:count],
        is_keyframe=np.concatenate(columns.flags)[:count],
        is_discard=flags,
        is_corrupt=flags.copy(),
        picture_type_codes=np.zeros(count, np.uint8),
        complete=complete,
    )


def _timestamps(fields: NDArray[np.uint8]) -> NDArray[np.int64]:
    """33 bits in five bytes with markers between them (2.4.3.7)."""
    wide = fields.astype(np.int64)
    upper = (wide[:, 0] >> 1 & 7) << 30 | wide[:, 1] << 22 | wide[:, 2] >> 1 << 15
    times: NDArray[np.int64] = upper | wide[:, 3] << 7 | wide[:, 4] >> 1
    return times


def _picture_reader(file: FileIO, pid: int) -> Callable[[int, int], bytes]:
    """Read the first bytes of the picture whose PES packet begins at a position."""

    def read(position: int, size: int) -> bytes:
        parts: list[bytes] = []
        missing = size
        file.seek(position)
        window = file.read(_SIZE * (size // 128 + 16))
        for place in range(0, len(window) - _SIZE + 1, _SIZE):
            packet = window[place : place + _SIZE]
            if (packet[1] & 0x1F) << 8 | packet[2] != pid or not packet[3] & 0x10:
                continue
            if packet[1] & 0x40 and parts:
                break
            start = 4 + (packet[4] + 1 if packet[3] & 0x20 else 0)
            if not parts:
                start += 9 + packet[start + 8]
            parts.append(packet[start:])
            missing -= len(parts[-1])
            if missing <= 0:
                break
        return b"".join(parts)[:size]

    return read


def _begins_as_ffmpeg_says(source: str | os.PathLike[str], pid: int, table: PacketTable) -> bool:
    """Whether FFmpeg lists the same first packets."""
    with open_container(source) as container:
        stream = next((one for one in container.streams.video if one.id == pid), None)
        if stream is None:
            return False
        for number, packet in enumerate(demux(container, stream)):
            if number == min(_COMPARED, len(table)):
                return True
            expected = (int(table.positions[number]), int(table.sizes[number]), int(table.pts[number]))
            is_same = (packet.pos, packet.size, packet.pts) == expected and not packet.is_corrupt
            if not is_same or packet.is_keyframe != bool(table.is_keyframe[number]):
                return False
    return False
