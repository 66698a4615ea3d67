"""The fragments and bytes that a region of the picture needs for a range of frames. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.fragments.codecs import CODECS, STREAM_GOP
from framescope.core.fragments.geometry import Region
from framescope.core.fragments.run_decoder import needed_fragments

if TYPE_CHECKING:
    from framescope.core.fragments.geometry import PicturePart
    from framescope.core.fragments.manifest import Fragment, Manifest


@dataclass(frozen=True, slots=True)
class Touched:
    """The data read.

    Attributes:
        fragments: Those that are read, each of them whole.
        bytes_read: Their bytes.
        fragments_of_runs: The number of all fragments of the runs concerned.
        bytes_of_runs: Bytes of all fragments of the runs concerned: what it takes without tiles.
        bytes_of_all: Bytes of all fragments of the store.
        frames: Frames that are decoded, also those before the first wanted one in its run.
    """

    fragments: tuple[Fragment, ...]
    bytes_read: int
    fragments_of_runs: int
    bytes_of_runs: int
    bytes_of_all: int
    frames: int


def touched(manifest: Manifest, part: PicturePart | None, frames: range) -> Touched:
    """The data needed to show a part of the picture (None for all of it) for ``frames``.

    Raises:
        FragmentError: The region reaches beyond the picture.
    """
    needed: list[Fragment] = []
    of_runs = decoded = count = 0
    for run in manifest.runs:
        if run.first_frame >= frames.stop or run.stop <= frames.start:
            continue
        form = manifest.forms[run.form]
        if isinstance(part, Region):
            part.check_inside((form.width, form.height))
        needed += needed_fragments(run, form.tiles, part)
        count += len(run.fragments)
        of_runs += sum(fragment.size_bytes for fragment in run.fragments)
        decoded += min(frames.stop, run.stop) - run.first_frame
    return Touched(
        fragments=tuple(needed),
        bytes_read=sum(fragment.size_bytes for fragment in needed),
        fragments_of_runs=count,
        bytes_of_runs=of_runs,
        bytes_of_all=manifest.size_bytes,
        frames=decoded,
    )


def stream_bytes(undivided: Manifest, frames: range) -> int:
    """Bytes that an undivided stream takes for ``frames``: from the keyframe before to the last one's packet.

    Args:
        undivided: One tile, one run, with a keyframe at every `STREAM_GOP`-th frame.
        frames: The frames wanted.
    """
    total = 0
    gop = 1 if CODECS[undivided.codec].is_intra else STREAM_GOP
    for run in undivided.runs:
        first, stop = max(frames.start, run.first_frame), min(frames.stop, run.stop)
        if first >= stop:
            continue
        key = (first - run.first_frame) // gop * gop
        last = stop - run.first_frame
        for fragment in run.fragments:
            shown = fragment.shown or range(len(fragment.packet_sizes))
            places = [place for place, number in enumerate(shown) if key <= number < last]
            # Packets are read in decode order, so that those in between come along.
            total += sum(fragment.packet_sizes[min(places) : max(places) + 1])
    return total


def quarter_of(width: int, height: int) -> Region:
    """The middle of the picture, half as wide and half as high: a quarter of it."""
    return Region(width // 4, height // 4, max(1, width // 2), max(1, height // 2))
