"""Whether a source has a bit rate over time and may declare a decoder buffer, by its header alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.model.stream_facts import VideoInfo

MPEG_VARIABLE_RATE = 0x3FFFF * 400
"""MPEG-1 and MPEG-2 write this for a variable bit rate; it is not an actual rate."""

_CODECS_WITH_BUFFER = frozenset({"h264", "hevc", "mpeg1video", "mpeg2video"})


def why_no_rates(info: VideoInfo) -> str:
    """Why a source has no bit rate over time, by its header; empty if it has."""
    return "" if info.has_packets else tr("This source is not a single file: it has no packets of its own.")


def why_no_buffer(info: VideoInfo) -> str:
    """Why no buffer is looked for in a source, by its header; empty if it is."""
    if why := why_no_rates(info):
        return why
    if info.codec not in _CODECS_WITH_BUFFER:
        return tr("A decoder’s buffer is declared in H.264, HEVC, MPEG-1 and MPEG-2 only.")
    return ""
