"""The theme: readable in dark and light, and following the choice."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor

from framescope.ui.widgets.theme import (
    DARK,
    LIGHT,
    ThemeChoice,
    ThemeSource,
    Tokens,
    contrast_ratio,
    make_palette,
    make_stylesheet,
)

if TYPE_CHECKING:
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
