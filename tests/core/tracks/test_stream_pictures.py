"""A picture of each video stream: its first, scaled; none where nothing can be decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import Cancelled
from framescope.core.model.progress import CancelToken
from framescope.core.tracks.stream_pictures import stream_pictures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_each_stream_has_its_first_picture(clip: Callable[[str], Path]) -> None:
    path = clip("two_videos.mkv")
    found = dict(stream_pictures(str(path), [0, 2, 7], 48))
    assert set(found) == {0, 2}
    assert all(picture.shape[0] == 48 and picture.flags.c_contiguous for picture in found.values())
    assert not np.array_equal(found[0], found[2])


def test_it_can_be_stopped(plain_clip: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(stream_pictures(str(plain_clip), [0], 48, cancel))


def test_a_missing_file_has_none(tmp_path: Path) -> None:
    assert list(stream_pictures(str(tmp_path / "gone.mp4"), [0], 48)) == []
