"""The options of commands that take the frames of a range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from framescope.cli.exporting.frame_options import PlaceType
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable


def range_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--in`` and ``--out`` to a command, as ``in_point`` and ``out_point``."""
    first = click.option(
        "--in",
        "in_point",
        type=PlaceType(),
        metavar="AT",
        help=tr("First frame: a frame number or a time, such as 120, 12.5s or 1:02.5.  [default: 0]"),
    )
    last = click.option(
        "--out",
        "out_point",
        type=PlaceType(),
        metavar="AT",
        help=tr("Last frame (included).  [default: the last one]"),
    )
    return first(last(command))
