"""The colours of bits."""

from __future__ import annotations

import numpy as np
import pytest

from framescope.ui.panels.fragments.heat import heat_overlay, heat_places, heat_table
from framescope.ui.widgets.theme import DARK, LIGHT, Tokens


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_lightness_runs_one_way(tokens: Tokens) -> None:
    lightness = heat_table(tokens).astype(int) @ np.array([299, 587, 114])
    steps = np.diff(lightness)
    assert (steps >= 0).all() if tokens.is_dark else (steps <= 0).all()


def test_more_bits_stand_further_on() -> None:
    places = heat_places(np.array([[0, 1, 50, 100]], np.int64))
    assert places[0, 0] == 0
    assert places[0, 3] == len(heat_table(DARK)) - 1
    assert (np.diff(places[0]) > 0).all()
    assert heat_places(np.zeros((2, 2), np.int64)).max() == 0


def test_the_theme_keeps_its_colours() -> None:
    before = DARK.i_frame.name()
    assert heat_overlay(DARK, 0.0).alpha() == 0
    assert 0 < heat_overlay(DARK, 0.5).alpha() < heat_overlay(DARK, 2.0).alpha() < 255
    assert DARK.i_frame.name() == before
    assert DARK.i_frame.alpha() == 255
