"""The ``framescope`` program: its commands and their error handling."""

from __future__ import annotations

import contextlib
import errno
import inspect
import logging
import os
import shlex
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from framescope.cli.interrupts import note_interrupt
from framescope.cli.launcher import NoLauncher
from framescope.cli.open_window import may_be_video, nearest_command
from framescope.cli.options import TargetType
from framescope.cli.output import echo_error, echo_json, guarded_output, name_options, will_run
from framescope.cli.renamed import with_current_names
from framescope.core.addresses import masked_argument
from framescope.core.errors import Cancelled, FrameScopeError
from framescope.core.log import LogLevel, logging_to
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged
from framescope.core.stop_signals import INTERRUPTED, on_stop, stop_status
from framescope.core.translation import tr
from framescope.core.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from framescope.cli.launcher import Launcher

_LOG = logging.getLogger(__name__)
_LOG_OPTIONS = frozenset({"--log-level", "--log-file"})
_ARGUMENTS = f"{__name__}.arguments"

_COMMANDS = {
    "open": "open_window",
    "info": "facts.info",
    "index": "facts.index",
    "gops": "facts.gops",
    "frames": "frames",
    "marks": "marks",
    "export": "exporting.export",
    "report": "report",
    "fragments": "fragments.command",
    "verify": "exporting.verify",
    "clip": "clip",
    "clips": "exporting.clips",
    "sheet": "sheet",
    "slice": "slice",
    "make": "make",
    "writable": "make",
    "audit": "audit",
    "compare": "compare",
    "timing": "facts.timing",
    "blocks": "facts.blocks",
    "stats": "facts.stats",
    "packets": "facts.packets",
    "live": "live",
    "chroma": "facts.chroma",
    "bench": "bench",
    "hardware": "hardware",
    "worker": "audit",
    "screenshot": "screenshot",
}
"""The module in this folder that holds each command."""
_ATTRIBUTES = {"open": "open_window", "slice": "slice_video"}
"""What a command is called in its module, where that is not its name."""
_HELP = tr("""Browse the frames inside a video.

The frame you ask for is the frame you see, and the frame you see is the frame you save. Frame numbers
start at 0 and follow presentation order.

`framescope VIDEO` opens the window.
""")


