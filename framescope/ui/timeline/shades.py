"""Mixes the theme's colours for the timeline."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from framescope.ui.timeline.raster import Shades, palette_of
from framescope.ui.widgets.theme import contrast_ratio

if TYPE_CHECKING:
    from framescope.ui.widgets.theme import Tokens

_KEPT = 32
"""How many mixtures are kept, of those that every paint asks for: some for each theme."""


def mixed(ground: QColor, color: QColor, share: float) -> QColor:
    """``share`` of ``color`` over ``ground``, opaque."""
    rest = 1.0 - share
    return QColor.fromRgbF(
        ground.redF() * rest + color.redF() * share,
        ground.greenF() * rest + color.greenF() * share,
        ground.blueF() * rest + color.blueF() * share,
    )


def faded(color: QColor, alpha: float) -> QColor:
    """The same colour, translucent."""
    result = QColor(color)
    result.setAlphaF(alpha)
    return result


def type_colors(tokens: Tokens) -> tuple[QColor, QColor, QColor, QColor]:
    """Bar colours in the order of ``PictureType``'s values."""
    return tokens.unknown_frame, tokens.i_frame, tokens.p_frame, tokens.b_frame


def on_color(tokens: Tokens, fill: QColor) -> QColor:
    """A readable text colour on ``fill``."""
    return _on_rgba(tokens, fill.rgba())


@lru_cache(maxsize=_KEPT)
def _on_rgba(tokens: Tokens, rgba: int) -> QColor:
    dark, light = (tokens.window, tokens.text) if tokens.is_dark else (tokens.text, tokens.surface_sunken)
    fill = QColor.fromRgba(rgba)
    return max((dark, light), key=lambda color: contrast_ratio(color, fill))


@lru_cache(maxsize=_KEPT)
def letter_color(tokens: Tokens, code: int) -> QColor:
    """The colour of a picture type's letter: its bar's hue, with enough contrast for text."""
    return mixed(tokens.text, type_colors(tokens)[code], 0.7 if tokens.is_dark else 0.45)


@lru_cache(maxsize=_KEPT)
def bar_palette(tokens: Tokens, *, decoded: bool) -> list[int]:
    """Pixel colours of the bars; those of inferred picture types are paler below their cap."""
    strength = 1.0 if decoded else 0.66
    return palette_of(
        (_shades(tokens, tokens.gop_band_a, strength), _shades(tokens, tokens.gop_band_b, strength))
    )


def overview_palette(tokens: Tokens) -> list[int]:
    """Pixel colours of the overview: a single muted grey, so that the window stands out."""
    ground = tokens.gop_band_a
    solid = mixed(ground, tokens.text_faint, 0.6).rgba()
    envelope = mixed(ground, tokens.text_faint, 0.2).rgba()
    shades = Shades(
        ground=ground.rgba(),
        solid=(solid,) * 4,
        envelope=(envelope,) * 4,
        cap=(solid,) * 4,
        line=ground.rgba(),
        tick=ground.rgba(),
        tick_crowded=ground.rgba(),
    )
    return palette_of((shades, shades))


def _shades(tokens: Tokens, ground: QColor, strength: float) -> Shades:
    def four(share: float) -> tuple[int, int, int, int]:
        unknown, intra, predicted, between = (mixed(ground, c, share).rgba() for c in type_colors(tokens))
        return unknown, intra, predicted, between

    return Shades(
        ground=ground.rgba(),
        solid=four(strength),
        envelope=four(0.3 * strength),
        cap=four(1.0),
        line=mixed(ground, tokens.keyframe, 0.35).rgba(),
        tick=tokens.keyframe.rgba(),
        tick_crowded=mixed(ground, tokens.keyframe, 0.45).rgba(),
    )
