"""The panel: what is drawn becomes the image of exactly these pixels; clicks, hovers and saves it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import RunRule
from framescope.core.fragments.split import SplitSettings, split
from framescope.core.source.opening import open_video
from framescope.core.spacetime.scan import spacetime
from framescope.core.spacetime.slit import Slit, SlitKind
from framescope.ui.panels.slice import panel as panel_module
from framescope.ui.panels.slice.panel import SlicePanel
from framescope.ui.widgets.save_target import Target
from tests.ui.clip.session import mark_range, open_session
from tests.ui.parts import on_screen, part
from tests.ui.running_controller import RunningController

_BY_FRAME = ("pts", "dts", "packet_numbers", "is_keyframe", "picture_type_codes")

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.core.spacetime.image import SpaceTimeImage
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def panel(qtbot: QtBot, live: Controller, theme: ThemeSource) -> SlicePanel:
    return on_screen(qtbot, SlicePanel(live, theme), 420, 500)


def made(panel: SlicePanel, qtbot: QtBot, live: Controller, slit: Slit) -> SpaceTimeImage:
    live.line.draw(slit)
    qtbot.waitUntil(lambda: panel.image is not None and panel.image.slit == slit and panel.is_complete)
    assert panel.image is not None
    return panel.image


def test_a_tool_draws_on_the_picture(panel: SlicePanel, live: Controller) -> None:
    tool = part(panel, QToolButton, "sliceToolROW")
    QTest.mouseClick(tool, Qt.MouseButton.LeftButton)
    tools = [live.line.tool]
    assert tool.isChecked()
    QTest.mouseClick(tool, Qt.MouseButton.LeftButton)
    tools.append(live.line.tool)
    assert tools == [SlitKind.ROW, None]
    assert not tool.isChecked()


def test_the_image_is_that_of_the_whole_video(
    panel: SlicePanel, qtbot: QtBot, live: Controller, plain_clip: Path
) -> None:
    image = made(panel, qtbot, live, Slit(SlitKind.ROW, (50,)))
    with open_video(plain_clip) as video:
        assert np.array_equal(image.pixels, spacetime(video, row=50).pixels)
    assert panel.words == "Row 50: 160 pixels × 48 frames"


def test_settings_make_it_anew(panel: SlicePanel, qtbot: QtBot, live: Controller, plain_clip: Path) -> None:
    made(panel, qtbot, live, Slit(SlitKind.LINE, (3, 3, 90, 70)))
    part(panel, QCheckBox, "sliceBilinear").setChecked(True)
    part(panel, QSpinBox, "sliceWidth").setValue(3)
    mark_range(live, 10, 29)
    part(panel, QCheckBox, "sliceRange").setChecked(True)
    qtbot.waitUntil(lambda: panel.is_complete and panel.image is not None and len(panel.image) == 20)
    with open_video(plain_clip) as video:
        expected = spacetime(
            video, line=(3, 3, 90, 70), width=3, interpolation="bilinear", within=range(10, 30)
        )
    assert panel.image is not None
    assert np.array_equal(panel.image.pixels, expected.pixels)


def test_it_is_made_anew_when_numbers_become_those_of_other_frames(
    panel: SlicePanel, qtbot: QtBot, live: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made(panel, qtbot, live, Slit(SlitKind.ROW, (50,)))
    with monkeypatch.context() as patch:
        patch.setattr(type(live.index), "extends", lambda *_: False)
        live.index_updated.emit()
    assert not panel.view.isVisible()
    qtbot.waitUntil(lambda: panel.image is not None and panel.is_complete)
    assert panel.image is not None
    assert np.array_equal(panel.image.pixels, before.pixels)


def test_a_click_goes_to_the_frame_and_hovering_tells_it(
    panel: SlicePanel, qtbot: QtBot, live: Controller
) -> None:
    image = made(panel, qtbot, live, Slit(SlitKind.ROW, (50,)))
    view = panel.view
    place = QPoint(round(view.width() * 20.5 / 48), 30)
    QTest.mouseMove(view, place)
    found = view.place_at(QPointF(place))
    assert found is not None
    assert found.frame_number == 20
    red, green, blue = image.pixels[found.sample, 20].tolist()
    assert panel.reading == f"Frame 20, 0:00.833 · x {found.sample} y 50 · RGB {red} {green} {blue}"
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    qtbot.waitUntil(lambda: live.position == 20)
    assert view.x_of_frame(20) == pytest.approx(place.x(), abs=1)


def test_zoom_and_time(panel: SlicePanel, qtbot: QtBot, live: Controller) -> None:
    made(panel, qtbot, live, Slit(SlitKind.ROW, (50,)))
    view = panel.view
    origin, end = QPoint(200, 40), QPoint(120, 40)
    for _ in range(8):
        wheel(view, origin, 120)
    assert view.axis.span < 12
    before = view.axis.first
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, origin)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    assert view.axis.first > before
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, origin)
    assert view.axis.span == 48
    part(panel, QComboBox, "sliceSpacing").setCurrentIndex(1)
    assert view.axis.span == 48, "at a constant rate a column is a frame"
    view.grab()


def wheel(view: QWidget, at: QPoint, delta: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.mapToGlobal(at)),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - Qt's signature
    )
    QApplication.sendEvent(view, event)


def test_it_saves_what_it_shows(
    panel: SlicePanel,
    qtbot: QtBot,
    live: Controller,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    image = made(panel, qtbot, live, Slit(SlitKind.COLUMN, (50,)))
    target = tmp_path / "out.png"
    monkeypatch.setattr(panel_module, "ask_target", lambda *_: Target(target, replaces=False))
    with qtbot.waitSignal(live.job_started):
        part(panel, QPushButton, "sliceSave").click()
    axes = tmp_path / "out.png.json"
    qtbot.waitUntil(axes.exists)
    assert np.array_equal(np.asarray(Image.open(target)), image.pixels)
    assert json.loads(axes.read_text(encoding="utf-8"))["line"]["kind"] == "column"


def test_a_line_that_cannot_be_used_is_said(panel: SlicePanel, qtbot: QtBot, live: Controller) -> None:
    live.line.draw(Slit(SlitKind.ROW, (5000,)))
    qtbot.waitUntil(lambda: "reaches beyond the picture" in panel.words)
    assert panel.image is None
    assert not panel.view.isVisible()


def test_it_goes_on_as_frames_become_known(qtbot: QtBot, theme: ThemeSource, plain_clip: Path) -> None:
    with open_video(plain_clip) as video:
        info, index = video.info, video.index
        expected = spacetime(video, row=50)
    known = replace(
        index,
        complete=False,
        **{name: getattr(index, name)[:20] for name in _BY_FRAME},
        digests=None if index.digests is None else index.digests[:20],
    )
    session = RunningController()
    panel = on_screen(qtbot, SlicePanel(session.as_controller(), theme), 420, 500)
    session.index = known
    session.open(info)
    session.line.draw(Slit(SlitKind.ROW, (50,)))
    qtbot.waitUntil(lambda: panel.is_complete and panel.image is not None and len(panel.image) == 20)
    session.index = index
    session.index_updated.emit()
    qtbot.waitUntil(lambda: panel.is_complete and panel.image is not None and len(panel.image) == 48)
    assert panel.image is not None
    assert np.array_equal(panel.image.pixels, expected.pixels)
    assert panel.image.frame_numbers == range(48)
    session.end()


def test_of_a_store_it_says_what_was_read(
    qtbot: QtBot, theme: ThemeSource, plain_clip: Path, tmp_path: Path
) -> None:
    with open_video(plain_clip) as video:
        settings = SplitSettings(Grid(3, 4), RunRule(length=24), FragmentCodec.FFV1)
        split(video, tmp_path / "store", settings)
    with open_session(qtbot, tmp_path / "store") as controller:
        panel = on_screen(qtbot, SlicePanel(controller, theme), 420, 500)
        made(panel, qtbot, controller, Slit(SlitKind.ROW, (60,)))
        assert "Read 4 of 12 tiles, " in panel.words


def test_without_a_video_it_has_nothing(panel: SlicePanel, qtbot: QtBot, live: Controller) -> None:
    made(panel, qtbot, live, Slit(SlitKind.ROW, (50,)))
    live.close_source()
    assert panel.image is None
    assert live.line.slit is None
