"""The form of the clip dialog: frames, method, preview of the content, and output file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from framescope.core.clips.clip_plan import ClipPlan, plan_clip
from framescope.core.clips.containers import KINDS, suggested_suffix
from framescope.core.clips.estimate import ClipEstimate, estimate_clip
from framescope.core.clips.settings import BEST_QUALITY, WORST_QUALITY, ClipCodec, ClipSettings, ClipWay
from framescope.core.export.name_pattern import source_stem
from framescope.core.folders import expanded, offered_folder
from framescope.core.text import counted, duration_words, size_words
from framescope.core.translation import tr
from framescope.ui.clip.strip import ClipStrip
from framescope.ui.widgets.roles import check_box, inset_text, named_combo, named_line, push_button
from framescope.ui.widgets.save_target import browse_target
from framescope.ui.widgets.tasks import LatestTask
from framescope.ui.widgets.theme import RADIUS, SPACE, set_role

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from framescope.core.errors import FrameScopeError
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource

_WORDS = {
    ClipWay.COPY: (
        tr("Copy at keyframes"),
        tr(
            "Copies the packets: lossless and at disk speed. The clip starts at a keyframe, so there may be"
            " more"
            " frames than requested."
        ),
    ),
    ClipWay.EXACT: (
        tr("Exactly these frames"),
        tr(
            "Re-encodes: the first and the last frame are exactly the ones you set, with their own"
            " timestamps."
        ),
    ),
    ClipWay.ALL_INTRA: (
        tr("All-intra, for exact seeking"),
        tr(
            "Re-encodes the whole video with every frame a keyframe, then tests which libraries seek"
            " correctly"
            " in it."
        ),
    ),
}


class WayCards(QWidget):
    """One card per method, one of them selected. Threads: GUI."""

    changed = Signal()

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clipWays")
        self.setAccessibleName(tr("Method"))
        self._group = QButtonGroup(self)
        self._cards: dict[ClipWay, _Card] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        for way, (title, words) in _WORDS.items():
            card = _Card(theme, title, words, self)
            card.button.setObjectName(f"clipWay.{way.value}")
            card.button.setAccessibleDescription(words)
            self._group.addButton(card.button)
            self._cards[way] = card
            row.addWidget(card, 1)
        self._cards[ClipWay.COPY].button.setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)

    @property
    def way(self) -> ClipWay:
        """The selected method."""
        return next(way for way, card in self._cards.items() if card.button.isChecked())

    def choose(self, way: ClipWay) -> None:
        """Select a method."""
        self._cards[way].button.setChecked(True)

    @Slot()
    def _on_toggled(self) -> None:
        for card in self._cards.values():
            card.update()
        if self._group.checkedButton() is not None:
            self.changed.emit()


class _Card(QWidget):
    """A radio button with a description, in a clickable frame."""

    def __init__(self, theme: ThemeSource, title: str, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.button = QRadioButton(title, self)
        font = self.button.font()
        font.setBold(True)
        self.button.setFont(font)
        self._words = QLabel(words, self)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        set_role(self._words, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE + 4, SPACE + 2, SPACE + 4, SPACE + 2)
        column.setSpacing(SPACE // 2)
        column.addWidget(self.button)
        column.addWidget(self._words, 1)
        theme.changed.connect(self.update)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Select the card."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.button.setChecked(True)
            self.button.setFocus()
            event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the frame, in the accent colour if selected."""
        del event
        tokens = self._theme.tokens
        is_on = self.button.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens.accent if is_on else tokens.border_strong, 1.5 if is_on else 1))
        painter.setBrush(tokens.surface)
        edge = self.rect().toRectF().adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(edge, RADIUS + 2, RADIUS + 2)


_PLAN_DELAY_MS, _ESTIMATE_DELAY_MS = 60, 500
_MOST_FRAMES = 2**31 - 1


@dataclass(frozen=True, slots=True, eq=False)
class ClipDraft:
    """All choices of the form at one moment."""

    info: VideoInfo
    index: FrameIndex
    wanted: range
    path: Path
    settings: ClipSettings


