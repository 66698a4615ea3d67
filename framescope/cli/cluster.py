"""``--cluster``: the workers that share a command's videos, instead of this process."""

from __future__ import annotations

import click

from framescope.cli.options import typed_flags
from framescope.core.translation import tr
from framescope.core.workers.each import LOCAL

cluster_option = click.option(
    "--cluster",
    metavar="ADDRESS",
    help=tr(
        "Share the videos among the workers of a Dask scheduler, such as tcp://scheduler:8786, or among"
        " --jobs N processes of this machine: local."
    ),
)


def check_cluster(cluster: str | None, *, is_many: bool) -> None:
    """Refuse the option where it has no use.

    Raises:
        click.UsageError: There is one video, or the number of workers is not ours to choose.
    """
    if cluster is None:
        return
    if not is_many:
        raise click.UsageError("--cluster needs several videos, or a folder of them.")
    if typed_flags("jobs") and cluster != LOCAL:
        raise click.UsageError("--jobs needs --cluster local: a scheduler has the workers that it has.")
