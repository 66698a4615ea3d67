"""Refuses manifests of fragment stores whose parts contradict each other, before a frame is made of them."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import av

from framescope.core.fragments.planes import chroma_steps
from framescope.core.outside import finite_number, plain_text, truth_value, whole_number

if TYPE_CHECKING:
    from framescope.core.fragments.manifest import Fragment, Manifest, PictureForm, Run, SourceRecord

MOST_SIDE = 65_535
_MOST_PIXELS = 1 << 28
"""FFmpeg itself decodes no larger picture."""
_FRACTION_LETTERS = 40
_TURNS = (0, 90, 180, 270)
_COLOR_NAMES = ("matrix", "matrix_used", "range", "range_used", "transfer", "primaries")


def checked_video(table: dict[str, Any]) -> dict[str, Any]:
    """The facts of the video that was split, each of its kind and in its range.

    Raises:
        ValueError, KeyError, TypeError: One is missing or cannot be used.
    """
    for name in ("width", "height", "display_width", "display_height"):
        whole_number(table[name], 1, MOST_SIDE)
    for name in ("time_base", "sample_aspect_ratio"):
        _positive_fraction(table[name])
    if table["average_rate"] is not None:
        _positive_fraction(table["average_rate"])
    if table["duration_s"] is not None:
        finite_number(table["duration_s"], 0)
    if table["rotation"] not in _TURNS:
        raise ValueError(f"a rotation by {table['rotation']!s:.20} degrees")
    truth_value(table["mirrored"])
    plain_text(table["interlacing"])
    _check_pixel_format(table["pixel_format"])
    for name in _COLOR_NAMES:
        plain_text(table["color"][name])
    return table


def check_manifest(manifest: Manifest) -> None:
    """Hold the parts of a manifest to each other: every frame, tile, file and packet in its place.

    Raises:
        ValueError, TypeError: They contradict each other, or a value cannot be used.
    """
    _check_source(manifest.source)
    for form in manifest.forms:
        _check_form(form)
    stop, names = 0, set[str]()
    for run in manifest.runs:
        if run.first_frame < stop or run.stop > manifest.frame_count:
            raise ValueError(f"a run of frames {run.first_frame} to {run.stop - 1} is out of place")
        stop = run.stop
        if run.form >= len(manifest.forms) or len(run.fragments) != len(manifest.forms[run.form].tiles):
            raise ValueError(f"the run from frame {run.first_frame} has other tiles than its picture")
        for fragment in run.fragments:
            _check_fragment(fragment, run, len(manifest.extradata))
            names.add(fragment.name)
    if len(names) != sum(len(run.fragments) for run in manifest.runs):
        raise ValueError("two fragments have one file")
    for number in manifest.missing:
        if not 0 <= number < manifest.frame_count or manifest.run_of(number) is not None:
            raise ValueError(f"frame {number} cannot be missing")


def _check_source(source: SourceRecord) -> None:
    for text in (source.name, source.codec, source.container, source.sha256 or ""):
        plain_text(text)
    whole_number(source.stream_index)
    if source.size_bytes is not None:
        whole_number(source.size_bytes)


def _check_form(form: PictureForm) -> None:
    width, height = whole_number(form.width, 1, MOST_SIDE), whole_number(form.height, 1, MOST_SIDE)
    if width * height > _MOST_PIXELS:
        raise ValueError(f"a picture of {width} × {height} pixels is too large")
    _check_pixel_format(form.pixel_format)
    for pixel_format in (form.stored_format, form.given_format):
        _check_pixel_format(pixel_format, is_stored=True)
    for number in (form.colorspace, form.color_range, form.color_primaries, form.color_trc):
        whole_number(number, 0, 255)
    truth_value(form.is_lossless)
    plain_text(form.format_words)
    across = [(tile.x, tile.width) for tile in form.tiles if tile.y == 0]
    down = [(tile.y, tile.height) for tile in form.tiles if tile.x == 0]
    step_x, step_y = chroma_steps(form.stored_format)
    if not _covers(across, width, step_x) or not _covers(down, height, step_y):
        raise ValueError("the tiles do not cover the picture")
    grid = [(x, y, wide, high) for y, high in down for x, wide in across]
    if [tuple(tile) for tile in form.tiles] != grid:
        raise ValueError("the tiles are not rows and columns")
    sizes = zip(form.tiles, form.coded, strict=True)
    if any(wide < tile.width or high < tile.height for tile, (wide, high) in sizes):
        raise ValueError("a tile is larger than the picture that is coded for it")
    if sum(wide * high for wide, high in form.coded) > 4 * _MOST_PIXELS:
        raise ValueError("the coded tiles are too large")


def _covers(pieces: list[tuple[int, int]], length: int, step: int) -> bool:
    """Whether pieces of (start, length) follow each other from 0 to the end, on whole chroma samples."""
    place = 0
    for start, size in pieces:
        if start != place or size < 1 or start % step:
            return False
        place += size
    return place == length


def _check_fragment(fragment: Fragment, run: Run, extradata_count: int) -> None:
    path = PurePosixPath(fragment.name)
    leads_out = path.is_absolute() or ".." in path.parts or re.search(r"[\\:\0]", fragment.name)
    if leads_out or not path.name:
        raise ValueError(f"{fragment.name!r:.40} is not the name of a file in the store")
    if len(fragment.packet_sizes) != run.frame_count or sum(fragment.packet_sizes) != fragment.size_bytes:
        raise ValueError(f"the packets of {fragment.name:.40} do not fill it")
    if fragment.shown is not None and sorted(fragment.shown) != list(range(run.frame_count)):
        raise ValueError(f"the pictures of {fragment.name:.40} are not in an order")
    if fragment.extradata is not None and fragment.extradata >= extradata_count:
        raise ValueError(f"{fragment.name:.40} refers to extradata that is not there")


def _check_pixel_format(name: object, *, is_stored: bool = False) -> None:
    try:
        described = av.VideoFormat(plain_text(name), 16, 16)
    except ValueError as error:
        raise ValueError(f"{name!s:.40} is not a pixel format") from error
    # Hardware surfaces have no components; samples that share bytes cannot be cut into tiles.
    is_whole = all(8 <= one.bits <= 16 for one in described.components) and not described.is_bit_stream
    if is_stored and not (
        described.components and is_whole and not described.has_palette and "bayer" not in described.name
    ):
        raise ValueError(f"pictures are not stored in {described.name}")


def _positive_fraction(text: object) -> None:
    # Fraction takes exponents, and 1e999999999 would fill the memory.
    words = plain_text(text)
    if len(words) > _FRACTION_LETTERS or "e" in words.lower() or not Fraction(words) > 0:
        raise ValueError(f"{words:.40} is not a fraction above 0")
