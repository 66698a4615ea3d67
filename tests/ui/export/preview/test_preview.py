"""The pane: pictures, figures, curve and crop together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton, QToolButton

from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.export.size_estimate import SizeEstimate
from framescope.core.sampling.sampling import SamplingKind
from framescope.ui.export.preview.compare_view import PreviewMode
from framescope.ui.export.preview.preview import PreviewPane, estimate_tip, estimate_words
from framescope.ui.export.survey import Survey
from framescope.ui.widgets.elided_label import ElidedLabel
from tests.ui.export.preview.test_compare_view import roll
from tests.ui.parts import on_screen, part
from tests.ui.running_controller import RunningController
from tests.ui.widgets.saved_pictures import JPEG, film_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.core.export.geometry import Crop
    from framescope.ui.widgets.theme import ThemeSource

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
PATIENCE_MS = 20_000


@pytest.fixture
def running(qtbot: QtBot) -> Iterator[RunningController]:
    del qtbot
    controller = RunningController()
    controller.open()
    controller.show(7, frame=film_frame())
    yield controller
    controller.end()


@pytest.fixture
def pane(qtbot: QtBot, running: RunningController, theme: ThemeSource) -> Iterator[PreviewPane]:
    """An active pane with the measured picture of frame 7."""
    widget = PreviewPane(running.as_controller(), theme)
    on_screen(qtbot, widget, 800, 640)
    qtbot.waitExposed(widget)
    widget.set_settings(JPEG)
    widget.set_active(active=True)
    qtbot.waitUntil(lambda: widget.tiles.text("ssim")[0] not in {"–", ""}, timeout=PATIENCE_MS)
    yield widget
    # The session goes before the widget does: nothing may be asked of it any longer.
    widget.set_active(active=False)


def test_figures_are_those_of_the_file(pane: PreviewPane) -> None:
    size, caption = pane.tiles.text("size")
    assert size.endswith("kB")
    assert caption.startswith("this file · 1 : ")
    assert pane.tiles.text("psnr")[0].endswith(" dB")
    assert 0.5 < float(pane.tiles.text("ssim")[0]) < 1
    assert part(pane, ElidedLabel, "exportPreviewHeading").whole_text == "Frame 7 · 320 × 180"


def test_a_lossless_file_is_exact(qtbot: QtBot, pane: PreviewPane) -> None:
    pane.set_settings(replace(JPEG, image_format=ImageFormat.PNG))
    qtbot.waitUntil(lambda: pane.tiles.text("psnr")[0] == "Exact", timeout=PATIENCE_MS)
    assert pane.tiles.text("ssim")[0] == "1.0000"
    qtbot.waitUntil(lambda: len(pane.curve.chart.points) == 10, timeout=PATIENCE_MS)


def test_figures_of_an_earlier_wish_are_faint(pane: PreviewPane) -> None:
    label = part(pane, QLabel, "exportFigure.size")
    assert label.property("role") == ""
    pane.set_settings(replace(JPEG, quality=20))
    assert label.property("role") == "faint"


def test_without_an_exact_frame_there_are_no_figures(pane: PreviewPane, running: RunningController) -> None:
    running.show(8, frame=None, unavailable_reason="the packet is damaged")
    assert pane.tiles.text("size")[0] == pane.tiles.text("psnr")[0] == "–"
    running.show(9, frame=film_frame(9), provisional=True)
    assert pane.tiles.text("size")[0] == "–"


def test_the_preview_follows_the_playhead(
    qtbot: QtBot, pane: PreviewPane, running: RunningController
) -> None:
    running.show(8, frame=film_frame(8, width=200, height=100))
    heading = part(pane, ElidedLabel, "exportPreviewHeading")
    qtbot.waitUntil(lambda: heading.whole_text == "Frame 8 · 200 × 100", timeout=PATIENCE_MS)


def test_modes_are_chosen_with_the_mouse(qtbot: QtBot, pane: PreviewPane) -> None:
    for mode in (PreviewMode.SPLIT, PreviewMode.DIFFERENCE, PreviewMode.SIDE):
        QTest.mouseClick(part(pane, QToolButton, f"exportMode.{mode.value}"), LEFT)
        qtbot.waitUntil(lambda mode=mode: pane.compare.mode is mode, timeout=PATIENCE_MS)  # type: ignore[misc]
    QTest.mouseClick(part(pane, QToolButton, "exportZoomActual"), LEFT)
    assert part(pane, QLabel, "exportZoom").text() == "100 %"
    QTest.mouseClick(part(pane, QToolButton, "exportZoomIn"), LEFT)
    # The fit lies between 1:1 and the next round step.
    assert part(pane, QLabel, "exportZoom").text() == "125 %"


def test_the_smallest_quality_is_found_and_chosen(qtbot: QtBot, pane: PreviewPane) -> None:
    part(pane, QDoubleSpinBox, "exportTargetPsnr").setValue(30.0)
    chosen: list[int] = []
    pane.level_chosen.connect(chosen.append)
    QTest.mouseClick(part(pane, QPushButton, "exportTargetFind"), LEFT)
    said = part(pane, QLabel, "exportTargetFound")
    qtbot.waitUntil(lambda: "keeps" in said.text(), timeout=PATIENCE_MS)
    assert f"Quality {chosen[0]} keeps" in said.text()


def test_the_part_in_view_becomes_the_crop(qtbot: QtBot, pane: PreviewPane) -> None:
    button = part(pane, QToolButton, "exportCropToView")
    assert not button.isVisibleTo(pane)
    middle = pane.compare.panes[0].center().toPoint()
    roll(pane.compare, middle, 8)
    assert button.isVisibleTo(pane)
    left, top, right, bottom = pane.compare.seen_rect
    with qtbot.waitSignal(pane.crop_chosen) as chosen:
        QTest.mouseClick(button, LEFT)
    crop = chosen.args[0]
    assert (crop.x, crop.y) == (int(left), int(top))
    assert abs(crop.x + crop.width - right) < 1
    assert abs(crop.y + crop.height - bottom) < 1
    assert not button.isVisibleTo(pane)


def test_a_crop_is_drawn_on_the_whole_picture(qtbot: QtBot, pane: PreviewPane) -> None:
    pane.set_cropping(cropping=True)
    qtbot.waitUntil(lambda: pane.crop.transform.picture.width() == 320, timeout=PATIENCE_MS)
    target, scale = pane.crop.transform.target, pane.crop.transform.effective_scale
    begin = QPoint(round(target.x() + 40 * scale), round(target.y() + 20 * scale))
    end = QPoint(round(target.x() + 200 * scale), round(target.y() + 110 * scale))
    chosen: list[Crop] = []
    pane.crop_chosen.connect(chosen.append)
    QTest.mousePress(pane.crop, LEFT, NONE, begin)
    QTest.mouseMove(pane.crop, end)
    QTest.mouseRelease(pane.crop, LEFT, NONE, end)
    qtbot.waitUntil(lambda: bool(chosen), timeout=PATIENCE_MS)
    crop = chosen[-1]
    assert abs(crop.x - 40) <= 1
    assert abs(crop.width - 160) <= 2
    with qtbot.waitSignal(pane.crop_done):
        QTest.keyClick(pane.crop, Qt.Key.Key_Return)
    pane.set_settings(replace(JPEG, crop=crop))
    pane.set_cropping(cropping=False)
    words = f"{crop.width} × {crop.height}"
    heading = part(pane, ElidedLabel, "exportPreviewHeading")
    qtbot.waitUntil(lambda: words in heading.whole_text, timeout=PATIENCE_MS)


def test_the_whole_export_is_told_beside_the_room_there_is(pane: PreviewPane) -> None:
    survey = Survey({SamplingKind.ALL: 300}, SamplingKind.ALL, free_bytes=10_000_000, numbers=np.arange(300))
    pane.show_survey(survey)
    assert pane.tiles.text("all")[1] == "300 frames · 10.0 MB free"
    lacks_room = [pane.lacks_room]
    pane.desk.size_estimated.emit(SizeEstimate(300, 12, 12_000_000, 600_000))
    assert pane.tiles.text("all")[0] == "12.0 MB ± 5 %"
    assert [*lacks_room, pane.lacks_room] == [False, True]
    assert part(pane, QLabel, "exportFigure.all").property("role") == "warning"
    pane.desk.size_estimated.emit(None)
    assert pane.total_bytes is None


@pytest.mark.parametrize(
    ("estimate", "words", "tip"),
    [
        (SizeEstimate(3, 3, 5000, 0), "5.00 kB", "Every frame"),
        (SizeEstimate(30, 1, 5000, float("nan")), "about 5.00 kB", "1 frame was"),
        (SizeEstimate(30, 12, 5000, 51), "5.00 kB ± 2 %", "12 frames, spread evenly, were"),
    ],
)
def test_an_estimate_says_how_sure_it_is(estimate: SizeEstimate, words: str, tip: str) -> None:
    assert estimate_words(estimate) == words
    assert estimate_tip(estimate).startswith(tip)
