"""The centre of the window: the picture, or a page that explains why there is none."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from framescope.ui.picture.banner import FailedOpenBanner
from framescope.ui.picture.cards import ErrorPage, OpeningPage, WelcomePage
from framescope.ui.picture.frame_view import FrameView
from framescope.ui.widgets.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent

    from framescope.core.errors import FrameScopeError
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_OPENING_AFTER_MS = 150


class Stage(QStackedWidget):
    """Switches between the picture and the welcome, opening and error pages.

    Each page is made when it is first needed: a window that opens on a video needs none of them.

    Attributes:
        failed_banner: Shown above the picture, where the window places it.
    """

    reopen_wanted = Signal(str)
    """Open this path or URL."""
    open_wanted = Signal()
    """Ask for a file."""
    url_wanted = Signal()
    """Ask for a URL."""
    demo_wanted = Signal()
    """Open the demo clip."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self._controller = controller
        self._theme = theme
        self._asked: str | None = None
        self._recent: Sequence[str] = ()
        self._turns = Turns.of(controller)
        self.frame_view = FrameView(controller, theme, self)
        self.addWidget(self.frame_view)
        self._instead: QWidget | None = None
        self._timer = QTimer(self, singleShot=True, interval=_OPENING_AFTER_MS)
        self._timer.timeout.connect(self._on_timeout)
        self.failed_banner = FailedOpenBanner(controller, theme, self)
        self.failed_banner.answered.connect(self._on_retry_wanted)
        controller.source_opened.connect(self._on_source_opened)
        controller.source_closed.connect(self._on_source_closed)
        controller.source_failed.connect(self._on_source_failed)

    @cached_property
    def welcome(self) -> WelcomePage:
        """The start page."""
        page = WelcomePage(self._theme, self)
        page.open_wanted.connect(self.open_wanted)
        page.url_wanted.connect(self.url_wanted)
        page.demo_wanted.connect(self.demo_wanted)
        page.recent_wanted.connect(self.reopen_wanted)
        self.addWidget(page)
        return page

    @cached_property
    def error(self) -> ErrorPage:
        """The page with the reason why a video could not be opened."""
        page = ErrorPage(self._theme, self)
        page.retry_wanted.connect(self._on_retry_wanted)
        page.open_wanted.connect(self.open_wanted)
        page.back_wanted.connect(self._show_welcome)
        self.addWidget(page)
        return page

    @cached_property
    def opening(self) -> OpeningPage:
        """The page with the name of what is being opened."""
        page = OpeningPage(self._theme, self)
        page.cancel_wanted.connect(self._on_cancel_wanted)
        self.addWidget(page)
        return page

    @property
    def _picture_page(self) -> QWidget:
        return self.frame_view if self._instead is None else self._instead

    def show_instead(self, page: QWidget | None) -> None:
        """Show this page wherever the picture would be shown; None shows the picture again."""
        was_shown = self.currentWidget() is self._picture_page
        self._instead = page
        if page is not None and self.indexOf(page) < 0:
            self.addWidget(page)
        if was_shown:
            self.setCurrentWidget(self._picture_page)

    def set_recent(self, sources: Sequence[str]) -> None:
        """List recent videos on the start page, newest first."""
        self._recent = sources
        if self._is_welcoming:
            self.welcome.set_recent(sources)

    def set_drop_target(self, *, is_target: bool) -> None:
        """Highlight the start page while something that can be opened is dragged over the window."""
        if self._is_welcoming:
            self.welcome.set_drop_target(is_target=is_target)

    @property
    def _is_welcoming(self) -> bool:
        return isinstance(self.currentWidget(), WelcomePage)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Begin with the start page, unless a video is coming."""
        super().showEvent(event)
        if self._asked is None and self._controller.source is None:
            self._show_welcome()

    @Slot()
    def _show_welcome(self) -> None:
        self.welcome.set_recent(self._recent)
        self.setCurrentWidget(self.welcome)

    def expect(self, source: str) -> None:
        """Announce that a source is about to be opened; if that takes long, the opening page is shown."""
        self._asked = source
        self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        if self._asked is not None:
            self.opening.show_source(self._asked)
            self.setCurrentWidget(self.opening)

    @Slot()
    def _on_source_opened(self) -> None:
        self._timer.stop()
        self.setCurrentWidget(self._picture_page)

    @Slot()
    def _on_source_closed(self) -> None:
        # Opening a video closes the previous one: the welcome page would flash up.
        self._turns.do_soon(self._welcome_if_empty)

    @Slot()
    def _welcome_if_empty(self) -> None:
        has_failed = isinstance(self.currentWidget(), ErrorPage)
        if self._controller.source is None and not self._timer.isActive() and not has_failed:
            self._show_welcome()

    @Slot(object)
    def _on_source_failed(self, error: FrameScopeError) -> None:
        self._timer.stop()
        if self._controller.source is None:
            self.error.show_error(error, self._asked)
            self.setCurrentWidget(self.error)
        else:
            # Panels and bars still show the open video, so the picture must too.
            self.setCurrentWidget(self._picture_page)
            self.failed_banner.show_error(error, self._asked)

    @Slot()
    def _on_cancel_wanted(self) -> None:
        self._timer.stop()
        self._controller.video.stop_opening()
        if self._controller.source is None:
            self._show_welcome()
        else:
            self.setCurrentWidget(self._picture_page)

    @Slot()
    def _on_retry_wanted(self) -> None:
        if self._asked is not None:
            self.reopen_wanted.emit(self._asked)
