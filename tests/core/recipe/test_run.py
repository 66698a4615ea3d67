"""Recipes executed on numbered clips."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from framescope.core.export import run as export_run
from framescope.core.export.run import export_frames
from framescope.core.export.settings import ExportSettings, ImageFormat, OnExisting
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.opencv import cv2
from framescope.core.recipe import run
from framescope.core.recipe.recipe import Recipe
from framescope.core.recipe.run import (
    RunRequest,
    VideoOutcome,
    VideoState,
    run_on_video,
    run_recipe,
)
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.export.result import ExportResult

PNG = ExportSettings(Path(), image_format=ImageFormat.PNG)
EVERY_12TH = Recipe(Sampling(SamplingKind.EVERY_NTH, step=12), PNG)


def numbers_in(folder: Path) -> list[int | None]:
    found = []
    for path in sorted(folder.glob("*.png")):
        picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
        found.append(None if picture is None else read_number(picture.astype(np.uint8)))
    return found


@pytest.fixture
def videos(clip: Callable[[str], Path], tmp_path: Path) -> list[str]:
    """Two good ones with a bad one and a missing one between."""
    first, second, bad = (tmp_path / name for name in ("one.mp4", "two.mkv", "bad.mp4"))
    shutil.copy(clip("h264.mp4"), first)
    shutil.copy(clip("gop_open.mkv"), second)
    bad.write_bytes(b"no video at all" * 100)
    return [str(first), str(bad), str(tmp_path / "gone.mp4"), str(second)]


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_bad_video_never_stops_the_rest(videos: list[str], tmp_path: Path, jobs: int) -> None:
    told: list[tuple[int, VideoState]] = []
    reports: list[Progress] = []
    outcomes = run_recipe(
        EVERY_12TH,
        videos,
        tmp_path / "out",
        request=RunRequest(jobs=jobs),
        progress=reports.append,
        on_outcome=lambda place, outcome: told.append((place, outcome.state)),
    )
    states = [outcome.state for outcome in outcomes]
    assert states == [VideoState.DONE, VideoState.FAILED, VideoState.FAILED, VideoState.DONE]
    assert told == list(enumerate(states))
    assert numbers_in(tmp_path / "out" / "one") == [0, 12, 24, 36]
    assert numbers_in(tmp_path / "out" / "two") == [0, 12, 24, 36]
    assert "gone.mp4" in outcomes[2].sentence
    assert outcomes[0].sentence.startswith("4 frames saved")
    assert [report.done for report in reports] == sorted(report.done for report in reports)
    assert {report.total for report in reports} == {4000}


def test_videos_are_worked_on_side_by_side(
    videos: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, shared = threading.Barrier(2, timeout=60), []

    def export(*arguments: Any, **options: Any) -> ExportResult:  # noqa: ANN401 - handed on as they are
        both.wait()
        shared.append(options["savers"])
        return export_frames(*arguments, **options)

    monkeypatch.setattr(run, "export_frames", export)
    monkeypatch.setattr(export_run, "core_count", lambda: 5)
    good = [videos[0], videos[3]]
    outcomes = run_recipe(EVERY_12TH, good, tmp_path / "out", request=RunRequest(jobs=2))
    assert [outcome.source for outcome in outcomes] == good
    assert {outcome.state for outcome in outcomes} == {VideoState.DONE}
    assert shared[0] is shared[1]
    assert shared[0].cores == 2


def test_a_bug_on_one_video_is_not_swallowed(
    videos: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancel = CancelToken()

    def broken(*_: object, **__: object) -> ExportResult:
        raise ZeroDivisionError

    monkeypatch.setattr(run, "export_frames", broken)
    with pytest.raises(ZeroDivisionError):
        run_recipe(EVERY_12TH, videos, tmp_path / "out", request=RunRequest(jobs=2), cancel=cancel)
    assert cancel.is_cancelled


def test_files_that_are_there_stop_that_video_only(videos: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert run_on_video(EVERY_12TH, videos[0], folder).state is VideoState.DONE
    again = run_on_video(EVERY_12TH, videos[0], folder)
    assert again.state is VideoState.FAILED
    assert "4 of 4 files exist already" in again.sentence
    skipped = run_on_video(EVERY_12TH, videos[0], folder, request=RunRequest(OnExisting.SKIP))
    assert skipped.state is VideoState.DONE
    assert skipped.result is not None
    assert len(skipped.result.skipped) == 4


def test_a_cancelled_run_goes_on_where_it_was(videos: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    cancel = CancelToken()

    def watch(progress: Progress) -> None:
        if progress.text.endswith(".png"):
            cancel.cancel()

    every = Recipe(Sampling(SamplingKind.ALL), PNG)
    outcomes = run_recipe(every, [videos[0], videos[3]], folder, progress=watch, cancel=cancel)
    assert [outcome.state for outcome in outcomes] == [VideoState.CANCELLED] * 2
    assert outcomes[1].result is None
    assert outcomes[1].sentence == "Cancelled."
    assert not (folder / "two").exists()
    outcomes = run_recipe(every, [videos[0], videos[3]], folder, request=RunRequest(resume=True))
    assert [outcome.state for outcome in outcomes] == [VideoState.DONE] * 2
    assert numbers_in(folder / "one") == numbers_in(folder / "two") == list(range(48))


def test_of_several_videos_the_finished_ones_are_only_checked(videos: list[str], tmp_path: Path) -> None:
    folder, resume = tmp_path / "out", RunRequest(resume=True)
    run_on_video(EVERY_12TH, videos[0], folder / "one")
    next((folder / "one").glob("*.png")).unlink()
    for kept in (3, 4):
        first, second = run_recipe(EVERY_12TH, [videos[0], videos[3]], folder, request=resume)
        assert first.state is second.state is VideoState.DONE
        assert first.result is not None
        assert len(first.result.kept) == kept
    assert numbers_in(folder / "one") == numbers_in(folder / "two") == list(range(0, 48, 12))


def test_an_interrupted_export_of_other_frames_is_not_continued(videos: list[str], tmp_path: Path) -> None:
    folder, cancel = tmp_path / "out", CancelToken()

    def watch(progress: Progress) -> None:
        if progress.text.endswith(".png"):
            cancel.cancel()

    run_on_video(Recipe(Sampling(SamplingKind.ALL), PNG), videos[0], folder, progress=watch, cancel=cancel)
    before = numbers_in(folder)
    again = run_on_video(EVERY_12TH, videos[0], folder, request=RunRequest(resume=True))
    assert again.state is VideoState.FAILED
    assert "was started with other frames or settings" in again.sentence
    assert numbers_in(folder) == before


def test_kinds_that_look_at_frames_do_so(videos: list[str], tmp_path: Path) -> None:
    recipe = Recipe(Sampling(SamplingKind.REPRESENTATIVE, representatives=3), PNG)
    shares: list[float] = []

    def watch(progress: Progress) -> None:
        if progress.total:
            shares.append(progress.done / progress.total)

    outcome = run_on_video(recipe, videos[0], tmp_path / "out", progress=watch)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert outcome.state is VideoState.DONE
    assert len(numbers_in(tmp_path / "out")) == 3


def test_a_recipe_that_fits_no_frame_says_so(videos: list[str], tmp_path: Path) -> None:
    nothing = Recipe(Sampling(SamplingKind.LIST, listed="10:10"), PNG)
    outcome = run_on_video(nothing, videos[0], tmp_path / "out")
    assert outcome.state is VideoState.FAILED
    far = Recipe(Sampling(SamplingKind.LIST, listed="4000"), PNG)
    assert run_on_video(far, videos[0], tmp_path / "out").state is VideoState.FAILED


def test_states_without_a_result_have_words() -> None:
    waiting = VideoOutcome("a.mp4", Path("a"), VideoState.WAITING)
    assert waiting.sentence == ""


def test_damage_and_what_files_do_not_keep_are_told_of_each_video(
    clip: Callable[[str], Path], tmp_path: Path
) -> None:
    jpeg = Recipe(EVERY_12TH.sampling, ExportSettings(Path()))
    every = Recipe(Sampling(SamplingKind.ALL), PNG)
    broken = run_on_video(every, str(clip("damaged_middle.mp4")), tmp_path / "broken")
    deep = run_on_video(jpeg, str(clip("ten_bit.mp4")), tmp_path / "deep")
    assert (broken.state, broken.has_damage) == (VideoState.DONE, True)
    assert " damaged" in broken.sentence
    assert not deep.has_damage
    assert "8 of the source’s 10 bits" in deep.sentence
