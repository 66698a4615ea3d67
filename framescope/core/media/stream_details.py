"""Stream properties that PyAV does not expose: level, pulldown, packed bitstreams."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

PULLDOWN_PICTURES = 24
"""Number of MPEG-2 pictures examined for repeated fields: several cycles of 2:3 pulldown."""

_MPEG2_LEVELS = {4: "High", 6: tr("High 1440"), 8: "Main", 10: "Low"}
# H.262, table 8-4: escaped profiles have their own numbers.
_MPEG2_ESCAPED_LEVELS = {2: "High", 5: "Main", 10: "Low", 11: "Main", 13: tr("High 1440"), 14: "High"}
_MPEG2_ESCAPED_PROFILES = ("4:2:2", "Multi-view")
_AV1_ANY_LEVEL = 31
_H264_LEVEL_1B = 9
_PACKED_MARK = re.compile(rb"\x00\x00\x01\xb2DivX\d+(?:b|Build)\d+p", re.IGNORECASE)
_USER_DATA = re.compile(rb"\x00\x00\x01\xb2((?:XviD|Lavc|DivX)[ -~]{1,60})")
_PICTURE_CODING = re.compile(rb"\x00\x00\x01\xb5([\x80-\x8f][\x00-\xff]{4})", re.DOTALL)


def level_name(codec: str, profile: str | None, level: int | None) -> str:
    """The level as the codec's standard calls it, such as ``3.1`` or ``High``; empty if there is none.

    Args:
        codec: FFmpeg's name of the codec.
        profile: FFmpeg's name of the profile.
        level: The number in the stream.
    """
    if level is None:
        return ""
    mpeg2 = _MPEG2_ESCAPED_LEVELS if profile in _MPEG2_ESCAPED_PROFILES else _MPEG2_LEVELS
    names = {
        "h264": "1b" if level == _H264_LEVEL_1B else f"{level / 10:.1f}",
        "hevc": f"{level / 30:.1f}",
        "vvc": f"{level // 16}.{level % 16 // 3}",
        # AV1, annex A.3: seq_level_idx.
        "av1": "any" if level == _AV1_ANY_LEVEL else f"{2 + (level >> 2)}.{level & 3}",
        "mpeg2video": mpeg2.get(level, str(level)),
    }
    return names.get(codec, str(level))


def is_packed_bitstream(codec: str, extradata: bytes | None) -> bool:
    """Whether an MPEG-4 part 2 stream declares that its packets may hold a P and a B picture together."""
    return codec == "mpeg4" and _PACKED_MARK.search(extradata or b"") is not None


def user_data_encoder(codec: str, parts: Sequence[bytes]) -> str:
    """The encoder that MPEG-4 part 2 names in its user data, such as ``XviD0063``; empty if it names none.

    Args:
        codec: FFmpeg's name of the codec.
        parts: The stream's configuration and first packets.
    """
    if codec != "mpeg4":
        return ""
    names = [name.decode("ascii") for part in parts for name in _USER_DATA.findall(part)]
    # Others write DivX's name, too, where they pack their B-frames as it does.
    return next((name for name in names if not name.startswith("DivX")), names[0] if names else "")


def pulldown_words(packets: Sequence[bytes]) -> str:
    """The repeated fields signalled by MPEG-2 pictures, in words; empty if there are none.

    Args:
        packets: The stream's first packets, `PULLDOWN_PICTURES` at most.
    """
    repeats = [
        bool(head[3] & 2) and bool(head[4] & 0x80)
        for packet in packets
        for head in _PICTURE_CODING.findall(packet)
    ]
    if not any(repeats):
        return ""
    changes = sum(one != other for one, other in pairwise(repeats))
    if len(repeats) > 1 and changes == len(repeats) - 1:
        return tr("2:3 pulldown: every second picture is shown for three fields")
    return tr(
        "{sum} of the first {pictures} repeat a field",
        sum=sum(repeats),
        pictures=counted(len(repeats), "picture", "pictures"),
    )
