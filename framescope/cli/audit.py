"""``framescope audit``: tests whether each library returns the requested frame."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from framescope.cli.cluster import check_cluster, cluster_option
from framescope.cli.options import (
    MOST_WORKERS,
    STRICT_STATUS,
    RealType,
    SourceType,
    TargetType,
    WholeType,
    csv_option,
    html_option,
    json_option,
    overwrite_option,
    refuse_together,
    strict_option,
    typed_flags,
    wrong_usage,
)
from framescope.cli.output import echo_error, echo_json, one_line, optional_file
from framescope.cli.progress_bar import long_work
from framescope.core.audit.child_process import Limits
from framescope.core.audit.engines.catalog import ENGINES
from framescope.core.audit.file_audit import DEFAULT_SEED, AuditSettings, run_audit
from framescope.core.audit.folder import FileRow, audit_files
from framescope.core.audit.headline import headline
from framescope.core.audit.records import VerdictKind
from framescope.core.audit.report_html import audits_as_html
from framescope.core.audit.report_table import audit_table, audits_as_csv
from framescope.core.audit.requests import ORDERS, Order, parse_requests
from framescope.core.errors import Cancelled, FrameScopeError, SettingsError
from framescope.core.media.container import source_name
from framescope.core.source.input_videos import is_folder_of_videos, list_videos, no_videos
from framescope.core.stop_signals import INTERRUPTED
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.core.workers.each import workers_of

if TYPE_CHECKING:
    from framescope.core.audit.records import EngineTrial, FileAudit

_WORKER = re.compile(r"framescope(\.\w+)+_worker")
_WIDEST_NAME, _CELL = 36, 6
_KEY = (
    "exact: every frame requested was correct; exact?: likewise, but only part of the file was tested; N %:"
    " share"
    " of\ncorrect frames; cannot: it cannot read the file; -: not tested. --html FILE gives the reasons."
)


@click.command()
@click.argument("videos", nargs=-1, required=True, metavar=tr("VIDEO…"), type=SourceType())
@click.option(
    "--engines",
    metavar="LIST",
    default="",
    help=tr(
        "Engines, separated by commas: {engines}.  [default: all]",
        engines=", ".join(spec.name for spec in ENGINES),
    ),
)
@click.option(
    "--requests",
    metavar="WHICH",
    default="quick",
    show_default=True,
    help=tr("Frames to request: quick, all, keyframes, ends, N, A:B or random:N."),
)
@click.option(
    "--order",
    "orders",
    metavar="LIST",
    default="all",
    show_default=True,
    help=tr(
        "Order of the requests, separated by commas: {orders}.",
        orders=", ".join(order.value for order in ORDERS),
    ),
)
@click.option(
    "--seed",
    type=WholeType(),
    default=DEFAULT_SEED,
    show_default=True,
    help=tr("Seed for the random choices."),
)
@click.option(
    "--timeout",
    type=RealType(is_least_refused=True),
    default=60.0,
    show_default=True,
    help=tr("Seconds without progress before an engine is stopped."),
)
@click.option(
    "--jobs",
    type=WholeType(1, MOST_WORKERS),
    metavar="N",
    help=tr("Number of files in parallel.  [default: one per core]"),
)
@cluster_option
@click.option(
    "--resume",
    "journal",
    type=TargetType(),
    metavar="FILE",
    help=tr("Record finished files in FILE, and skip those recorded there."),
)
@csv_option
@json_option
@html_option(tr("Also write a report with plots."))
@overwrite_option
@strict_option(
    tr("Exit with status {strict_status} unless every engine is exact.", strict_status=STRICT_STATUS)
)
def audit(  # noqa: PLR0913 - each is an option
    *,
    videos: tuple[str, ...],
    engines: str,
    requests: str,
    orders: str,
    seed: int,
    timeout: float,
    jobs: int | None,
    cluster: str | None,
    journal: Path | None,
    as_csv: bool,
    as_json: bool,
    html_path: Path | None,
    overwrite: bool,
    strict: bool,
) -> int:
    """Test whether each library returns the frame you request.

    Each engine is compared with its own sequential decode. Several files or a folder give one table with a
    row per file. With --csv, a row per request. Exit status 1 if a file could not be opened.
    """
    refuse_together(typed_flags("as_csv", "as_json"))
    if as_csv and any(Path(video).suffix.lower() == ".csv" for video in videos):
        raise click.UsageError("--csv takes no file: it writes to standard output. Add > FILE at the end.")
    with wrong_usage():
        settings = replace(
            AuditSettings.of(parse_requests(requests)),
            engines=tuple(_listed(engines)),
            orders=_orders(orders),
            seed=seed,
            limits=Limits(silence_s=timeout),
        )
        specs = settings.specs()
    sources = list_videos(videos)
    if not sources:
        raise no_videos(videos)
    is_one = len(sources) == 1 and not is_folder_of_videos(videos[0]) and journal is None
    check_cluster(cluster, is_many=not is_one)
    echo = _Echo(
        _Table(sources, [spec.name for spec in specs]), is_one=is_one, as_csv=as_csv, as_json=as_json
    )
    rows: list[FileRow] = []
    try:
        # The report's name is checked before the long work, since it may be refused.
        with optional_file(html_path, sources, replaces=overwrite) as part:
            with long_work(tr("Auditing")) as (progress, cancel), workers_of(cluster, jobs) as workers:
                if is_one:
                    one = run_audit(sources[0], settings, progress=progress, cancel=cancel)
                    rows = [FileRow(sources[0], audit_table(one), one)]
                else:
                    echo.begin()
                    rows = audit_files(
                        sources,
                        settings,
                        journal=journal,
                        jobs=jobs,
                        workers=workers,
                        progress=progress,
                        cancel=cancel,
                        on_row=echo.row,
                    )
            echo.end(rows)
            # A partial report must not replace a complete one.
            cancel.raise_if_cancelled()
            if part is not None:
                text = audits_as_html([row.audit for row in rows])
                part.write_text(text, encoding="utf-8", errors="backslashreplace")
    except Cancelled:
        goes_on = "" if is_one else tr("; with --resume FILE the next run continues from there")
        click.echo(
            tr(
                "stopped: {count} of {files}{goes_on}.",
                count=len(rows),
                files=counted(len(sources), "file", "files"),
                goes_on=goes_on,
            ),
            err=True,
        )
        return INTERRUPTED
    return _status(rows, strict=strict)


def _status(rows: list[FileRow], *, strict: bool) -> int:
    # A file that could not be opened makes the audit incomplete.
    if any(row.table["error"] for row in rows):
        return 1
    return STRICT_STATUS if strict and not all(_is_exact(row) for row in rows) else 0


@click.command(hidden=True)
@click.argument("module")
def worker(module: str) -> None:
    """Run a worker, as ``python -m MODULE`` does where the program is not frozen."""
    try:
        is_worker = _WORKER.fullmatch(module) is not None and find_spec(module) is not None
    except ModuleNotFoundError:
        is_worker = False
    if not is_worker:
        raise click.UsageError(tr("{module!r} is not a worker.", module=module))
    import_module(module).run()


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _orders(text: str) -> tuple[Order, ...]:
    if text.strip().lower() == "all":
        return ORDERS
    try:
        return tuple(Order(word) for word in _listed(text))
    except ValueError as error:
        names = ", ".join(order.value for order in ORDERS)
        raise SettingsError(
            tr("{text!r} is not a list of orders.", text=text), hint=tr("Orders: {names}.", names=names)
        ) from error


def _is_exact(row: FileRow) -> bool:
    """Whether every engine that was tried is exact, and answered enough to say so.

    Engines that are not installed do not count.
    """
    tried = [one for one in row.audit.trials if one.verdict.kind is not VerdictKind.NOT_TRIED]
    return bool(tried) and all(one.is_exact and not one.has_few_answers for one in tried)


class _Table:
    """A line per file, in columns; it is written as the files are ready."""

    def __init__(self, sources: list[str], engines: list[str]) -> None:
        names = [len(one_line(source_name(source))) for source in sources]
        self._name_width = min(max(names, default=4), _WIDEST_NAME)
        self._widths = {name: max(len(name), _CELL) for name in engines}

    @property
    def head(self) -> str:
        """The names of the columns."""
        return "  ".join(["file".ljust(self._name_width), *map(self._column, self._widths, self._widths)])

    def line(self, row: FileRow) -> str:
        """One file."""
        name = one_line(source_name(row.source))
        if len(name) > self._name_width:
            name = f"{name[: self._name_width - 1]}…"
        if row.table["error"]:
            return f"{name:<{self._name_width}}  {one_line(row.table['error'])}"
        cells = {one["engine"]: _cell(one) for one in row.table["engines"]}
        words = [self._column(engine, cells.get(engine, "-")) for engine in self._widths]
        return "  ".join([name.ljust(self._name_width), *words])

    def _column(self, engine: str, words: str) -> str:
        return words.rjust(self._widths[engine])


class _Echo:
    """What goes to stdout: text as files are ready, or CSV or JSON at the end."""

    def __init__(self, table: _Table, *, is_one: bool, as_csv: bool, as_json: bool) -> None:
        self._table, self._is_one, self._as_csv, self._as_json = table, is_one, as_csv, as_json

    def begin(self) -> None:
        """The names of the columns."""
        if not (self._as_csv or self._as_json):
            click.echo(self._table.head)

    def row(self, row: FileRow) -> None:
        """One file of several."""
        if not (self._as_csv or self._as_json):
            click.echo(self._table.line(row))

    def end(self, rows: list[FileRow]) -> None:
        """All that is left to say of them."""
        if self._as_csv:
            click.echo(audits_as_csv([row.audit for row in rows]), nl=False)
        elif self._as_json:
            echo_json({"videos": [row.table for row in rows]})
        elif self._is_one:
            _echo_audit(rows[0].audit)
        else:
            click.echo(f"{_summary(rows)}\n{_KEY}")


def _cell(engine: dict[str, Any]) -> str:
    kind, asked = engine["verdict"]["kind"], engine["asked"]
    if kind == VerdictKind.NOT_TRIED:
        return "-"
    if kind == VerdictKind.TRUSTWORTHY:
        return "exact?" if engine["is_partial"] else "exact"
    if kind == VerdictKind.CANNOT_READ or not asked:
        return "cannot"
    return f"{math.floor(100 * engine['exact'] / asked)} %"


def _summary(rows: list[FileRow]) -> str:
    exact: dict[str, list[bool]] = {}
    for row in rows:
        for one in row.table["engines"]:
            if one["verdict"]["kind"] != "not tried":
                exact.setdefault(one["engine"], []).append(one["verdict"]["kind"] == "trustworthy")
    parts = [
        tr("{name} exact on {exact} of {count}", name=name, exact=sum(marks), count=len(marks))
        for name, marks in exact.items()
    ]
    failed = sum(bool(row.table["error"]) for row in rows)
    tail = tr("; {failed} could not be opened", failed=failed) if failed else ""
    return f"{counted(len(rows), 'file', 'files')}: {', '.join(parts) or 'nothing could be tried'}{tail}."


def _echo_audit(found: FileAudit) -> None:
    if found.error:
        echo_error(found.fault or FrameScopeError(found.error))
        return
    click.secho(f"{one_line(source_name(found.source))}: {headline(found)}", bold=True)
    click.echo(tr("  {coverage} Seed {seed}.", coverage=found.coverage, seed=found.seed))
    click.echo(
        f"  {tr('engine'):<18}{tr('exact'):>8}{tr('worst'):>7}{tr('median'):>10}{tr('p95'):>10}"
        f"{tr('in sequence'):>13}  {tr('verdict')}"
    )
    for trial in found.trials:
        click.echo(_trial_line(trial))
    for trial in found.trials:
        if trial.verdict.kind is not VerdictKind.NOT_TRIED and (not trial.is_exact or trial.is_partial):
            _echo_verdict(trial)
    if found.facts is not None and found.facts.causes:
        click.secho(tr("About the file"), bold=True)
        for cause in found.facts.causes:
            click.echo(f"  {cause.sentence}")


def _trial_line(trial: EngineTrial) -> str:
    if not trial.requests:
        return f"  {trial.engine:<18}{'-':>8}{'-':>7}{'-':>10}{'-':>10}{'-':>13}  {trial.verdict.sentence}"
    fps = trial.sequence.fps
    worst = f"{trial.largest_offset:+d}" if trial.offsets else "0"
    return (
        f"  {trial.engine:<18}{100 * trial.exact_share:>6.1f} %{worst:>7}{trial.latency_median_ms:>7.1f} ms"
        f"{trial.latency_p95_ms:>7.1f} ms{fps:>9.0f} fps  {trial.verdict_text}"
    )


def _echo_verdict(trial: EngineTrial) -> None:
    click.secho(f"{trial.title} {trial.version}: {trial.verdict_text}", bold=True)
    click.echo(f"  {trial.verdict.sentence}")
    if trial.verdict.cause is not None:
        click.echo(tr("  Likely cause: {sentence}", sentence=trial.verdict.cause.sentence))
    for one in trial.verdict.advice[:3]:
        cost = tr(" Cost: {cost_text}.", cost_text=one.cost_text) if one.cost_text else ""
        click.echo(f"  → {one.sentence}{cost}")
