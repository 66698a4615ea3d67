"""``framescope report``: an HTML page on a data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from framescope.cli.options import PathType, TargetType, WholeType, json_option, overwrite_option
from framescope.cli.output import echo_json
from framescope.cli.progress_bar import long_work
from framescope.core.dataset.manifest import read_dataset
from framescope.core.dataset.measures import measure_dataset
from framescope.core.dataset.report import REPORT_NAME, report_page
from framescope.core.files import check_target, write_file
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("folder", metavar=tr("DIR"), type=PathType())
@click.option(
    "-o",
    "--output",
    "out_path",
    type=TargetType(),
    metavar=tr("FILE.html"),
    help=tr("The page.  [default: {name} in DIR, where its links lead to the pictures]", name=REPORT_NAME),
)
@click.option(
    "--most",
    type=WholeType(1),
    default=20_000,
    show_default=True,
    metavar="N",
    help=tr("Measure up to N pictures, evenly spread."),
)
@overwrite_option
@json_option
def report(folder: Path, *, out_path: Path | None, most: int, overwrite: bool, as_json: bool) -> int:
    """Write a page on the data set in DIR, which `framescope export --layout` made.

    It shows splits and classes, resolutions and rates, failures, a contact sheet, the least sharp pictures,
    pictures that are in two splits, and figures for each video. Below each picture is the command that opens
    its frame in the window.
    """
    path = out_path or folder / REPORT_NAME
    found = read_dataset(folder)
    found.require_pictures()
    check_target(path, replaces=overwrite)
    with long_work(tr("Measuring pictures")) as (progress, cancel):
        measures = measure_dataset(found.data, most=most, progress=progress, cancel=cancel)
    write_file(path, report_page(found, measures).encode("utf-8"), replaces=overwrite)
    if as_json:
        leaks = [[one.picture.file, other.picture.file] for one, other in measures.leaks()]
        table = {"file": str(path.absolute()), "pictures": measures.total}
        echo_json({**table, "measured": len(measures.measures), "in_two_splits": leaks})
    else:
        click.echo(path)
    return 0
