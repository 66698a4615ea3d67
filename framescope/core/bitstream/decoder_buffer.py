"""The buffer before the decoder (VBV, HRD) that a stream declares, and how full it is over time.

The model is the leaky bucket of ISO/IEC 13818-2, annex C, and ITU-T H.264, annex C, simplified: bits arrive
at the declared rate, without a stop or, at a variable rate, until the buffer is full; each packet is removed
at once, at its decode time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.bitstream.bit_rate import frames_by_packet
from framescope.core.bitstream.syntax import read_header_syntax, read_packet_syntax
from framescope.core.media.facts.bit_rate_facts import why_no_buffer
from framescope.core.media.index import NO_PTS
from framescope.core.tables.table import Table
from framescope.core.text import bit_rate_words, grouped, size_words
from framescope.core.translation import tr, tr_plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.tables.table import Cell

_CLOCK = 90_000
_MPEG = frozenset({"mpeg1video", "mpeg2video"})
_UNLIMITED_RATE = 0x3FFFF
_NO_DELAY = 0xFFFF
"""MPEG's vbv_delay where the rate is variable."""


@dataclass(frozen=True, slots=True)
class DeclaredBuffer:
    """What a stream declares of the buffer that its decoder needs.

    Attributes:
        rate: Bits per second at which it fills.
        size_bytes: Its size.
        delay_s: How long it fills before the first packet is removed; None where the stream does not say, and
            it counts as full.
        is_constant: Whether bits arrive without a stop; otherwise only until it is full.
        head_bytes: What has arrived before the delay is counted.
    """

    rate: int
    size_bytes: float
    delay_s: float | None
    is_constant: bool
    head_bytes: int = 0

    @property
    def tolerance(self) -> float:
        """Smaller differences are ignored: the delay is rounded to 1/90000 s."""
        return 1 + self.rate / 8 / _CLOCK

    @property
    def sentence(self) -> str:
        """What is declared, and what is assumed."""
        way = (
            tr("filled at a constant {rate}", rate=bit_rate_words(self.rate))
            if self.is_constant
            else tr("filled at {rate} at most", rate=bit_rate_words(self.rate))
        )
        start = (
            tr("full when decoding starts")
            if self.delay_s is None
            else tr("filled for {seconds:.2f} s before decoding starts", seconds=self.delay_s)
        )
        return tr(
            "Declared: {size}, {way}, {start}; each packet is removed at its decode time.",
            size=size_words(self.size_bytes),
            way=way,
            start=start,
        )


