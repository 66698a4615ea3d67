"""Exports of many videos from a script, continued and checked."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

import framescope
from framescope import CancelToken, SettingsError
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def videos(plain_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two copies of one clip, and a file that is no video."""
    folder = tmp_path_factory.mktemp("videos")
    for name in ("a.mp4", "b.mp4"):
        shutil.copyfile(plain_clip, folder / name)
    (folder / "c.mp4").write_bytes(b"no video")
    return folder


def test_a_folder_of_videos(videos: Path, tmp_path: Path) -> None:
    rule = {"every": 8, "exclude": "0:10", "at_most": 3}
    outcomes = framescope.export_many(videos, tmp_path, rule, jobs=2, image_format="png", compression=1)
    assert [outcome.state.value for outcome in outcomes] == ["done", "done", "failed"]
    assert isinstance(outcomes[2].error, framescope.OpenError)
    for outcome in outcomes[:2]:
        assert outcome.result is not None
        for written in outcome.result.written:
            pixels = np.asarray(Image.open(written.path).convert("RGB"))
            assert read_number(pixels) == written.frame_number
        assert [one.frame_number for one in outcome.result.written] == [16, 32, 40]
    report = framescope.verify(tmp_path / "a", videos / "b.mp4")
    assert (report.is_good, report.frames_compared) == (True, 3)
    whole = framescope.verify(tmp_path)
    assert (whole.is_good, whole.exports, whole.files_told) == (True, 2, 6)
    with pytest.raises(SettingsError):
        framescope.verify(tmp_path, videos / "b.mp4")
    lost = next((tmp_path / "a").glob("*.png"))
    lost.unlink()
    assert not framescope.verify(tmp_path / "a").is_good
    # What the command line says of each folder, in one report.
    (finding,) = framescope.verify(tmp_path).findings
    assert (finding.kind.value, finding.file) == ("missing", f"a/{lost.name}")


def test_an_interrupted_export_is_continued(plain_clip: Path, tmp_path: Path) -> None:
    cancel = CancelToken()

    with framescope.open_video(plain_clip) as video:
        begun = framescope.export(
            video, tmp_path, {"every": 2}, quality=70, progress=lambda _report: cancel.cancel(), cancel=cancel
        )
    assert begun.cancelled
    result = framescope.resume(plain_clip, tmp_path)
    assert result.is_complete
    assert len(result.kept) + len(result.written) == 24
    assert framescope.verify(tmp_path, plain_clip).is_good


