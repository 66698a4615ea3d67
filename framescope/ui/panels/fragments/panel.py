"""The fragment panel: split the open video, or inspect the open fragment store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import MARGIN, PanelScroll, empty_page, text_label
from framescope.ui.panels.fragments.run import FragmentRun
from framescope.ui.panels.fragments.source import FragmentSource
from framescope.ui.panels.fragments.split_page import SplitPage
from framescope.ui.panels.fragments.store_page import StorePage
from framescope.ui.widgets.progress_bar import ProgressBar
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QShowEvent

    from framescope.core.model.progress import Progress
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_SMALL = 12


class FragmentStatus(QWidget):
    """Follows a `FragmentRun`; takes no room when there is nothing to show."""

    open_wanted = Signal(str)
    """The path of the store or file made."""

    def __init__(self, run: FragmentRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self.setObjectName("fragmentStatus")
        self.setAccessibleName(tr("Progress and result"))
        self._text = text_label(self, "muted", pixels=_SMALL)
        self._text.setObjectName("fragmentStatusText")
        self._bar = ProgressBar(tr("Progress"), self)
        self._cancel = QPushButton(tr("Cancel"), self)
        self._cancel.setObjectName("fragmentCancel")
        self._cancel.clicked.connect(run.cancel)
        self._open = QPushButton(tr("Open it"), self)
        self._open.setObjectName("fragmentOpenMade")
        self._open.clicked.connect(self._on_open_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE - 2)
        column.addWidget(self._text)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        row.addWidget(self._open)
        row.addStretch(0)
        column.addLayout(row)
        run.changed.connect(self._on_changed)
        run.progressed.connect(self._on_progressed)
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        run = self._run
        if run.is_running:
            self._bar.show_busy()
        self._text.setText(run.title if run.is_running else run.error or run.words)
        set_role(self._text, "error" if run.error and not run.is_running else "muted")
        self._bar.setVisible(run.is_running)
        self._cancel.setVisible(run.is_running)
        self._open.setVisible(run.made is not None and not run.is_running)
        self.setVisible(bool(self._text.text()))

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        if self._run.is_running:
            self._text.setText(progress.text or self._run.title)
            self._bar.show_share(progress.done, progress.total)

    @Slot()
    def _on_open_clicked(self) -> None:
        if self._run.made is not None:
            self.open_wanted.emit(str(self._run.made))


_REFRESH_MS = 30
_EMPTY = tr(
    "Open a video to split it into space-time fragments: tiles of the picture for runs of frames, each a"
    " separate stream. Or open a fragment store to see the size of each tile."
)
_NOTHING, _CONTENT = range(2)


class FragmentsPanel(QWidget):
    """Two pages: one for videos, one for fragment stores."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setObjectName("fragmentsPanel")
        self.setAccessibleName(tr("Fragments"))
        self.source = FragmentSource(controller)
        self.run = FragmentRun(controller)
        self.split_page = SplitPage(controller, theme, self.run, self)
        self.store_page = StorePage(controller, theme, self.run, self)
        self.status = FragmentStatus(self.run, self)
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self._build()
        self.status.open_wanted.connect(controller.open_source)
        self.store_page.source_wanted.connect(controller.open_source)
        self.source.changed.connect(self._on_source_changed)
        controller.source_opened.connect(self._on_source_changed)
        controller.source_closed.connect(self._on_source_changed)
        for signal in (controller.position_changed, controller.frame_shown):
            signal.connect(self._on_frame_changed)
        self._on_source_changed()

    def _build(self) -> None:
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(SPACE)
        column.addWidget(self.status)
        column.addWidget(self.split_page)
        column.addWidget(self.store_page)
        column.addStretch(1)
        area = PanelScroll(content, (column,), self)
        area.setObjectName("fragmentsScroll")
        area.setAccessibleName(tr("Fragments"))
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty_page(self, _EMPTY))
        self._stack.addWidget(area)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Update after being hidden."""
        super().showEvent(event)
        self._refresh()

    @Slot()
    def _on_source_changed(self) -> None:
        has_video = self._controller.info is not None
        self._stack.setCurrentIndex(_CONTENT if has_video else _NOTHING)
        is_store = self.source.is_store
        self.split_page.setVisible(has_video and not is_store)
        self.store_page.setVisible(has_video and is_store and self.source.tables is not None)
        self.store_page.set_tables(self.source.tables)
        self._refresh()

    @Slot()
    def _on_frame_changed(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _refresh(self) -> None:
        if self.source.tables is not None and self.isVisible():
            self.store_page.show_frame()
            self.store_page.show_picture(self._stored_picture())

    def _stored_picture(self) -> QImage | None:
        """The picture on screen, rotated back to how it is stored."""
        controller = self._controller
        shown, info = controller.shown, controller.info
        if shown is None or shown.image is None or info is None:
            return None
        image, is_rotated = shown.image, controller.view.is_rotated
        if is_rotated and info.rotation:
            image = image.transformed(QTransform().rotate(-info.rotation))
        return image.flipped(Qt.Orientation.Horizontal) if is_rotated and info.mirrored else image
