"""The records of a fragment store's manifest, and their form in JSON."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import CODECS, FragmentCodec
from framescope.core.fragments.geometry import Grid, Region
from framescope.core.fragments.manifest_check import MOST_SIDE, check_manifest, checked_video
from framescope.core.outside import parse_json, plain_text, whole_number
from framescope.core.printable import json_document

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = "framescope-fragments"
SCHEMA = 1
MANIFEST_NAME = "manifest.json"
_MOST_PTS = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Fragment:
    """One tile for one run of frames: a stream that needs no other.

    Attributes:
        run: Number of the run.
        tile: Number of the tile within the run's picture form, row by row.
        name: Its file, relative to the store.
        size_bytes: Bytes of the file.
        sha256: Digest of the file, in hexadecimal.
        packet_sizes: Bytes of each packet in decode order.
        shown: Presentation place of each packet's picture; None for the same order.
        extradata: Place in the manifest's table of extradata; None for none.
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
    """What pictures of some runs are like, and how they are cut. A stream may change it on its way.

    Attributes:
        width: Columns as decoded.
        height: Rows as decoded.
        pixel_format: Of the source.
        stored_format: What is encoded.
        given_format: What decoding gives back.
        is_lossless: Whether the formats alone lose nothing.
        format_words: What becomes of the samples, in a sentence.
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
        """How many tiles stand side by side."""
        return sum(tile.y == 0 for tile in self.tiles)

    @property
    def rows(self) -> int:
        """How many tiles stand one below the other."""
        return sum(tile.x == 0 for tile in self.tiles)

    @property
    def region(self) -> Region:
        """The whole picture."""
        return Region(0, 0, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Run:
    """Frames that are coded together.

    Attributes:
        first_frame: Number of the first one.
        frame_count: How many.
        form: Place of their form in the manifest's table.
        fragments: One for each tile of the form, in its order.
    """

    first_frame: int
    frame_count: int
    form: int
    fragments: tuple[Fragment, ...]

    @property
    def stop(self) -> int:
        """The first frame behind it."""
        return self.first_frame + self.frame_count


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What was split.

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
    """All that a store knows.

    Attributes:
        source: What was split.
        video: The facts that a viewer needs, by the names of ``VideoInfo``; fractions as text.
        codec: What the fragments are coded with.
        quality: The codec's own quality value.
        grid: How the picture was to be cut.
        run_words: Where runs begin, in words.
        pts: Each frame's timestamp, in the unit of ``video["time_base"]``; None where it has none.
        forms: See `PictureForm`.
        runs: In order of their frames.
        missing: Why a frame of the source is in no run, by number.
        extradata: What decoders need beforehand; fragments refer to it.
        made_by: The versions that made it.
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
        """Frames of the video, those that are missing included."""
        return len(self.pts)

    @property
    def time_base(self) -> Fraction:
        """Seconds per unit of pts."""
        return Fraction(self.video["time_base"])

    @property
    def is_lossless(self) -> bool:
        """Whether joining gives back every sample."""
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
        """The run that holds a frame; None where the source had no picture."""
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
    """The manifest as one JSON document, one line a run so that people can read it."""
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
        FragmentError: It is none, it is damaged, or a later version wrote it.
    """
    try:
        data = parse_json(text)
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise FragmentError("This is not the manifest of a fragment store.")
        if whole_number(data["schema"]) != SCHEMA:
            raise FragmentError(
                f"The store's schema is {data['schema']}; this version of FrameScope reads {SCHEMA}.",
                hint="Open it with the version that made it, or a later one.",
            )
        return _parse(data)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise FragmentError(
            f"The manifest of the fragment store is damaged: {str(error)[:160]}.",
            hint="Split the video again; fragments without their manifest cannot be placed.",
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
    """One fragment without its run's and tile's numbers, which its place tells."""
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
