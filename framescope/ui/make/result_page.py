"""The result of making a video: the content of the file, and the loss of one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QSpinBox, QVBoxLayout, QWidget

from framescope.core.export.quality.heat import best_gain, heat_map
from framescope.core.export.quality.measure import difference_map
from framescope.core.source.opening import open_video
from framescope.core.synth.chroma_loss import loss_sentence, psnr_words
from framescope.core.synth.encoder_options import matrix_written
from framescope.core.synth.fit import fitted
from framescope.core.synth.make_settings import Writer
from framescope.core.synth.round_trip import RoundTrip, round_trip
from framescope.core.text import counted, size_words
from framescope.core.translation import tr
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.rgb_image import image_from_rgb
from framescope.ui.widgets.roles import inset_text, plain_label
from framescope.ui.widgets.tasks import LatestTask
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from framescope.core.synth.make_settings import MakeSettings
    from framescope.core.synth.making import MadeVideo
    from framescope.core.synth.round_trip import RoundTrip
    from framescope.core.synth.source_draft import SourceDraft
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_CAPTION_PX = 22


class TripView(QWidget):
    """Draws a picture's round trip through the encoder. Threads: GUI."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tiles: tuple[tuple[str, str, QImage], ...] = ()
        self._heat: tuple[tuple[str, QImage], ...] = ()
        self._gain = 1
        self._message = ""
        self.setObjectName("makeTrip")
        self.setAccessibleName(tr("The picture before and after"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(140)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Three pictures of common proportions in a row, two below."""
        return QSize(820, 380)

    @property
    def captions(self) -> tuple[tuple[str, str], ...]:
        """Title and figure of each picture."""
        return tuple((title, figure) for title, figure, _ in self._tiles)

    def show_trip(self, trip: RoundTrip) -> None:
        """Show a round trip."""
        self._message = ""
        self._tiles = (
            (tr("Original"), "", image_from_rgb(trip.original)),
            (tr("Converted only"), psnr_words(trip.conversion), image_from_rgb(trip.converted)),
            (tr("From the video"), psnr_words(trip.total), image_from_rgb(trip.decoded)),
        )
        steps = (
            difference_map(trip.original, trip.converted),
            difference_map(trip.converted, trip.decoded),
        )
        # The same gain for both, so that they can be compared.
        self._gain = min(best_gain(step) for step in steps)
        titles = (tr("Changed by the conversion"), tr("Changed by the codec"))
        self._heat = tuple(
            (title, image_from_rgb(heat_map(step, self._gain)[..., ::-1]))
            for title, step in zip(titles, steps, strict=True)
        )
        self.update()

    def show_message(self, words: str) -> None:
        """Explain why there is no picture."""
        self._tiles, self._heat, self._message = (), (), words
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the pictures, each as large as a third of the width allows."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(sized(self.font(), 12))
        if not self._tiles:
            painter.setPen(tokens.text_muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._message)
            painter.end()
            return
        width = (self.width() - 2 * SPACE) / 3
        room = QSize(int(width), max((self.height() - SPACE) // 2 - _CAPTION_PX, 20))
        below = 0.0
        for place, (title, figure, image) in enumerate(self._tiles):
            bottom = self._paint_tile(
                painter, QPointF(place * (width + SPACE), 0), room, (title, figure, image)
            )
            below = max(below, bottom + SPACE)
        for place, (title, image) in enumerate(self._heat, start=1):
            self._paint_tile(painter, QPointF(place * (width + SPACE), below), room, (title, "", image))
        painter.setPen(tokens.text_muted)
        legend = QRectF(0, below + _CAPTION_PX, width - SPACE, room.height())
        words = tr("Differences, amplified {gain} times. Black means no difference.", gain=self._gain)
        painter.drawText(legend, int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap), words)
        painter.end()

    def _paint_tile(
        self, painter: QPainter, corner: QPointF, room: QSize, tile: tuple[str, str, QImage]
    ) -> float:
        """Draw a picture with its caption; returns its bottom."""
        tokens = self._theme.tokens
        title, figure, image = tile
        size = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        caption = QRectF(corner.x(), corner.y(), max(size.width(), 150), _CAPTION_PX)
        painter.setPen(tokens.text)
        painter.drawText(caption, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        painter.setPen(tokens.text_muted)
        painter.drawText(caption, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, figure)
        place = QRectF(corner.x(), corner.y() + _CAPTION_PX, size.width(), size.height())
        painter.drawImage(place, image)
        return place.bottom()


_LOOK_MS = 120
_OPENCV_PIXELS = "yuv420p"
"""The pixel format OpenCV's VideoWriter converts to for most codecs."""


class MakeResultPage(QWidget):
    """Shows the video made. Threads: GUI."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("makeResultPage")
        self._made: tuple[MadeVideo, MakeSettings, SourceDraft] | None = None
        self._title = QLabel(self)
        self._title.setObjectName("makeHeadline")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self._title, "title")
        self._facts = plain_label("makeFacts", "muted", self)
        heading = QLabel(tr("Round trip"), self)
        set_role(heading, "heading")
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setObjectName("makeFrameSlider")
        self._slider.setAccessibleName(tr("Frame"))
        self._number = QSpinBox(self)
        self._number.setObjectName("makeFrameNumber")
        self._number.setAccessibleName(tr("Frame number"))
        inset_text(self._number)
        self.view = TripView(theme, self)
        self._words = QLabel(self)
        self._words.setObjectName("makeLosses")
        self._words.setWordWrap(True)
        self._work = LatestTask(controller, tr("Comparing pictures"), _LOOK_MS, self, gives_late_answers=True)
        self._work.answered.connect(self._on_answered)
        self._work.failed.connect(self._on_failed)
        self._slider.valueChanged.connect(self._number.setValue)
        self._number.valueChanged.connect(self._slider.setValue)
        self._number.valueChanged.connect(self._look)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(QLabel(tr("Frame"), self))
        row.addWidget(self._slider, 1)
        row.addWidget(self._number)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._title)
        column.addWidget(self._facts)
        column.addSpacing(SPACE)
        column.addWidget(heading)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        column.addWidget(self._words)

    @property
    def words(self) -> str:
        """The text about the losses."""
        return self._words.text()

    def show_made(self, made: MadeVideo, settings: MakeSettings, draft: SourceDraft) -> None:
        """Show the content of the file."""
        self._made = (made, settings, draft)
        stopped = tr(", stopped early") if made.cancelled else ""
        self._title.setText(
            tr(
                "{frames} in {size}{stopped}",
                frames=counted(made.frame_count, "frame", "frames"),
                size=size_words(made.size_bytes),
                stopped=stopped,
            )
        )
        tag = tr(", stored as {fourcc}", fourcc=made.fourcc) if made.fourcc else ""
        self._facts.setText(
            tr(
                "{path}\n{width}×{height}, {title}{tag}. Read back and decoded: all frames are present.",
                path=made.path,
                width=made.size[0],
                height=made.size[1],
                title=settings.codec_spec.title,
                tag=tag,
            )
        )
        for widget in (self._slider, self._number):
            widget.setRange(0, made.frame_count - 1)
            widget.setValue(0)
        self.view.show_message(tr("Comparing…"))
        self._words.setText("")
        self._look()

    @Slot()
    def _look(self) -> None:
        if self._made is None:
            return
        made, settings, draft = self._made
        number = self._number.value()
        self._work.ask(lambda _progress, _cancel: compare_frame(made, settings, draft, number))

    @Slot(object)
    def _on_answered(self, trip: RoundTrip) -> None:
        self.view.show_trip(trip)
        conversion, codec, total = (psnr_words(one) for one in (trip.conversion, trip.codec, trip.total))
        sentence = loss_sentence(tr("this pixel format"), trip.conversion, trip.codec)
        self._words.setText(
            tr(
                "PSNR: conversion to Y, Cb, Cr and back {conversion}, codec {codec},"
                " together {total}. {sentence}",
                conversion=conversion,
                codec=codec,
                total=total,
                sentence=sentence,
            )
        )

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        self.view.show_message(str(error))
        self._words.setText("")


def compare_frame(made: MadeVideo, settings: MakeSettings, draft: SourceDraft, number: int) -> RoundTrip:
    """A source picture and the frame of the video made from it. Threads: any.

    Raises:
        FrameScopeError: One of the two is not available.
    """
    with draft.opened() as source:
        rgb = fitted(source.picture(number), made.size, settings.fit)
    with open_video(made.path) as video:
        decoded = video.frame(number).to_rgb(rotate=False)
    pixels = settings.pixel_format_used if settings.writer is Writer.PYAV else _OPENCV_PIXELS
    return round_trip(rgb, decoded, pixels, matrix_written(settings, made.size))
