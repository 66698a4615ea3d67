"""Reads text subtitles: what is said when. Pictures of text, as on DVDs, are not read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av.error
import av.stream
import numpy as np

from framescope.core.errors import DecodeError
from framescope.core.media.container import check_connection, open_container, source_name
from framescope.core.media.error_bound import ErrorBound
from framescope.core.printable import DIRECTION, readable
from framescope.core.pyav import demux, read_only, read_tags
from framescope.core.text import stream_label
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.packet import Packet
    from av.subtitles.stream import SubtitleStream
    from numpy.typing import NDArray

    from framescope.core.model.progress import CancelToken

_MOST_LINES = 200_000
_LONGEST_TEXT = 2000
_UNKNOWN_S = 5.0
"""How long a text stays that says nothing about it, unless another one follows."""
_MOST_ERRORS = 100
_STYLE = re.compile(r"\{[^}]*\}")
_DRAWING = re.compile(r"\\p[1-9]")
_BREAK = re.compile(r"\\[Nn]")
_FIELDS_BEFORE_TEXT = 8
_MOST_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class SubtitleTrack:
    """A subtitle stream of text.

    Attributes:
        stream_index: Index over all streams of the file.
        codec: FFmpeg's name, such as ``subrip``.
        language: As the file tags it, or empty.
        title: As the file tags it, or empty.
        is_default: Whether the container marks it as the default.
    """

    stream_index: int
    codec: str
    language: str
    title: str
    is_default: bool

    @property
    def label(self) -> str:
        """One line for display, such as ``#2 mov_text, eng``."""
        return stream_label(self.stream_index, self.codec, self.language, self.title)


@dataclass(frozen=True, eq=False)
class Subtitles:
    """The texts of a track, by time.

    Attributes:
        starts_s: float64, ascending: seconds from the first frame of the video.
        stops_s: float64, when each text ends.
        texts: Plain text; several lines are separated by line feeds.
    """

    starts_s: NDArray[np.float64]
    stops_s: NDArray[np.float64]
    texts: tuple[str, ...]

    def at(self, time_s: float) -> str:
        """The text at a time; the last of several at once, below each other; empty where there is none."""
        end = int(np.searchsorted(self.starts_s, time_s + 1e-6, side="right"))
        # Any number of short texts may have begun and ended during one that stays.
        shown = np.flatnonzero(self.stops_s[:end] > time_s + 1e-6)[-_MOST_AT_ONCE:]
        return "\n".join(self.texts[place] for place in shown.tolist())


def subtitle_tracks(source: str) -> tuple[SubtitleTrack, ...]:
    """Every subtitle stream of text, in file order. Threads: any.

    Raises:
        OpenError: The file cannot be opened.
    """
    with open_container(source) as container:
        return tuple(_described(stream) for stream in container.streams.subtitles if _is_text(stream))


def read_subtitles(
    source: str, stream_index: int, origin_s: Fraction, cancel: CancelToken | None = None
) -> Subtitles:
    """All texts of a track. Threads: any.

    Args:
        source: Path or address.
        stream_index: The track, over all streams of the file.
        origin_s: When the first frame of the video is shown, on the file's own clock.
        cancel: Stops it.

    Raises:
        OpenError: The file cannot be opened.
        DecodeError: It has no such track.
        Cancelled: It was stopped.
    """
    lines: list[tuple[float, float, str]] = []
    with open_container(source) as container:
        stream = next((one for one in container.streams.subtitles if one.index == stream_index), None)
        if stream is None or not _is_text(stream):
            raise DecodeError(
                tr(
                    "{source_name} has no text subtitles in stream {stream_index}.",
                    source_name=source_name(source),
                    stream_index=stream_index,
                )
            )
        read_only(container, stream)
        for packet, text in _decoded(container, stream):
            if cancel is not None:
                cancel.raise_if_cancelled()
            if len(lines) >= _MOST_LINES:
                break
            if packet.pts is None:
                continue
            unit_s = Fraction(packet.time_base.numerator, packet.time_base.denominator)
            start_s = packet.pts * unit_s - origin_s
            lines.append((float(start_s), float(start_s + (packet.duration or 0) * unit_s), text))
    return _in_order(lines)


def _decoded(
    container: InputContainer, stream: SubtitleStream
) -> Iterator[tuple[Packet[SubtitleStream], str]]:
    bound = ErrorBound(_MOST_ERRORS)
    while True:
        try:
            # Again after an error, which ends the iteration, not the file.
            for packet in demux(container, stream):
                if packet.size:
                    events = [bytes(getattr(shown, "ass", b"")) for shown in packet.decode()]
                    text = "\n".join(filter(None, map(_text_of, events)))
                    bound.note_progress()
                    yield packet, text
        except (av.error.FFmpegError, OSError, UnicodeDecodeError):
            check_connection(container)
            if bound.is_exceeded():
                return
            continue
        return


def _in_order(lines: list[tuple[float, float, str]]) -> Subtitles:
    lines.sort(key=lambda line: line[0])
    starts = np.array([line[0] for line in lines], np.float64)
    stops = np.array([line[1] for line in lines], np.float64)
    if len(lines):
        following = np.append(starts[1:], np.inf)
        stops = np.where(stops > starts, stops, np.minimum(starts + _UNKNOWN_S, following))
    # An empty text only ends the one before it.
    kept = [place for place, line in enumerate(lines) if line[2]]
    return Subtitles(starts[kept], stops[kept], tuple(lines[place][2] for place in kept))


def _text_of(event: bytes) -> str:
    """The plain text of an ASS event, which is what FFmpeg makes of every kind of text subtitle."""
    fields = event.decode("utf-8", "replace").split(",", _FIELDS_BEFORE_TEXT)
    text = fields[-1] if len(fields) > _FIELDS_BEFORE_TEXT else ""
    # Up to the last closing brace, none is left open; from each open one, a search would read on to the end.
    styled, brace, rest = text.rpartition("}")
    styled += brace
    if any(map(_DRAWING.search, _STYLE.findall(styled))):
        return ""
    plain = _BREAK.sub("\n", _STYLE.sub("", styled) + rest).replace("\\h", " ")
    # Text from right to left needs its marks of direction, which end with the line.
    lines = (readable(line, keep=DIRECTION).strip() for line in plain[:_LONGEST_TEXT].splitlines())
    return "\n".join(filter(None, lines))


def _is_text(stream: SubtitleStream) -> bool:
    # If there is no decoder, PyAV returns a stream without a codec context, contrary to its stubs.
    context = getattr(stream, "codec_context", None)
    return context is not None and bool(context.codec.text_sub)


def _described(stream: SubtitleStream) -> SubtitleTrack:
    tags = read_tags(stream.metadata)
    return SubtitleTrack(
        stream_index=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        language=readable(tags.get("language", "")),
        title=readable(tags.get("title", "")),
        is_default=bool(stream.disposition & av.stream.Disposition.default),
    )
