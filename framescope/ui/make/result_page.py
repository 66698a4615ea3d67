"""What came of making a video: what stands in the file, and what became of any picture on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QSpinBox, QVBoxLayout, QWidget

from framescope.core.source.opening import open_video
from framescope.core.synth.encoder_options import matrix_written
from framescope.core.synth.fit import fitted
from framescope.core.synth.make_settings import Writer
from framescope.core.synth.round_trip import RoundTrip, round_trip
from framescope.core.text import counted, size_words
from framescope.ui.make.trip_view import TripView
from framescope.ui.panels.chroma.words import loss_sentence, psnr_words
from framescope.ui.widgets.roles import inset_text
from framescope.ui.widgets.tasks import LatestTask
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.core.synth.make_settings import MakeSettings
    from framescope.core.synth.making import MadeVideo
    from framescope.core.synth.source_draft import SourceDraft
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_LOOK_MS = 120
_OPENCV_PIXELS = "yuv420p"
"""What OpenCV's VideoWriter converts to before most of its codecs."""


class MakeResultPage(QWidget):
    """Shows a video that was made. Threads: GUI."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("makeResultPage")
        self._made: tuple[MadeVideo, MakeSettings, SourceDraft] | None = None
        self._title = QLabel(self)
        self._title.setObjectName("makeHeadline")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self._title, "title")
        self._facts = QLabel(self)
        self._facts.setObjectName("makeFacts")
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self._facts.setWordWrap(True)
        set_role(self._facts, "muted")
        heading = QLabel("The way there and back", self)
        set_role(heading, "heading")
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setObjectName("makeFrameSlider")
        self._slider.setAccessibleName("Frame")
        self._number = QSpinBox(self)
        self._number.setObjectName("makeFrameNumber")
        self._number.setAccessibleName("Frame number")
        inset_text(self._number)
        self.view = TripView(theme, self)
        self._words = QLabel(self)
        self._words.setObjectName("makeLosses")
        self._words.setWordWrap(True)
        self._work = LatestTask(controller, "Comparing pictures", _LOOK_MS, self, gives_late_answers=True)
        self._work.answered.connect(self._on_answered)
        self._work.failed.connect(self._on_failed)
        self._slider.valueChanged.connect(self._number.setValue)
        self._number.valueChanged.connect(self._slider.setValue)
        self._number.valueChanged.connect(self._look)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(QLabel("Frame", self))
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
        """What is said of the losses."""
        return self._words.text()

    def show_made(self, made: MadeVideo, settings: MakeSettings, draft: SourceDraft) -> None:
        """Show what stands in the file."""
        self._made = (made, settings, draft)
        stopped = ", stopped early" if made.cancelled else ""
        self._title.setText(f"{counted(made.frame_count, 'frame')} in {size_words(made.size_bytes)}{stopped}")
        tag = f", stored as {made.fourcc}" if made.fourcc else ""
        self._facts.setText(
            f"{made.path}\n{made.size[0]}×{made.size[1]}, {settings.codec_spec.title}{tag}."
            " Opened again and decoded: every frame is there."
        )
        for widget in (self._slider, self._number):
            widget.setRange(0, made.frame_count - 1)
            widget.setValue(0)
        self.view.show_message("Comparing…")
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
        sentence = loss_sentence("this pixel format", trip.conversion, trip.codec)
        self._words.setText(
            f"PSNR: conversion to Y, Cb, Cr and back {conversion}, codec {codec},"
            f" together {total}. {sentence}"
        )

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        self.view.show_message(str(error))
        self._words.setText("")


def compare_frame(made: MadeVideo, settings: MakeSettings, draft: SourceDraft, number: int) -> RoundTrip:
    """A source picture beside the frame that the video shows for it. Threads: any.

    Raises:
        FrameScopeError: One of the two cannot be had.
    """
    with draft.opened() as source:
        rgb = fitted(source.picture(number), made.size, settings.fit)
    with open_video(made.path) as video:
        decoded = video.frame(number).to_rgb(rotate=False)
    pixels = settings.pixel_format_used if settings.writer is Writer.PYAV else _OPENCV_PIXELS
    return round_trip(rgb, decoded, pixels, matrix_written(settings, made.size))
