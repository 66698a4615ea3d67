"""``framescope compare``: which frames of one video are which of another, and how similar they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from framescope.cli.options import (
    STRICT_STATUS,
    ParsedType,
    SourceType,
    WholeType,
    csv_option,
    html_option,
    json_option,
    overwrite_option,
    refuse_together,
    strict_option,
    typed_flags,
)
from framescope.cli.output import echo_json, echo_rows, echo_table, one_line, optional_file
from framescope.cli.progress_bar import long_work
from framescope.core.compare.choices import AlignBy
from framescope.core.compare.comparison import compare as compare_videos
from framescope.core.compare.quality import Metric
from framescope.core.compare.report_html import comparison_as_html
from framescope.core.compare.report_table import comparison_table, frame_table
from framescope.core.compare.words import remarks, sentence, verdict
from framescope.core.errors import SettingsError
from framescope.core.media.container import source_name
from framescope.core.tables.table import TableFormat
from framescope.core.text import clock, counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.compare.comparison import Comparison
    from framescope.core.compare.quality import Quality

_MOST_LINES = 40
_MOST_WORST = 5


def _pin(text: str) -> tuple[int, int]:
    first, colon, second = text.partition(":")
    if not (colon and first.isdecimal() and second.isdecimal() and len(text) < 24):
        raise SettingsError(tr("{text!r:.40} is not a pair of frames; write it like 120:118.", text=text))
    return int(first), int(second)


def _metrics(text: str) -> tuple[Metric, ...]:
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    try:
        return () if words == ["none"] else tuple(Metric(word) for word in words)
    except ValueError as error:
        raise SettingsError(
            tr("{text!r:.40} is not a list of metrics.", text=text),
            hint=tr("The metrics are {names}, or none.", names=", ".join(Metric)),
        ) from error


@click.command()
@click.argument("a", metavar="A", type=SourceType())
@click.argument("b", metavar="B", type=SourceType())
@click.option(
    "--align",
    type=click.Choice([one.value for one in AlignBy]),
    default=AlignBy.CONTENT.value,
    show_default=True,
    help=tr("What decides which frames belong together."),
)
@click.option(
    "--pin",
    "pins",
    multiple=True,
    metavar="A:B",
    type=ParsedType("pair", _pin),
    help=tr("Frame A of the first video is frame B of the second; may be repeated."),
)
@click.option(
    "--metric",
    "metrics",
    default="psnr,ssim",
    show_default=True,
    metavar="LIST",
    type=ParsedType("metrics", _metrics),
    help=tr("What to measure, separated by commas: {names}, or none.", names=", ".join(Metric)),
)
@click.option(
    "--stream-a", type=WholeType(), metavar="N", help=tr("Use this stream of A, by its index in the file.")
)
@click.option(
    "--stream-b", type=WholeType(), metavar="N", help=tr("Use this stream of B, by its index in the file.")
)
@csv_option
@json_option
@html_option(tr("Also write a report with the map and the quality of every frame."))
@overwrite_option
@strict_option(
    tr(
        "Exit with status {strict_status} unless B has every frame of A, once and in order, and no others.",
        strict_status=STRICT_STATUS,
    )
)
def compare(  # noqa: PLR0913 - each is an option
    *,
    a: str,
    b: str,
    align: str,
    pins: tuple[tuple[int, int], ...],
    metrics: tuple[Metric, ...],
    stream_a: int | None,
    stream_b: int | None,
    as_csv: bool,
    as_json: bool,
    html_path: Path | None,
    overwrite: bool,
    strict: bool,
) -> int:
    """Compare the video B with A, such as a transcode with its source.

    Finds which frames of B show which frames of A by what is in them, and names those that were dropped,
    doubled, inserted or cut; then measures how similar the others are. A and B may be two streams of one
    file, or a fragment store and its source; B may be a folder of frames exported from A. With --csv, a row
    per frame.
    """
    refuse_together(typed_flags("as_csv", "as_json"))
    if pins and align != AlignBy.CONTENT:
        raise click.UsageError(tr("--pin has no effect with --align {align}.", align=align))
    with (
        optional_file(html_path, [a, b], replaces=overwrite) as part,
        long_work(tr("Comparing")) as (progress, cancel),
    ):
        found = compare_videos(
            a,
            b,
            align=align,
            pins=pins,
            metrics=metrics,
            stream_a=stream_a,
            stream_b=stream_b,
            progress=progress,
            cancel=cancel,
        )
        if part is not None:
            part.write_text(comparison_as_html(found), encoding="utf-8", errors="backslashreplace")
    if as_csv:
        echo_table(frame_table(found), TableFormat.CSV)
    elif as_json:
        echo_json(comparison_table(found))
    else:
        _echo(found)
    return STRICT_STATUS if strict and not found.is_complete else 0


def _echo(found: Comparison) -> None:
    click.secho(verdict(found), bold=True)
    for name, side in ((tr("A"), found.a), (tr("B"), found.b)):
        frames = counted(len(side), "frame", "frames")
        click.echo(f"  {name}: {one_line(source_name(side.source))}: {frames}, {side.words}")
    differences = found.alignment.differences
    for difference in differences[:_MOST_LINES]:
        click.echo(f"  {sentence(difference, found)}")
    if len(differences) > _MOST_LINES:
        click.echo(tr("  … and {count} more; --json lists all.", count=len(differences) - _MOST_LINES))
    for remark in remarks(found):
        click.echo(f"  {remark}")
    if found.quality is not None and len(found.quality.a):
        _echo_quality(found, found.quality)


def _echo_quality(found: Comparison, quality: Quality) -> None:
    pairs = counted(len(quality.a), "pair of frames", "pairs of frames")
    click.secho(
        tr("Quality of {pairs}, compared in {spaces}", pairs=pairs, spaces="; ".join(quality.spaces)),
        bold=True,
    )
    identical = int(quality.is_identical.sum())
    if identical:
        click.echo(tr("  {count} identical in every pixel", count=counted(identical, "pair", "pairs")))
    for metric in quality.metrics:
        summary = quality.summary(metric)
        words = metric.words
        worst = ", ".join(
            f"{int(quality.a[place])} ({clock(float(found.a.times_s[quality.a[place]]))}):"
            f" {words(float(quality.values[metric, 'all'][place]))}"
            for place in summary.worst[:_MOST_WORST]
        )
        echo_rows(
            metric.label,
            [
                (tr("mean"), words(summary.mean)),
                (tr("harmonic mean"), words(summary.harmonic_mean)),
                (tr("1 % low"), words(summary.low)),
                (tr("worst frames of A"), worst),
            ],
        )
