"""The difference of two pictures as a picture: of their samples as decoded, amplified, signed or absolute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.compare.choices import DifferenceLook
    from framescope.core.compare.space import Comparable

_MIDDLE = 128


@dataclass(frozen=True, slots=True, eq=False)
class DifferencePicture:
    """The difference A − B.

    Attributes:
        grey: (rows, columns) uint8, as stored: not rotated if the pictures are not.
        largest: The largest absolute difference of a sample, in code values.
        share: The share of samples that differ, 0 to 1.
        peak: The largest code value.
        plane: The plane that is drawn; empty for all of them.
        planes: All planes.
        space: The form in which the pictures were compared, in words.
    """

    grey: NDArray[np.uint8]
    largest: int
    share: float
    peak: int
    plane: str
    planes: tuple[str, ...]
    space: str


def difference_picture(pair: Comparable, look: DifferenceLook) -> DifferencePicture:
    """Draw the difference of two pictures.

    A difference of ``d`` code values is drawn as ``gain × d × 255 / peak`` levels; signed, these are added to
    128. Smaller planes are enlarged by repeating samples. With all planes, the largest difference at each
    place is drawn, with its sign.

    Args:
        pair: The pictures; see `SharedSpace`.
        look: How to draw it. A plane that the pictures do not have means all of them.
    """
    plane = look.plane if look.plane in pair.names else ""
    chosen = [place for place, name in enumerate(pair.names) if plane in ("", name)]
    signed = [pair.a[place].astype(np.int32) - pair.b[place] for place in chosen]
    sizes = np.array([one.size for one in signed])
    differing = np.array([np.count_nonzero(one) for one in signed])
    return DifferencePicture(
        grey=_drawn(_merged(signed), look, pair.peak),
        largest=max(int(np.abs(one).max(initial=0)) for one in signed),
        share=float(differing.sum() / max(sizes.sum(), 1)),
        peak=pair.peak,
        plane=plane,
        planes=pair.names,
        space=pair.space,
    )


def _merged(planes: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    """The difference of largest magnitude at each place."""
    merged = planes[0]
    rows, columns = merged.shape
    for plane in planes[1:]:
        same = cv2.resize(plane, (columns, rows), interpolation=cv2.INTER_NEAREST)
        merged = np.where(np.abs(same) > np.abs(merged), same, merged)
    return merged


def _drawn(difference: NDArray[np.int32], look: DifferenceLook, peak: int) -> NDArray[np.uint8]:
    scale = look.gain * 255 / peak
    if look.is_signed:
        levels = np.rint(difference * scale) + _MIDDLE
        return cast("NDArray[np.uint8]", np.clip(levels, 0, 255).astype(np.uint8))
    return cast("NDArray[np.uint8]", cv2.convertScaleAbs(difference, alpha=scale))
