"""Turns arrays of RGB pixels into images, and images into the contents of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from framescope.core.errors import EncodeError
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def image_from_rgb(rgb: NDArray[np.uint8]) -> QImage:
    """An image that owns its pixels, from (height, width, 3) uint8 RGB. Threads: any."""
    height, width = rgb.shape[:2]
    packed = np.ascontiguousarray(rgb)
    return QImage(packed.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def encoded(image: QImage, path: Path) -> bytes:
    """What a file of this name holds if it is the image. Threads: any.

    Args:
        image: The image.
        path: Where it will be written; its suffix sets the format.

    Raises:
        EncodeError: Qt cannot write it in this format.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # In memory: Qt does not report why a file cannot be written.
    writer = QImageWriter(buffer, path.suffix[1:].encode())
    if not writer.write(image):
        raise EncodeError(
            tr(
                "The picture cannot be saved as {path}: {reason}.",
                path=path.name,
                reason=writer.errorString(),
            ),
            hint=tr("Give a name that ends in .png or .jpg."),
        )
    return bytes(buffer.data().data())
