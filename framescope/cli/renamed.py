"""Options whose names have changed: the old names work for one more version, hidden from the help."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

RENAMED = {
    "--afresh": "--refresh",
    "--b-frames": "--bframes",
    "--bit-rate": "--bitrate",
    "--bits": "--bit-depth",
    "--chroma": "--subsampling",
    "--clips": "--max-clips",
    "--distance": "--max-distance",
    "--even-times": "--cfr",
    "--every-line": "--list-all",
    "--no-rotate": "--no-autorotate",
    "--no-sound": "--no-audio",
    "--pixel-format": "--pix-fmt",
    "--quality": "--crf",
    "--rate": "--framerate",
    "--rotate": "--autorotate",
    "--shortest-scene": "--min-scene-len",
    "--sound": "--audio",
}
"""Old name → new name. A command that still has an option of the old name keeps it."""


def with_current_names(command: click.Command, arguments: Sequence[str]) -> list[str]:
    """Replace old option names by the new ones, with a warning on stderr for each.

    Args:
        command: The command that the arguments are for.
        arguments: Without the command's own name.

    Returns:
        The arguments, with the names that the command knows.
    """
    known = {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    current: list[str] = []
    for position, argument in enumerate(arguments):
        if argument == "--":
            return [*current, *arguments[position:]]
        old, equals, value = argument.partition("=")
        new = RENAMED.get(old, "")
        if old in known or new not in known:
            current.append(argument)
            continue
        current.append(f"{new}{equals}{value}")
        click.echo(
            tr(
                "warning: {old} is now {new}; the old name will be removed in the next version.",
                old=old,
                new=new,
            ),
            err=True,
        )
    return current
