"""The jobs of the fragment panel, on a real clip."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Region
from framescope.core.fragments.join import JoinRequest
from framescope.core.fragments.store import FragmentStore
from framescope.ui.panels.fragments.run import FragmentRun
from framescope.ui.widgets.save_target import Target
from tests.clips.truth import true_frames
from tests.core.fragments.fragment_examples import LOSSLESS
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

PATIENCE_MS = 60_000


@pytest.fixture
def session(qtbot: QtBot, plain_clip: Path) -> Iterator[RunningController]:
    del qtbot
    controller = RunningController()
    controller.open()
    controller.source = str(plain_clip)
    yield controller
    controller.end()


@pytest.fixture
def run(session: RunningController) -> FragmentRun:
    return FragmentRun(session.as_controller())


def wait(qtbot: QtBot, run: FragmentRun) -> None:
    qtbot.waitUntil(lambda: not run.is_running, timeout=PATIENCE_MS)
    assert run.error == ""


def test_split_verify_measure_and_join(
    qtbot: QtBot, run: FragmentRun, plain_clip: Path, tmp_path: Path
) -> None:
    store, out = tmp_path / "store", tmp_path / "out.mkv"
    words_at_changes: list[str] = []
    run.changed.connect(lambda: words_at_changes.append(run.words))
    run.split_into(store, LOSSLESS)
    assert run.is_running
    wait(qtbot, run)
    assert (run.made, run.is_store_made) == (store, True)
    assert "24 fragments" in run.words
    # Whoever hears of the end finds what it came to.
    assert words_at_changes == ["", run.words]
    run.verify(store)
    wait(qtbot, run)
    assert run.words == "All 24 fragments are intact."
    assert run.faults == ()
    with FragmentStore(store) as opened:
        manifest = opened.manifest
    run.measure_seams(store, manifest)
    wait(qtbot, run)
    assert run.seams is not None
    assert len(run.seams) == 7
    run.join_into(store, Target(out, replaces=False))
    wait(qtbot, run)
    assert (run.made, run.is_store_made) == (out, False)
    assert [one.digest for one in true_frames(out)] == [one.digest for one in true_frames(plain_clip)]
    run.join_into(
        store, Target(tmp_path / "part.mkv", replaces=False), JoinRequest(Region(0, 0, 40, 40), range(5))
    )
    wait(qtbot, run)
    assert len(true_frames(tmp_path / "part.mkv")) == 5


def test_a_sweep_belongs_to_its_source(qtbot: QtBot, run: FragmentRun, session: RunningController) -> None:
    run.try_cuts(replace(LOSSLESS, codec=FragmentCodec.MJPEG, most_frames=6))
    wait(qtbot, run)
    assert run.swept is not None
    assert run.swept.frames == 6
    session.open()
    assert run.swept is None


def test_failures_are_kept_and_work_can_be_cancelled(qtbot: QtBot, run: FragmentRun, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear", encoding="utf-8")
    run.split_into(tmp_path / "full", LOSSLESS)
    qtbot.waitUntil(lambda: not run.is_running, timeout=PATIENCE_MS)
    assert "not empty" in run.error
    run.split_into(tmp_path / "store", LOSSLESS)
    run.cancel()
    qtbot.waitUntil(lambda: not run.is_running, timeout=PATIENCE_MS)
    run.split_into(tmp_path / "store", LOSSLESS)
    wait(qtbot, run)
    assert "24 fragments" in run.words
