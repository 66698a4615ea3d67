"""What was dropped or chosen: the first thing in it that can be a video."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

_PATTERNS = (
    "mp4 mov m4v mkv webm avi ts m2ts mts mpg mpeg vob wmv asf flv f4v 3gp 3g2 ogv ogm mxf gif apng webp avif"
    " heic ivf y4m h264 264 h265 265 hevc obu dv rm rmvb divx"
)
VIDEO_FILTER = (
    "Videos ("
    + " ".join(f"*.{suffix}" for suffix in _PATTERNS.split())
    + ");;Fragment stores (manifest.json *.zip);;All files (*)"
)
"""For a file dialog. FFmpeg looks at the content, so any file may be tried."""


def dropped_source(data: QMimeData) -> str | None:
    """The path or address that was dropped, or None."""
    for url in data.urls():
        if url.isLocalFile():
            return url.toLocalFile()
        if url.scheme():
            return url.toString()
    text = data.text().strip()
    if "://" in text and "\n" not in text:
        return text
    return None
