"""The lines of a manifest, each by itself."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from framescope.core.export.encoders.formats import Proof
from framescope.core.export.manifest.lines import (
    FrameLine,
    end_line,
    frame_line_from,
    header_from,
    versions_line,
)
from framescope.core.export.result import Fate, FrameOutcome
from framescope.core.model.frame import PictureType
from tests.core.export.manifest.test_reading import FAILED, HEADER, WRITTEN


def test_a_header_is_read_back() -> None:
    header = replace(HEADER, clips=((1, 2), (2, 4)))
    for one in (HEADER, header):
        assert header_from(json.loads(one.as_line())) == one


def test_a_frame_is_read_back() -> None:
    assert frame_line_from(json.loads(WRITTEN.as_line())) == WRITTEN
    read = frame_line_from(json.loads(FAILED.as_line()))
    # NaN equals nothing, itself neither.
    assert math.isnan(read.time_s)
    assert replace(read, time_s=0.0) == replace(FAILED, time_s=0.0)


def test_equal_records_are_equal_bytes() -> None:
    assert replace(WRITTEN).as_line() == WRITTEN.as_line()
    assert WRITTEN.as_line().count(b"\n") == 1


def test_an_outcome_becomes_a_line_and_back() -> None:
    outcome = FrameOutcome(
        frame_number=4,
        path=Path("out/four.png"),
        reason="two\nlines",
        size_bytes=10,
        pts=160,
        time_s=0.16,
        picture_type=PictureType.P,
        sha256="ab",
        is_keyframe=False,
        is_damaged=True,
    )
    line = FrameLine.of(outcome, Fate.WRITTEN)
    assert line.outcome(Path("out")) == outcome
    assert frame_line_from(json.loads(line.as_line())) == line


@pytest.mark.parametrize("proof", Proof)
def test_the_proof_of_a_file_is_in_its_line_and_not_in_the_table(proof: Proof) -> None:
    line = replace(WRITTEN, proof=proof)
    assert json.loads(line.as_line())["proof"] == proof.value
    assert frame_line_from(json.loads(line.as_line())) == line
    # The table of a folder that an earlier version wrote must still be what the manifest says.
    assert line.as_table() == WRITTEN.as_table()
    assert frame_line_from(WRITTEN.as_table()).proof is None
    with pytest.raises(ValueError, match="guess"):
        frame_line_from({**WRITTEN.as_table(), "proof": "guess"})


@pytest.mark.parametrize("name", ["", ".", "..", "a/b.png", "..\\b.png", "a\0b"])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="file name"):
        frame_line_from({**WRITTEN.as_table(), "file": name})
    with pytest.raises(ValueError, match="file name"):
        header_from({**json.loads(HEADER.as_line()), "numbered": [[1, name]]})


def test_the_last_line_counts() -> None:
    assert json.loads(end_line({Fate.FAILED: 2}, "ab")) == {
        "end": {"written": 0, "skipped": 0, "failed": 2, "sha256": "ab"}
    }
    assert json.loads(versions_line({"numpy": "3"})) == {"resumed_with": {"numpy": "3"}}
