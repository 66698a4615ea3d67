"""The queue behind its dialog, with real exports."""

from __future__ import annotations

import shutil
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.recipe import run
from framescope.core.recipe.recipe import Recipe
from framescope.core.recipe.run import RunRequest, VideoOutcome, VideoState
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.ui.queue import runner as queue_runner
from framescope.ui.queue.runner import QueueItem, QueueRunner, outcome_counts
from tests.ui.clip.session import PATIENCE_MS
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

RECIPE = Recipe(
    Sampling(SamplingKind.EVERY_NTH, step=16), ExportSettings(Path(), image_format=ImageFormat.PNG)
)


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[RunningController]:
    del qtbot
    controller = RunningController()
    yield controller
    controller.runner.close()


@pytest.fixture
def queue(session: RunningController) -> QueueRunner:
    return QueueRunner(session.as_controller(), "queueDialog")


@pytest.fixture
def sources(clip: Callable[[str], Path], tmp_path: Path) -> list[str]:
    for name, source in (("one.mp4", "h264.mp4"), ("two.mkv", "h264.mkv")):
        shutil.copy(clip(source), tmp_path / name)
    (tmp_path / "bad.mp4").write_bytes(b"nothing" * 50)
    return [str(tmp_path / name) for name in ("one.mp4", "bad.mp4", "two.mkv")]


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """No video is begun before it is set: what is stopped until then is stopped before its end."""
    event = Event()

    def wait_and_run(*arguments: Any, **more: Any) -> VideoOutcome:  # noqa: ANN401 - handed on
        event.wait()
        return run.run_on_video(*arguments, **more)

    monkeypatch.setattr(queue_runner, "run_on_video", wait_and_run)
    yield event
    event.set()


def states(queue: QueueRunner) -> list[VideoState]:
    return [item.state for item in queue.items]


def wait(qtbot: QtBot, queue: QueueRunner) -> None:
    qtbot.waitUntil(lambda: not queue.is_running, timeout=PATIENCE_MS)


def test_what_is_added_while_it_runs_waits_for_the_next_run(
    qtbot: QtBot, queue: QueueRunner, sources: list[str], tmp_path: Path
) -> None:
    queue.add(sources[:1])
    queue.start(RECIPE, tmp_path / "out", RunRequest())
    assert queue.is_running
    assert queue.add(sources[2:]) == 1
    wait(qtbot, queue)
    assert states(queue) == [VideoState.DONE, VideoState.WAITING]
    queue.start(RECIPE, tmp_path / "out", RunRequest())
    wait(qtbot, queue)
    assert states(queue) == [VideoState.DONE, VideoState.DONE]


def test_every_video_gets_its_outcome(
    qtbot: QtBot, queue: QueueRunner, sources: list[str], tmp_path: Path
) -> None:
    assert queue.add([*sources, sources[0]]) == 3
    assert queue.waiting_count == 3
    queue.start(RECIPE, tmp_path / "out", RunRequest())
    assert queue.is_running
    wait(qtbot, queue)
    assert states(queue) == [VideoState.DONE, VideoState.FAILED, VideoState.DONE]
    assert [item.share for item in queue.items] == [1.0, 0.0, 1.0]
    assert queue.items[0].words == "3 frames saved"
    assert queue.items[0].folder == tmp_path / "out" / "one"
    assert len(list((tmp_path / "out" / "two").glob("*.png"))) == 3
    assert queue.unfinished_count == 1


def test_only_what_was_interrupted_is_offered_at_the_next_start(
    qtbot: QtBot,
    session: RunningController,
    queue: QueueRunner,
    gate: Event,
    sources: list[str],
) -> None:
    out = Path(sources[0]).parent / "out"
    kept = session.unfinished._settings  # noqa: SLF001 - what the next start reads
    queue.add(sources)
    queue.start(RECIPE, out, RunRequest())
    queue.stop(2)
    gate.set()
    wait(qtbot, queue)
    assert states(queue) == [VideoState.DONE, VideoState.FAILED, VideoState.CANCELLED]
    assert len(kept.unfinished_work) == 1
    queue.start(RECIPE, out, RunRequest(resume=True))
    wait(qtbot, queue)
    assert states(queue) == [VideoState.DONE, VideoState.FAILED, VideoState.DONE]
    assert kept.unfinished_work == {}


