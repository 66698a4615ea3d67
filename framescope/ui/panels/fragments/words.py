"""The texts of the fragment panel: store, region cost, results of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.fragments.codecs import CODECS
from framescope.core.fragments.join import JoinResult
from framescope.core.text import counted, grouped, size_words
from framescope.core.translation import tr

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
    """One line for below the store's name."""
    spec = CODECS[manifest.codec]
    quality = "lossless" if manifest.is_lossless else tr("quality {quality}", quality=manifest.quality)
    return tr(
        "{title}, {quality} · {words} · runs {run_words}",
        title=spec.title,
        quality=quality,
        words=manifest.grid.words,
        run_words=manifest.run_words,
    )


def touch_words(takes: Touched, count: int) -> tuple[str, str]:
    """The cost of a region: a heading, and a comparison with the whole picture."""
    share = takes.bytes_read / max(takes.bytes_of_runs, 1)
    return (
        f"{counted(len(takes.fragments), 'fragment', 'fragments')}, {size_words(takes.bytes_read)}",
        tr(
            "{share:.0%} of the {size} that the whole picture takes for {frames}",
            share=share,
            size=size_words(takes.bytes_of_runs),
            frames=counted(count, "frame", "frames"),
        ),
    )


def heat_words(bits: Sequence[int]) -> str:
    """The range of the heat map's colours."""
    if not bits:
        return tr("The source video has no picture here.")
    total = sum(bits)
    return (
        tr(
            "This frame: {total} bits, {least} to {most} a tile",
            total=grouped(total),
            least=grouped(min(bits)),
            most=grouped(max(bits)),
        )
        if len(bits) > 1
        else tr("This frame: {total} bits", total=grouped(total))
    )


def seam_lines(seams: Sequence[Seam]) -> list[tuple[str, str, int]]:
    """For each of the most visible seams its name, its figures, and the frame where it is most visible."""
    lines = []
    for seam in seams[:_SHOWN]:
        between = (
            tr("Tiles {first} | {second}", first=seam.first, second=seam.second)
            if seam.is_vertical
            else tr("Tiles {first} / {second}", first=seam.first, second=seam.second)
        )
        figures = tr("{across:.1f} across, {inside:.1f} beside", across=seam.across, inside=seam.inside)
        lines.append((between, figures, seam.worst_frame))
    return lines


def split_words(result: SplitResult) -> str:
    """The result of a split."""
    manifest = result.manifest
    count = counted(len(manifest.fragments), "fragment", "fragments")
    made = tr(
        "{count}, {size}, in {path}.",
        count=count,
        size=size_words(manifest.size_bytes),
        path=result.path.name,
    )
    conversions = {form.format_words for form in manifest.forms if not form.is_lossless}
    notes = [
        made,
        tr(
            "Took {elapsed_s:.1f} s with {workers} at once.",
            elapsed_s=result.elapsed_s,
            workers=result.workers,
        ),
        *sorted(conversions),
    ]
    if manifest.missing:
        notes.append(
            tr("{frames} could not be decoded.", frames=counted(len(manifest.missing), "frame", "frames"))
        )
    return " ".join(notes)


def join_words(result: object) -> tuple[str, Path | None]:
    """The result of a join, and the file written."""
    if not isinstance(result, JoinResult):
        return "", None
    exact = "lossless" if result.is_exact else tr("not lossless")
    written = counted(result.frames_written, "frame", "frames")
    notes = [
        tr(
            "{written} in {path}: {title}, {exact}.",
            written=written,
            path=result.path.name,
            title=CODECS[result.codec].title,
            exact=exact,
        )
    ]
    if result.holes:
        notes.append(
            tr(
                "{holes}, shown as stripes in the picture. {reason}",
                holes=counted(len(result.holes), "hole", "holes"),
                reason=result.holes[0],
            )
        )
    if result.frames_left_out:
        notes.append(tr("{frames} left out.", frames=counted(len(result.frames_left_out), "frame", "frames")))
    return " ".join(notes), result.path


def verify_words(total: int, faults: Sequence[FragmentFault]) -> str:
    """The result of a verification."""
    if not faults:
        return tr("All {fragments} are intact.", fragments=counted(total, "fragment", "fragments"))
    named = " ".join(fault.words for fault in faults[:_SHOWN])
    more = "" if len(faults) <= _SHOWN else tr(" And {count} more.", count=len(faults) - _SHOWN)
    return tr(
        "{count} of {fragments} faulty. {named}{more}",
        count=len(faults),
        fragments=counted(total, "fragment", "fragments"),
        named=named,
        more=more,
    )
