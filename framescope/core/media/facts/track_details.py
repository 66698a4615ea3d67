"""What MP4, MOV, Matroska and MPEG-TS headers declare of their tracks that PyAV does not expose."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from framescope.core.media.container import open_bytes
from framescope.core.media.facts.dolby_vision import dolby_vision_record
from framescope.core.media.facts.fourcc import printable_tag
from framescope.core.media.facts.programs import read_programs
from framescope.core.media.keyframe_check import NotPlainError
from framescope.core.media.tables.ebml import elements, unsigned
from framescope.core.media.tables.mp4_boxes import (
    BoxTree,
    find_movie,
    only_box,
    optional_box,
    read_boxes,
    read_track_id,
    table_rows,
    walk_boxes,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from framescope.core.model.stream_facts import DolbyVision, Program

_DAMAGE = (OSError, NotPlainError, struct.error, LookupError, StopIteration, ZeroDivisionError)
"""What a damaged header raises here. It is reported elsewhere."""
_DOLBY_VISION = (b"dvcC", b"dvvC", b"dvwC")
_VISUAL_ENTRY_BYTES = 78
"""The fixed part of a visual sample entry, before its boxes (ISO/IEC 14496-12, 12.1.3)."""
_SOUND_ENTRY_BYTES = {0: 28, 1: 44, 2: 64}
"""The same of an audio sample entry, by its version (QuickTime File Format, sound sample descriptions)."""
_ES, _DECODER_CONFIGURATION = 3, 4
"""Tags of descriptors in ``esds`` (ISO/IEC 14496-1, 7.2.6)."""

_NUMBER, _VIDEO, _ADDITION, _ADDITION_TYPE, _ADDITION_DATA = 0xD7, 0xE0, 0x41E4, 0x41E7, 0x41ED
_STORED_WIDTH, _STORED_HEIGHT = 0xB0, 0xBA
_CROP_BOTTOM, _CROP_TOP, _CROP_LEFT, _CROP_RIGHT = 0x54AA, 0x54BB, 0x54CC, 0x54DD


@dataclass(frozen=True, slots=True)
class TrackDetails:
    """What the header declares of one track; None where it declares nothing.

    Attributes:
        number: The track's number, where FFmpeg has another one.
        entry: The four characters of its sample entry (MP4, MOV).
        size_bytes: Its samples together, without those of fragments.
        bit_rate_max: Bits per second (``esds``, ``btrt``).
        buffer_bytes: The decoder's buffer (``esds``, ``btrt``).
        clean_aperture: Width and height of the area without edge artefacts (``clap``, ``PixelCrop…``).
        clean_aperture_at: Columns and rows left of and above it.
        pixel_aspect: Pixel width over height (``pasp``).
        dolby_vision: The decoder configuration (``dvcC``, ``dvvC``; in Matroska, ``BlockAdditionMapping``).
    """

    number: int | None = None
    entry: str = ""
    size_bytes: int | None = None
    bit_rate_max: int | None = None
    buffer_bytes: int | None = None
    clean_aperture: tuple[int, int] | None = None
    clean_aperture_at: tuple[int, int] | None = None
    pixel_aspect: Fraction | None = None
    dolby_vision: DolbyVision | None = None


class HeaderDetails(NamedTuple):
    """What a header declares that PyAV does not expose.

    Attributes:
        tracks: By index of the stream.
        writing_app: The program that wrote the file (Matroska); FFmpeg reports the library instead.
        programs: Those of a transport stream.
    """

    tracks: Mapping[int, TrackDetails]
    writing_app: str = ""
    programs: tuple[Program, ...] = ()

    def track(self, stream_index: int) -> TrackDetails:
        """The details of a stream, none if nothing is known."""
        return self.tracks.get(stream_index, TrackDetails())


def header_details(
    source: str | os.PathLike[str], container: str, track_ids: Mapping[int, int]
) -> HeaderDetails:
    """The details of a file; what is damaged, or another container, declares nothing.

    Args:
        source: The file; an address that only FFmpeg reads declares nothing.
        container: FFmpeg's name of the container.
        track_ids: FFmpeg's ``id`` of each stream that is a track, by its index.
    """
    if container.startswith("mov"):
        found = _mp4_tracks(source)
        return HeaderDetails({index: found[number] for index, number in track_ids.items() if number in found})
    if container.startswith("matroska"):
        return _matroska_details(source, len(track_ids))
    if container == "mpegts":
        tables = read_programs(source)
        dolby = tables.dolby_vision
        tracks = {index: TrackDetails(dolby_vision=dolby.get(number)) for index, number in track_ids.items()}
        return HeaderDetails(tracks, programs=tables.programs)
    return HeaderDetails({})


def _mp4_tracks(source: str | os.PathLike[str]) -> dict[int, TrackDetails]:
    """By track number."""
    found: dict[int, TrackDetails] = {}
    try:
        with open_bytes(source) as file:
            file_size = file.seek(0, 2)
            movie = read_boxes(find_movie(file, file_size, allows_fragments=True))
    except _DAMAGE:
        return {}
    for payload in movie.get(b"trak", []):
        try:
            track = read_boxes(payload)
            found.setdefault(read_track_id(track), _mp4_track(read_boxes(track[b"mdia"][0]), file_size))
        except _DAMAGE:
            continue
    return found


def _mp4_track(media: BoxTree, file_size: int) -> TrackDetails:
    tables = read_boxes(only_box(read_boxes(only_box(media, b"minf")), b"stbl"))
    name, entry = next(walk_boxes(only_box(tables, b"stsd")[8:]))
    kind = bytes(media[b"hdlr"][0][8:12])
    details = TrackDetails(
        entry=printable_tag(name), size_bytes=_mp4_size(tables, file_size, is_sound=kind == b"soun")
    )
    if kind == b"vide":
        boxes = read_boxes(entry[_VISUAL_ENTRY_BYTES:])
        return _picture_details(_rates(details, boxes), boxes, struct.unpack_from(">HH", entry, 24))
    return _rates(details, _sound_boxes(entry)) if kind == b"soun" else details


def _mp4_size(tables: BoxTree, file_size: int, *, is_sound: bool) -> int | None:
    try:
        sizes = only_box(tables, b"stsz")
        each, count = struct.unpack_from(">II", sizes, 4)
        # QuickTime counts samples of uncompressed sound as one byte each, whatever their size.
        if each and is_sound:
            return None
        total = each * count if each else int(table_rows(sizes[4:], 1).sum())
    except _DAMAGE:
        return None
    return total if 0 < total <= file_size else None


def _sound_boxes(entry: memoryview) -> BoxTree:
    try:
        boxes = read_boxes(entry[_SOUND_ENTRY_BYTES[struct.unpack_from(">H", entry, 8)[0]] :])
        # QuickTime puts the boxes of compressed sound into another one.
        wave = optional_box(boxes, b"wave")
        return boxes if wave is None else read_boxes(wave)
    except _DAMAGE:
        return {}


def _rates(details: TrackDetails, boxes: BoxTree) -> TrackDetails:
    buffer = highest = 0
    try:
        stream, rates = optional_box(boxes, b"esds"), optional_box(boxes, b"btrt")
        if stream is not None:
            buffer, highest = _stream_descriptor(bytes(stream[4:]))
        if rates is not None:
            buffer, highest = struct.unpack_from(">II", rates)
    except _DAMAGE:
        return details
    return replace(details, buffer_bytes=buffer or None, bit_rate_max=highest or None)


def _stream_descriptor(data: bytes) -> tuple[int, int]:
    """The buffer in bytes and the highest bit rate of an elementary stream (ISO/IEC 14496-1, 7.2.6.6)."""
    place = 0
    for tag, fixed in ((_ES, 3), (_DECODER_CONFIGURATION, 0)):
        if data[place] != tag:
            return 0, 0
        place += 1
        while data[place] & 0x80:
            place += 1
        place += 1 + fixed
    return int.from_bytes(data[place + 2 : place + 5], "big"), int.from_bytes(
        data[place + 5 : place + 9], "big"
    )


def _picture_details(details: TrackDetails, boxes: BoxTree, stored: tuple[int, int]) -> TrackDetails:
    aperture, aspect = optional_box(boxes, b"clap"), optional_box(boxes, b"pasp")
    size = place = None
    if aperture is not None:
        width, height, right, down = (
            Fraction(*struct.unpack_from(">iI", aperture, start)) for start in (0, 8, 16, 24)
        )
        if min(width, height) > 0:
            size = round(width), round(height)
            # The offsets are those of the centres.
            place = round((stored[0] - width) / 2 + right), round((stored[1] - height) / 2 + down)
    dolby = next((box for name in _DOLBY_VISION if (box := optional_box(boxes, name)) is not None), None)
    return replace(
        details,
        clean_aperture=size,
        clean_aperture_at=place,
        pixel_aspect=None if aspect is None else Fraction(*struct.unpack_from(">II", aspect)),
        dolby_vision=None if dolby is None else dolby_vision_record(bytes(dolby)),
    )


def _matroska_details(source: str | os.PathLike[str], count: int) -> HeaderDetails:
    # Other files are opened without it.
    from framescope.core.media.tables.matroska_tables import read_matroska_header  # noqa: PLC0415

    try:
        header = read_matroska_header(source)
        tracks = dict(enumerate(_matroska_track(entry) for entry in header.entries))
    except _DAMAGE:
        return HeaderDetails({})
    # FFmpeg has its streams in the order of the tracks; where it left one out, they cannot be told apart.
    return HeaderDetails(tracks if len(tracks) == count else {}, header.writing_app)


def _matroska_track(entry: bytes) -> TrackDetails:
    number = size = place = None
    dolby: DolbyVision | None = None
    for kind, payload in elements(entry):
        if kind == _NUMBER:
            number = unsigned(payload)
        elif kind == _VIDEO:
            size, place = _uncropped(dict(elements(payload)))
        elif kind == _ADDITION:
            mapping = dict(elements(payload))
            if mapping.get(_ADDITION_TYPE, b"").lstrip(b"\0") in _DOLBY_VISION:
                dolby = dolby or dolby_vision_record(mapping.get(_ADDITION_DATA, b""))
    return TrackDetails(number, clean_aperture=size, clean_aperture_at=place, dolby_vision=dolby)


def _uncropped(video: Mapping[int, bytes]) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Size and place of what the crop leaves; None without one."""

    def number(kind: int) -> int:
        return unsigned(video.get(kind, b""))

    left, top = number(_CROP_LEFT), number(_CROP_TOP)
    width = number(_STORED_WIDTH) - left - number(_CROP_RIGHT)
    height = number(_STORED_HEIGHT) - top - number(_CROP_BOTTOM)
    if (width, height) == (number(_STORED_WIDTH), number(_STORED_HEIGHT)) or min(width, height) <= 0:
        return None, None
    return (width, height), (left, top)
