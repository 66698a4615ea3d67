"""Output of commands: plain rows for people and pipes, JSON for programs, errors on stderr."""

from __future__ import annotations

import dataclasses
import math
import re
import sys
from contextlib import contextmanager
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

import click
import numpy as np

from framescope.core.files import part_file
from framescope.core.printable import json_document, printable
from framescope.core.tables.table import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from framescope.core.errors import FrameScopeError
    from framescope.core.tables.table import Table, TableFormat

Row = tuple[str, str]

_OWN_STYLES = re.compile("(\x1b\\[(?:[0-2]|3[0-7])m)")
"""Bold, dim, the eight colours, and back to plain: what ``click.style`` writes for us."""
_COMMAND = f"{__name__}.command"
_STRAY_BYTES = "".join(map(chr, range(0xDC80, 0xDD00)))


class _GuardedStream:
    """A text stream that passes nothing on by which a name or a tag could act on a terminal.

    To other programs, bytes of names that are not UTF-8 are written as they are where the stream can do so.
    """

    def __init__(self, unguarded: TextIO) -> None:
        self.unguarded = unguarded
        writes_bytes = unguarded.errors == "surrogateescape" and not unguarded.isatty()
        self._keeps = f"\n\t{_STRAY_BYTES}" if writes_bytes else "\n\t"

    def write(self, text: str) -> int:
        """Write ``text``, its own colours left and everything else that would act as an escape."""
        parts = _OWN_STYLES.split(text)
        parts[::2] = [printable(part, keep=self._keeps) for part in parts[::2]]
        return self.unguarded.write("".join(parts))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        return getattr(self.unguarded, name)


@contextmanager
def guarded_output() -> Iterator[None]:
    """Guard stdout and stderr for as long as the block lasts: names and tags come from anybody."""
    before = sys.stdout, sys.stderr
    # A parent process may have closed either; Python has None then.
    guards = tuple(stream and cast("TextIO", _GuardedStream(unguarded(stream))) for stream in before)
    sys.stdout, sys.stderr = guards
    try:
        yield
    finally:
        # Click replaces the stream when the reader of a pipe is gone.
        sys.stdout, sys.stderr = (
            old if now is guard else now
            for old, guard, now in zip(before, guards, (sys.stdout, sys.stderr), strict=True)
        )


def unguarded(stream: TextIO) -> TextIO:
    """The stream behind a guard, for what draws with control characters of its own."""
    return stream.unguarded if isinstance(stream, _GuardedStream) else stream


def one_line(text: str) -> str:
    """A name or a message that goes into one line of text, whatever is in it."""
    return printable(text, keep=_STRAY_BYTES)


def echo_error(error: FrameScopeError) -> None:
    """Write ``error: …`` and, where there is one, ``hint: …`` to stderr."""
    click.echo(f"{click.style('error:', fg='red', bold=True)} {one_line(error.message)}", err=True)
    name_options(error)
    if error.hint:
        click.echo(f"{click.style('hint:', fg='cyan', bold=True)} {one_line(error.hint)}", err=True)


def will_run(command: click.Command, context: click.Context) -> None:
    """Remember whose options the hints of errors name; see `name_options`."""
    context.meta[_COMMAND] = command


def name_options(error: FrameScopeError) -> None:
    """Add to a hint the options of the running command that set what it advises to set."""
    context = click.get_current_context(silent=True)
    command = context.meta.get(_COMMAND) if context is not None else None
    if command is None or not error.settings:
        return
    # By what is typed: a command may keep the value under another name, as audits keep that of --resume.
    typed = {f"--{setting}" for setting in error.settings}
    options = [_option(one) for one in command.params if typed.intersection(one.opts)]
    if options:
        error.hint = f"{error.hint.removesuffix('.')} ({', '.join(options)})."
    error.settings = ()


def _option(parameter: click.Parameter) -> str:
    """As it is typed, with what it can be set to."""
    name = max(parameter.opts, key=len)
    return f"{name} {'|'.join(parameter.type.choices)}" if isinstance(parameter.type, click.Choice) else name


def error_table(error: FrameScopeError) -> dict[str, str]:
    """An error for programs that read JSON."""
    name_options(error)
    return {"kind": type(error).__name__, "message": error.message, "hint": error.hint}


def echo_json(value: object, *, is_line: bool = False) -> None:
    """Write ``value`` as one JSON document, indented, or as a line where several follow one another."""
    # In an encoding that lacks characters, escapes keep what would be printed as question marks.
    is_utf8 = (getattr(sys.stdout, "encoding", None) or "utf-8").lower() == "utf-8"
    click.echo(
        json_document(plain(value), ensure_ascii=not is_utf8, indent=None if is_line else 2, allow_nan=False)
    )


def echo_table(table: Table, table_format: TableFormat) -> None:
    """Write a table in pieces: a film of hours is never held as text."""
    for piece in text_of(table, table_format):
        click.echo(piece, nl=False)


@contextmanager
def optional_file(path: Path | None, sources: list[str], *, replaces: bool) -> Iterator[Path | None]:
    """Where to write a file that accompanies the output, if one is requested; see `part_file`."""
    if path is None:
        yield None
        return
    with part_file(path, replaces=replaces, sources=sources) as part:
        yield part


def echo_rows(title: str, rows: Iterable[Row]) -> None:
    """Write a title and aligned ``name  value`` rows; rows without a value are left out."""
    kept = [(name, value) for name, value in rows if value]
    if not kept:
        return
    wide = max(len(name) for name, _ in kept)
    click.secho(title, bold=True)
    for name, value in kept:
        click.echo(f"  {click.style(name.ljust(wide), dim=True)}  {one_line(value)}")


def plain(value: object) -> object:  # noqa: PLR0911 - one line a kind
    """``value`` in JSON's own kinds: fractions as ``30000/1001``, what is not a number as null."""
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (Fraction, Path)):
        return str(value)
    if isinstance(value, np.generic):
        return plain(value.item())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        facts = (field for field in dataclasses.fields(value) if field.compare)
        return {fact.name.rstrip("_"): plain(getattr(value, fact.name)) for fact in facts}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no form in JSON")
