"""A frame as it would be saved, ready to be looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QImage

from framescope.core.errors import Cancelled, SettingsError
from framescope.core.export.encoders.formats import BitDepth, ImageFormat
from framescope.core.export.geometry import Crop, Resize
from framescope.core.export.settings import ExportSettings
from framescope.core.model.progress import CancelToken
from framescope.core.opencv import cv2
from framescope.ui.export.preview.picture import (
    PictureMaker,
    Pyramid,
    SavedPicture,
    whole_picture,
)
from tests.ui.stand_ins import StandInPicture, make_frame, make_info

if TYPE_CHECKING:
    from numpy.typing import NDArray

JPEG = ExportSettings(Path(), quality=60)
PNG = ExportSettings(Path(), ImageFormat.PNG)


def make(settings: ExportSettings, picture: StandInPicture | None = None) -> SavedPicture:
    *_, last = PictureMaker().make(make_frame(7, picture), settings, make_info(), CancelToken())
    return last


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    packed = image.convertToFormat(QImage.Format.Format_BGR888)
    rows = np.frombuffer(packed.constBits(), np.uint8).reshape(packed.height(), packed.bytesPerLine())
    return rows[:, : 3 * packed.width()].reshape(packed.height(), packed.width(), 3).copy()


def test_what_is_shown_is_what_the_file_holds() -> None:
    picture = make(JPEG)
    data = picture.trials.encode(JPEG)
    seen = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None
    assert np.array_equal(pixels_of(picture.saved.full), seen)
    assert np.array_equal(pixels_of(picture.original.full), make_frame(7).to_bgr())
    assert picture.size_bytes == len(data)
    assert (picture.width, picture.height, picture.raw_bytes, picture.bits) == (64, 48, 64 * 48 * 3, 8)
    assert picture.difference is not None
    expected = np.abs(seen.astype(int) - make_frame(7).to_bgr()).max(axis=2)
    assert np.array_equal(picture.difference, expected)


def test_the_picture_comes_first_and_its_measures_after() -> None:
    first, second = PictureMaker().make(make_frame(7), JPEG, make_info(), CancelToken())
    assert first.fidelity is None
    assert second.fidelity is not None
    assert 20 < second.fidelity.psnr_db < 60
    assert first.saved is second.saved


def test_a_newer_wish_spares_the_measures() -> None:
    cancel = CancelToken()
    answers = PictureMaker().make(make_frame(7), JPEG, make_info(), cancel)
    next(answers)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(answers)


def test_a_lossless_file_is_the_original() -> None:
    picture = make(PNG)
    assert picture.saved is picture.original
    assert picture.difference is None
    assert picture.fidelity is not None
    assert picture.fidelity.is_exact
    heat = picture.heat()
    assert heat.largest == 0
    assert not pixels_of(heat.image.full).any()


def test_differences_are_seen_with_the_gain_that_is_asked_for() -> None:
    picture = make(JPEG)
    automatic, plain = picture.heat(), picture.heat(1)
    assert plain.gain == 1
    assert plain.scale_end == 255
    assert automatic.gain > 1
    assert pixels_of(automatic.image.full).mean() > pixels_of(plain.image.full).mean()


def test_crop_and_size_are_those_of_the_file() -> None:
    picture = make(replace(PNG, crop=Crop(10, 4, 20, 30), resize=Resize(width=40)))
    assert (picture.width, picture.height) == (40, 60)
    whole = whole_picture(make_frame(7), replace(PNG, crop=Crop(10, 4, 20, 30)))
    assert (whole.full.width(), whole.full.height()) == (64, 48)
    with pytest.raises(SettingsError, match="beyond"):
        make(replace(PNG, crop=Crop(60, 0, 20, 20)))


def test_rotation_is_that_of_the_file() -> None:
    turned = make(PNG, StandInPicture(rotation=90))
    stored = make(replace(PNG, rotate=False), StandInPicture(rotation=90))
    assert (turned.width, turned.height) == (48, 64)
    assert (stored.width, stored.height) == (64, 48)


def test_the_pixels_are_made_once_for_all_qualities() -> None:
    maker, frame = PictureMaker(), make_frame(7)
    one, *_ = maker.make(frame, JPEG, make_info(), CancelToken())
    two, *_ = maker.make(frame, replace(JPEG, quality=90), make_info(), CancelToken())
    other, *_ = maker.make(frame, replace(JPEG, resize=Resize(longest=32)), make_info(), CancelToken())
    assert two.original is one.original
    assert two.trials is one.trials
    assert two.size_bytes > one.size_bytes
    assert other.original is not one.original


def test_sixteen_bits_are_compared_as_sixteen() -> None:
    picture = make(replace(PNG, bit_depth=BitDepth.SIXTEEN))
    if picture.bits == 16:
        assert picture.heat(1).scale_end == 65_535


def test_small_views_are_drawn_from_small_copies() -> None:
    pyramid = Pyramid.of(np.zeros((600, 1000, 3), np.uint8))
    assert [level.width() for level in pyramid.levels] == [1000, 500, 250, 125]
    sizes = {scale: pyramid.best_for(scale).width() for scale in (4.0, 1.0, 0.7, 0.5, 0.3, 0.25, 0.01)}
    assert sizes == {4.0: 1000, 1.0: 1000, 0.7: 1000, 0.5: 500, 0.3: 500, 0.25: 250, 0.01: 125}
    assert len(Pyramid.of(np.zeros((2000, 100, 3), np.uint8)).levels) == 1
