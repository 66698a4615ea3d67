"""Options that say which frames, the same for every command that takes frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from framescope.core.sampling.sampling import Sampling, SamplingKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_OPTIONS = (
    click.option("--frames", "listed", metavar="LIST", help="Numbers and ranges, such as 3,10:20,40::5."),
    click.option(
        "--every", type=click.IntRange(min=1), metavar="N", help="The first frame and every N-th after it."
    ),
    click.option("--keyframes", is_flag=True, help="Keyframes only."),
    click.option("--all", "everything", is_flag=True, help="Every frame."),
)


def frame_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options; their values are read by `sampling_from_options`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def sampling_from_options(options: Mapping[str, Any]) -> Sampling:
    """The choice that the options come to; saying nothing is refused, because any default would surprise.

    Args:
        options: A command's keyword arguments, those of `frame_options` among them.

    Raises:
        click.UsageError: Frames are chosen in no way, or in more than one.
    """
    ways = {
        "--frames": options["listed"] is not None,
        "--every": options["every"] is not None,
        "--keyframes": options["keyframes"],
        "--all": options["everything"],
    }
    if sum(map(bool, ways.values())) != 1:
        raise click.UsageError(f"Choose frames by one of {', '.join(ways)}.")
    if options["listed"] is not None:
        return Sampling(SamplingKind.LIST, listed=options["listed"])
    if options["every"] is not None:
        return Sampling(SamplingKind.EVERY_NTH, step=options["every"])
    return Sampling(SamplingKind.KEYFRAMES if options["keyframes"] else SamplingKind.ALL)
