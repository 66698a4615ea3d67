"""A fragment store as a source of frames: its name, with or without a region, its facts and its index."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import FragmentError, OpenError
from framescope.core.fragments.codecs import CODECS
from framescope.core.fragments.geometry import Region
from framescope.core.fragments.planes import chroma_steps
from framescope.core.fragments.source_record import describe_store
from framescope.core.fragments.store import FragmentStore, is_unfinished, store_path
from framescope.core.media.container import is_url
from framescope.core.media.index import NO_PTS, DamageNote, EntryTable, FrameIndex, IndexBasis
from framescope.core.model.frame import PictureType
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from framescope.core.fragments.manifest import Manifest
    from framescope.core.model.stream_facts import VideoInfo

_REGION = re.compile(r"^(?P<path>.*)#xywh=(?P<numbers>\d{1,9},\d{1,9},\d{1,9},\d{1,9})$", re.DOTALL)
"""As in the W3C's Media Fragments: only this part of the picture is looked at."""


def parse_region(text: str) -> Region:
    """``X,Y,W,H``.

    Raises:
        FragmentError: It is not a region.
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 4 or not all(part.isdecimal() and len(part) < 10 for part in parts):
        raise FragmentError(
            tr("{text!r} is not a region.", text=text),
            hint=tr("Write X,Y,W,H in whole pixels, such as 0,0,640,360."),
        )
    x, y, width, height = (int(part) for part in parts)
    return Region(x, y, width, height)


def split_source(source: str | os.PathLike[str]) -> tuple[str, Region | None]:
    """The path of a store and the region that its name asks for, if it does."""
    text = os.fspath(source)
    match = _REGION.match(text)
    if match is None or os.path.exists(text):  # noqa: PTH110 - any text may be asked about
        return text, None
    return match["path"], parse_region(match["numbers"])


def name_with_region(path: str | os.PathLike[str], region: Region) -> str:
    """The name under which only a region of a store is opened."""
    return f"{os.fspath(path)}#xywh={','.join(str(number) for number in region)}"


def is_fragment_source(source: str | os.PathLike[str]) -> bool:
    """Whether this names a fragment store, perhaps with a region. Raises nothing. Threads: any."""
    text = os.fspath(source)
    if is_url(text):
        return False
    path = split_source(text)[0]
    # An unfinished store is opened as a store, for its own error message.
    return store_path(path) is not None or is_unfinished(Path(path))


def open_store(source: str | os.PathLike[str]) -> tuple[FragmentStore, Region | None]:
    """Open the store that a name means, and the region, widened to whole chroma samples.

    Raises:
        MissingFileError: There is nothing there.
        OpenError: It is not a store, its manifest is damaged, or the region reaches beyond the picture.
    """
    path, region = split_source(source)
    try:
        store = FragmentStore(path)
        if region is not None and store.manifest.forms:
            form = store.manifest.forms[0]
            region = region.widened(*chroma_steps(form.stored_format), (form.width, form.height))
    except FragmentError as error:
        raise OpenError(error.message, hint=error.hint) from error
    return store, region


def probe_store(source: str | os.PathLike[str]) -> VideoInfo:
    """The facts of a store.

    Raises:
        OpenError: It cannot be opened.
    """
    store, region = open_store(source)
    with store:
        info = describe_store(store.manifest, store.path, region, os.fspath(source))
        codes = manifest_index(store.manifest, region).picture_type_codes
        return replace(info, has_b_frames=bool((codes == PictureType.B).any()))


def index_store(source: str | os.PathLike[str]) -> FrameIndex:
    """The index of a store: every run begins with a keyframe, and sizes are those of the tiles looked at.

    Raises:
        OpenError: It cannot be opened.
    """
    store, region = open_store(source)
    with store:
        return manifest_index(store.manifest, region)


def inferred_types(shown: Sequence[int] | None, count: int) -> NDArray[np.uint8]:
    """The picture types of a run, from the order of its packets: what comes later than it is shown is a B.

    Args:
        shown: Presentation place of each packet's picture; None if the order tells nothing.
        count: Frames of the run.
    """
    codes = np.full(count, PictureType.UNKNOWN.value, np.uint8)
    if shown is not None:
        latest = np.maximum.accumulate(np.array(shown))
        is_b = np.array(shown) < latest
        codes[np.array(shown)] = np.where(is_b, PictureType.B.value, PictureType.P.value)
    return codes


def manifest_index(manifest: Manifest, region: Region | None = None) -> FrameIndex:
    """The index of a manifest. Pure.

    Args:
        manifest: The store's.
        region: The part of the picture that is looked at; None for all of it.
    """
    count = manifest.frame_count
    pts = np.array([NO_PTS if one is None else one for one in manifest.pts], np.int64)
    sizes = np.zeros(count, np.int64)
    is_intra = CODECS[manifest.codec].is_intra
    codes = np.full(count, (PictureType.I if is_intra else PictureType.UNKNOWN).value, np.uint8)
    is_key = np.full(count, is_intra, np.bool_)
    firsts = np.array([run.first_frame for run in manifest.runs], np.int32)
    for run in manifest.runs:
        tiles = manifest.forms[run.form].tiles
        for fragment in run.fragments:
            if region is None or tiles[fragment.tile].meets(region):
                sizes[run.first_frame : run.stop] += fragment.sizes_by_frame()
        if not is_intra and run.fragments:
            codes[run.first_frame : run.stop] = inferred_types(run.fragments[0].shown, run.frame_count)
    is_key[firsts] = True
    codes[firsts] = PictureType.I.value
    # One entry a run even where every picture stands for itself: a fragment is read from its beginning.
    entries = EntryTable(
        packet_numbers=firsts,
        first_numbers=firsts,
        pts=pts[firsts],
        dts=np.full(len(firsts), NO_PTS, np.int64),
        positions=np.full(len(firsts), -1, np.int64),
    )
    return FrameIndex(
        # Every frame was decoded once, when the video was split.
        basis=IndexBasis.DECODED,
        complete=True,
        time_base=manifest.time_base,
        pts=pts,
        dts=np.full(count, NO_PTS, np.int64),
        packet_numbers=np.arange(count, dtype=np.int32),
        is_keyframe=is_key,
        picture_type_codes=codes,
        packet_sizes=np.minimum(sizes, np.iinfo(np.int32).max).astype(np.int32),
        entries=entries,
        notes=(tr("Frame numbers and times are those of the source video."),),
        damage=tuple(DamageNote(number, 1, reason) for number, reason in manifest.missing.items()),
    )
