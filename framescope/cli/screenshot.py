"""``framescope screenshot``: saves a picture of the real window, rendered without a display."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from framescope.cli.options import (
    SizeType,
    TargetType,
    WholeType,
    json_option,
    overwrite_option,
    refuse_together,
    theme_option,
)
from framescope.cli.output import echo_json
from framescope.cli.progress_bar import long_work
from framescope.core.errors import UnknownPanelError
from framescope.core.files import check_target
from framescope.core.media.container import without_secrets
from framescope.core.synth.demo import ensure_demo
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.cli.launcher import Launcher


@click.command(options_metavar="[OPTIONS]")
@click.argument("places", nargs=-1, required=True, metavar=tr("VIDEO OUT.png"))
@click.option("--demo", is_flag=True, help=tr("Show the demo clip instead of VIDEO."))
@click.option("--frame", type=WholeType(), default=0, show_default=True, help=tr("The frame to show."))
@click.option(
    "--size",
    type=SizeType(),
    metavar="WxH",
    default="1280x800",
    show_default=True,
    help=tr("Size of the window."),
)
@click.option("--panel", metavar="NAME", help=tr("The panel to show, such as codec or gop."))
@theme_option
@overwrite_option
@json_option
@click.pass_obj
def screenshot(  # noqa: PLR0913 - each is an option
    launcher: Launcher,
    *,
    places: tuple[str, ...],
    demo: bool,
    frame: int,
    size: tuple[int, int],
    panel: str | None,
    theme: str | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Save a screenshot of FrameScope's window with VIDEO open. No display is needed."""
    if demo and len(places) == 2:
        refuse_together(["VIDEO", "--demo"])
    if len(places) != (1 if demo else 2):
        raise click.UsageError(tr("Give OUT.png.") if demo else tr("Give VIDEO and OUT.png."))
    out_path = TargetType().convert(places[-1], None, None)
    source = _demo_source() if demo else places[0]
    # Before Qt is loaded, which takes a while.
    check_target(out_path, replaces=overwrite, sources=[source])
    try:
        launcher.run_screenshot(
            source, out_path, frame=frame, size=size, panel=panel, theme=theme, overwrite=overwrite
        )
    except UnknownPanelError as error:
        raise click.UsageError(f"{error.message} {error.hint}") from error
    if as_json:
        echo_json(
            {
                "source": without_secrets(source),
                "file": str(out_path.absolute()),
                "frame": frame,
                "size": size,
            }
        )
    else:
        click.echo(out_path)


def _demo_source() -> str:
    with long_work(tr("Writing the demo clip")) as (progress, cancel):
        return str(ensure_demo(progress=progress, cancel=cancel))
