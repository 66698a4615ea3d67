"""The records of a fragment store's manifest, their JSON, and their validation."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import av

from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import CODECS, FragmentCodec
from framescope.core.fragments.geometry import Grid, Region
from framescope.core.fragments.planes import chroma_steps
from framescope.core.outside import finite_number, parse_json, plain_text, truth_value, whole_number
from framescope.core.printable import json_document
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_SIDE = 65_535
_MOST_PIXELS = 1 << 28
"""FFmpeg's own limit for pictures."""
_FRACTION_LETTERS = 40
_TURNS = (0, 90, 180, 270)
_COLOR_NAMES = ("matrix", "matrix_used", "range", "range_used", "transfer", "primaries")


def checked_video(table: dict[str, Any]) -> dict[str, Any]:
    """Validate the types and ranges of the split video's facts.

    Raises:
        ValueError, KeyError, TypeError: One is missing or invalid.
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
    """Check the parts of a manifest against each other: frames, tiles, files and packets.

    Raises:
        ValueError, TypeError: They contradict each other, or a value is invalid.
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
    # Fraction accepts exponents, and 1e999999999 would exhaust the memory.
    words = plain_text(text)
    if len(words) > _FRACTION_LETTERS or "e" in words.lower() or not Fraction(words) > 0:
        raise ValueError(f"{words:.40} is not a fraction above 0")


FORMAT = "framescope-fragments"
SCHEMA = 1
MANIFEST_NAME = "manifest.json"
_MOST_PTS = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Fragment:
    """One tile for one run of frames: an independently decodable stream.

    Attributes:
        run: Number of the run.
        tile: Number of the tile within the run's picture form, row by row.
        name: Its file, relative to the store.
        size_bytes: Bytes of the file.
        sha256: Digest of the file, in hexadecimal.
        packet_sizes: Bytes of each packet in decode order.
        shown: Presentation position of each packet's picture; None for the same order.
        extradata: Index into the manifest's table of extradata; None for none.
    """

    run: int
    tile: int
    name: str
    size_bytes: int
    sha256: str
    packet_sizes: tuple[int, ...]
    shown: tuple[int, ...] | None = None
    extradata: int | None = None

    @property
    def bits(self) -> int:
        """Bits of the stream."""
        return self.size_bytes * 8

    def sizes_by_frame(self) -> list[int]:
        """Bytes of each picture, in presentation order."""
        if self.shown is None:
            return list(self.packet_sizes)
        sizes = [0] * len(self.packet_sizes)
        for size, number in zip(self.packet_sizes, self.shown, strict=True):
            sizes[number] = size
        return sizes


