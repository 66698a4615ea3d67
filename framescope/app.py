"""The composition root: creates settings, session, theme and window, and connects them."""

from __future__ import annotations

import gc
import locale
import logging
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from framescope.core.errors import Cancelled, DestinationError, FrameScopeError, UnknownPanelError
from framescope.core.folders import home_folder
from framescope.core.frozen import forget_bundle_paths
from framescope.core.log import use_level
from framescope.core.marks.video_memory import VideoMemory
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged
from framescope.core.resources import resource_path
from framescope.core.source.ahead import SourceAhead
from framescope.core.stop_signals import end_at_once, on_stop, stop_status
from framescope.core.translation import choose_language, tr
from framescope.engine.stop_listener import StopListener
from framescope.session.settings import Settings
from framescope.ui.widgets.fonts import install_fonts
from framescope.ui.widgets.theme import ThemeChoice, ThemeSource
from framescope.ui.window.display import reachable_display
from framescope.ui.window.first_picture import FirstPicture
from framescope.ui.window.main_window import MainWindow
from framescope.ui.window.qt_messages import qt_messages_logged

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOG = logging.getLogger(__name__)

DEFAULT_SIZE = (1280, 800)
"""Width and height of a screenshot that asks for no size."""


def run_window(  # noqa: PLR0913 - each is an option of the command
    source: str | None = None,
    *,
    demo: bool = False,
    theme: str | None = None,
    frame: int | None = None,
    arguments: Sequence[str] = (),
    ahead: SourceAhead | None = None,
) -> int:
    """Open the window and stay until it is closed.

    Args:
        source: A path or URL to open at once.
        demo: Open the demo clip; written first if it is not there.
        theme: ``dark``, ``light`` or ``system`` for this run; otherwise what the settings say.
        frame: The frame to show first; None for the one that was shown last time.
        arguments: Qt's own command-line arguments.
        ahead: The source's header, if it is being read already.

    Returns:
        The exit status.

    Raises:
        FrameScopeError: There is no display.
    """
    with reachable_display(), on_stop(end_at_once):
        app = make_application(arguments)
    with ffmpeg_messages_logged(), qt_messages_logged():
        if source is not None and not demo and ahead is None:
            ahead = SourceAhead(source, frame)
        return _run_window(app, ahead, demo=demo, theme=theme, frame=frame)


def _run_window(
    app: QApplication, ahead: SourceAhead | None, *, demo: bool, theme: str | None, frame: int | None
) -> int:
    settings = user_settings()
    follow_settings(settings)
    choice = ThemeChoice(theme) if theme else settings.theme
    # Raised while the window is made, an interrupt would leave its threads running, and Python aborts.
    listener = StopListener(app, is_held=True)
    window = make_window(app, settings, choice, VideoMemory(), ahead)
    from framescope.ui.dialogs.crash_dialog import CrashReporter  # noqa: PLC0415 - after the first picture

    reporter = CrashReporter(lambda: window, app)
    reporter.install()

    def stop() -> None:
        # Cancel work first, so that closing the window asks no question: nobody may be there to answer.
        window.controller.close()
        window.close()
        app.exit(stop_status())

    listener.stopped.connect(stop)
    listener.release()
    window.controller.notice_posted.connect(log_notice)
    window.controller.source_failed.connect(log_refusal)
    if frame is not None:
        # Most windows open where they were left.
        from framescope.session.first_frame import FirstFrame  # noqa: PLC0415

        FirstFrame(window.controller, frame, window)
    if demo:
        window.open_demo()
    show_window(window)
    status = app.exec()
    listener.close()
    reporter.remove()
    settings.save()
    return int(status)


def follow_settings(settings: Settings) -> None:
    """Log at the level that the user has chosen, and keep the chosen language, now and after each change."""

    def follow(name: str) -> None:
        if name == "log_level":
            use_level(settings.log_level)
        elif name == "language":
            try:
                choose_language(settings.language)
            except DestinationError as error:
                words = tr("The language cannot be kept for the next start. {reason}", reason=error.message)
                settings.notice_posted.emit(words, "warning")

    settings.changed.connect(follow)
    follow("log_level")


def show_window(window: MainWindow) -> None:
    """Show the program's one window. What is to be opened is asked for before: it opens meanwhile."""
    window.show()
    # What the program and its window are made of stays to the end. Looking through it for garbage would hold
    # up the window each time.
    gc.freeze()


def log_notice(text: str, level: str) -> None:
    """Log what the window says."""
    _LOG.info("Shown in the window (%s): %s", level, text)


def log_refusal(error: FrameScopeError) -> None:
    """Log why a video was not opened."""
    _LOG.info("Not opened: %s %s", error.message, error.hint)


