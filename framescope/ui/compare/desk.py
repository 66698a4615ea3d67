"""Opens the second video from dialogs and drops, and puts the comparison in the centre of the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from framescope.core.media.container import is_url
from framescope.core.translation import tr
from framescope.ui.widgets.file_drop import VIDEO_FILTER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from framescope.session.controller import Controller
    from framescope.ui.actions.action_set import ActionSet
    from framescope.ui.compare.pane import ComparePane
    from framescope.ui.picture.stage import Stage
    from framescope.ui.picture.zoom_view import ZoomView
    from framescope.ui.widgets.theme import ThemeSource


class CompareDesk(QObject):
    """The second video in the window. Implements ``CompareCommands``. Threads: GUI."""

    view_changed = Signal(object)
    """``view`` changed: a ZoomView."""
    context_menu_requested = Signal(object)
    """QPoint on the screen."""

    def __init__(
        self,
        window: QWidget,
        controller: Controller,
        theme: ThemeSource,
        stage: Stage,
        actions: Callable[[], ActionSet],
    ) -> None:
        """Watch for a second video.

        Args:
            window: The window.
            controller: The session.
            theme: Its colours.
            stage: The centre of the window.
            actions: The window's actions, which are made after the desk, as they command it.
        """
        super().__init__(window)
        self._window = window
        self._controller = controller
        self._theme = theme
        self._stage = stage
        self._actions = actions
        self._pane: ComparePane | None = None
        self._is_shown = False
        controller.comparing.changed.connect(self._on_changed)

    @property
    def pane(self) -> ComparePane | None:
        """What is shown instead of the picture; None while there is one video."""
        return self._pane if self._is_shown else None

    @property
    def view(self) -> ZoomView:
        """What shows the picture now: the window's own view, or that of the comparison."""
        return self._stage.frame_view if self.pane is None else self.pane.view

    def open(self, source: str) -> None:
        """Open a video beside the open one; asks for the stream if it is the same file, with several."""
        info = self._controller.info
        if info is not None and source == info.source and len(_streams(self._controller)) > 1:
            self.choose_stream()
        else:
            self._controller.comparing.open(source)

    def hint_at_drop(self) -> None:
        """Say what can be done with a file that is dragged over the window."""
        if self._controller.info is not None:
            self._controller.notice_posted.emit(tr("Hold Shift to compare it with the open video."), "info")

    def takes_drop(self, modifiers: Qt.KeyboardModifier, sources: Sequence[str]) -> bool:
        """Open what was dropped with Shift beside the open video; False if it is to be opened as usual."""
        is_shifted = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if not is_shifted or len(sources) != 1 or self._controller.info is None:
            return False
        self.open(sources[0])
        return True

    def choose_file(self) -> None:
        """Ask for a video, and open it beside the open one."""
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Compare with"), self._folder(), VIDEO_FILTER)
        if path:
            self.open(path)

    def choose_folder(self) -> None:
        """Ask for a folder: an image sequence, a fragment store, or exported frames."""
        path = QFileDialog.getExistingDirectory(self._window, tr("Compare with"), self._folder())
        if path:
            self.open(path)

    def choose_stream(self) -> None:
        """Ask for another video stream of the open file."""
        from framescope.ui.dialogs.stream_dialog import StreamDialog  # noqa: PLC0415

        info = self._controller.info
        dialog = StreamDialog(self._controller, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.stream_index is not None and info:
            self._controller.comparing.open(info.source, stream_index=dialog.stream_index)

    def hold_b(self) -> None:
        """Show B alone until the key is released."""
        application = QCoreApplication.instance()
        if self._pane is not None and application is not None:
            self._controller.comparing.hold_b(holds=True)
            # Only while the key is held: a filter costs every event of every object.
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Wait for the key to be released, or for the window to lose the keyboard."""
        is_release = (
            event.type() == QEvent.Type.KeyRelease
            and isinstance(event, QKeyEvent)
            and not event.isAutoRepeat()
        )
        if is_release or event.type() == QEvent.Type.ApplicationDeactivate:
            self._release_b()
        return super().eventFilter(watched, event)

    def _release_b(self) -> None:
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self._controller.comparing.hold_b(holds=False)

    def _folder(self) -> str:
        source = self._controller.source
        is_local = source is not None and not is_url(source)
        return str(Path(source).parent) if is_local and source else self._controller.settings.last_folder

    @Slot()
    def _on_changed(self) -> None:
        is_active = self._controller.comparing.is_active
        if is_active == self._is_shown:
            return
        if is_active and self._pane is None:
            # Imported here: windows without a comparison open without it.
            from framescope.ui.compare.pane import ComparePane  # noqa: PLC0415

            self._pane = ComparePane(self._controller, self._theme, self._actions(), self._stage)
            self._pane.context_menu_requested.connect(self.context_menu_requested)
        if not is_active:
            self._release_b()
        self._is_shown = is_active
        shown = self._pane if is_active else None
        self._stage.show_instead(shown)
        # Who gives the keyboard back to the picture need not know which of the two shows it.
        shown_view = None if shown is None else shown.view
        self._stage.frame_view.setFocusProxy(shown_view)  # type: ignore[arg-type]
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.view_changed.emit(self.view)


def _streams(controller: Controller) -> list[int]:
    info = controller.info
    return [] if info is None else [one.stream_index for one in info.video_streams if not one.is_cover]
