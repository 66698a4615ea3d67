"""Views of interlaced pictures: one field of two, or both deinterlaced by FFmpeg. Never what is exported."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import av.error

from framescope.core.media.picture.planes import shows_top_field_first

if TYPE_CHECKING:
    from collections.abc import Sequence


class FieldView(StrEnum):
    """Which of a picture's fields are shown."""

    FRAMES = "frames"
    """Both, woven together as stored."""
    TOP = "top"
    """The even rows, from 0 on."""
    BOTTOM = "bottom"
    """The odd rows."""
    DEINTERLACED = "deinterlaced"
    """The first field completed by FFmpeg's bwdif, from the other field and the pictures before and after."""

    @property
    def needs_neighbors(self) -> bool:
        """Whether the pictures before and after are needed too."""
        return self is FieldView.DEINTERLACED


def field_of(frame: av.VideoFrame, view: FieldView) -> av.VideoFrame:
    """One field, with half the rows.

    Args:
        frame: A decoded picture, any pixel format that FFmpeg's filter ``field`` takes.
        view: ``TOP`` or ``BOTTOM``.
    """
    return _filtered([frame], "field", f"type={view.value}")[0]


def deinterlaced(
    before: av.VideoFrame | None, frame: av.VideoFrame, after: av.VideoFrame | None
) -> av.VideoFrame:
    """A picture with all rows, of the time of its first field.

    Args:
        before: The picture shown before it; None if there is none.
        frame: The picture.
        after: The picture shown after it; None if there is none.
    """
    parity = "tff" if shows_top_field_first(frame) else "bff"
    given = [one for one in (before, frame, after) if one is not None and _shape(one) == _shape(frame)]
    made = _filtered(given, "bwdif", f"mode=send_frame:parity={parity}:deint=all")
    return made[given.index(frame)] if len(made) == len(given) else frame


def _shape(frame: av.VideoFrame) -> tuple[int, int, str]:
    return frame.width, frame.height, frame.format.name


def _filtered(frames: Sequence[av.VideoFrame], name: str, options: str) -> list[av.VideoFrame]:
    from av.filter import Graph  # noqa: PLC0415 - few look at fields

    first = frames[0]
    graph = Graph()
    source = graph.add_buffer(
        width=first.width, height=first.height, format=first.format, time_base=Fraction(1, 25)
    )
    made_by, sink = graph.add(name, options), graph.add("buffersink")
    source.link_to(made_by)
    made_by.link_to(sink)
    graph.configure()
    made: list[av.VideoFrame] = []
    for frame in (*frames, None):
        source.push(frame)
        while True:
            try:
                made.append(sink.pull())  # type: ignore[arg-type]
            except (av.error.BlockingIOError, av.error.EOFError):
                break
    return made
