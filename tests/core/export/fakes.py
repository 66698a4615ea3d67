"""Frames and videos made of arrays, for tests that need no file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import CorruptFrameError, FrameUnavailableError
from framescope.core.media.video import Video
from framescope.core.model.frame import Frame, PictureType
from tests.pictures import PlainPicture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True)
class FakePicture(PlainPicture):
    """Pixels in B, G, R order; rotated means turned by half."""

    bgr: NDArray[np.uint8]
    rotation: int = 180
    pixel_format: str = "bgr24"
    is_hdr: bool = False

    @property
    def width(self) -> int:
        return int(self.bgr.shape[1])

    @property
    def height(self) -> int:
        return int(self.bgr.shape[0])

    @property
    def size_bytes(self) -> int:
        return int(self.bgr.nbytes)

    def planes(self) -> tuple[NDArray[np.uint8] | NDArray[np.uint16], ...]:
        return (self.bgr,)

    def to_bgr(self, *, rotate: bool = True) -> NDArray[np.uint8]:
        return np.ascontiguousarray(self.bgr[::-1, ::-1]) if rotate else self.bgr

    def to_bgra(
        self, *, width: int | None = None, height: int | None = None, rotate: bool = True
    ) -> NDArray[np.uint8]:
        del width, height
        return np.dstack([self.to_bgr(rotate=rotate), np.full(self.bgr.shape[:2], 255, np.uint8)])

    def native_values(self, x: int, y: int, *, rotated: bool = True) -> dict[str, int]:
        del rotated
        return dict(zip("BGR", map(int, self.bgr[y, x]), strict=True))


def fake_bgr(frame_number: int, *, width: int = 48, height: int = 32) -> NDArray[np.uint8]:
    """A picture that belongs to this number alone."""
    return np.random.default_rng(frame_number).integers(0, 256, (height, width, 3), np.uint8)


def fake_frame(frame_number: int, *, is_damaged: bool = False, bgr: NDArray[np.uint8] | None = None) -> Frame:
    """A frame whose picture is ``fake_bgr(frame_number)``, or another one."""
    return Frame(
        frame_number=frame_number,
        pts=frame_number * 40,
        time_s=frame_number / 25,
        picture_type=PictureType.P,
        is_keyframe=False,
        is_damaged=is_damaged,
        picture=FakePicture(fake_bgr(frame_number) if bgr is None else bgr),
    )


@dataclass
class FakeVideo(Video):
    """Gives fake frames; some are corrupt, and something may happen before one.

    Attributes:
        corrupt: Numbers of frames that cannot be decoded.
        before: Called with each number before its frame is given.
        asked: The requested numbers so far.
        pictures: Those that are not ``fake_bgr`` of their number.
    """

    corrupt: frozenset[int] = frozenset()
    before: Callable[[int], None] = lambda _: None
    asked: list[int] = field(default_factory=list)
    pictures: Mapping[int, NDArray[np.uint8]] = field(default_factory=dict)

    def try_frames(self, numbers: Iterable[int] | slice) -> Iterator[Frame | FrameUnavailableError]:
        assert not isinstance(numbers, slice)
        for number in numbers:
            self.asked.append(number)
            self.before(number)
            if number in self.corrupt:
                yield CorruptFrameError(number, number * 40, "the packet is damaged")
            else:
                yield fake_frame(number, bgr=self.pictures.get(number))
