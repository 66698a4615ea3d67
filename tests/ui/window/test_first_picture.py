"""The first picture in a window that is not filled yet, and filling a window that is shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QEvent, QMarginsF, QPoint, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDockWidget

from framescope.core.source.ahead import SourceAhead
from framescope.core.synth.number_blocks import read_number
from framescope.session.controller import Controller
from framescope.session.settings import Settings
from framescope.ui.picture.view_transform import ViewTransform
from framescope.ui.window.first_picture import FirstPicture
from framescope.ui.window.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.ui.widgets.theme import ThemeSource

_SIZE = QSize(780, 560)
"""Fits the screen that Qt has without one."""


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def empty(qtbot: QtBot, theme: ThemeSource, settings: Settings) -> Iterator[MainWindow]:
    window = MainWindow(theme, settings)
    qtbot.addWidget(window)
    window.resize(_SIZE)
    yield window
    window.close()


class LateAhead(SourceAhead):
    """Has its picture only after the window stopped waiting for it."""

    is_late = True

    def take_picture(self, timeout_s: float) -> tuple[VideoInfo, Frame] | None:
        return None if self.is_late else super().take_picture(timeout_s)


def has_picture(controller: Controller) -> bool:
    return controller.shown is not None and not controller.shown.provisional


def is_gone(first: FirstPicture) -> bool:
    return not shiboken6.isValid(first) or first.isHidden()


def filled(window: MainWindow, settings: Settings, expected: str | None = None) -> Controller:
    controller = Controller(settings=settings)
    controller.setParent(window)
    window.fill(controller, expected)
    return controller


def part_of(image: QImage, area: QRectF) -> NDArray[np.uint8]:
    cut = image.copy(area.toRect()).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(cut.constBits(), np.uint8).reshape(cut.height(), cut.bytesPerLine())
    return rows[:, : cut.width() * 3].reshape(cut.height(), cut.width(), 3).copy()


def place_in(window: MainWindow, settings: Settings, size: tuple[int, int]) -> QRectF:
    room = QRectF(window.rect()).marginsRemoved(QMarginsF(*settings.picture_margins))
    target = ViewTransform(QSizeF(*size), QSizeF(room.size())).target
    return target.translated(room.topLeft())


def number_at(image: QImage, place: QRectF, size: tuple[int, int]) -> int | None:
    seen = cv2.resize(part_of(image, place), size, interpolation=cv2.INTER_AREA)
    return read_number(seen.astype(np.uint8))


def test_the_picture_is_painted_before_the_window_is_filled(
    qtbot: QtBot, empty: MainWindow, theme: ThemeSource, settings: Settings, plain_clip: Path
) -> None:
    ahead = SourceAhead(str(plain_clip), 0)
    info = ahead.probe(ahead.source, None)
    qtbot.waitUntil(lambda: ahead.is_over)
    FirstPicture(empty, theme, settings, ahead)
    assert empty.isVisible()
    size = info.display_width, info.display_height
    assert number_at(empty.grab().toImage(), place_in(empty, settings, size), size) == 0


def test_a_picture_that_comes_late_is_painted_when_it_is_looked_for_again(
    qtbot: QtBot, empty: MainWindow, theme: ThemeSource, settings: Settings, plain_clip: Path
) -> None:
    ahead = LateAhead(str(plain_clip), 0)
    info = ahead.probe(ahead.source, None)
    qtbot.waitUntil(lambda: ahead.is_over)
    first = FirstPicture(empty, theme, settings, ahead)
    size = info.display_width, info.display_height
    place = place_in(empty, settings, size)
    assert number_at(empty.grab().toImage(), place, size) is None
    ahead.is_late = False
    first.look()
    assert number_at(empty.grab().toImage(), place, size) == 0


def test_the_picture_stays_where_it_is(
    qtbot: QtBot, theme: ThemeSource, settings: Settings, plain_clip: Path
) -> None:
    shown_at: list[QRectF] = []
    for _time in range(2):
        window = MainWindow(theme, settings)
        qtbot.addWidget(window)
        if not shown_at:
            window.resize(_SIZE)
        ahead = SourceAhead(str(plain_clip), 0)
        info = ahead.probe(ahead.source, None)
        FirstPicture(window, theme, settings, ahead)
        size = info.display_width, info.display_height
        place = place_in(window, settings, size)
        filled(window, settings).open_source(ahead.source)
        view = window.stage.frame_view
        qtbot.waitUntil(partial(has_picture, window.controller))
        QApplication.processEvents()
        shown_at.append(QRectF(view.transform.target).translated(view.mapTo(window, QPoint())))
        assert number_at(window.grab().toImage(), shown_at[-1], size) == 0
        window.close()
    # The first time, its place in a new window is only known about.
    assert shown_at == [shown_at[0], place]


def sizes_of(window: MainWindow) -> list[QSize]:
    names = ("dock.codecPanel", "dock.timeline", "dock.filmstrip")
    return [dock.size() for dock in window.findChildren(QDockWidget) if dock.objectName() in names]


@pytest.mark.parametrize("size", [_SIZE, QSize(780, 790)])
def test_a_window_is_laid_out_alike_whether_it_is_shown_before_or_not(
    qtbot: QtBot, theme: ThemeSource, plain_clip: Path, size: QSize
) -> None:
    windows = []
    for is_shown_first in (False, True):
        settings = Settings()
        window = MainWindow(theme, settings)
        qtbot.addWidget(window)
        window.resize(size)
        if is_shown_first:
            FirstPicture(window, theme, settings, SourceAhead(str(plain_clip)))
        filled(window, settings)
        with qtbot.waitExposed(window):
            window.show()
        windows.append(window)
    # Heights of strips follow in turns of their own.
    qtbot.waitUntil(lambda: sizes_of(windows[0]) == sizes_of(windows[1]))
    for window in windows:
        window.close()


def test_closing_a_window_that_is_not_filled_closes_it_once_it_is(
    qtbot: QtBot, empty: MainWindow, theme: ThemeSource, settings: Settings, plain_clip: Path
) -> None:
    FirstPicture(empty, theme, settings, SourceAhead(str(plain_clip)))
    QApplication.sendEvent(empty, QEvent(QEvent.Type.ActivationChange))
    assert not empty.close()
    empty.resize(900, 600)
    filled(empty, settings)
    qtbot.waitUntil(lambda: not empty.isVisible())


def test_the_title_names_the_video_from_the_first_picture_on(
    qtbot: QtBot, empty: MainWindow, theme: ThemeSource, settings: Settings, plain_clip: Path
) -> None:
    ahead = SourceAhead(str(plain_clip), 0)
    titles = [empty.windowTitle()]
    empty.windowTitleChanged.connect(titles.append)
    FirstPicture(empty, theme, settings, ahead)
    controller = Controller(settings=settings)
    controller.setParent(empty)
    controller.open_source(ahead.source)
    empty.fill(controller, ahead.source)
    qtbot.waitUntil(partial(has_picture, controller))
    assert len(titles) == 2
    assert plain_clip.name in titles[-1]
    controller.close_source()
    controller.open_source(str(plain_clip.with_name("nothing.mp4")))
    qtbot.waitUntil(lambda: empty.windowTitle() == "FrameScope")


def test_the_picture_stays_until_it_is_shown_in_its_new_place(
    qtbot: QtBot, empty: MainWindow, theme: ThemeSource, settings: Settings, plain_clip: Path
) -> None:
    ahead = SourceAhead(str(plain_clip), 0)
    info = ahead.probe(ahead.source, None)
    qtbot.waitUntil(lambda: ahead.is_over)
    first = FirstPicture(empty, theme, settings, ahead)
    controller = filled(empty, settings, ahead.source)
    first.stay_over(empty.stage.frame_view, controller)
    size = info.display_width, info.display_height
    view = empty.stage.frame_view
    for wanted in (QSize(), QSize(740, 520)):
        if wanted.isValid():
            empty.resize(wanted)
        qtbot.waitUntil(lambda: first.size() == empty.stage.size())
        place = ViewTransform(QSizeF(*size), QSizeF(empty.stage.size())).target
        corner = empty.stage.mapTo(empty, QPoint()).toPointF()
        assert number_at(empty.grab().toImage(), place.translated(corner), size) == 0
    controller.open_source(ahead.source)
    qtbot.waitUntil(partial(has_picture, controller))
    assert is_gone(first)
    corner = view.mapTo(empty, QPoint()).toPointF()
    assert number_at(empty.grab().toImage(), view.transform.target.translated(corner), size) == 0


def test_the_picture_gives_way_to_the_reason_why_there_is_none(
    qtbot: QtBot, empty: MainWindow, theme: ThemeSource, settings: Settings, plain_clip: Path
) -> None:
    ahead = SourceAhead(str(plain_clip), 0)
    qtbot.waitUntil(lambda: ahead.is_over)
    first = FirstPicture(empty, theme, settings, ahead)
    controller = filled(empty, settings, ahead.source)
    first.stay_over(empty.stage.frame_view, controller)
    assert not first.isHidden()
    with qtbot.waitSignal(controller.source_failed):
        controller.open_source(str(plain_clip.with_name("nothing.mp4")))
    assert is_gone(first)


def test_the_picture_goes_with_its_video(
    qtbot: QtBot, empty: MainWindow, theme: ThemeSource, settings: Settings, plain_clip: Path
) -> None:
    ahead = SourceAhead(str(plain_clip), 0)
    qtbot.waitUntil(lambda: ahead.is_over)
    first = FirstPicture(empty, theme, settings, ahead)
    controller = filled(empty, settings, ahead.source)
    first.stay_over(empty.stage.frame_view, controller)
    controller.open_source(ahead.source)
    assert not first.isHidden()
    controller.close_source()
    assert is_gone(first)


def test_what_has_no_first_picture_leaves_its_place_empty(
    empty: MainWindow, theme: ThemeSource, settings: Settings, tmp_path: Path
) -> None:
    FirstPicture(empty, theme, settings, SourceAhead(str(tmp_path / "nothing.mp4")))
    place = QRectF(empty.rect()).marginsRemoved(QMarginsF(*settings.picture_margins))
    seen = part_of(empty.grab().toImage(), place.adjusted(1, 1, -1, -1))
    wanted = theme.tokens.picture_background
    assert (seen == [wanted.red(), wanted.green(), wanted.blue()]).all()


def test_a_window_without_room_between_the_margins_shows_no_picture(
    qtbot: QtBot, empty: MainWindow, theme: ThemeSource, settings: Settings, plain_clip: Path
) -> None:
    settings.picture_margins = (0, 34, _SIZE.width(), 392)
    ahead = SourceAhead(str(plain_clip), 0)
    qtbot.waitUntil(lambda: ahead.is_over)
    FirstPicture(empty, theme, settings, ahead)
    seen = part_of(empty.grab().toImage(), QRectF(empty.rect()))
    wanted = theme.tokens.window
    assert (seen == [wanted.red(), wanted.green(), wanted.blue()]).all()
