"""The dialog of the preferences: the list of pages, a search, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QStackedWidget,
    QVBoxLayout,
)

from framescope.core.translation import tr
from framescope.ui.dialogs.preferences.export_page import ExportPage
from framescope.ui.dialogs.preferences.hardware_page import HardwarePage
from framescope.ui.dialogs.preferences.pages import (
    ColorsPage,
    GeneralPage,
    KeysPage,
    LogPage,
    MemoryPage,
    PlaybackPage,
)
from framescope.ui.widgets.roles import named_line, plain_label, push_button
from framescope.ui.widgets.screen_room import RoomyScroll
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from framescope.session.open_video import OpenVideo
    from framescope.session.settings import Settings
    from framescope.ui.dialogs.preferences.page import Page
    from framescope.ui.widgets.theme import ThemeSource

_LIST_WIDTH = 168


class PreferencesDialog(QDialog):
    """Edits the settings: every change takes effect at once, and Cancel takes all of them back."""

    keys_wanted = Signal()
    """The keys of single actions are to be edited."""
    labels_wanted = Signal()
    """The labels are to be edited."""
    log_wanted = Signal()
    """The log is to be copied."""

    def __init__(
        self,
        settings: Settings,
        theme: ThemeSource,
        parent: QWidget | None = None,
        *,
        video: OpenVideo | None = None,
    ) -> None:
        """Show the settings.

        Args:
            settings: What is edited.
            theme: The colours.
            parent: The Qt parent.
            video: What devices are tested on; without it, there is no page for them.
        """
        super().__init__(parent)
        self._settings = settings
        self.setObjectName("preferencesDialog")
        self.setWindowTitle(tr("Preferences"))
        colors, keys, log = ColorsPage(settings, theme), KeysPage(settings), LogPage(settings)
        colors.labels_wanted.connect(self.labels_wanted)
        keys.editor_wanted.connect(self.keys_wanted)
        log.copy_wanted.connect(self.log_wanted)
        self._pages: tuple[Page, ...] = (
            GeneralPage(settings),
            colors,
            keys,
            PlaybackPage(settings),
            MemoryPage(settings),
            *(() if video is None else (HardwarePage(settings, video),)),
            ExportPage(settings),
            log,
        )
        self._before = {name: settings.stored_value(name) for page in self._pages for name in page.names}
        self._keys_before = settings.key_overrides
        self._search = named_line(self, "preferencesSearch", tr("Search the preferences"))
        self._search.setPlaceholderText(tr("Search"))
        self._search.setClearButtonEnabled(True)
        self._nothing = plain_label("preferencesNothing", "muted", self)
        self._nothing.hide()
        self._list = QListWidget(self)
        self._list.setObjectName("preferencesPages")
        self._list.setAccessibleName(tr("Pages"))
        self._stack = QStackedWidget(self)
        for page in self._pages:
            self._list.addItem(page.title)
            self._stack.addWidget(RoomyScroll(page, self))
        self._lay_out()
        self._list.currentRowChanged.connect(self._stack.setCurrentIndex)
        self._search.textChanged.connect(self._on_searched)
        self._list.setCurrentRow(0)
        self._list.setFocus()
        self.resize(760, 560)

    def show_page(self, title: str) -> None:
        """Show the page of this title."""
        for item in self._list.findItems(title, Qt.MatchFlag.MatchExactly):
            self._list.setCurrentItem(item)

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the pages that the search has left."""
        items = [self._list.item(row) for row in range(self._list.count())]
        return tuple(item.text() for item in items if not item.isHidden())

    def reject(self) -> None:
        """Take back what was changed since the dialog was opened."""
        settings = self._settings
        for name, stored in self._before.items():
            if settings.stored_value(name) != stored:
                settings.store_value(name, stored)
        if settings.key_overrides != self._keys_before:
            settings.key_overrides = dict(self._keys_before)
        super().reject()

    def _lay_out(self) -> None:
        self._list.setFixedWidth(_LIST_WIDTH)
        side = QVBoxLayout()
        side.setSpacing(SPACE)
        side.addWidget(self._search)
        side.addWidget(self._nothing)
        side.addWidget(self._list, 1)
        side.addStretch(0)
        row = QHBoxLayout()
        row.setSpacing(3 * SPACE)
        row.addLayout(side)
        row.addWidget(self._stack, 1)
        self._search.setFixedWidth(_LIST_WIDTH)
        reset = push_button(self, "preferencesReset", tr("Reset this page"))
        reset.clicked.connect(self._on_reset_clicked)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(reset)
        foot.addStretch(1)
        foot.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addLayout(row, 1)
        column.addLayout(foot)

    @Slot()
    def _on_reset_clicked(self) -> None:
        self._pages[self._stack.currentIndex()].reset()

    @Slot(str)
    def _on_searched(self, text: str) -> None:
        wanted = text.casefold().split()
        first: int | None = None
        for row, page in enumerate(self._pages):
            is_found = all(word in page.words for word in wanted)
            self._list.item(row).setHidden(not is_found)
            if is_found and first is None:
                first = row
        self._nothing.setText(tr("Nothing is called “{text}”.", text=text.strip()))
        self._nothing.setVisible(first is None)
        self._list.setVisible(first is not None)
        if first is not None and self._list.currentItem().isHidden():
            self._list.setCurrentRow(first)