def test_a_recipe(videos: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "few.toml"
    recipe.write_text(
        'framescope_recipe = 1\n[frames]\nkind = "spread"\ncount = 5\n[frames.refine]\nexcluded = "47"\n',
        encoding="utf-8",
    )
    (outcome,) = framescope.export_many([videos / "a.mp4"], tmp_path / "out", recipe)
    assert outcome.result is not None
    assert [one.frame_number for one in outcome.result.written] == [0, 12, 24, 35]
    with pytest.raises(SettingsError, match="recipe"):
        framescope.export_many(videos, tmp_path / "out", recipe, quality=3)


@pytest.mark.parametrize(
    ("rule", "options"),
    [
        ({}, {}),
        ({"evry": 3}, {}),
        ({"every": 3}, {"jobs": 0}),
        ({"every": 3}, {"existing": "bogus"}),
        ({"every": 3}, {"counting": "guess"}),
        ({"every": 3}, {"qualty": 3}),
        ({"every": 3}, {"folders": "{nothing}"}),
    ],
)
def test_what_makes_no_sense_is_refused(
    videos: Path, tmp_path: Path, rule: dict[str, Any], options: dict[str, Any]
) -> None:
    with pytest.raises(SettingsError):
        framescope.export_many(videos, tmp_path / "out", rule, **options)
    assert not (tmp_path / "out").exists()


def test_there_must_be_a_video(tmp_path: Path) -> None:
    with pytest.raises(framescope.MissingFileError):
        framescope.export_many(tmp_path, tmp_path, {"every": 3})
    for sources in ([], tmp_path, tmp_path / "none.mp4", [tmp_path / "none.mp4", tmp_path / "no.mkv"]):
        with pytest.raises(framescope.MissingFileError, match=r"There is no video|None of the videos"):
            framescope.export_dataset(sources, tmp_path / "set", {"every": 3})


def test_what_to_do_is_said_for_every_way_to_call_it(videos: Path, tmp_path: Path) -> None:
    frames: dict[str, Any] = {"every": 24}
    framescope.export_dataset(videos / "a.mp4", tmp_path / "set", frames)
    with pytest.raises(framescope.TargetExistsError) as raised:
        framescope.export_dataset(videos / "a.mp4", tmp_path / "set", frames)
    # Options are the command line's: from Python, they are arguments.
    assert "--" not in raised.value.hint
    assert "Resume" in raised.value.hint
    (outcome,) = framescope.export_many(videos / "a.mp4", tmp_path / "many", {**frames, "exclude": "0:48"})
    assert "No frames of a.mp4 are selected" in str(outcome.error)


def test_a_data_set_in_one_call(videos: Path, tmp_path: Path) -> None:
    told: list[framescope.Progress] = []
    made = framescope.export_dataset(
        videos,
        tmp_path / "set",
        {"every": 24},
        layout="coco,webdataset",
        split="1/1",
        classes={"a": "cat", "b.mp4": "dog"},
        shard=3,
        jobs=2,
        progress=told.append,
        resize="80x60",
    )
    assert made.picture_count == 4
    assert [failure.name for failure in made.failures] == ["c.mp4"]
    assert made.data is not None
    assert [(one.name, one.class_name) for one in made.data.videos] == [("a.mp4", "cat"), ("b.mp4", "dog")]
    assert (3000, 3000) in {(one.done, one.total) for one in told}
    assert len(list((tmp_path / "set" / "webdataset").iterdir())) == 2
    picture = np.asarray(Image.open(tmp_path / "set" / "images" / "a" / "a_000024.jpg"))
    assert (picture.shape, read_number(picture)) == ((60, 80, 3), 24)
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(framescope.Cancelled):
        framescope.export_dataset(videos, tmp_path / "none", {"every": 24}, cancel=cancel)
    for options in ({"layout": "coko"}, {"split": "80"}, {"shard": 0}, {"packed": True}, {"jobs": 0}):
        with pytest.raises(SettingsError):
            framescope.export_dataset(videos, tmp_path / "none", {"every": 24}, **options)
    assert not (tmp_path / "none").exists()


def test_the_range_applies_to_every_video(videos: Path, tmp_path: Path) -> None:
    rule = {"every": 10}
    made = framescope.export_many(videos, tmp_path / "out", rule, in_point=5, out_point="1.0s")
    for outcome in made[:2]:
        assert outcome.result is not None
        assert [one.frame_number for one in outcome.result.written] == [5, 15]
    made = framescope.export_many(videos, tmp_path / "few", {"per_scene": 2}, in_point=-9)
    numbers = [[one.frame_number for one in outcome.result.written] for outcome in made if outcome.result]
    assert len(numbers) == 2
    assert all(39 <= number < 48 for few in numbers for number in few)
    for given in ({"in_point": "soon"}, {"in_point": 5}, {"in_point": 2.5}, {"in_point": 9, "out_point": 3}):
        frames = {"frames": "3,9"} if given["in_point"] == 5 else rule
        with pytest.raises(SettingsError):
            framescope.export_dataset(videos, tmp_path / "none", frames, **given)


def test_marked_frames_of_every_video(videos: Path, tmp_path: Path) -> None:
    (tmp_path / "marks").mkdir()
    for name, marked in (("a", (3, 20)), ("b", (7,))):
        lines = ["frame_number", *map(str, marked)]
        (tmp_path / "marks" / f"{name}.csv").write_text("\n".join(lines) + "\n")
    made = framescope.export_many(videos, tmp_path / "out", marks=tmp_path / "marks")
    numbers = [[one.frame_number for one in outcome.result.written] for outcome in made if outcome.result]
    assert numbers == [[3, 20], [7]]
    one = framescope.export_dataset(
        videos / "a.mp4", tmp_path / "one", marks=tmp_path / "marks" / "b.csv", layout="coco"
    )
    assert one.picture_count == 1
    wrong: tuple[dict[str, Any], ...] = (
        {},
        {"frames": {"every": 3}, "marks": tmp_path / "marks"},
        {"marks": tmp_path / "marks", "in_point": 3},
        {"marks": tmp_path / "marks" / "b.csv"},
    )
    for given in wrong:
        with pytest.raises(SettingsError):
            framescope.export_many(videos, tmp_path / "none", **given)
    assert not (tmp_path / "none").exists()


def test_a_cluster_that_is_not_there_is_told(videos: Path, tmp_path: Path) -> None:
    with pytest.raises(framescope.ClusterError, match="There is no scheduler at"):
        framescope.export_many(videos, tmp_path / "out", {"every": 24}, cluster="tcp://127.0.0.1:9")
