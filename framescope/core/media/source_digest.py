"""Identifies a video file by its content without reading all of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.media.container import local_path

if TYPE_CHECKING:
    from pathlib import Path

_SAMPLES = 16
_SAMPLE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class SourceDigest:
    """A video file's identity, computed without reading all of it.

    Attributes:
        size_bytes: The file's length.
        digest: See `source_digest`.
    """

    size_bytes: int
    digest: str


def source_digest(source: str) -> SourceDigest | None:
    """The sampled digest of a video file; None for an address, or where the file cannot be read.

    SHA-256 over the length of the file as eight bytes, the lowest first, and 16 samples of 1 MiB: the first
    begins at byte 0, the last ends at the end, the others are spaced equally (rounded down) between them. A
    file of 16 MiB or less is read whole. Only samples are read because the digest is in the first line of a
    manifest, before the first frame: a file of 50 GB must not be read twice. A file that was cut, re-encoded
    or replaced gets a different digest; one with a single byte changed in the middle may not.
    """
    path = local_path(source)
    if path is None:
        return None
    try:
        return _digest_file(path)
    except OSError:
        return None


def _digest_file(path: Path) -> SourceDigest:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        digest = hashlib.sha256(size.to_bytes(8, "little"))
        if size <= _SAMPLES * _SAMPLE_BYTES:
            file.seek(0)
            digest.update(file.read())
        else:
            for sample in range(_SAMPLES):
                file.seek(sample * (size - _SAMPLE_BYTES) // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE_BYTES))
    return SourceDigest(size, digest.hexdigest())
