"""A row of thumbnails of the files just written, decoded from disk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from framescope.core.errors import FrameScopeError
from framescope.core.printable import printable
from framescope.core.source.opening import open_video
from framescope.core.translation import tr
from framescope.ui.widgets.tasks import LatestTask
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from framescope.session.controller import Controller

    Pictures = list[tuple[str, QImage]]

_HEIGHT = 84
_MOST_WIDTH = 200
_MOST = 6


class SavedPictures(QWidget):
    """Shows some of the files, or frames of a video. Threads: GUI."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("savedPictures")
        self.setAccessibleName(tr("Saved pictures"))
        self._work = LatestTask(controller, tr("Loading saved pictures"), 0, self)
        self._work.answered.connect(self._on_answered)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE)
        self._row.addStretch(1)
        self._cells: list[QWidget] = []

    def show_files(self, paths: Sequence[Path]) -> None:
        """Show the pictures written, or a sample if there are many."""
        self._ask(partial(_pictures_of_files, _spread(paths)))

    def show_video(self, path: Path) -> None:
        """Show frames of the video written, from first to last."""
        self._ask(partial(_pictures_of_video, path))

    def clear(self) -> None:
        """Show nothing."""
        self._work.forget()
        self._show([])

    def _ask(self, work: Callable[[], Pictures]) -> None:
        self._show([])
        self._work.ask(lambda _progress, _cancel: work())

    @Slot(object)
    def _on_answered(self, pictures: Pictures) -> None:
        self._show(pictures)

    def _show(self, pictures: Pictures) -> None:
        for cell in self._cells:
            self._row.removeWidget(cell)
            cell.deleteLater()
        self._cells = [self._cell(name, image) for name, image in pictures]
        for place, cell in enumerate(self._cells):
            self._row.insertWidget(place, cell)
        self.setVisible(bool(self._cells))

    def _cell(self, name: str, image: QImage) -> QWidget:
        cell = QWidget(self)
        picture, words = QLabel(cell), QLabel(cell)
        picture.setPixmap(QPixmap.fromImage(image))
        picture.setAccessibleName(name)
        width = max(picture.sizeHint().width(), 60)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setText(words.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, width))
        words.setToolTip(name)
        set_role(words, "faint")
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(picture, 0, Qt.AlignmentFlag.AlignBottom)
        column.addWidget(words)
        return cell


def _spread(paths: Sequence[Path]) -> list[Path]:
    places = np.unique(np.linspace(0, len(paths) - 1, min(len(paths), _MOST)).round().astype(int))
    return [paths[place] for place in places]


def _pictures_of_files(paths: Sequence[Path]) -> Pictures:
    """The pictures Pillow can read; arrays and rare formats are left out."""
    pictures: Pictures = []
    for path in paths:
        try:
            with Image.open(path) as opened:
                opened.draft("RGB", (2 * _MOST_WIDTH, 2 * _HEIGHT))
                opened.thumbnail((2 * _MOST_WIDTH, 2 * _HEIGHT))
                rgba = np.asarray(opened.convert("RGBA"))
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            continue
        pictures.append((printable(path.name), _image(rgba, QImage.Format.Format_RGBA8888)))
    return pictures


def _pictures_of_video(path: Path) -> Pictures:
    pictures: Pictures = []
    try:
        with open_video(path, use_index_cache=False) as video:
            for number in sorted({0, (len(video) - 1) // 2, len(video) - 1}):
                bgra = video.thumbnail(number, 2 * _HEIGHT)
                pictures.append(
                    (tr("frame {number}", number=number), _image(bgra, QImage.Format.Format_RGB32))
                )
    except FrameScopeError:
        # The page reports errors in the file; this only shows what can be decoded.
        return pictures
    return pictures


def _image(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], kind: QImage.Format) -> QImage:
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, 4 * width, kind)
    scaled = image.scaled(
        _MOST_WIDTH, _HEIGHT, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    # Copied: an image that already has this size still refers to the array's memory.
    return scaled.copy()
