"""The units of a packet with their syntax elements, read by FFmpeg in a child process (``trace_worker``)."""

from __future__ import annotations

import base64
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from framescope.core.audit.child_process import ChildEnded, ChildProcess, Limits
from framescope.core.audit.records import TrialState
from framescope.core.bitstream.meanings import bytes_meaning, meaning, message_name, says_kind
from framescope.core.bitstream.packet_table import check_has_packets, ends_early
from framescope.core.bitstream.packets import PacketReader, check_packet_number, packet_facts
from framescope.core.bitstream.units import Framing, UnitSplitter, has_units, leb128
from framescope.core.errors import Cancelled
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.translation import tr, tr_later, tr_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from framescope.core.audit.messages import Message
    from framescope.core.bitstream.packets import PacketFacts
    from framescope.core.bitstream.units import Split, Unit
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_WORKER = "framescope.core.bitstream.trace_worker"
_UNREADABLE = frozenset({"mpeg4"})
"""Codecs whose packets have units, and whose syntax FFmpeg does not list."""
_HEAD_BYTES = 1 << 14
"""How much of a slice or frame is passed on: only its header is listed."""
_MOST_MESSAGE_BYTES = 1 << 16
"""SEI and user data larger than this are not read: the log has a line for each of their bytes."""
_MOST_BYTES = 1 << 25
"""For a packet and everything it depends on, in total."""
_LIMITS = Limits(silence_s=20.0, memory_bytes=1 << 30)

_TOO_LARGE = tr_later("Too large to be listed.")
_MESSAGE_TYPES = frozenset({"last_payload_type_byte", "payload_type_byte"})
_REPEATS = "show_existing_frame"
_LONGER = "ff_byte"
"""Before the last byte of a message type or size, each stands for 255."""
_MOST_BYTES_SHOWN = 32


