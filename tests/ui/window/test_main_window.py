"""The whole window on a real clip: opening, keys, dropping, layout, and leaving nothing behind."""

from __future__ import annotations

import threading
from itertools import combinations
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QDialog,
    QDockWidget,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QMessageBox,
    QTabBar,
    QWidget,
)

from framescope.core.errors import Cancelled
from framescope.core.export.plan import plan_export
from framescope.core.export.run import export_frames
from framescope.core.export.settings import ExportSettings
from framescope.core.model.progress import CancelToken
from framescope.core.source.opening import open_video
from framescope.session.controller import Controller
from framescope.ui.actions.key_map import KeyMap
from framescope.ui.actions.presets import Preset
from framescope.ui.filmstrip import Filmstrip
from framescope.ui.picture.banner import UnfinishedBanner
from framescope.ui.widgets.fonts import BASE_SIZE, sized
from framescope.ui.window.main_window import MainWindow
from tests.ui.window.conftest import wait_for_frame

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.core.model.progress import Progress, ProgressCallback
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource

_FRAMES = 48


def part(window: MainWindow, name: str) -> QWidget:
    widget = window.findChild(QWidget, name)
    assert isinstance(widget, QWidget), name
    return widget


def test_every_promised_part_is_there_and_named(window: MainWindow) -> None:
    for name in (
        "frameView", "timeline", "filmstrip", "codecPanel", "gopPanel", "gotoField", "jobBar", "toolbar",
    ):  # fmt: skip
        assert part(window, name).accessibleName(), name


def test_everything_that_takes_the_keyboard_has_a_name(opened: MainWindow) -> None:
    nameless = [
        f"{type(widget).__name__} {widget.objectName()!r}"
        for widget in opened.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        # The viewport of a scroll area answers to the name of its area.
        and not isinstance(widget.parentWidget(), QAbstractScrollArea)
        and not (widget.accessibleName() or widget.objectName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_opening_shows_the_first_frame_and_remembers_the_file(
    opened: MainWindow, settings: Settings, plain_clip: Path
) -> None:
    assert opened.stage.currentWidget() is opened.stage.frame_view
    assert plain_clip.name in opened.windowTitle()
    assert settings.recent_files == (str(plain_clip),)


def test_failed_opening_says_why_and_the_window_lives_on(
    qtbot: QtBot, window: MainWindow, plain_clip: Path, tmp_path: Path
) -> None:
    with qtbot.waitSignal(window.controller.source_failed):
        window.open_source(str(tmp_path / "missing.mp4"))
    assert window.stage.currentWidget() is window.stage.error
    message = part(window, "errorMessage")
    assert isinstance(message, QLabel)
    assert message.text()
    window.open_source(str(plain_clip))
    wait_for_frame(qtbot, window, 0)
    assert window.stage.currentWidget() is window.stage.frame_view


def test_keys_step_and_jump(qtbot: QtBot, opened: MainWindow) -> None:
    for key, modifiers, number in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 11),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier, 12),
        (Qt.Key.Key_Comma, Qt.KeyboardModifier.NoModifier, 11),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, _FRAMES - 1),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
    ):
        QTest.keyClick(opened, key, modifiers)
        wait_for_frame(qtbot, opened, number)


def test_g_goes_to_a_typed_frame(qtbot: QtBot, opened: MainWindow) -> None:
    field = part(opened, "gotoField")
    assert isinstance(field, QLineEdit)
    QTest.keyClick(opened, Qt.Key.Key_G)
    assert field.hasFocus()
    QTest.keyClicks(field, "31")
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait_for_frame(qtbot, opened, 31)
    assert field.text() == "31"


def test_letters_typed_into_a_field_are_not_shortcuts(opened: MainWindow) -> None:
    field = part(opened, "gotoField")
    QTest.keyClick(opened, Qt.Key.Key_G)
    QTest.keyClicks(field, "m")
    assert not opened.controller.marks
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QTest.keyClick(opened, Qt.Key.Key_M)
    assert opened.controller.marks == (0,)


def test_marks_and_range_show_in_the_status_bar_and_can_be_undone(opened: MainWindow) -> None:
    words = part(opened, "selectionWords")
    assert isinstance(words, QLabel)
    QTest.keyClick(opened, Qt.Key.Key_M)
    QTest.keyClick(opened, Qt.Key.Key_I)
    assert "1 marked" in words.text()
    assert "in–out 0–47" in words.text()
    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert words.text() == ""


