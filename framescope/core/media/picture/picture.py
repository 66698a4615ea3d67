"""Decoded pictures: their planes, and conversion to RGB for display and export.

Every conversion, to the screen and to a file, goes through here, so that the frame that is saved is the
frame that is seen. Matrix and range are passed on explicitly: swscale defaults to BT.601. The output is
planar, with accurate rounding: swscale's conversion to packed pixels is a few milliseconds faster, but more
than a level too dark, and neighbouring pixels share a chroma sample.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from framescope.core.media.picture.color_names import (
    HDR_TRANSFERS,
    UNSPECIFIED,
    primaries_name,
    transfer_name,
)
from framescope.core.media.picture.geometry import is_quarter_turn, stored_position
from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.media.picture.planes import ChromaMarker, buffer_bytes, frame_planes
from framescope.core.media.picture.readable import readable, rgb_planes
from framescope.core.media.picture.sample_layout import components_of
from framescope.core.pyav import BT2020_MATRIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    import av
    from numpy.typing import NDArray

    from framescope.core.model.stream_facts import ColorFacts, VideoInfo

    _Pixels = TypeVar(
        "_Pixels", NDArray[np.uint8], NDArray[np.uint16], NDArray[np.uint8] | NDArray[np.uint16]
    )

_COLORSPACES = {
    "bt709": Colorspace.ITU709,
    "fcc": Colorspace.FCC,
    "bt470bg": Colorspace.ITU601,
    "smpte170m": Colorspace.ITU601,
    "smpte240m": Colorspace.SMPTE240M,
    "bt2020nc": BT2020_MATRIX,
    "bt2020c": BT2020_MATRIX,
}

# FFmpeg's AVColorSpace numbers, for frames that signal a different matrix than the header.
_MATRIX_BY_NUMBER = {
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    9: "bt2020nc",
    10: "bt2020c",
}
_MPEG, _JPEG = int(ColorRange.MPEG), int(ColorRange.JPEG)

_SUBSAMPLED = frozenset({"4:2:2", "4:2:0", "4:4:0", "4:1:1", "4:1:0"})
"""Their chroma location is assumed as in `exact_color`."""

_PIXEL_BYTES = 4
"""The most that a pixel converted to 8 bits takes."""

_MOST_RESERVED_BYTES = (32 << 20) - (1 << 16)
"""glibc takes no notice of larger blocks."""

_ROTATION_CODES = {90: 0, 180: 1, 270: 2}
"""OpenCV's constant names. It is imported only when a picture is rotated, so that the window opens sooner."""


class _ThreadScaler(threading.local):
    """One swscale context per thread: creating one for each frame costs more than the conversion."""

    def __init__(self) -> None:
        self.full_size = VideoReformatter()
        self.scaled = VideoReformatter()
        self.chroma = ChromaMarker()
        self._reserved_bytes = 0

    def reserve(self, width: int, height: int) -> None:
        """Let converted pictures of this size reuse the memory of the one before.

        The C library returns free memory at the end of its heap to the system at once, and getting it back,
        page by page, takes as long as the conversion. glibc keeps up to twice as much as the largest block
        that was ever mapped and freed, so such a block is; elsewhere this does nothing.
        """
        # The planes and the packed pixels, twice over: the caller still has the picture before.
        size = min(2 * _PIXEL_BYTES * width * height, _MOST_RESERVED_BYTES)
        if size > self._reserved_bytes:
            np.empty(size, np.uint8)
            self._reserved_bytes = size


_scalers = _ThreadScaler()


@dataclass(frozen=True, slots=True)
class DisplayRule:
    """How to display the pictures of one stream.

    Attributes:
        matrix: Name of the YUV matrix for frames that signal none.
        full_range: Whether frames that signal no range are full range.
        rotation: Clockwise degrees to display the picture upright: 0, 90, 180 or 270.
        mirrored: Whether the picture is mirrored left to right before it is rotated.
        transfer: Name of the transfer characteristic for frames that signal none.
        primaries: Name of the primaries for frames that signal none.
    """

    matrix: str = "bt709"
    full_range: bool = False
    rotation: int = 0
    mirrored: bool = False
    transfer: str = UNSPECIFIED
    primaries: str = UNSPECIFIED

    @classmethod
    def of(cls, info: VideoInfo) -> DisplayRule:
        """The rule for a stream's declared facts."""
        return cls.for_color(info.color, rotation=info.rotation, mirrored=info.mirrored)

    @classmethod
    def for_color(cls, color: ColorFacts, *, rotation: int, mirrored: bool) -> DisplayRule:
        """The rule for declared colours and an orientation."""
        return cls(
            matrix=color.matrix_used,
            full_range=color.range_used == "full",
            rotation=rotation,
            mirrored=mirrored,
            transfer=color.transfer,
            primaries=color.primaries,
        )


