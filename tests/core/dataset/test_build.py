"""Data sets: the same bytes however they are made, and nothing lost when work is interrupted."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.dataset.build import DataSetForm, export_dataset
from framescope.core.dataset.classes import Classes
from framescope.core.dataset.layout import LayoutWork
from framescope.core.dataset.layouts import LAYOUTS, LayoutChoice
from framescope.core.dataset.manifest import DATASET_NAME, read_dataset
from framescope.core.dataset.splits import Splits
from framescope.core.errors import (
    DestinationError,
    ExportError,
    MissingFileError,
    SettingsError,
    TargetExistsError,
)
from framescope.core.export.settings import ExportSettings, ImageFormat, OnExisting
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.recipe.recipe import Recipe
from framescope.core.recipe.run import RunRequest, VideoState
from framescope.core.sampling.rate import ClipRule
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.source.input_videos import input_videos
from tests.core.dataset.conftest import FORM, NAMED, VIDEOS, Made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RESUMED = RunRequest(resume=True)


class PowerCut(BaseException):
    """Ends everything at once, as a kill does."""


def files_of(folder: Path) -> dict[str, bytes]:
    """What is in a folder."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def make(tree: Path, folder: Path, form: DataSetForm = FORM, **options: object) -> VideoState:
    result = export_dataset(NAMED, input_videos([str(tree)]), folder, form, **options)  # type: ignore[arg-type]
    return result.outcomes[0].state


def test_failures_are_listed_and_stop_nothing(made: Made) -> None:
    states = [one.state for one in made.result.outcomes]
    assert states == [VideoState.DONE, VideoState.DONE, VideoState.FAILED, VideoState.DONE]
    (failure,) = made.result.failures
    assert failure.name == "dogs/bad.mp4"
    found = read_dataset(made.folder)
    assert found.failures == made.result.failures
    assert [video.name for video in found.data.videos] == list(VIDEOS)
    assert [picture.file for picture in found.data.pictures()] == made.files
    assert made.result.picture_count == 9


def test_the_number_of_jobs_changes_no_byte(tree: Path, made: Made, tmp_path: Path) -> None:
    make(tree, tmp_path / "set", request=RunRequest(jobs=3))
    assert files_of(tmp_path / "set") == files_of(made.folder)


