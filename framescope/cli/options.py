"""Options and arguments that several commands share."""

from __future__ import annotations

import math
import re
from typing import Any

import click

from framescope.core.sampling.record_table import MOST_NUMBER

MOST_WORKERS = 256
_MOST_SIDE, _MOST_PIXELS = 16_384, 1 << 27
_SIZE = re.compile(r"([1-9][0-9]{0,5})[x×]([1-9][0-9]{0,5})")


def whole(least: int = 0, most: int = MOST_NUMBER) -> click.IntRange:
    """A whole number between the two, both included: the type of every option that takes one."""
    return click.IntRange(least, most)


class RealType(click.FloatRange):
    """A number that is finite: the type of every option that takes one. Infinity has no frames."""

    def __init__(
        self, least: float = 0.0, most: float = MOST_NUMBER, *, is_least_refused: bool = False
    ) -> None:
        super().__init__(least, most, min_open=is_least_refused)

    def convert(
        self,
        value: Any,  # noqa: ANN401 - as in click
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        """Read ``value``; refuse it in words where it is no number or not in the range."""
        number = float(super().convert(value, param, ctx))
        # NaN is neither below the least nor above the most.
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


video_argument = click.argument("video", metavar="VIDEO")
json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text.")
csv_option = click.option("--csv", "as_csv", is_flag=True, help="Write CSV instead of text.")
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace a file of that name.")
stream_option = click.option(
    "--stream",
    "stream_index",
    type=whole(),
    metavar="N",
    help="Take this video stream, counted over all streams of the file.",
)
counting_option = click.option(
    "--decode",
    "by_decoding",
    is_flag=True,
    help="Number the frames by decoding all of them: slower, and right on every file.",
)
theme_option = click.option("--theme", type=click.Choice(["dark", "light"]), help="Colours of the window.")


class SizeType(click.ParamType[tuple[int, int]]):
    """``1280x800`` as a pair of numbers."""

    name = "WxH"

    def convert(
        self, value: str | tuple[int, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Read ``value``; refuse it in words where it is no size."""
        if isinstance(value, tuple):
            return value
        width, height = pair_of(value)
        if not width:
            self.fail(f"{value!r:.40} is no size; write it like 1280x800.", param, ctx)
        if max(width, height) > _MOST_SIDE or width * height > _MOST_PIXELS:
            self.fail(
                f"{value!r} is too large; a side has up to {_MOST_SIDE} pixels, a picture {_MOST_PIXELS:,}.",
                param,
                ctx,
            )
        return width, height


def pair_of(text: str) -> tuple[int, int]:
    """``3x4`` as two numbers above 0; (0, 0) where it is none."""
    match = _SIZE.fullmatch(text.lower())
    return (0, 0) if match is None else (int(match[1]), int(match[2]))
