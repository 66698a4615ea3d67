"""Extracts the paths and URLs of videos from what was dropped, pasted or chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl

from framescope.core.media.container import is_url
from framescope.core.sequence.naming import IMAGE_SUFFIXES
from framescope.core.translation import tr

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

_EXTENSIONS = (
    "mp4 mov m4v mkv webm avi ts m2ts mts mpg mpeg vob wmv asf flv f4v 3gp 3g2 ogv ogm mxf gif apng webp avif"
    " heic ivf y4m h264 264 h265 265 hevc obu dv rm rmvb divx"
)
VIDEO_FILTER = ";;".join(
    (
        tr("Videos ({kinds})", kinds=" ".join(f"*.{suffix}" for suffix in _EXTENSIONS.split())),
        tr("Image sequences ({kinds})", kinds=" ".join(f"*{suffix}" for suffix in sorted(IMAGE_SUFFIXES))),
        tr("Fragment stores (manifest.json *.zip)"),
        tr("All files (*)"),
    )
)
"""For a file dialog. FFmpeg probes the content, so any file may be tried."""
_MOST_TEXT = 1 << 16
"""Longer clipboard text is not taken for a list of files."""


def sources_in(data: QMimeData) -> tuple[str, ...]:
    """The unique paths and URLs in dropped or clipboard data, in order.

    Text counts only if each line is a URL or an absolute path. Whether they exist is checked on opening:
    disk access here would block the GUI.
    """
    found = [_source_of(url) for url in data.urls()]
    if not found and data.hasText() and len(data.text()) <= _MOST_TEXT:
        lines = [line.strip().strip("\"'") for line in data.text().splitlines() if line.strip()]
        found = [_source_in(line) for line in lines]
        if None in found:
            return ()
    return tuple(dict.fromkeys(source for source in found if source))


def _source_of(url: QUrl) -> str | None:
    if url.isLocalFile():
        return url.toLocalFile()
    return url.toString() if url.scheme() else None


def _source_in(line: str) -> str | None:
    if line.lower().startswith("file://"):
        return _source_of(QUrl(line))
    if is_url(line):
        return line
    if "\0" in line:
        return None
    try:
        path = Path(line).expanduser()
    except RuntimeError:
        return None
    return str(path) if path.is_absolute() else None
