"""Each of several videos keeps its folder, whichever others come or go."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import DestinationError
from framescope.core.export.manifest.reading import MANIFEST_NAME
from framescope.core.export.settings import ExportSettings, ImageFormat, OnExisting
from framescope.core.recipe.folders import folders_for
from framescope.core.recipe.recipe import Recipe
from framescope.core.recipe.run import RunRequest, VideoState, run_recipe
from framescope.core.sampling.sampling import Sampling, SamplingKind

if TYPE_CHECKING:
    from collections.abc import Callable

PNG = ExportSettings(Path(), image_format=ImageFormat.PNG)
RECIPE = Recipe(Sampling(SamplingKind.EVERY_NTH, step=20), PNG)
NUMBERED = Recipe(Sampling(SamplingKind.EVERY_NTH, step=20), PNG, folders="{number:02d}_{stem}")


@pytest.fixture
def videos(clip: Callable[[str], Path], tmp_path: Path) -> list[str]:
    """Three videos of one name, in three folders."""
    found = []
    for folder, name in (("a", "h264.mp4"), ("b", "gop_open.mkv"), ("c", "vfr.mkv")):
        path = tmp_path / folder / f"clip{Path(name).suffix}"
        path.parent.mkdir()
        shutil.copy(clip(name), path)
        found.append(str(path))
    return found


def names(
    recipe: Recipe, sources: list[str], folder: Path, on_existing: OnExisting = OnExisting.ASK
) -> list[str]:
    found = folders_for(recipe, sources, folder, each_its_own=True, on_existing=on_existing)
    assert {path.parent for path in found} == {folder}
    return [path.name for path in found]


def test_a_new_run_gives_each_a_folder_of_its_own(videos: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert folders_for(RECIPE, videos[:1], out) == [out]
    assert names(RECIPE, videos[:1], out) == ["clip"]
    assert names(RECIPE, videos, out) == ["clip", "clip-2", "clip-3"]
    assert names(RECIPE, ["/x/a.mp4", "/y/A.mp4", "/z/a-2.mp4"], out) == ["a", "A-2", "a-2-2"]
    # One letter, or a letter and an accent: the same name on macOS.
    accents = [unicodedata.normalize(form, "/x/é.mp4") for form in ("NFC", "NFD")]
    assert [name[1:] for name in names(RECIPE, accents, out)] == ["", "\u0301-2"]
    assert names(RECIPE, ["/x/NUL.mp4"], out) == ["_NUL"]
    (tmp_path / "file").touch()
    with pytest.raises(DestinationError):
        names(RECIPE, videos, tmp_path / "file")


@pytest.mark.parametrize(
    ("recipe", "before", "after"),
    [
        (RECIPE, ["clip", "clip-2"], ["clip-3", "clip", "clip-2"]),
        (NUMBERED, ["01_clip", "02_clip"], ["01_clip-2", "01_clip", "02_clip"]),
    ],
)
def test_a_video_keeps_its_folder_when_others_come_or_go(
    videos: list[str], tmp_path: Path, recipe: Recipe, before: list[str], after: list[str]
) -> None:
    out = tmp_path / "out"
    outcomes = run_recipe(recipe, videos[1:], out)
    assert [one.folder.name for one in outcomes] == before
    for on_existing in OnExisting:
        assert names(recipe, videos, out, on_existing) == after
        assert names(recipe, videos[2:], out, on_existing) == before[1:]
    # Renamed folders of videos do not matter, and neither does where the videos are now.
    moved = shutil.move(videos[2], tmp_path / "clip.mkv")
    assert names(recipe, [str(moved), videos[1]], out) == [before[1], before[0]]


def test_another_video_takes_over_a_folder_only_to_overwrite(videos: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_recipe(RECIPE, videos[:1], out, request=RunRequest(own_folders=True))
    for on_existing in OnExisting:
        taken = on_existing is OnExisting.OVERWRITE
        assert names(RECIPE, videos[1:2], out, on_existing) == ["clip" if taken else "clip-2"]
    (out / "clip" / MANIFEST_NAME).write_bytes(b"damaged\n")
    assert names(RECIPE, videos[:1], out) == ["clip-2"]


def test_copies_of_one_video_keep_apart(videos: list[str], tmp_path: Path) -> None:
    copy = tmp_path / "d" / "clip.mp4"
    copy.parent.mkdir()
    shutil.copy(videos[0], copy)
    out, sources = tmp_path / "out", [videos[0], str(copy)]
    run_recipe(RECIPE, sources, out)
    assert names(RECIPE, sources, out) == ["clip", "clip-2"]


def test_skipping_after_one_more_video_saves_that_one_and_skips_the_rest(
    videos: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run_recipe(RECIPE, videos[1:], out)
    outcomes = run_recipe(RECIPE, videos, out, request=RunRequest(on_existing=OnExisting.SKIP))
    assert [one.state for one in outcomes] == [VideoState.DONE] * 3
    results = [one.result for one in outcomes if one.result is not None]
    assert [bool(result.written) for result in results] == [True, False, False]
    assert [bool(result.skipped) for result in results] == [False, True, True]
