"""``framescope [VIDEO]``: opens the window, after checks whose errors belong in the terminal."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from framescope.cli.options import (
    SourceType,
    WholeType,
    json_option,
    refuse_together,
    theme_option,
    typed_flags,
)
from framescope.cli.output import echo_json
from framescope.core.folders import is_there
from framescope.core.media.container import is_url, without_secrets
from framescope.core.outside import no_such_file
from framescope.core.sequence.naming import is_sequence
from framescope.core.source.opening import is_fragment_store
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framescope.cli.launcher import Launcher


@click.command("open")
@click.argument("video", required=False, metavar="[VIDEO]", type=SourceType())
@click.option("--demo", is_flag=True, help=tr("Open a demo clip that FrameScope generates."))
@click.option(
    "--frame",
    type=WholeType(),
    metavar="N",
    help=tr("Show this frame first.  [default: the one that was shown last time]"),
)
@theme_option
@json_option
@click.pass_context
def open_window(  # noqa: PLR0913 - each is an option
    context: click.Context,
    *,
    video: str | None,
    demo: bool,
    frame: int | None,
    theme: str | None,
    as_json: bool,
) -> int:
    """Open the window, on VIDEO if one is given. `framescope VIDEO` means the same."""
    refuse_together(typed_flags("video", "demo"))
    if frame is not None and video is None:
        raise click.UsageError(tr("--frame needs a video."))
    launcher: Launcher = context.obj
    if video is not None and not launcher.shows_errors:
        _check_source(video, context)
    status = launcher.run_window(video, demo=demo, theme=theme, frame=frame)
    if as_json:
        echo_json(
            {"source": None if video is None else without_secrets(video), "demo": demo, "exit_status": status}
        )
    return status


def may_be_video(text: str) -> bool:
    """Whether an argument is a video, or looks like the name of one, rather than like a command."""
    # The name of a fragment store may be followed by a region.
    looks_so = re.search(r"[./\\:#]", text) is not None or text.startswith("-")
    return looks_so or is_there(text) or is_fragment_store(text)


def nearest_command(text: str, names: Iterable[str]) -> str:
    """Which command was probably meant, as a question; empty if none is near."""
    near = difflib.get_close_matches(text, sorted(names), n=1)
    return tr("Did you mean the command `framescope {near}`?", near=near[0]) if near else ""


def _check_source(video: str, context: click.Context) -> None:
    """Refuse a file that is not there before a window opens, and think of misspelt commands."""
    if is_url(video) or is_there(video) or is_fragment_store(video) or is_sequence(video):
        return
    parent = context.parent
    names = parent.command.commands if parent and isinstance(parent.command, click.Group) else ()
    error = no_such_file(Path(video))
    error.hint = nearest_command(video, names) or error.hint
    raise error
