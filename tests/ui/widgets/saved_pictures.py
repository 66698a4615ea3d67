"""Pictures before and after saving, for tests of what shows them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.export.settings import ExportSettings
from framescope.core.model.frame import Frame, PictureType
from framescope.core.model.progress import CancelToken
from framescope.ui.export.preview.picture import PictureMaker
from tests.core.export.fakes import FakePicture
from tests.ui.stand_ins import make_info

if TYPE_CHECKING:
    from framescope.ui.export.preview.picture import SavedPicture

JPEG = ExportSettings(Path(), quality=60, rotate=False)


def film_frame(frame_number: int = 7, *, width: int = 320, height: int = 180) -> Frame:
    """Soft shapes, an edge and some grain."""
    y, x = np.mgrid[0:height, 0:width]
    grain = np.random.default_rng(frame_number).normal(0, 4, (height, width, 3))
    soft = np.stack([128 + 80 * np.sin(x / 19), 110 + 70 * np.cos(y / 13), 60 + x / 3 + (y > x) * 50], -1)
    picture = FakePicture((soft + grain).clip(0, 255).astype(np.uint8))
    return Frame(frame_number, 40, 0.04, PictureType.I, is_keyframe=True, is_damaged=False, picture=picture)


def saved_picture(settings: ExportSettings = JPEG, frame: Frame | None = None) -> SavedPicture:
    """A frame encoded and decoded again, measured."""
    *_, last = PictureMaker().make(frame or film_frame(), settings, make_info(), CancelToken())
    return last
