"""Options and arguments that several commands share."""

from __future__ import annotations

import click

video_argument = click.argument("video", metavar="VIDEO")
json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text.")
csv_option = click.option("--csv", "as_csv", is_flag=True, help="Write CSV instead of text.")
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace a file of that name.")
stream_option = click.option(
    "--stream",
    "stream_index",
    type=click.IntRange(min=0),
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
        width, _, height = value.lower().replace("×", "x").partition("x")
        if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
            self.fail(f"{value!r} is no size; write it like 1280x800.", param, ctx)
        return int(width), int(height)
