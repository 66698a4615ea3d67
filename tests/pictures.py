"""What the stand-ins for decoded pictures have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class PlainPicture:
    """8 bits, not HDR; who derives from it gives `to_bgr`."""

    is_hdr: bool = False

    def to_bgr(self, *, rotate: bool = True) -> NDArray[np.uint8]:
        raise NotImplementedError

    def to_rgb(self, *, rotate: bool = True) -> NDArray[np.uint8]:
        return np.ascontiguousarray(self.to_bgr(rotate=rotate)[..., ::-1])

    def to_bgr_exact(
        self, *, deep: bool, tone_map: bool = False, rotate: bool = True
    ) -> NDArray[np.uint8] | NDArray[np.uint16]:
        del tone_map
        bgr = self.to_bgr(rotate=rotate)
        return bgr.astype(np.uint16) * 257 if deep else bgr
