"""A made-up film: which of its frames cut, repeat, blur and go dark is written here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framescope.core.opencv import cv2
from framescope.core.synth.number_blocks import EDGE_CODE, draw_number
from framescope.core.synth.patterns import draw_scene

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH, HEIGHT, RATE, FRAME_TOTAL = 160, 120, 25, 130

CUTS = (40, 70)
"""Frames that begin another scene at once."""
REPEATED = range(20, 30)
"""Frames that show the picture of frame 20."""
SHARP = (2, 33, 51)
"""Frames of the blurred stretches that are not blurred."""
BLURRED = (range(10), range(30, 39), range(45, 55))
DARKENING, BLACK, LIGHTENING = range(90, 98), range(98, 104), range(104, 112)
"""The fade: black frames, and those that lead into it and out of it."""


def story_picture(number: int) -> NDArray[np.uint8]:
    """Frame ``number`` as (rows, columns, 3) uint8 in R, G, B order; it carries its `drawn_number`."""
    drawn = drawn_number(number)
    picture = draw_scene(drawn * 3, WIDTH, HEIGHT, scene=0 if drawn < CUTS[0] or drawn >= CUTS[1] else 1)
    if CUTS[1] <= drawn:
        picture = np.ascontiguousarray(255 - picture[::-1])
    if number >= LIGHTENING.start:
        picture = draw_scene(drawn * 3, WIDTH, HEIGHT, scene=1)
    if any(number in stretch for stretch in BLURRED) and number not in SHARP:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 3), np.uint8)
    if number in DARKENING:
        picture = (picture * ((BLACK.start - number) / 10)).astype(np.uint8)
    elif number in BLACK:
        picture = np.zeros_like(picture)
    elif number in LIGHTENING:
        picture = (picture * ((number + 1 - LIGHTENING.start) / 10)).astype(np.uint8)
    if number not in BLACK:
        draw_number(picture, drawn, layout=EDGE_CODE)
    return picture


def drawn_number(number: int) -> int:
    """The number that frame ``number`` shows."""
    return REPEATED.start if number in REPEATED else number
