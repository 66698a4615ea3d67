"""A video made of nothing: each picture's colour says its number, and decoding waits for the test's word."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from framescope.core.errors import FrameUnavailableError, OpenError
from framescope.core.media.index import EntryTable, FrameIndex, IndexBasis
from framescope.core.model.frame import Frame, PictureType
from framescope.core.model.stream_facts import ColorFacts, StreamChoice, VideoInfo
from framescope.engine.backend import Backend
from tests.pictures import PlainPicture

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

    from framescope.core.media.video import Video
    from framescope.core.model.progress import CancelToken, ProgressCallback

WIDTH, HEIGHT = 32, 24
STREAM = StreamChoice(0, "h264", WIDTH, HEIGHT, is_cover=False, is_default=True, label="#0")
WAIT_S = 20.0
"""Longest that a fake waits for the test; long, because machines may be busy, and never reached."""


@dataclass(frozen=True)
class FakePicture(PlainPicture):
    """Blue and green hold the frame number, red what is given."""

    number: int
    width: int = WIDTH
    height: int = HEIGHT
    rotation: int = 0
    pixel_format: str = "yuv420p"
    red: int = 0

    @property
    def size_bytes(self) -> int:
        return self.width * self.height * 3 // 2

    def planes(self) -> tuple[NDArray[np.uint8], ...]:
        return (np.zeros((self.height, self.width), np.uint8),)

    def to_rgb(self, *, rotate: bool = True) -> NDArray[np.uint8]:
        return self.to_bgra(rotate=rotate)[..., 2::-1]

    def to_bgr(self, *, rotate: bool = True) -> NDArray[np.uint8]:
        return self.to_bgra(rotate=rotate)[..., :3]

    def to_bgra(
        self, *, width: int | None = None, height: int | None = None, rotate: bool = True
    ) -> NDArray[np.uint8]:
        size = (self.height, self.width)
        if rotate and self.rotation in (90, 270):
            size = size[::-1]
        pixels = np.empty((height or size[0], width or size[1], 4), np.uint8)
        pixels[:] = (self.number & 255, self.number >> 8, self.red, 255)
        return pixels

    def native_values(self, x: int, y: int, *, rotated: bool = True) -> dict[str, int]:
        return {"Y": x + y + rotated}


def number_in(image: QImage) -> int:
    """The frame number that an image's colour says."""
    colour = image.pixelColor(image.width() // 2, image.height() // 2)
    return colour.blue() + (colour.green() << 8)


def make_frame(number: int, **picture: Any) -> Frame:  # noqa: ANN401 - whatever the picture takes
    return Frame(
        frame_number=number,
        pts=number * 512,
        time_s=number / 25,
        picture_type=PictureType.P,
        is_keyframe=number % 10 == 0,
        is_damaged=False,
        picture=FakePicture(number, **picture),
    )


def make_info(**changes: Any) -> VideoInfo:  # noqa: ANN401 - any field of the record
    facts: dict[str, Any] = dict.fromkeys(VideoInfo.__dataclass_fields__)
    facts |= {
        "source": "/videos/clip.mp4", "stream_index": 0, "streams_total": 1, "codec": "h264",
        "fourcc": "avc1", "video_streams": (STREAM,),
        "width": WIDTH, "height": HEIGHT, "coded_width": WIDTH, "coded_height": HEIGHT,
        "display_width": WIDTH, "display_height": HEIGHT, "sample_aspect_ratio": Fraction(1), "rotation": 0,
        "mirrored": False, "pixel_format": "yuv420p", "average_rate": Fraction(25), "base_rate": Fraction(25),
        "color": ColorFacts("bt709", "bt709", "limited", "limited", "bt709", "bt709"),
        "time_base": Fraction(1, 12800), "frame_count_declared": 100,
    } | changes  # fmt: skip
    return VideoInfo(**facts)


def make_index(
    count: int = 100,
    *,
    keyframe_every: int = 10,
    complete: bool = True,
    first_packet: int = 0,
) -> FrameIndex:
    numbers = np.arange(count, dtype=np.int64)
    stamps = numbers * 512
    keys = np.arange(0, count, keyframe_every, dtype=np.int32)
    return FrameIndex(
        basis=IndexBasis.PACKETS,
        complete=complete,
        time_base=Fraction(1, 12800),
        pts=stamps,
        dts=stamps.copy(),
        packet_numbers=(numbers + first_packet).astype(np.int32),
        is_keyframe=numbers % keyframe_every == 0,
        picture_type_codes=np.zeros(count, np.uint8),
        packet_sizes=np.full(count + first_packet, 100, np.int32),
        entries=EntryTable(keys, keys.copy(), stamps[keys], stamps[keys], np.full(len(keys), -1, np.int64)),
        frames_expected=None if complete else 100,
    )


@dataclass
class FakeMedia:
    """What the fake readers share with the test.

    Attributes:
        gate: Decoding passes while it is set.
        decoding: Set as soon as a decode has begun.
        decoded: Numbers decoded for the view, in order.
        thumbnails: Numbers decoded for thumbnails, in order.
        announced: For each of them, the one announced to come next.
        unavailable: Numbers that cannot be decoded.
        bug_at: A number whose decode is a bug.
        indexes: Partial indexes, then the complete one.
        listing_gate: The complete index comes once it is set.
        listing_error: What listing ends in instead.
        open_error: What probing ends in instead.
        interruptions: How often a read in flight was to break off.
        closed: Readers that were closed.
        threads: Names of threads that used the readers for the view.
    """

    info: VideoInfo = field(default_factory=make_info)
    gate: threading.Event = field(default_factory=threading.Event)
    decoding: threading.Event = field(default_factory=threading.Event)
    decoded: list[int] = field(default_factory=list)
    thumbnails: list[int] = field(default_factory=list)
    announced: list[int | None] = field(default_factory=list)
    unavailable: set[int] = field(default_factory=set)
    interruptions: int = 0
    bug_at: int | None = None
    indexes: list[FrameIndex] = field(default_factory=lambda: [make_index()])
    counted: FrameIndex | None = None
    listing_gate: threading.Event = field(default_factory=threading.Event)
    listing_error: Exception | None = None
    open_error: OpenError | None = None
    readers: list[FakeReader] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.gate.set()
        self.listing_gate.set()

    @property
    def backend(self) -> Backend:
        return Backend(self.probe, self.open_reader, self.build_index)

    def probe(self, source: str, stream_index: int | None) -> VideoInfo:
        del source, stream_index
        if self.open_error is not None:
            raise self.open_error
        return self.info

    def open_reader(self, info: VideoInfo, index: FrameIndex, *, cache_bytes: int, read_ahead: bool) -> Video:
        del cache_bytes
        reader = FakeReader(self, info, index, is_for_view=read_ahead)
        self.readers.append(reader)
        return cast("Video", reader)

    def build_index(  # noqa: PLR0913 - as the real one
        self,
        info: VideoInfo,
        *,
        by_decoding: bool,
        on_partial: Callable[[FrameIndex], None],
        on_frame: Callable[[Frame], None] | None = None,
        progress: ProgressCallback,
        cancel: CancelToken,
        give_way: Callable[[], None],
    ) -> FrameIndex:
        del info, on_frame, progress, give_way
        if by_decoding and self.counted is not None:
            return self.counted
        for index in self.indexes[:-1]:
            on_partial(index)
        while not self.listing_gate.wait(0.01):
            cancel.raise_if_cancelled()
        if self.listing_error is not None:
            raise self.listing_error
        return self.indexes[-1]


class FakeReader:
    """Decodes at the test's pace; keeps every frame it has decoded."""

    def __init__(self, media: FakeMedia, info: VideoInfo, index: FrameIndex, *, is_for_view: bool) -> None:
        self.media = media
        self.info = info
        self.index = index
        self.is_for_view = is_for_view
        self.cache: dict[int, Frame] = {}
        self.closings = 0

    def frame(self, frame_number: int) -> Frame:
        if frame_number in self.cache:
            return self.cache[frame_number]
        if not 0 <= frame_number < len(self.index):
            raise IndexError(frame_number)
        media = self.media
        media.decoded.append(frame_number)
        media.threads.add(threading.get_ident())
        media.decoding.set()
        assert media.gate.wait(WAIT_S), "the test never let the decode go on"
        if frame_number == media.bug_at:
            raise ZeroDivisionError("a bug")
        if frame_number in media.unavailable:
            raise FrameUnavailableError(frame_number, None, "its packet is damaged.")
        self.cache[frame_number] = make_frame(frame_number)
        return self.cache[frame_number]

    def thumbnail(
        self, frame_number: int, height_px: int, *, exact: bool, next_number: int | None
    ) -> NDArray[np.uint8]:
        assert exact
        if frame_number in self.media.unavailable:
            raise FrameUnavailableError(frame_number, None, "its packet is damaged.")
        self.media.thumbnails.append(frame_number)
        self.media.announced.append(next_number)
        return FakePicture(frame_number).to_bgra(width=height_px * 4 // 3, height=height_px)

    @property
    def damaged_frames(self) -> NDArray[np.int32]:
        return self.index.damaged_frames

    def prepare(self, frame_number: int) -> None:
        self.frame(frame_number)

    def keep(self, frame: Frame) -> None:
        self.cache[frame.frame_number] = frame

    def cached_frame(self, frame_number: int) -> Frame | None:
        return self.cache.get(frame_number)

    def nearest_cached_frame(self, frame_number: int) -> Frame | None:
        numbers = tuple(self.cache)
        return self.cache[min(numbers, key=lambda n: abs(n - frame_number))] if numbers else None

    def cached_spans(self) -> list[tuple[int, int]]:
        return [(number, number + 1) for number in sorted(self.cache)]

    def adopt_index(self, index: FrameIndex) -> None:
        self.index = index

    def interrupt(self) -> None:
        self.media.interruptions += 1

    def close(self) -> None:
        self.closings += 1
