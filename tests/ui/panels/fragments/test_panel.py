"""The fragment panel in a real session: a video is split, its store opened and looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.fragments.geometry import Region
from framescope.core.media.picture.planes import frame_planes
from framescope.session.controller import Controller
from framescope.ui.panels.fragments.panel import FragmentsPanel
from tests.clips.truth import decode_in_sequence
from tests.core.fragments.fragment_examples import split_clip
from tests.ui.parts import on_screen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource

PATIENCE_MS = 30_000


@pytest.fixture
def controller(qtbot: QtBot) -> Iterator[Controller]:
    del qtbot
    made = Controller()
    yield made
    made.close()


@pytest.fixture
def panel(qtbot: QtBot, controller: Controller, theme: ThemeSource) -> FragmentsPanel:
    widget = FragmentsPanel(controller, theme)
    return on_screen(qtbot, widget, 360, 800)


def shows(controller: Controller, frame_number: int) -> bool:
    shown = controller.shown
    return shown is not None and not shown.provisional and shown.frame_number == frame_number


def test_without_a_video_it_says_what_fragments_are(panel: FragmentsPanel) -> None:
    assert not panel.split_page.isVisible()
    assert not panel.store_page.isVisible()
    assert not panel.grab().isNull()


def test_from_a_video_to_its_store_and_to_a_region(
    qtbot: QtBot, panel: FragmentsPanel, controller: Controller, plain_clip: Path, tmp_path: Path
) -> None:
    store = split_clip(plain_clip, tmp_path / "store").path
    controller.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: shows(controller, 0), timeout=PATIENCE_MS)
    assert panel.split_page.isVisible()
    controller.open_source(str(store))
    qtbot.waitUntil(panel.store_page.isVisible, timeout=PATIENCE_MS)
    assert not panel.split_page.isVisible()
    controller.show_frame(30)
    qtbot.waitUntil(lambda: shows(controller, 30), timeout=PATIENCE_MS)
    panel.store_page.map.select(Region(40, 60, 60, 40))
    panel.store_page.open_region()
    qtbot.waitUntil(
        lambda: controller.info is not None and controller.info.width == 60 and shows(controller, 0),
        timeout=PATIENCE_MS,
    )
    controller.show_frame(20)
    qtbot.waitUntil(lambda: shows(controller, 20), timeout=PATIENCE_MS)
    shown = controller.shown
    assert shown is not None
    assert shown.frame is not None
    truth = frame_planes(list(decode_in_sequence(plain_clip))[20])[0]
    luma = shown.frame.planes()[0]
    assert np.array_equal(luma, truth[60:100, 40:100])
    controller.close_source()
    assert not panel.store_page.isVisible()
