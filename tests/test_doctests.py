"""The public names: all are there, and the examples in their docstrings do what they show."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import pytest

import framescope
from framescope.core import scripting
from framescope.core.fragments import api
from framescope.core.media import video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def names(clip: Callable[[str], Path], tmp_path: Path) -> dict[str, object]:
    """What the examples call their clip and their folder."""
    link = tmp_path / "clip.mp4"
    link.write_bytes(clip("h264.mp4").read_bytes())
    return {"clip": link, "folder": tmp_path / "frames"}


@pytest.mark.parametrize("module", [framescope, scripting, video, api], ids=lambda module: module.__name__)
def test_docstrings(module: object, names: dict[str, object]) -> None:
    assert isinstance(module, type(framescope))
    failed, tried = doctest.testmod(module, extraglobs=names)
    assert failed == 0
    assert tried > 0 or module is framescope


def test_every_public_name_is_there() -> None:
    for name in framescope.__all__:
        assert getattr(framescope, name) is not None
    assert set(framescope.__all__) <= set(dir(framescope))
    with pytest.raises(AttributeError, match="no attribute"):
        framescope.nothing_of_the_kind  # noqa: B018
