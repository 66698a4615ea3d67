"""PyAV used carefully: seek backward, then decode up to the frame's pts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.audit.engines.pyav_plain import PyAVPlain

if TYPE_CHECKING:
    from framescope.core.audit.engines.protocol import Ask, Delivered


class PyAVExact(PyAVPlain):
    """``container.seek(pts, backward=True)``, then decode until ``frame.pts >= pts``; no retry."""

    def seek_read(self, ask: Ask) -> Delivered | None:
        """Seek backward to the frame's pts and decode up to it.

        Raises:
            ValueError: The frame has no timestamp.
        """
        pts = self._pts_of(ask)
        for frame in self._after_seek(pts):
            if frame.pts is not None and frame.pts >= pts:
                return self._delivered(frame)
        return None
