"""What several commands share: sizes as people write them, options that exclude each other, targets."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from framescope.cli.options import (
    RealType,
    SizeType,
    TargetType,
    WholeType,
    refuse_together,
    typed_flags,
    wrong_usage,
)
from framescope.core.errors import SettingsError


@pytest.mark.parametrize("text", ["1280x800", "1280X800", "1280×800"])
def test_a_size_is_two_numbers(text: str) -> None:
    assert SizeType().convert(text, None, None) == (1280, 800)
    assert SizeType().convert((1280, 800), None, None) == (1280, 800)


@pytest.mark.parametrize("text", ["", "1280", "x", "0x800", "1280x0", "-1x5", "1.5x2", "1x2x3"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="1280x800"):
        SizeType().convert(text, None, None)


def test_what_was_typed_is_told_from_defaults() -> None:
    found: list[str] = []

    @click.command()
    @click.argument("video", required=False)
    @click.option("--every", "step", default=3)
    @click.option("--all", "everything", is_flag=True)
    @click.option("--fast", is_flag=True)
    def note(**_: object) -> None:
        found.extend(typed_flags("video", "everything", "step"))

    for arguments, flags in (
        ([], []),
        (["--all", "--fast"], ["--all"]),
        (["a.mp4", "--every", "3"], ["VIDEO", "--every"]),
    ):
        found.clear()
        note.main(arguments, standalone_mode=False)
        assert found == flags


@pytest.mark.parametrize(
    ("flags", "words"),
    [(["--a", "--b"], "--a and --b cannot"), (["--a", "--b", "--c"], "--a, --b and --c cannot")],
)
def test_two_of_which_one_would_win_are_refused(flags: list[str], words: str) -> None:
    with pytest.raises(click.UsageError, match=words):
        refuse_together(flags)
    refuse_together(flags[:1])
    refuse_together([])


def test_a_fault_before_any_file_is_wrong_usage() -> None:
    with pytest.raises(click.UsageError, match=r"^No\. Do this\.$"), wrong_usage():
        raise SettingsError("No.", hint="Do this.")


def test_a_target_has_a_name(tmp_path: Path) -> None:
    assert TargetType().convert("a.mp4", None, None) == Path("a.mp4")
    # What lies there is looked at later.
    assert TargetType().convert(tmp_path, None, None) == tmp_path
    for text in ("", "-"):
        with pytest.raises(click.BadParameter):
            TargetType().convert(text, None, None)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (WholeType(1, 256), "0", "0 is out of range: 1 to 256."),
        (WholeType(1, 256), "257", "257 is too large: the maximum is 256."),
        (WholeType(1), "0", "0 is out of range: 1 or more."),
        (WholeType(), "x", "'x' is not a valid integer."),
        (RealType(is_least_refused=True), "0", "0 is out of range: above 0."),
        (RealType(0.1), "0.01", "0.01 is out of range: 0.1 or more."),
        (RealType(), "nan", "'nan' is not a number."),
        (RealType(), "inf", "inf is too large: the maximum is 1\u202f000\u202f000\u202f000."),
    ],
)
def test_a_number_that_is_not_taken_is_refused_in_words(
    kind: WholeType | RealType, value: str, words: str
) -> None:
    with pytest.raises(click.BadParameter) as caught:
        kind.convert(value, None, None)
    assert caught.value.message == words


def test_the_ends_of_a_range_are_taken() -> None:
    assert [WholeType(1, 256).convert(text, None, None) for text in ("1", "256")] == [1, 256]
    assert RealType(0.1).convert("0.1", None, None) == 0.1
