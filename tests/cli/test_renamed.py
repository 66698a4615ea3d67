"""Options whose names have changed: hidden, working, and named with their new name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from framescope.cli.program import build_program
from framescope.cli.renamed import RENAMED, with_current_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


@click.command()
@click.option("--crf", type=int)
@click.option("--audio/--no-audio")
@click.option("--rate", type=int)
@click.option("--framerate", type=int)
def _command(**_options: object) -> None:
    """One renamed option of each kind, and one that keeps its old name."""


@pytest.mark.parametrize(
    ("typed", "current"),
    [
        (["--quality", "3"], ["--crf", "3"]),
        (["--quality=3"], ["--crf=3"]),
        (["--no-sound", "--sound"], ["--no-audio", "--audio"]),
        (["--rate", "3"], ["--rate", "3"]),
        (["--shortest-scene", "3"], ["--shortest-scene", "3"]),
        (["--", "--quality"], ["--", "--quality"]),
    ],
)
def test_old_names_are_replaced_where_the_command_has_the_new_one(
    typed: list[str], current: list[str]
) -> None:
    assert with_current_names(_command, typed) == current


def test_every_new_name_exists_and_no_old_one_is_in_the_help() -> None:
    commands = list(build_program().commands.values())
    context = click.Context(click.Command("test"))
    for old, new in RENAMED.items():
        having = [one for one in commands if any(new in (*p.opts, *p.secondary_opts) for p in one.params)]
        assert having, new
        for command in having:
            words = command.get_help(context).replace("/", " ").split()
            assert new in words
            # What is an option of its own there keeps its meaning, such as the quality of pictures.
            is_own = any(old in (*one.opts, *one.secondary_opts) for one in command.params)
            assert (old in words) == is_own


def test_an_old_name_works_and_the_warning_gives_the_new_one(
    framescope: Callable[..., Answer], plain_clip: Path
) -> None:
    command = ("frames", plain_clip, "--scenes", "--json")
    old = framescope(*command, "--shortest-scene", "3")
    new = framescope(*command, "--min-scene-len", "3")
    assert old.status == new.status == 0
    assert old.out == new.out
    assert "warning" not in new.err
    (line,) = [line for line in old.err.splitlines() if line.startswith("warning:")]
    assert "--shortest-scene is now --min-scene-len" in line