class ClipForm(QWidget):
    """The form for a clip, with a preview of the result. Threads: GUI."""

    state_changed = Signal()
    """`plan`, `problem` or the estimate changed."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("clipForm")
        self._controller = controller
        self._settings = settings
        self.plan: ClipPlan | None = None
        self.problem = ""
        self._is_named_by_hand = False
        self._is_typed = False
        self._is_active = True
        self._first = self._frame_spin("clipFirst", tr("First frame"))
        self._last = self._frame_spin("clipLast", tr("Last frame"))
        self._span = QLabel(self)
        self._span.setObjectName("clipSpan")
        set_role(self._span, "muted")
        self.ways = WayCards(theme, self)
        self._codec = named_combo(self, "clipCodec", tr("Encode as"))
        for codec in ClipCodec:
            self._codec.addItem(codec.label, codec.value)
        self._quality = QSpinBox(self)
        self._quality.setObjectName("clipQuality")
        self._quality.setAccessibleName(tr("Quality (CRF): lower is better"))
        self._quality.setRange(BEST_QUALITY, WORST_QUALITY)
        self._quality.setValue(ClipSettings().quality)
        inset_text(self._quality)
        self._lossless = check_box(self, "clipLossless", tr("Lossless"))
        self._even = check_box(self, "clipEven", tr("Constant frame rate"))
        self._even.setToolTip(
            tr("Show frame n at n / rate: some libraries seek correctly only in constant frame rate files.")
        )
        self._sound = check_box(self, "clipSound", tr("Copy audio"))
        self._sound.setChecked(True)
        self._encoding = QWidget(self)
        self.strip = ClipStrip(theme, self)
        self._facts = QLabel(self)
        self._facts.setObjectName("clipFacts")
        self._facts.setWordWrap(True)
        self._cost = QLabel(self)
        self._cost.setObjectName("clipCost")
        self._cost.setAlignment(Qt.AlignmentFlag.AlignRight)
        set_role(self._cost, "muted")
        self._path = named_line(self, "clipPath", tr("File to write"))
        self._browse = push_button(self, "clipBrowse", tr("Browse…"))
        self._planning = LatestTask(controller, tr("Reading the packets"), _PLAN_DELAY_MS, self)
        self._estimating = LatestTask(controller, tr("Testing the encoder"), _ESTIMATE_DELAY_MS, self)
        self._lay_out()
        self._connect()
        self.take_range()

    @property
    def draft(self) -> ClipDraft | None:
        """The settings as entered; None until the index is complete and a file is named."""
        info, index = self._controller.info, self._controller.index
        text = self._path.text().strip()
        if info is None or index is None or not index.complete or not text or "\0" in text:
            return None
        wanted = range(self._first.value(), self._last.value() + 1)
        return ClipDraft(info, index, wanted, expanded(text), self.settings)

    @property
    def settings(self) -> ClipSettings:
        """The settings of the clip."""
        way = self.ways.way
        return ClipSettings(
            way=way,
            codec=ClipCodec(self._codec.currentData()),
            quality=self._quality.value(),
            lossless=self._lossless.isChecked() and way is not ClipWay.COPY,
            with_audio=self._sound.isChecked(),
            even_times=self._even.isChecked() and way is not ClipWay.COPY,
        )

    def take_range(self) -> None:
        """Use the session's in and out points, or the whole video."""
        span, total = self._controller.marked_range, self._controller.frame_total
        values = (0 if span is None else span.start, (total if span is None else span.stop) - 1)
        for spin, value in zip((self._first, self._last), values, strict=True):
            spin.blockSignals(True)  # noqa: FBT003 - Qt's
            spin.setMaximum(max(total - 1, 0))
            spin.setValue(value)
            spin.blockSignals(False)  # noqa: FBT003 - Qt's
        self._is_typed = False
        self.refresh()

    def set_active(self, *, active: bool) -> None:
        """Read packets and test the encoder only while the form is visible."""
        self._is_active = active
        if active:
            self.refresh()
        else:
            self._planning.forget()
            self._estimating.forget()

    def refresh(self) -> None:
        """Update the plan of the clip."""
        self._show_span()
        self._suggest_path()
        settings = self.settings
        is_encoded = settings.way is not ClipWay.COPY
        self._encoding.setEnabled(is_encoded)
        self._lossless.setEnabled(settings.codec is not ClipCodec.FFV1)
        self._quality.setEnabled(not settings.keeps_samples)
        for spin in (self._first, self._last):
            spin.setEnabled(settings.way is not ClipWay.ALL_INTRA)
        draft = self.draft
        self._estimating.forget()
        # A quick click must not start an outdated plan for other frames or another video.
        self.plan, self.problem = None, ""
        self.state_changed.emit()
        if not self._is_active:
            return
        if draft is None:
            self._say_problem(
                tr("The frames are still being indexed.") if self._controller.info else tr("Open a video.")
            )
            return
        self._planning.ask(
            lambda _progress, _cancel: plan_clip(
                draft.info, draft.index, draft.wanted, draft.path, draft.settings
            )
        )

    def _say_problem(self, words: str) -> None:
        self.plan, self.problem = None, words
        self.strip.show_plan(None, None)
        self._facts.setText("")
        self._cost.setText("")
        self.state_changed.emit()

    def _show_span(self) -> None:
        index = self._controller.index
        first, last = self._first.value(), self._last.value()
        if self.ways.way is ClipWay.ALL_INTRA:
            self._span.setText(tr("The whole video"))
        elif index is None or not len(index) or last >= len(index) or first > last:
            self._span.setText("")
        else:
            count = last - first + 1
            words = counted(count, "frame", "frames")
            times = self._controller.times
            span = tr(
                "{first} to {last}",
                first=times.of(first, index.time_of(first)),
                last=times.of(last, index.time_of(last)),
            )
            whole = "" if self._controller.marked_range else tr("; no in or out point is set")
            self._span.setText(f"{words}, {span}{whole}")

    def _suggest_path(self) -> None:
        info = self._controller.info
        if info is None or self._is_named_by_hand:
            return
        settings = self.settings
        folder = self._settings.last_folder or str(offered_folder())
        first, last = self._first.value(), self._last.value()
        tail = "all-intra" if settings.way is ClipWay.ALL_INTRA else f"{first}-{last}"
        name = f"{source_stem(info.source)}_{tail}{suggested_suffix(info, settings)}"
        self._path.blockSignals(True)  # noqa: FBT003 - Qt's
        self._path.setText(str(Path(folder) / name))
        self._path.blockSignals(False)  # noqa: FBT003 - Qt's

    def _frame_spin(self, name: str, accessible: str) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setObjectName(name)
        spin.setAccessibleName(accessible)
        spin.setMaximum(_MOST_FRAMES)
        spin.setMinimumWidth(104)
        inset_text(spin)
        return spin

    def _lay_out(self) -> None:
        frames = QHBoxLayout()
        frames.setSpacing(SPACE)
        for part in (_muted(tr("Frames"), self), self._first, _muted("to", self), self._last, self._span):
            frames.addWidget(part)
        frames.addStretch(1)
        options = QHBoxLayout(self._encoding)
        options.setContentsMargins(0, 0, 0, 0)
        options.setSpacing(SPACE)
        quality = _muted(tr("CRF (lower is better)"), self._encoding)
        choices: tuple[QWidget, ...] = (
            _muted(tr("Encode as"), self._encoding),
            self._codec,
            quality,
            self._quality,
        )
        for choice in choices:
            options.addWidget(choice)
        options.addSpacing(SPACE)
        options.addWidget(self._lossless)
        options.addSpacing(SPACE)
        options.addWidget(self._even)
        options.addStretch(1)
        target = QGridLayout()
        target.setHorizontalSpacing(SPACE)
        target.addWidget(_muted(tr("File"), self), 0, 0)
        target.addWidget(self._path, 0, 1)
        target.addWidget(self._browse, 0, 2)
        heading = QLabel(tr("What the file will contain"), self)
        set_role(heading, "heading")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE + 4)
        column.addLayout(frames)
        column.addWidget(self.ways)
        line = QHBoxLayout()
        line.addWidget(self._encoding, 1)
        line.addWidget(self._sound)
        column.addLayout(line)
        column.addSpacing(SPACE // 2)
        top = QHBoxLayout()
        top.addWidget(heading)
        top.addWidget(self._cost, 1)
        column.addLayout(top)
        column.addWidget(self.strip)
        column.addWidget(self._facts)
        column.addStretch(1)
        column.addLayout(target)

    def _connect(self) -> None:
        for spin in (self._first, self._last):
            spin.valueChanged.connect(self._on_frame_typed)
        self._quality.valueChanged.connect(self._on_edited)
        self.ways.changed.connect(self._on_edited)
        self._codec.currentIndexChanged.connect(self._on_edited)
        for box in (self._lossless, self._even, self._sound):
            box.toggled.connect(self._on_edited)
        self._path.textEdited.connect(self._on_path_edited)
        self._browse.clicked.connect(self._on_browse_clicked)
        self._planning.answered.connect(self._on_planned)
        self._planning.failed.connect(self._on_plan_failed)
        self._estimating.answered.connect(self._on_estimated)
        self._estimating.failed.connect(self._on_estimate_failed)
        self._controller.range_changed.connect(self._on_range_changed)
        self._controller.index_updated.connect(self._on_index_updated)
        self._controller.times.changed.connect(self._on_index_updated)
        self._controller.source_opened.connect(self._on_source_opened)

    # --- slots

    @Slot()
    def _on_edited(self) -> None:
        self.refresh()

    @Slot()
    def _on_frame_typed(self) -> None:
        self._is_typed = True
        self.refresh()

    @Slot()
    def _on_range_changed(self) -> None:
        self.take_range()

    @Slot()
    def _on_index_updated(self) -> None:
        # Typed values stay; only their limits change.
        if not self._is_typed:
            self.take_range()
            return
        for spin in (self._first, self._last):
            spin.setMaximum(max(self._controller.frame_total - 1, 0))
        self.refresh()

    @Slot()
    def _on_source_opened(self) -> None:
        self._is_named_by_hand = False
        self.take_range()

    @Slot()
    def _on_path_edited(self) -> None:
        self._is_named_by_hand = bool(self._path.text().strip())
        self.refresh()

    @Slot()
    def _on_browse_clicked(self) -> None:
        kinds = " ".join(f"*{suffix}" for suffix in KINDS)
        chosen, _ = browse_target(
            self, tr("Save the clip as"), self._path.text(), [tr("Videos ({kinds})", kinds=kinds)]
        )
        if chosen is not None:
            self._is_named_by_hand = True
            self._settings.last_folder = str(chosen.parent)
            self._path.setText(str(chosen))
            self.refresh()

    @Slot(object)
    def _on_planned(self, plan: ClipPlan) -> None:
        draft = self.draft
        if draft is None:
            return
        self.plan, self.problem = plan, ""
        self.strip.show_plan(plan, draft.index)
        self._facts.setText("\n".join(f"•  {sentence}" for sentence in plan.sentences))
        if plan.copy is not None:
            self._show_cost(estimate_clip(draft.info, draft.index, plan))
        else:
            self._cost.setText(tr("Testing the encoder on a few frames…"))
            self._estimating.ask(lambda _progress, _cancel: estimate_clip(draft.info, draft.index, plan))
        self.state_changed.emit()

    def _show_cost(self, estimate: ClipEstimate) -> None:
        size = size_words(estimate.size_bytes)
        if estimate.encoding_s:
            about = "" if estimate.is_counted else "about "
            self._cost.setText(f"{about}{size}, {about}{duration_words(max(estimate.encoding_s, 1))}")
        else:
            self._cost.setText(tr("{size}, at disk speed", size=size))

    @Slot(object)
    def _on_plan_failed(self, error: FrameScopeError) -> None:
        self._say_problem(error.in_full)

    @Slot(object)
    def _on_estimated(self, estimate: ClipEstimate) -> None:
        self._show_cost(estimate)

    @Slot(object)
    def _on_estimate_failed(self, error: FrameScopeError) -> None:
        self._cost.setText("")
        self.problem = error.in_full
        self.state_changed.emit()


def _muted(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    set_role(label, "muted")
    return label
