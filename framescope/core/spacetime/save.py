"""Saves a space-time image as PNG, TIFF or npy, and its axes as JSON in a file beside it."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.errors import VerificationError
from framescope.core.export.encoders.arrays import npy_bytes, read_npy
from framescope.core.export.encoders.encode import check_encoded
from framescope.core.export.encoders.formats import ImageFormat, TiffCompression
from framescope.core.export.encoders.metadata import (
    DESCRIPTION,
    SOFTWARE,
    icc_profile,
    png_color_chunk,
    png_text_chunks,
)
from framescope.core.export.encoders.png import png_bytes
from framescope.core.export.encoders.tags import SOFTWARE as WRITER
from framescope.core.export.encoders.tiff import ICC, tiff_bytes
from framescope.core.export.settings import ExportSettings
from framescope.core.files import check_ending, check_target, write_file
from framescope.core.media.container import file_name
from framescope.core.media.index import NO_PTS
from framescope.core.printable import json_document, printable
from framescope.core.spacetime.image import Spacing
from framescope.core.text import counted, grouped, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.spacetime.image import Columns, Samples, SpaceTimeImage, TileShare

ENDINGS = (".png", ".tif", ".tiff", ".npy")
FORMAT, _VERSION = "framescope-spacetime", 1
_COMPRESSION = 6


@dataclass(frozen=True, slots=True)
class SavedImage:
    """What was written.

    Attributes:
        path: The picture, or the array.
        axes_path: The JSON file with its axes.
        width: Columns of the picture.
        height: Its rows.
        bits: Bits of a component.
        hidden: Frames that are shown too briefly to have a column of their own.
        columns: Columns (or rows) of time.
    """

    path: Path
    axes_path: Path
    width: int
    height: int
    bits: int
    hidden: int
    columns: int

    @property
    def summary(self) -> str:
        """``kymo.png: 300 × 1 920 pixels, 8 bits; axes in kymo.png.json``."""
        return tr(
            "{name}: {width} × {height} pixels, {bits} bits; axes in {axes}",
            name=self.path.name,
            width=grouped(self.width),
            height=grouped(self.height),
            bits=self.bits,
            axes=self.axes_path.name,
        )


def axes_path_of(path: Path) -> Path:
    """The file beside it that gets the axes."""
    return path.with_name(f"{path.name}.json")


def check_spacetime_target(
    path: Path, *, replaces: bool, sources: Iterable[str | os.PathLike[str]] = ()
) -> None:
    """Refuse a name under which the image and its axes cannot be saved. Call it before long work begins.

    Raises:
        SettingsError: The name has none of the endings in `ENDINGS`.
        DestinationError: One of the two files must not be written; see `core.files.check_target`.
    """
    check_ending(path, tr("A space-time image"), ENDINGS)
    sources = tuple(sources)
    for one in (path, axes_path_of(path)):
        check_target(one, replaces=replaces, sources=sources)


def save_spacetime(  # noqa: PLR0913 - each is a choice
    image: SpaceTimeImage,
    path: str | os.PathLike[str],
    *,
    info: VideoInfo,
    spacing: Spacing = Spacing.FRAMES,
    time_down: bool = False,
    replaces: bool = False,
) -> SavedImage:
    """Write a space-time image, and a ``.json`` file beside it with its axes in pixels, frames and seconds.

    The picture is decoded again and compared before it gets its name.

    Args:
        image: The image.
        path: ``.png`` and ``.tif`` hold the picture, also with 16 bits; ``.npy`` the same as an array, (rows,
            columns, 3) in R, G, B order.
        info: The video's facts.
        spacing: Whether a column is a frame or a step of time.
        time_down: Whether time goes down; otherwise it goes right and the line begins at the top.
        replaces: Whether existing files may be replaced.

    Raises:
        SettingsError: The name has another ending, or there are no timestamps to space by.
        DestinationError: It cannot be written there.
        EncodeError: The picture is too large for the format.
        VerificationError: What was encoded is not the picture.
    """
    path = Path(path)
    sources = [info.source]
    check_spacetime_target(path, replaces=replaces, sources=sources)
    columns = image.columns(spacing)
    pixels = cast("Samples", np.ascontiguousarray(image.laid_out(columns, time_down=time_down)))
    axes = axes_table(image, columns, info, time_down=time_down)
    data = _encoded(pixels, path.suffix.lower(), _title(image, info), axes, info)
    write_file(path, data, replaces=replaces, sources=sources)
    text = json_document(axes, allow_nan=False)
    write_file(axes_path_of(path), text.encode(), replaces=replaces, sources=sources)
    height, width = pixels.shape[:2]
    return SavedImage(
        path, axes_path_of(path), width, height, pixels.dtype.itemsize * 8, columns.hidden, len(columns)
    )


def axes_table(
    image: SpaceTimeImage, columns: Columns, info: VideoInfo, *, time_down: bool
) -> dict[str, object]:
    """The axes of a picture as plain values: pixels along the line; frames, pts and seconds along time."""
    frames = columns.frames
    pts = image.pts[frames]
    return {
        "format": FORMAT,
        "version": _VERSION,
        "software": WRITER,
        "source": printable(file_name(info.source)),
        "line": {
            "kind": image.slit.kind.value,
            "numbers": list(image.slit.numbers),
            "width": image.slit.width,
            "interpolation": image.interpolation.value,
        },
        "picture_size": list(image.size),
        "axes": ["time", "position"] if time_down else ["position", "time"],
        "position": {
            "unit": "pixel",
            "step": 1,
            "x": np.round(image.positions[:, 0], 6).tolist(),
            "y": np.round(image.positions[:, 1], 6).tolist(),
        },
        "time": {
            "spacing": columns.spacing.value,
            "step_s": None if columns.step is None else float(columns.step),
            "time_base": str(image.time_base),
            "frame_number": (frames + image.first_frame).tolist(),
            "pts": [None if one == NO_PTS else one for one in pts.tolist()],
            "time_s": [None if math.isnan(one) else one for one in image.times_s[frames].tolist()],
        },
        "missing_frames": {str(number): reason for number, reason in image.missing.items()},
        "damaged_frames": list(image.damaged),
        "hidden_frames": columns.hidden,
        "tiles": None if image.share is None else asdict(image.share),
    }


def share_words(share: TileShare) -> str:
    """How much of a fragment store was read, in a sentence."""
    return tr(
        "Read {tiles_read} of {tiles}, {bytes_read} of {bytes_in_all} ({part:.0%}).",
        tiles_read=share.tiles_read,
        tiles=counted(share.tiles, "tile", "tiles"),
        bytes_read=size_words(share.bytes_read),
        bytes_in_all=size_words(share.bytes_in_all),
        part=share.bytes_read / max(share.bytes_in_all, 1),
    )


def _title(image: SpaceTimeImage, info: VideoInfo) -> str:
    return tr(
        "Space-time image of {source}: {line}, frames {first} to {last}",
        source=printable(file_name(info.source)),
        line=image.slit.words,
        first=image.first_frame,
        last=image.first_frame + len(image) - 1,
    )


def _encoded(pixels: Samples, ending: str, title: str, axes: dict[str, object], info: VideoInfo) -> bytes:
    """The bytes of the file, verified."""
    if ending == ".npy":
        data = npy_bytes(pixels)
        if not np.array_equal(read_npy(data), pixels):
            raise VerificationError(tr("The encoded array could not be read again."))
        return data
    image_format = ImageFormat.PNG if ending == ".png" else ImageFormat.TIFF
    bgr = cast("Samples", np.ascontiguousarray(pixels[..., ::-1]))
    # In the file itself without what takes a line for each column or sample: that is in the file beside it.
    short = {name: _without_lists(value) for name, value in axes.items()}
    if image_format is ImageFormat.PNG:
        words = {"Title": title, "Description": json.dumps(short), "Software": WRITER}
        chunks = [png_color_chunk(info.color), *png_text_chunks(words)]
        data = png_bytes(bgr, _COMPRESSION, chunks=chunks)
    else:
        profile = icc_profile(info.color)
        data = tiff_bytes(
            bgr,
            TiffCompression.DEFLATE,
            _COMPRESSION,
            more={
                DESCRIPTION: json.dumps({"title": title, **short}),
                SOFTWARE: WRITER,
                **({ICC: profile} if profile else {}),
            },
        )
    check_encoded(data, bgr, ExportSettings(Path(), image_format))
    return data


def _without_lists(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {name: one for name, one in value.items() if not _is_long(one)}


def _is_long(value: object) -> bool:
    return isinstance(value, list) and len(value) > 2
