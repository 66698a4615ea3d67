"""Thumbnails in memory, bounded by bytes; the one not looked at for longest goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage


class ThumbnailCache:
    """QImages by (frame number, height). Threads: any."""

    def __init__(self, limit_bytes: int) -> None:
        self._lock = threading.Lock()
        self._limit_bytes = limit_bytes
        self._used_bytes = 0
        self._images: OrderedDict[tuple[int, int], QImage] = OrderedDict()

    @property
    def used_bytes(self) -> int:
        """Memory that the pictures take."""
        return self._used_bytes

    def __len__(self) -> int:
        """How many thumbnails are kept."""
        return len(self._images)

    def get(self, frame_number: int, height_px: int) -> QImage | None:
        """The thumbnail, which counts as looked at now, or None."""
        key = frame_number, height_px
        with self._lock:
            image = self._images.get(key)
            if image is not None:
                self._images.move_to_end(key)
            return image

    def put(self, frame_number: int, height_px: int, image: QImage) -> None:
        """Keep a thumbnail, dropping those that no longer fit."""
        with self._lock:
            old = self._images.pop((frame_number, height_px), None)
            self._used_bytes += image.sizeInBytes() - (0 if old is None else old.sizeInBytes())
            self._images[frame_number, height_px] = image
            while self._used_bytes > self._limit_bytes and len(self._images) > 1:
                _, dropped = self._images.popitem(last=False)
                self._used_bytes -= dropped.sizeInBytes()

    def nearest(self, frame_number: int) -> tuple[int, QImage] | None:
        """The thumbnail closest to the frame, the largest of several; does not count as a look."""
        with self._lock:
            if not self._images:
                return None
            key = min(self._images, key=lambda key: (abs(key[0] - frame_number), -key[1]))
            return key[0], self._images[key]

    def clear(self) -> None:
        """Forget everything, as when frames get other numbers."""
        with self._lock:
            self._images.clear()
            self._used_bytes = 0
