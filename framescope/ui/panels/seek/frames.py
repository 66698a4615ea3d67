"""Shows the requested frame, the returned one, and their difference, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from framescope.core.errors import FrameUnavailableError
from framescope.core.media.index import NO_PTS
from framescope.core.source.opening import known_video
from framescope.core.text import counted, grouped
from framescope.core.translation import tr
from framescope.engine.render import RenderSpec, image_from_bgra, render
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.panels.seek.words import Level, level_of, outcome_words, signed
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.tasks import LatestTask
from framescope.ui.widgets.theme import RADIUS, SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QPaintEvent, QResizeEvent

    from framescope.core.audit.records import EngineTrial, FileFacts, RequestResult
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_CACHE_BYTES = 64 << 20
_MOST_GAIN = 16.0


@dataclass(frozen=True, slots=True)
class Landing:
    """The returned frame, by FrameScope's frame numbers.

    Attributes:
        frame_number: The frame; None if no known picture was returned.
        remark: A caveat about the number; empty if there is none.
    """

    frame_number: int | None
    remark: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Two frames side by side.

    Attributes:
        asked: The requested frame; None if it cannot be decoded.
        landed: The returned frame; None if there is none.
        difference: Absolute difference, amplified; None if there is nothing to compare.
        words: How they differ, in one sentence.
    """

    asked: QImage | None
    landed: QImage | None
    difference: QImage | None
    words: str


def landing_of(trial: EngineTrial, one: RequestResult, facts: FileFacts | None, index: FrameIndex) -> Landing:
    """The engine's frame number translated to FrameScope's: by pts if the engine gives it, else unchanged."""
    if one.landed is None:
        return Landing(None)
    sequence, total = trial.sequence, len(index) if facts is None else facts.frame_count
    pts = int(sequence.pts[one.landed]) if one.landed < len(sequence.pts) else NO_PTS
    if pts != NO_PTS and index.has_timestamps:
        number = index.number_at_pts(pts)
        if number != one.landed:
            return Landing(
                number,
                tr(
                    "{title} counts it as frame {landed}; matched by pts.",
                    title=trial.title,
                    landed=one.landed,
                ),
            )
        return Landing(number)
    remark = ""
    if sequence.is_complete and len(sequence) != total:
        remark = tr(
            "{title} counts {frames} where the file has {total}, so its frame"
            " {landed} may be another one here.",
            title=trial.title,
            frames=counted(len(sequence), "frame", "frames"),
            total=total,
            landed=one.landed,
        )
    elif one.landed >= len(index):
        return Landing(
            None, tr("It returned its frame {landed}, which is not in the index.", landed=one.landed)
        )
    return Landing(min(one.landed, len(index) - 1), remark)


