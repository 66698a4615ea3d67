"""A session that obeys: it moves, marks and scrolls when told to, and hands out indexes that were made up."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from framescope.core.media.index import NO_PTS, EntryTable, FrameIndex, IndexBasis
from framescope.session.navigation import clamp_range
from framescope.session.state import FrameRange
from tests.ui.stand_ins import StandInController, make_info, make_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

TICKS_A_FRAME = 1000
TIME_BASE = Fraction(1, 25 * TICKS_A_FRAME)


def make_index(count: int, *, gop: int = 12, **changes: Any) -> FrameIndex:  # noqa: ANN401
    """25 frames per second, ``IBBPBBP…``, a keyframe every ``gop`` frames; I 4000, P 2000, B 1000 bytes."""
    numbers = np.arange(count)
    is_key = numbers % gop == 0
    codes = np.where(is_key, 1, np.where(numbers % gop % 3 == 0, 2, 3)).astype(np.uint8)
    sizes = np.array([500, 4000, 2000, 1000], np.int32)[codes]
    pts = (numbers * TICKS_A_FRAME + 7777).astype(np.int64)
    keys = np.flatnonzero(is_key)
    nowhere = np.full(len(keys), -1, np.int64)
    facts: dict[str, Any] = {
        "basis": IndexBasis.PACKETS, "complete": True, "time_base": TIME_BASE, "pts": pts, "dts": pts.copy(),
        "packet_numbers": numbers.astype(np.int32), "is_keyframe": is_key, "picture_type_codes": codes,
        "packet_sizes": sizes,
        "entries": EntryTable(keys.astype(np.int32), keys.astype(np.int32), pts[keys], pts[keys], nowhere),
    }  # fmt: skip
    return FrameIndex(**{**facts, **changes})


def without_pts(count: int) -> dict[str, Any]:
    """Changes for ``make_index``: a stream without timestamps."""
    return {"pts": np.full(count, NO_PTS), "dts": np.full(count, NO_PTS)}


class LiveSession(StandInController):
    """Does what the controller does with positions, ranges and marks; writes down the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.images: dict[int, QImage] = {}

    def open_index(self, index: FrameIndex | None, *, frame_total: int | None = None) -> None:
        """Pretend that a video with this index was opened."""
        self.index = index
        self.position = 0
        self.source, self.info = "/videos/clip.mp4", make_info()
        self.frame_total = frame_total or (len(index) if index is not None else 1)
        self.visible_range = (0.0, float(self.frame_total))
        self.source_opened.emit()
        # What shows the video is cleared, and painted in turns of its own.
        for _ in range(4):
            QApplication.processEvents()

    def grow(self, index: FrameIndex, *, frame_total: int | None = None) -> None:
        """Pretend that more frames were listed."""
        self.index = index
        self.frame_total = frame_total or len(index)
        self.index_updated.emit()

    def close_source(self) -> None:
        self.source = self.info = self.index = self.shown = None
        self.frame_total, self.position = 1, 0
        self.source_closed.emit()

    def set_visible_range(self, first: float, last: float) -> None:
        wanted = clamp_range(first, last, self.frame_total)
        if wanted != self.visible_range:
            self.visible_range = wanted
            self.visible_range_changed.emit(*wanted)

    def show_frame(self, frame_number: int) -> None:
        self.calls.append(("show_frame", (frame_number,)))
        number = min(max(frame_number, 0), self.frame_total - 1)
        if number != self.position:
            self.position = number
            self.position_changed.emit(number)

    def refuse(self, frame_number: int) -> None:
        """Pretend that a frame turned out not to be decodable."""
        self.shown = make_shown(frame_number, image=None, frame=None, unavailable_reason="damaged packet")
        self.frame_shown.emit()

    def mark(self, *frame_numbers: int) -> None:
        self.marks = frame_numbers
        self.marks_changed.emit()

    def toggle_mark(self, frame_number: int | None = None) -> None:
        number = self.position if frame_number is None else frame_number
        self.mark(*sorted({*self.marks} ^ {number}))

    def set_range(self, in_point: int | None, out_point: int | None) -> None:
        self.in_point, self.out_point = in_point, out_point
        start = 0 if in_point is None else in_point
        stop = self.frame_total if out_point is None else out_point + 1
        self.marked_range = FrameRange(start, stop)
        self.range_changed.emit()

    def mark_in(self) -> None:
        self.set_range(self.position, self.out_point)

    def mark_out(self) -> None:
        self.set_range(self.in_point, self.position)

    def thumbnail(self, frame_number: int, height_px: int) -> QImage | None:
        del height_px
        return self.images.get(frame_number)

    def request_thumbnails(self, frame_numbers: Sequence[int], height_px: int) -> None:
        self.calls.append(("request_thumbnails", (tuple(frame_numbers), height_px)))

    def deliver(self, frame_number: int, color: str = "#808080") -> QImage:
        """Pretend that a thumbnail was made."""
        image = QImage(160, 90, QImage.Format.Format_RGB32)
        image.fill(QColor(color))
        self.images[frame_number] = image
        self.thumbnail_ready.emit(frame_number, image)
        return image

    @property
    def requests(self) -> list[tuple[int, ...]]:
        """The lists of thumbnails requested, oldest first."""
        return [arguments[0] for arguments in self.called("request_thumbnails")]  # type: ignore[misc]
