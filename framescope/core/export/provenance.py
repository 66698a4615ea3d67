"""Says what pictures were made of and with: the video's digest, the frames' timestamps, the versions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import ExportError, SettingsError
from framescope.core.export.manifest_lines import ManifestHeader
from framescope.core.export.plan import Action
from framescope.core.media.container import local_path
from framescope.core.media.library_versions import library_versions
from framescope.core.opencv import cv2
from framescope.core.sampling.chosen import Chosen, chosen_clips
from framescope.core.sampling.frame_list import format_frame_list, parse_frame_list
from framescope.core.sampling.selection import ascending_once

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.export.plan import ExportPlan
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo

_ACTIONS = (Action.WRITE, *(action for action in Action if action is not Action.WRITE))
_SAMPLES = 16
_SAMPLE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class SourceDigest:
    """What tells one video file from another without reading all of it.

    Attributes:
        size_bytes: The file's length.
        digest: See `source_digest`.
    """

    size_bytes: int
    digest: str


def describe(plan: ExportPlan) -> ManifestHeader:
    """The header that a manifest begins the planned export with.

    Raises:
        ExportError: The plan was made without a video.
    """
    info, index = plan.info, plan.index
    if info is None or index is None:
        raise ExportError("A manifest needs a plan that knows its video.")
    found = source_digest(info.source)
    settings = plan.settings.as_table()
    del settings["folder"]
    codes = np.array([_ACTIONS.index(action) for action in plan.actions], np.uint8)
    places = {action.value: np.flatnonzero(codes == code) for code, action in enumerate(_ACTIONS) if code}
    return ManifestHeader(
        source={
            "name": plan.facts.name,
            "size_bytes": None if found is None else found.size_bytes,
            "sampled_sha256": None if found is None else found.digest,
            "stream_index": info.stream_index,
            "codec": info.codec,
            "pixel_format": info.pixel_format,
            "width": info.width,
            "height": info.height,
            "time_base": str(info.time_base),
            "counted_by": index.basis.value,
            "frames_digest": frames_digest(index, plan.frame_numbers),
        },
        settings=dict(settings),
        sampling=None if plan.sampling is None else dict(plan.sampling),
        frames=format_frame_list(ascending_once(plan.frame_numbers)) if len(plan) else "",
        clips=None if plan.chosen is None else _clips(plan.chosen),
        actions={name: format_frame_list(where) for name, where in places.items() if len(where)},
        numbered=tuple((int(place), plan.names[place]) for place in places[Action.NUMBER.value]),
        versions=versions(),
    )


def source_digest(source: str) -> SourceDigest | None:
    """The sampled digest of a video file; None for an address, or where the file cannot be read.

    SHA-256 over the length of the file as eight bytes, the lowest first, and 16 samples of 1 MiB: the first
    begins at byte 0, the last ends at the end, the others stand at equal distances (rounded down) between
    them. A file of 16 MiB or less is read whole. It is a sample because the digest stands in the first line
    of a manifest, before the first frame: a file of 50 GB must not be read twice. A file that was cut,
    encoded anew or replaced has another one; a single byte changed in the middle may not.
    """
    path = local_path(source)
    if path is None:
        return None
    try:
        return _digest_file(path)
    except OSError:
        return None


def same_source(header: ManifestHeader, info: VideoInfo) -> bool:
    """Whether a video is the one that an export was made of, as far as its bytes tell."""
    known, found = header.source["sampled_sha256"], source_digest(info.source)
    if header.source["stream_index"] != info.stream_index:
        return False
    return known is None or found is None or found.digest == str(known)


def same_frames(header: ManifestHeader, index: FrameIndex) -> bool:
    """Whether an index gives the numbers of an export to the same frames."""
    try:
        numbers = exported_frames(header, len(index)).frame_numbers
    except SettingsError:
        return False
    return frames_digest(index, numbers) == str(header.source["frames_digest"])


def exported_frames(header: ManifestHeader, frame_total: int) -> Chosen:
    """The frames of an export of a video of so many, clips and all.

    Raises:
        SettingsError: The video has not all of them.
    """
    numbers = parse_frame_list(header.frames, frame_total) if header.frames else np.empty(0, np.int64)
    if header.clips is None:
        return Chosen(numbers)
    try:
        table = np.array(header.clips, np.int64).reshape(len(header.clips), -1)
    except (ValueError, OverflowError) as error:
        raise SettingsError("The clips of the manifest are not of one length.") from error
    if not np.array_equal(ascending_once(table.reshape(-1)), numbers):
        raise SettingsError("The clips of the manifest have other frames than the export.")
    return chosen_clips(table)


def _clips(chosen: Chosen) -> tuple[tuple[int, ...], ...] | None:
    clips, places = chosen.clips, chosen.places
    if clips is None or places is None:
        return None
    order = np.lexsort((places, clips))
    numbers = chosen.frame_numbers[order].reshape(chosen.clip_total, -1)
    return tuple(tuple(clip) for clip in numbers.tolist())


def frames_digest(index: FrameIndex, frame_numbers: NDArray[np.int64]) -> str:
    """Tells whether an index gives these numbers to the same frames: a digest of numbers and timestamps.

    BLAKE2b, 16 bytes, over the numbers and then the pts, each as little-endian int64.
    """
    digest = hashlib.blake2b(digest_size=16)
    digest.update(np.ascontiguousarray(frame_numbers, "<i8").tobytes())
    digest.update(np.ascontiguousarray(index.pts[frame_numbers], "<i8").tobytes())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """The versions of everything that has a part in what a saved picture looks like, by name."""
    return {
        "framescope": _installed("framescope"),
        **library_versions(),
        "opencv": cv2.__version__,
        "numpy": np.__version__,
    }


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


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
