"""A line above the picture for what the user should know and can answer with one click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from framescope.ui.theme import SPACE

if TYPE_CHECKING:
    from framescope.session.controller import Controller
    from framescope.ui.theme import ThemeSource

_WORDS = {
    "deleted": "The file was deleted or its drive is gone. What is in memory can still be seen.",
    "replaced": "The file on disk is another one now. What you see is of the one that was opened.",
    "grown": "The file has grown since it was opened.",
}


class ChangedFileBanner(QFrame):
    """Says that the open file changed on disk, and offers to load it again."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self.setObjectName("changedFileBanner")
        self.setAccessibleName("The file changed on disk")
        self._text = QLabel(self)
        self._reload = QPushButton("Reload", self)
        self._reload.setObjectName("bannerReload")
        dismiss = QPushButton("Dismiss", self)
        dismiss.setObjectName("bannerDismiss")
        dismiss.setFlat(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, SPACE // 2, SPACE, SPACE // 2)
        row.setSpacing(SPACE)
        row.addWidget(self._text, 1)
        row.addWidget(self._reload)
        row.addWidget(dismiss)
        self._reload.clicked.connect(self._on_reload_clicked)
        dismiss.clicked.connect(self.hide)
        theme.changed.connect(self._on_theme_changed)
        controller.source_changed.connect(self._on_source_changed)
        controller.source_opened.connect(self.hide)
        controller.source_closed.connect(self.hide)
        self._on_theme_changed()
        self.hide()

    @property
    def text(self) -> str:
        """What the banner says; empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    @Slot(str)
    def _on_source_changed(self, what: str) -> None:
        self._text.setText(_WORDS.get(what, "The file changed on disk."))
        self._reload.setVisible(what != "deleted")
        self.show()

    @Slot()
    def _on_reload_clicked(self) -> None:
        self.hide()
        self._controller.reopen_source()

    @Slot()
    def _on_theme_changed(self) -> None:
        tokens = self._theme.tokens
        self.setStyleSheet(
            f"#changedFileBanner {{ background: {tokens.surface_raised.name()};"
            f" border-left: 3px solid {tokens.warning.name()}; }}"
        )
