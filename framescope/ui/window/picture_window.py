"""Windows with nothing but the picture: full screen over the main window, and a second one beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QStackedLayout, QWidget

from framescope.core.media.container import shown_name
from framescope.core.translation import tr
from framescope.ui.actions.tool_strip import action_button
from framescope.ui.compare.view import VIEWER, CompareView
from framescope.ui.picture.frame_view import FrameView
from framescope.ui.timeline.slim import SlimTimeline
from framescope.ui.widgets.screen_room import room_on_screen
from framescope.ui.widgets.theme import SPACE
from framescope.ui.window.transport_bar import GotoField, speed_words, total_words

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QResizeEvent, QScreen

    from framescope.session.controller import Controller
    from framescope.ui.actions.action_set import ActionSet
    from framescope.ui.widgets.theme import ThemeSource

_BAR_STAYS_MS = 2000
_MESSAGE_STAYS_MS = 3000
_SIZE = QSize(960, 540)


class _Bar(QFrame):
    """The controls at the lower edge, shown while the mouse moves."""

    def __init__(
        self,
        controller: Controller,
        theme: ThemeSource,
        actions: ActionSet,
        view: FrameView,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self.setObjectName("pictureBar")
        self.setAccessibleName(tr("Transport"))
        self.goto_field = GotoField(controller, theme, view, self)
        self.goto_field.refresh()
        self._total = QLabel(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        row.setSpacing(SPACE)
        row.addWidget(action_button(actions, "play.toggle", self))
        row.addWidget(self.goto_field)
        row.addWidget(self._total)
        row.addWidget(SlimTimeline(controller, theme, self), 1)
        row.addWidget(action_button(actions, "view.picture_only", self))
        for signal in (controller.source_opened, controller.source_closed, controller.index_updated):
            signal.connect(self._on_total_changed)
        theme.changed.connect(self._on_theme_changed)
        self._on_total_changed()
        self._on_theme_changed()

    @Slot()
    def _on_total_changed(self) -> None:
        self._total.setText(total_words(self._controller))

    @Slot()
    def _on_theme_changed(self) -> None:
        tokens = self._theme.tokens
        self.setStyleSheet(
            f"#pictureBar {{ background: {tokens.surface.name()};"
            f" border-top: 1px solid {tokens.border.name()}; }}"
        )


class _Message(QLabel):
    """A sentence over the picture for a while: the status bar is not in sight."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self.setObjectName("pictureMessage")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self._speed = controller.player.chosen_speed
        self._rest = QTimer(self, singleShot=True, interval=_MESSAGE_STAYS_MS)
        self._rest.timeout.connect(self.hide)
        controller.notice_posted.connect(self.show_text)
        controller.player.choices_changed.connect(self._on_choices_changed)

    @Slot(str)
    def show_text(self, text: str) -> None:
        """Show a sentence."""
        tokens = self._theme.tokens
        ground = tokens.overlay.name(tokens.overlay.NameFormat.HexArgb)
        self.setStyleSheet(
            f"background: {ground}; color: {tokens.overlay_text.name()};"
            " border-radius: 5px; padding: 6px 12px;"
        )
        self.setText(text)
        self.adjustSize()
        self.move(2 * SPACE, 2 * SPACE)
        self.show()
        self.raise_()
        self._rest.start()

    @Slot()
    def _on_choices_changed(self) -> None:
        speed = self._controller.player.chosen_speed
        if speed != self._speed:
            self._speed = speed
            self.show_text(speed_words(speed))


