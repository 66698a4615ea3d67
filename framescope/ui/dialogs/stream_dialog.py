"""Chooses the video stream to show, by a picture of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from framescope.core.translation import tr
from framescope.ui.widgets.rgb_image import image_from_rgb
from framescope.ui.widgets.tasks import BackgroundTask
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller

_PICTURE = QSize(192, 108)
_STREAM_INDEX = Qt.ItemDataRole.UserRole


class StreamDialog(QDialog):
    """Lists the video streams of the open video. Cover pictures cannot be chosen.

    Attributes:
        stream_index: The stream that was chosen; None until then.
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stream_index: int | None = None
        self.setObjectName("streamDialog")
        self.setWindowTitle(tr("Choose the video stream"))
        self._list = QListWidget(self)
        self._list.setObjectName("streams")
        self._list.setAccessibleName(tr("Video streams"))
        self._list.setIconSize(_PICTURE)
        self._list.setSpacing(SPACE // 2)
        self._list.itemActivated.connect(self.accept)
        info = controller.info
        streams = () if info is None else tuple(each for each in info.video_streams if not each.is_cover)
        blank = QPixmap(_PICTURE)
        blank.fill(Qt.GlobalColor.transparent)
        for stream in streams:
            item = QListWidgetItem(QIcon(blank), stream.label, self._list)
            item.setData(_STREAM_INDEX, stream.stream_index)
            if info is not None and stream.stream_index == info.stream_index:
                self._list.setCurrentItem(item)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel, self
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(QLabel(tr("This file holds several videos. Marks are kept for each of them."), self))
        column.addWidget(self._list)
        column.addWidget(buttons)
        self.resize(520, 380)
        self._task = BackgroundTask(controller, self)
        self._task.finished.connect(self._on_pictures_made)
        if info is not None:
            source, indices = info.source, [stream.stream_index for stream in streams]

            def work(progress: ProgressCallback, cancel: CancelToken) -> dict[int, NDArray[np.uint8]]:
                del progress
                from framescope.core.tracks.stream_pictures import stream_pictures  # noqa: PLC0415

                return dict(stream_pictures(source, indices, _PICTURE.height() * 2, cancel))

            self._task.start(tr("Looking at the video streams"), work, announce=False)

    def accept(self) -> None:
        """Choose the selected stream."""
        item = self._list.currentItem()
        self.stream_index = None if item is None else int(item.data(_STREAM_INDEX))
        super().accept()

    def done(self, result: int) -> None:
        """Stop looking."""
        self._task.forget()
        super().done(result)

    @Slot(object)
    def _on_pictures_made(self, pictures: dict[int, NDArray[np.uint8]]) -> None:
        for row in range(self._list.count()):
            item = self._list.item(row)
            picture = pictures.get(item.data(_STREAM_INDEX))
            if picture is not None:
                item.setIcon(QIcon(QPixmap.fromImage(image_from_rgb(picture))))
