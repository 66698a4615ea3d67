"""Options and arguments that several commands share."""

from __future__ import annotations

import math
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from framescope.core.errors import FrameScopeError
from framescope.core.files import refuse_pipe
from framescope.core.media.container import path_of
from framescope.core.outside import MOST_NUMBER
from framescope.core.text import grouped, listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from framescope.core.media.index_builder import Counting

_Command = TypeVar("_Command", bound="Callable[..., Any] | click.Command")
MOST_WORKERS = 256
_LONGEST_NUMBER = 40
_MOST_SIDE, _MOST_PIXELS = 16_384, 1 << 27
_SIZE = re.compile(r"([1-9][0-9]{0,5})[x×]([1-9][0-9]{0,5})")


def _range_words(least: float, most: float, *, is_least_refused: bool = False) -> str:
    """Which numbers an option takes: ``0 to 100``, ``1 or more``, ``above 0``."""
    if most < MOST_NUMBER:
        return tr("{least:g} to {most}", least=least, most=grouped(int(most)))
    return tr("above {least:g}", least=least) if is_least_refused else tr("{least:g} or more", least=least)


def _refusal(number: float, words: str, *, most: float) -> str:
    """Why a number is not taken; ``words`` are those of `_range_words`."""
    # Integers of any length can be typed, and floats hold only some.
    text = grouped(number) if isinstance(number, int) else f"{number:g}"
    text = text if len(text) <= _LONGEST_NUMBER else f"{text[:_LONGEST_NUMBER]}…"
    if number > most:
        return tr("{text} is too large: the maximum is {most}.", text=text, most=grouped(int(most)))
    return tr("{text} is out of range: {words}.", text=text, words=words)


