"""``framescope report``: a page on a data set, and `framescope verify` on it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


@pytest.fixture
def data_set(framescope: Callable[..., Answer], clip: Callable[[str], Path], tmp_path: Path) -> Path:
    (tmp_path / "videos" / "cats").mkdir(parents=True)
    shutil.copy(clip("h264.mp4"), tmp_path / "videos" / "cats" / "one.mp4")
    out = tmp_path / "set"
    answer = framescope("export", tmp_path / "videos", "-o", out, "--every", 24, "--layout", "mirrored,coco")
    assert answer.status == 0, answer.err
    return out


def test_a_page_is_written_beside_the_pictures(framescope: Callable[..., Answer], data_set: Path) -> None:
    page = data_set / "report.html"
    assert framescope("report", data_set).out.strip() == str(page)
    assert "cats/one.mp4, frame 24" in page.read_text(encoding="utf-8")
    again = framescope("report", data_set)
    assert again.status == 1
    assert "overwrite it (--overwrite)." in again.err
    told = framescope("report", data_set, "--overwrite", "--most", 1, "--json").json()
    assert (told["pictures"], told["measured"], told["in_two_splits"]) == (2, 1, [])
    assert framescope("report", data_set.parent).status == 1


def test_the_pictures_of_a_data_set_are_verified(framescope: Callable[..., Answer], data_set: Path) -> None:
    assert framescope("verify", data_set).status == 0
    picture = next(data_set.glob("images/cats/one/*.jpg"))
    picture.write_bytes(b"other")
    answer = framescope("verify", data_set)
    assert answer.status == 1
    assert picture.name in answer.out
