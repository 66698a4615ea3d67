"""Reading pixels of the exact frame: places, turns, and conversions that come late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import DecodeError
from framescope.ui.picture.pixel_reader import PixelReader
from tests.ui.stand_ins import StandInPicture, make_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot


@pytest.fixture
def reader(qtbot: QtBot) -> Iterator[PixelReader]:
    del qtbot
    made = PixelReader()
    yield made
    made.close()


def test_nothing_is_read_without_an_exact_frame(reader: PixelReader) -> None:
    assert reader.read(0.5, 0.5) is None
    assert reader.rgb is None


def test_native_values_come_at_once_and_rgb_soon(qtbot: QtBot, reader: PixelReader) -> None:
    reader.set_frame(make_frame(), rotated=True)
    with qtbot.waitSignal(reader.ready):
        first = reader.read(0.5, 0.5)
    assert first is not None
    assert first.native == {"Y": 32 + 24, "Cb": 128, "Cr": 127}
    assert first.rgb is None
    second = reader.read(0.999, 0.999)
    assert second is not None
    assert (second.x, second.y) == (63, 47)
    assert second.rgb == (63, 47, 0)


@pytest.mark.parametrize(("rotated", "place"), [(True, (47, 63)), (False, (63, 47))])
def test_turned_picture_is_read_as_it_is_seen(
    reader: PixelReader,
    *,
    rotated: bool,
    place: tuple[int, int],
) -> None:
    reader.set_frame(make_frame(picture=StandInPicture(rotation=90)), rotated=rotated)
    reading = reader.read(0.999, 0.999)
    assert reading is not None
    assert (reading.x, reading.y) == place


def test_conversion_of_a_frame_left_behind_is_dropped(qtbot: QtBot, reader: PixelReader) -> None:
    reader.set_frame(make_frame(1), rotated=True)
    reader.read(0, 0)
    reader.set_frame(make_frame(2, StandInPicture(16, 8)), rotated=True)
    with qtbot.waitSignal(reader.ready):
        reader.read(0, 0)
    assert reader.rgb is not None
    assert reader.rgb.shape == (8, 16, 3)


class Unconvertible(StandInPicture):
    """A picture in a format that has no way to RGB."""

    def to_rgb(self, *, rotate: bool = True) -> NDArray[np.uint8]:
        raise DecodeError(f"There is no way to RGB, turned or not ({rotate}).")


def test_a_picture_that_cannot_be_converted_is_read_as_decoded(qtbot: QtBot, reader: PixelReader) -> None:
    reader.set_frame(make_frame(picture=Unconvertible()), rotated=True)
    with qtbot.waitSignal(reader.ready):
        first = reader.read(0.5, 0.5)
    second = reader.read(0.5, 0.5)
    assert first is not None
    assert second is not None
    assert (first.is_convertible, second.is_convertible) == (True, False)
    assert second.rgb is None
    assert second.native == first.native
    reader.set_frame(make_frame(1), rotated=True)
    third = reader.read(0.5, 0.5)
    assert third is not None
    assert third.is_convertible
