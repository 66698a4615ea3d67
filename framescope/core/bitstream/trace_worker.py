"""A child process that has FFmpeg read units, and lists the syntax elements that it finds.

FFmpeg's ``trace_headers`` filter knows the syntax of every codec here, and writes it to the log. PyAV hands
the log to Python, which can block the other decoders of a process for good (``ffmpeg_messages``) and mixes in
what they say; so it is done in a process that does nothing else.
"""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING

import av
import av.logging
from av.bitstream import BitStreamFilterContext

from framescope.core.audit.messages import Channel
from framescope.core.pyav import new_packet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from framescope.core.audit.messages import Message

MODULE = "framescope.core.bitstream.trace_worker"

_CODECS = {"mpeg1video": "mpeg2video"}
"""The filter reads MPEG-1 as MPEG-2, whose syntax begins with that of MPEG-1."""
_ELEMENT = re.compile(r"(?P<bit>\d+)\s+(?P<name>\S+)\s+(?P<bits>[01]*)\s*= (?P<value>-?\d+)")
_INDICES = re.compile(r"\[(\d+)\]")
_MOST_FIELDS = 4000
_MOST_VALUES = 64
_LEAST_BYTES = 4
_LONGEST_NAME = 120

Line = tuple[int, str, str]


def run(channel: Channel | None = None) -> None:
    """Serve one job and end."""
    channel = channel or Channel()
    job = channel.receive()
    if job is None:
        return
    channel.send("started")
    _serve(channel, job)
    # The caller still reads the memory usage of this process, then ends it.
    channel.receive()


def _serve(channel: Channel, job: Message) -> None:
    """Feed the units one by one, so that each one's elements are known to be its own."""
    codec: str = job["codec"]
    av.logging.set_skip_repeated(False)
    av.logging.set_level(av.logging.INFO)
    # Never written: the filter only needs a stream that says which codec it is.
    holder = av.open(io.BytesIO(), "w", format="matroska")
    try:
        stream = holder.add_mux_stream(_CODECS.get(codec, codec))
        tracer = BitStreamFilterContext("trace_headers", stream)
    except (av.error.FFmpegError, ValueError) as error:
        channel.send("failed", text=str(error))
        return
    for text, is_wanted in job["units"]:
        packet = new_packet(base64.b64decode(text))
        refusal = ""
        with av.logging.Capture() as lines:
            try:
                tracer.filter(packet)
            except av.error.FFmpegError as error:
                refusal = error.strerror or ""
        if is_wanted:
            channel.send("unit", fields=read_lines(lines), problem=_problem(lines, refusal))
    channel.send("done")


def _problem(lines: Sequence[Line], refusal: str) -> str:
    """Why a unit could not be read to its end; empty if it could."""
    said = [" ".join(text.split()) for level, _, text in lines if level <= av.logging.ERROR]
    return next((text for text in said if text), refusal)


def read_lines(lines: Sequence[Line]) -> list[list[Any]]:
    """The syntax elements in the filter's messages, with arrays put together.

    Returns:
        For each element its section, name, first bit, number of bits, value as text, and the bytes as
        hexadecimal digits if it is an array of bytes. Bits count from the start of the unit.
    """
    runs = _Runs()
    section = ""
    for level, _, text in lines:
        if level != av.logging.INFO or len(runs.rows) >= _MOST_FIELDS:
            continue
        found = _ELEMENT.match(text)
        if found is not None:
            runs.add(section, found)
        elif not text.startswith("Packet: "):
            section = text.strip()[:_LONGEST_NAME]
    return runs.finished()


class _Runs:
    """Puts elements of the same name in a row together: an array of 64 numbers is one row."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._key = ("", "")
        self._first, self._last = "", ""
        self._bit = 0
        self._widths: list[int] = []
        self._values: list[int] = []

    def add(self, section: str, found: re.Match[str]) -> None:
        """Take the next element."""
        name = found["name"][:_LONGEST_NAME]
        key = (section, _INDICES.sub("", name))
        if key != self._key:
            self._end()
            self._key, self._first, self._bit = key, name, int(found["bit"])
        self._last = name
        self._widths.append(len(found["bits"]))
        self._values.append(int(found["value"]))

    def finished(self) -> list[list[Any]]:
        """All rows."""
        self._end()
        return self.rows

    def _end(self) -> None:
        if not self._values:
            return
        section, base = self._key
        count = len(self._values)
        is_bytes = count >= _LEAST_BYTES and set(self._widths) == {8} and self._first != self._last
        content = bytes(value & 0xFF for value in self._values).hex() if is_bytes else ""
        shown = ", ".join(map(str, self._values[:_MOST_VALUES])) + (", …" if count > _MOST_VALUES else "")
        self.rows.append([section, self._name(base), self._bit, sum(self._widths), shown, content])
        self._widths, self._values = [], []

    def _name(self, base: str) -> str:
        if self._first == self._last:
            return self._first
        first, last = (_INDICES.findall(name) for name in (self._first, self._last))
        if len(first) != len(last) or not first:
            return base
        pairs = zip(first, last, strict=True)
        return base + "".join(f"[{low}]" if low == high else f"[{low}…{high}]" for low, high in pairs)


if __name__ == "__main__":
    run()
