"""The centre of the window: the picture, or a page that explains why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from framescope.ui.picture.banner import FailedOpenBanner
from framescope.ui.picture.cards import ErrorPage, OpeningPage, WelcomePage
from framescope.ui.picture.frame_view import FrameView

if TYPE_CHECKING:
    from framescope.core.errors import FrameScopeError
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_OPENING_AFTER_MS = 150


class Stage(QStackedWidget):
    """Switches between the picture and the welcome, opening and error pages.

    Attributes:
        failed_banner: Shown above the picture, where the window places it.
    """

    reopen_wanted = Signal(str)

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self._controller = controller
        self._asked: str | None = None
        self.frame_view = FrameView(controller, theme, self)
        self.welcome = WelcomePage(theme, self)
        self.error = ErrorPage(theme, self)
        self.opening = OpeningPage(theme, self)
        for page in (self.welcome, self.frame_view, self.error, self.opening):
            self.addWidget(page)
        self._timer = QTimer(self, singleShot=True, interval=_OPENING_AFTER_MS)
        self._timer.timeout.connect(self._on_timeout)
        self.failed_banner = FailedOpenBanner(controller, theme, self)
        for asker in (self.error.retry_wanted, self.failed_banner.answered):
            asker.connect(self._on_retry_wanted)
        self.error.back_wanted.connect(self._on_back_wanted)
        controller.source_opened.connect(self._on_source_opened)
        controller.source_closed.connect(self._on_source_closed)
        controller.source_failed.connect(self._on_source_failed)

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
        self.setCurrentWidget(self.frame_view)

    @Slot()
    def _on_source_closed(self) -> None:
        # Opening a video closes the previous one: the welcome page would flash up.
        if not self._timer.isActive():
            self.setCurrentWidget(self.welcome)

    @Slot(object)
    def _on_source_failed(self, error: FrameScopeError) -> None:
        self._timer.stop()
        if self._controller.source is None:
            self.error.show_error(error, self._asked)
            self.setCurrentWidget(self.error)
        else:
            # Panels and bars still show the open video, so the picture must too.
            self.setCurrentWidget(self.frame_view)
            self.failed_banner.show_error(error, self._asked)

    @Slot()
    def _on_back_wanted(self) -> None:
        self.setCurrentWidget(self.welcome)

    @Slot()
    def _on_retry_wanted(self) -> None:
        if self._asked is not None:
            self.reopen_wanted.emit(self._asked)
