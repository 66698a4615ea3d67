"""A short run of the fuzzer over files that the tests make, and what the fuzzer itself promises."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from tests.fuzz.corpus import made_seeds
from tests.fuzz.exercise import findings_on
from tests.fuzz.mutate import mutated
from tests.fuzz.run import Child, command_for, fuzz

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fuzz.corpus import Seed

_SEED = 7
_COUNT = 60
_MOST_S = 15.0


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory, clip: Callable[[str], Path]) -> list[Seed]:
    return made_seeds(tmp_path_factory.mktemp("seeds"), clip)


def test_damage_is_the_same_for_the_same_numbers_and_never_nothing(seeds: list[Seed]) -> None:
    for seed in seeds:
        data = seed.path.read_bytes()
        tries = [mutated(data, random.Random(n), seed.path.suffix) for n in range(20)]
        assert tries == [mutated(data, random.Random(n), seed.path.suffix) for n in range(20)]
        assert sum(one != data for one in tries) > 15


def test_sound_files_bring_nothing_to_light(
    seeds: list[Seed], tmp_path: Path, clip: Callable[[str], Path]
) -> None:
    for number, seed in enumerate(seeds):
        path = seed.place(seed.path.read_bytes(), tmp_path / str(number))
        stages: list[str] = []
        assert findings_on(path, stages.append, sound_video=clip("h264.mp4")) == []
        assert stages


def test_a_child_that_dies_is_a_finding_and_is_started_again(
    tmp_path: Path, clip: Callable[[str], Path]
) -> None:
    child = Child(clip("h264.mp4"), module="tests.fuzz.dying_worker")
    for _ in range(2):
        (words,) = child.try_file(tmp_path / "any.mp4", 0)
        assert words.startswith("died: signal 6 in stage about to die")
    child.close()


def test_damaged_files_bring_nothing_to_light(
    seeds: list[Seed], tmp_path: Path, clip: Callable[[str], Path]
) -> None:
    done, found = fuzz(
        seeds,
        clip("h264.mp4"),
        seed=_SEED,
        numbers=range(_COUNT),
        keep=tmp_path / "failures",
        until=time.monotonic() + _MOST_S,
    )
    assert done
    assert not found, "\n\n".join(
        f"{one.number} ({one.name}): {one.words}\n{command_for(one, one.number)}" for one in found
    )
