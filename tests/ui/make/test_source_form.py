"""Where the pictures of a new video come from, as chosen in the dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QPushButton, QSpinBox

from framescope.core.synth.pattern_pictures import Pattern
from framescope.core.synth.source_draft import SourceKind
from framescope.ui.make.source_form import SourceForm
from tests.ui.clip.session import mark_range
from tests.ui.parts import part

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller


@pytest.fixture
def form(qtbot: QtBot, live: Controller) -> SourceForm:
    made = SourceForm(live)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_pattern_needs_nothing(form: SourceForm) -> None:
    part(form, QComboBox, "makePattern").setCurrentIndex(3)
    part(form, QSpinBox, "makeWidth").setValue(320)
    part(form, QSpinBox, "makeHeight").setValue(240)
    part(form, QSpinBox, "makeCount").setValue(9)
    draft = form.draft
    assert draft is not None
    assert (draft.kind, draft.pattern, draft.count) == (SourceKind.PATTERN, Pattern.ZONE_PLATE, 9)
    assert draft.size == (320, 240)
    assert "aliasing" in form.words
    assert not part(form, QLineEdit, "makePath").isVisible()


def test_frames_of_the_video_are_those_between_in_and_out(form: SourceForm, live: Controller) -> None:
    form.choose(SourceKind.VIDEO)
    draft = form.draft
    assert draft is not None
    assert draft.numbers == range(48)
    assert "the whole video" in form.words
    mark_range(live, 14, 22)
    draft = form.draft
    assert draft is not None
    assert draft.numbers == range(14, 23)
    assert form.words.startswith("Frames 14 to 22, the in–out range")


def test_without_a_video_there_are_no_frames(form: SourceForm, live: Controller, qtbot: QtBot) -> None:
    form.choose(SourceKind.VIDEO)
    live.close_source()
    qtbot.waitUntil(lambda: form.problem == "Open a video to take its frames.")
    assert form.draft is None


def test_a_place_must_be_named_and_be_there(
    form: SourceForm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form.choose(SourceKind.FILES)
    assert form.problem == "Choose a folder of pictures."
    part(form, QLineEdit, "makePath").setText(str(tmp_path / "nowhere"))
    assert "There is no" in form.problem
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    part(form, QPushButton, "makeBrowse").click()
    draft = form.draft
    assert draft is not None
    assert draft.paths == (tmp_path,)
    form.choose(SourceKind.PICTURE)
    picture = tmp_path / "one.png"
    picture.write_bytes(b"")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(picture), ""))
    part(form, QPushButton, "makeBrowse").click()
    assert form.draft is not None
    assert part(form, QSpinBox, "makeCount").isVisible()
