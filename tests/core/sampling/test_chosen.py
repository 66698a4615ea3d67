"""What a choice comes to."""

from __future__ import annotations

import numpy as np

from framescope.core.sampling.chosen import Chosen, chosen_clips


def test_clips_are_put_into_the_order_of_reading() -> None:
    chosen = chosen_clips(np.array([[0, 2, 4], [2, 4, 6]], np.int64))
    assert chosen.frame_numbers.tolist() == [0, 2, 2, 4, 4, 6]
    assert chosen.clips is not None
    assert chosen.places is not None
    assert list(zip(chosen.clips.tolist(), chosen.places.tolist(), strict=True)) == [
        (0, 0),
        (0, 1),
        (1, 0),
        (0, 2),
        (1, 1),
        (1, 2),
    ]
    assert (len(chosen), chosen.clip_total) == (6, 2)


def test_no_clips_are_no_rows() -> None:
    chosen = chosen_clips(np.empty((0, 16), np.int64))
    assert (len(chosen), chosen.clip_total) == (0, 0)


def test_plain_frames_belong_to_no_clip() -> None:
    chosen = Chosen(np.arange(4, dtype=np.int64))
    assert (len(chosen), chosen.clip_total, chosen.clips) == (4, 0, None)
