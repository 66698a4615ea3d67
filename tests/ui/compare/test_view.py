"""What the pictures on screen show: the numbers that were drawn into the frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from framescope.core.compare.choices import AlignBy
from framescope.core.synth.number_blocks import read_number
from framescope.session.compare_look import CompareLook, CompareMode
from framescope.ui.compare.view import CompareView
from framescope.ui.window.picture_window import PictureWindow
from tests.compared_clips import DROPPED
from tests.ui.compare.conftest import wait_for_pair, wait_until_compared
from tests.ui.parts import part

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from framescope.ui.window.main_window import MainWindow
    from tests.compared_clips import ComparedClips

_SMOOTH = 24
"""How much a pixel of a smoothly scaled picture may differ from that of the frame."""
_A = 60
"""Its counterpart by number shows another: before it, two frames were dropped and one doubled."""


def view_of(window: MainWindow) -> CompareView:
    pane = window.compare.pane
    assert pane is not None
    return pane.view


def pixels(view: CompareView) -> NDArray[np.uint8]:
    QApplication.processEvents()
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)


def seen(view: CompareView, pane: QRectF) -> int | None:
    """The number in the picture in a pane."""
    target = view.transform.target.translated(pane.topLeft()).toRect()
    shot = pixels(view)
    return read_number(shot[target.top() : target.bottom() + 1, target.left() : target.right() + 1])


def show(qtbot: QtBot, window: MainWindow, number: int, look: CompareLook) -> CompareView:
    window.controller.comparing.set_look(look)
    window.controller.show_frame(number)
    wait_for_pair(qtbot, window)
    return view_of(window)


def test_side_by_side_each_pane_has_its_own_frame(
    qtbot: QtBot, pair: MainWindow, compared_clips: ComparedClips
) -> None:
    view = show(qtbot, pair, _A, CompareLook())
    first, second = view.panes
    assert seen(view, first) == _A
    assert seen(view, second) == compared_clips.numbers[_A] != _A


def test_the_wipe_shows_a_left_of_the_line_and_b_right_of_it(
    qtbot: QtBot, pair: MainWindow, compared_clips: ComparedClips
) -> None:
    view = show(qtbot, pair, _A, CompareLook(CompareMode.WIPE))
    middle = QPointF(view.width() / 2, view.height() / 2).toPoint()
    for place, number in ((view.width() - 1, _A), (0, compared_clips.numbers[_A])):
        start = QPointF(view.split * view.width(), middle.y()).toPoint()
        start.setX(min(start.x(), view.width() - 1))
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        target = QPointF(place, middle.y()).toPoint()
        QTest.mouseMove(view, target)
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=target)
        assert seen(view, QRectF(view.rect())) == number


def test_an_overlay_goes_from_a_to_b(qtbot: QtBot, pair: MainWindow, compared_clips: ComparedClips) -> None:
    for opacity, number in ((0.0, _A), (1.0, compared_clips.numbers[_A])):
        view = show(qtbot, pair, _A, CompareLook(CompareMode.OVERLAY, opacity=opacity))
        assert seen(view, QRectF(view.rect())) == number


def test_flicker_shows_both_in_turn(qtbot: QtBot, pair: MainWindow) -> None:
    view = show(qtbot, pair, _A, CompareLook(CompareMode.FLICKER, flicker_hz=8.0))
    qtbot.waitUntil(lambda: view.shows_b_only)
    qtbot.waitUntil(lambda: not view.shows_b_only)
    # Slow enough to be looked at.
    show(qtbot, pair, _A, CompareLook(CompareMode.FLICKER, flicker_hz=0.01))
    assert seen(view, QRectF(view.rect())) == _A


def test_b_is_shown_while_the_key_is_held(
    qtbot: QtBot, pair: MainWindow, compared_clips: ComparedClips
) -> None:
    view = show(qtbot, pair, _A, CompareLook())
    QTest.keyPress(pair.windowHandle(), Qt.Key.Key_B)
    assert view.shows_b_only
    assert seen(view, QRectF(view.rect())) == compared_clips.numbers[_A]
    QTest.keyRelease(pair.windowHandle(), Qt.Key.Key_B)
    assert not view.shows_b_only


def test_the_difference_of_equal_frames_is_black_and_of_others_is_not(
    qtbot: QtBot, pair: MainWindow, compared_clips: ComparedClips
) -> None:
    comparing = pair.controller.comparing
    view = show(qtbot, pair, _A, CompareLook(CompareMode.DIFFERENCE))
    qtbot.waitUntil(lambda: comparing.difference.answer is not None)
    assert brightest(view) > 200
    pair.compare.open(str(compared_clips.source))
    wait_for_pair(qtbot, pair)
    qtbot.waitUntil(lambda: comparing.difference.answer is not None)
    assert brightest(view) == 0


def brightest(view: CompareView) -> int:
    """In the lower half of the picture, where nothing is written."""
    target = view.transform.target.toRect()
    shot = pixels(view)
    return int(shot[target.center().y() : target.bottom() - 1, target.left() : target.right()].max())


def test_a_dropped_frame_is_named_and_no_other_is_shown(
    qtbot: QtBot, pair: MainWindow, compared_clips: ComparedClips
) -> None:
    wait_until_compared(qtbot, pair)
    pair.controller.comparing.set_align_by(AlignBy.CONTENT)
    view = show(qtbot, pair, DROPPED[0] - 1, CompareLook())
    assert seen(view, view.panes[1]) == DROPPED[0] - 1
    pair.controller.step(1)
    qtbot.waitUntil(lambda: seen(view, view.panes[0]) == DROPPED[0])
    assert seen(view, view.panes[1]) is None
    # Where both are in one place, A stays beside what is said about B.
    for mode in (CompareMode.WIPE, CompareMode.OVERLAY):
        pair.controller.comparing.show_mode(mode)
        target = view.transform.target.toRect()
        shot = pixels(view)[target.top() : target.bottom(), target.left() : target.right()]
        shown = pair.controller.shown
        assert shown is not None
        assert shown.frame is not None
        rgb = shown.frame.to_rgb()
        for across, is_there in ((0.25, True), (0.75, False)):
            spot = int(0.4 * rgb.shape[0]), int(across * rgb.shape[1])
            place = int(0.4 * shot.shape[0]), int(across * shot.shape[1])
            away = int(np.abs(shot[place].astype(int) - rgb[spot].astype(int)).max())
            assert (away < _SMOOTH) is is_there
    assert compared_clips.numbers.count(DROPPED[0]) == 0


def test_one_zoom_and_one_pan_for_both(qtbot: QtBot, pair: MainWindow) -> None:
    view = show(qtbot, pair, _A, CompareLook())
    pair.actions_by_id["view.actual"].trigger()
    assert view.transform.device_scale == 1
    wait_for_pair(qtbot, pair)
    assert part(pair, QToolButton, "zoomLabel").text() == "100 %"


def test_the_pixels_of_both_are_read(qtbot: QtBot, pair: MainWindow) -> None:
    view = show(qtbot, pair, _A, CompareLook(mode=CompareMode.OVERLAY))
    comparing = pair.controller.comparing
    spot = view.transform.target.center()

    def is_converted() -> bool:
        return all(one is not None and one.rgb is not None for one in view.readings(spot))

    qtbot.waitUntil(is_converted)
    for reading, shown in zip(view.readings(spot), (pair.controller.shown, comparing.shown), strict=True):
        assert reading is not None
        assert shown is not None
        assert shown.frame is not None
        rgb = shown.frame.to_rgb()
        assert reading.rgb == tuple(rgb[reading.y, reading.x].tolist())
    assert view.readings(QPointF(0, 0)) == (None, None)


def test_the_second_window_shows_both_while_two_are_compared(qtbot: QtBot, pair: MainWindow) -> None:
    pair.toggle_second_window()
    second = part(pair, PictureWindow, "pictureWindow.second")
    view = second.view
    assert isinstance(view, CompareView)
    qtbot.waitUntil(view.isVisible)
    qtbot.waitUntil(lambda: seen(view, view.panes[1]) is not None)
    pair.controller.comparing.close()
    assert second.view is not view
    assert second.view.isVisible()
    pair.toggle_second_window()
