"""What can be chosen for a comparison; it imports nothing, so that a window can offer it before comparing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

GAINS = (1, 2, 4, 8, 16, 32, 64)
"""What differences may be multiplied by."""


class AlignBy(StrEnum):
    """What decides which frames belong together."""

    NUMBER = "number"
    TIME = "time"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class DifferenceLook:
    """How the difference of two pictures is drawn.

    Attributes:
        gain: What differences are multiplied by; one of `GAINS`.
        plane: The plane, by its name; empty for the largest difference of all planes.
        is_signed: Whether middle grey means no difference, and brighter that A is larger; else black does.
    """

    gain: int = 8
    plane: str = ""
    is_signed: bool = False
