"""The theme: readable in dark and light, and following the choice."""

from __future__ import annotations

from dataclasses import fields
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QColor

from framescope.session.settings import ColorSet
from framescope.ui.widgets.theme import (
    DARK,
    LIGHT,
    ThemeChoice,
    ThemeSource,
    Tokens,
    contrast_ratio,
    make_palette,
    make_stylesheet,
    with_colors,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

_GROUNDS = ("window", "surface", "surface_raised", "surface_sunken")
_READ = ("text", "text_muted", "warning", "error", "success")


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("ground", _GROUNDS)
@pytest.mark.parametrize("ink", _READ)
def test_text_stands_out_from_every_surface(tokens: Tokens, ground: str, ink: str) -> None:
    assert contrast_ratio(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_text_stands_out_from_accent_and_selection(tokens: Tokens) -> None:
    assert contrast_ratio(tokens.accent_text, tokens.accent) >= 4.5
    assert contrast_ratio(tokens.text, tokens.selection) >= 4.5
    assert contrast_ratio(tokens.overlay_text, opaque(tokens.overlay)) >= 4.5
    assert contrast_ratio(tokens.overlay_text_muted, opaque(tokens.overlay)) >= 4.5


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_what_is_drawn_stands_out_from_the_surface(tokens: Tokens) -> None:
    for name in (
        "i_frame",
        "p_frame",
        "b_frame",
        "unknown_frame",
        "keyframe",
        "playhead",
        "mark",
        "chosen",
        "cached",
    ):
        assert contrast_ratio(getattr(tokens, name), tokens.surface) >= 3, name
    assert contrast_ratio(tokens.text_faint, tokens.surface) >= 4.5
    assert contrast_ratio(tokens.accent, tokens.surface) >= 4.5


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_stylesheet_leaves_no_placeholder(tokens: Tokens) -> None:
    sheet = make_stylesheet(tokens)
    body = sheet.split("*/", 1)[1]
    assert "@" not in body
    assert tokens.accent.name(QColor.NameFormat.HexArgb) in body


def test_tokens_are_all_colours() -> None:
    for field in fields(Tokens):
        value = getattr(DARK, field.name)
        assert isinstance(value, bool) or value.isValid(), field.name


def test_choice_is_followed_and_announced(qtbot: QtBot) -> None:
    theme = ThemeSource(ThemeChoice.DARK)
    with qtbot.waitSignal(theme.changed):
        theme.set_choice(ThemeChoice.LIGHT)
    assert theme.tokens is LIGHT
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_choice(ThemeChoice.LIGHT)


def test_palette_takes_the_tokens(qtbot: QtBot) -> None:
    del qtbot
    assert make_palette(LIGHT).color(make_palette(LIGHT).ColorRole.Text) == LIGHT.text


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast_ratio(QColor("black"), QColor("white")) == pytest.approx(21)


def opaque(color: QColor) -> QColor:
    return QColor(color.red(), color.green(), color.blue())


# Machado, Oliveira and Fernandes (2009): what is seen without cones for red, green or blue, as linear RGB.
_VISIONS = (
    np.eye(3),
    np.array([[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]]),
    np.array([[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]]),
    np.array([[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]]),
)
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(color: QColor, vision: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIELAB (D65) of a colour as somebody sees it."""
    encoded = np.array([color.redF(), color.greenF(), color.blueF()])
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    xyz = _TO_XYZ @ np.clip(vision @ linear, 0, 1) / np.array([0.9505, 1, 1.089])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("tokens", [DARK, LIGHT])
def test_the_set_for_any_colour_vision_keeps_its_distance_in_all_of_them(tokens: Tokens) -> None:
    colors = with_colors(tokens, ColorSet.COLOR_BLIND, {})
    types = [colors.i_frame, colors.p_frame, colors.b_frame]
    for vision in _VISIONS:
        seen = [lab(color, vision) for color in types]
        assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > 20
    for color in types:
        assert contrast_ratio(color, colors.surface) >= 3
