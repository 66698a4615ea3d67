"""The options that choose frames, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner

from framescope.cli.exporting.frame_options import (
    choose_from_options,
    chooses_frames,
    frame_options,
    sampling_from_options,
)
from framescope.core.errors import SettingsError
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.sampling.rate import ClipRule
from framescope.core.sampling.refinement import Refinement
from framescope.core.sampling.sampling import Sampling, SamplingKind, WindowUnit
from framescope.core.sampling.scenes import SceneDetector, ScenePick, SceneRule
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from pathlib import Path


def options_of(*arguments: str) -> dict[str, Any]:
    """The keyword arguments that a command with the options is called with."""
    found: dict[str, Any] = {}

    @click.command()
    @frame_options
    def note(**options: object) -> None:
        found.update(options)

    result = CliRunner().invoke(note, arguments, standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return found


@pytest.mark.parametrize(
    ("arguments", "sampling"),
    [
        ("--frames 3,10:14", Sampling(SamplingKind.LIST, listed="3,10:14")),
        ("--every 20", Sampling(SamplingKind.EVERY_NTH, step=20)),
        ("--every-seconds 0.5", Sampling(SamplingKind.EVERY_SECONDS, interval_s=0.5)),
        ("--spread 7", Sampling(SamplingKind.SPREAD, count=7)),
        ("--fps 2.5", Sampling(SamplingKind.RATE, rate_fps=2.5)),
        ("--fps 8 --clip-length 16", Sampling(SamplingKind.CLIPS, rate_fps=8, clips=ClipRule(16, 0, 0))),
        (
            "--fps 8 --clip-length 16 --clip-stride 4 --max-clips 3",
            Sampling(SamplingKind.CLIPS, rate_fps=8, clips=ClipRule(16, 4, 3)),
        ),
        ("--keyframes", Sampling(SamplingKind.KEYFRAMES)),
        ("--keyframes --in 3", Sampling(SamplingKind.KEYFRAMES, only_in_out=True)),
        ("--scenes", Sampling(SamplingKind.SCENES)),
        (
            "--scenes --detector hash --threshold 0.4 --min-scene-len 5 --scene-frame middle",
            Sampling(
                SamplingKind.SCENES,
                scenes=SceneRule(SceneDetector.HASH, hash=0.4, shortest=5, pick=ScenePick.MIDDLE),
            ),
        ),
        ("--scenes --threshold 30", Sampling(SamplingKind.SCENES, scenes=SceneRule(content=30.0))),
        ("--sharpest-per 12", Sampling(SamplingKind.SHARPEST, window=12, window_unit=WindowUnit.FRAMES)),
        ("--sharpest-per 0.5s", Sampling(SamplingKind.SHARPEST, window=0.5)),
        ("--no-duplicates", Sampling(SamplingKind.DISTINCT)),
        (
            "--no-duplicates --max-distance 0 --anywhere",
            Sampling(SamplingKind.DISTINCT, distance=0, anywhere=True),
        ),
        ("--representative 9", Sampling(SamplingKind.REPRESENTATIVE, representatives=9)),
        ("--all", Sampling(SamplingKind.ALL)),
        (
            "--sharpest-per 12 --no-duplicates --max-distance 2 --at-most 5 --exclude 0:10,90:",
            Sampling(
                SamplingKind.SHARPEST,
                window=12,
                window_unit=WindowUnit.FRAMES,
                distance=2,
                refine=Refinement("0:10,90:", without_duplicates=True, at_most=5),
            ),
        ),
        (
            "--every 5 --per-scene 2 --detector hash --in 3",
            Sampling(
                SamplingKind.EVERY_NTH,
                step=5,
                only_in_out=True,
                scenes=SceneRule(SceneDetector.HASH),
                refine=Refinement(per_scene=2),
            ),
        ),
        ("--per-scene 3", Sampling(SamplingKind.ALL, refine=Refinement(per_scene=3))),
        ("--per-scene 3 --in 2", Sampling(SamplingKind.IN_OUT, refine=Refinement(per_scene=3))),
        ("--in 2 --exclude 5", Sampling(SamplingKind.IN_OUT, refine=Refinement("5"))),
        ("--all --out 9", Sampling(SamplingKind.IN_OUT)),
        ("--in 2 --out 9", Sampling(SamplingKind.IN_OUT)),
    ],
)
def test_each_option_is_its_kind(arguments: str, sampling: Sampling) -> None:
    options = options_of(*arguments.split())
    assert sampling_from_options(options) == sampling
    assert chooses_frames(options)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", "--every"),
        ("--all --keyframes", "--all and --keyframes cannot be used together"),
        ("--frames 1 --every 2", "--frames and --every cannot be used together"),
        ("--all --every 2 --scenes", "--all, --every and --scenes cannot"),
        ("--clip-length 8", "--clip-length needs --fps"),
        ("--fps 5 --max-clips 2", "--max-clips needs --clip-length"),
        ("--every 5 --threshold 3", "--threshold needs --scenes"),
        ("--all --max-distance 3", "--max-distance needs --no-duplicates"),
        ("--frames 1 --in 3", "--in and --frames cannot be used together"),
        ("--in 9 --out 3", "The out point is earlier than the in point"),
        ("--in 1:00 --out 0:58", "The out point is earlier than the in point"),
        ("--in -2 --out -5 --every 1", "The out point is earlier than the in point"),
        ("--frames 1-5", "not a range"),
        ("--frames 5:2", "No frames are in the range"),
        ("--marks marks.txt", "marks.txt ends in .txt"),
    ],
)
def test_wrong_use_is_named(arguments: str, words: str) -> None:
    with pytest.raises(click.UsageError, match=words):
        sampling_from_options(options_of(*arguments.split()))


@pytest.mark.parametrize(
    "arguments",
    [
        "--every 0",
        "--fps 0",
        "--sharpest-per 0",
        "--sharpest-per 0s",
        "--sharpest-per x",
        "--in 1:2:3:4",
        "--in x",
    ],
)
def test_values_that_make_no_sense_are_refused(arguments: str) -> None:
    with pytest.raises(click.UsageError):
        options_of(*arguments.split())


def test_saying_nothing_leaves_the_choice_to_others() -> None:
    assert not chooses_frames(options_of())


def chosen(path: Path, *arguments: str) -> list[int]:
    options = options_of(*arguments)
    with open_video(path, use_index_cache=False) as video:
        choice = choose_from_options(
            video, sampling_from_options(options), options, progress=ignore_progress, cancel=CancelToken()
        )
    return [int(number) for number in choice.chosen.frame_numbers]


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ("--in 3 --out 5", [3, 4, 5]),
        ("--in -2", [46, 47]),
        ("--out 1s --every 10", [0, 10, 20]),
        ("--in 0:01.5 --every 4", [36, 40, 44]),
        ("--in 0:00:01 --out 1.1s", [24, 25, 26]),
        # The clip's second scene begins half-way.
        ("--scenes", [0, 24]),
        ("--scenes --in 20 --scene-frame last --min-scene-len 3", [23, 47]),
        ("--representative 2 --in 23 --out 24", [23, 24]),
    ],
)
def test_frames_are_chosen_between_in_and_out(arguments: str, numbers: list[int], plain_clip: Path) -> None:
    assert chosen(plain_clip, *arguments.split()) == numbers


@pytest.mark.parametrize(
    ("arguments", "words"),
    [("--in 48", "no frame 48"), ("--in 9 --out 0.1s", "earlier"), ("--out 1:00", "no frame at 1:00")],
)
def test_points_outside_are_refused(arguments: str, words: str, plain_clip: Path) -> None:
    with pytest.raises(SettingsError, match=words):
        chosen(plain_clip, *arguments.split())
