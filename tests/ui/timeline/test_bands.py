"""GOP bands."""

from __future__ import annotations

import numpy as np

from framescope.ui.timeline.content_layer import band_parity
from tests.ui.timeline.live_session import make_index


def test_bands_alternate_at_keyframes() -> None:
    index = make_index(36, gop=12)
    parity = band_parity(index, np.arange(36), with_leading=True)
    assert parity[:12].tolist() == [parity[0]] * 12
    assert parity[12:24].tolist() == [1 - parity[0]] * 12
    assert parity[24:].tolist() == [parity[0]] * 12


def test_leading_pictures_belong_to_the_keyframe_they_follow_in_the_file() -> None:
    stored = np.arange(24, dtype=np.int32)
    # Shown 10, 11, 12; stored 12, 10, 11: an open GOP.
    stored[[10, 11, 12]] = [11, 12, 10]
    index = make_index(24, gop=12, packet_numbers=stored)
    exact = band_parity(index, np.arange(24), with_leading=True)
    assert exact[9] != exact[10] == exact[12]
    coarse = band_parity(index, np.arange(24), with_leading=False)
    assert coarse[11] != coarse[12]


def test_a_stream_without_keyframes_is_one_band() -> None:
    index = make_index(10, is_keyframe=np.zeros(10, bool))
    assert set(band_parity(index, np.arange(15), with_leading=True).tolist()) == {0}


def test_numbers_beyond_the_index_keep_the_last_band() -> None:
    index = make_index(24, gop=12)
    parity = band_parity(index, np.array([23, 24, 5000]), with_leading=True)
    assert len(set(parity.tolist())) == 1
