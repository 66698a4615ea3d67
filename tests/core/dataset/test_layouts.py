"""Which layouts were asked for."""

from __future__ import annotations

import pytest

from framescope.core.dataset.layouts import LAYOUTS, NAMES, LayoutChoice
from framescope.core.errors import SettingsError


def test_names_are_read_as_they_are_written() -> None:
    assert LayoutChoice.parse("folders") == LayoutChoice()
    some = LayoutChoice.parse("parquet, mirrored,coco")
    assert some.mirrored
    assert [one.name for one in some.layouts] == ["coco", "parquet"]
    assert str(some) == "mirrored,coco,parquet"
    assert LayoutChoice.parse(str(some)) == some


@pytest.mark.parametrize("text", ["", "Coco", "coco,", "folders,mirrored"])
def test_other_names_are_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        LayoutChoice.parse(text)


def test_no_two_layouts_share_a_name_or_a_file() -> None:
    assert len({*NAMES}) == len(NAMES)
    files = [name for one in LAYOUTS for name in one.folders]
    assert len({*files}) == len(files)
    assert all(one.title and one.about for one in LAYOUTS)
