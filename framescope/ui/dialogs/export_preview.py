"""The frame on screen as it will be saved, and what that costs. The place of the live preview to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from framescope.core.export.encode import encode_frame
from framescope.core.export.pixels import picture_pixels
from framescope.ui.dialogs.export_look import set_role
from framescope.ui.dialogs.export_words import frames_words, size_words
from framescope.ui.theme import RADIUS, SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from framescope.core.export.settings import ExportSettings
    from framescope.core.model.frame import Frame
    from framescope.ui.dialogs.export_survey import Survey
    from framescope.ui.theme import ThemeSource

_LEAST_HEIGHT = 140
_MOST_SIDE = 1600
"""Longest side, in pixels, of the picture that is kept to be drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class EncodedFrame:
    """One frame encoded in memory.

    Attributes:
        frame_number: Which one.
        choice: As what.
        size_bytes: Bytes of the file.
        width: Columns.
        height: Rows.
        image: The file's picture decoded again, scaled down to what a dialog can show.
    """

    frame_number: int
    choice: ExportSettings
    size_bytes: int
    width: int
    height: int
    image: QImage


def encode_for_preview(frame: Frame, choice: ExportSettings) -> EncodedFrame:
    """Encode a frame as it would be saved, in memory. Threads: any.

    Raises:
        EncodeError: The format cannot hold the picture.
    """
    data = encode_frame(frame, choice)
    bgr = picture_pixels(frame, choice)
    image = QImage.fromData(data)
    if max(image.width(), image.height()) > _MOST_SIDE:
        image = image.scaled(
            QSize(_MOST_SIDE, _MOST_SIDE),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    return EncodedFrame(frame.frame_number, choice, len(data), bgr.shape[1], bgr.shape[0], image)


class PreviewPane(QWidget):
    """Shows an encoded frame and what an export of many such frames takes. Threads: GUI."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportPreview")
        self._encoded: EncodedFrame | None = None
        self._survey: Survey | None = None
        self._heading = QLabel("Preview", self)
        set_role(self._heading, "heading")
        self._picture = _Picture(theme, self)
        self._picture.setAccessibleName("The frame on screen as it will be saved")
        self._figures: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(SPACE // 2)
        grid.setColumnStretch(1, 1)
        for row, name in enumerate(("One file", "In all", "Free")):
            label = QLabel(name, self)
            set_role(label, "muted")
            figure = QLabel("–", self)
            figure.setObjectName(f"exportFigure.{name}")
            figure.setAccessibleName(name)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._figures[name] = figure
            grid.addWidget(label, row, 0)
            grid.addWidget(figure, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._heading)
        column.addWidget(self._picture, 1)
        column.addLayout(grid)
        column.addStretch(0)

    @property
    def total_bytes(self) -> int | None:
        """What the whole export will take, judged by this one frame; None while that is not known."""
        if self._encoded is None or self._survey is None or not self._survey.count:
            return None
        return self._encoded.size_bytes * self._survey.count

    @property
    def lacks_room(self) -> bool:
        """Whether the export will probably not fit on the disk."""
        survey, total = self._survey, self.total_bytes
        return survey is not None and survey.free_bytes is not None and (total or 0) > survey.free_bytes

    def show_encoded(self, encoded: EncodedFrame | None) -> None:
        """Show a frame as it will be saved; None when there is no exact frame to judge by."""
        self._encoded = encoded
        self._picture.show_image(None if encoded is None else encoded.image)
        self._fit_picture()
        for name in ("One file", "In all"):
            set_role(self._figures[name], "")
        self._refresh()

    def show_pending(self) -> None:
        """Say that the figures belong to an earlier wish and new ones are on their way."""
        for name in ("One file", "In all"):
            set_role(self._figures[name], "faint")

    def show_survey(self, survey: Survey | None) -> None:
        """Show what many such frames take."""
        self._survey = survey
        self._refresh()

    def show_message(self, text: str) -> None:
        """Say why there is no preview."""
        self._picture.show_message(text)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the picture's place to its shape."""
        super().resizeEvent(event)
        self._fit_picture()

    def _fit_picture(self) -> None:
        encoded = self._encoded
        shape = 9 / 16 if encoded is None else encoded.height / encoded.width
        self._picture.setMaximumHeight(max(int(self.width() * min(shape, 1.0)), _LEAST_HEIGHT))

    def _refresh(self) -> None:
        encoded, survey, total = self._encoded, self._survey, self.total_bytes
        heading = "Preview"
        if encoded is not None:
            heading = f"Frame {encoded.frame_number} as saved"
            words = f"{encoded.width} × {encoded.height} · {size_words(encoded.size_bytes)}"
            self._figures["One file"].setText(words)
        else:
            self._figures["One file"].setText("–")
        self._heading.setText(heading)
        if total is None or survey is None:
            self._figures["In all"].setText("–")
        else:
            about = "" if survey.count == 1 else "about "
            self._figures["In all"].setText(f"{frames_words(survey.count)} · {about}{size_words(total)}")
        free = None if survey is None else survey.free_bytes
        self._figures["Free"].setText("–" if free is None else size_words(free))
        set_role(self._figures["Free"], "warning" if self.lacks_room else "")


class _Picture(QWidget):
    """Paints an image into the room there is, never larger than it is."""

    def __init__(self, theme: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("exportPicture")
        self._theme = theme
        self._image: QImage | None = None
        self._message = ""
        self.setMinimumSize(200, _LEAST_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for a picture of film."""
        return QSize(380, 240)

    def show_image(self, image: QImage | None) -> None:
        self._image, self._message = image, ""
        self.update()

    def show_message(self, text: str) -> None:
        self._image, self._message = None, text
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw ground, picture or message."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS + 1, RADIUS + 1)
        painter.fillPath(outline, tokens.picture_background)
        if self._image is None or self._image.isNull():
            painter.setPen(tokens.text_faint)
            room = self.rect().adjusted(2 * SPACE, SPACE, -2 * SPACE, -SPACE)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, int(flags), self._message)
        else:
            painter.setClipPath(outline)
            painter.drawImage(self._place(self._image), self._image)
            painter.setClipping(False)
        painter.setPen(tokens.border)
        painter.drawPath(outline)
        painter.end()

    def _place(self, image: QImage) -> QRectF:
        room = QRectF(self.rect())
        scale = min(room.width() / image.width(), room.height() / image.height())
        # Small pictures are shown in whole multiples, so that their pixels stay square.
        scale = float(int(scale)) if scale > 1 else scale
        size = (image.width() * scale, image.height() * scale)
        place = QRectF(0, 0, *size)
        place.moveCenter(room.center())
        return place
