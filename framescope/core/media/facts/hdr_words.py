"""HDR metadata in words: the mastering display and the light levels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.text import grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.model.stream_facts import HdrFacts, MasteringDisplay

_PRIMARIES = {
    "BT.709": ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
    "Display P3": ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06)),
    "BT.2020": ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
}
_TOLERANCE = 0.0005


def luminance_words(display: MasteringDisplay) -> str:
    """The range of the mastering display, such as ``0.005 to 1 000 cd/m²``; empty if unknown."""
    if display.luminance is None:
        return ""
    lowest, highest = display.luminance
    return tr("{lowest:.4g} to {highest} cd/m²", lowest=lowest, highest=grouped(round(highest)))


def gamut_words(display: MasteringDisplay) -> str:
    """The primaries of the mastering display by name, or as coordinates; empty if unknown."""
    if not display.primaries:
        return ""
    for name, points in _PRIMARIES.items():
        pairs = zip(points, display.primaries, strict=True)
        if all(abs(a - b) <= _TOLERANCE for one, other in pairs for a, b in zip(one, other, strict=True)):
            return tr("{name} primaries", name=name)
    return tr("primaries {points}", points=", ".join(f"({x:.4f}, {y:.4f})" for x, y in display.primaries))


def light_words(hdr: HdrFacts) -> str:
    """``MaxCLL 1 000, MaxFALL 400 cd/m²``; empty if neither is declared."""
    levels = (("MaxCLL", hdr.max_cll), ("MaxFALL", hdr.max_fall))
    words = ", ".join(f"{name} {grouped(level)}" for name, level in levels if level is not None)
    return words and tr("{words} cd/m²", words=words)
