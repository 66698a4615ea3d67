"""An audit of one file, from the public door to the verdicts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import framescope
from framescope.core.audit.child_process import Limits
from framescope.core.audit.file_audit import AuditSettings, audit, run_audit
from framescope.core.audit.records import FileAudit, TrialState, VerdictKind
from framescope.core.audit.requests import ORDERS, Order, RequestSet, parse_requests
from framescope.core.errors import SettingsError
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.opencv import cv2
from tests.core.audit import fake_engines as fakes

if TYPE_CHECKING:
    from pathlib import Path


PATIENT: dict[str, Any] = {"sequence_s": 600.0, "seek_s": 600.0}
"""A quick trial on a machine that may be slow."""


def with_fakes(*engines: type[fakes.Honest], **changes: object) -> AuditSettings:
    settings = AuditSettings(catalogue=tuple(fakes.spec_of(one) for one in engines))
    return replace(settings, **changes)  # type: ignore[arg-type] # names of its fields


def test_framescope_is_exact_in_every_order(plain_clip: Path) -> None:
    found = framescope.audit(plain_clip, engines=["framescope"], requests="all")
    trial = found.trial("framescope")
    assert trial.is_exact
    assert {one.order for one in trial.requests} == set(ORDERS)
    assert {one.frame_number for one in trial.requests if one.order is Order.BACKWARD} == set(range(48))
    assert not found.is_quick
    assert found.asked == 48
    assert "48 of 48 frames chosen, in 4 orders, each requested twice." in found.coverage


def test_a_quick_trial_says_what_it_covers(plain_clip: Path) -> None:
    found = run_audit(plain_clip, AuditSettings(engines=("pyav",), **PATIENT))
    assert found.is_quick
    assert found.coverage.startswith("Quick trial: ")
    assert found.trial("pyav").verdict.kind is VerdictKind.LANDS_ON_KEYFRAMES
    assert found.facts is not None
    assert found.facts.keyframes.tolist() == [0, 12, 24, 36]


def test_frames_that_an_engine_shows_twice_are_compared_with_the_true_ones(plain_clip: Path) -> None:
    trial = run_audit(plain_clip, with_fakes(fakes.Padding, **fakes.NO_HURRY)).trials[0]
    assert trial.verdict.kind is VerdictKind.CANNOT_READ
    assert "its frames 5 to 6 are one and the same" in trial.verdict.sentence


def test_each_misbehaviour_is_a_row_of_its_own(plain_clip: Path) -> None:
    engines = (fakes.Honest, fakes.Crashing, fakes.Greedy)
    found = run_audit(
        plain_clip,
        with_fakes(*engines, limits=Limits(memory_bytes=fakes.MEMORY_LIMIT_BYTES), **fakes.NO_HURRY),
    )
    states = {trial.engine: trial.state for trial in found.trials}
    assert states == {
        "honest": TrialState.DONE,
        "crashing": TrialState.CRASHED,
        "greedy": TrialState.OUT_OF_MEMORY,
    }
    assert found.trial("honest").is_exact
    for name in ("crashing", "greedy"):
        assert found.trial(name).verdict.kind is VerdictKind.CANNOT_READ


def test_a_hang_is_a_row(plain_clip: Path) -> None:
    # Alone: on a starved machine an honest engine may be silent for so short a time as well.
    found = run_audit(plain_clip, with_fakes(fakes.Hanging, limits=Limits(silence_s=1.0), **fakes.NO_HURRY))
    hanging = found.trial("hanging")
    assert (hanging.state, hanging.verdict.kind) == (TrialState.HUNG, VerdictKind.CANNOT_READ)


def test_a_library_that_shows_nothing_is_seen_through(plain_clip: Path) -> None:
    found = run_audit(plain_clip, with_fakes(fakes.Blind, fakes.Forgetful, **fakes.NO_HURRY))
    assert found.trial("blind").verdict.kind is VerdictKind.CANNOT_READ
    assert found.trial("forgetful").verdict.kind is VerdictKind.UNSTABLE


def test_a_film_that_stands_still_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "still.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for _ in range(10):
        writer.write(np.full((48, 64, 3), 90, np.uint8))
    writer.release()
    found = audit(path, engines=["opencv", "framescope"], requests="all")
    assert {trial.verdict.kind for trial in found.trials} == {VerdictKind.TRUSTWORTHY}


def test_a_file_that_cannot_be_opened_is_an_answer(tmp_path: Path) -> None:
    found = audit(tmp_path / "missing.mp4")
    assert "missing.mp4" in found.error
    assert found.trials == ()


def test_frames_behind_the_end_are_an_answer(plain_clip: Path) -> None:
    found = audit(plain_clip, engines=["framescope"], requests="48:60")
    assert "it has 48, counted from 0" in found.error
    assert found.trials == ()


@pytest.mark.parametrize("wrong", [{"engines": ["gstreamer"]}, {"requests": "some"}])
def test_wrong_settings_are_refused(wrong: dict[str, str], plain_clip: Path) -> None:
    with pytest.raises(SettingsError):
        audit(plain_clip, **wrong)  # type: ignore[arg-type] # one of several options


def test_cancelling_keeps_what_is_there(plain_clip: Path) -> None:
    cancel = CancelToken()

    def stop(update: FileAudit) -> None:
        if update.trials[0].state is TrialState.DONE:
            cancel.cancel()

    settings = with_fakes(fakes.Honest, fakes.Hanging, jobs=1, **fakes.NO_HURRY)
    found = run_audit(plain_clip, settings, cancel=cancel, on_update=stop)
    assert found.trial("honest").is_exact
    assert found.trial("hanging").state is TrialState.CANCELLED
    assert found.was_cancelled


def test_progress_and_updates_come(plain_clip: Path) -> None:
    progress: list[Progress] = []
    updates: list[FileAudit] = []
    run_audit(
        plain_clip,
        with_fakes(fakes.Honest, fakes.Late, jobs=1, **fakes.NO_HURRY),
        progress=progress.append,
        on_update=updates.append,
    )
    starting = [one.text for one in progress if "starting…" in one.text]
    assert starting[0] == "Honest: starting… (0 of 2 engines done)"
    assert any("Late: requested" in one.text for one in progress)
    assert "(2 of 2 engines done)" in progress[-1].text
    assert progress[-1].done == progress[-1].total
    assert [trial.engine for trial in updates[-1].trials] == ["honest", "late"]
    assert updates[-1].trial("late").verdict.kind is VerdictKind.OFF_BY_CONSTANT


def test_only_quick_trials_have_little_time() -> None:
    assert AuditSettings.of(RequestSet()).is_quick
    full = AuditSettings.of(parse_requests("all"), seed=3)
    assert (full.is_quick, full.jobs, full.seed) == (False, 1, 3)


def test_the_seed_decides_the_order(plain_clip: Path) -> None:
    def order(seed: int) -> list[int]:
        found = audit(plain_clip, engines=["framescope"], requests="12", orders=["shuffled"], seed=seed)
        return [one.frame_number for one in found.trial("framescope").requests]

    assert order(1) == order(1) != order(2)
