"""Records where pictures come from: the video's digest, the frames' timestamps, the versions."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import ExportError, OpenError, SettingsError
from framescope.core.export.manifest.lines import ManifestHeader
from framescope.core.export.names import saved_geometry
from framescope.core.export.plan import Action
from framescope.core.marks.marked_frames import MarkedFrames
from framescope.core.media.library_versions import library_versions
from framescope.core.media.remote_file import is_remote, remote_state
from framescope.core.opencv import cv2
from framescope.core.sampling.chosen import Chosen, chosen_clips
from framescope.core.sampling.frame_list import count_listed, format_frame_list, parse_frame_list
from framescope.core.sampling.selection import ascending_once
from framescope.core.sequence.source_digest import content_paths, source_digest
from framescope.core.translation import tr
from framescope.core.version import VERSION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framescope.core.export.plan import ExportPlan
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.sequence.source_digest import SourceDigest

_ACTIONS = (Action.WRITE, *(action for action in Action if action is not Action.WRITE))


def describe(plan: ExportPlan) -> ManifestHeader:
    """The manifest header of the planned export.

    Raises:
        ExportError: The plan was made without a video.
    """
    info, index = plan.info, plan.index
    if info is None or index is None:
        raise ExportError(tr("A manifest needs a plan that knows its video."))
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
            "average_rate": None if info.average_rate is None else str(info.average_rate),
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
        marks=_marks(plan),
        geometry=saved_geometry(info, plan.settings),
    )


def _marks(plan: ExportPlan) -> tuple[tuple[int, str, str], ...]:
    if plan.chosen is None:
        return ()
    marked = plan.chosen.marked
    numbers = ascending_once(plan.frame_numbers).tolist() if marked.labels or marked.notes else ()
    return tuple((number, *marked.texts_of(number)) for number in numbers if any(marked.texts_of(number)))


def same_source(header: ManifestHeader, info: VideoInfo) -> bool:
    """Whether a video is the one that an export was made from, judging by its bytes."""
    return is_made_of(header, info.stream_index, source_digest(info.source))


def is_made_of(header: ManifestHeader, stream_index: int, found: SourceDigest | None) -> bool:
    """`same_source` for a video with a known digest; None if there is no digest."""
    if header.source["stream_index"] != stream_index:
        return False
    known = header.source["sampled_sha256"]
    return known is None or found is None or found.digest == known


def is_same_file(header: ManifestHeader, source: str) -> bool:
    """Whether a file, or an object in a store, is certainly the video of an export, whatever its name."""
    try:
        # What has a different length need not be read.
        if _size_of(source) != header.source["size_bytes"]:
            return False
        found = source_digest(source)
    except (OSError, OpenError):
        return False
    return found is not None and found.digest == header.source["sampled_sha256"]


def _size_of(source: str) -> int | None:
    if is_remote(source):
        return remote_state(source).size
    paths = content_paths(source)
    return sum(path.stat().st_size for path in paths) if paths else None


def same_frames(header: ManifestHeader, index: FrameIndex) -> bool:
    """Whether an index assigns an export's numbers to the same frames."""
    try:
        numbers = exported_frames(header, len(index)).frame_numbers
    except SettingsError:
        return False
    return frames_digest(index, numbers) == str(header.source["frames_digest"])


def exported_frames(header: ManifestHeader, frame_total: int) -> Chosen:
    """The frames of an export, including clips, given the video's frame count.

    Raises:
        SettingsError: The video does not have all of them.
    """
    numbers = parse_frame_list(header.frames, frame_total) if header.frames else np.empty(0, np.int64)
    marked = MarkedFrames().with_marks(
        (number for number, _, _ in header.marks),
        {number: note for number, _, note in header.marks if note},
        {number: label for number, label, _ in header.marks if label},
    )
    if header.clips is None:
        return Chosen(numbers, marked=marked)
    try:
        table = np.array(header.clips, np.int64).reshape(len(header.clips), -1)
    except (ValueError, OverflowError) as error:
        raise SettingsError(tr("The clips of the manifest are not of one length.")) from error
    if not np.array_equal(ascending_once(table.reshape(-1)), numbers):
        raise SettingsError(tr("The clips of the manifest have other frames than the export."))
    return replace(chosen_clips(table), marked=marked)


def exported_count(header: ManifestHeader) -> int:
    """The number of pictures in an export, without the video.

    Raises:
        SettingsError: The list of frames cannot be read.
    """
    if header.clips is not None:
        return sum(len(clip) for clip in header.clips)
    return count_listed(header.frames) if header.frames else 0


def _clips(chosen: Chosen) -> tuple[tuple[int, ...], ...] | None:
    clips, places = chosen.clips, chosen.places
    if clips is None or places is None:
        return None
    order = np.lexsort((places, clips))
    numbers = chosen.frame_numbers[order].reshape(chosen.clip_total, -1)
    return tuple(tuple(clip) for clip in numbers.tolist())


def frames_digest(index: FrameIndex, frame_numbers: NDArray[np.int64]) -> str:
    """A digest of numbers and timestamps, to check whether an index assigns them to the same frames.

    BLAKE2b, 16 bytes, over the numbers and then the pts, each as little-endian int64.
    """
    digest = hashlib.blake2b(digest_size=16)
    digest.update(np.ascontiguousarray(frame_numbers, "<i8").tobytes())
    digest.update(np.ascontiguousarray(index.pts[frame_numbers], "<i8").tobytes())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """The versions of everything that affects a saved picture, by name."""
    return {
        "framescope": VERSION,
        **library_versions(),
        "opencv": cv2.__version__,
        "numpy": np.__version__,
    }
