"""The shipped files are found, and a missing one is named."""

from __future__ import annotations

import pytest
from PySide6.QtSvg import QSvgRenderer

from framescope.core.resources import resource_path


def test_shipped_files_are_there() -> None:
    for parts in (("framescope.svg",), ("fonts", "Inter-Regular.ttf"), ("fonts", "OFL.txt")):
        assert resource_path(*parts).is_file()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_pictures_of_the_stylesheet_can_be_drawn(theme: str) -> None:
    sheet = resource_path("theme", "framescope.qss").read_text(encoding="utf-8")
    names = {part.split('"')[0] for part in sheet.split("@images/")[1:]}
    assert names
    for name in names:
        assert QSvgRenderer(str(resource_path("theme", theme, name))).isValid(), name


def test_missing_file_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"theme/nothing\.qss"):
        resource_path("theme", "nothing.qss")
