"""What comes from outside is read within limits, and every value in it is one that can be used."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest

from framescope.core.outside import (
    UnusableValueError,
    finite_number,
    load_arrays,
    no_such_file,
    open_regular,
    parse_json,
    parse_toml,
    plain_text,
    read_lines,
    read_small_file,
    truth_value,
    whole_number,
)

needs_posix = pytest.mark.skipif(os.name != "posix", reason="pipes and devices have other names there")


def test_a_file_up_to_the_limit_is_read(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    assert read_small_file(file, 5) == b"12345"
    with pytest.raises(OSError, match="more than 4 bytes"):
        read_small_file(file, 4)


def test_a_file_of_a_terabyte_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "sparse"
    with file.open("wb") as out:
        out.truncate(1 << 40)
    with pytest.raises(OSError, match="more than 100 bytes"):
        read_small_file(file, 100)


@needs_posix
def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    for path in (pipe, tmp_path, Path("/dev/zero"), circle, Path("nu\0ll")):
        with pytest.raises(OSError, match=r"\w"):
            open_regular(path)


@needs_posix
def test_links_stay_within_their_folder(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "own").write_bytes(b"own")
    (folder / "out").symlink_to(tmp_path / "secret")
    (folder / "in").symlink_to(folder / "own")
    assert read_small_file(folder / "in", 10, within=folder) == b"own"
    with pytest.raises(OSError, match="leaves its folder"):
        read_small_file(folder / "out", 10, within=folder)


def test_lines_have_a_limit_and_files_of_lines_have_none(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"one\n" * 1000 + b"end")
    assert len(list(read_lines(file, 4))) == 1001
    with pytest.raises(OSError, match="a line of more than 3 bytes"):
        list(read_lines(file, 3))


@pytest.mark.parametrize(
    "text", ["NaN", "[Infinity]", '{"a": -Infinity}', "1e999", "9" * 5000, str(1 << 63), '{"a": 1, "a": 2}']
)
def test_json_with_values_that_nobody_can_use_is_told_from_what_is_no_json(text: str) -> None:
    with pytest.raises(UnusableValueError):
        parse_json(text)


@pytest.mark.parametrize("text", ["[" * 100_000, b"\xff", "{", "", "nan"])
def test_what_is_no_json_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        parse_json(text)
    assert not isinstance(caught.value, UnusableValueError)


def test_json_keeps_every_value_that_fits() -> None:
    assert parse_json('{"a": [1, -9223372036854775808, 2.5, null, true, "x"]}') == {
        "a": [1, -(1 << 63), 2.5, None, True, "x"]
    }


@pytest.mark.parametrize(
    "text",
    [
        "a = nan",
        "a = -inf",
        f"a = {'9' * 5000}",
        f"a = {1 << 63}",
        "a." * 50_000 + "a = 1",
        "a = " + "[" * 5000,
        "a = {b" + ".b" * 1000 + " = 1}",
        "a = [" * 2,
    ],
)
def test_toml_is_held_to_the_same_limits(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_toml(text)


def test_values_are_checked_for_their_kind() -> None:
    assert whole_number(3, 0, 3) == 3
    assert finite_number(2, 0) == 2.0
    assert plain_text("x") == "x"
    assert truth_value(True) is True  # noqa: FBT003 - the value is what is tested
    for value in (True, 1.0, "1", None, 4, -1):
        with pytest.raises(ValueError, match="is not a whole number"):
            whole_number(value, 0, 3)
    for value in (True, "1", None, math.nan, math.inf, -1):
        with pytest.raises(ValueError, match="is not a number"):
            finite_number(value, 0)
    with pytest.raises(ValueError, match="is not text"):
        plain_text(1)
    with pytest.raises(ValueError, match="neither true nor false"):
        truth_value(1)


def test_numbers_that_nobody_can_use_are_kept_as_text_where_the_rest_is_wanted() -> None:
    text = '{"a": NaN, "b": -Infinity, "c": 1e999, "d": ' + "9" * 400 + ', "e": -9223372036854775808}'
    kept = parse_json(text, keeps_odd_numbers=True)
    assert kept == {"a": "NaN", "b": "-Infinity", "c": "1e999", "d": "9" * 400, "e": -(1 << 63)}
    for malformed in ('{"a": 1, "a": 2}', "[" * 100_000, "{", ""):
        with pytest.raises(ValueError):  # noqa: PT011 - any reason
            parse_json(malformed, keeps_odd_numbers=True)


def test_what_is_missing_is_named_with_its_place(tmp_path: Path) -> None:
    error = no_such_file(tmp_path / "a.txt")
    assert error.message == "There is no file a.txt."
    assert str(tmp_path / "a.txt") in error.hint
    assert no_such_file(tmp_path / "a", "folder").message == "There is no folder a."


def test_arrays_are_read_again_where_threads_disturbed_each_other() -> None:
    left = [SystemError("AST constructor recursion depth mismatch (before=45, after=42)")] * 3

    def load() -> int:
        if left:
            raise left.pop()
        return 7

    assert load_arrays(load) == 7
    left.extend([SystemError("something else")] * 99)
    with pytest.raises(SystemError, match="something else"):
        load_arrays(load)
    with pytest.raises(ZeroDivisionError):
        load_arrays(lambda: 1 // 0)
