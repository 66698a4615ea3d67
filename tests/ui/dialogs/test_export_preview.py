"""The frame on screen as it will be saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QWidget

from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.sampling.sampling import SamplingKind
from framescope.ui.dialogs.export_preview import EncodedFrame, PreviewPane, encode_for_preview
from framescope.ui.dialogs.export_survey import Survey
from tests.ui.dialogs.parts import part
from tests.ui.stand_ins import StandInPicture, make_frame

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.theme import ThemeSource

SURVEY = Survey({SamplingKind.ALL: 300}, SamplingKind.ALL, free_bytes=10_000_000)


@pytest.fixture
def pane(qtbot: QtBot, theme: ThemeSource) -> PreviewPane:
    widget = PreviewPane(theme)
    qtbot.addWidget(widget)
    widget.resize(360, 420)
    widget.show()
    return widget


def figure(pane: PreviewPane, name: str) -> str:
    return part(pane, QLabel, f"exportFigure.{name}").text()


def encoded(size_bytes: int = 12_345) -> EncodedFrame:
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff0000"))
    return EncodedFrame(7, ExportSettings(Path()), size_bytes, 1920, 1080, image)


def test_a_frame_is_encoded_as_it_would_be_saved() -> None:
    png = encode_for_preview(make_frame(7), ExportSettings(Path(), ImageFormat.PNG))
    assert (png.frame_number, png.width, png.height) == (7, 64, 48)
    assert png.image.pixelColor(10, 20).name() == "#0a1400"
    low = encode_for_preview(make_frame(7), ExportSettings(Path(), quality=5))
    high = encode_for_preview(make_frame(7), ExportSettings(Path(), quality=98))
    assert 0 < low.size_bytes < high.size_bytes


def test_rotation_shows_in_the_preview() -> None:
    frame = make_frame(0, StandInPicture(rotation=90))
    turned = encode_for_preview(frame, ExportSettings(Path()))
    stored = encode_for_preview(frame, ExportSettings(Path(), rotate=False))
    assert (turned.width, turned.height) == (48, 64)
    assert (stored.width, stored.height) == (64, 48)


def test_a_large_picture_is_kept_small() -> None:
    wide = encode_for_preview(make_frame(0, StandInPicture(4000, 100)), ExportSettings(Path()))
    assert wide.width == 4000
    assert wide.image.width() == 1600


def test_figures_say_what_an_export_takes(pane: PreviewPane) -> None:
    pane.show_survey(SURVEY)
    assert pane.total_bytes is None
    pane.show_encoded(encoded())
    assert figure(pane, "One file") == "1920 × 1080 · 12.3 kB"
    assert figure(pane, "In all") == "300 frames · about 3.70 MB"
    assert figure(pane, "Free") == "10.0 MB"
    lacks_room = [pane.lacks_room]
    pane.show_encoded(encoded(50_000))
    assert [*lacks_room, pane.lacks_room] == [False, True]
    pane.show_survey(replace(SURVEY, counts={SamplingKind.ALL: 1}))
    assert figure(pane, "In all") == "1 frame · 50.0 kB"


def test_without_an_exact_frame_there_is_nothing_to_judge_by(pane: PreviewPane) -> None:
    pane.show_survey(SURVEY)
    pane.show_encoded(encoded())
    pane.show_encoded(None)
    pane.show_message("Frame 7: damaged")
    assert figure(pane, "One file") == figure(pane, "In all") == "–"
    assert pane.total_bytes is None


def test_the_picture_is_drawn(qtbot: QtBot, pane: PreviewPane) -> None:
    pane.show_encoded(encoded())
    qtbot.waitExposed(pane)
    picture = part(pane, QWidget, "exportPicture")
    shown = picture.grab().toImage()
    middle = shown.pixelColor(shown.width() // 2, shown.height() // 2)
    assert middle.name() == "#ff0000"


def test_figures_of_an_earlier_wish_are_faint(pane: PreviewPane) -> None:
    label = part(pane, QLabel, "exportFigure.One file")
    pane.show_encoded(encoded())
    pane.show_pending()
    assert label.property("role") == "faint"
    pane.show_encoded(encoded())
    assert label.property("role") == ""