class AvPicture:
    """A picture in FFmpeg's own buffers, converted on demand. Threads: any, for reading."""

    __slots__ = ("_frame", "_loan", "_rule", "height", "pixel_format", "size_bytes", "width")

    def __init__(self, frame: av.VideoFrame, rule: DisplayRule, loan: object = None) -> None:
        """Wrap a frame.

        Args:
            frame: As decoded.
            rule: How to display it.
            loan: Freed together with the picture.
        """
        self._frame = frame
        self._loan = loan
        self._rule = rule
        self.width = frame.width
        self.height = frame.height
        self.pixel_format = frame.format.name
        self.size_bytes = buffer_bytes(frame)

    @property
    def rotation(self) -> int:
        """Clockwise degrees to display the picture upright."""
        return self._rule.rotation

    @property
    def av_frame(self) -> av.VideoFrame:
        """FFmpeg's own frame, for re-encoding; its pts is its packet number."""
        return self._frame

    def shown_as(self, frame: av.VideoFrame) -> AvPicture:
        """Another picture, displayed by the same rule."""
        return AvPicture(frame, self._rule)

    def planes(self) -> tuple[NDArray[np.uint8] | NDArray[np.uint16], ...]:
        """The planes as decoded; see `frame_planes`."""
        return frame_planes(self._frame)

    def to_rgb(self, *, rotate: bool = True, out: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
        """(height, width, 3) uint8 in R, G, B order; ``out``, if that has its shape and nothing is turned."""
        green, blue, red = self._components(None, None)
        if out is not None and out.shape == (*red.shape, 3):
            return self._upright(_merged(red, green, blue, out=out), rotate=rotate)
        return self._upright(_merged(red, green, blue), rotate=rotate)

    def to_bgr(self, *, rotate: bool = True) -> NDArray[np.uint8]:
        """(height, width, 3) uint8 in B, G, R order."""
        green, blue, red = self._components(None, None)
        return self._upright(_merged(blue, green, red), rotate=rotate)

    def to_bgra(
        self, *, width: int | None = None, height: int | None = None, rotate: bool = True
    ) -> NDArray[np.uint8]:
        """(height, width, 4) uint8 for the screen; ``width`` and ``height`` apply after the rotation."""
        if rotate and is_quarter_turn(self._rule.rotation):
            width, height = height, width
        green, blue, red = self._components(width, height)
        # Not cv2 itself: while another thread imports it, it is in sys.modules but not ready yet.
        if hasattr(sys.modules.get("framescope.core.opencv"), "cv2"):
            # Six times as fast.
            pixels = _merged(blue, green, red, np.full(green.shape, 255, np.uint8))
        else:
            # OpenCV is slow to import: the window opens sooner without it.
            pixels = np.full((*green.shape, 4), 255, np.uint8)
            pixels[..., 0], pixels[..., 1], pixels[..., 2] = blue, green, red
        return self._upright(pixels, rotate=rotate)

    def to_bgr_exact(
        self, *, deep: bool, tone_map: bool = False, rotate: bool = True
    ) -> NDArray[np.uint8] | NDArray[np.uint16]:
        """(height, width, 3) in B, G, R order, computed exactly: uint8, or uint16 up to 65535.

        Args:
            deep: Whether to give 16 bits.
            tone_map: Whether to tone map HDR (PQ, HLG) to SDR; no effect on other pictures.
            rotate: Whether to rotate the picture upright.
        """
        from framescope.core.media.picture.exact_color import exact_bgr  # noqa: PLC0415
        from framescope.core.media.picture.tone_map import tone_mapped  # noqa: PLC0415

        frame, curve = self._frame, self._transfer()
        maps = tone_map and curve in HDR_TRANSFERS
        pixels = exact_bgr(frame, self._matrix(), is_full=self._is_full(), deep=deep or maps)
        if maps:
            pixels = tone_mapped(pixels, curve, is_wide=self._primaries() != "bt709", deep=deep)
        return turn(pixels, self._rule) if rotate else pixels

    @property
    def is_hdr(self) -> bool:
        """Whether its transfer characteristic is PQ or HLG."""
        return self._transfer() in HDR_TRANSFERS

    def _transfer(self) -> str:
        name = transfer_name(self._frame.color_trc)
        return self._rule.transfer if name == UNSPECIFIED else name

    def _primaries(self) -> str:
        name = primaries_name(self._frame.color_primaries)
        return self._rule.primaries if name == UNSPECIFIED else name

    def _matrix(self) -> str:
        return _MATRIX_BY_NUMBER.get(self._frame.colorspace, self._rule.matrix)

    def _is_full(self) -> bool:
        signalled = self._frame.color_range
        if self.pixel_format.startswith("yuvj"):
            return True
        return signalled == _JPEG or (signalled != _MPEG and self._rule.full_range)

    def _upright(self, pixels: NDArray[np.uint8], *, rotate: bool) -> NDArray[np.uint8]:
        return turn(pixels, self._rule) if rotate else pixels

    def _components(self, width: int | None, height: int | None) -> tuple[NDArray[np.uint8], ...]:
        """Green, blue and red of the picture as stored, in FFmpeg's order: (height, width) uint8 each."""
        frame = readable(self._frame)
        # RGB has no matrix, and swscale lacks the rarer ones: use BT.709, as players do.
        matrix = _COLORSPACES.get(self._matrix(), Colorspace.ITU709)
        is_full = self._is_full()
        if pixel_format_facts(self.pixel_format).chroma in _SUBSAMPLED:
            # swscale uses the frame's interlaced flag, which copies lose: the result must not depend on
            # whether it is a copy.
            frame = _scalers.chroma.marked(frame, "center" if is_full else "left")
        scales = (width or frame.width, height or frame.height) != (frame.width, frame.height)
        _scalers.reserve(width or frame.width, height or frame.height)
        facts = pixel_format_facts(self.pixel_format)
        deep = facts.bit_depth > 8 and (is_full or facts.is_rgb or facts.chroma == "grey")
        converted = rgb_planes(
            _scalers.scaled if scales else _scalers.full_size,
            frame,
            deep=deep,
            matrix=int(matrix),
            is_full=is_full,
            width=width,
            height=height,
        )
        planes = frame_planes(converted)
        if deep:
            return tuple(_eight_bits(plane, facts.bit_depth) for plane in planes)
        return tuple(plane.astype(np.uint8, copy=False) for plane in planes)

    def native_values(self, x: int, y: int, *, rotated: bool = True) -> Mapping[str, float]:
        """Component values as decoded at the displayed pixel (x, y), keyed by component name."""
        column, row = self._source_pixel(x, y) if rotated else (x, y)
        values: dict[str, float] = {}
        for component in components_of(self._frame):
            rows, columns = component.words.shape
            # Subsampled planes are rounded up to whole samples, so map positions proportionally.
            step_x, step_y = -(-self.width // columns), -(-self.height // rows)
            values[component.name] = component.at(row // step_y, column // step_x)
        return values

    def _source_pixel(self, x: int, y: int) -> tuple[int, int]:
        rule = self._rule
        return stored_position(
            x, y, (self.width, self.height), rotation=rule.rotation, mirrored=rule.mirrored
        )


def _eight_bits(plane: NDArray[np.uint8] | NDArray[np.uint16], depth: int) -> NDArray[np.uint8]:
    """8 bits from 16, as swscale makes these from full-range ``depth`` bits."""
    from framescope.core.opencv import cv2  # noqa: PLC0415

    # It shifts bits instead of dividing: 1023 of 1023 would become 255.75 of 255.
    white = 65535 - (65535 >> min(depth, 16))
    return cast("NDArray[np.uint8]", cv2.convertScaleAbs(plane, alpha=255 / white))


def _merged(*components: NDArray[np.uint8], out: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
    from framescope.core.opencv import cv2  # noqa: PLC0415

    if out is None:
        return cast("NDArray[np.uint8]", cv2.merge(components))
    cv2.merge(components, dst=out)
    return out


def turn(pixels: _Pixels, rule: DisplayRule) -> _Pixels:
    """Mirror and rotate (rows, columns, components) according to the rule."""
    code = _ROTATION_CODES.get(rule.rotation)
    if code is None and not rule.mirrored:
        return pixels
    from framescope.core.opencv import cv2  # noqa: PLC0415

    if rule.mirrored:
        pixels = cast("_Pixels", cv2.flip(pixels, 1))
    return pixels if code is None else cast("_Pixels", cv2.rotate(pixels, code))
