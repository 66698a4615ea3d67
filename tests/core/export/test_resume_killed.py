"""An export that is killed leaves whole files only, and goes on to the same bytes."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from framescope.core.export.manifest import MANIFEST_NAME, read_manifest
from framescope.core.export.result import Fate
from tests.core.export.killing import Trial, export_of_fakes, killing_process
from tests.core.export.test_resume import contents

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs SIGKILL and fork")
def test_killed_at_twenty_moments_it_goes_on_to_the_same_bytes(plain_clip: Path, tmp_path: Path) -> None:
    rng = random.Random(20)
    source = str(plain_clip)
    export_of_fakes(source, tmp_path / "reference")
    expected = contents(tmp_path / "reference")
    with killing_process() as carry_out:
        calls = carry_out(Trial(source, str(tmp_path / "counted")))
        assert calls > 1000
        assert contents(tmp_path / "counted") == expected
        told = set()
        for number in range(20):
            folder = tmp_path / f"killed-{number}"
            carry_out(Trial(source, str(folder), kill_at=rng.randrange(calls)))
            told.add(check_what_is_left(folder, expected))
            # Every second one is killed again while it goes on.
            if number % 2:
                carry_out(Trial(source, str(folder), kill_at=rng.randrange(calls), resumes=True))
                check_what_is_left(folder, expected)
            export_of_fakes(source, folder, resumes=True)
            assert contents(folder) == expected
    # The moments were spread over the export.
    assert len(told) > 5


def check_what_is_left(folder: Path, expected: dict[str, bytes]) -> int:
    """Every picture under its name is whole, and every line of the manifest is true; how many there are."""
    if not folder.exists():
        return 0
    found = contents(folder)
    for name, data in found.items():
        if not name.startswith((".", "framescope-manifest")):
            assert data == expected[name]
    if MANIFEST_NAME not in found:
        return 0
    assert expected[MANIFEST_NAME].startswith(found[MANIFEST_NAME])
    sections = read_manifest(folder).sections
    lines = sections[0].lines if sections else ()
    assert all(line.file in found for line in lines if line.fate is Fate.WRITTEN)
    return len(lines)