@dataclass(frozen=True, slots=True)
class PictureForm:
    """The picture properties and tiles of some runs. A stream may change them midway.

    Attributes:
        width: Columns as decoded.
        height: Rows as decoded.
        pixel_format: Of the source.
        stored_format: The encoded format.
        given_format: The format after decoding.
        is_lossless: Whether the format conversion alone is lossless.
        format_words: A description of the format conversion.
        colorspace: FFmpeg's number of the matrix, as the frames signal it.
        color_range: FFmpeg's number of the range.
        color_primaries: FFmpeg's number of the primaries.
        color_trc: FFmpeg's number of the transfer characteristic.
        tiles: The tiles, row by row.
        coded: Columns and rows of each tile with its padding.
    """

    width: int
    height: int
    pixel_format: str
    stored_format: str
    given_format: str
    is_lossless: bool
    format_words: str
    colorspace: int
    color_range: int
    color_primaries: int
    color_trc: int
    tiles: tuple[Region, ...]
    coded: tuple[tuple[int, int], ...]

    @property
    def columns(self) -> int:
        """The number of tile columns."""
        return sum(tile.y == 0 for tile in self.tiles)

    @property
    def rows(self) -> int:
        """The number of tile rows."""
        return sum(tile.x == 0 for tile in self.tiles)

    @property
    def region(self) -> Region:
        """The whole picture."""
        return Region(0, 0, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Run:
    """A run of frames coded together.

    Attributes:
        first_frame: Number of the first one.
        frame_count: How many.
        form: Index of their form in the manifest's table.
        fragments: One for each tile of the form, in its order.
    """

    first_frame: int
    frame_count: int
    form: int
    fragments: tuple[Fragment, ...]

    @property
    def stop(self) -> int:
        """The first frame after it."""
        return self.first_frame + self.frame_count


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """The source video.

    Attributes:
        name: File name, without its folder.
        size_bytes: Of the file; None for an address.
        sha256: Digest of the file; None for an address.
        stream_index: The stream, over all of the file.
        codec: FFmpeg's short name.
        container: The container in words.
    """

    name: str
    size_bytes: int | None
    sha256: str | None
    stream_index: int
    codec: str
    container: str


@dataclass(frozen=True, slots=True, eq=False)
class Manifest:
    """The complete manifest of a store.

    Attributes:
        source: The source video.
        video: The facts that a viewer needs, by the names of ``VideoInfo``; fractions as text.
        codec: What the fragments are coded with.
        quality: The codec's own quality value.
        grid: The requested grid.
        run_words: Where runs begin, in words.
        pts: Each frame's timestamp, in the unit of ``video["time_base"]``; None if it has none.
        forms: See `PictureForm`.
        runs: In order of their frames.
        missing: The reasons for frames of the source that are in no run, by number.
        extradata: Out-of-band decoder configurations, referenced by fragments.
        made_by: The software versions that made it.
    """

    source: SourceRecord
    video: Mapping[str, Any]
    codec: FragmentCodec
    quality: int
    grid: Grid
    run_words: str
    pts: tuple[int | None, ...]
    forms: tuple[PictureForm, ...]
    runs: tuple[Run, ...]
    missing: Mapping[int, str] = field(default_factory=dict)
    extradata: tuple[bytes, ...] = ()
    made_by: str = ""

    @property
    def frame_count(self) -> int:
        """Frames of the video, including missing ones."""
        return len(self.pts)

    @property
    def time_base(self) -> Fraction:
        """Seconds per unit of pts."""
        return Fraction(self.video["time_base"])

    @property
    def is_lossless(self) -> bool:
        """Whether joining restores every sample."""
        return CODECS[self.codec].is_lossless(self.quality) and all(form.is_lossless for form in self.forms)

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        """All of them, run by run and tile by tile."""
        return tuple(fragment for run in self.runs for fragment in run.fragments)

    @property
    def size_bytes(self) -> int:
        """Bytes of all fragments together."""
        return sum(fragment.size_bytes for fragment in self.fragments)

    def run_of(self, frame_number: int) -> Run | None:
        """The run that contains a frame; None if the source had no picture."""
        low, high = 0, len(self.runs)
        while low < high:
            middle = (low + high) // 2
            if self.runs[middle].stop <= frame_number:
                low = middle + 1
            else:
                high = middle
        run = self.runs[low] if low < len(self.runs) else None
        return run if run is not None and run.first_frame <= frame_number else None


def manifest_to_json(manifest: Manifest) -> str:
    """The manifest as one JSON document, one line per run for readability."""
    head = {
        "format": FORMAT,
        "schema": SCHEMA,
        "made_by": manifest.made_by,
        "source": asdict(manifest.source),
        "video": dict(manifest.video),
        "codec": manifest.codec.value,
        "quality": manifest.quality,
        "lossless": manifest.is_lossless,
        "grid": asdict(manifest.grid),
        "runs_begin": manifest.run_words,
        "forms": [_form_to_json(form) for form in manifest.forms],
        "missing": {str(number): reason for number, reason in manifest.missing.items()},
        "extradata": [base64.b64encode(data).decode("ascii") for data in manifest.extradata],
        "pts": list(manifest.pts),
    }
    lines = [f"{json.dumps(name)}: {json_document(value)}" for name, value in head.items()]
    runs = ",\n  ".join(json.dumps(_run_to_json(run)) for run in manifest.runs)
    return "{\n" + ",\n".join(lines) + ',\n"runs": [\n  ' + runs + "\n]}\n"


def manifest_from_json(text: str) -> Manifest:
    """Read a manifest.

    Raises:
        FragmentError: It is not a valid one, or a later version wrote it.
    """
    try:
        data = parse_json(text)
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise FragmentError(tr("This is not the manifest of a fragment store."))
        if whole_number(data["schema"]) != SCHEMA:
            raise FragmentError(
                tr(
                    "The store's schema is {data}; this version of FrameScope reads {schema}.",
                    data=data["schema"],
                    schema=SCHEMA,
                ),
                hint=tr("Open it with the version that made it, or a later one."),
            )
        return _parse(data)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise FragmentError(
            tr("The manifest of the fragment store is damaged: {error}.", error=str(error)[:160]),
            hint=tr("Split the video again; fragments cannot be used without their manifest."),
        ) from error


def _parse(data: dict[str, Any]) -> Manifest:
    manifest = Manifest(
        source=SourceRecord(**data["source"]),
        video=checked_video(data["video"]),
        codec=FragmentCodec(data["codec"]),
        quality=whole_number(data["quality"]),
        grid=Grid(**{name: whole_number(value, 0, MOST_SIDE) for name, value in data["grid"].items()}),
        run_words=plain_text(data["runs_begin"]),
        pts=tuple(None if one is None else whole_number(one, -_MOST_PTS) for one in data["pts"]),
        forms=tuple(form_from_json(form) for form in data["forms"]),
        runs=tuple(_run_from_json(number, run) for number, run in enumerate(data["runs"])),
        missing={int(number): plain_text(reason) for number, reason in data["missing"].items()},
        extradata=tuple(base64.b64decode(one, validate=True) for one in data["extradata"]),
        made_by=plain_text(data.get("made_by", "")),
    )
    check_manifest(manifest)
    return manifest


def _form_to_json(form: PictureForm) -> dict[str, Any]:
    return {**asdict(form), "tiles": [list(tile) for tile in form.tiles]}


def form_from_json(data: dict[str, Any]) -> PictureForm:
    """One form."""
    tiles = tuple(Region(*(whole_number(side, 0, MOST_SIDE) for side in tile)) for tile in data["tiles"])
    coded = tuple((whole_number(w, 1, MOST_SIDE), whole_number(h, 1, MOST_SIDE)) for w, h in data["coded"])
    return PictureForm(**{**data, "tiles": tiles, "coded": coded})


def fragment_to_json(fragment: Fragment) -> dict[str, Any]:
    """One fragment without its run and tile numbers, which follow from its position."""
    entry: dict[str, Any] = {
        "name": fragment.name,
        "bits": fragment.bits,
        "sha256": fragment.sha256,
        "packets": list(fragment.packet_sizes),
    }
    if fragment.shown is not None:
        entry["shown"] = list(fragment.shown)
    if fragment.extradata is not None:
        entry["extradata"] = fragment.extradata
    return entry


def fragment_from_json(run: int, tile: int, data: dict[str, Any]) -> Fragment:
    """One fragment."""
    shown = data.get("shown")
    return Fragment(
        run=run,
        tile=tile,
        name=plain_text(data["name"]),
        size_bytes=whole_number(data["bits"]) // 8,
        sha256=plain_text(data["sha256"]),
        packet_sizes=tuple(map(whole_number, data["packets"])),
        shown=None if shown is None else tuple(map(whole_number, shown)),
        extradata=None if data.get("extradata") is None else whole_number(data["extradata"]),
    )


def _run_to_json(run: Run) -> dict[str, Any]:
    return {
        "first": run.first_frame,
        "frames": run.frame_count,
        "form": run.form,
        "fragments": [fragment_to_json(fragment) for fragment in run.fragments],
    }


def _run_from_json(number: int, data: dict[str, Any]) -> Run:
    fragments = tuple(fragment_from_json(number, tile, one) for tile, one in enumerate(data["fragments"]))
    return Run(
        whole_number(data["first"]), whole_number(data["frames"], 1), whole_number(data["form"]), fragments
    )
