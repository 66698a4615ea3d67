"""Reassembles a video, or a region of it for some frames, from fragments; holes are marked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.errors import FragmentError, FrameUnavailableError, VerificationError
from framescope.core.files import check_target, part_file
from framescope.core.fragments.picture_forms import frame_of
from framescope.core.fragments.reader import FragmentReader
from framescope.core.fragments.source import (
    index_store,
    name_with_region,
    open_store,
    probe_store,
    split_source,
)
from framescope.core.fragments.store import FaultyFragmentError, store_path
from framescope.core.fragments.write_video import OutputSettings, VideoWriter
from framescope.core.media.index_builder import build_index
from framescope.core.media.probe import probe
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.sampling.frame_list import format_frame_list
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.fragments.codecs import FragmentCodec
    from framescope.core.fragments.geometry import Region
    from framescope.core.model.progress import ProgressCallback


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """The part of a store to join.

    Attributes:
        region: A part of the picture; None for all of it.
        frames: Some of the frames; None for all.
        output: How to encode the file.
        workers: Tiles decoded at once; None for one per CPU core.
    """

    region: Region | None = None
    frames: range | None = None
    output: OutputSettings = field(default_factory=OutputSettings)
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class JoinResult:
    """What was written.

    Attributes:
        path: The file.
        codec: Its codec.
        is_exact: Whether it holds every sample of the store's pictures.
        frames_written: The number of frames.
        frames_left_out: Frames without a usable fragment, or missing in the source, with the reason.
        holes: The faults of the fragments whose tiles were marked.
        fragments_read: The number of fragments read.
        bytes_read: Bytes of those.
        retimed: Frames whose timestamp could not be kept.
        words: A description of the format conversion.
    """

    path: Path
    codec: FragmentCodec
    is_exact: bool
    frames_written: int
    frames_left_out: dict[int, str]
    holes: tuple[str, ...]
    fragments_read: int
    bytes_read: int
    retimed: int
    words: str


def join(  # noqa: PLR0913 - every option is named at the call
    store_source: str | Path,
    out_path: Path,
    request: JoinRequest | None = None,
    *,
    replaces: bool = False,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> JoinResult:
    """Write a store, or a part of it, as one video.

    A missing or altered fragment leaves a hole: its tile is striped for its run, and is listed in the result
    and in the file's comment.

    Args:
        store_source: The store.
        out_path: The file; its extension determines the container.
        request: What to join, and how to encode it; everything by default.
        replaces: Whether an existing file may be replaced.
        progress: Receives the progress.
        cancel: Cancels the work; the unfinished file is removed.

    Raises:
        OpenError: The store cannot be opened.
        DestinationError: The file cannot be written, already exists, or is inside the store.
        FragmentError: The frames cannot be encoded, or there is no frame to write.
        VerificationError: The file does not decode to what was written; it was removed.
        Cancelled: The work was cancelled.
    """
    request, cancel = request or JoinRequest(), cancel or CancelToken()
    source = store_source if request.region is None else name_with_region(store_source, request.region)
    info, index = probe_store(source), index_store(source)
    frames = range(len(index)) if request.frames is None else request.frames
    if not frames or frames.start < 0 or frames.stop > len(index):
        raise FragmentError(
            tr(
                "There are no frames {start} to {stop} in a store of {count}.",
                start=frames.start,
                stop=frames.stop - 1,
                count=len(index),
            ),
            hint=tr("Give A:B with 0 ≤ A < B; B is not included."),
        )
    path, _ = split_source(source)
    sources = (store_path(path) or path,)
    check_target(out_path, replaces=replaces, sources=sources)
    faults = _faults(source, frames)
    comment = tr("Joined from fragments.") + ("" if not faults else " Holes: " + " ".join(faults))
    left_out: dict[int, str] = {}
    striped: list[int] = []
    reader = FragmentReader(info, index, workers=request.workers)
    try:
        with part_file(out_path, replaces=replaces, sources=sources) as part:
            with VideoWriter(part, info, request.output, comment) as writer:
                for done, number in enumerate(frames):
                    cancel.raise_if_cancelled()
                    progress(
                        Progress(
                            done,
                            len(frames),
                            tr("Joining: frame {done} of {count}", done=done, count=len(frames)),
                        )
                    )
                    try:
                        frame = reader.read(number)
                    except FrameUnavailableError as error:
                        left_out[number] = error.reason
                        continue
                    if frame.is_damaged:
                        striped.append(number)
                    writer.write(frame_of(frame), frame.pts)
                if not writer.written:
                    raise FragmentError(
                        tr("No frame of the store can be reassembled."), hint=next(iter(faults), "")
                    )
            _check_count(part, writer.written)
        store = reader.store
        if striped and not faults:
            listed = format_frame_list(np.array(striped))
            faults = (
                tr(
                    "A tile of the frames {listed} cannot be decoded and is filled with stripes.",
                    listed=listed,
                ),
            )
        return JoinResult(
            path=out_path,
            codec=writer.codec,
            is_exact=writer.is_exact,
            frames_written=writer.written,
            frames_left_out=left_out,
            holes=faults,
            fragments_read=0 if store is None else len(store.fragments_read),
            bytes_read=0 if store is None else store.bytes_read,
            retimed=writer.retimed,
            words=writer.format_words,
        )
    finally:
        reader.close()


def _check_count(path: Path, written: int) -> None:
    found = len(build_index(probe(str(path))))
    if found != written:
        raise VerificationError(
            tr(
                "{count} written, but the file holds {found}.",
                count=counted(written, "frame was", "frames were"),
                found=grouped(found),
            )
        )


def _faults(source: str | Path, frames: range) -> tuple[str, ...]:
    """The faults of the fragments to be read, determined before the file's comment is written."""
    store, region = open_store(source)
    words = []
    with store:
        for run in store.manifest.runs:
            if run.first_frame >= frames.stop or run.stop <= frames.start:
                continue
            tiles = store.manifest.forms[run.form].tiles
            for fragment in run.fragments:
                if region is not None and not tiles[fragment.tile].meets(region):
                    continue
                try:
                    store.read(fragment)
                except FaultyFragmentError as error:
                    words.append(error.message)
    return tuple(words)
