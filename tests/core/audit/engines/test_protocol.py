"""A packed picture becomes a delivery."""

from __future__ import annotations

import numpy as np

from framescope.core.audit.engines.protocol import picture_of


def test_a_picture_is_one_plane_with_facts() -> None:
    pixels = np.zeros((2, 3, 3), np.uint8)
    given = picture_of(pixels, time_s=1.5)
    assert given.planes == (pixels,)
    assert (given.pts, given.time_s, given.position) == (None, 1.5, None)
