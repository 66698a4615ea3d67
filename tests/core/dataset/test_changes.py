"""Videos that change while a data set is made of them are left out; others are not mistaken for such."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from framescope.core.dataset.build import DataSetForm, DataSetResult, export_dataset
from framescope.core.dataset.layouts import LayoutChoice
from framescope.core.dataset.manifest import read_dataset
from framescope.core.recipe.recipe import Recipe
from framescope.core.recipe.run import RunRequest, VideoState
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.source.input_videos import input_videos
from tests.core.dataset.conftest import NAMED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COCO = DataSetForm(LayoutChoice.parse("coco"))
GROWING = "growing.ts"


@pytest.fixture
def videos(clip: Callable[[str], Path], tmp_path: Path) -> Path:
    """A whole video, and one of which only the first part is there yet."""
    folder = tmp_path / "videos"
    folder.mkdir()
    shutil.copy(clip("h264.ts"), folder / "whole.ts")
    content = clip("small_h264.ts").read_bytes()
    (folder / GROWING).write_bytes(content[: len(content) // 188 // 2 * 188])
    return folder


def make(
    videos: Path, change: Callable[[], object], recipe: Recipe = NAMED, *, after: int = 1
) -> DataSetResult:
    """Make the data set, or continue it; the change happens when the video at a place is exported."""

    def meanwhile(place: int, _outcome: object) -> None:
        if place == after:
            change()

    request = RunRequest(resume=True)
    listed = input_videos([str(videos)])
    return export_dataset(recipe, listed, videos.parent / "set", COCO, request=request, on_outcome=meanwhile)


def names_in(result: DataSetResult) -> list[str]:
    assert result.data is not None
    return [one.name for one in result.data.videos]


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


def test_a_growing_video_is_left_out_and_joins_when_it_is_complete(
    clip: Callable[[str], Path], videos: Path
) -> None:
    growing, pictures = videos / GROWING, videos.parent / "set" / "images" / "growing"
    content = clip("small_h264.ts").read_bytes()
    result = make(videos, lambda: append(growing, content[growing.stat().st_size :]))
    assert names_in(result) == ["whole.ts"]
    assert result.changed == (0,)
    (failure,) = result.failures
    assert (failure.name, failure.reason) == (
        GROWING,
        "growing.ts changed or grew while the data set was made.",
    )
    assert "export again" in result.outcomes[0].sentence
    assert result.outcomes[0].state is VideoState.FAILED
    assert not pictures.exists()
    assert read_dataset(videos.parent / "set").failures == (failure,)
    assert names_in(make(videos, lambda: None)) == [GROWING, "whole.ts"]
    assert [path.name for path in sorted(pictures.glob("*.png"))] == ["00.png", "20.png"]


def test_a_video_that_is_complete_before_its_turn_is_left_out_all_the_same(videos: Path) -> None:
    # With more workers, its turn would have come earlier.
    (videos / "whole.ts").rename(videos / "a whole.ts")
    result = make(videos, lambda: append(videos / GROWING, bytes(188)), after=0)
    assert names_in(result) == ["a whole.ts"]
    assert result.changed == (1,)


def test_pictures_of_an_earlier_run_are_not_removed(videos: Path) -> None:
    assert names_in(make(videos, lambda: None)) == [GROWING, "whole.ts"]
    result = make(videos, lambda: append(videos / GROWING, bytes(188)))
    assert names_in(result) == ["whole.ts"]
    assert (videos.parent / "set" / "images" / "growing" / "00.png").is_file()


def test_what_is_only_touched_or_removed_afterwards_stays(videos: Path) -> None:
    def touch_and_remove() -> None:
        os.utime(videos / GROWING, (1, 1))
        (videos / "whole.ts").unlink()

    few = Recipe(Sampling(SamplingKind.EVERY_NTH, step=40), NAMED.pictures)
    result = make(videos, touch_and_remove, few)
    assert names_in(result) == [GROWING, "whole.ts"]
    assert not result.failures
