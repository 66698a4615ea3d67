"""One decoded frame: its identity, and its picture, which is converted on demand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from framescope.core.errors import SettingsError
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.model.blocks import Blocks


class PictureType(IntEnum):
    """The picture type of a frame. The index stores the value in one byte."""

    UNKNOWN = 0
    I = 1  # noqa: E741 - the field's own name
    P = 2
    B = 3

    @property
    def letter(self) -> str:
        """``I``, ``P``, ``B``, or ``?`` where it is unknown."""
        return "?IPB"[self.value]


class Picture(Protocol):
    """The pixels of one decoded frame, and how to convert them."""

    @property
    def width(self) -> int:
        """Columns as decoded, before rotation and aspect correction."""

    @property
    def height(self) -> int:
        """Rows as decoded, before rotation and aspect correction."""

    @property
    def pixel_format(self) -> str:
        """FFmpeg's name of the pixel format, such as ``yuv420p10le``."""

    @property
    def size_bytes(self) -> int:
        """Memory used by the decoded planes, including padding, in bytes."""

    @property
    def rotation(self) -> int:
        """Clockwise rotation, in degrees (0, 90, 180, 270), to display the picture upright."""

    def planes(self) -> tuple[NDArray[np.uint8] | NDArray[np.uint16], ...]:
        """The planes as decoded, padding cropped, each (rows, columns) or (rows, columns, components)."""

    def to_rgb(self, *, rotate: bool = True) -> NDArray[np.uint8]:
        """(height, width, 3) uint8 in R, G, B order, in the stream's matrix and range."""

    def to_bgr(self, *, rotate: bool = True) -> NDArray[np.uint8]:
        """(height, width, 3) uint8 in B, G, R order, in the stream's matrix and range."""

    def to_bgra(
        self, *, width: int | None = None, height: int | None = None, rotate: bool = True
    ) -> NDArray[np.uint8]:
        """(height, width, 4) uint8 for the screen, scaled to ``width`` × ``height`` (after rotation)."""

    @property
    def is_hdr(self) -> bool:
        """Whether its values are PQ or HLG."""

    def to_bgr_exact(
        self, *, deep: bool, tone_map: bool = False, rotate: bool = True
    ) -> NDArray[np.uint8] | NDArray[np.uint16]:
        """(height, width, 3) in B, G, R order, computed exactly; uint16 up to 65535 where ``deep``."""

    def native_values(self, x: int, y: int, *, rotated: bool = True) -> Mapping[str, float]:
        """Component values as decoded (``{"Y": 81, "Cb": 90, "Cr": 240}``) at a displayed pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One frame of a video.

    Attributes:
        frame_number: 0-based position in presentation order.
        pts: Presentation timestamp in the stream's time base; None if the stream has none.
        time_s: Seconds since the file's first frame.
        picture_type: I, P or B, as the decoder reports it.
        is_keyframe: Whether the container flags its packet as a random-access point.
        is_damaged: Whether the picture is damaged, or may depend on one that is.
        picture: The pixels.
        blocks: What the decoder reports about its blocks; None unless the video was opened for that.
    """

    frame_number: int
    pts: int | None
    time_s: float
    picture_type: PictureType
    is_keyframe: bool
    is_damaged: bool
    picture: Picture
    blocks: Blocks | None = None

    def motion_vectors(self) -> NDArray[np.void]:
        """The motion vectors as `framescope.core.model.blocks.VECTOR` records, in pixels.

        Empty for a frame without prediction.

        Raises:
            SettingsError: The video was opened without ``with_blocks``.
        """
        return self.known_blocks.vectors

    def quantisers(self) -> NDArray[np.void]:
        """The quantisers as `framescope.core.model.blocks.QUANTISER` records; ``blocks.scale`` says of what.

        Raises:
            SettingsError: The video was opened without ``with_blocks``.
        """
        return self.known_blocks.quantisers

    @property
    def known_blocks(self) -> Blocks:
        """``blocks``, where the video was opened for them.

        Raises:
            SettingsError: The video was opened without ``with_blocks``.
        """
        if self.blocks is None:
            raise SettingsError(
                tr("Motion vectors and quantisers were not asked for when the video was opened."),
                hint=tr("Open it with open_video(…, with_blocks=True)."),
            )
        return self.blocks

    def to_rgb(self, *, rotate: bool = True) -> NDArray[np.uint8]:
        """H×W×3 uint8 in R, G, B order, as displayed: colour and rotation applied."""
        return self.picture.to_rgb(rotate=rotate)

    def to_bgr(self, *, rotate: bool = True) -> NDArray[np.uint8]:
        """H×W×3 uint8 in B, G, R order, as displayed: colour and rotation applied."""
        return self.picture.to_bgr(rotate=rotate)

    def planes(self) -> tuple[NDArray[np.uint8] | NDArray[np.uint16], ...]:
        """Arrays exactly as decoded, padding cropped, uint8 or uint16, no rotation."""
        return self.picture.planes()
