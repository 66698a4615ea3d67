"""The texts of the fragment panel: store, region cost, results of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.fragments.codecs import CODECS
from framescope.core.fragments.join import JoinResult
from framescope.core.text import counted, grouped, size_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from framescope.core.fragments.manifest import Manifest
    from framescope.core.fragments.seams import Seam
    from framescope.core.fragments.split import SplitResult
    from framescope.core.fragments.store import FragmentFault
    from framescope.core.fragments.touch import Touched

_SHOWN = 5


def store_words(manifest: Manifest) -> str:
    """One line under the store's name."""
    spec = CODECS[manifest.codec]
    quality = "lossless" if manifest.is_lossless else f"quality {manifest.quality}"
    return f"{spec.title}, {quality} · {manifest.grid.words} · runs {manifest.run_words}"


def touch_words(takes: Touched, count: int) -> tuple[str, str]:
    """What a region takes: a heading, and the comparison."""
    share = takes.bytes_read / max(takes.bytes_of_runs, 1)
    return (
        f"{counted(len(takes.fragments), 'fragment')}, {size_words(takes.bytes_read)}",
        f"{share:.0%} of the {size_words(takes.bytes_of_runs)} that the whole picture takes"
        f" for {counted(count, 'frame')}",
    )


def heat_words(bits: Sequence[int]) -> str:
    """What the heat-map's colours span."""
    if not bits:
        return "The source video has no picture here."
    total = sum(bits)
    return (
        f"This frame: {grouped(total)} bits, {grouped(min(bits))} to {grouped(max(bits))} a tile"
        if len(bits) > 1
        else f"This frame: {grouped(total)} bits"
    )


def seam_lines(seams: Sequence[Seam]) -> list[tuple[str, str, int]]:
    """For each of the most visible seams its name, its figures, and the frame where it is worst."""
    lines = []
    for seam in seams[:_SHOWN]:
        between = (
            f"Tiles {seam.first} | {seam.second}"
            if seam.is_vertical
            else f"Tiles {seam.first} / {seam.second}"
        )
        figures = f"{seam.across:.1f} across, {seam.inside:.1f} beside"
        lines.append((between, figures, seam.worst_frame))
    return lines


def split_words(result: SplitResult) -> str:
    """The result of a split."""
    manifest = result.manifest
    count = counted(len(manifest.fragments), "fragment")
    made = f"{count}, {size_words(manifest.size_bytes)}, in {result.path.name}."
    conversions = {form.format_words for form in manifest.forms if not form.is_lossless}
    notes = [made, f"Took {result.elapsed_s:.1f} s with {result.workers} at once.", *sorted(conversions)]
    if manifest.missing:
        notes.append(f"{counted(len(manifest.missing), 'frame')} could not be decoded.")
    return " ".join(notes)


def join_words(result: object) -> tuple[str, Path | None]:
    """The result of a join, and the file."""
    if not isinstance(result, JoinResult):
        return "", None
    exact = "lossless" if result.is_exact else "not lossless"
    written = counted(result.frames_written, "frame")
    notes = [f"{written} in {result.path.name}: {CODECS[result.codec].title}, {exact}."]
    if result.holes:
        notes.append(
            f"{counted(len(result.holes), 'hole')}, shown as stripes in the picture. {result.holes[0]}"
        )
    if result.frames_left_out:
        notes.append(f"{counted(len(result.frames_left_out), 'frame')} left out.")
    return " ".join(notes), result.path


def verify_words(total: int, faults: Sequence[FragmentFault]) -> str:
    """The result of a verification."""
    if not faults:
        return f"All {counted(total, 'fragment')} are intact."
    named = " ".join(fault.words for fault in faults[:_SHOWN])
    more = "" if len(faults) <= _SHOWN else f" And {len(faults) - _SHOWN} more."
    return f"{len(faults)} of {counted(total, 'fragment')} faulty. {named}{more}"
