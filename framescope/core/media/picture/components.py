"""The components of a decoded picture at their stored resolution, that is, after chroma subsampling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.picture.sample_layout import components_of

if TYPE_CHECKING:
    import av
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class ComponentPlane:
    """One component of a picture.

    Attributes:
        name: ``Y``, ``Cb``, ``Cr``, ``R``, ``G``, ``B``, ``A``, ``index`` or ``Bayer``.
        samples: (rows, columns) uint8 or uint16, as decoded, not rotated.
        bits: Bits of a sample.
        step_x: Picture columns per sample.
        step_y: Picture rows per sample.
    """

    name: str
    samples: NDArray[np.uint8] | NDArray[np.uint16]
    bits: int
    step_x: int
    step_y: int

    @property
    def is_chroma(self) -> bool:
        """Whether it is a chroma component."""
        return self.name in ("Cb", "Cr")

    def as_grey(self) -> NDArray[np.uint8]:
        """(rows, columns) uint8 for display: the eight most significant bits."""
        if self.samples.dtype == np.uint8:
            return np.ascontiguousarray(self.samples, np.uint8)
        return np.ascontiguousarray(self.samples >> max(self.bits - 8, 0)).astype(np.uint8)


def component_planes(frame: av.VideoFrame) -> tuple[ComponentPlane, ...]:
    """Every component of a frame, including interleaved ones.

    Empty for formats with fewer than 8 bits per sample and for floating point, which cannot be displayed.
    """
    found: list[ComponentPlane] = []
    for component in components_of(frame):
        samples = component.samples()
        if component.bits < 8 or samples.dtype not in (np.uint8, np.uint16):
            return ()
        step_x, step_y = -(-frame.width // samples.shape[1]), -(-frame.height // samples.shape[0])
        found.append(ComponentPlane(component.name, samples, component.bits, step_x, step_y))
    return tuple(found)
