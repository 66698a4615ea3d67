"""Reads OpenCV's properties of a file, which are shown for comparison but never trusted."""

from __future__ import annotations

import os
import zipfile

from framescope.core.folders import is_folder
from framescope.core.media.container import local_path
from framescope.core.media.facts.fourcc import printable_tag
from framescope.core.media.remote_file import is_remote
from framescope.core.model.stream_facts import OpenCVFacts
from framescope.core.opencv import cv2, open_capture


def probe_opencv(source: str | os.PathLike[str]) -> OpenCVFacts:
    """What ``cv2.VideoCapture`` reports right after opening; no frame is read. Threads: any.

    It never raises: for a file that OpenCV cannot open, ``opened`` is False.
    """
    path = local_path(source)
    if path is None and is_remote(source):
        # It would look for a program of its own that reads this, and print what it did not find.
        return OpenCVFacts(version=cv2.__version__, opened=False)
    if path is not None and (is_folder(path) or zipfile.is_zipfile(path)):
        # A fragment store, perhaps: OpenCV would print an error to stderr.
        return OpenCVFacts(version=cv2.__version__, opened=False)
    name = os.fspath(source) if path is None else str(path)
    try:
        capture = open_capture(name)
    except OSError as error:
        return OpenCVFacts(version=cv2.__version__, opened=False, reason=str(error))
    try:
        return OpenCVFacts(
            version=cv2.__version__,
            opened=True,
            fourcc=_fourcc(capture.get(cv2.CAP_PROP_FOURCC)),
            fps=capture.get(cv2.CAP_PROP_FPS),
            frame_count=capture.get(cv2.CAP_PROP_FRAME_COUNT),
            width=int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            height=int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
        )
    finally:
        capture.release()


def _fourcc(value: float) -> str:
    # The property is a double; a tag whose last byte is over 127 comes out negative.
    return printable_tag((int(value) & 0xFFFFFFFF).to_bytes(4, "little"))