def run_screenshot(  # noqa: PLR0913 - each is an option of the command
    source: str,
    out_path: str | os.PathLike[str],
    *,
    frame: int = 0,
    size: tuple[int, int] = DEFAULT_SIZE,
    panel: str | None = None,
    theme: str | None = None,
    overwrite: bool = False,
) -> None:
    """Render the real window, off any screen, on a frame of a video, and write it as a picture.

    Args:
        source: A path or URL.
        out_path: Output file; the extension selects the format.
        frame: The frame to show.
        size: Width and height of the window in pixels.
        panel: The panel in front, such as ``codec`` or ``gop``.
        theme: ``dark`` or ``light``.
        overwrite: Whether a file of this name may be replaced.

    Raises:
        FrameScopeError: The video cannot be opened, there is no such frame or panel, or the picture cannot
            be written.
        Cancelled: A stop signal came before the window was ready.
    """
    # Imported here: the program's window starts without it.
    from framescope.ui.window.screenshot import save_window  # noqa: PLC0415

    if QApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_application(())
    with qt_messages_logged():
        # The user's layout, recent files and marks are neither used nor changed.
        window = make_window(app, Settings(), ThemeChoice(theme or ThemeChoice.DARK))
        try:
            window.resize(*size)
            window.show()
            window.docks.fit_sizes()
            _bring_to_front(window, panel)
            _wait_until_settled(window, source, frame)
            save_window(window, Path(out_path), replaces=overwrite, sources=[source])
        finally:
            window.close()
            window.deleteLater()


def user_settings() -> Settings:
    """The user's settings, kept in memory where there is no folder for them."""
    has_place = sys.platform == "win32" or home_folder() is not None or os.environ.get("XDG_CONFIG_HOME")
    # Qt would make a missing home folder, or take the root of the file system for it.
    return Settings(QSettings("FrameScope", "FrameScope") if has_place else None)


def forget_opencv_qt() -> None:
    """Undo what ``import cv2`` does to Qt when a program imported it before FrameScope could."""
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        if "cv2" in Path(os.environ.get(name, "")).parts:
            del os.environ[name]


def make_application(arguments: Sequence[str]) -> QApplication:
    """The one QApplication, styled with the shipped typeface and icon."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    forget_opencv_qt()
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(["framescope", *arguments])
    forget_bundle_paths()
    # Qt takes on the user's locale. With a decimal comma, C libraries read an encoder's "20.5" as 20.
    locale.setlocale(locale.LC_NUMERIC, "C")
    app.setApplicationName("FrameScope")
    app.setOrganizationName("FrameScope")
    app.setDesktopFileName("framescope")
    app.setWindowIcon(QIcon(str(resource_path("framescope.svg"))))
    install_fonts(app)
    return app


def make_window(
    app: QApplication,
    settings: Settings,
    choice: ThemeChoice,
    memory: VideoMemory | None = None,
    ahead: SourceAhead | None = None,
) -> MainWindow:
    """The window with its session behind it. Closing it stops every thread.

    Args:
        app: The application.
        settings: What the user has set.
        choice: The colours.
        memory: Where marks and positions are kept for the next time; nowhere when not given.
        ahead: What to open; the window is shown with its first picture before the rest of it is made.
    """
    theme = ThemeSource(choice)
    theme.apply_to(app)
    window = MainWindow(theme, settings)
    first = None if ahead is None else FirstPicture(window, theme, settings, ahead)
    # The first picture does not wait for all that these import.
    from framescope.engine.backend import core_backend  # noqa: PLC0415
    from framescope.session.controller import Controller  # noqa: PLC0415

    backend = core_backend()
    if ahead is not None:
        backend = replace(backend, probe=ahead.probe, open_reader=ahead.open_reader)
    controller = Controller(settings=settings, memory=memory, backend=backend)
    if ahead is not None:
        # What it reports waits for the event loop.
        controller.open_source(ahead.source)
    if first is not None:
        first.look()
    window.fill(controller, None if ahead is None else ahead.source)
    if first is not None:
        first.stay_over(window.stage.frame_view, controller)
    for part in (settings, theme, controller):
        part.setParent(window)
    return window


def _bring_to_front(window: MainWindow, panel: str | None) -> None:
    if panel is not None and not window.docks.show_panel(panel):
        names = ", ".join(window.docks.panel_names)
        raise UnknownPanelError(
            tr("There is no panel called {panel!r}.", panel=panel),
            hint=tr("The panels are: {names}.", names=names),
        )


def _wait_until_settled(window: MainWindow, source: str, frame: int) -> None:
    from framescope.ui.window.screenshot import WindowSettler  # noqa: PLC0415

    errors: list[FrameScopeError | Cancelled] = []
    loop = QEventLoop()
    listener = StopListener()
    listener.stopped.connect(lambda: errors.append(Cancelled()))
    listener.stopped.connect(loop.quit)
    settler = WindowSettler(window.controller, frame, window)
    settler.settled.connect(loop.quit)
    settler.failed.connect(errors.append)
    settler.failed.connect(loop.quit)
    window.open_source(source)
    try:
        loop.exec()
    finally:
        listener.close()
    if errors:
        raise errors[0]
