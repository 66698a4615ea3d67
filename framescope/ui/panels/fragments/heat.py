"""The colours of a heat map of bits, from the theme: few bits pale, many bits strong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.ui.widgets.theme import Tokens

_STEPS = 64
_MOST_ALPHA = 165
_BEND = 0.7


def heat_table(tokens: Tokens) -> NDArray[np.uint8]:
    """(64, 3) uint8 R, G, B, from the panel's background through one hue to the text colour, all opaque.

    Lightness is monotonic, so that more and less can be told apart without a legend.
    """
    stops = [tokens.surface_raised, tokens.i_frame, tokens.text]
    places = [0.0, 0.7, 1.0]
    shares = np.linspace(0, 1, _STEPS)
    channels = [
        np.interp(shares, places, [getattr(stop, name)() for stop in stops])
        for name in ("red", "green", "blue")
    ]
    return np.stack(channels, axis=1).round().astype(np.uint8)


def heat_places(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Row indices of `heat_table` for values of any shape, with a curve that keeps small ones distinct."""
    most = max(int(values.max(initial=0)), 1)
    places: NDArray[np.int64] = ((values / most) ** _BEND * (_STEPS - 1)).round().astype(np.int64)
    return places


def heat_overlay(tokens: Tokens, share: float) -> QColor:
    """The colour laid over a tile that has this share (0 to 1) of the largest number of bits."""
    color = QColor(tokens.i_frame)
    color.setAlpha(round(_MOST_ALPHA * min(max(share, 0.0), 1.0)))
    return color
