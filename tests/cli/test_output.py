"""Values become JSON's own kinds, and rows line up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from framescope.cli.output import echo_error, echo_json, echo_rows, plain
from framescope.core.errors import FrameScopeError


class Mood(StrEnum):
    GOOD = "good"


@dataclass
class Record:
    rate: Fraction
    range_: str
    parts: tuple[int, ...]


def test_every_kind_of_value_has_a_plain_form() -> None:
    assert plain(Record(Fraction(30000, 1001), "full", (1, 2))) == {
        "rate": "30000/1001",
        "range": "full",
        "parts": [1, 2],
    }
    assert plain({"a": Path("b"), "c": Mood.GOOD, "d": None}) == {"a": "b", "c": "good", "d": None}
    numbers = [np.int64(3), np.float64(0.5), np.arange(2)[0] == 0, float("nan"), float("inf")]
    assert plain(numbers) == [3, 0.5, True, None, None]


def test_what_has_no_form_is_a_bug() -> None:
    with pytest.raises(TypeError, match="object"):
        plain(object())


def test_json_keeps_its_letters(capsys: pytest.CaptureFixture[str]) -> None:
    echo_json({"name": "é"})
    out = capsys.readouterr().out
    assert "é" in out
    assert json.loads(out) == {"name": "é"}


def test_rows_without_a_value_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    echo_rows("Title", [("a", "1"), ("long", "2"), ("none", "")])
    assert capsys.readouterr().out.splitlines() == ["Title", "  a     1", "  long  2"]
    echo_rows("Title", [("none", "")])
    assert capsys.readouterr().out == ""


def test_an_error_without_a_hint_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    echo_error(FrameScopeError("No."))
    assert capsys.readouterr().err == "error: No.\n"
