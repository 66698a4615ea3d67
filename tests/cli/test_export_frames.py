"""The options that choose frames, and what they come to."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from framescope.cli.export_frames import frame_options, sampling_from_options
from framescope.core.sampling.sampling import Sampling, SamplingKind


def chosen(*arguments: str) -> Sampling:
    """What a command with the options makes of them; a wrong use raises."""
    found: list[Sampling] = []

    @click.command()
    @frame_options
    def choose(**options: object) -> None:
        found.append(sampling_from_options(options))

    result = CliRunner().invoke(choose, arguments, standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return found[0]


@pytest.mark.parametrize(
    ("arguments", "sampling"),
    [
        (("--frames", "3,10:14"), Sampling(SamplingKind.LIST, listed="3,10:14")),
        (("--every", "20"), Sampling(SamplingKind.EVERY_NTH, step=20)),
        (("--keyframes",), Sampling(SamplingKind.KEYFRAMES)),
        (("--all",), Sampling(SamplingKind.ALL)),
    ],
)
def test_each_option_is_its_kind(arguments: tuple[str, ...], sampling: Sampling) -> None:
    assert chosen(*arguments) == sampling


@pytest.mark.parametrize("arguments", [(), ("--all", "--keyframes"), ("--frames", "1", "--every", "2")])
def test_one_way_of_choosing_is_needed(arguments: tuple[str, ...]) -> None:
    with pytest.raises(click.UsageError, match="--every"):
        chosen(*arguments)
