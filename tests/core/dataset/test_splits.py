"""Splits by name: stable when videos come and go, and about as large as requested."""

from __future__ import annotations

import pytest

from framescope.core.dataset.splits import Splits
from framescope.core.errors import SettingsError

NAMES = [f"folder {n % 7}/clip {n}.mp4" for n in range(2000)]


def test_a_split_does_not_depend_on_other_videos_and_has_its_share() -> None:
    splits = Splits.parse("80/10/10")
    found = [splits.split_of(name) for name in NAMES]
    assert [splits.split_of(name) for name in reversed(NAMES)] == found[::-1]
    assert splits.names == ("train", "val", "test")
    assert 0.77 < found.count("train") / len(NAMES) < 0.83
    assert 0.08 < found.count("val") / len(NAMES) < 0.12
    # Data sets must not change with a new version.
    assert [splits.split_of(f"{letter}.mp4") for letter in "abc"] == ["train", "train", "val"]


def test_larger_parts_keep_what_they_had_and_a_seed_changes_all() -> None:
    small, large = Splits.parse("train=80,test=20"), Splits.parse("train=90,test=10")
    for name in NAMES:
        assert small.split_of(name) == "test" or large.split_of(name) == "train"
    other = Splits.parse("train=80,test=20", seed="2")
    assert [small.split_of(name) for name in NAMES] != [other.split_of(name) for name in NAMES]


def test_one_name_in_two_spellings_is_one_name() -> None:
    splits = Splits.parse("50/50")
    for n in range(50):
        assert splits.split_of(f"caf\N{LATIN SMALL LETTER E WITH ACUTE}{n}") == splits.split_of(
            f"cafe\N{COMBINING ACUTE ACCENT}{n}"
        )


def test_no_splits_and_empty_ones() -> None:
    assert Splits().split_of("a") == ""
    assert {Splits.parse("100/0/0").split_of(name) for name in NAMES[:50]} == {"train"}
    assert Splits.parse("80/10").split_of("a") == Splits.parse("8/1").split_of("a")
    assert str(Splits.parse("8/1/1")) == "train=8,val=1,test=1"
    assert Splits.parse(str(Splits.parse("0.5/0.25/0.25"))) == Splits.parse("0.5/0.25/0.25")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "80",
            "80/10/5/5",
            "a/b",
            "train=80",
            "train=1,train=2",
            "0/0",
            "1e3/2",
            "../x=1,b=2",
            "x=,y=2",
        ),
        *("80/30", "a=100.5,b=0"),
    ],
)
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        Splits.parse(text)
