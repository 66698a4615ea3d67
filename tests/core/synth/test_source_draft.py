"""Sources as records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from framescope import open_video
from framescope.core.errors import SettingsError
from framescope.core.synth.number_blocks import read_number
from framescope.core.synth.source_draft import SourceDraft, SourceKind

if TYPE_CHECKING:
    from pathlib import Path


def test_each_kind_opens_what_it_says(plain_clip: Path, tmp_path: Path) -> None:
    picture = tmp_path / "one.png"
    picture.write_bytes(cv2.imencode(".png", np.full((48, 64, 3), 9, np.uint8))[1].tobytes())
    with open_video(plain_clip, use_index_cache=False) as video:
        info, index = video.info, video.index
    drafts = {
        3: SourceDraft(SourceKind.PATTERN, count=3, size=(96, 64)),
        4: SourceDraft(SourceKind.PICTURE, count=4, paths=(picture,)),
        1: SourceDraft(SourceKind.FILES, paths=(tmp_path,)),
        5: SourceDraft(SourceKind.VIDEO, info=info, index=index, numbers=range(20, 25)),
    }
    for count, draft in drafts.items():
        with draft.opened() as source:
            assert len(source) == count
            rgb = source.picture(0)
            assert rgb.dtype == np.uint8
            if draft.kind is SourceKind.VIDEO:
                assert read_number(rgb) == 20


@pytest.mark.parametrize("kind", [SourceKind.PICTURE, SourceKind.FILES, SourceKind.VIDEO])
def test_what_is_not_chosen_is_said(kind: SourceKind) -> None:
    with pytest.raises(SettingsError), SourceDraft(kind).opened():
        pass
