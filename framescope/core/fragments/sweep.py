"""Tests grids and run lengths on a video: bitrate versus random-access cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.folders import temporary_folder
from framescope.core.fragments.account import account_words, measure_fidelity, split_undivided
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.split import split
from framescope.core.fragments.touch import quarter_of, stream_bytes, touched
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.fragments.geometry import Region
    from framescope.core.fragments.manifest import Manifest
    from framescope.core.fragments.split import SplitSettings
    from framescope.core.media.video import Video
    from framescope.core.model.progress import ProgressCallback

GRIDS = (Grid(1, 1), Grid(2, 2), Grid(3, 4), Grid(4, 6))
RUNS = (6, 15, 30, 60)
DEFAULT_FRAMES = 120
_DEAR = 0.25
"""A larger overhead is called expensive."""


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """One grid and run length.

    Attributes:
        grid_words: ``3 × 4 tiles``; ``one stream`` for the undivided one.
        run_length: Frames in a run; 0 for the undivided stream.
        tiles: Tiles of the picture.
        bits: Of all fragments.
        bits_per_frame: Mean.
        overhead: Share of bits beyond those of the undivided stream.
        access_bytes: Bytes read to show the middle quarter of one frame, averaged over all frames.
        access_frames: Frames decoded for it, averaged.
        psnr_db: Against the source.
    """

    grid_words: str
    run_length: int
    tiles: int
    bits: int
    bits_per_frame: float
    overhead: float
    access_bytes: float
    access_frames: float
    psnr_db: float


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep found.

    Attributes:
        frames: Frames that were tried.
        codec: With what.
        quality: The codec's own value.
        undivided: The one stream that all are compared with.
        points: One for each grid and run length.
    """

    frames: int
    codec: str
    quality: int
    undivided: SweepPoint
    points: tuple[SweepPoint, ...]

    @property
    def best(self) -> tuple[SweepPoint, ...]:
        """The Pareto-optimal points in bits and bytes, fewest bits first."""
        kept: list[SweepPoint] = []
        for point in sorted((self.undivided, *self.points), key=lambda one: (one.bits, one.access_bytes)):
            if not kept or point.access_bytes < kept[-1].access_bytes:
                kept.append(point)
        return tuple(kept)

    @property
    def words(self) -> tuple[str, ...]:
        """The conclusions, in sentences."""
        if not self.points:
            return ()
        quick = min(self.points, key=lambda one: one.access_bytes)
        share = quick.access_bytes / max(self.undivided.access_bytes, 1)
        lines = [
            tr(
                "One stream: {bits_per_frame:.1f} kbit per frame,"
                " {access_bytes:.1f} kB to show a quarter of any frame.",
                bits_per_frame=self.undivided.bits_per_frame / 1000,
                access_bytes=self.undivided.access_bytes / 1000,
            ),
            tr(
                "Fewest bytes to read: {name_of}, with {share:.0%} of the bytes for {overhead:+.0%} bits.",
                name_of=name_of(quick),
                share=share,
                overhead=quick.overhead,
            ),
        ]
        cheap = [one for one in self.best if one in self.points and one.overhead <= _DEAR]
        if cheap:
            chosen = min(cheap, key=lambda one: one.access_bytes)
            lines.append(
                tr(
                    "A good compromise: {name_of}, {overhead:+.0%} bits, {access_bytes:.0%} of the bytes.",
                    name_of=name_of(chosen),
                    overhead=chosen.overhead,
                    access_bytes=chosen.access_bytes / max(self.undivided.access_bytes, 1),
                )
            )
        else:
            lines.append(
                tr(
                    "None costs less than {dear:.0%} more bits: for this video, fragments are expensive.",
                    dear=_DEAR,
                )
            )
        useless = sum(
            one.overhead > 0 and one.access_bytes >= self.undivided.access_bytes for one in self.points
        )
        if useless:
            lines.append(
                tr(
                    "{useless} of {count} settings cost more bits without saving bytes: there, one"
                    " stream is better.",
                    useless=useless,
                    count=len(self.points),
                )
            )
        lines.append(account_words(quick.overhead, share)[-1])
        return tuple(lines)


