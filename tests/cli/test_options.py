"""What several commands share: sizes as people write them, options that exclude each other, targets."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from framescope.cli.options import SizeType, TargetType, refuse_together, typed_flags, wrong_usage
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
