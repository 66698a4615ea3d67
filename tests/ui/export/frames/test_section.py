"""Choosing frames."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QSpinBox

from framescope.core.sampling.rate import ClipRule
from framescope.core.sampling.read_cost import estimate_reading
from framescope.core.sampling.refinement import Refinement
from framescope.core.sampling.sampling import Sampling, SamplingKind, WindowUnit
from framescope.core.sampling.scenes import SceneDetector, SceneRule
from framescope.ui.export.frames.section import FramesSection
from framescope.ui.export.survey import Survey
from tests.core.sampling.indexes import make_index
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def section(qtbot: QtBot, theme: ThemeSource) -> FramesSection:
    widget = FramesSection(theme)
    qtbot.addWidget(widget)
    return widget


def text_of(section: FramesSection, name: str) -> str:
    """What a label says; nothing while it is hidden."""
    label = part(section, QLabel, name)
    return "" if label.isHidden() else label.text()


def test_it_starts_with_this_frame(section: FramesSection) -> None:
    assert section.sampling == Sampling()


@pytest.mark.parametrize("kind", list(SamplingKind))
def test_what_is_chosen_is_what_was_shown(section: FramesSection, kind: SamplingKind) -> None:
    sampling = Sampling(
        kind,
        7,
        2.5,
        9,
        "1,5:8",
        only_in_out=True,
        rate_fps=3.5,
        clips=ClipRule(8, 4, 2),
        scenes=SceneRule(SceneDetector.HASH, hash=0.41, shortest=3),
        window=24.0,
        window_unit=WindowUnit.FRAMES,
        distance=9,
        anywhere=True,
        representatives=5,
    )
    section.choose(sampling)
    assert section.sampling == sampling
    assert section.kinds.kind is kind


def test_each_kind_is_explained(section: FramesSection) -> None:
    stories = set()
    for kind in SamplingKind:
        section.choose(Sampling(kind))
        stories.add(text_of(section, "exportStory"))
    assert len(stories - {""}) == len(SamplingKind)
    section.choose(Sampling(SamplingKind.THIS))
    section.set_detail(SamplingKind.THIS, "number 12")
    assert text_of(section, "exportStory").endswith("number 12")


def test_the_chosen_frames_are_counted(section: FramesSection) -> None:
    counts = {SamplingKind.ALL: 12_345, SamplingKind.MARKED: 0}
    section.show_survey(Survey(counts, SamplingKind.ALL, frame_total=12_345))
    assert text_of(section, "exportFrameCount") == "12\u202f345 of 12\u202f345 frames"
    section.show_survey(Survey(counts, SamplingKind.MARKED, frame_total=12_345))
    assert text_of(section, "exportFrameCount") == ""
    section.show_survey(Survey({SamplingKind.CLIPS: 48}, SamplingKind.CLIPS, clip_total=3))
    assert text_of(section, "exportFrameCount") == "48 pictures in 3 clips"


def test_how_frames_are_read_is_said_with_the_other_way(section: FramesSection) -> None:
    reading = estimate_reading(make_index(range(100)), [0, 90], frames_per_s=10.0)
    section.show_survey(Survey({SamplingKind.ALL: 2}, SamplingKind.ALL, reading=reading))
    assert section.reading.text.startswith("Read by seeking: decodes 2 frames, 2 seeks")
    assert "Reading through: decodes 91 frames" in section.reading.text
    section.show_survey(Survey({}, SamplingKind.ALL))
    assert section.reading.isHidden()


def test_a_list_is_wrong_only_once_something_is_typed(section: FramesSection) -> None:
    field = part(section, QLineEdit, "exportList")
    section.choose(Sampling(SamplingKind.LIST))
    wrong = Survey({}, SamplingKind.LIST, frames_error="not a range", errors={SamplingKind.LIST: "x"})
    section.show_survey(wrong)
    assert text_of(section, "exportFramesError") == ""
    field.setText("10-20")
    section.show_survey(wrong)
    assert text_of(section, "exportFramesError") == "not a range"
    assert field.property("invalid") is True


def test_frames_that_nobody_has_looked_at_are_offered_to_look_at(section: FramesSection) -> None:
    section.choose(Sampling(SamplingKind.SCENES))
    assert section.look.isHidden()
    section.show_survey(Survey({}, SamplingKind.SCENES, unseen=range(10, 40)))
    assert not section.look.isHidden()
    assert "30 frames" in text_of(section, "exportLookText")
    section.choose(Sampling(SamplingKind.ALL))
    assert section.look.isHidden()


def test_the_range_can_limit_only_what_spans_the_video(section: FramesSection) -> None:
    only = part(section, QCheckBox, "exportOnlyInOut")
    for kind in SamplingKind:
        section.choose(Sampling(kind))
        assert only.isHidden() is not kind.spans_the_video
        section.set_range_known(is_set=True)
        assert only.isEnabled()
        section.set_range_known(is_set=False)
        assert not only.isEnabled()


def test_every_change_is_told(qtbot: QtBot, section: FramesSection) -> None:
    section.choose(Sampling(SamplingKind.EVERY_NTH))
    with qtbot.waitSignal(section.changed):
        part(section, QSpinBox, "exportStep").setValue(3)
    with qtbot.waitSignal(section.changed):
        section.kinds.choose(SamplingKind.ALL)
    with qtbot.waitSignal(section.changed):
        part(section, QCheckBox, "exportOnlyInOut").toggle()
    assert section.sampling == replace(Sampling(SamplingKind.ALL, step=3), only_in_out=True)


def test_choosing_tells_once(qtbot: QtBot, section: FramesSection) -> None:
    told: list[Sampling] = []
    section.changed.connect(lambda: told.append(section.sampling))
    sampling = Sampling(SamplingKind.SCENES, only_in_out=True, listed="3")
    with qtbot.waitSignal(section.changed):
        section.choose(sampling)
    assert told == [sampling]


def test_what_is_left_of_the_frames(qtbot: QtBot, section: FramesSection) -> None:
    section.choose(Sampling(SamplingKind.EVERY_NTH, refine=Refinement("0:9", per_scene=2)))
    assert part(section, QLineEdit, "exportExcluded").text() == "0:9"
    assert part(section, QSpinBox, "exportPerScene").value() == 2
    with qtbot.waitSignal(section.changed):
        part(section, QSpinBox, "exportAtMost").setValue(7)
    with qtbot.waitSignal(section.changed):
        part(section, QCheckBox, "exportWithoutDuplicates").setChecked(True)
    whole = Refinement("0:9", without_duplicates=True, per_scene=2, at_most=7)
    assert section.sampling == Sampling(SamplingKind.EVERY_NTH, refine=whole)


@pytest.mark.parametrize(
    ("kind", "left"),
    [
        (SamplingKind.THIS, Refinement()),
        (SamplingKind.CLIPS, Refinement("0:9")),
        (SamplingKind.DISTINCT, Refinement("0:9", at_most=7)),
        (SamplingKind.MARKED, Refinement("0:9", without_duplicates=True, at_most=7)),
    ],
)
def test_steps_that_are_not_shown_do_nothing(
    section: FramesSection, kind: SamplingKind, left: Refinement
) -> None:
    refine = Refinement("0:9", without_duplicates=True, at_most=7)
    section.choose(Sampling(SamplingKind.EVERY_NTH, refine=refine))
    section.kinds.choose(kind)
    assert section.sampling.refine == left
    shown = {
        name: not part(section, widget, name).isHidden()
        for name, widget in (("exportAtMost", QSpinBox), ("exportWithoutDuplicates", QCheckBox))
    }
    if kind is not SamplingKind.THIS:
        assert shown["exportAtMost"] == bool(left.at_most)
        assert shown["exportWithoutDuplicates"] == left.without_duplicates
    section.kinds.choose(SamplingKind.EVERY_NTH)
    assert section.sampling.refine == refine
