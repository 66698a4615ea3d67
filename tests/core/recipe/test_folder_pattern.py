"""Names of folders."""

from __future__ import annotations

import pytest

from framescope.core.errors import SettingsError
from framescope.core.recipe.folder_pattern import FolderPattern


def test_fields_are_filled_in() -> None:
    sources = ["/videos/day one/a.mp4", "/videos/day one/b.mkv", "https://host/x/c.mp4?d=1"]
    assert FolderPattern("{stem}").planned(sources) == ["a", "b", "c"]
    assert FolderPattern("{number:03d}_{stem}").planned(sources) == ["001_a", "002_b", "003_c"]
    assert FolderPattern("{parent}-{stem}").planned(sources[:1]) == ["day one-a"]


@pytest.mark.parametrize(
    ("pattern", "names", "others"),
    [
        ("{stem}", ["a.b", "A.B", "a.b-2"], ["a", "a.b-x", "xa.b", "a1b", "a.b-2-2-x"]),
        ("{number:03d}_{stem}", ["001_a.b", "12_a.b-2"], ["a.b", "x_a.b", "001_ab"]),
        ("{parent}", ["day one", "day one-3"], ["a.b", "day"]),
        ("all", ["all", "all-2"], ["a.b", "al"]),
    ],
)
def test_names_that_a_videos_folder_may_have(pattern: str, names: list[str], others: list[str]) -> None:
    matcher = FolderPattern(pattern).matcher("/videos/day one/a.b.mp4")
    assert all(matcher.fullmatch(name) for name in names)
    assert not any(matcher.fullmatch(name) for name in others)


@pytest.mark.parametrize(
    "text", ["", "{", "{frame}", "{stem}/x", "..", "{number:zz}", "{stem.x}", "a\0b", "CON"]
)
def test_what_cannot_be_a_name_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        FolderPattern(text)
