"""Lets commands that export to a folder export to an address of an object store as well."""

from __future__ import annotations

import functools
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from framescope.cli.options import TargetType
from framescope.cli.output import one_line
from framescope.cli.progress_bar import long_work
from framescope.core.export.sending import Outbox
from framescope.core.stop_signals import INTERRUPTED
from framescope.core.storage import is_stored
from framescope.core.text import counted
from framescope.core.translation import tr

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

_in_use: ContextVar[Outbox | None] = ContextVar("outbox", default=None)


class FolderOrAddressType(click.ParamType[object]):
    """The name of a folder to write to, or an address."""

    name = "path"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """A path, or an outbox for an address."""
        if isinstance(value, str) and is_stored(value):
            return Outbox(value)
        return TargetType().convert(value, param, ctx) if isinstance(value, (str, Path)) else value


def sends(command: Callable[..., int]) -> Callable[..., int]:
    """Send what a command has written, if its ``folder`` is an address; an interrupted one keeps it here."""

    @functools.wraps(command)
    def run(*arguments: Any, folder: Path | Outbox, **options: Any) -> int:  # noqa: ANN401 - the command's own
        if isinstance(folder, Path):
            return command(*arguments, folder=folder, **options)
        with folder:
            before = _in_use.set(folder)
            try:
                with long_work(tr("Looking at the destination")) as (_, cancel):
                    folder.prepare(resume=bool(options.get("resume")), cancel=cancel)
                status = command(*arguments, folder=folder.folder, **options)
            finally:
                _in_use.reset(before)
                folder.discard_unused()
            if status == INTERRUPTED:
                return status
            with long_work(tr("Sending")) as (progress, cancel):
                count = folder.send(progress=progress, cancel=cancel)
            files, address = counted(count, "file", "files"), folder.shown(folder.folder)
            click.echo(one_line(tr("Sent {files} to {address}.", files=files, address=address)), err=True)
            return status

    return run


def shown_path(path: os.PathLike[str]) -> str:
    """A path as it is shown: the address, if it is in the folder of one."""
    outbox = _in_use.get()
    return str(path) if outbox is None else outbox.shown(path)