@dataclass(frozen=True, eq=False)
class BufferLevels:
    """How full the buffer is; arrays are by packet number.

    Attributes:
        declared: The buffer.
        times_s: float64, decode times, from the first packet on.
        before: float64, bytes in it just before a packet is removed.
        after: float64, bytes just after; below zero where the packet has not arrived in time.
        frames: int64, the frame of each packet, or of the packet before where it yields none.
    """

    declared: DeclaredBuffer
    times_s: NDArray[np.float64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    frames: NDArray[np.int64]

    @property
    def underflows(self) -> NDArray[np.int64]:
        """Packets that have not arrived in whole when they are to be decoded, ascending."""
        return np.flatnonzero(self.after < -self.declared.tolerance)

    @property
    def overflows(self) -> NDArray[np.int64]:
        """Packets before which more has arrived than the buffer holds, ascending."""
        return np.flatnonzero(self.before > self.declared.size_bytes + self.declared.tolerance)

    @property
    def faults(self) -> NDArray[np.int64]:
        """Both, ascending."""
        return np.union1d(self.underflows, self.overflows)

    @property
    def sentence(self) -> str:
        """Whether the stream keeps to what is declared, and what is assumed."""
        largest = float(np.max(self.before - self.after, initial=0))
        if largest > self.declared.size_bytes:
            size = size_words(largest)
            words = tr("The declared buffer is implausible: the largest packet alone is {size}.", size=size)
            return f"{words} {self.declared.sentence}"
        late, full = len(self.underflows), len(self.overflows)
        faults = []
        if late:
            faults.append(
                tr_plural(
                    "{count} packet arrives too late (underflow)",
                    "{count} packets arrive too late (underflow)",
                    late,
                    count=grouped(late),
                )
            )
        if full:
            faults.append(
                tr_plural(
                    "before {count} packet, more has arrived than it holds (overflow)",
                    "before {count} packets, more has arrived than it holds (overflow)",
                    full,
                    count=grouped(full),
                )
            )
        verdict = "; ".join(faults) if faults else tr("the stream keeps to its buffer")
        return f"{verdict[:1].upper()}{verdict[1:]}. {self.declared.sentence}"

    def by_frame(self, count: int) -> NDArray[np.float32]:
        """float32 by frame number: the lowest share of the buffer that its packets leave, from 0 to 1.

        Below zero for an underflow, NaN for a frame without packets of its own.
        """
        shares = np.full(count, np.nan)
        np.fmin.at(shares, self.frames, self.after / self.declared.size_bytes)
        return shares.astype(np.float32)


def declared_buffer(
    info: VideoInfo, index: FrameIndex, *, cancel: CancelToken | None = None
) -> DeclaredBuffer | None:
    """What the stream's header and first packet declare; None where they declare no buffer.

    Raises:
        OpenError: The file cannot be opened, or has changed.
        Cancelled: The work was cancelled.
    """
    if why_no_buffer(info) or not len(index.packet_sizes):
        return None
    *_, header = read_header_syntax(info, index, cancel=cancel)
    *_, packet = read_packet_syntax(info, index, 0, cancel=cancel)
    values: dict[str, str] = {}
    for unit in (*header.units, *packet.units):
        for field in unit.fields:
            values.setdefault(field.name, field.value)
    found = buffer_from(info.codec, values)
    if found is None or info.codec not in _MPEG:
        return found
    # MPEG's delay counts from the end of the picture's start code, behind the headers of sequence and GOP.
    picture = next((one.unit for one in packet.units if one.unit.code == 0), None)
    return replace(found, head_bytes=0 if picture is None else picture.offset + 4)


def buffer_from(codec: str, values: Mapping[str, str]) -> DeclaredBuffer | None:
    """The buffer, by the values of the syntax elements; of several, the first."""
    numbers = {name: int(value) for name, value in values.items() if value.isdigit()}
    return _mpeg_buffer(codec, numbers) if codec in _MPEG else _hrd_buffer(numbers)


def _mpeg_buffer(codec: str, numbers: Mapping[str, int]) -> DeclaredBuffer | None:
    """ISO/IEC 13818-2, 6.3.3 and 6.3.9: the rate in 400 bit/s, the size in 2 KiB, the delay in 1/90000 s."""
    rate, size = numbers.get("bit_rate_value", 0), numbers.get("vbv_buffer_size_value", 0)
    if codec == "mpeg1video" and rate == _UNLIMITED_RATE:
        return None
    rate |= numbers.get("bit_rate_extension", 0) << 18
    size |= numbers.get("vbv_buffer_size_extension", 0) << 10
    if not rate or not size:
        return None
    delay = numbers.get("vbv_delay", _NO_DELAY)
    is_constant = delay != _NO_DELAY
    return DeclaredBuffer(rate * 400, size * 2048, delay / _CLOCK if is_constant else None, is_constant)


def _hrd_buffer(numbers: Mapping[str, int]) -> DeclaredBuffer | None:
    """ITU-T H.264, E.2.2, and H.265, E.3.3; the delay is that of the buffering period SEI message."""
    if "bit_rate_value_minus1[0]" not in numbers or "cpb_size_value_minus1[0]" not in numbers:
        return None
    delays = (
        *("initial_cpb_removal_delay[0]", "nal_initial_cpb_removal_delay[0]"),
        "vcl_initial_cpb_removal_delay[0]",
    )
    delay = next((numbers[name] for name in delays if name in numbers), None)
    return DeclaredBuffer(
        rate=(numbers["bit_rate_value_minus1[0]"] + 1) << (6 + numbers.get("bit_rate_scale", 0)),
        size_bytes=((numbers["cpb_size_value_minus1[0]"] + 1) << (4 + numbers.get("cpb_size_scale", 0))) / 8,
        delay_s=None if delay is None else delay / _CLOCK,
        is_constant=numbers.get("cbr_flag[0]", 0) == 1,
    )


def buffer_levels(index: FrameIndex, declared: DeclaredBuffer) -> BufferLevels | None:
    """How full the buffer is at each packet listed so far; None where the packets have no times."""
    frames = frames_by_packet(index)
    times = _decode_times(index, len(frames))
    if times is None:
        return None
    sizes = index.packet_sizes[: len(frames)].astype(np.float64)
    per_second, most = declared.rate / 8, declared.size_bytes
    start = most if declared.delay_s is None else per_second * declared.delay_s + declared.head_bytes
    if not declared.is_constant:
        start = min(start, most)
    # What would be there if nothing were ever refused, before each packet is removed …
    before = start + per_second * times - (np.cumsum(sizes) - sizes)
    if not declared.is_constant:
        # … less what was refused until then because the buffer was full.
        before -= np.maximum.accumulate(np.maximum(before - most, 0.0))
    return BufferLevels(declared, times, before, before - sizes, frames)


def _decode_times(index: FrameIndex, count: int) -> NDArray[np.float64] | None:
    """When each of the first packets is decoded, in seconds from the first on; None if that is not known.

    By the dts; where there are too few, in the order in which frames are shown, later by a constant. Packets
    without a time are put between the others.
    """
    scale = float(index.time_base)
    packets, values = _known(index.packet_numbers, index.dts)
    if len(packets) < max(len(index) // 2, 2):
        packets, values = _known(index.packet_numbers, index.shown_pts)
        packets, values = np.sort(packets), np.sort(values)
    packets, first_of_each = np.unique(packets, return_index=True)
    if len(packets) < 2:
        return np.zeros(count) if count == 1 else None
    seconds = (values[first_of_each] - values[first_of_each][0]) * scale
    # Time that jumps back, as where streams were joined, goes on as if it had stood still.
    seconds = np.cumsum(np.maximum(np.diff(seconds, prepend=0.0), 0.0))
    numbers = np.arange(count)
    times = np.interp(numbers, packets, seconds)
    step = float(np.median(np.diff(seconds) / np.diff(packets)))
    times += np.maximum(numbers - packets[-1], 0) * step - np.maximum(packets[0] - numbers, 0) * step
    shifted: NDArray[np.float64] = times - times[0]
    return shifted


def _known(
    packet_numbers: NDArray[np.int32], values: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The packets that have a value, and their values, in decode order."""
    known = np.flatnonzero(values != NO_PTS)
    order = known[np.argsort(packet_numbers[known], kind="stable")]
    return packet_numbers[order].astype(np.int64), values[order]


def buffer_rows(levels: BufferLevels) -> Table:
    """A row per packet: its decode time, and the bytes in the buffer before and after it is removed."""

    def rows() -> Iterator[tuple[Cell, ...]]:
        late, full = set(levels.underflows.tolist()), set(levels.overflows.tolist())
        for number in range(len(levels.times_s)):
            yield (
                number,
                int(levels.frames[number]),
                round(float(levels.times_s[number]), 6),
                round(float(levels.before[number]), 3),
                round(float(levels.after[number]), 3),
                number in late,
                number in full,
            )

    columns = (
        *("packet_number", "frame_number", "decode_time_s", "bytes_before", "bytes_after"),
        *("is_underflow", "is_overflow"),
    )
    declared = levels.declared
    head = {
        "rate_bits_per_second": declared.rate,
        "size_bytes": declared.size_bytes,
        "delay_s": declared.delay_s,
        "is_constant_rate": declared.is_constant,
    }
    return Table("packets", columns, len(levels.times_s), rows, head)
