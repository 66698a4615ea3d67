"""Asks for a URL that FFmpeg can read, or a camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout

from framescope.core.live.address import live_name
from framescope.core.media.container import is_url
from framescope.core.translation import tr
from framescope.ui.widgets.roles import named_line
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class OpenUrlDialog(QDialog):
    """One field, prefilled with a URL from the clipboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("openUrlDialog")
        self.setWindowTitle(tr("Open URL or camera"))
        self.setMinimumWidth(460)
        self._field = named_line(self, "urlField", tr("Address"))
        self._field.setPlaceholderText(tr("https://…, rtsp://…, udp://…, or camera:0"))
        copied = QGuiApplication.clipboard().text().strip()
        if is_url(copied) and "\n" not in copied:
            self._field.setText(copied)
            self._field.selectAll()
        label = QLabel(tr("Address of the video, the stream or the camera"))
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._field.textChanged.connect(self._on_text_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(label)
        column.addWidget(self._field)
        column.addSpacing(SPACE)
        column.addWidget(self._buttons)
        self._on_text_changed()

    @property
    def url(self) -> str:
        """The address typed, without surrounding whitespace; of a camera in full."""
        typed = self._field.text().strip()
        return live_name(typed) if typed.lower().startswith("camera:") else typed

    @Slot()
    def _on_text_changed(self) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(bool(self.url))