class PictureWindow(QWidget):
    """The picture alone; controls appear while the mouse moves. Threads: GUI."""

    closed = Signal()
    double_clicked = Signal()
    context_menu_requested = Signal(object)
    """QPoint on the screen."""

    def __init__(
        self,
        controller: Controller,
        theme: ThemeSource,
        actions: ActionSet,
        owner: QWidget,
        name: str,
    ) -> None:
        """Make the window; show it with `fill`, or as any other.

        Args:
            controller: The session.
            theme: Its colours.
            actions: Their keys work here as well.
            owner: The main window.
            name: What it is called among the viewers of the picture.
        """
        super().__init__(owner, Qt.WindowType.Window)
        self._controller = controller
        self._viewer = name
        self.setObjectName(f"pictureWindow.{name}")
        self.setAccessibleName(tr("Picture"))
        self.resize(room_on_screen(owner, _SIZE))
        self._theme = theme
        self._frame = FrameView(controller, theme, self, viewer=name)
        self._pair: CompareView | None = None
        self._stack = QStackedLayout(self)
        self._adopt(self._frame)
        self._frame.double_clicked.connect(self.double_clicked)
        self.bar = _Bar(controller, theme, actions, self._frame, self)
        self.bar.hide()
        _Message(controller, theme, self)
        self._rest = QTimer(self, singleShot=True, interval=_BAR_STAYS_MS)
        self._rest.timeout.connect(self._on_rest)
        actions.add_to(self)
        controller.source_opened.connect(self._on_source_changed)
        controller.source_closed.connect(self._on_source_changed)
        controller.comparing.changed.connect(self._on_comparing_changed)
        self._on_source_changed()
        self._frame.catch_up()
        self._on_comparing_changed()
        self.view.setFocus()

    @property
    def view(self) -> FrameView | CompareView:
        """What shows the picture: of one video, or of both while two are compared."""
        is_comparing = self._controller.comparing.is_active
        return self._pair if self._pair is not None and is_comparing else self._frame

    def _adopt(self, view: FrameView | CompareView) -> None:
        view.setMinimumSize(1, 1)
        view.installEventFilter(self)
        view.context_menu_requested.connect(self.context_menu_requested)
        self._stack.addWidget(view)

    @Slot()
    def _on_comparing_changed(self) -> None:
        is_comparing = self._controller.comparing.is_active
        if is_comparing and self._pair is None:
            self._pair = CompareView(self._controller, self._theme, self, viewer=f"{self._viewer}.{VIEWER}")
            self._adopt(self._pair)
        if self._stack.currentWidget() is self.view:
            return
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self._stack.setCurrentWidget(self.view)
        if self._pair is not None:
            if is_comparing:
                self._pair.resume()
            else:
                self._pair.forget()
                self._frame.catch_up()
        if had_focus:
            self.view.setFocus()

    def fill(self, screen: QScreen) -> None:
        """Fill a screen."""
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.activateWindow()

    def start_typing(self) -> None:
        """Show the controls with the go-to field focused."""
        self._show_bar()
        self.bar.goto_field.start_typing()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Show the controls while the mouse moves over the picture."""
        if watched in (self._frame, self._pair) and event.type() == QEvent.Type.MouseMove:
            self._show_bar()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape closes the window."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the controls at the lower edge."""
        super().resizeEvent(event)
        height = self.bar.sizeHint().height()
        self.bar.setGeometry(0, self.height() - height, self.width(), height)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Stop reading the picture."""
        for view in (self._frame, self._pair):
            if view is not None:
                view.removeEventFilter(self)
                view.close_reader()
        if self._pair is not None:
            self._pair.forget()
        self._controller.view.forget_viewer(self._viewer)
        self._rest.stop()
        super().closeEvent(event)
        self.closed.emit()
        self.deleteLater()

    def _show_bar(self) -> None:
        self.view.unsetCursor()
        self.bar.show()
        self.bar.raise_()
        self._rest.start()

    @Slot()
    def _on_rest(self) -> None:
        if self.bar.underMouse() or self.bar.isAncestorOf(QApplication.focusWidget() or self):
            self._rest.start()
            return
        self.bar.hide()
        if self.isFullScreen():
            self.view.setCursor(Qt.CursorShape.BlankCursor)

    @Slot()
    def _on_source_changed(self) -> None:
        source = self._controller.source
        name = "" if source is None else shown_name(source)
        self.setWindowTitle(
            tr("Picture: {name} – FrameScope", name=name) if name else tr("Picture – FrameScope")
        )


class PictureWindows(QObject):
    """Opens and closes the picture's own windows; they are made when first wanted. Threads: GUI."""

    changed = Signal()
    """One was opened or closed."""
    context_menu_requested = Signal(object)
    """QPoint on the screen."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, actions: ActionSet, owner: QWidget
    ) -> None:
        super().__init__(owner)
        self._controller = controller
        self._theme = theme
        self._actions = actions
        self._owner = owner
        self._full: PictureWindow | None = None
        self._second: PictureWindow | None = None
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self._on_focus_window_changed)

    @property
    def is_full(self) -> bool:
        """Whether the picture fills the screen of the main window."""
        return self._full is not None

    @property
    def has_second(self) -> bool:
        """Whether there is a second window."""
        return self._second is not None

    @property
    def active(self) -> PictureWindow | None:
        """The picture window that has the keyboard."""
        for window in (self._full, self._second):
            if window is not None and window.isActiveWindow():
                return window
        return None

    @Slot()
    def toggle_full(self) -> None:
        """Fill the screen with the picture, or return to the main window."""
        if self._full is not None:
            self._full.close()
            return
        self._full = self._make("full")
        self._full.closed.connect(self._on_full_closed)
        screen = self._owner.screen() if self.active is None else self.active.screen()
        self._full.fill(screen)
        self.changed.emit()

    def toggle_second(self) -> None:
        """Open the second window, filling another screen if there is one; or close it."""
        if self._second is not None:
            self._second.close()
            return
        self._second = self._make("second")
        self._second.closed.connect(self._on_second_closed)
        others = [screen for screen in QGuiApplication.screens() if screen is not self._owner.screen()]
        if others:
            self._second.fill(others[0])
        else:
            self._second.show()
        self.changed.emit()

    def close_all(self) -> None:
        """Close them, before the main window is closed."""
        for window in (self._full, self._second):
            if window is not None:
                window.close()

    def _make(self, name: str) -> PictureWindow:
        window = PictureWindow(self._controller, self._theme, self._actions, self._owner, name)
        window.double_clicked.connect(self.toggle_full)
        window.context_menu_requested.connect(self.context_menu_requested)
        return window

    @Slot()
    def _on_full_closed(self) -> None:
        self._full = None
        self._owner.activateWindow()
        self.changed.emit()

    @Slot()
    def _on_second_closed(self) -> None:
        self._second = None
        self.changed.emit()

    @Slot()
    def _on_focus_window_changed(self) -> None:
        # A dialog, or another window of the program, would be hidden behind the picture.
        focused = QApplication.activeWindow()
        is_elsewhere = focused not in (None, self._full, self._second)
        if self._full is not None and is_elsewhere and QApplication.activePopupWidget() is None:
            self._full.close()
