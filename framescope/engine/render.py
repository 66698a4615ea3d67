"""Renders a frame for the screen: scaled, upright, with square pixels. Threads: any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PySide6.QtGui import QImage

from framescope.core.media.picture.fields import FieldView, deinterlaced, field_of
from framescope.core.media.picture.geometry import is_quarter_turn
from framescope.core.media.picture.picture import AvPicture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.model.frame import Frame, Picture
    from framescope.core.model.stream_facts import VideoInfo

Neighbors: TypeAlias = "tuple[Frame | None, Frame | None]"
"""The frames before and after one."""


@dataclass(frozen=True, slots=True)
class RenderSpec:
    """The requested picture size, in device pixels.

    Attributes:
        max_width: Available space, or None for the full size.
        max_height: Available space, or None for the full size.
        rotate: Whether to rotate the picture as the file declares.
        fields: Which fields to show.
        full_size: Width and height at 1:1 to scale the picture to, instead of its own: that of another video
            that it is compared with.
    """

    max_width: int | None = None
    max_height: int | None = None
    rotate: bool = True
    fields: FieldView = FieldView.FRAMES
    full_size: tuple[int, int] | None = None


def displayed_size(picture: Picture, info: VideoInfo, *, rotate: bool) -> tuple[int, int]:
    """Width and height of the picture at 1:1, pixel aspect and (if asked) rotation applied."""
    is_turned = is_quarter_turn(picture.rotation)
    if (picture.width, picture.height) == (info.width, info.height):
        # The header's display size is that of the upright picture.
        size = info.display_width, info.display_height
        return size if rotate or not is_turned else size[::-1]
    # The stream changes size midway: the header's values do not apply to this frame.
    size = max(round(picture.width * info.sample_aspect_ratio), 1), picture.height
    return size[::-1] if rotate and is_turned else size


def shown_size(picture: Picture, info: VideoInfo, spec: RenderSpec) -> tuple[int, int]:
    """Width and height at which the request wants the picture at 1:1."""
    return spec.full_size or displayed_size(picture, info, rotate=spec.rotate)


def fitted_size(size: tuple[int, int], spec: RenderSpec) -> tuple[int, int]:
    """The largest size with the same aspect ratio that fits; never larger than the picture itself."""
    width, height = size
    scale = min(
        1.0,
        1.0 if spec.max_width is None else spec.max_width / width,
        1.0 if spec.max_height is None else spec.max_height / height,
    )
    return max(round(width * scale), 1), max(round(height * scale), 1)


def render(
    frame: Frame,
    info: VideoInfo,
    spec: RenderSpec,
    neighbors: Neighbors = (None, None),
) -> QImage:
    """The frame as a Format_RGB32 image that owns its pixels.

    Args:
        frame: The frame.
        info: The video.
        spec: How to show it.
        neighbors: The frames before and after it, for a view that needs them.
    """
    width, height = fitted_size(shown_size(frame.picture, info, spec), spec)
    picture = _as_viewed(frame.picture, spec.fields, neighbors)
    return image_from_bgra(picture.to_bgra(width=width, height=height, rotate=spec.rotate))


def _as_viewed(picture: Picture, fields: FieldView, neighbors: Neighbors) -> Picture:
    if fields is FieldView.FRAMES or not isinstance(picture, AvPicture):
        return picture
    if not fields.needs_neighbors:
        return picture.shown_as(field_of(picture.av_frame, fields))
    pictures = (None if frame is None else frame.picture for frame in neighbors)
    before, after = (one.av_frame if isinstance(one, AvPicture) else None for one in pictures)
    return picture.shown_as(deinterlaced(before, picture.av_frame, after))


def image_from_bgra(pixels: NDArray[np.uint8]) -> QImage:
    """Copy (height, width, 4) uint8 B, G, R, x pixels into an image."""
    height, width, _ = pixels.shape
    packed = np.ascontiguousarray(pixels)
    view = QImage(packed.data, width, height, width * 4, QImage.Format.Format_RGB32)
    return view.copy()
