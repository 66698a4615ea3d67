"""NumPy files: pictures as arrays, and planes as decoded."""

from __future__ import annotations

import io
import zipfile
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.errors import VerificationError
from framescope.core.export.encoders.metadata import tag_words
from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.outside import ARCHIVE_FAULTS, load_arrays
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from framescope.core.export.encoders.pixels import Pixels
    from framescope.core.export.encoders.tags import PictureTags, SourceFacts
    from framescope.core.model.frame import Picture

    Array = NDArray[Any]

RGB_NAME = "rgb"
_MOST_BYTES = 1 << 31
"""More than a 16-bit picture of 16,384 × 16,384 pixels needs."""


def npy_bytes(array: Array) -> bytes:
    """An ``.npy`` file."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array, order="C"), allow_pickle=False)
    return buffer.getvalue()


def npz_bytes(arrays: Mapping[str, Array], level: int) -> bytes:
    """An ``.npz`` file; the same input always gives the same bytes.

    Args:
        arrays: By name.
        level: Deflate level, 0 (stored) to 9.
    """
    buffer = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if level else zipfile.ZIP_STORED
    with zipfile.ZipFile(buffer, "w", method, compresslevel=level or None) as archive:
        for name, array in arrays.items():
            # Given only a name, some versions of Python would store the current time.
            member = zipfile.ZipInfo(f"{name}.npy")
            member.compress_type = method
            archive.writestr(member, npy_bytes(array), compresslevel=level or None)
    return buffer.getvalue()


def read_npy(data: bytes) -> Array:
    """The array of an ``.npy`` file.

    Raises:
        VerificationError: The bytes are not a valid one.
    """
    try:
        return cast("Array", load_arrays(lambda: np.load(io.BytesIO(data), allow_pickle=False)))
    except ARCHIVE_FAULTS as error:
        raise VerificationError(tr("The encoded array could not be read again.")) from error


def _members(data: bytes) -> dict[str, Array]:
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        return dict(archive.items())


def read_npz(data: bytes) -> dict[str, Array]:
    """The arrays of an ``.npz`` file by name.

    Raises:
        VerificationError: The bytes are not a valid one.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as members:
            size = sum(member.file_size for member in members.infolist())
        if size > _MOST_BYTES:
            raise ValueError(f"{size} bytes are more than a picture can have")
        return load_arrays(partial(_members, data))
    except ARCHIVE_FAULTS as error:
        raise VerificationError(tr("The encoded arrays could not be read again.")) from error


def picture_arrays(pixels: Pixels, tags: PictureTags | None) -> dict[str, Array]:
    """The contents of a picture's ``.npz``: ``rgb``, and the tags as strings."""
    return {RGB_NAME: np.ascontiguousarray(pixels[..., ::-1]), **_words(tags)}


def plane_arrays(picture: Picture, facts: SourceFacts, tags: PictureTags | None) -> dict[str, Array]:
    """The contents of an ``.npz`` of planes: each plane by name, and the data needed to convert them to RGB.

    The planes are named after their components: ``Y``, ``Cb``, ``Cr``, ``A``, ``R`` and so on, ``CbCr`` where
    two share a plane, ``packed`` where all do.
    """
    planes = picture.planes()
    described = {
        "pixel_format": picture.pixel_format,
        "matrix": facts.color.matrix_used,
        "range": facts.color.range_used,
        "transfer": facts.color.transfer,
        "primaries": facts.color.primaries,
    }
    numbers = {
        "bit_depth": pixel_format_facts(picture.pixel_format).bit_depth,
        "width": picture.width,
        "height": picture.height,
        "rotation": picture.rotation,
    }
    return {
        **dict(zip(plane_names(picture.pixel_format, planes), planes, strict=True)),
        **{name: np.array(word) for name, word in described.items()},
        **{name: np.array(number) for name, number in numbers.items()},
        **_words(tags),
    }


def plane_names(pixel_format: str, planes: Sequence[Array]) -> list[str]:
    """A name for each plane of a pixel format."""
    facts = pixel_format_facts(pixel_format)
    if facts.chroma == "palette":
        return ["index", "palette"][: len(planes)]
    if len(planes) == 1:
        return ["Y" if facts.chroma == "grey" and planes[0].ndim == 2 else "packed"]
    if len(planes) == 2:
        return ["Y", "CbCr"]
    names = ["G", "B", "R", "A"] if facts.is_rgb else ["Y", "Cb", "Cr", "A"]
    return names[: len(planes)]


def _words(tags: PictureTags | None) -> dict[str, Array]:
    return {} if tags is None else {name: np.array(word) for name, word in tag_words(tags).items()}
