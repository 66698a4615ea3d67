"""Other people's readers of picture files, to hold our writers to."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

import av
import numpy as np
from PIL import Image

from framescope.core.opencv import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray


def read_by_ffmpeg(data: bytes) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """(height, width, 3) in B, G, R order, as FFmpeg decodes an RGB file; uint16 where it holds 16 bits."""
    with av.open(io.BytesIO(data), "r") as container:
        frame = next(container.decode(video=0))
    deep = frame.format.components[0].bits > 8
    rgb = frame.to_ndarray(format="rgb48le" if deep else "rgb24")
    return cast("NDArray[np.uint8] | NDArray[np.uint16]", np.ascontiguousarray(rgb[..., ::-1]))


def read_by_pillow(data: bytes) -> NDArray[np.uint8]:
    """(height, width, 3) uint8 in B, G, R order, as Pillow decodes the file."""
    with Image.open(io.BytesIO(data)) as image:
        return np.ascontiguousarray(np.asarray(image.convert("RGB"))[..., ::-1])


def read_by_opencv(data: bytes) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """(height, width, 3) in B, G, R order, as OpenCV decodes the file, of as many bits as it holds."""
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert decoded is not None
    return cast("NDArray[np.uint8] | NDArray[np.uint16]", decoded)
