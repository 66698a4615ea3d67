"""Identifies a video file or an image sequence by its content without reading all of it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.errors import OpenError
from framescope.core.media.container import local_path, open_bytes
from framescope.core.media.remote_file import is_remote
from framescope.core.model.progress import check_cancelled
from framescope.core.sequence.naming import CHECKED_EVERY, find_sequence, is_sequence

if TYPE_CHECKING:
    from io import FileIO
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
    """The sampled digest of a video file, or of an object in a store; None where it cannot be read.

    None for other addresses, too.

    SHA-256 over the length of the file as eight bytes, the lowest first, and 16 samples of 1 MiB: the first
    begins at byte 0, the last ends at the end, the others are spaced equally (rounded down) between them. A
    file of 16 MiB or less is read whole. Only samples are read because the digest is in the first line of a
    manifest, before the first frame: a file of 50 GB must not be read twice. A file that was cut, re-encoded
    or replaced gets a different digest; one with a single byte changed in the middle may not.

    Of an image sequence it is over the length of all files together, their names and lengths, and the first
    MiB of 16 of them, spaced equally.

    Raises:
        OpenError: The object in the store cannot be read.
    """
    paths = content_paths(source)
    try:
        if len(paths) > 1:
            return _digest_files(paths)
        if not paths and not is_remote(source):
            return None
        with open_bytes(paths[0] if paths else source) as file:
            return _digest_file(file)
    except OSError:
        return None


def content_paths(source: str) -> list[Path]:
    """The file of a video, or the files of an image sequence, by number; empty for an address."""
    path = local_path(source)
    try:
        sequence = find_sequence(source) if is_sequence(source) else None
    except OpenError:
        return []
    if sequence is not None:
        return [sequence.path_of(number) for number in range(len(sequence.numbers))]
    return [] if path is None else [path]


def _digest_files(paths: list[Path]) -> SourceDigest:
    sizes = []
    for number, path in enumerate(paths):
        if number % CHECKED_EVERY == 0:
            check_cancelled()
        sizes.append(path.stat().st_size)
    digest = hashlib.sha256(sum(sizes).to_bytes(8, "little"))
    for path, size in zip(paths, sizes, strict=True):
        digest.update(os.fsencode(path.name) + b"\0" + size.to_bytes(8, "little"))
    last = len(paths) - 1
    for sample in sorted({place * last // (_SAMPLES - 1) for place in range(_SAMPLES)}):
        with paths[sample].open("rb") as file:
            digest.update(file.read(_SAMPLE_BYTES))
    return SourceDigest(sum(sizes), digest.hexdigest())


def _digest_file(file: FileIO) -> SourceDigest:
    size = file.seek(0, 2)
    digest = hashlib.sha256(size.to_bytes(8, "little"))
    if size <= _SAMPLES * _SAMPLE_BYTES:
        file.seek(0)
        digest.update(file.readall())
    else:
        for sample in range(_SAMPLES):
            file.seek(sample * (size - _SAMPLE_BYTES) // (_SAMPLES - 1))
            digest.update(file.read(_SAMPLE_BYTES))
    return SourceDigest(size, digest.hexdigest())
