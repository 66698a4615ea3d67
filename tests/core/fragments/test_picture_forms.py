"""Forms of pictures, and how they are cut."""

from __future__ import annotations

import pytest

from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.picture_forms import FormTable, frame_of
from tests.core.fragments.fragment_examples import noise_frame
from tests.ui.stand_ins import make_frame


def test_a_form_is_met_once_and_another_size_is_another_form() -> None:
    table = FormTable(Grid(2, 2), FragmentCodec.FFV1, 0)
    places = [table.place_of(noise_frame(*size)) for size in ((64, 48), (64, 48), (32, 32), (64, 48))]
    assert places == [0, 0, 1, 0]
    assert [len(form.tiles) for form in table.forms] == [4, 4]
    assert table.forms[0].pixel_format == "yuv420p"


def test_other_colours_are_another_form() -> None:
    table = FormTable(Grid(1, 1), FragmentCodec.H264, 23)
    first, second = noise_frame(64, 48), noise_frame(64, 48)
    second.colorspace = 1
    assert [table.place_of(frame) for frame in (first, second)] == [0, 1]


def test_rgb_for_a_codec_without_it_is_tagged_with_the_matrix_it_gets() -> None:
    table = FormTable(Grid(1, 1), FragmentCodec.H264, 23)
    table.place_of(noise_frame(64, 48, "rgb24"))
    assert (table.forms[0].colorspace, table.forms[0].color_range) == (1, 1)
    assert not table.forms[0].is_lossless


def test_too_many_tiles_are_refused() -> None:
    with pytest.raises(FragmentError, match="most"):
        FormTable(Grid(100, 100), FragmentCodec.FFV1, 0).place_of(noise_frame(640, 640))


def test_pictures_held_otherwise_are_refused() -> None:
    with pytest.raises(FragmentError):
        frame_of(make_frame())
