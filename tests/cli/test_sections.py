"""Options under headings."""

from __future__ import annotations

import click
from click.testing import CliRunner

from framescope.cli.sections import SectionedCommand, under


@click.command(cls=SectionedCommand)
@click.argument("video")
@under("Colours", click.option("--red", help="Warm."), click.option("--blue", help="Cool."))
@under("Shapes", under("Round", click.option("--circle")), click.option("--square"))
@click.option("--plain", is_flag=True)
def draw(**options: object) -> None:
    """Draw."""
    click.echo(sorted(options))


def test_help_has_headings_in_the_order_of_the_options() -> None:
    words = CliRunner().invoke(draw, ["--help"]).output.split()
    order = [
        "Colours:",
        "--red",
        "--blue",
        "Round:",
        "--circle",
        "Shapes:",
        "--square",
        "Options:",
        "--plain",
    ]
    places = [words.index(word) for word in order]
    assert places == sorted(places)


def test_options_work_as_ever() -> None:
    result = CliRunner().invoke(draw, ["x", "--red", "1", "--circle", "2"])
    assert result.output.strip() == "['blue', 'circle', 'plain', 'red', 'square', 'video']"
