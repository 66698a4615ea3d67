"""What is chosen for the view of two videos, as a frozen record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from framescope.core.compare.choices import DifferenceLook


class CompareMode(StrEnum):
    """How the two pictures are shown."""

    SIDE = "side"
    WIPE = "wipe"
    OVERLAY = "overlay"
    DIFFERENCE = "difference"
    FLICKER = "flicker"


_FIRST_DIFFERENCE = DifferenceLook()


@dataclass(frozen=True, slots=True)
class CompareLook:
    """What is chosen for the views.

    Attributes:
        mode: The view.
        difference: How a difference is drawn.
        opacity: Of B over A, 0 to 1.
        flicker_hz: Switches between A and B per second.
        metric: The metric of the curve: ``psnr`` or ``ssim``.
        holds_b: Whether B alone is shown, as long as a key is held.
    """

    mode: CompareMode = CompareMode.SIDE
    difference: DifferenceLook = _FIRST_DIFFERENCE
    opacity: float = 0.5
    flicker_hz: float = 2.0
    metric: str = "psnr"
    holds_b: bool = False