@pytest.mark.parametrize("count", [0, 5, 12, 18])
def test_a_killed_run_leaves_whole_files_and_is_resumed(
    tree: Path, made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    folder = tmp_path / "set"
    # Exporting the pictures again for each place to stop at would take long; other tests kill that part.
    shutil.copytree(made.folder / "images", folder / "images")
    expected = files_of(made.folder)
    left = [count]
    write = LayoutWork.write

    def cut(work: LayoutWork, data: object, name: str, pieces: object) -> None:
        if not left[0]:
            raise PowerCut
        left[0] -= 1
        write(work, data, name, pieces)  # type: ignore[arg-type] # passed on as they are

    with monkeypatch.context() as patched:
        patched.setattr(LayoutWork, "write", cut)
        with pytest.raises(PowerCut):
            make(tree, folder, request=RESUMED)
    found = files_of(folder)
    assert not read_dataset(folder).is_ended
    assert {name: found[name] for name in found if name != DATASET_NAME}.items() <= expected.items()
    make(tree, folder, request=RESUMED)
    assert files_of(folder) == expected


def test_cancelling_keeps_pictures_for_the_next_run(tree: Path, made: Made, tmp_path: Path) -> None:
    cancel = CancelToken()
    folder = tmp_path / "set"

    def stop(report: Progress) -> None:
        if report.done >= 1000:
            cancel.cancel()

    result = export_dataset(NAMED, input_videos([str(tree)]), folder, FORM, progress=stop, cancel=cancel)
    assert result.data is None
    assert not read_dataset(folder).is_ended
    with pytest.raises(TargetExistsError) as caught:
        make(tree, folder)
    assert "Resume it" in caught.value.hint
    make(tree, folder, request=RESUMED)
    assert files_of(folder) == files_of(made.folder)


def test_videos_join_without_changing_the_split_of_others(tree: Path, made: Made, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    grown = tmp_path / "videos"
    shutil.copytree(tree, grown)
    shutil.copy(tree / "cats" / "one.mp4", grown / "cats" / "another.mp4")
    shutil.copytree(made.folder, folder)
    make(grown, folder, request=RESUMED)
    data = read_dataset(folder).data
    before = {video.name: video.split for video in read_dataset(made.folder).data.videos}
    after = {video.name: video.split for video in data.videos}
    assert after.keys() - before.keys() == {"cats/another.mp4"}
    assert {name: after[name] for name in before} == before
    # What is of no layout any more is removed: shards and lists of earlier runs would still be read.
    plain = replace(FORM, choice=LayoutChoice.parse("mirrored,coco"), splits=Splits())
    make(grown, folder, plain, request=RESUMED)
    assert {path.name for path in folder.iterdir()} == {"annotations", "images", "labels", DATASET_NAME}
    assert [path.name for path in (folder / "annotations").iterdir()] == ["instances.json"]


def test_pictures_in_two_arrangements_are_refused(tree: Path, made: Made, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(made.folder, folder)
    flat = replace(FORM, choice=LayoutChoice.parse("coco"))
    for request in (RESUMED, RunRequest(OnExisting.OVERWRITE)):
        with pytest.raises(DestinationError, match="other folders"):
            make(tree, folder, flat, request=request)
    assert files_of(folder) == files_of(made.folder)


@pytest.mark.parametrize("name", ["data.yaml", "train.txt", "webdataset"])
def test_files_of_others_are_left_alone(tree: Path, tmp_path: Path, name: str) -> None:
    own = tmp_path / name
    own.write_text("mine")
    with pytest.raises(DestinationError, match=name):
        make(tree, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert own.read_text() == "mine"


def test_only_files_of_layouts_are_ever_removed(tree: Path, made: Made, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    shutil.copytree(made.folder, folder)
    manifest = folder / DATASET_NAME
    (folder / "notes").mkdir()
    (folder / "notes" / "mine.txt").write_text("mine")
    head, rest = manifest.read_text().split("\n", 1)
    added = [json.dumps({"of_layout": name}) for name in ("notes/mine.txt", made.files[0])]
    manifest.write_text("\n".join([head, *added, rest]))
    make(tree, folder, request=RESUMED)
    assert (folder / "notes" / "mine.txt").read_text() == "mine"
    shutil.rmtree(folder / "notes")
    assert files_of(folder) == files_of(made.folder)


def test_layouts_that_do_not_suit_are_refused_first(tree: Path, tmp_path: Path) -> None:
    arrays = Recipe(NAMED.sampling, replace(NAMED.pictures, image_format=ImageFormat.NPZ))
    for layout in LAYOUTS:
        form = DataSetForm(LayoutChoice(layouts=(layout,)))
        if layout.name in {"webdataset", "parquet"}:
            layout.check(arrays.pictures)
            continue
        with pytest.raises(SettingsError, match=layout.name):
            export_dataset(arrays, input_videos([str(tree)]), tmp_path / "set", form)
    assert not (tmp_path / "set").exists()


def test_a_data_set_of_nothing_is_an_error(tree: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="None of the videos"):
        make(tree / "dogs" / "bad.mp4", tmp_path / "set")
    with pytest.raises(MissingFileError, match="None of the videos") as raised:
        make(tree / "none.mp4", tmp_path / "set")
    assert raised.value.hint == "There is no file none.mp4."
    assert not (tmp_path / "set").exists()


def test_the_same_video_in_two_splits_is_told(clip: Callable[[str], Path], tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    videos.mkdir()
    for name in ("a", "b", "c", "d"):
        shutil.copy(clip("h264.mp4"), videos / f"{name}.mp4")
    splits = Splits.parse("50/50")
    parts = [splits.split_of(f"{name}.mp4") for name in "abcd"]
    assert len(set(parts)) == 2
    form = DataSetForm(splits=splits, classes=Classes(listed={"a": "x"}, source="list.csv"))
    result = export_dataset(NAMED, input_videos([str(videos)]), tmp_path / "set", form)
    assert sum("the same video" in remark for remark in result.remarks) == len(
        [part for part in parts if part != parts[0]]
    )
    assert any("3 videos are not listed in list.csv" in remark for remark in result.remarks)
    assert {path.name for path in (tmp_path / "set").iterdir()} == {"a", "b", "c", "d", DATASET_NAME}


def test_clips_keep_their_places(clip: Callable[[str], Path], tmp_path: Path) -> None:
    clips = Recipe(
        Sampling(SamplingKind.CLIPS, rate_fps=8, clips=ClipRule(4)),
        ExportSettings(tmp_path, ImageFormat.PNG, compression=1),
    )
    form = DataSetForm(LayoutChoice.parse("webdataset"))
    result = export_dataset(clips, input_videos([str(clip("h264.mp4"))]), tmp_path / "set", form)
    assert result.data is not None
    pictures = list(result.data.pictures())
    assert [(one.clip, one.place, one.line.frame_number) for one in pictures] == [
        (n // 4, n % 4, 3 * n) for n in range(16)
    ]
    assert len({one.key for one in pictures}) == 16


def test_odd_names_make_a_data_set(clip: Callable[[str], Path], tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    names = ["a:b*?.mp4", "new\nline.mp4", "dots.in.name.v2.mp4", "\N{SNOWMAN} \u202egpj.mp4"]
    for place, name in enumerate(names):
        path = videos / f"d {place}." / name
        path.parent.mkdir(parents=True)
        try:
            shutil.copy(clip("h264.mp4"), path)
        except OSError:
            pytest.skip("The drive does not take such names.")
    result = export_dataset(NAMED, input_videos([str(videos)]), tmp_path / "set", FORM)
    assert result.failures == ()
    found = read_dataset(tmp_path / "set")
    assert found.is_ended
    assert sorted(video.name for video in found.data.videos) == sorted(
        f"d {place}./{name}" for place, name in enumerate(names)
    )
    for picture in found.data.pictures():
        assert (tmp_path / "set" / picture.file).is_file()
