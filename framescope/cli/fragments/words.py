"""The output of the fragment commands, as text and as JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import click

from framescope.cli.output import echo_json, echo_rows
from framescope.core.fragments.codecs import CODECS
from framescope.core.fragments.sweep import name_of
from framescope.core.text import counted, grouped, listed, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from framescope.core.fragments.account import Account
    from framescope.core.fragments.geometry import Region
    from framescope.core.fragments.join import JoinResult
    from framescope.core.fragments.manifest import Manifest
    from framescope.core.fragments.seams import Seam
    from framescope.core.fragments.split import SplitResult
    from framescope.core.fragments.sweep import Sweep
    from framescope.core.fragments.touch import Touched

_SHOWN_SEAMS = 5


def store_table(manifest: Manifest, path: Path) -> dict[str, object]:
    """What a store holds, for programs; the rate of each fragment included."""
    form = manifest.forms[0] if manifest.forms else None
    return {
        "store": str(path),
        "source": manifest.source,
        "codec": manifest.codec,
        "quality": manifest.quality,
        "lossless": manifest.is_lossless,
        "width": manifest.video["width"],
        "height": manifest.video["height"],
        "frames": manifest.frame_count,
        "missing_frames": manifest.missing,
        "runs": len(manifest.runs),
        "tiles": 0 if form is None else len(form.tiles),
        "pixel_formats": [one.format_words for one in manifest.forms],
        "bits": manifest.size_bytes * 8,
        "bits_per_pixel": bits_per_pixel(manifest),
        "bit_rate": bit_rate(manifest),
        "fragments": [
            {"name": one.name, "run": one.run, "tile": one.tile, "bits": one.bits, "sha256": one.sha256}
            for one in manifest.fragments
        ],
    }


def bits_per_pixel(manifest: Manifest) -> float:
    """Bits of all fragments per pixel of the source."""
    forms = manifest.forms
    pixels = sum(run.frame_count * forms[run.form].width * forms[run.form].height for run in manifest.runs)
    return manifest.size_bytes * 8 / max(pixels, 1)


def bit_rate(manifest: Manifest) -> float | None:
    """R = Σ rᵢ in bits per second, where the duration is known."""
    duration = manifest.video["duration_s"]
    return manifest.size_bytes * 8 / duration if duration else None


def echo_split(result: SplitResult) -> None:
    """Say what a split came to."""
    manifest = result.manifest
    click.echo(
        tr(
            "{fragments}, {size}, in {path} ({elapsed_s:.1f} s with {workers} at once",
            fragments=counted(len(manifest.fragments), "fragment", "fragments"),
            size=size_words(manifest.size_bytes),
            path=result.path,
            elapsed_s=result.elapsed_s,
            workers=result.workers,
        )
        + (tr("; {reused} existed already)", reused=result.reused) if result.reused else ")")
    )
    for form in manifest.forms:
        click.echo(f"{form.width} × {form.height}: {form.format_words}")
    if manifest.missing:
        click.echo(
            tr(
                "{frames} could not be decoded and are missing from the store.",
                frames=counted(len(manifest.missing), "frame", "frames"),
            ),
            err=True,
        )


def echo_store(manifest: Manifest, path: Path, takes: Touched | None, seams: Sequence[Seam]) -> None:
    """Say what a store holds."""
    spec, rate = CODECS[manifest.codec], bit_rate(manifest)
    largest = max(manifest.fragments, key=lambda one: one.size_bytes, default=None)
    runs = counted(len(manifest.runs), "run", "runs")
    quality = (
        "lossless"
        if manifest.is_lossless
        else tr(
            "quality {quality} ({quality_words})", quality=manifest.quality, quality_words=spec.quality_words
        )
    )
    echo_rows(
        path.name,
        [
            (
                tr("source"),
                tr(
                    "{source}, {codec} in {container}",
                    source=manifest.source.name,
                    codec=manifest.source.codec,
                    container=manifest.source.container,
                ),
            ),
            (tr("picture"), f"{manifest.video['width']} × {manifest.video['height']}, {manifest.grid.words}"),
            (tr("tiles"), _tile_words(manifest.forms[0].tiles) if manifest.forms else ""),
            (
                tr("frames"),
                tr(
                    "{frame_count} in {runs}, {run_words}",
                    frame_count=grouped(manifest.frame_count),
                    runs=runs,
                    run_words=manifest.run_words,
                ),
            ),
            (tr("missing frames"), ", ".join(str(number) for number in manifest.missing)),
            (tr("codec"), f"{spec.title}, {quality}"),
            (tr("pixels"), "; ".join(form.format_words for form in manifest.forms)),
            (tr("fragments"), f"{grouped(len(manifest.fragments))}, {size_words(manifest.size_bytes)}"),
            (tr("largest"), "" if largest is None else f"{largest.name}, {size_words(largest.size_bytes)}"),
            (tr("bits per pixel"), f"{bits_per_pixel(manifest):.4f}"),
            (tr("bitrate"), "" if rate is None else f"{rate / 1000:.1f} kbit/s"),
            (tr("made by"), manifest.made_by),
        ],
    )
    if takes is not None:
        echo_rows(tr("This region and range"), _touched_rows(takes))
    if seams:
        rows = [
            (
                tr("tiles {first} and {second}", first=seam.first, second=seam.second),
                tr(
                    "{across:.2f} across, {inside:.2f} beside it: {excess:+.2f},"
                    " worst on frame {worst_frame}",
                    across=seam.across,
                    inside=seam.inside,
                    excess=seam.excess,
                    worst_frame=seam.worst_frame,
                ),
            )
            for seam in seams[:_SHOWN_SEAMS]
        ]
        echo_rows(tr("Most visible seams, in code values"), rows)


def _touched_rows(takes: Touched) -> list[tuple[str, str]]:
    share = takes.bytes_read / max(takes.bytes_of_runs, 1)
    return [
        (tr("fragments"), grouped(len(takes.fragments))),
        (
            tr("bytes"),
            tr("{bytes_read} ({share:.0%} of these runs)", bytes_read=grouped(takes.bytes_read), share=share),
        ),
        (tr("frames decoded"), grouped(takes.frames)),
    ]


def touched_table(takes: Touched) -> dict[str, object]:
    """What a region takes, for programs."""
    return {
        "fragments": [one.name for one in takes.fragments],
        "bytes": takes.bytes_read,
        "bytes_of_runs": takes.bytes_of_runs,
        "bytes_of_store": takes.bytes_of_all,
        "frames_decoded": takes.frames,
    }


def echo_join(result: JoinResult, *, as_json: bool, takes: Touched | None = None) -> int:
    """Say what was written, and what could not be; returns the exit status, 1 where there are holes."""
    status = 1 if result.holes or result.frames_left_out else 0
    if as_json:
        extra = {} if takes is None else {"takes": touched_table(takes)}
        echo_json({"joined": result, **extra})
        return status
    exact = "lossless" if result.is_exact else tr("not lossless")
    click.echo(
        tr(
            "{frames} in {path} ({title}, {exact}), from {fragments}, {size}",
            frames=counted(result.frames_written, "frame", "frames"),
            path=result.path,
            title=CODECS[result.codec].title,
            exact=exact,
            fragments=counted(result.fragments_read, "fragment", "fragments"),
            size=size_words(result.bytes_read),
        )
    )
    if takes is not None:
        share = takes.bytes_read / max(takes.bytes_of_runs, 1)
        click.echo(tr("{share:.0%} of the bytes of these runs were read.", share=share))
    if result.retimed:
        moved = counted(
            result.retimed,
            "frame was not later than the previous frame and was moved",
            "frames were not later than the previous frame and were moved",
        )
        click.echo(f"{moved}.", err=True)
    for words in result.holes:
        click.echo(tr("hole: {words}", words=words))
    for number, reason in result.frames_left_out.items():
        click.echo(tr("left out: frame {number}: {reason}", number=number, reason=reason))
    return status


def echo_sweep(found: Sweep, plot: Path | None) -> None:
    """The table of a sweep, and what to make of it."""
    click.secho(
        tr("grid and run length        kbit/frame   overhead   kB for a quarter   frames   PSNR"), bold=True
    )
    for point in (found.undivided, *found.points):
        mark = "*" if point in found.best else " "
        click.echo(
            f"{mark}{name_of(point):<26}{point.bits_per_frame / 1000:>10.1f}{point.overhead:>+11.0%}"
            f"{point.access_bytes / 1000:>19.1f}{point.access_frames:>9.1f}{_decibels(point.psnr_db):>7}"
        )
    click.echo(tr("* no other setting is better in both bitrate and bytes read"))
    for line in found.words:
        click.echo(line)
    if plot is not None:
        click.echo(tr("Plotted in {plot}", plot=plot))


def echo_account(found: Account) -> None:
    """The balance of a split."""
    rates = [rate for run in found.rates for rate in run]
    low, high = min(found.tile_bits_per_pixel), max(found.tile_bits_per_pixel)
    echo_rows(
        tr("Fragments compared with one stream"),
        [
            (tr("frames"), grouped(found.frames)),
            (
                tr("fragments"),
                tr(
                    "{fragments}, {least} to {most} bits each",
                    fragments=found.fragments,
                    least=min(rates),
                    most=max(rates),
                ),
            ),
            (tr("tiles"), _tile_words(found.tiles)),
            (tr("rate"), tr("R = {bits} bits: the sum over all fragments", bits=found.bits)),
            (
                tr("bits per pixel"),
                tr(
                    "{bits_per_pixel:.4f}: the mean over the tiles, which have {low:.4f} to {high:.4f},"
                    " weighted by their pixels; never their sum",
                    bits_per_pixel=found.bits_per_pixel,
                    low=low,
                    high=high,
                ),
            ),
            (
                tr("one stream"),
                tr(
                    "{undivided_bits} bits: overhead {overhead:+.1%}",
                    undivided_bits=found.undivided_bits,
                    overhead=found.overhead,
                ),
            ),
            (
                "PSNR",
                tr(
                    "{decibels} dB; one stream {single_decibels} dB",
                    decibels=_decibels(found.fidelity.psnr_db),
                    single_decibels=_decibels(found.undivided_fidelity.psnr_db),
                ),
            ),
            (
                "SSIM",
                tr(
                    "{ssim:.5f}; one stream {single_ssim:.5f}",
                    ssim=found.fidelity.ssim,
                    single_ssim=found.undivided_fidelity.ssim,
                ),
            ),
            (
                tr("encoding"),
                tr(
                    "{encode_one_s:.2f} s with 1 worker, {encode_many_s:.2f} s with {workers};"
                    " one stream {single_s:.2f} s",
                    encode_one_s=found.encode_one_s,
                    encode_many_s=found.encode_many_s,
                    workers=found.workers,
                    single_s=found.encode_undivided_s,
                ),
            ),
            (
                tr("decoding"),
                tr(
                    "{decode_one_s:.2f} s with 1 worker, {decode_many_s:.2f} s with {workers};"
                    " one stream {single_s:.2f} s with 1",
                    decode_one_s=found.decode_one_s,
                    decode_many_s=found.decode_many_s,
                    workers=found.workers,
                    single_s=found.decode_undivided_s,
                ),
            ),
            (
                tr("a quarter, one run"),
                tr(
                    "{size}; one stream {single_size} for the same frames",
                    size=size_words(found.region_bytes),
                    single_size=size_words(found.region_stream_bytes),
                ),
            ),
        ],
    )
    for line in found.words:
        click.echo(line)


def _tile_words(tiles: Sequence[Region]) -> str:
    """``12 tiles, 3 rows × 4 columns: widths 160, 162; heights 90``."""
    widths = sorted({tile.width for tile in tiles})
    heights = sorted({tile.height for tile in tiles})
    return tr(
        "{tiles}, {rows} × {columns}: {widths} wide, {heights} high",
        tiles=counted(len(tiles), "tile", "tiles"),
        rows=len({tile.y for tile in tiles}),
        columns=len({tile.x for tile in tiles}),
        widths=listed([str(width) for width in widths]),
        heights=listed([str(height) for height in heights]),
    )


def _decibels(value: float) -> str:
    return tr("exact") if math.isinf(value) else "?" if math.isnan(value) else f"{value:.1f}"
