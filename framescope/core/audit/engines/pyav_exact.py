"""PyAV used carefully: seek backward, then decode up to the frame's pts."""

from __future__ import annotations

from itertools import dropwhile
from typing import TYPE_CHECKING, Any

from framescope.core.audit.engines.pyav_plain import PyAVPlain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.audit.engines.protocol import Ask


class PyAVExact(PyAVPlain):
    """``container.seek(pts, backward=True)``, then decode until ``frame.pts >= pts``; no retry."""

    def _from(self, ask: Ask) -> Iterator[Any]:
        """The frames from this one on, by their pts.

        Raises:
            ValueError: The frame has no timestamp.
        """
        pts = self._pts_of(ask)
        return dropwhile(lambda frame: frame.pts is None or frame.pts < pts, self._after_seek(pts))
