"""Help texts with the options of a command grouped under headings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_HEADINGS: WeakKeyDictionary[click.Parameter, str] = WeakKeyDictionary()
_PLAIN = "Options"


def together(*options: Decorator) -> Decorator:
    """Several options as one decorator, in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def under(heading: str, *options: Decorator) -> Decorator:
    """Options that stand under a heading in the help of a `SectionedCommand`, in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            # Click collects a function's options in a list until a command is made of it.
            before = len(getattr(command, "__click_params__", ()))
            command = option(command)
            for parameter in getattr(command, "__click_params__", ())[before:]:
                _HEADINGS.setdefault(parameter, heading)
        return command

    return decorate


class SectionedCommand(click.Command):
    """A command whose help shows options under the headings that `under` gave them, the others last."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, section by section."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                sections.setdefault(_HEADINGS.get(parameter, _PLAIN), []).append(record)
        plain = sections.pop(_PLAIN, [])
        for heading, records in [*sections.items(), (_PLAIN, plain)]:
            with formatter.section(heading):
                formatter.write_dl(records)
