"""Measures what fragments cost and save: bitrates, overhead, quality, time, bytes read."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.export.quality.measure import fidelity
from framescope.core.folders import temporary_folder
from framescope.core.fragments.codecs import STREAM_GOP
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.reader import FragmentReader
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.source import index_store, probe_store
from framescope.core.fragments.split import SplitResult, split
from framescope.core.fragments.touch import quarter_of, stream_bytes, touched
from framescope.core.media.video import Video
from framescope.core.model.frame import Frame
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.fragments.geometry import Region
    from framescope.core.fragments.manifest import Manifest
    from framescope.core.fragments.split import SplitSettings
    from framescope.core.model.progress import ProgressCallback

_QUALITY_FRAMES = 12
"""Frames on which PSNR and SSIM are measured, spread over the video."""
_WHOLE = Grid(1, 1)


@dataclass(frozen=True, slots=True)
class Fidelities:
    """The similarity of decoded frames to the source, as displayed, averaged over the measured frames.

    Attributes:
        psnr_db: From the mean of the squared errors of all frames; infinite if all are equal.
        ssim: Mean; NaN if pictures are too small.
        frames: The number of frames measured.
    """

    psnr_db: float
    ssim: float
    frames: int


@dataclass(frozen=True, slots=True)
class Account:
    """The costs and savings of one store. Sizes in bits or bytes, times in seconds, as the names say.

    Attributes:
        frames: Frames of the store.
        fragments: The number of fragments.
        bits: R = Σ rᵢ, the bits of all fragments.
        bits_per_pixel: Bits of the whole store per pixel of the source: the mean of ``tile_bits_per_pixel``,
            weighted by the tiles' pixels. A sum of them is not a rate of anything.
        tiles: Where the tiles lie, row by row.
        tile_bits_per_pixel: Bits of each tile per pixel of the tile, over all its fragments.
        rates: rᵢ, the bits of each fragment, by run and tile.
        undivided_bits: Bits of the same frames actually encoded as one stream at the same quality.
        fidelity: Of the store.
        undivided_fidelity: Of the one stream.
        encode_one_s: Elapsed time of the split with one worker, decoding the source included.
        encode_many_s: With ``workers``.
        encode_undivided_s: Elapsed time of making the one stream, decoding the source included.
        decode_one_s: Elapsed time of decoding the store with one worker.
        decode_many_s: With ``workers``.
        decode_undivided_s: Elapsed time of decoding the one stream, in one thread.
        workers: The number of workers.
        region: The region for which bytes were counted.
        region_frames: The frames for which they were counted.
        region_bytes: Bytes of fragments read for them.
        region_stream_bytes: Bytes of the one stream read for the same frames.
    """

    frames: int
    fragments: int
    bits: int
    bits_per_pixel: float
    tiles: tuple[Region, ...]
    tile_bits_per_pixel: tuple[float, ...]
    rates: tuple[tuple[int, ...], ...]
    undivided_bits: int
    fidelity: Fidelities
    undivided_fidelity: Fidelities
    encode_one_s: float
    encode_many_s: float
    encode_undivided_s: float
    decode_one_s: float
    decode_many_s: float
    decode_undivided_s: float
    workers: int
    region: Region
    region_frames: range
    region_bytes: int
    region_stream_bytes: int

    @property
    def overhead(self) -> float:
        """Extra bits relative to the one stream; negative if fragments are smaller."""
        return self.bits / max(self.undivided_bits, 1) - 1

    @property
    def region_share(self) -> float:
        """Bytes read for the region relative to the one stream's for the same frames."""
        return self.region_bytes / max(self.region_stream_bytes, 1)

    @property
    def words(self) -> tuple[str, ...]:
        """The account in sentences."""
        return (
            *account_words(self.overhead, self.region_share),
            tr(
                "Tiles are good for video of which only regions are looked at, for stacks of medical or"
                " microscope images, and for streaming parts of a large picture. The price: {overhead:+.0%}"
                " bits, and the whole picture takes {decoding:.1f} times as long to decode in one thread.",
                overhead=self.overhead,
                decoding=self.decode_one_s / max(self.decode_undivided_s, 1e-9),
            ),
        )


def account_words(overhead: float, region_share: float) -> tuple[str, ...]:
    """The costs and savings in sentences, including whether fragments cost more than they save.

    Args:
        overhead: Extra bits relative to one stream.
        region_share: Bytes for a quarter of the picture relative to one stream's.
    """
    costs = (
        tr(
            "The fragments take {overhead:.0%} more bits than one stream of the same quality.",
            overhead=overhead,
        )
        if overhead >= 0.005
        else tr(
            "The fragments take {saving:.0%} fewer bits than one stream of the same quality.",
            saving=-overhead,
        )
        if overhead <= -0.005
        else tr("The fragments take as many bits as one stream of the same quality.")
    )
    if region_share >= 1:
        return (
            costs,
            tr("Even a quarter of the picture takes more bytes than one stream: they save nothing."),
        )
    saves = tr(
        "A quarter of the picture for one run takes {region_share:.0%} of one stream's bytes.",
        region_share=region_share,
    )
    if overhead <= 0:
        return costs, saves, tr("They save both bits and bytes read.")
    # Whole reads cost `overhead` more, region reads save 1 − share: even at this share of whole reads.
    even = (1 - region_share) / (1 - region_share + overhead)
    return costs, saves, (
        tr("They cost more than they save when more than {even:.0%} of what is read is the whole"
           " picture.", even=even)
    )  # fmt: skip


