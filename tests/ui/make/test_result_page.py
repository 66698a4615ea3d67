"""What came of making a video."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QSlider, QSpinBox

from framescope.core.synth.make_settings import Fit, MakeSettings
from framescope.core.synth.making import make_video
from framescope.core.synth.source_draft import SourceDraft, SourceKind
from framescope.session.controller import Controller
from framescope.ui.make.result_page import MakeResultPage, compare_frame
from tests.ui.parts import part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource

DRAFT = SourceDraft(SourceKind.PATTERN, count=6, size=(96, 64))


@pytest.fixture
def page(qtbot: QtBot, theme: ThemeSource) -> Iterator[MakeResultPage]:
    controller = Controller()
    made = MakeResultPage(controller, theme)
    qtbot.addWidget(made)
    made.show()
    yield made
    controller.close()


def test_facts_and_losses_are_told(page: MakeResultPage, qtbot: QtBot, tmp_path: Path) -> None:
    settings = MakeSettings(codec="ffv1", container="mkv")
    with DRAFT.opened() as source:
        made = make_video(source, settings, tmp_path / "out.mkv")
    page.show_made(made, settings, DRAFT)
    assert part(page, QLabel, "makeHeadline").text().startswith("6 frames in ")
    assert "96×64, FFV1" in part(page, QLabel, "makeFacts").text()
    qtbot.waitUntil(lambda: "codec exact" in page.words)
    part(page, QSlider, "makeFrameSlider").setValue(4)
    assert part(page, QSpinBox, "makeFrameNumber").value() == 4
    made.path.unlink()
    part(page, QSlider, "makeFrameSlider").setValue(2)
    qtbot.waitUntil(lambda: page.words == "")
    assert page.view.captions == ()


def test_a_frame_is_compared_with_its_own_picture(tmp_path: Path) -> None:
    settings = MakeSettings(size=(128, 64), fit=Fit.PAD, rotation=90)
    with DRAFT.opened() as source:
        made = make_video(source, settings, tmp_path / "out.mp4")
    for number in range(6):
        trip = compare_frame(made, settings, DRAFT, number)
        assert trip.original.shape == trip.decoded.shape == (64, 128, 3)
        assert trip.total.psnr_db > 25
