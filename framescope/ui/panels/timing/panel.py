"""The timing panel: measured frame times, errors of computed times, and all numbers of a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QTabBar, QVBoxLayout, QWidget

from framescope.core.source.opening import known_video
from framescope.core.text import grouped
from framescope.core.timing.telecine import find_telecine, may_be_telecine
from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import MARGIN, PanelScroll
from framescope.ui.panels.timing.names import NamesForm
from framescope.ui.panels.timing.page import TimingPage
from framescope.ui.panels.timing.source import TimingSource
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.tasks import SourceTask
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.timing.telecine import Telecine
    from framescope.session.controller import Controller
    from framescope.ui.panels.timing.source import Timing
    from framescope.ui.widgets.theme import ThemeSource

_WIDE = 640
_NAMES_WIDTH = 320
_REFRESH_MS = 30
_CACHE_BYTES = 32 << 20


class TimingPanel(QWidget):
    """Measured timing, and the numbers of the frame on screen: as two tabs, or side by side if they fit."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._icons = IconSource(theme, self)
        self._source = TimingSource.of(controller)
        self._shown_timing: Timing | None = None
        self._film = SourceTask(controller, self)
        self._film.finished.connect(self._on_telecine_found)
        self._film.forgotten.connect(self._on_source_changed)
        self._looked: FrameIndex | None = None
        self.setObjectName("timingPanel")
        self.setAccessibleName(tr("Timing"))
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._refresh_names)
        self._build(theme)
        for signal in (controller.source_opened, controller.index_updated):
            signal.connect(self._on_index_updated)
        for signal in (controller.position_changed, controller.frame_shown):
            signal.connect(self._on_frame_changed)
        controller.view.visible_range_changed.connect(self._on_visible_range_changed)
        controller.video.opencv_facts_found.connect(self._on_opencv_facts_found)
        self._source.changed.connect(self._on_timing_changed)
        self._source.reading_changed.connect(self._on_reading_changed)

    # --- building

    def _build(self, theme: ThemeSource) -> None:
        self.page = TimingPage(theme, self._icons, self)
        self.names = NamesForm(self._icons, self)
        self.page.frame_wanted.connect(self._controller.show_frame)
        self.page.range_wanted.connect(self._controller.view.set_visible_range)
        self.page.reading_wanted.connect(self._source.read_opencv)
        self.names.frame_wanted.connect(self._controller.show_frame)
        self._tabs = QTabBar(self)
        self._tabs.setObjectName("timingTabs")
        self._tabs.setAccessibleName(tr("Parts of the timing panel"))
        self._tabs.setExpanding(False)
        self._tabs.addTab(tr("All frames"))
        self._tabs.addTab(tr("This frame"))
        self._tabs.currentChanged.connect(self._arrange)
        self._page_area = self._scroll(self.page, "timingScroll", tr("Measured timing"))
        self._names_area = self._scroll(
            self.names, "namesScroll", tr("Numbers and times of the current frame")
        )
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addWidget(self._page_area, 1)
        both.addWidget(self._names_area, 1)
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._tabs)
        column.addLayout(both, 1)
        self._empty = QLabel(self)
        self._empty.setObjectName("timingEmpty")
        self._empty.setProperty("role", "faint")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(content)
        self._show_emptiness()
        self._arrange()

    def _scroll(self, inner: QWidget, name: str, title: str) -> PanelScroll:
        content = QWidget(self)
        inset = QVBoxLayout(content)
        inset.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        inset.setSpacing(SPACE)
        inset.addWidget(inner)
        inset.addStretch(1)
        area = PanelScroll(content, (inset,), self)
        area.setObjectName(name)
        area.setAccessibleName(title)
        return area

    @Slot()
    def _arrange(self) -> None:
        is_wide = self.width() >= _WIDE
        self._tabs.setVisible(not is_wide)
        self._page_area.setVisible(is_wide or self._tabs.currentIndex() == 0)
        self._names_area.setVisible(is_wide or self._tabs.currentIndex() == 1)
        self._names_area.setMaximumWidth(_NAMES_WIDTH if is_wide else 16_777_215)
        self._names_area.setMinimumWidth(_NAMES_WIDTH if is_wide else 0)

    # --- showing

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Update after being hidden."""
        super().showEvent(event)
        self._source.refresh()
        self._on_timing_changed()
        self._on_reading_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show the two parts side by side if they fit."""
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _on_index_updated(self) -> None:
        if self.isVisible():
            self._source.refresh()
            self._show_emptiness()

    @Slot()
    def _on_visible_range_changed(self) -> None:
        if self.isVisible():
            self.page.set_frames(*self._controller.view.visible_range)

    @Slot()
    def _on_timing_changed(self) -> None:
        if not self.isVisible():
            return
        self._on_visible_range_changed()
        timing, info = self._source.timing, self._controller.info
        self._show_emptiness()
        if timing is not self._shown_timing:
            self._shown_timing = timing
            self.names.set_translator(
                None if timing is None else timing.translator,
                is_partial=timing is not None and not timing.index.complete,
            )
            if timing is not None and info is not None:
                self.page.set_timing(timing, info, self._controller.video.opencv_facts)
        self._refresh_names()

        self._look_for_telecine()

    def _look_for_telecine(self) -> None:
        """Once a video, and again after renumbering, if its rate is one that pulldown makes."""
        timing, info = self._source.timing, self._controller.info
        if timing is None or info is None or not timing.index.complete:
            return
        index, before = timing.index, self._looked
        if before is not None and index.extends(before):
            return
        self._looked = index
        self._film.forget()
        self.page.set_telecine("")
        if not may_be_telecine(index):
            return

        def work(progress: ProgressCallback, cancel: CancelToken) -> Telecine | None:
            with known_video(info, index, cache_bytes=_CACHE_BYTES) as video:
                return find_telecine(video, progress=progress, cancel=cancel)

        self._film.start(tr("Looking for telecine"), work, announce=False)

    @Slot(object)
    def _on_telecine_found(self, found: Telecine | None) -> None:
        self.page.set_telecine("" if found is None else found.words)

    @Slot()
    def _on_source_changed(self) -> None:
        self._looked = None
        self.page.set_telecine("")

    def _show_emptiness(self) -> None:
        is_open = self._controller.info is not None
        self._empty.setText(
            tr("The frames are being measured…")
            if is_open
            else tr("The measured times of the frames of a video,\nand all their numbers, are shown here.")
        )
        self._stack.setCurrentIndex(0 if self._source.timing is None else 1)

    @Slot()
    def _on_opencv_facts_found(self) -> None:
        info = self._controller.info
        if self.isVisible() and info is not None and self._shown_timing is not None:
            self.page.set_comparison(info, self._controller.video.opencv_facts)

    @Slot()
    def _on_reading_changed(self) -> None:
        self.page.set_reading(self._source.reading, self._source.reading_error)

    @Slot()
    def _on_frame_changed(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _refresh_names(self) -> None:
        timing, shown = self._shown_timing, self._controller.shown
        number = self._controller.position
        if timing is None:
            return
        self.page.set_position(number)
        is_exact = shown is not None and not shown.provisional and shown.frame_number == number
        if is_exact and number < len(timing.index):
            heading = tr("Frame {number}", number=grouped(number))
            self.names.set_identity(timing.translator.identity(number), heading)
        else:
            # The numbers describe the picture on screen, which is still another frame.
            self.names.set_identity(None, tr("Frame {number}…", number=grouped(number)))