def take_account(
    video: Video,
    settings: SplitSettings,
    *,
    folder: Path | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Account:
    """Split a video and measure all costs and savings.

    It is encoded three times: with one worker, with many, and undivided at the same quality; each result is
    decoded.

    Args:
        video: The source.
        settings: How to split; ``workers`` is the higher number.
        folder: The working folder; None for a temporary one.
        progress: Receives the progress.
        cancel: Cancels the work.

    Raises:
        FragmentError: A setting is invalid.
        Cancelled: The work was cancelled.
    """
    cancel = cancel or CancelToken()
    with temporary_folder("account", folder) as name:
        place = Path(name)
        one = split(video, place / "one", replace(settings, workers=1), progress=progress, cancel=cancel)
        many = split(video, place / "many", settings, progress=progress, cancel=cancel)
        whole = split_undivided(video, place / "whole", settings, progress=progress, cancel=cancel)
        manifest = many.manifest
        region = quarter_of(manifest.forms[0].width, manifest.forms[0].height)
        middle = manifest.runs[len(manifest.runs) // 2]
        frames = range(middle.first_frame, middle.stop)
        pixels = sum(
            run.frame_count * manifest.forms[run.form].width * manifest.forms[run.form].height
            for run in manifest.runs
        )
        return Account(
            frames=manifest.frame_count,
            fragments=len(manifest.fragments),
            bits=manifest.size_bytes * 8,
            bits_per_pixel=manifest.size_bytes * 8 / max(pixels, 1),
            tiles=manifest.forms[0].tiles,
            tile_bits_per_pixel=tile_rates(manifest),
            rates=tuple(tuple(one.bits for one in run.fragments) for run in manifest.runs),
            undivided_bits=whole.manifest.size_bytes * 8,
            fidelity=measure_fidelity(video, many.path, progress=progress, cancel=cancel),
            undivided_fidelity=measure_fidelity(video, whole.path, progress=progress, cancel=cancel),
            encode_one_s=one.elapsed_s,
            encode_many_s=many.elapsed_s,
            encode_undivided_s=whole.elapsed_s,
            decode_one_s=_decode_time(many.path, 1, progress, cancel),
            decode_many_s=_decode_time(many.path, settings.workers_used, progress, cancel),
            decode_undivided_s=_decode_time(whole.path, 1, progress, cancel),
            workers=settings.workers_used,
            region=region,
            region_frames=frames,
            region_bytes=touched(manifest, region, frames).bytes_read,
            region_stream_bytes=stream_bytes(whole.manifest, frames),
        )


def split_undivided(
    video: Video,
    path: Path,
    settings: SplitSettings,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> SplitResult:
    """The same frames as one stream: same quality, one tile, one run, the usual keyframe interval."""
    undivided = replace(settings, grid=_WHOLE, runs=RunRule(length=max(len(video), 1)), gop=STREAM_GOP)
    return split(video, path, undivided, progress=progress, cancel=cancel)


def measure_fidelity(
    video: Video,
    store: Path,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Fidelities:
    """PSNR and SSIM of a store's frames against those of its source.

    Raises:
        Cancelled: The work was cancelled.
    """
    errors: list[float] = []
    similarities: list[float] = []
    with Video(probe_store(store), index_store(store), make_reader=FragmentReader) as opened:
        count = min(len(opened), len(video))
        numbers = sorted({round(one) for one in np.linspace(0, count - 1, min(count, _QUALITY_FRAMES))})
        pairs = zip(video.try_frames(numbers), opened.try_frames(numbers), strict=True)
        for done, (original, decoded) in enumerate(pairs):
            if cancel is not None:
                cancel.raise_if_cancelled()
            progress(Progress(done, len(numbers), tr("Measuring PSNR and SSIM")))
            if not isinstance(original, Frame) or not isinstance(decoded, Frame):
                continue
            result = fidelity(original.to_bgr(rotate=False), decoded.to_bgr(rotate=False))
            errors.append(0.0 if math.isinf(result.psnr_db) else 10 ** (-result.psnr_db / 10))
            similarities.append(result.ssim)
    mean = float(np.mean(errors)) if errors else math.nan
    psnr_db = math.inf if mean == 0 else math.nan if math.isnan(mean) else -10 * math.log10(mean)
    return Fidelities(psnr_db, float(np.mean(similarities)) if similarities else math.nan, len(errors))


def _decode_time(path: Path, workers: int, progress: ProgressCallback, cancel: CancelToken) -> float:
    reader = FragmentReader(probe_store(path), index_store(path), workers=workers)
    started = time.perf_counter()
    try:
        for number in range(len(reader.index)):
            cancel.raise_if_cancelled()
            progress(
                Progress(number, len(reader.index), tr("Decoding with {workers} at once", workers=workers))
            )
            reader.read(number)
    finally:
        reader.close()
    return time.perf_counter() - started


def tile_rates(manifest: Manifest) -> tuple[float, ...]:
    """Bits per pixel of each tile of the first picture size, over all its runs."""
    tiles = manifest.forms[0].tiles
    runs = [run for run in manifest.runs if run.form == 0]
    frames = sum(run.frame_count for run in runs)
    bits = [0] * len(tiles)
    for run in runs:
        for fragment in run.fragments:
            bits[fragment.tile] += fragment.bits
    return tuple(
        count / max(frames * tile.width * tile.height, 1) for count, tile in zip(bits, tiles, strict=True)
    )


def bits_by_tile(manifest: Manifest, frame_number: int) -> list[int]:
    """Bits of each tile for one frame; empty if the source had no picture."""
    run = manifest.run_of(frame_number)
    if run is None:
        return []
    place = frame_number - run.first_frame
    return [fragment.sizes_by_frame()[place] * 8 for fragment in run.fragments]