def test_what_is_done_is_not_done_again_and_what_failed_is_tried(
    qtbot: QtBot, queue: QueueRunner, sources: list[str], tmp_path: Path, clip: Callable[[str], Path]
) -> None:
    queue.add(sources)
    queue.start(RECIPE, tmp_path / "out", RunRequest())
    wait(qtbot, queue)
    before = (tmp_path / "out" / "one" / "one_000000.png").stat().st_mtime_ns
    shutil.copy(clip("h264.mp4"), sources[1])
    queue.start(RECIPE, tmp_path / "out", RunRequest(resume=True))
    wait(qtbot, queue)
    assert states(queue) == [VideoState.DONE] * 3
    assert (tmp_path / "out" / "one" / "one_000000.png").stat().st_mtime_ns == before


def test_one_can_be_stopped_and_the_rest_goes_on(
    qtbot: QtBot, queue: QueueRunner, gate: Event, sources: list[str], tmp_path: Path
) -> None:
    queue.add(sources)
    queue.start(RECIPE, tmp_path / "out", RunRequest())
    # The first is under way, the last waits.
    queue.stop(0)
    queue.stop(2)
    gate.set()
    wait(qtbot, queue)
    assert states(queue) == [VideoState.CANCELLED, VideoState.FAILED, VideoState.CANCELLED]
    assert queue.items[2].words == "Not started."
    queue.start(RECIPE, tmp_path / "out", RunRequest(resume=True))
    wait(qtbot, queue)
    assert states(queue) == [VideoState.DONE, VideoState.FAILED, VideoState.DONE]


def test_all_can_be_stopped(
    qtbot: QtBot, queue: QueueRunner, gate: Event, sources: list[str], tmp_path: Path
) -> None:
    queue.add(sources)
    queue.start(RECIPE, tmp_path / "out", RunRequest())
    queue.stop_all()
    gate.set()
    wait(qtbot, queue)
    assert states(queue) == [VideoState.CANCELLED] * 3


def test_closing_the_session_begins_nothing_more(
    qtbot: QtBot, session: RunningController, queue: QueueRunner, sources: list[str], tmp_path: Path
) -> None:
    queue.add(sources)
    queue.start(RECIPE, tmp_path / "out", RunRequest())
    # Whether the first was done just then or not: no job is left, and the last one was never begun.
    session.runner.close()
    wait(qtbot, queue)
    assert session.runner.jobs == ()
    assert VideoState.RUNNING not in states(queue)
    assert not (tmp_path / "out" / "two").exists()


def test_a_bug_in_one_is_told_and_the_rest_goes_on(
    qtbot: QtBot, queue: QueueRunner, sources: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from framescope.core.errors import FrameScopeError  # noqa: PLC0415

    def broken(recipe: Recipe, source: str, *arguments: object, **more: object) -> object:
        if source == sources[0]:
            raise FrameScopeError("it broke")
        return run.run_on_video(recipe, source, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(queue_runner, "run_on_video", broken)
    queue.add([sources[0], sources[2]])
    queue.start(RECIPE, tmp_path / "out", RunRequest())
    wait(qtbot, queue)
    assert states(queue) == [VideoState.FAILED, VideoState.DONE]
    assert queue.items[0].words == "it broke"


def test_videos_can_be_taken_out(queue: QueueRunner) -> None:
    queue.add(["a.mp4", "b.mp4", "https://host/c.mp4"])
    queue.remove([0])
    assert [item.name for item in queue.items] == ["b.mp4", "https://host/c.mp4"]


def test_outcomes_are_counted_in_words() -> None:
    items = [
        QueueItem("a", VideoState.DONE),
        QueueItem("b", VideoState.FAILED),
        QueueItem("c", VideoState.DONE),
    ]
    assert outcome_counts(items) == "3 videos: 2 done, 1 failed"
    assert outcome_counts(items[:1]) == "1 video: 1 done"
    assert outcome_counts([]) == ""


def test_damaged_pictures_are_no_plain_success(
    qtbot: QtBot, queue: QueueRunner, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    queue.add([str(clip("damaged_middle.mp4"))])
    every = Recipe(Sampling(SamplingKind.ALL), RECIPE.pictures)
    with qtbot.waitSignal(queue.ended, timeout=PATIENCE_MS) as ended:
        queue.start(every, tmp_path / "out", RunRequest())
    assert ended.args == ["1 video: 1 done, 1 with damaged frames", "warning"]
    assert queue.items[0].has_damage
    assert " damaged" in queue.items[0].words
