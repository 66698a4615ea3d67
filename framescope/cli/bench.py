"""``framescope bench``: compares how fast the libraries read one file."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from framescope.cli.cluster import check_cluster, cluster_option
from framescope.cli.options import (
    RealType,
    SourceType,
    TargetType,
    WholeType,
    checked_hardware,
    csv_option,
    html_option,
    json_option,
    overwrite_option,
    refuse_together,
    stream_option,
    typed_flags,
    wrong_usage,
)
from framescope.cli.output import echo_json, one_line, optional_file
from framescope.cli.progress_bar import long_work
from framescope.core.audit.bench import BenchSettings, run_bench
from framescope.core.audit.bench_folder import BenchRow, bench_files
from framescope.core.audit.bench_html import bench_as_html
from framescope.core.audit.bench_records import AVERAGED, TASK_TITLES, BenchTask
from framescope.core.audit.bench_report import bench_as_csv, bench_headline, bench_table
from framescope.core.audit.choice import which_library
from framescope.core.audit.engines.catalog import BENCH_ENGINES, HARDWARE, find_engines
from framescope.core.audit.file_audit import DEFAULT_SEED, AuditSettings, run_audit
from framescope.core.media.container import source_name
from framescope.core.source.input_videos import is_folder_of_videos, list_videos, no_videos
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.core.workers.each import workers_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from framescope.core.audit.bench_records import EngineBench, FileBench, Measure
    from framescope.core.audit.choice import Choice

_MOST_REASON = 120
_WIDTHS = {task: 34 if task is BenchTask.RANDOM else 25 for task in BenchTask}


@click.command()
@click.argument("videos", nargs=-1, required=True, metavar=tr("VIDEO…"), type=SourceType())
@click.option(
    "--engines", metavar="LIST", default="", help=tr("Engines, separated by commas.  [default: all]")
)
@click.option("--rounds", type=WholeType(1), default=3, show_default=True, help=tr("Rounds per engine."))
@click.option(
    "--seconds",
    type=RealType(0.1),
    default=4.0,
    show_default=True,
    help=tr("Maximum duration of a round."),
)
@click.option(
    "--seed",
    type=WholeType(),
    default=DEFAULT_SEED,
    show_default=True,
    help=tr("Seed for the random frames."),
)
@click.option(
    "--seek-test",
    is_flag=True,
    help=tr("Run a quick audit as well, for what the libraries must not be used for."),
)
@click.option(
    "--live",
    "with_stream",
    is_flag=True,
    help=tr("Also send up to 8 s of it as a live stream on this machine, for each library to receive."),
)
@click.option(
    "--hwaccel",
    "hardware",
    metavar="auto|DEVICE",
    default="auto",
    show_default=True,
    callback=checked_hardware,
    help=tr("The device of the engine framescope-gpu; see `framescope hardware`."),
)
@cluster_option
@click.option(
    "--resume",
    "journal",
    type=TargetType(),
    metavar="FILE",
    help=tr("Record finished files in FILE, and skip those recorded there."),
)
@stream_option
@csv_option
@json_option
@html_option(tr("Also write a report."))
@overwrite_option
def bench(  # noqa: PLR0913 - each is an option
    videos: tuple[str, ...],
    *,
    engines: str,
    rounds: int,
    seconds: float,
    seed: int,
    seek_test: bool,
    with_stream: bool,
    hardware: str,
    cluster: str | None,
    journal: Path | None,
    stream_index: int | None,
    as_csv: bool,
    as_json: bool,
    html_path: Path | None,
    overwrite: bool,
) -> int:
    """Compare how fast the libraries read VIDEO, and say which one to use for what.

    Engines take turns, each in its own process, which is paused while another one is timed. The figure after
    ± is half the spread of the rounds; in brackets, the time relative to OpenCV. * marks an engine that
    returned wrong frames: its figures are not comparable. Each engine says whether CPU or GPU decodes.
    With --csv, a row per use and engine. Several files or a folder give a line per file; exit status 1 if
    one could not be read.
    """
    refuse_together(typed_flags("as_csv", "as_json"))
    names = tuple(name.strip() for name in engines.split(",") if name.strip())
    with wrong_usage():
        find_engines(names, BENCH_ENGINES)
        tested_engines = tuple(name for name in names if name != HARDWARE.name)
    settings = BenchSettings(
        engines=names, rounds=rounds, turn_s=seconds, seed=seed, hardware=hardware, live=with_stream
    )
    sources = list_videos(videos)
    if not sources:
        raise no_videos(videos)
    is_one = len(sources) == 1 and not is_folder_of_videos(videos[0]) and journal is None
    check_cluster(cluster, is_many=not is_one)
    if not is_one:
        for flag in typed_flags("as_csv", "html_path", "seek_test"):
            raise click.UsageError(tr("{flag} applies to a single video, not to several.", flag=flag))
        with long_work(tr("Comparing")) as (progress, cancel), workers_of(cluster, None) as workers:
            rows = bench_files(
                sources,
                settings,
                stream_index=stream_index,
                journal=journal,
                workers=workers,
                progress=progress,
                cancel=cancel,
                on_row=lambda row: None if as_json else _echo_row(row),
            )
        if as_json:
            echo_json({"videos": [row.table for row in rows]})
        cancel.raise_if_cancelled()
        return int(any(row.error for row in rows))
    (video,) = sources
    # The report's name is checked before the long work, since it may be refused.
    with optional_file(html_path, [video], replaces=overwrite) as part:
        with long_work(tr("Comparing")) as (progress, cancel):
            found = run_bench(video, settings, stream_index=stream_index, progress=progress, cancel=cancel)
        tested = None
        # The audit has no engine that decodes by a device.
        if seek_test and (tested_engines or not names) and not cancel.is_cancelled:
            with long_work(tr("Testing seeks")) as (progress, cancel):
                quick = AuditSettings(engines=tested_engines, seed=seed)
                tested = run_audit(video, quick, stream_index=stream_index, progress=progress, cancel=cancel)
        choices = which_library(found, tested)
        if as_json:
            # What was stopped is one object as well: the error.
            cancel.raise_if_cancelled()
            echo_json(bench_table(found, choices))
        elif as_csv:
            click.echo(bench_as_csv(found, choices), nl=False)
        else:
            _echo(found)
            _echo_choices(choices)
        # A partial report must not replace a complete one.
        cancel.raise_if_cancelled()
        if part is not None:
            part.write_text(bench_as_html(found, choices), encoding="utf-8", errors="backslashreplace")
    return 0


def _echo_row(row: BenchRow) -> None:
    click.echo(one_line(f"{source_name(row.source)}: {row.words}"))


def _echo_choices(choices: Sequence[Choice]) -> None:
    wide = max(len(one.title) for one in choices)
    click.secho(tr("Which library for what"), bold=True)
    for one in choices:
        library = f"{one.library_words}: " if one.is_measured else ""
        click.echo(f"  {one.title.ljust(wide)}  {library}{one.reason}")
        for each in one.unfit:
            reason = textwrap.shorten(one_line(each.reason), _MOST_REASON, placeholder=" …")
            words = tr("not {title}: {reason}", title=each.title, reason=reason)
            click.echo(f"  {'':<{wide}}  {click.style(words, dim=True)}")


def _echo(found: FileBench) -> None:
    within = (
        tr(", the first {window} of them", window=found.window)
        if 0 < found.window < found.frame_count
        else ""
    )
    frames, rounds = counted(found.frame_count, "frame", "frames"), counted(found.rounds, "round", "rounds")
    click.secho(f"{source_name(found.source)}, {frames}{within}, {rounds}", bold=True)
    heads = "".join(_head(task).rjust(_WIDTHS[task]) for task in BenchTask)
    click.echo(f"  {'engine':<18}{'on':<4}{heads}{'memory':>12}")
    for engine in found.engines:
        click.echo(_line(engine))
    click.echo(f"  {bench_headline(found)}.")
    click.echo(
        tr(
            "  Medians; means for scrub and shuffled frames; ± half the spread of the rounds; in brackets,"
            " time"
            " relative to OpenCV. * returned wrong frames or none. Random access is measured without a cache."
        )
    )


def _head(task: BenchTask) -> str:
    return f"{TASK_TITLES[task]}{', mean' if task in AVERAGED else ''}"


def _line(engine: EngineBench) -> str:
    reason = textwrap.shorten(engine.reason, _MOST_REASON, placeholder=" …")
    if not engine.measures:
        return f"  {engine.engine:<18}{engine.runs_on:<4}{reason}"
    cells = "".join(_cell(engine.measures.get(task)).rjust(_WIDTHS[task]) for task in BenchTask)
    rest = f"  {reason}" if reason else ""
    return (
        f"  {engine.engine:<18}{engine.runs_on:<4}{cells}{engine.peak_memory_bytes / 2**20:>8.0f} MiB{rest}"
    )


def _cell(measure: Measure | None) -> str:
    if measure is None:
        return "-"
    least, most = measure.spread_ms
    figure, half, unit = measure.figure_ms, (most - least) / 2, "ms"
    if measure.task is BenchTask.SEQUENTIAL and least > 0:
        figure, half, unit = measure.per_second, (1000 / least - 1000 / most) / 2, "fps"
    # One round has no spread.
    spread = f" ±{_figures(half)}" if len(measure.rounds_ms) > 1 else ""
    p95 = f", p95 {_figures(measure.p95_ms)}" if measure.task is BenchTask.RANDOM else ""
    ratio = "" if measure.ratio is None else f" ({measure.ratio:.2f})"
    return f"{_figures(figure)}{spread} {unit}{p95}{ratio}{'' if measure.does_the_same_work else '*'}"


def _figures(value: float) -> str:
    """With the digits that matter."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