@dataclass(frozen=True, slots=True)
class Field:
    """One syntax element, or an array of them.

    Attributes:
        section: The syntax structure it is part of, such as ``Sequence Parameter Set``.
        name: The standard's name.
        bit: Its first bit, from the start of the unit, emulation prevention bytes not counted.
        bits: Its length in bits.
        value: As number, or numbers separated by commas.
        meaning: What the value stands for; empty if nothing else than itself.
        start: The first byte of the packet that it lies in.
        stop: The byte after its last.
    """

    section: str
    name: str
    bit: int
    bits: int
    value: str
    meaning: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class UnitSyntax:
    """A unit and what it says.

    Attributes:
        unit: Its type and place.
        kind: Its slice or frame type, or the SEI messages it holds; empty if it has none.
        fields: Its syntax elements, in order; for slices and frames those of the header.
        problem: A sentence on why there are none, or why they end early; empty if all is well.
    """

    unit: Unit
    kind: str = ""
    fields: tuple[Field, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PacketSyntax:
    """A packet, or the header of a stream, with its units.

    Attributes:
        facts: What the demuxer says of it; None for the header.
        data: All its bytes.
        units: Its units, in order; empty if the codec has none that can be told apart.
        is_whole: Whether these are all units; otherwise the framing is damaged, or there are too many.
        has_fields: Whether the syntax elements have been read, or tried.
    """

    facts: PacketFacts | None
    data: bytes
    units: tuple[UnitSyntax, ...]
    is_whole: bool
    has_fields: bool


class Piece(NamedTuple):
    """What is passed on of a unit, and whether its syntax elements are wanted."""

    data: bytes
    is_wanted: bool


def has_syntax(codec: str) -> bool:
    """Whether FFmpeg lists the syntax elements of this codec's units."""
    return has_units(codec) and codec not in _UNREADABLE


def read_packet_syntax(
    info: VideoInfo,
    index: FrameIndex,
    packet_number: int,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Iterator[PacketSyntax]:
    """A packet: first its bytes and the names of its units, then the same with their syntax elements.

    Raises:
        OpenError: The file cannot be opened, or has changed.
        SettingsError: There is no such packet.
        UnsupportedMediaError: The source has no packets of its own.
        Cancelled: The work was cancelled.
    """
    check_has_packets(info)
    check_packet_number(index, packet_number)
    cancel = cancel or CancelToken()
    with PacketReader(info, index) as reader:
        splitter = UnitSplitter(info.codec, reader.extradata) if has_units(info.codec) else None
        earlier = _Earlier(info.codec, splitter, reader.extradata)
        packets = reader.from_entry(packet_number, progress=progress, cancel=cancel)
        for number, packet in packets:
            if number == packet_number:
                facts, data = packet_facts(packet, number, index), bytes(packet)
                break
            if splitter is not None:
                earlier.add(bytes(packet))
        else:
            raise ends_early(info, packet_number)
    if splitter is None:
        yield PacketSyntax(facts, data, (), is_whole=True, has_fields=True)
        return
    yield from _in_two_steps(info.codec, splitter, facts, data, splitter.split(data), earlier.pieces, cancel)


def read_header_syntax(
    info: VideoInfo, index: FrameIndex, *, cancel: CancelToken | None = None
) -> Iterator[PacketSyntax]:
    """The stream's header as the container stores it, with its parameter sets; see `read_packet_syntax`.

    Raises:
        OpenError: The file cannot be opened.
        UnsupportedMediaError: The source has no packets of its own.
        Cancelled: The work was cancelled.
    """
    check_has_packets(info)
    with PacketReader(info, index) as reader:
        data = reader.extradata
    if not has_units(info.codec):
        yield PacketSyntax(None, data, (), is_whole=True, has_fields=True)
        return
    splitter = UnitSplitter(info.codec, data)
    split = splitter.header_split
    yield from _in_two_steps(info.codec, splitter, None, data, split, [], cancel or CancelToken())


def read_parameter_sets(info: VideoInfo, *, cancel: CancelToken | None = None) -> tuple[UnitSyntax, ...]:
    """The units of the stream's header, or of its first packet where there is no header.

    Args:
        info: A video with packets of a codec with units.
        cancel: Cancels the work.

    Raises:
        OpenError: The file cannot be opened.
        Cancelled: The work was cancelled.
    """
    cancel = cancel or CancelToken()
    with StreamDecoder(info.source, info.stream_index, single_thread=True) as decoder:
        data = bytes(decoder.context.extradata or b"")
        splitter = UnitSplitter(info.codec, data)
        units = splitter.header_split.units
        if not units:
            data = bytes(next(decoder.packets(), b""))
            units = splitter.split(data).units
    return tuple(_with_fields(info.codec, splitter, data, units, [], cancel))


class _Earlier:
    """What must have been read before a packet can be: parameter sets, or the headers of all frames."""

    def __init__(self, codec: str, splitter: UnitSplitter | None, extradata: bytes) -> None:
        self._splitter = splitter
        self._left = _MOST_BYTES
        self.pieces: list[Piece] = []
        if splitter is not None and has_syntax(codec):
            for unit in splitter.header_split.units:
                self._take(passed_on(splitter, extradata, unit))

    def add(self, packet: bytes) -> None:
        """Take what is needed of an earlier packet."""
        splitter = self._splitter
        if splitter is None or self._left < 0:
            return
        for unit in splitter.split(packet).units:
            if splitter.is_parameter_set(unit):
                self._take(passed_on(splitter, packet, unit))
            elif splitter.framing is Framing.OBU:
                self._take(short_obu(packet, unit))
            elif splitter.framing is Framing.FRAMES:
                self._take(packet[unit.offset : unit.offset + min(unit.size, _HEAD_BYTES)])

    def _take(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left >= 0:
            self.pieces.append(Piece(data, is_wanted=False))


def _in_two_steps(  # noqa: PLR0913, PLR0917 - all of a packet
    codec: str,
    splitter: UnitSplitter,
    facts: PacketFacts | None,
    data: bytes,
    split: Split,
    earlier: list[Piece],
    cancel: CancelToken,
) -> Iterator[PacketSyntax]:
    units = tuple(UnitSyntax(unit) for unit in split.units)
    yield PacketSyntax(facts, data, units, split.is_whole, has_fields=False)
    cancel.raise_if_cancelled()
    read = (
        list(_with_fields(codec, splitter, data, split.units, earlier, cancel))
        if has_syntax(codec)
        else units
    )
    yield PacketSyntax(facts, data, tuple(read), split.is_whole, has_fields=True)


def _with_fields(  # noqa: PLR0913, PLR0917 - likewise
    codec: str,
    splitter: UnitSplitter,
    data: bytes,
    units: Sequence[Unit],
    earlier: list[Piece],
    cancel: CancelToken,
) -> Iterator[UnitSyntax]:
    left = _MOST_BYTES
    pieces: list[Piece | None] = []
    for unit in units:
        passed = passed_on(splitter, data, unit)
        left -= len(passed)
        is_message = "SEI" in unit.name or "user data" in unit.name
        is_too_large = left < 0 or (is_message and unit.size > _MOST_MESSAGE_BYTES)
        pieces.append(None if is_too_large else Piece(passed, is_wanted=True))
    answers = trace_units(codec, [*earlier, *(piece for piece in pieces if piece is not None)], cancel)
    for unit, piece in zip(units, pieces, strict=True):
        if piece is None:
            yield UnitSyntax(unit, problem=tr_stored(_TOO_LARGE))
            continue
        answer = next(answers)
        place = _places(splitter, data, unit)
        fields = tuple(_fields(codec, answer["fields"], place))
        yield UnitSyntax(unit, _kind(fields), fields, answer["problem"])


def trace_units(codec: str, pieces: Sequence[Piece], cancel: CancelToken) -> Iterator[Message]:
    """What a child process says of each piece that is wanted, in order; of all, whatever happens to it.

    Raises:
        Cancelled: The work was cancelled.
    """
    job = {
        "codec": codec,
        "units": [(base64.b64encode(piece.data).decode(), piece.is_wanted) for piece in pieces],
    }
    wanted = sum(piece.is_wanted for piece in pieces)
    if not wanted:
        return
    reason = ""
    with ChildProcess(_WORKER, _LIMITS, cancel) as child:
        child.send(job)
        try:
            for message in child.receive():
                if message["kind"] == "unit":
                    wanted -= 1
                    yield message
                elif message["kind"] == "failed":
                    reason = message["text"]
        except ChildEnded as ended:
            if ended.state is TrialState.CANCELLED:
                raise Cancelled from ended
            reason = tr("FFmpeg could not read it: {reason}", reason=ended.message)
    for _ in range(wanted):
        yield {"kind": "unit", "fields": [], "problem": reason}


def passed_on(
    splitter: UnitSplitter, data: bytes, unit: Unit, most_bytes: int = _MOST_MESSAGE_BYTES
) -> bytes:
    """A unit as FFmpeg is to read it, without the parts of it that it need not see."""
    stop = unit.offset + unit.size
    if splitter.framing is Framing.OBU:
        return data[unit.offset : stop]
    body = data[unit.offset : min(stop, unit.offset + most_bytes)]
    return b"\x00\x00\x00\x01" + body if splitter.framing is Framing.NAL else body


def short_obu(data: bytes, unit: Unit, most_bytes: int = _HEAD_BYTES) -> bytes:
    """An open bitstream unit with the start of its content only, and a size to match."""
    whole = data[unit.offset : unit.offset + unit.size]
    if unit.size <= most_bytes or not whole[0] & 0x02:
        return whole
    head = 2 if whole[0] & 0x04 else 1
    _, length = leb128(whole, head)
    content = whole[head + length :][:most_bytes]
    size = len(content)
    return whole[:head] + bytes((size & 0x7F | 0x80, size >> 7 & 0x7F | 0x80, size >> 14)) + content


def _places(splitter: UnitSplitter, data: bytes, unit: Unit) -> Callable[[int, int], tuple[int, int]]:
    """Where bits of a unit are in its packet, as first byte and the byte after the last."""
    prevention: list[int] = []
    first = unit.offset
    if splitter.framing is Framing.NAL:
        body = data[unit.offset : unit.offset + min(unit.size, _MOST_MESSAGE_BYTES)]
        # Of each emulation prevention byte, the position among the bytes that remain (H.264, 7.3.1).
        prevention = [
            found.start() + 2 - count for count, found in enumerate(re.finditer(rb"\x00\x00\x03", body))
        ]
    elif splitter.framing is Framing.START_CODES:
        # FFmpeg counts from the last byte of the start code.
        first += 3

    def place(bit: int, bits: int) -> tuple[int, int]:
        start, last = bit // 8, (bit + max(bits, 1) - 1) // 8
        return (
            first + start + bisect_right(prevention, start),
            first + last + bisect_right(prevention, last) + 1,
        )

    return place


def _fields(
    codec: str, rows: list[list[Any]], place: Callable[[int, int], tuple[int, int]]
) -> Iterator[Field]:
    longer = 0
    for section, name, bit, bits, value, digits in rows:
        start, stop = place(bit, bits)
        if name == _LONGER:
            longer = 255 * (bits // 8)
        if name in _MESSAGE_TYPES:
            words = message_name(sum(map(int, value.split(", "))) + longer)
        elif digits:
            words = bytes_meaning(name, bytes.fromhex(digits))
        else:
            words = meaning(codec, name, value)
        if name != _LONGER:
            longer = 0
        shown = _hexadecimal(digits) if digits else value
        yield Field(section, name, bit, bits, shown, words, start, stop)


def _hexadecimal(digits: str) -> str:
    shown = digits[: 2 * _MOST_BYTES_SHOWN]
    text = " ".join(shown[place : place + 2] for place in range(0, len(shown), 2))
    return text if len(shown) == len(digits) else f"{text} …"


def _kind(fields: Sequence[Field]) -> str:
    """The slice or frame type, or the names of the messages; see `UnitSyntax`."""
    found = [one.meaning or one.value for one in fields if says_kind(one.name) or one.name in _MESSAGE_TYPES]
    if not found:
        found = [one.name for one in fields if one.name == _REPEATS and one.value == "1"]
    return ", ".join(dict.fromkeys(found))
