"""``framescope bench``: how fast each library is on one file, and whether it does the same work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from framescope.cli.options import json_option, stream_option, video_argument
from framescope.cli.output import echo_json
from framescope.cli.progress_bar import long_work
from framescope.core.audit.bench import BenchSettings, run_bench
from framescope.core.audit.bench_records import TASK_TITLES, BenchTask
from framescope.core.audit.file_audit import DEFAULT_SEED

if TYPE_CHECKING:
    from framescope.core.audit.bench_records import EngineBench, FileBench, Measure

_WIDTH = 22


@click.command()
@video_argument
@click.option("--engines", metavar="LIST", default="", help="Engines, separated by commas; all without it.")
@click.option(
    "--rounds", type=click.IntRange(min=1), default=3, show_default=True, help="Turns of each engine."
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=4.0,
    show_default=True,
    help="Most time of a turn.",
)
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Seed of the random frames.")
@stream_option
@json_option
def bench(  # noqa: PLR0913 - each is an option
    video: str,
    *,
    engines: str,
    rounds: int,
    seconds: float,
    seed: int,
    stream_index: int | None,
    as_json: bool,
) -> None:
    """Compare the libraries' speed on VIDEO.

    Engines take turns, each in its own process, stopped while another is timed. A figure with a star is of
    an engine that gave wrong frames: it did not do the same work. In brackets: time over OpenCV's.
    """
    names = tuple(name.strip() for name in engines.split(",") if name.strip())
    settings = BenchSettings(engines=names, rounds=rounds, turn_s=seconds, seed=seed)
    with long_work("Comparing") as (progress, cancel):
        found = run_bench(video, settings, stream_index=stream_index, progress=progress, cancel=cancel)
    if as_json:
        echo_json(found)
        return
    _echo(found)


def _echo(found: FileBench) -> None:
    click.secho(f"{Path(found.source).name}, {found.frame_count} frames, {found.rounds} rounds", bold=True)
    heads = "".join(TASK_TITLES[task].rjust(_WIDTH) for task in BenchTask)
    click.echo(f"  {'engine':<18}{heads}{'memory':>12}")
    for engine in found.engines:
        click.echo(_line(engine))
    click.echo("  Median of all samples; in brackets, time over OpenCV's. * gave wrong frames or none.")


def _line(engine: EngineBench) -> str:
    if not engine.measures:
        return f"  {engine.engine:<18}{engine.reason}"
    cells = "".join(_cell(engine.measures.get(task)).rjust(_WIDTH) for task in BenchTask)
    rest = f"  {engine.reason}" if engine.reason else ""
    return f"  {engine.engine:<18}{cells}{engine.peak_memory_bytes / 2**20:>8.0f} MiB{rest}"


def _cell(measure: Measure | None) -> str:
    if measure is None:
        return "-"
    value = f"{measure.median_ms:.1f} ms"
    if measure.task is BenchTask.SEQUENTIAL:
        value = f"{measure.per_second:.0f} fps"
    ratio = "" if measure.ratio is None else f" ({measure.ratio:.2f})"
    return f"{value}{ratio}{'' if measure.does_the_same_work else '*'}"
