"""The planes of a decoded frame, as arrays over FFmpeg's own buffers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import av.filter
import numpy as np

from framescope.core.media.picture.pixel_formats import WORD_FIELDS, layout_name

if TYPE_CHECKING:
    from numpy.typing import NDArray


_ROW_GROUP, _EXTRA_ROWS, _EXTRA_BYTES = 32, 2, 128
"""FFmpeg pads every decoder plane to whole groups of rows, two more rows, and a few bytes for overreads."""

_RECORD_BYTES = 2048
"""What FFmpeg's and Python's structures for a picture take besides its planes; dominant for tiny pictures."""


def buffer_bytes(frame: av.VideoFrame) -> int:
    """Memory used by a decoded picture, in bytes: its padded planes and its structures."""
    rows = (-(-plane.height // _ROW_GROUP) * _ROW_GROUP + _EXTRA_ROWS for plane in frame.planes)
    sizes = (abs(plane.line_size) * count for plane, count in zip(frame.planes, rows, strict=True))
    return sum(size + _EXTRA_BYTES for size in sizes) + _RECORD_BYTES


def owned_copy(frame: av.VideoFrame) -> av.VideoFrame:
    """A deep copy of the picture, so that the decoder gets its buffer back. Threads: any."""
    if frame.interlaced_frame:
        # Chroma of interlaced pictures is converted field by field, and only FFmpeg can set that flag.
        return _filtered_copy(frame)
    copy = type(frame)(frame.width, frame.height, frame.format.name)
    for source, target in zip(frame.planes, copy.planes, strict=True):
        rows, room = plane_rows(source), plane_rows(target)
        width = min(rows.shape[1], room.shape[1])
        room[:, :width] = rows[:, :width]
    copy.colorspace, copy.color_range = frame.colorspace, frame.color_range
    copy.color_trc, copy.color_primaries = frame.color_trc, frame.color_primaries
    return copy


def shows_top_field_first(frame: av.VideoFrame) -> bool:
    """Whether the decoder marks an interlaced picture as top field first. Threads: any."""
    # PyAV does not expose the flag; FFmpeg's filter passes frames that have it.
    return _filtered(frame, "select", "eq(interlace_type,TOPFIRST)") is not None


def with_fields_of(frame: av.VideoFrame, like: av.VideoFrame) -> av.VideoFrame:
    """The same picture, marked as interlaced if another one is. Threads: any."""
    if not like.interlaced_frame:
        return frame
    marked = _filtered(frame, "setfield", "tff" if shows_top_field_first(like) else "bff")
    assert marked is not None
    return marked


class ChromaMarker:
    """Sets the chroma location of pictures without copying them. Threads: one."""

    def __init__(self) -> None:
        self._key: tuple[int, int, str, str] | None = None
        self._graph = av.filter.Graph()

    def marked(self, frame: av.VideoFrame, location: str) -> av.VideoFrame:
        """The same picture with another chroma location: FFmpeg's ``left``, ``center`` and so on."""
        key = (frame.width, frame.height, frame.format.name, location)
        if key != self._key:
            self._graph, self._key = _graph(frame, "setparams", f"chroma_location={location}"), key
        self._graph.push(frame)
        marked = self._graph.pull()
        assert isinstance(marked, av.VideoFrame)
        return marked


def _filtered_copy(frame: av.VideoFrame) -> av.VideoFrame:
    copy = _filtered(frame, "copy")
    assert copy is not None
    return copy


def _filtered(frame: av.VideoFrame, name: str, options: str | None = None) -> av.VideoFrame | None:
    """The output of an FFmpeg filter, or None."""
    graph = _graph(frame, name, options)
    graph.push(frame)
    graph.push(None)
    try:
        out = graph.pull()
    except (av.error.EOFError, av.error.BlockingIOError):
        return None
    return out if isinstance(out, av.VideoFrame) else None


def _graph(frame: av.VideoFrame, name: str, options: str | None = None) -> av.filter.Graph:
    """A one-filter graph for pictures like this one."""
    graph = av.filter.Graph()
    # One filter needs no threads of its own, and a forked process could not even free the graph with them.
    graph.threads = 1
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 1000)
    )
    worker, sink = graph.add(name, options), graph.add("buffersink")
    source.link_to(worker)
    worker.link_to(sink)
    graph.configure()
    return graph


def frame_planes(frame: av.VideoFrame) -> tuple[NDArray[np.uint8] | NDArray[np.uint16], ...]:
    """The planes of a frame, cropped, read-only; views of FFmpeg's buffers unless bytes must be swapped.

    One component per plane gives (rows, columns), more give (rows, columns, components). Components of more
    than 8 bits are uint16, in native byte order; formats that pack several
    pixels or fields into bytes, and floating point, come as rows of bytes.
    """
    video_format = frame.format
    components = video_format.components
    bits = max(component.bits for component in components)
    counts: dict[int, int] = {}
    for component in components:
        counts[component.plane] = counts.get(component.plane, 0) + 1
    dtype: str | None = None
    if 8 < bits <= 16 and layout_name(video_format.name) not in WORD_FIELDS:
        dtype = ">u2" if video_format.is_big_endian else "<u2"
    arrays = []
    for number, plane in enumerate(frame.planes):
        if len(frame.planes) == 1:
            row_bytes = (video_format.padded_bits_per_pixel * plane.width + 7) // 8
        elif video_format.name.startswith("pal") and number == 1:
            row_bytes = plane.buffer_size
        else:
            row_bytes = plane.width * counts[number] * (1 if bits <= 8 else bits // 17 * 2 + 2)
        rows = plane_rows(plane)[: plane.height, :row_bytes]
        arrays.append(_shape_rows(rows, plane.width, dtype))
    return tuple(arrays)


def plane_rows(plane: av.video.plane.VideoPlane) -> NDArray[np.uint8]:
    """The bytes of a plane, (rows, bytes per padded row) uint8, over FFmpeg's own buffer."""
    # A palette has no rows: treat it as one.
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, abs(plane.line_size) or plane.buffer_size)


def _shape_rows(
    rows: NDArray[np.uint8], width: int, dtype: str | None
) -> NDArray[np.uint8] | NDArray[np.uint16]:
    values: NDArray[np.uint8] | NDArray[np.uint16] = rows
    if dtype is not None:
        values = rows.view(dtype).astype(np.uint16, copy=False)
    values.setflags(write=False)
    if values.shape[1] == width or values.shape[1] % width:
        return values
    return values.reshape(values.shape[0], width, -1)
