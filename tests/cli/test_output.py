"""Values become JSON's own kinds, and rows line up."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

import click
import numpy as np
import pytest

from framescope.cli.output import (
    echo_error,
    echo_json,
    echo_rows,
    guarded_output,
    name_options,
    plain,
    unguarded,
    will_run,
)
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


EVIL = "a\x1b]0;title\x07\x1b[2J\x9b1A\u202eb\udcff"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_no_name_acts_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    with guarded_output():
        click.echo(click.style("styled", fg="red", bold=True) + f" {EVIL}")
        click.echo(EVIL, err=True)
        assert unguarded(sys.stdout) is out
    assert sys.stdout is out
    assert out.getvalue().startswith(
        "\x1b[31m\x1b[1mstyled\x1b[0m a\\x1b]0;title\\x07\\x1b[2J\\x9b1A\\u202eb\\xff"
    )
    assert err.getvalue().removesuffix("\n").isprintable()


def test_programs_get_a_name_byte_by_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, "utf-8", errors="surrogateescape")
    monkeypatch.setattr(sys, "stdout", stdout)
    with guarded_output():
        sys.stdout.write("bad\udcff\x1b[5m.mp4\n")
    stdout.flush()
    assert raw.getvalue() == b"bad\xff\\x1b[5m.mp4\n"
    stdout.detach()


def test_a_message_or_a_row_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    echo_error(FrameScopeError("There is no file a\nerror: b.", hint="Look\nthere."))
    echo_rows("Title", [("name", "two\nlines")])
    captured = capsys.readouterr()
    assert (len(captured.err.splitlines()), len(captured.out.splitlines())) == (2, 2)


def test_json_is_utf8_whatever_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    echo_json({"name": EVIL})
    out = capsys.readouterr().out
    assert json.loads(out.encode("utf-8"))["name"] == EVIL


def test_a_hint_names_the_options_of_the_running_command() -> None:
    @click.command()
    @click.option("-j", "--jobs", type=int)
    @click.option("--existing", type=click.Choice(["skip", "number"]))
    def work(**_: object) -> None:
        error = FrameScopeError("Full.", hint="Set it.", settings=("jobs", "existing", "overwrite"))
        name_options(error)
        name_options(error)
        assert error.hint == "Set it (--jobs, --existing skip|number)."
        error = FrameScopeError("Full.", hint="Set it.", settings=("overwrite",))
        name_options(error)
        assert error.hint == "Set it."

    with click.Context(work) as context:
        will_run(work, context)
        context.invoke(work)
