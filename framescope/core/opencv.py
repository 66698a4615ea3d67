"""The only module that imports cv2; it undoes what the wheel does to Qt's environment.

The ``opencv-python`` wheel points ``QT_QPA_PLATFORM_PLUGIN_PATH`` and ``QT_QPA_FONTDIR`` at its own Qt 5
folders, which stops a Qt 6 window from opening.
"""

from __future__ import annotations

import os

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_before = {name: os.environ.get(name) for name in _QT_VARIABLES}

import cv2  # noqa: E402 - the environment must be read before

from framescope.core.printable import is_valid_text  # noqa: E402

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

__all__ = ["cv2", "open_camera", "open_capture"]


def open_capture(name: str) -> cv2.VideoCapture:
    """``cv2.VideoCapture`` with its FFmpeg backend; others would take ``%d`` in a name for an image sequence.

    Raises:
        OSError: OpenCV cannot open it, or cannot even be given the name: one whose bytes are not UTF-8 ends
            the process inside it.
    """
    if not is_valid_text(name):
        raise OSError("OpenCV takes names in UTF-8 only, and this one is not")
    try:
        capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG)
    except cv2.error as error:
        raise OSError(f"cv2.VideoCapture cannot open the file: {error}") from error
    if not capture.isOpened():
        capture.release()
        raise OSError("cv2.VideoCapture cannot open the file")
    return capture


def open_camera(number: int) -> cv2.VideoCapture:
    """``cv2.VideoCapture`` of a camera, by whatever the system has for cameras.

    Raises:
        OSError: OpenCV cannot open it.
    """
    try:
        capture = cv2.VideoCapture(number)
    except cv2.error as error:
        raise OSError(f"cv2.VideoCapture cannot open camera {number}: {error}") from error
    if not capture.isOpened():
        capture.release()
        raise OSError(f"cv2.VideoCapture cannot open camera {number}")
    return capture
