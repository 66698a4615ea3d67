"""Colours mixed from the theme's."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from framescope.ui.timeline.shades import (
    bar_palette,
    faded,
    letter_color,
    mixed,
    on_color,
    overview_palette,
    type_colors,
)
from framescope.ui.widgets.theme import DARK, LIGHT, Tokens, contrast_ratio


def test_mixing_and_fading() -> None:
    assert mixed(QColor("#000000"), QColor("#ffffff"), 0.5).name() in {"#7f7f7f", "#808080"}
    assert faded(QColor("#123456"), 0.5).alpha() in {127, 128}
    assert faded(QColor("#123456"), 0.5).name() == "#123456"


@pytest.mark.parametrize("tokens", [DARK, LIGHT])
def test_letters_can_be_read_on_both_bands(tokens: Tokens) -> None:
    for code in range(4):
        for ground in (tokens.gop_band_a, tokens.gop_band_b):
            assert contrast_ratio(letter_color(tokens, code), ground) >= 4.5


@pytest.mark.parametrize("tokens", [DARK, LIGHT])
def test_words_can_be_read_on_fills(tokens: Tokens) -> None:
    # A grey in the middle gives black and white alike no more than this.
    for fill in (*type_colors(tokens), tokens.keyframe, tokens.playhead):
        assert contrast_ratio(on_color(tokens, fill), fill) >= 4.0


@pytest.mark.parametrize("tokens", [DARK, LIGHT])
def test_inferred_types_are_paler_but_not_gone(tokens: Tokens) -> None:
    assert bar_palette(tokens, decoded=True) != bar_palette(tokens, decoded=False)
    grey = overview_palette(tokens)
    assert len(set(grey)) < 6
