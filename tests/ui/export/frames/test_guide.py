"""Analysing frames for the dialog, and showing the choice on the timeline, on a real session."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton

from framescope.core.export.settings import ExportSettings
from framescope.core.opencv import cv2
from framescope.core.sampling.sampling import Sampling, SamplingKind, Viewpoint
from framescope.core.synth.number_blocks import read_number
from framescope.session.settings import Settings
from framescope.session.state import NO_CHOICE
from framescope.ui.export.dialog import ExportDialog
from framescope.ui.export.frames import guide as export_frames_guide
from framescope.ui.export.frames.guide import FramesGuide
from framescope.ui.export.frames.kinds import KindBox
from framescope.ui.export.frames.section import FramesSection
from framescope.ui.export.survey import ExportDraft, FilesChoice, Survey, survey
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def section(qtbot: QtBot, theme: ThemeSource) -> FramesSection:
    widget = FramesSection(theme)
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def guide(live: Controller, section: FramesSection) -> FramesGuide:
    return FramesGuide(live, section)


def draft_of(guide: FramesGuide, controller: Controller, sampling: Sampling) -> ExportDraft:
    assert controller.info is not None
    assert controller.index is not None
    files = FilesChoice(str(Path.cwd()))
    return guide.fill(
        ExportDraft(controller.info, controller.index, Viewpoint(), sampling, ExportSettings(Path()), files)
    )


def look(qtbot: QtBot, guide: FramesGuide, section: FramesSection) -> None:
    with qtbot.waitSignal(guide.changed):
        section.look.wanted.emit()
        assert section.look.is_running
    assert not section.look.is_running


def test_the_frames_are_looked_at_once(
    qtbot: QtBot, guide: FramesGuide, live: Controller, section: FramesSection
) -> None:
    scenes = Sampling(SamplingKind.SCENES)
    assert draft_of(guide, live, scenes).unseen == range(48)
    look(qtbot, guide, section)
    draft = draft_of(guide, live, scenes)
    assert len(draft.unseen) == 0
    numbers = survey(draft).numbers
    assert numbers is not None
    # The clip's second scene begins half-way.
    assert numbers.tolist() == [0, 24]
    assert len(draft_of(guide, live, Sampling(SamplingKind.DISTINCT)).unseen) == 0


def test_stopping_leaves_it_as_it_was(
    qtbot: QtBot,
    guide: FramesGuide,
    live: Controller,
    section: FramesSection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop_at_once(*_arguments: object, cancel: object, **_named: object) -> None:
        while True:
            cancel.raise_if_cancelled()  # type: ignore[attr-defined]

    monkeypatch.setattr(export_frames_guide, "measure_content", stop_at_once)
    draft_of(guide, live, Sampling(SamplingKind.SCENES))
    section.look.wanted.emit()
    section.look.stopped.emit()
    qtbot.waitUntil(lambda: not section.look.is_running)
    assert draft_of(guide, live, Sampling(SamplingKind.SCENES)).unseen == range(48)


def test_a_file_that_is_gone_is_said_where_the_work_is(
    qtbot: QtBot, guide: FramesGuide, live: Controller, section: FramesSection, tmp_path: Path
) -> None:
    draft = draft_of(guide, live, Sampling(SamplingKind.SCENES))
    guide.fill(replace(draft, info=replace(draft.info, source=str(tmp_path / "gone.mp4"))))
    section.look.show_unseen(range(48))
    section.look.wanted.emit()
    qtbot.waitUntil(lambda: not section.look.is_running)
    assert "gone.mp4" in section.look.text


def test_the_choice_is_on_the_timeline_while_the_dialog_is_seen(guide: FramesGuide, live: Controller) -> None:
    chosen = Survey(
        {SamplingKind.SCENES: 2},
        SamplingKind.SCENES,
        numbers=np.array([0, 24], np.int64),
        scene_cuts=np.array([24], np.int64),
    )
    guide.show_survey(chosen)
    assert live.choice is NO_CHOICE
    guide.set_active(active=True)
    guide.show_survey(chosen)
    assert live.choice.frame_numbers.tolist() == [0, 24]
    assert live.choice.scene_cuts.tolist() == [24]
    guide.show_survey(Survey({}, SamplingKind.MARKED))
    assert len(live.choice.frame_numbers) == 0
    guide.set_active(active=False)
    assert live.choice is NO_CHOICE


def test_the_chosen_frames_can_be_marked(
    guide: FramesGuide, live: Controller, section: FramesSection
) -> None:
    guide.set_active(active=True)
    chosen = Survey({SamplingKind.ALL: 2}, SamplingKind.ALL, numbers=np.array([0, 24], np.int64))
    section.show_survey(chosen)
    guide.show_survey(chosen)
    part(section, QPushButton, "exportMark").click()
    assert live.marks == (0, 24)
    section.show_survey(Survey({SamplingKind.MARKED: 2}, SamplingKind.MARKED))
    assert part(section, QPushButton, "exportMark").isHidden()


def test_the_speed_of_the_video_is_measured_once(qtbot: QtBot, guide: FramesGuide, live: Controller) -> None:
    with qtbot.waitSignal(guide.changed):
        guide.set_active(active=True)
    assert draft_of(guide, live, Sampling()).frames_per_s > 0
    started: list[object] = []
    live.job_started.connect(started.append)
    guide.set_active(active=False)
    guide.set_active(active=True)
    assert started == []


def test_another_video_is_looked_at_anew(
    qtbot: QtBot, guide: FramesGuide, live: Controller, section: FramesSection
) -> None:
    draft_of(guide, live, Sampling(SamplingKind.SCENES))
    look(qtbot, guide, section)
    before = live.index
    live.reopen_source()
    qtbot.waitUntil(lambda: live.index is not None and live.index is not before and live.index.complete)
    assert draft_of(guide, live, Sampling(SamplingKind.SCENES)).unseen == range(48)


def test_scenes_are_exported_from_the_dialog(
    qtbot: QtBot, live: Controller, theme: ThemeSource, tmp_path: Path
) -> None:
    dialog = ExportDialog(live, theme, Settings())
    qtbot.addWidget(dialog)
    dialog.show()
    start = part(dialog, QPushButton, "exportStart")
    part(dialog, QLineEdit, "exportFolder").setText(str(tmp_path / "frames"))
    part(dialog, KindBox, "exportKind").choose(SamplingKind.SCENES)
    look = part(dialog, QPushButton, "exportLookStart")
    qtbot.waitUntil(lambda: look.isVisibleTo(dialog))
    assert not start.isEnabled()
    look.click()
    qtbot.waitUntil(lambda: start.text() == "Export 2 frames" and start.isEnabled())
    assert live.choice.scene_cuts.tolist() == [24]
    start.click()
    qtbot.waitUntil(lambda: part(dialog, QPushButton, "exportBack").isVisibleTo(dialog))
    pictures = sorted((tmp_path / "frames").glob("*.jpg"))
    encoded = [np.frombuffer(path.read_bytes(), np.uint8) for path in pictures]
    numbers = [read_number(np.asarray(cv2.imdecode(one, cv2.IMREAD_COLOR), np.uint8)) for one in encoded]
    assert numbers == [0, 24]
    dialog.close()
    assert live.choice is NO_CHOICE
