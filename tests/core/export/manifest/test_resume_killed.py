"""An export that is killed leaves whole files only, and continues to the same bytes."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from framescope.core.export.manifest.reading import MANIFEST_NAME, read_manifest
from framescope.core.export.result import Fate
from tests.core.export.killing import Trial, export_of_fakes, killing_process, no_flush
from tests.core.export.manifest.test_resume import contents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs SIGKILL and fork")
MOMENTS = 20


@dataclass(frozen=True)
class Undisturbed:
    """An export that nobody kills: what it leaves, and how many calls it takes."""

    source: str
    contents: dict[str, bytes]
    calls: int
    carry_out: Callable[[Trial], int]


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", no_flush)


@pytest.fixture(scope="module")
def undisturbed(plain_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    source, folder = str(plain_clip), tmp_path_factory.mktemp("undisturbed")
    with killing_process() as carry_out:
        calls = carry_out(Trial(source, str(folder)))
        assert calls > 1000
        yield Undisturbed(source, contents(folder), calls, carry_out)


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_killed_at_any_moment_it_goes_on_to_the_same_bytes(
    moment: int, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    # A random moment of each twentieth of the export.
    rng, source = random.Random(moment), undisturbed.source
    at = int((moment + rng.random()) / MOMENTS * undisturbed.calls)
    folder = tmp_path / "killed"
    undisturbed.carry_out(Trial(source, str(folder), kill_at=at))
    check_what_is_left(folder, undisturbed.contents)
    # Every second one is killed again while it continues.
    if moment % 2:
        again = Trial(source, str(folder), kill_at=rng.randrange(undisturbed.calls), resumes=True)
        undisturbed.carry_out(again)
        check_what_is_left(folder, undisturbed.contents)
    export_of_fakes(source, folder, resumes=True)
    assert contents(folder) == undisturbed.contents


def test_without_a_kill_the_same_bytes_come_out_in_this_process(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    export_of_fakes(undisturbed.source, tmp_path / "here")
    assert contents(tmp_path / "here") == undisturbed.contents


def check_what_is_left(folder: Path, expected: dict[str, bytes]) -> None:
    """Every picture under its name is whole, and every line of the manifest is true."""
    if not folder.exists():
        return
    found = contents(folder)
    for name, data in found.items():
        if not name.startswith((".", "framescope-manifest")):
            assert data == expected[name]
    if MANIFEST_NAME not in found:
        return
    assert expected[MANIFEST_NAME].startswith(found[MANIFEST_NAME])
    sections = read_manifest(folder).sections
    lines = sections[0].lines if sections else ()
    assert all(line.file in found for line in lines if line.fate is Fate.WRITTEN)
