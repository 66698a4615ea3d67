"""The components of a decoded picture, each in its own true resolution: what chroma subsampling leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.media.picture import component_places
from framescope.core.media.planes import frame_planes

if TYPE_CHECKING:
    import av
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class ComponentPlane:
    """One component of a picture.

    Attributes:
        name: ``Y``, ``Cb``, ``Cr``, ``R``, ``G``, ``B``, ``A`` or ``index``.
        samples: (rows, columns) uint8 or uint16, as decoded, not turned.
        bits: Bits of a sample.
        step_x: How many columns of the picture share a sample.
        step_y: How many rows.
    """

    name: str
    samples: NDArray[np.uint8] | NDArray[np.uint16]
    bits: int
    step_x: int
    step_y: int

    @property
    def is_chroma(self) -> bool:
        """Whether it is one of the two colour differences."""
        return self.name in ("Cb", "Cr")

    def as_grey(self) -> NDArray[np.uint8]:
        """(rows, columns) uint8 for the eye: the highest eight bits."""
        if self.samples.dtype == np.uint8:
            return np.ascontiguousarray(self.samples, np.uint8)
        return np.ascontiguousarray(self.samples >> max(self.bits - 8, 0)).astype(np.uint8)


def component_planes(frame: av.VideoFrame) -> tuple[ComponentPlane, ...]:
    """Every component of a frame, also of formats that interleave them.

    Formats that pack several samples into one value (such as ``v210``-like 10-bit words or bit maps) have
    none that could be shown; the answer is empty then.
    """
    planes = frame_planes(frame)
    found: list[ComponentPlane] = []
    for name, number, place in component_places(frame):
        plane = planes[number]
        bits = next(c.bits for c in frame.format.components if c.plane == number)
        rows = plane if plane.ndim == 2 else plane[..., min(place, plane.shape[2] - 1)]
        if bits < 8 or rows.shape[1] > frame.width or rows.shape[0] > frame.height:
            # Rows of bytes: several samples share one, or one takes several.
            return ()
        step_x, step_y = -(-frame.width // rows.shape[1]), -(-frame.height // rows.shape[0])
        found.append(ComponentPlane(name, rows, bits, step_x, step_y))
    return tuple(found)