def test_dropped_file_is_opened(qtbot: QtBot, window: MainWindow, plain_clip: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(plain_clip))])
    event = QDropEvent(
        QPointF(400, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    # Qt hands drops out through the platform's drag, which a test cannot start.
    window.dropEvent(event)
    wait_for_frame(qtbot, window, 0)


@pytest.mark.parametrize("name", ["button.mark.toggle", "filmstrip", "frameView", "timeline"])
def test_space_plays_whatever_has_the_focus(opened: MainWindow, name: str) -> None:
    place = part(opened, name)
    place.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(place, Qt.Key.Key_Space)
    assert opened.controller.playback.speed == 1
    assert opened.controller.marks == ()


def test_space_is_text_in_a_field_that_takes_text(opened: MainWindow) -> None:
    opened.focus_goto()
    QTest.keyClicks(opened.transport.goto_field, "1 2")
    assert opened.transport.goto_field.text() == "1 2"
    assert opened.controller.playback.speed == 0


def test_keys_after_return_are_commands_before_the_frame_is_there(qtbot: QtBot, opened: MainWindow) -> None:
    handle = opened.windowHandle()
    keys = Qt.Key
    for key in (keys.Key_G, keys.Key_2, keys.Key_0, keys.Key_Return, keys.Key_M, keys.Key_Period, keys.Key_M):
        QTest.keyClick(handle, key)
    # No event was handled in between: the picture is still another one.
    assert opened.controller.marks == (20, 21)
    assert opened.controller.position == 21
    assert QApplication.focusWidget() is opened.stage.frame_view
    wait_for_frame(qtbot, opened, 21)
    assert opened.transport.goto_field.text() == "21"
    for key in (keys.Key_G, keys.Key_4, keys.Key_Escape, keys.Key_Period):
        QTest.keyClick(handle, key)
    assert opened.controller.position == 22
    assert QApplication.focusWidget() is opened.stage.frame_view


def test_enter_presses_the_button_that_has_the_focus(opened: MainWindow) -> None:
    button = part(opened, "button.mark.toggle")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert opened.controller.marks == (0,)


def test_escape_leaves_the_full_screen(opened: MainWindow) -> None:
    opened.toggle_full_screen()
    assert opened.isFullScreen()
    QTest.keyClick(opened.stage.frame_view, Qt.Key.Key_Escape)
    assert not opened.isFullScreen()
    assert not opened.actions_by_id["view.full_screen"].isChecked()


def test_theme_is_switched_from_the_menu(window: MainWindow, settings: Settings, theme: ThemeSource) -> None:
    menu = window.findChild(QMenu, "menu.theme")
    assert isinstance(menu, QMenu)
    light = next(action for action in menu.actions() if action.text() == "Light")
    light.trigger()
    assert theme.choice.value == "light"
    assert settings.theme.value == "light"
    assert light.isChecked()


def test_recent_menu_lists_and_clears(opened: MainWindow, settings: Settings, plain_clip: Path) -> None:
    menu = opened.findChild(QMenu, "menu.recent")
    assert isinstance(menu, QMenu)
    assert plain_clip.name in menu.actions()[0].text()
    menu.actions()[-1].trigger()
    assert settings.recent_files == ()
    assert not menu.isEnabled()


def test_layout_is_kept_and_can_be_reset(
    qtbot: QtBot, window: MainWindow, theme: ThemeSource, settings: Settings
) -> None:
    dock = window.findChild(QDockWidget, "dock.filmstrip")
    assert isinstance(dock, QDockWidget)
    dock.hide()
    # The offscreen screen has 800 × 800 pixels; a window is not restored beyond its screen.
    window.resize(1000, 700)
    window.close()
    again = MainWindow(theme, settings)
    again.fill(Controller(settings=settings))
    again.controller.setParent(again)
    qtbot.addWidget(again)
    again.show()
    kept = again.findChild(QDockWidget, "dock.filmstrip")
    assert isinstance(kept, QDockWidget)
    assert kept.isHidden()
    assert again.height() == 700
    again.workspaces.use("standard")
    assert not kept.isHidden()
    again.close()


def tabs_cut_off(window: MainWindow) -> list[str]:
    """Words of panel tabs that have less room than they need."""
    return [
        bar.tabText(tab)
        for bar in window.findChildren(QTabBar, "panelTabs")
        for tab in range(bar.count())
        if bar.isTabVisible(tab)
        if bar.tabRect(tab).width() < bar.fontMetrics().horizontalAdvance(bar.tabText(tab))
    ]


@pytest.mark.parametrize("size", [(900, 600), (1280, 720), (1366, 768), (1920, 1080)])
def test_tabs_are_legible_from_the_first_start_on(
    qtbot: QtBot, window: MainWindow, theme: ThemeSource, settings: Settings, size: tuple[int, int]
) -> None:
    window.resize(*size)
    QApplication.processEvents()
    assert tabs_cut_off(window) == []
    window.close()
    again = MainWindow(theme, settings)
    again.fill(Controller(settings=settings))
    again.controller.setParent(again)
    qtbot.addWidget(again)
    again.resize(*size)
    with qtbot.waitExposed(again):
        again.show()
    QApplication.processEvents()
    assert again.findChildren(QTabBar, "panelTabs")
    assert tabs_cut_off(again) == []
    again.workspaces.use("standard")
    QApplication.processEvents()
    assert tabs_cut_off(again) == []
    again.close()


def test_window_can_be_as_small_as_a_small_screen_at_double_scale(opened: MainWindow) -> None:
    least = opened.minimumSizeHint()
    assert least.width() <= 900
    # 1080 rows at double scale, less a task bar and a title bar.
    assert least.height() <= 480


def test_window_and_dialogs_fit_a_small_screen_with_large_letters(qtbot: QtBot, opened: MainWindow) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = app.font()
    app.setFont(sized(before, 2 * BASE_SIZE))
    try:
        room = QSize(1280, 720 - 32)
        for show in (opened.dialogs.export_frames, opened.dialogs.export_queue, opened.dialogs.export_clip):
            show()
        for show in (opened.dialogs.make_contact_sheet, opened.dialogs.make_video):
            show()
        qtbot.wait(50)
        dialogs = [dialog for dialog in opened.findChildren(QDialog) if dialog.isVisible()]
        assert len(dialogs) == 5
        for widget in (opened, *dialogs):
            least = widget.minimumSizeHint()
            assert least.boundedTo(room) == least, widget.objectName()
        for dialog in dialogs:
            dialog.close()
    finally:
        app.setFont(before)


def test_transport_bar_drops_what_has_no_room(opened: MainWindow) -> None:
    opened.resize(opened.minimumSizeHint())
    QApplication.processEvents()
    bar = opened.transport
    shown = [child for child in bar.findChildren(QWidget) if child.isVisibleTo(bar) and child.width() > 1]
    assert all(child.geometry().right() <= bar.width() for child in shown)
    assert part(opened, "button.play.toggle") in shown
    assert part(opened, "zoomLabel") not in shown
    for width in range(opened.minimumSizeHint().width(), 1500, 60):
        opened.resize(width, 700)
        QApplication.processEvents()
        places = [
            child.geometry()
            for child in bar.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if child.isVisibleTo(bar) and child.width() > 1
        ]
        assert not any(one.intersects(other) for one, other in combinations(places, 2)), width
    assert part(opened, "zoomLabel").isVisibleTo(bar)


def test_zooming_in_to_the_end_keeps_the_playhead_in_view(qtbot: QtBot, opened: MainWindow) -> None:
    for number in (0, 29, _FRAMES - 1):
        opened.controller.show_frame(number)
        wait_for_frame(qtbot, opened, number)
        for _ in range(12):
            QTest.keyClick(opened, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
            first, last = opened.controller.view.visible_range
            assert first <= number <= last - 1
        QTest.keyClick(opened, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)


class SlowWork:
    """Work that continues until it is let go or stopped."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()
        self.may_end = threading.Event()
        self.was_stopped = False

    def __call__(self, progress: ProgressCallback, cancel: CancelToken) -> SimpleNamespace:
        del progress
        self.has_begun.set()
        while not self.may_end.wait(0.01):
            if cancel.is_cancelled:
                self.was_stopped = True
                raise Cancelled
        return SimpleNamespace(summary="all saved")


def close_and_answer(qtbot: QtBot, window: MainWindow, answer: str) -> list[str]:
    """Close the window and click the answer to its question; the titles in the question."""
    asked: list[str] = []

    def respond() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            asked.append(box.text())
            next(button for button in box.buttons() if button.text() == answer).click()
            timer.stop()

    timer = QTimer(window)
    timer.timeout.connect(respond)
    timer.start(10)
    window.close()
    qtbot.waitUntil(lambda: not timer.isActive())
    return asked


def test_quitting_during_work_asks_and_can_be_called_off(qtbot: QtBot, opened: MainWindow) -> None:
    work = SlowWork()
    opened.controller.run_job("Exporting 100 frames", work, origin="exportDialog")
    asked = close_and_answer(qtbot, opened, "Cancel")
    assert "Exporting 100 frames" in asked[0]
    assert opened.isVisible()
    assert not work.was_stopped
    work.may_end.set()
    qtbot.waitUntil(lambda: not opened.controller.work_under_way)
    assert opened.isVisible()
    assert opened.status.job_bar.text == "all saved"


def test_quitting_can_wait_for_the_work_of_several_jobs(qtbot: QtBot, opened: MainWindow) -> None:
    first, second = SlowWork(), SlowWork()
    controller = opened.controller
    job = controller.run_job("Exporting a.mp4 (1 of 2)", first, origin="queueDialog")
    job.finished.connect(lambda: controller.run_job("Exporting b.mp4 (2 of 2)", second, origin="queueDialog"))
    close_and_answer(qtbot, opened, "Finish, then quit")
    assert opened.isVisible()
    first.may_end.set()
    qtbot.waitUntil(lambda: controller.work_under_way[:1] != (job,))
    assert opened.isVisible()
    second.may_end.set()
    qtbot.waitUntil(opened.isHidden)
    assert not first.was_stopped
    assert not second.was_stopped


def test_the_question_goes_when_the_work_ends_and_the_window_with_it(opened: MainWindow) -> None:
    first, second = SlowWork(), SlowWork()
    controller, asked = opened.controller, []
    job = controller.run_job("Exporting a.mp4 (1 of 2)", first, origin="queueDialog")
    job.finished.connect(lambda: controller.run_job("Exporting b.mp4 (2 of 2)", second, origin="queueDialog"))

    def watch() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            return
        asked.append(box.text())
        (second if "b.mp4" in box.text() else first).may_end.set()

    timer = QTimer(opened)
    timer.timeout.connect(watch)
    timer.start(10)
    opened.close()
    timer.stop()
    assert opened.isHidden()
    assert "a.mp4" in asked[0]
    assert "b.mp4" in asked[-1]
    assert "a.mp4" not in asked[-1]
    assert not first.was_stopped
    assert not second.was_stopped


def test_quitting_can_stop_the_work(qtbot: QtBot, opened: MainWindow) -> None:
    work = SlowWork()
    opened.controller.run_job("Exporting 100 frames", work, origin="exportDialog")
    qtbot.waitUntil(work.has_begun.is_set)
    close_and_answer(qtbot, opened, "Stop and quit")
    assert opened.isHidden()
    assert work.was_stopped


def test_quitting_does_not_ask_about_what_only_looks(qtbot: QtBot, opened: MainWindow) -> None:
    work = SlowWork()
    opened.controller.run_job("Benchmark", work)
    qtbot.waitUntil(work.has_begun.is_set)
    opened.close()
    assert opened.isHidden()
    assert work.was_stopped


def test_interrupted_export_is_offered_at_the_next_start_and_ends_as_if_nothing_had_happened(
    qtbot: QtBot, theme: ThemeSource, settings: Settings, plain_clip: Path, tmp_path: Path
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    with open_video(plain_clip) as video:
        for folder in (whole, broken):
            plan = plan_export(video.info, video.index, range(_FRAMES), ExportSettings(folder))
            cancel = CancelToken()

            def stop_early(progress: Progress, cancel: CancelToken = cancel) -> None:
                if progress.done >= 3:
                    cancel.cancel()

            stopper = stop_early if folder is broken else lambda _progress: None
            export_frames(video, plan, manifest=True, progress=stopper, cancel=cancel)
    assert len(list(broken.glob("*.jpg"))) < _FRAMES
    details = {"source": str(plain_clip), "stream_index": None, "folder": str(broken)}
    entry = {"kind": "export", "details": details, "pid": 0, "began": 0.0, "noted": 0}
    settings.put_unfinished("k", entry)
    window = MainWindow(theme, settings)
    window.fill(Controller(settings=settings))
    window.controller.setParent(window)
    qtbot.addWidget(window)
    window.show()
    banner = window.findChild(UnfinishedBanner)
    assert banner is not None
    qtbot.waitUntil(lambda: f"of {_FRAMES} frames are saved" in banner.text)
    banner.answered.emit()
    qtbot.waitUntil(lambda: not window.controller.work_under_way)
    qtbot.waitUntil(lambda: settings.unfinished_work == {})
    names = sorted(path.name for path in whole.glob("*.jpg"))
    assert [path.name for path in sorted(broken.glob("*.jpg"))] == names
    assert all((whole / name).read_bytes() == (broken / name).read_bytes() for name in names)
    window.close()


def test_timeline_zooms_around_the_playhead(qtbot: QtBot, opened: MainWindow) -> None:
    opened.controller.show_frame(40)
    wait_for_frame(qtbot, opened, 40)
    QTest.keyClick(opened, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    first, last = opened.controller.view.visible_range
    assert last - first < _FRAMES
    assert first <= 40 < last
    QTest.keyClick(opened, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert opened.controller.view.visible_range == (0, _FRAMES)


def test_panel_can_be_asked_for_by_name(window: MainWindow) -> None:
    assert window.docks.show_panel("gop")
    assert window.docks.show_panel("codecPanel")
    assert not window.docks.show_panel("nothing")


@pytest.mark.parametrize("name", ["frameView", "timeline", "filmstrip"])
def test_context_menu_is_made_of_actions(opened: MainWindow, name: str) -> None:
    texts: list[str] = []

    def read_and_close() -> None:
        menu = QApplication.activePopupWidget()
        if isinstance(menu, QMenu):
            texts.extend(action.text() for action in menu.actions())
            menu.close()
            timer.stop()

    place = part(opened, name)
    timer = QTimer(opened)
    timer.timeout.connect(read_and_close)
    timer.start(10)
    place.context_menu_requested.emit(place.mapToGlobal(QPoint(10, 10)))  # type: ignore[attr-defined]
    assert "Copy picture" in texts


def test_tab_goes_from_the_picture_downwards(opened: MainWindow) -> None:
    view = opened.stage.frame_view
    order: list[str] = []
    widget = view.nextInFocusChain()
    while widget is not None and widget is not view:
        order.append(widget.objectName())
        widget = widget.nextInFocusChain()
    assert order.index("gotoField") < order.index("timeline") < order.index("filmstrip")


def test_thumbnail_size_is_remembered(window: MainWindow, settings: Settings) -> None:
    filmstrip = window.findChild(Filmstrip)
    assert filmstrip is not None
    filmstrip.thumbnail_height_changed.emit(120)
    assert settings.thumbnail_height == 120


def test_arrow_keys_of_a_preset_stay_with_a_table_that_has_the_focus(
    qtbot: QtBot, opened: MainWindow
) -> None:
    opened.actions_by_id.apply_keys(KeyMap(Preset.AVIDEMUX))
    table = QListWidget(opened.stage)
    table.addItems(["one", "two"])
    table.setCurrentRow(0)
    table.show()
    table.setFocus()
    QTest.keyClick(opened.windowHandle(), Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: table.currentRow() == 1)
    assert opened.controller.position == 0
    opened.stage.frame_view.setFocus()
    QTest.keyClick(opened.windowHandle(), Qt.Key.Key_Up)
    assert opened.controller.position > 0


def test_a_tall_panel_leaves_the_picture_its_place(qtbot: QtBot, opened: MainWindow) -> None:
    opened.resize(900, 600)
    opened.docks.show_panel("codec")
    # After a resize, the strips get their heights in a turn of their own.
    qtbot.wait(100)
    opened.docks.fit_strips()
    QApplication.processEvents()
    before = opened.stage.size()
    for name in ("gop", "labels", "stream"):
        opened.docks.show_panel(name)
        QApplication.processEvents()
        assert opened.stage.size() == before, name