def name_of(point: SweepPoint) -> str:
    """``3 × 4 tiles × 30 frames``."""
    return (
        point.grid_words
        if not point.run_length
        else tr(
            "{grid_words} × {run_length} frames", grid_words=point.grid_words, run_length=point.run_length
        )
    )


def sweep(  # noqa: PLR0913 - every option is named at the call
    video: Video,
    settings: SplitSettings,
    *,
    grids: Sequence[Grid] = GRIDS,
    runs: Sequence[int] = RUNS,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Sweep:
    """Encode the first frames of a video in every way of cutting, and undivided.

    Args:
        video: The source.
        settings: Codec, quality, workers, and how many frames; grid and runs are those of the sweep.
        grids: The grids to try.
        runs: The run lengths to try; those longer than the frames at hand are left out.
        progress: Receives the progress.
        cancel: Cancels the work.

    Raises:
        FragmentError: A setting cannot be used.
        Cancelled: The work was cancelled.
    """
    cancel = cancel or CancelToken()
    settings = replace(settings, most_frames=settings.most_frames or DEFAULT_FRAMES)
    frames = settings.frames_of(video)
    lengths = [run for run in runs if run <= frames] or [frames]
    ways = list(product(grids, lengths))
    points: list[SweepPoint] = []
    with temporary_folder("sweep") as name:
        place = Path(name)
        progress(Progress(0, len(ways) + 1, tr("Encoding one stream")))
        whole = split_undivided(video, place / "whole", settings, cancel=cancel)
        region = quarter_of(whole.manifest.forms[0].width, whole.manifest.forms[0].height)
        bits = whole.manifest.size_bytes * 8
        psnr = measure_fidelity(video, whole.path, cancel=cancel).psnr_db
        undivided = SweepPoint(
            grid_words=tr("one stream"), run_length=0, tiles=1, bits=bits, bits_per_frame=bits / frames,
            overhead=0.0, access_bytes=_stream_access(whole.manifest), access_frames=(frames + 1) / 2,
            psnr_db=psnr,
        )  # fmt: skip
        for done, (grid, length) in enumerate(ways):
            progress(
                Progress(
                    done + 1,
                    len(ways) + 1,
                    tr("Encoding {words} × {length} frames", words=grid.words, length=length),
                )
            )
            way = replace(settings, grid=grid, runs=RunRule(length=length))
            result = split(video, place / str(done), way, cancel=cancel)
            points.append(_point(result.manifest, region, undivided, grid, length))
            points[-1] = replace(
                points[-1], psnr_db=measure_fidelity(video, result.path, cancel=cancel).psnr_db
            )
    return Sweep(frames, settings.codec.value, settings.quality_used, undivided, tuple(points))


def _point(manifest: Manifest, region: Region, undivided: SweepPoint, grid: Grid, length: int) -> SweepPoint:
    bits, frames = manifest.size_bytes * 8, manifest.frame_count
    reads = [touched(manifest, region, range(number, number + 1)) for number in range(frames)]
    return SweepPoint(
        grid_words=grid.words,
        run_length=length,
        tiles=len(manifest.forms[0].tiles),
        bits=bits,
        bits_per_frame=bits / frames,
        overhead=bits / max(undivided.bits, 1) - 1,
        access_bytes=float(np.mean([one.bytes_read for one in reads])),
        access_frames=float(np.mean([one.frames for one in reads])),
        psnr_db=float("nan"),
    )


def _stream_access(manifest: Manifest) -> float:
    frames = range(manifest.frame_count)
    return float(np.mean([stream_bytes(manifest, range(number, number + 1)) for number in frames]))
