"""Picture metadata in the formats used by files: Exif, XMP, ICC, PNG chunks, plain text."""

from __future__ import annotations

import json
import math
import struct
from functools import cache
from typing import TYPE_CHECKING

from PIL import ImageCms

from framescope.core.export.encoders.ifd import HEADER, Short, directory
from framescope.core.media.picture.color_names import primaries_number, transfer_number
from framescope.core.printable import xml_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from framescope.core.export.encoders.tags import PictureTags
    from framescope.core.model.stream_facts import ColorFacts

NAMESPACE = "urn:framescope:frame:1"
"""The namespace of FrameScope's XMP entries."""

DESCRIPTION, SOFTWARE = 0x010E, 0x0131
_SCREEN_DPI = 72
_EXIF_DIRECTORY, _USER_COMMENT, _COLOR_SPACE, _EXIF_VERSION = 0x8769, 0x9286, 0xA001, 0x9000
_SCREEN_TRANSFERS = frozenset(
    {"unspecified", "bt709", "smpte170m", "bt470m", "iec61966-2-1", "bt2020-10", "bt2020-12"}
)
_WIDE = frozenset({"bt2020", "smpte431", "smpte432"})


def tag_words(tags: PictureTags) -> dict[str, str]:
    """The tags by name, as text; unknown ones are omitted."""
    words = {
        "Source": tags.source,
        "FrameNumber": str(tags.frame_number),
        "Pts": "" if tags.pts is None else str(tags.pts),
        "TimeBase": "" if tags.time_base is None else str(tags.time_base),
        "Time": "" if math.isnan(tags.time_s) else f"{tags.time_s:.9f}",
        "PictureType": tags.picture_type if tags.picture_type != "?" else "",
        "Scale": tags.scale,
        "Software": tags.software,
    }
    return {name: word for name, word in words.items() if word}


def description(tags: PictureTags) -> str:
    """``Frame 12 of clip.mp4``."""
    return f"Frame {tags.frame_number}" + (f" of {tags.source}" if tags.source else "")


def is_screen_color(tags: PictureTags | ColorFacts) -> bool:
    """Whether the pixels are sRGB, as displayed."""
    return tags.transfer in _SCREEN_TRANSFERS and tags.primaries not in _WIDE


def density(pixel_aspect: Fraction) -> tuple[int, int]:
    """Horizontal and vertical density for this pixel aspect, about a screen's pixels per inch."""
    near = pixel_aspect.limit_denominator(1000)
    scale = -(-_SCREEN_DPI // min(near.as_integer_ratio()))
    return near.denominator * scale, near.numerator * scale


def exif_bytes(tags: PictureTags) -> bytes:
    """Exif data (Exif 2.32) without the leading ``Exif`` marker: a TIFF of two directories."""
    comment = b"ASCII\0\0\0" + json.dumps(tag_words(tags)).encode("ascii")
    inner: dict[int, int | str | bytes] = {_EXIF_VERSION: b"0232", _USER_COMMENT: comment}
    if is_screen_color(tags):
        inner[_COLOR_SPACE] = Short(1)
    outer: dict[int, int | str] = {
        DESCRIPTION: description(tags),
        SOFTWARE: tags.software,
    }
    # The size of the outer directory does not depend on the value filled in.
    inner_at = len(HEADER) + len(directory({**outer, _EXIF_DIRECTORY: 0}, len(HEADER)))
    first = directory({**outer, _EXIF_DIRECTORY: inner_at}, len(HEADER))
    second = directory(inner, inner_at, undefined=frozenset({_EXIF_VERSION, _USER_COMMENT}))
    return HEADER + first + second


def xmp_bytes(tags: PictureTags) -> bytes:
    """An XMP packet (ISO 16684-1) with the frame's entries in FrameScope's namespace."""
    own = "".join(
        f'\n   framescope:{name}="{xml_text(word)}"'
        for name, word in tag_words(tags).items()
        if name != "Software"
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        f'xmlns:framescope="{NAMESPACE}"\n   xmp:CreatorTool="{xml_text(tags.software)}"{own}/>\n'
        '</rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
    ).encode()


@cache
def srgb_profile() -> bytes:
    """An sRGB ICC profile; always the same bytes."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # The profile's header holds its creation time (ICC.1:2022, 7.2.1): six 16-bit numbers.
    profile[24:36] = bytes.fromhex("07d000010001000000000000")
    return bytes(profile)


def icc_profile(tags: PictureTags | ColorFacts) -> bytes:
    """The ICC profile for the colours; empty if there is none for them."""
    return srgb_profile() if is_screen_color(tags) else b""


def png_chunks(tags: PictureTags) -> list[tuple[bytes, bytes]]:
    """The tags as PNG chunks, in the order required before the image data."""
    chunks = [png_color_chunk(tags)]
    if tags.pixel_aspect != 1:
        # Pixels per unknown unit (PNG, 11.3.4.3): wide pixels are fewer per unit horizontally.
        across, down = density(tags.pixel_aspect)
        chunks.append((b"pHYs", struct.pack(">IIB", across, down, 0)))
    return [*chunks, *png_text_chunks({"Title": description(tags), **tag_words(tags)})]


def png_text_chunks(words: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Texts by keyword as PNG chunks."""
    return [
        (b"tEXt", name.encode() + b"\0" + word.encode())
        if word.isascii()
        else (b"iTXt", name.encode() + b"\0\0\0\0\0" + word.encode())
        for name, word in words.items()
    ]


def png_color_chunk(tags: PictureTags | ColorFacts) -> tuple[bytes, bytes]:
    """The PNG chunk that says what the colours mean."""
    if is_screen_color(tags):
        return b"sRGB", b"\0"
    # Video signal type (PNG, third edition, 11.3.2.6): primaries, transfer, matrix 0 for RGB, full range.
    return b"cICP", bytes([primaries_number(tags.primaries), transfer_number(tags.transfer), 0, 1])
