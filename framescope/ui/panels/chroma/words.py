"""The texts of the chroma panel. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.media.picture.components import ComponentPlane


def format_title(pixel_format: str, planes: Sequence[ComponentPlane]) -> str:
    """A headline such as ``4:2:0, 8 bits``."""
    facts = pixel_format_facts(pixel_format)
    bits = max((plane.bits for plane in planes), default=facts.bit_depth)
    kind = {"grey": tr("Grey"), "unknown": pixel_format, "palette": tr("Palette")}.get(
        facts.chroma, facts.chroma
    )
    return tr("{kind}, {bits} bits", kind=kind, bits=bits)


def sharing_words(width: int, height: int, planes: Sequence[ComponentPlane]) -> str:
    """How many pixels share a chroma sample, and the chroma resolution that leaves."""
    chroma = next((plane for plane in planes if plane.is_chroma), None)
    if not planes:
        return tr("This format packs its samples in a way that cannot be shown individually.")
    if chroma is None:
        return tr("Every pixel has its own samples: no subsampling.")
    rows, columns = chroma.samples.shape
    if chroma.step_x == chroma.step_y == 1:
        return tr(
            "Every pixel has its own colour: Cb and Cr are {columns}×{rows}, as large as the picture.",
            columns=columns,
            rows=rows,
        )
    shared = f"{chroma.step_x}×{chroma.step_y}"
    share = 100 / (chroma.step_x * chroma.step_y)
    return tr(
        "{shared} pixels share one colour: Cb and Cr are {columns}×{rows} for a picture of"
        " {width}×{height}, {share:g} % of its samples.",
        shared=shared,
        columns=columns,
        rows=rows,
        width=width,
        height=height,
        share=share,
    )
