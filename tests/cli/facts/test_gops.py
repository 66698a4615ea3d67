"""``framescope gops``, and the other tables as CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def test_a_row_a_gop(framescope: Callable[..., Answer], clip: Callable[[str], Path]) -> None:
    answer = framescope("gops", clip("gop_open.mp4"))
    lines = answer.out.splitlines()
    assert len(lines) == 5
    assert lines[2].split()[:4] == ["1", "12", "9", "12"]
    assert lines[2].split()[-1] == "BBBIBBBPBBBP"
    assert "4 GOPs, 3 open" in answer.err
    lengths = {int(line.split()[3]) for line in lines[1:]}
    assert (f"{max(lengths)} frames each" in answer.err) == (len(lengths) == 1)


def test_gops_as_csv_and_json(framescope: Callable[..., Answer], clip: Callable[[str], Path]) -> None:
    path = clip("gop_open.mp4")
    rows = list(csv.DictReader(io.StringIO(framescope("gops", path, "--csv").out)))
    table = json.loads(framescope("gops", path, "--json").out)
    assert [row["keyframe"] for row in rows] == ["0", "12", "24", "36"]
    assert [row["keyframe"] for row in table["gops"]] == [0, 12, 24, 36]
    assert table["source"].endswith("gop_open.mp4")


@pytest.mark.parametrize(("command", "column"), [("index", "picture_type"), ("timing", "interval_s")])
def test_other_tables_as_csv(
    framescope: Callable[..., Answer], plain_clip: Path, command: str, column: str
) -> None:
    rows = list(csv.DictReader(io.StringIO(framescope(command, plain_clip, "--csv").out)))
    assert len(rows) == 48
    assert column in rows[0]


@pytest.mark.parametrize("command", ["gops", "index", "timing"])
def test_both_formats_at_once_are_refused(
    framescope: Callable[..., Answer], plain_clip: Path, command: str
) -> None:
    assert framescope(command, plain_clip, "--csv", "--json").status == 2


def test_what_a_frame_needs(framescope: Callable[..., Answer], clip: Callable[[str], Path]) -> None:
    path = clip("gop_open.mp4")
    lines = framescope("gops", path, "--frame", "10").out.splitlines()
    assert lines[0].startswith("Frame 10 (B")
    assert lines[0].endswith("pictures from keyframe 0.")
    assert any("leading picture" in line and "keyframe 12" in line for line in lines)
    document = json.loads(framescope("gops", path, "--frame", "10", "--json").out)
    assert document["frame_number"] == 10
    assert document["leading_of"] == 12
    assert document["needs_earlier_gop"]
    assert {12, 0} <= set(document["needs"])
    assert len(document["needed_packets"]) == len(document["needs"]) + 1
    assert document["pictures"][0]["frame_numbers"] == [0]


def test_one_frame_is_not_a_table(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    assert framescope("gops", plain_clip, "--frame", "1", "--csv").status == 2
