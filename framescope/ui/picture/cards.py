"""The pages shown when there is no picture: a start page, or an error."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtSvgWidgets import QSvgWidget
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from framescope.core.media.container import is_url, shown_name
from framescope.core.printable import printable
from framescope.core.resources import resource_path
from framescope.core.translation import tr
from framescope.ui.widgets.screen_room import RoomyScroll
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from framescope.core.errors import FrameScopeError
    from framescope.ui.widgets.theme import ThemeSource

_RECENT_SHOWN = 5
_CARD_WIDTH = 440


class _Page(QWidget):
    """A page in the picture's colours with centred content."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = theme
        theme.changed.connect(self.update)
        self.column = QVBoxLayout()
        self.column.setSpacing(SPACE)
        middle = QHBoxLayout()
        middle.addStretch()
        middle.addLayout(self.column)
        middle.addStretch()
        content = QWidget(self)
        outer = QVBoxLayout(content)
        outer.addStretch(4)
        outer.addLayout(middle)
        outer.addStretch(5)
        # On a small screen the page scrolls, rather than making the window larger than the screen.
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(RoomyScroll(content, self))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the background."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.window)

    def add_label(self, text: str, role: str, *, selectable: bool = False) -> QLabel:
        """Add a centred line to the column."""
        label = QLabel(text)
        label.setProperty("role", role)
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        label.setWordWrap(True)
        label.setFixedWidth(_CARD_WIDTH)
        if selectable:
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        return label


def shortened(source: str, letters: int) -> str:
    """The name of a source, elided in the middle if long."""
    name = shown_name(source)
    if len(name) <= letters:
        return name
    kept = (letters - 1) // 2
    return f"{name[:kept]}…{name[-kept:]}"


def _button(text: str, name: str, *, primary: bool = False) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setDefault(primary)
    button.setAutoDefault(False)
    button.setProperty("primary", primary)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


class WelcomePage(_Page):
    """The start page: drop a video here, or choose one."""

    open_wanted = Signal()
    url_wanted = Signal()
    demo_wanted = Signal()
    recent_wanted = Signal(str)

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setObjectName("welcomePage")
        self.setAccessibleName(tr("No video is open"))
        self._is_target = False
        icon = QSvgWidget(str(resource_path("framescope.svg")))
        icon.setFixedSize(QSize(72, 72))
        self.column.addWidget(icon, 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addSpacing(SPACE)
        self.add_label(tr("Drop a video here"), "title")
        self.add_label(tr("or open a file, an address that FFmpeg can read, or the demo clip"), "muted")
        self.column.addSpacing(SPACE)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addStretch()
        for text, name, signal in (
            (tr("Open video…"), "welcomeOpen", self.open_wanted),
            (tr("Open URL or camera…"), "welcomeUrl", self.url_wanted),
            (tr("Demo clip"), "welcomeDemo", self.demo_wanted),
        ):
            button = _button(text, name, primary=name == "welcomeOpen")
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch()
        self.column.addLayout(row)
        self.column.addSpacing(2 * SPACE)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        self.column.addLayout(self._recent)

    def set_recent(self, sources: Sequence[str]) -> None:
        """List recent videos, newest first."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if not sources:
            return
        heading = QLabel(tr("Recent"))
        heading.setProperty("role", "faint")
        heading.setContentsMargins(SPACE, 0, 0, 6)
        self._recent.addWidget(heading)
        for source in sources[:_RECENT_SHOWN]:
            self._recent.addWidget(self._recent_button(source))

    def set_drop_target(self, *, is_target: bool) -> None:
        """Highlight the page while something that can be opened is dragged over it."""
        self._is_target = is_target
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the background and the outline of the drop area."""
        super().paintEvent(event)
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = tokens.accent if self._is_target else tokens.border
        pen = QPen(color, 2 if self._is_target else 1.5, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([5, 5])
        painter.setPen(pen)
        inset = 2 * SPACE
        painter.drawRoundedRect(self.rect().adjusted(inset, inset, -inset, -inset), 12, 12)

    def _recent_button(self, source: str) -> QPushButton:
        button = _button("", "recentSource")
        button.setFlat(True)
        button.setToolTip(printable(source))
        button.setAccessibleName(tr("Open {source}", source=source))
        button.setFixedSize(_CARD_WIDTH, 30)
        button.clicked.connect(partial(self.recent_wanted.emit, source))
        metrics = QFontMetrics(self.font())
        name = metrics.elidedText(shown_name(source), Qt.TextElideMode.ElideMiddle, 250)
        room = _CARD_WIDTH - metrics.horizontalAdvance(name) - 5 * SPACE
        folder = "" if is_url(source) else str(Path(source).parent)
        row = QHBoxLayout(button)
        row.setContentsMargins(SPACE, 0, SPACE, 0)
        for text, role in ((name, ""), (folder, "faint")):
            label = QLabel(
                metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, max(room, 60)) if role else text
            )
            label.setProperty("role", role)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label, 0 if role else 1)
        return button


class ErrorPage(_Page):
    """A video that could not be opened: the error, a hint, and what to do next."""

    retry_wanted = Signal()
    open_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setObjectName("errorPage")
        self.setAccessibleName(tr("The video could not be opened"))
        self._mark = QLabel("!")
        self._mark.setObjectName("errorMark")
        self._mark.setFixedSize(44, 44)
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addSpacing(SPACE)
        self._title = self.add_label(tr("This video could not be opened"), "title")
        self._source = self.add_label("", "faint", selectable=True)
        self._message = self.add_label("", "", selectable=True)
        self._message.setObjectName("errorMessage")
        self._hint = self.add_label("", "muted", selectable=True)
        self._hint.setObjectName("errorHint")
        self.column.addSpacing(SPACE)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addStretch()
        self._retry = _button(tr("Try again"), "errorRetry", primary=True)
        self._retry.clicked.connect(self.retry_wanted)
        other = _button(tr("Open another…"), "errorOpen")
        other.clicked.connect(self.open_wanted)
        back = _button(tr("Start page"), "errorBack")
        back.clicked.connect(self.back_wanted)
        for button in (self._retry, other, back):
            row.addWidget(button)
        row.addStretch()
        self.column.addLayout(row)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_error(self, error: FrameScopeError, source: str | None) -> None:
        """Show why ``source`` could not be opened."""
        metrics, name = QFontMetrics(self.font()), printable(source or "")
        self._source.setText(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _CARD_WIDTH))
        self._source.setToolTip(name)
        self._message.setText(error.message)
        self._hint.setText(error.hint)
        self._hint.setVisible(bool(error.hint))
        self._retry.setVisible(source is not None)

    @Slot()
    def _on_theme_changed(self) -> None:
        tokens = self._theme.tokens
        self._mark.setStyleSheet(
            f"color: {tokens.error.name()}; border: 2px solid {tokens.error.name()}; border-radius: 22px;"
            " font-size: 22px; font-weight: 600;"
        )


class OpeningPage(_Page):
    """The page shown while a video is being opened."""

    cancel_wanted = Signal()

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setObjectName("openingPage")
        self._label = self.add_label("", "muted")
        self.column.addSpacing(SPACE)
        cancel = _button(tr("Cancel"), "openingCancel")
        cancel.clicked.connect(self.cancel_wanted)
        self.column.addWidget(cancel, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_source(self, source: str) -> None:
        """Show the name of what is being opened."""
        name = shown_name(source)
        metrics = QFontMetrics(self.font())
        short = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, 320)
        self._label.setText(tr("Opening {name}", name=short))

    @property
    def text(self) -> str:
        """The text of the page."""
        return self._label.text()