class ProgramGroup(click.Group):
    """A group whose first argument after its own options may be a video instead of a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``open`` before arguments that begin with no command."""
        # Each by itself: quotes would end an address before its passphrase ends.
        ctx.meta[_ARGUMENTS] = shlex.join(map(masked_argument, args))
        own = {"--help", "-h", "--version", *self.commands}
        options, rest = _without_log_options(args)
        if rest[:1] == ["help"] and not may_be_video("help"):
            args = [*options, *rest[1:], "--help"]
            rest = args[len(options) :]
        if rest and (rest[0] in own or rest[0] == args[0] in _LOG_OPTIONS):
            return super().parse_args(ctx, args)
        if len(rest) > 1 and not may_be_video(rest[0]):
            hint = nearest_command(rest[0], self.commands) or tr("See `framescope --help`.")
            raise click.UsageError(tr("There is no command {rest!r}. {hint}", rest=rest[0], hint=hint), ctx)
        return super().parse_args(ctx, [*options, "open", *rest])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, and accept the previous names of its options."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            inner = command.commands.get(rest[0]) if isinstance(command, click.Group) and rest else None
            will_run(inner or command, ctx)
        return name, command, rest if command is None else with_current_names(command, rest)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command, with a log."""
        level: str | None = ctx.params["log_level"]
        with ExitStack() as stack:
            stack.enter_context(logging_to(ctx.params["log_file"], level))
            _LOG.info("framescope %s: %s", VERSION, ctx.meta[_ARGUMENTS])
            if level == LogLevel.DEBUG:
                stack.enter_context(ffmpeg_messages_logged())
            try:
                return super().invoke(ctx)
            except FrameScopeError as error:
                name_options(error)
                _LOG.info("Refused: %s %s", error.message, error.hint)
                raise
            except click.ClickException as error:
                _LOG.info("Wrong usage: %s", error.format_message())
                raise
            except (click.exceptions.Exit, click.Abort, Cancelled, BrokenPipeError):
                # --help is shown, or the reader of the output has seen enough.
                raise
            except Exception:
                # However it is handled further up, the log says where it came from.
                _LOG.info("Ended by an exception", exc_info=True)
                raise


def _without_log_options(args: list[str]) -> tuple[list[str], list[str]]:
    """The arguments at the start that say how to log, and the others."""
    end = 0
    while end < len(args) and args[end].partition("=")[0] in _LOG_OPTIONS:
        end += 1 if "=" in args[end] else 2
    # If a value is missing, the next argument must not be taken for it.
    return (args[:end], args[end:]) if end <= len(args) else ([], args)


class _Commands(MutableMapping[str, click.Command]):
    """The commands by name; each is imported when it is asked for.

    Opening a window is not to wait until everything else is imported.
    """

    def __init__(self) -> None:
        self._imported: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._imported:
            module = import_module(f"{__package__}.{_COMMANDS[name]}")
            self[name] = getattr(module, _ATTRIBUTES.get(name, name))
        return self._imported[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        _translate_help(command)
        self._imported[name] = command

    def __delitem__(self, name: str) -> None:
        raise NotImplementedError

    def __iter__(self) -> Iterator[str]:
        return iter(_COMMANDS)

    def __len__(self) -> int:
        return len(_COMMANDS)


def _translate_help(command: click.Command) -> None:
    """Translate what a command took from its docstring."""
    if command.help:
        # Up to Python 3.12 a docstring has the indentation of the source.
        command.help = tr(inspect.cleandoc(command.help))
    if isinstance(command, click.Group):
        for part in command.commands.values():
            _translate_help(part)


def build_program() -> click.Group:
    """The group with all its commands."""
    program = ProgramGroup(
        "framescope",
        commands=_Commands(),
        help=_HELP,
        context_settings={"help_option_names": ["-h", "--help"]},
        subcommand_metavar="[VIDEO | COMMAND [ARGS]...]",
    )
    click.option(
        "--log-level",
        type=click.Choice([level.value for level in LogLevel]),
        help=tr("How much to log (default: info); give it before COMMAND."),
    )(program)
    click.option(
        "--log-file",
        type=TargetType(),
        metavar="FILE",
        help=tr("Append to this log file instead of the default one; give it before COMMAND."),
    )(program)
    option = click.version_option(VERSION, prog_name="framescope", message="%(prog)s %(version)s")
    option(program)
    return program


def run(arguments: Sequence[str], launcher: Launcher | None = None) -> int:
    """Run a command line.

    Args:
        arguments: Without the program's name.
        launcher: Starts the window for the commands that need it.

    Returns:
        0; 2 where the command line is wrong whatever the files are, 1 where anything else is at fault or a
        part was not done; where a signal ended it, the status that shells give: 130 for Ctrl+C.
    """
    with guarded_output(), on_stop(_interrupt):
        status = _run(arguments, launcher or NoLauncher())
    return stop_status() if status == INTERRUPTED else status


def _interrupt() -> None:
    note_interrupt()
    raise KeyboardInterrupt


def _run(arguments: Sequence[str], launcher: Launcher) -> int:
    try:
        status = _status(arguments, launcher)
        # What is held back until the end may not fit on the disk either.
        _flush(sys.stdout)
    except OSError as error:
        status = _output_lost(error)
    try:
        _flush(sys.stderr)
    except OSError:
        _forget(sys.stderr)
    return status


def _status(arguments: Sequence[str], launcher: Launcher) -> int:
    """The exit status of a command, with the reason said where it failed.

    Raises:
        OSError: Stdout takes nothing more.
    """
    as_json = "--json" in arguments
    try:
        answer = build_program().main(list(arguments), "framescope", standalone_mode=False, obj=launcher)
    except click.ClickException as caught:
        error = _explained(caught)
        with contextlib.suppress(OSError):
            error.show()
        return _ended("UsageError", error.format_message(), error.exit_code, as_json=as_json)
    except FrameScopeError as error:
        return _failed(error, type(error).__name__, as_json=as_json)
    except (Cancelled, click.Abort, KeyboardInterrupt):
        with contextlib.suppress(OSError):
            click.echo(tr("Cancelled."), err=True)
        return _ended("Cancelled", tr("Cancelled."), INTERRUPTED, as_json=as_json)
    except (OSError, MemoryError) as error:
        if isinstance(error, OSError) and _is_of_output(error):
            raise
        return _failed(_in_words(error), type(error).__name__, as_json=as_json)
    return answer if isinstance(answer, int) else 0


def _explained(error: click.ClickException) -> click.ClickException:
    """Where an argument is missing, also what was taken as the others: it may have been meant for it."""
    if not isinstance(error, click.MissingParameter) or not isinstance(error.param, click.Argument):
        return error
    context = error.ctx
    if context is None:
        return error
    taken = [
        tr(
            "; {value!s:.60} was taken as {name}",
            value=context.params[other.name],
            name=other.make_metavar(context),
        )
        for other in context.command.params
        if isinstance(other, click.Argument) and context.params.get(other.name)
    ]
    return click.UsageError(
        tr(
            "Missing: {name}{taken}.",
            name=error.param.make_metavar(context),
            taken="".join(taken),
        ),
        context,
    )


def _failed(error: FrameScopeError, kind: str, *, as_json: bool) -> int:
    with contextlib.suppress(OSError):
        echo_error(error)
    return _ended(kind, error.message, 1, hint=error.hint, as_json=as_json)


def _ended(kind: str, message: str, status: int, *, hint: str = "", as_json: bool) -> int:
    """The exit status; programs that asked for JSON get an object that says why."""
    if as_json:
        echo_json({"error": {"kind": kind, "message": message, "hint": hint, "exit_status": status}})
    return status


def _in_words(error: OSError | MemoryError) -> FrameScopeError:
    """The system's refusal, where no part of the program knew better words for it."""
    if isinstance(error, MemoryError):
        return FrameScopeError(
            tr("There is not enough memory."), hint=tr("Use smaller pictures, or fewer in parallel.")
        )
    hint = ""
    if error.errno in (errno.EMFILE, errno.ENFILE):
        hint = tr("Allow more open files (ulimit -n), or close other programs.")
    elif isinstance(error, FileNotFoundError) and not _has_working_folder():
        hint = tr("The working directory no longer exists; change to another one.")
    where = f": {error.filename}" if error.filename else ""
    return FrameScopeError(f"{error.strerror or error}{where}.", hint=hint)


def _is_of_output(error: OSError) -> bool:
    """Whether it was raised where everything is written: stdout cannot be asked any longer."""
    return any(frame.f_code is click.echo.__code__ for frame, _ in traceback.walk_tb(error.__traceback__))


def _has_working_folder() -> bool:
    try:
        Path.cwd()
    except OSError:
        return False
    return True


def _output_lost(error: OSError) -> int:
    """The exit status where stdout takes nothing more; 0 where its reader has simply seen enough."""
    is_closed = isinstance(error, BrokenPipeError)
    with contextlib.suppress(OSError):
        if not is_closed:
            reason = error.strerror or str(error)
            echo_error(FrameScopeError(tr("The output cannot be written: {reason}.", reason=reason)))
    _forget(sys.stdout)
    return 0 if is_closed else 1


def _flush(stream: TextIO | None) -> None:
    # Python has none where the parent closed it.
    if stream is not None:
        stream.flush()


def _forget(stream: TextIO) -> None:
    """Let a stream that takes nothing more end nowhere: at exit Python would complain about it again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