class WholeType(click.IntRange):
    """A whole number between two, both included: the type of every option that takes one."""

    name = "number"

    def __init__(self, least: int = 0, most: int = MOST_NUMBER) -> None:
        super().__init__(least, most)
        self._words = _range_words(least, most)
        self._numbers = range(least, most + 1)

    def convert(
        self,
        value: Any,  # noqa: ANN401 - as in click
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """Parse ``value``; fail with a message if it is not a whole number or not one of these."""
        number = int(click.INT.convert(value, param, ctx))
        if number not in self._numbers:
            self.fail(_refusal(number, self._words, most=self._numbers[-1]), param, ctx)
        return number

    def _describe_range(self) -> str:
        # What help puts in brackets: nothing where everybody would expect it.
        return "" if self._words == _range_words(0, MOST_NUMBER) else self._words


class RealType(click.FloatRange):
    """A number that is finite: the type of every option that takes one. Infinity has no frames."""

    name = "number"

    def __init__(
        self, least: float = 0.0, most: float = MOST_NUMBER, *, is_least_refused: bool = False
    ) -> None:
        super().__init__(least, most, min_open=is_least_refused)
        self._words = _range_words(least, most, is_least_refused=is_least_refused)
        self._bounds = (least, most)

    def convert(
        self,
        value: Any,  # noqa: ANN401 - as in click
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        """Parse ``value``; fail with a message if it is not a number or not in the range."""
        number = float(click.FLOAT.convert(value, param, ctx))
        # NaN is neither below the least nor above the most.
        if math.isnan(number):
            self.fail(tr("{value!r} is not a number.", value=value), param, ctx)
        least, most = self._bounds
        if not least <= number <= most or (self.min_open and number == least):
            self.fail(_refusal(number, self._words, most=most), param, ctx)
        return number

    def _describe_range(self) -> str:
        # What help puts in brackets: nothing where everybody would expect it.
        return "" if self._words == _range_words(0, MOST_NUMBER) else self._words


class SourceType(click.ParamType[str]):
    """A path or an address to read from: the type of every argument that takes one."""

    name = "source"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Give ``value``; reject it if it is empty, which would stand for the working directory."""
        if not value:
            self.fail(tr("the name is empty."), param, ctx)
        return value


class PathType(click.ParamType[Path]):
    """The name of a file or folder, there or not: the type of every argument that takes one."""

    name = "path"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Read ``value``; reject an address, and an empty name, which would be the working directory."""
        if not value:
            self.fail(tr("the name is empty."), param, ctx)
        try:
            return path_of(value)
        except FrameScopeError as error:
            self.fail(_in_one(error), param, ctx)


class TargetType(PathType):
    """The name of a file or folder to write to: the type of every argument that takes one."""

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Parse ``value``; fail with a message if nothing can be written under it."""
        path = super().convert(value, param, ctx)
        try:
            refuse_pipe(path)
        except FrameScopeError as error:
            self.fail(_in_one(error), param, ctx)
        return path


class ParsedType(click.ParamType[object]):
    """A value that a record reads out of one word."""

    def __init__(self, name: str, parse: Callable[[str], object]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """The record, or a usage error with the record's own words."""
        if not isinstance(value, str):
            return value
        try:
            return self._parse(value)
        except FrameScopeError as error:
            self.fail(_in_one(error), param, ctx)


def typed_flags(*names: str) -> list[str]:
    """The options and arguments that stand on the command line, of those with these names in Python.

    Returns:
        Them as people write them, such as ``--every`` and ``VIDEO``.
    """
    context = click.get_current_context()
    return [
        parameter.opts[0] if isinstance(parameter, click.Option) else parameter.name.upper()
        for parameter in context.command.params
        if parameter.name in names
        and context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE
    ]


def refuse_together(flags: Sequence[str]) -> None:
    """Refuse options of which one would silently win.

    Args:
        flags: Those that were given, of which no more than one may be.

    Raises:
        click.UsageError: There are more.
    """
    if len(flags) > 1:
        raise click.UsageError(tr("{flags} cannot be used together.", flags=listed(flags)))


@contextmanager
def wrong_usage() -> Iterator[None]:
    """Take what is refused in the block as wrong usage (exit status 2): no file has been looked at yet.

    Raises:
        click.UsageError: A `FrameScopeError` was raised in the block.
    """
    try:
        yield
    except FrameScopeError as error:
        raise click.UsageError(_in_one(error)) from error


def _in_one(error: FrameScopeError) -> str:
    return error.in_full


video_argument = click.argument("video", metavar="VIDEO", type=SourceType())
json_option = click.option("--json", "as_json", is_flag=True, help=tr("Write JSON instead of text."))
csv_option = click.option("--csv", "as_csv", is_flag=True, help=tr("Write CSV instead of text."))
overwrite_option = click.option("--overwrite", is_flag=True, help=tr("Replace the output file if it exists."))
STRICT_STATUS = 3
"""Exit status of a verdict with ``--strict``."""


def html_option(words: str) -> Callable[[_Command], _Command]:
    """``--html FILE``: a report beside the output.

    Args:
        words: What is in it, for the help.
    """
    return click.option("--html", "html_path", type=TargetType(), metavar="FILE", help=words)


def strict_option(words: str) -> Callable[[_Command], _Command]:
    """``--strict``: a verdict as the exit status.

    Args:
        words: When it is ``STRICT_STATUS``, for the help.
    """
    return click.option("--strict", is_flag=True, help=words)


stream_option = click.option(
    "--stream",
    "stream_index",
    type=WholeType(),
    metavar="N",
    help=tr("Use this video stream, by its index among all streams of the file."),
)


def _counting(context: click.Context, parameter: click.Parameter, decodes: bool) -> Counting:  # noqa: FBT001 - click's
    del context, parameter
    # Many commands never count frames.
    from framescope.core.media.index_builder import Counting  # noqa: PLC0415

    return Counting.DECODE if decodes else Counting.AUTO


counting_option = click.option(
    "--decode",
    "counting",
    is_flag=True,
    callback=_counting,
    help=tr("Number the frames by decoding every one: slower, but correct for any file."),
)


def checked_hardware(context: click.Context, parameter: click.Parameter, name: str) -> str:
    """The name of a device, or ``off`` or ``auto``; a usage error for any other."""
    del context, parameter
    if name not in {"off", "auto"}:
        # FFmpeg is asked which kinds of device it knows.
        from framescope.core.hardware.devices import checked_name  # noqa: PLC0415

        with wrong_usage():
            checked_name(name)
    return name


hardware_option = click.option(
    "--hwaccel",
    "hardware",
    metavar="off|auto|DEVICE",
    default="off",
    show_default=True,
    callback=checked_hardware,
    help=tr(
        "Decode by a device that gives the pictures of software bit for bit (see `framescope hardware`). It"
        " may not notice damage inside a picture; with --decode, every picture is checked."
    ),
)
theme_option = click.option(
    "--theme", type=click.Choice(["dark", "light"]), help=tr("Colour theme of the window.")
)


class SizeType(click.ParamType[tuple[int, int]]):
    """``1280x800`` as a pair of numbers."""

    name = "WxH"

    def convert(
        self, value: str | tuple[int, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Parse ``value``; fail with a message if it is not a size."""
        if isinstance(value, tuple):
            return value
        width, height = pair_of(value)
        if not width:
            self.fail(tr("{value!r:.40} is not a size; write it like 1280x800.", value=value), param, ctx)
        if max(width, height) > _MOST_SIDE or width * height > _MOST_PIXELS:
            self.fail(
                tr(
                    "{value!r} is too large; the maximum is {most_side} pixels per side"
                    " and {most_pixels} in all.",
                    value=value,
                    most_side=grouped(_MOST_SIDE),
                    most_pixels=grouped(_MOST_PIXELS),
                ),
                param,
                ctx,
            )
        return width, height


def pair_of(text: str) -> tuple[int, int]:
    """``3x4`` as two numbers above 0; (0, 0) where it is none."""
    match = _SIZE.fullmatch(text.lower())
    return (0, 0) if match is None else (int(match[1]), int(match[2]))
