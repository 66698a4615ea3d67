"""Cuts tiles out of frames, pads them for the encoder, and pastes decoded tiles back into place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.fragments.geometry import Region

_STRIPES = 16
"""Width of the stripes that mark a hole, in pixels."""
_PROBE_SIDE = 64


def chroma_steps(pixel_format: str) -> tuple[int, int]:
    """Columns and rows of the picture that share one chroma sample."""
    described = av.VideoFormat(pixel_format, _PROBE_SIDE, _PROBE_SIDE)
    return (
        max(1, _PROBE_SIDE // max(described.chroma_width(_PROBE_SIDE), 1)),
        max(1, _PROBE_SIDE // max(described.chroma_height(_PROBE_SIDE), 1)),
    )


def plane_bytes(frame: av.VideoFrame) -> list[NDArray[np.uint8]]:
    """The visible bytes of each plane, (rows, bytes) uint8, to be read or written."""
    described = frame.format
    bits = max(component.bits for component in described.components)
    sample = 1 if bits <= 8 else 2 if bits <= 16 else 4
    if len(frame.planes) == 1:
        sample = described.padded_bits_per_pixel // 8
    views = []
    for plane in frame.planes:
        memory = np.frombuffer(memoryview(plane), np.uint8)
        rows = memory[: memory.size // plane.line_size * plane.line_size].reshape(-1, plane.line_size)
        views.append(rows[: plane.height, : plane.width * sample])
    return views


def cut_tile(
    frame: av.VideoFrame, tile: Region, coded: tuple[int, int], pixel_format: str | None = None
) -> av.VideoFrame:
    """A tile as a frame of its own.

    Args:
        frame: The whole picture, planar or packed in whole bytes, subsampled by `chroma_steps`.
        tile: What to cut, with aligned edges.
        coded: Columns and rows of the result; padding repeats the tile's last column and row.
        pixel_format: The result's pixel format, with the same sample layout as the frame's; None for its own.
    """
    cut = av.VideoFrame(*coded, pixel_format or frame.format.name)
    for whole, part, place in zip(plane_bytes(frame), plane_bytes(cut), _places(frame, tile), strict=True):
        rows, columns, sample = place
        inner = whole[rows, columns]
        height, width = inner.shape
        part[:height, :width] = inner
        if part.shape[1] > width:
            samples = part[:height].reshape(height, -1, sample)
            samples[:, width // sample :] = samples[:, width // sample - 1, None]
        part[height:] = part[height - 1]
    copy_tags(frame, cut)
    return cut


def paste_tile(tile: av.VideoFrame, place: Region, whole: av.VideoFrame, window: Region) -> None:
    """Write the part of a decoded tile that lies in ``window`` into the frame that shows the window.

    Args:
        tile: The decoded tile, padding and all.
        place: The tile's position in the whole picture.
        whole: A frame of the window's size, with the tile's sample layout.
        window: The part of the picture that ``whole`` shows, with aligned edges.
    """
    left, top = max(place.x, window.x), max(place.y, window.y)
    right, bottom = min(place.right, window.right), min(place.bottom, window.bottom)
    shared = (right - left, bottom - top)
    inside = type(place)(left - place.x, top - place.y, *shared)
    target = type(place)(left - window.x, top - window.y, *shared)
    sources = zip(plane_bytes(tile), _places(tile, inside), strict=True)
    goals = zip(plane_bytes(whole), _places(whole, target), strict=True)
    # Some decoders return grey with two empty chroma planes.
    for (from_plane, source), (to_plane, goal) in zip(sources, goals, strict=False):
        to_plane[goal[0], goal[1]] = from_plane[source[0], source[1]]


def paint_hole(whole: av.VideoFrame, place: Region, window: Region) -> None:
    """Fill a missing tile within ``window`` with stripes that cannot be mistaken for picture content."""
    left, top = max(place.x, window.x), max(place.y, window.y)
    width, height = min(place.right, window.right) - left, min(place.bottom, window.bottom) - top
    target = type(place)(left - window.x, top - window.y, width, height)
    steps = _all_steps(whole)
    described = whole.format
    neutral = not (described.is_rgb or len(described.components) <= 2)
    depth = max(component.bits for component in described.components)
    for number, (plane, where) in enumerate(zip(plane_bytes(whole), _places(whole, target), strict=True)):
        area = plane[where[0], where[1]]
        is_wide = len(whole.planes) > 1 and 8 < depth <= 16
        step_x, step_y = steps[number]
        rows = np.arange(area.shape[0])[:, None] * step_y
        columns = np.arange(area.shape[1] // (2 if is_wide else where[2])) * step_x
        stripes = ((rows + columns) // _STRIPES) % 2
        middle = 1 << (depth - 1)
        values = (
            np.full(stripes.shape, middle) if neutral and number in (1, 2) else middle // 2 + stripes * middle
        )
        if is_wide:
            area[:] = values.astype(np.uint16).view(np.uint8)
        else:
            shown = (
                np.minimum(values, 255).astype(np.uint8) if depth <= 8 else (stripes * 255).astype(np.uint8)
            )
            area[:] = np.repeat(shown, where[2], axis=1)


def copy_tags(source: av.VideoFrame, target: av.VideoFrame) -> None:
    """Copy the signalled colour properties to the target."""
    target.colorspace, target.color_range = source.colorspace, source.color_range
    target.color_primaries, target.color_trc = source.color_primaries, source.color_trc


def _all_steps(frame: av.VideoFrame) -> list[tuple[int, int]]:
    steps = chroma_steps(frame.format.name)
    is_planar_yuv = len(frame.planes) >= 3 and not frame.format.is_rgb
    return [steps if is_planar_yuv and number in (1, 2) else (1, 1) for number in range(len(frame.planes))]


def _places(frame: av.VideoFrame, area: Region) -> list[tuple[slice, slice, int]]:
    """For each plane the rows, the bytes of a row, and the bytes of a sample of an aligned area."""
    places = []
    for number, (view, plane) in enumerate(zip(plane_bytes(frame), frame.planes, strict=True)):
        step_x, step_y = _all_steps(frame)[number]
        sample = view.shape[1] // plane.width
        rows = slice(area.y // step_y, -(-area.bottom // step_y))
        columns = slice(area.x // step_x * sample, -(-area.right // step_x) * sample)
        places.append((rows, columns, sample))
    return places
