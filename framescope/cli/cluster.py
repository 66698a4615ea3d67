"""``--cluster``: the workers that share a command's videos, instead of this process."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from framescope.cli.options import typed_flags
from framescope.core.translation import tr
from framescope.core.workers.each import LOCAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.workers.each import Workers

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


@contextmanager
def workers_of(cluster: str | None, jobs: int | None) -> Iterator[Workers | None]:
    """The workers for as long as the block lasts; None for threads of this process.

    Args:
        cluster: The option.
        jobs: Processes of a local cluster; None for one per core.

    Raises:
        ClusterError: They cannot be reached.
    """
    if cluster is None:
        yield None
        return
    # Only those who use a cluster import what it needs.
    from framescope.core.workers.cluster import Cluster  # noqa: PLC0415

    with Cluster(cluster, processes=jobs) as workers:
        yield workers
