"""Names of folders."""

from __future__ import annotations

import pytest

from framescope.core.errors import SettingsError
from framescope.core.recipe.folder_pattern import FolderPattern


def test_fields_are_filled_in() -> None:
    sources = ["/videos/day one/a.mp4", "/videos/day one/b.mkv", "https://host/x/c.mp4?d=1"]
    assert FolderPattern("{stem}").names(sources) == ["a", "b", "c"]
    assert FolderPattern("{number:03d}_{stem}").names(sources) == ["001_a", "002_b", "003_c"]
    assert FolderPattern("{parent}-{stem}").names(sources[:1]) == ["day one-a"]


def test_no_two_videos_share_a_folder() -> None:
    names = FolderPattern("{stem}").names(["/x/a.mp4", "/y/A.mp4", "/z/a.mkv", "/z/a-2.mp4"])
    assert names == ["a", "A-2", "a-3", "a-2-2"]
    assert len({name.casefold() for name in names}) == 4
    assert FolderPattern("all").names(["a.mp4", "b.mp4"]) == ["all", "all-2"]


@pytest.mark.parametrize(
    "text", ["", "{", "{frame}", "{stem}/x", "..", "{number:zz}", "{stem.x}", "a\0b", "CON"]
)
def test_what_cannot_be_a_name_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        FolderPattern(text)
