"""Which videos the files, folders and addresses that are named stand for."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from framescope import open_video
from framescope.core.errors import Cancelled
from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.split import SplitSettings, split
from framescope.core.model.progress import CancelToken
from framescope.core.source.input_videos import is_folder_of_videos, list_videos, videos_beside

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, plain_clip: Path) -> Path:
    place = tmp_path / "videos"
    (place / "deep").mkdir(parents=True)
    shutil.copy(plain_clip, place / "b.mp4")
    shutil.copy(plain_clip, place / "deep" / "a.MP4")
    (place / "bad.mp4").write_text("no video")
    (place / "notes.txt").write_text("no video either")
    return place


def test_folders_are_searched_and_names_taken_as_they_are(folder: Path) -> None:
    found = list_videos([str(folder / "notes.txt"), str(folder), "http://x/y.mp4", str(folder / "b.mp4")])
    names = [name.removeprefix(str(folder)).lstrip("/\\").replace("\\", "/") for name in found]
    assert names == ["notes.txt", "b.mp4", "bad.mp4", "deep/a.MP4", "http://x/y.mp4"]


def test_a_search_through_folders_can_be_stopped(folder: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        list_videos([str(folder)], cancel=cancel)


@pytest.mark.parametrize("name", ["/" + "n" * 5000, "a\0b", "/" + "n/" * 3000])
def test_any_name_at_all_may_be_asked_about(name: str) -> None:
    assert not is_folder_of_videos(name)
    assert list_videos([name]) == [name]


def test_a_fragment_store_in_a_folder_is_one_video(tmp_path: Path, plain_clip: Path) -> None:
    store = tmp_path / "videos" / "a store"
    with open_video(plain_clip) as video:
        split(video, store, SplitSettings(Grid(1, 2), RunRule(length=12), FragmentCodec.H264, most_frames=12))
    assert list_videos([str(store)]) == [str(store)]
    assert list_videos([str(store.parent)]) == [str(store)]
    assert is_folder_of_videos(str(store.parent))
    assert not is_folder_of_videos(str(store))


def test_videos_beside_a_file_are_sorted_as_in_file_managers(tmp_path: Path) -> None:
    for name in ("b10.mp4", "B2.mkv", "a.avi", "c.txt", "odd.dat"):
        (tmp_path / name).write_text("any")
    (tmp_path / "folder.mp4").mkdir()
    found = [os.path.basename(path) for path in videos_beside(str(tmp_path / "odd.dat"))]  # noqa: PTH119
    assert found == ["a.avi", "B2.mkv", "b10.mp4", "odd.dat"]
