"""Reads what containers declare about Dolby Vision, and puts it into words."""

from __future__ import annotations

from framescope.core.media.facts.format_names import DOLBY_VISION_BASES
from framescope.core.model.stream_facts import DolbyVision
from framescope.core.translation import tr


def dolby_vision_record(record: bytes) -> DolbyVision | None:
    """A Dolby Vision decoder configuration record; None if it is cut off.

    Source: Dolby Vision streams within the ISO base media file format, 3.2.
    """
    if len(record) < 5:
        return None
    bits = int.from_bytes(record[2:5], "big")
    return DolbyVision(
        profile=bits >> 17,
        level=bits >> 11 & 0x3F,
        has_base_layer=bool(bits >> 8 & 1),
        has_enhancement_layer=bool(bits >> 9 & 1),
        has_metadata=bool(bits >> 10 & 1),
        compatibility=bits >> 4 & 0xF,
    )


def dolby_vision_words(dolby: DolbyVision | None) -> str:
    """``profile 8.4, level 2, BL+RPU, compatible with HLG``; empty if there is none."""
    if dolby is None:
        return ""
    parts = (("BL", dolby.has_base_layer), ("EL", dolby.has_enhancement_layer), ("RPU", dolby.has_metadata))
    # Only the profiles from 8 on are told apart by what their base layer is compatible with.
    name = f"{dolby.profile}.{dolby.compatibility}" if dolby.profile >= 8 else str(dolby.profile)
    words = tr(
        "profile {profile}, level {level}, {layers}",
        profile=name,
        level=dolby.level,
        layers="+".join(name for name, is_there in parts if is_there),
    )
    other = DOLBY_VISION_BASES.get(dolby.compatibility)
    return words if other is None else f"{words}, {tr('compatible with {format}', format=other)}"
