"""The first picture, shown where it will stay, while the program that belongs around it is still imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, QMarginsF, QPoint, QRectF, QSizeF, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget

from framescope.core.media.container import shown_name
from framescope.core.translation import tr
from framescope.engine.render import RenderSpec, render, shown_size
from framescope.ui.picture.view_transform import ViewTransform

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QImage, QPaintEvent
    from PySide6.QtWidgets import QMainWindow

    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.source.ahead import SourceAhead
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource

_EXPOSE_MS = 300
"""A window manager that takes longer to show a window must not keep the rest of it waiting."""
_PATIENCE_S = 0.15
"""A picture that takes longer is looked for again while the rest is imported."""


class FirstPicture(QWidget):
    """Stands in for everything in a window that is not filled yet. Threads: GUI."""

    def __init__(
        self, window: QMainWindow, theme: ThemeSource, settings: Settings, ahead: SourceAhead
    ) -> None:
        """Show the window, and the picture in it if that does not take long.

        Args:
            window: An empty one.
            theme: Its colours.
            settings: Where the picture was last time.
            ahead: What reads the picture.
        """
        super().__init__(window)
        self._theme = theme
        self._margins = QMarginsF(*settings.picture_margins)
        self._ahead = ahead
        self._image: QImage | None = None
        self._transform = ViewTransform(QSizeF(), QSizeF())
        window.setCentralWidget(self)
        window.setWindowTitle(window_title(shown_name(ahead.source)))
        window.show()
        handle, deadline = window.windowHandle(), QDeadlineTimer(_EXPOSE_MS)
        while not handle.isExposed() and not deadline.hasExpired():
            # What the user does waits until there is something to do it to.
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, 10)
        self.look(_PATIENCE_S)

    @property
    def _place(self) -> QRectF:
        return QRectF(self.rect()).marginsRemoved(self._margins)

    def look(self, timeout_s: float = 0.0) -> None:
        """Show the picture if it is there, or arrives in time."""
        taken = self._ahead.take_picture(timeout_s)
        # Where the window was larger when it was closed, there may be no room between the margins.
        if taken is not None and not self._place.isEmpty():
            self._show(*taken)

    def _show(self, info: VideoInfo, frame: Frame) -> None:
        size, room = shown_size(frame.picture, info, RenderSpec()), self._place.size()
        self._transform = transform = ViewTransform(QSizeF(*size), room, self.devicePixelRatioF())
        # As in `FrameView`: only a reduced picture is scaled beforehand.
        spec = RenderSpec()
        if not transform.is_nearest:
            room *= transform.device_ratio
            spec = RenderSpec(round(room.width()), round(room.height()))
        self._image = render(frame, info, spec)
        # At once: no event is handled before the rest is there.
        self.repaint()

    def stay_over(self, view: QWidget, controller: Controller) -> None:
        """Cover the place of the picture until it is shown there, or the reason why not, or none is open."""
        self._controller = controller
        controller.frame_shown.connect(self._on_frame_shown)
        for signal in (controller.source_failed, controller.source_closed):
            signal.connect(self._give_way)
        self._margins = QMarginsF()
        self.setParent(view)
        view.installEventFilter(self)
        self._fill(view)
        self.setVisible(self._image is not None)

    @Slot()
    def _on_frame_shown(self) -> None:
        # It is announced, too, that the frame of the last video is shown no longer.
        if self._controller.shown is not None:
            self._give_way()

    @Slot()
    def _give_way(self) -> None:
        self.hide()
        self.deleteLater()

    def _fill(self, view: QWidget) -> None:
        self.setGeometry(view.rect())
        self._transform = self._transform.with_sizes(
            self._transform.picture, self._place.size(), self.devicePixelRatioF()
        )
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay as large as the place of the picture."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self._fill(watched)
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Paint the picture, and empty room around it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tokens.window)
        painter.fillRect(self._place, self._theme.tokens.picture_background)
        if self._image is not None:
            smooth = not self._transform.is_nearest
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            target = self._transform.target.translated(self._place.topLeft())
            painter.drawImage(target, self._image, QRectF(self._image.rect()))


def window_title(name: str | None) -> str:
    """The title of a window that shows a video of this name, or none."""
    return "FrameScope" if name is None else tr("{name} – FrameScope", name=name)


def margins_around(part: QWidget, window: QWidget) -> tuple[int, int, int, int]:
    """What lies left, above, right and below a part of a window, in logical pixels."""
    corner, room = part.mapTo(window, QPoint()), window.size() - part.size()
    return corner.x(), corner.y(), room.width() - corner.x(), room.height() - corner.y()