def compare_frames(
    info: VideoInfo,
    index: FrameIndex,
    numbers: tuple[int, int | None],
    spec: RenderSpec,
    cancel: CancelToken,
) -> Compared:
    """Decode both frames and compute their difference.

    Args:
        info: The video.
        index: Its index, which defines the frame numbers.
        numbers: Frame numbers requested and returned.
        spec: The size to render at.
        cancel: Cancels between frames.
    """
    # Opened here: each decoder is opened, used and closed in one thread.
    with known_video(info, index, cache_bytes=_CACHE_BYTES) as video:
        frames = []
        for number in numbers:
            cancel.raise_if_cancelled()
            frames.append(None if number is None or number >= len(video) else _frame(video, number))
    asked, landed = frames
    pictures = [None if frame is None else render(frame, info, spec) for frame in frames]
    if asked is None or landed is None:
        which = tr("Requested frame") if asked is None else tr("Returned frame")
        return Compared(pictures[0], pictures[1], None, tr("{which} cannot be shown.", which=which))
    if numbers[0] == numbers[1]:
        return Compared(pictures[0], pictures[1], None, tr("It is the same frame."))
    size = QSize() if pictures[0] is None else pictures[0].size()
    difference, words = difference_of(asked.to_rgb(rotate=spec.rotate), landed.to_rgb(rotate=spec.rotate))
    if difference is not None:
        difference = difference.scaled(
            size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    return Compared(pictures[0], pictures[1], difference, words)


def difference_of(
    first: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
    second: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
) -> tuple[QImage | None, str]:
    """A picture of where two (height, width, 3) uint8 pictures differ, and a description of how much."""
    if first.shape != second.shape:
        return None, tr("The two frames differ in size.")
    apart = np.abs(first.astype(np.int16) - second)
    if not apart.any():
        return None, tr("The two frames have the same pixels.")
    differing = float(apart.any(axis=2).mean())
    gain = float(np.clip(255 / max(float(np.percentile(apart, 99.5)), 1.0), 1.0, _MOST_GAIN))
    shown = np.zeros((*first.shape[:2], 4), np.uint8)
    shown[..., :3] = np.clip(apart[..., ::-1] * gain, 0, 255)
    share = tr("under 1") if differing < 0.01 else f"{100 * differing:.0f}"
    brighter = tr("; difference amplified {gain:.2g}×", gain=gain) if gain >= 1.05 else ""
    words = tr(
        "{share} % of the pixels differ, by up to {most} of 255 ({mean:.2g} on average){brighter}.",
        share=share,
        most=int(apart.max()),
        mean=float(apart.mean()),
        brighter=brighter,
    )
    return image_from_bgra(shown), words


def _frame(video: Video, number: int) -> Frame | None:
    try:
        return video.frame(number)
    except FrameUnavailableError:
        return None


_WIDE_PX = 560
_RENDER_PX = 640
_SMALL = 12


class FramePlate(QWidget):
    """One picture with a caption above it."""

    def __init__(self, name: str, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image: QImage | None = None
        self._note = ""
        self._aspect = 9 / 16
        self.setObjectName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    @property
    def image(self) -> QImage | None:
        """The picture shown."""
        return self._image

    def set_picture(self, image: QImage | None, note: str, shape: QImage | None = None) -> None:
        """Show a picture, or a note in a space shaped like ``shape``."""
        self._image, self._note = image, note
        model = image or shape
        if model is not None and model.width():
            self._aspect = model.height() / model.width()
        self.setAccessibleName(note)
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of the picture at this width; portrait pictures get a square."""
        return round(width * min(self._aspect, 1.0))

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """The height follows from the picture's shape."""
        return True

    def sizeHint(self) -> QSize:  # noqa: N802
        """Size of a small picture."""
        return QSize(150, self.heightForWidth(150))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the picture as large as it fits, or the note."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.picture_background)
        painter.drawRoundedRect(area, RADIUS, RADIUS)
        if self._image is None:
            painter.setPen(tokens.text_faint)
            painter.setFont(sized(self.font(), _SMALL))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(6, 4, -6, -4), flags, self._note)
            return
        scale = min(area.width() / self._image.width(), area.height() / self._image.height())
        width, height = self._image.width() * scale, self._image.height() * scale
        spot = QRectF((area.width() - width) / 2, (area.height() - height) / 2, width, height)
        painter.drawImage(spot, self._image)


class SeekFrames(QWidget):
    """Requested frame, returned frame and difference; decoded in the background by a separate decoder."""

    step_wanted = Signal(int)
    """Show the next (1) or the previous (-1) wrong answer of the engine."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._icons = IconSource(theme, self)
        self._chosen: tuple[EngineTrial, RequestResult] | None = None
        self._landing = Landing(None)
        self._fetching = LatestTask(controller, tr("Fetching two frames"), 0, self)
        self._fetching.answered.connect(self._on_compared)
        self.setObjectName("seekFrames")
        self.setAccessibleName(tr("Requested and returned frame"))
        self._title = text_label(self)
        self._title.setFont(sized(self._title.font(), 13, bold=True))
        self._words = text_label(self, "muted", pixels=_SMALL)
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._title, 1)
        head.addWidget(
            self._step_button("seekPreviousWrong", tr("Previous wrong answer"), "ph.caret-left", -1)
        )
        head.addWidget(self._step_button("seekNextWrong", tr("Next wrong answer"), "ph.caret-right", 1))
        self._plates = [
            FramePlate(name, theme, self) for name in ("seekAsked", "seekLanded", "seekDifference")
        ]
        self._captions = [self._link("seekGoAsked"), self._link("seekGoLanded")]
        self._captions[0].clicked.connect(self._on_asked_clicked)
        self._captions[1].clicked.connect(self._on_landed_clicked)
        self._apart = text_label(self, "muted", pixels=_SMALL)
        self._apart.setText(tr("Difference"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE)
        self._grid.setVerticalSpacing(3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE - 2)
        column.addLayout(head)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._is_wide: bool | None = None
        self.clear()

    @property
    def plates(self) -> tuple[FramePlate, ...]:
        """Requested frame, returned frame, difference."""
        return tuple(self._plates)

    @property
    def words(self) -> str:
        """The sentence below the pictures."""
        return self._words.text()

    @Slot()
    def clear(self) -> None:
        """Show nothing."""
        self._fetching.forget()
        self._chosen = None
        self._grid.removeWidget(self._words)
        self._grid.addWidget(self._words, 4, 0, 1, 3)
        self._is_wide = None
        self._title.setText(tr("Click a marker in a lane or a point in a plot"))
        self._words.setText(tr("The requested frame and the returned frame are shown here side by side."))
        for plate in self._plates:
            plate.set_picture(None, "")
        for widget in (*self._plates, *self._captions, self._apart):
            widget.hide()

    def show_answer(self, trial: EngineTrial, one: RequestResult, facts: FileFacts | None) -> None:
        """Decode and show the frames of an answer; replaces a pending one."""
        index = self._controller.index
        if index is None or not len(index):
            return
        self._chosen = trial, one
        self._landing = landing_of(trial, one, facts, index)
        self._title.setText(f"{trial.title}: {_title(one)}")
        self._captions[0].setText(tr("requested {frame_number}", frame_number=grouped(one.frame_number)))
        landed = self._landing.frame_number
        self._captions[1].setText(
            tr("an unknown frame was returned")
            if landed is None
            else tr("returned {landed}", landed=grouped(landed))
        )
        self._captions[1].setEnabled(landed is not None)
        self._words.setText(_sentences(outcome_words(one), self._landing.remark))
        for widget in (*self._plates, *self._captions, self._apart):
            widget.show()
        self._lay_out(is_wide=self.width() >= _WIDE_PX)
        self._fetch()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Three in a row if the width allows, else the difference below."""
        super().resizeEvent(event)
        if self._chosen is not None:
            self._lay_out(is_wide=event.size().width() >= _WIDE_PX)

    # --- private

    def _fetch(self) -> None:
        info, index, chosen = self._controller.info, self._controller.index, self._chosen
        if info is None or index is None or chosen is None:
            return
        numbers = chosen[1].frame_number, self._landing.frame_number
        spec = RenderSpec(_RENDER_PX, _RENDER_PX, self._controller.view.is_rotated)

        def work(progress: ProgressCallback, cancel: CancelToken) -> Compared:
            del progress
            return compare_frames(info, index, numbers, spec, cancel)

        self._fetching.ask(work)

    @Slot(object)
    def _on_compared(self, compared: Compared) -> None:
        if self._chosen is None:
            return
        shape = compared.asked or compared.landed
        self._plates[0].set_picture(compared.asked, tr("The frame cannot be decoded"), shape)
        self._plates[1].set_picture(compared.landed, tr("No picture to show"), shape)
        is_same = compared.difference is None
        self._plates[2].set_picture(compared.difference, compared.words if is_same else "", shape)
        parts = (outcome_words(self._chosen[1]), self._landing.remark, compared.words)
        self._words.setText(_sentences(*parts))

    @Slot()
    def _on_asked_clicked(self) -> None:
        if self._chosen is not None:
            self._controller.show_frame(self._chosen[1].frame_number)

    @Slot()
    def _on_landed_clicked(self) -> None:
        if self._landing.frame_number is not None:
            self._controller.show_frame(self._landing.frame_number)

    def _lay_out(self, *, is_wide: bool) -> None:
        if is_wide is self._is_wide:
            return
        self._is_wide = is_wide
        cells = (*self._captions, *self._plates, self._apart, self._words)
        for cell in cells:
            self._grid.removeWidget(cell)
        for place in range(2):
            self._grid.addWidget(self._captions[place], 0, place)
            self._grid.addWidget(self._plates[place], 1, place)
        if is_wide:
            self._grid.addWidget(self._apart, 0, 2)
            self._grid.addWidget(self._plates[2], 1, 2)
            self._grid.addWidget(self._words, 2, 0, 1, 3)
        else:
            self._grid.addWidget(self._apart, 2, 0)
            self._grid.addWidget(self._plates[2], 3, 0)
            self._grid.addWidget(self._words, 3, 1, Qt.AlignmentFlag.AlignTop)
        for place in range(3):
            self._grid.setColumnStretch(place, int(place < 2 or is_wide))

    def _link(self, name: str) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(name)
        button.setFlat(True)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setToolTip(tr("Show this frame in the window"))
        button.setFont(sized(button.font(), _SMALL))
        button.setStyleSheet("text-align: left; padding: 2px 4px 2px 0px;")
        return button

    def _step_button(self, name: str, title: str, icon: str, step: int) -> QToolButton:
        button = self._icons.button(self, name, title, icon)
        button.setProperty("step", step)
        button.clicked.connect(self._on_step_clicked)
        return button

    @Slot()
    def _on_step_clicked(self) -> None:
        self.step_wanted.emit(int(self.sender().property("step")))


def _title(one: RequestResult) -> str:
    if one.landed is not None and one.landed != one.frame_number and level_of(one) is Level.WRONG:
        return tr("off by {signed}", signed=signed(one.landed - one.frame_number))
    return {Level.EXACT: "exact", Level.AMBIGUOUS: "ambiguous", Level.FAILED: tr("no frame")}.get(
        level_of(one), "wrong picture"
    )


def _sentences(*parts: str) -> str:
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts if part)
