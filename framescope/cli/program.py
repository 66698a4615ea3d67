"""The ``framescope`` program: its commands, and what becomes of their errors."""

from __future__ import annotations

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import click

from framescope.cli.audit import audit, worker
from framescope.cli.bench import bench
from framescope.cli.clip import clip
from framescope.cli.export import export
from framescope.cli.fragments import fragments
from framescope.cli.frames import frames
from framescope.cli.gops import gops
from framescope.cli.index import index
from framescope.cli.info import info
from framescope.cli.launcher import NoLauncher
from framescope.cli.make import make, writable
from framescope.cli.open_window import open_window
from framescope.cli.output import echo_error
from framescope.cli.screenshot import screenshot
from framescope.cli.sheet import sheet
from framescope.cli.timing import timing
from framescope.cli.verify import verify
from framescope.core.errors import Cancelled, FrameScopeError
from framescope.core.stop_signals import on_stop, stop_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.cli.launcher import Launcher

_INTERRUPTED = 130
_HELP = """Browse the frames inside a video.

The frame you ask for is the frame you see, and the frame you see is the frame you save. Frame numbers
count from 0 in the order in which frames are shown.

`framescope VIDEO` opens the window.
"""


class ProgramGroup(click.Group):
    """A group whose first argument may be a video instead of a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``open`` before arguments that begin with no command."""
        own = {"--help", "-h", "--version", *self.commands}
        return super().parse_args(ctx, args if args and args[0] in own else [open_window.name or "", *args])


def installed_version() -> str:
    """The version of the installed package."""
    try:
        return version("framescope")
    except PackageNotFoundError:
        return "unknown"


def build_program() -> click.Group:
    """The group with all its commands."""
    program = ProgramGroup(
        "framescope",
        help=_HELP,
        context_settings={"help_option_names": ["-h", "--help"]},
        subcommand_metavar="[VIDEO | COMMAND [ARGS]...]",
    )
    for command in (
        open_window,
        info,
        index,
        gops,
        frames,
        export,
        fragments,
        verify,
        clip,
        sheet,
        make,
        writable,
        audit,
        timing,
        bench,
        worker,
        screenshot,
    ):
        program.add_command(command)
    option = click.version_option(installed_version(), prog_name="framescope", message="%(prog)s %(version)s")
    option(program)
    return program


def run(arguments: Sequence[str], launcher: Launcher | None = None) -> int:
    """Run a command line.

    Args:
        arguments: Without the program's name.
        launcher: Starts the window for the commands that need it.

    Returns:
        0; 1 where the environment is at fault, 2 where the command line is; 130 where Ctrl+C ended it, 143
        where SIGTERM did, 129 where the terminal was closed.
    """
    with on_stop(_interrupt):
        status = _run(arguments, launcher or NoLauncher())
    return stop_status() if status == _INTERRUPTED else status


def _interrupt() -> None:
    raise KeyboardInterrupt


def _run(arguments: Sequence[str], launcher: Launcher) -> int:
    try:
        answer = build_program().main(list(arguments), "framescope", standalone_mode=False, obj=launcher)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except FrameScopeError as error:
        echo_error(error)
        return 1
    except (Cancelled, click.Abort, KeyboardInterrupt):
        click.echo("Cancelled.", err=True)
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe has seen enough. Python must not complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return answer if isinstance(answer, int) else 0
