"""The form for the source of a new video."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from framescope.core.folders import expanded, is_there
from framescope.core.synth.number_blocks import MAX_NUMBER, MIN_HEIGHT, MIN_WIDTH
from framescope.core.synth.pattern_pictures import Pattern
from framescope.core.synth.pictures import PICTURE_SUFFIXES
from framescope.core.synth.source_draft import SourceDraft, SourceKind
from framescope.core.translation import tr
from framescope.ui.widgets.roles import (
    label_for,
    make_form,
    named_combo,
    named_line,
    named_spin,
    plain_label,
    push_button,
)
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.session.controller import Controller

_KINDS = {
    SourceKind.PATTERN: tr("A pattern"),
    SourceKind.VIDEO: tr("Frames of the open video"),
    SourceKind.FILES: tr("Pictures in a folder"),
    SourceKind.PICTURE: tr("One picture, repeated"),
}
_PATTERNS = {
    Pattern.COUNTER: (tr("Counter"), tr("Every frame shows its number, readable for people and programs.")),
    Pattern.GRADIENT: (tr("Gradient"), tr("A moving smooth gradient: shows banding.")),
    Pattern.NOISE: (tr("Noise"), tr("New random pixels in every frame: the worst case for any codec.")),
    Pattern.ZONE_PLATE: (
        tr("Zone plate"),
        tr("Rings down to the pixel limit: shows aliasing and lost detail."),
    ),
    Pattern.BARS: (
        tr("Colour bars"),
        tr("Bars and a fine red and blue grid: shows the effect of chroma subsampling."),
    ),
    Pattern.SCENES: (tr("Scenes"), tr("A hard cut every 48 frames.")),
}
_MOST_SIDE = 16_384


class SourceForm(QWidget):
    """The selected source and its fields. Threads: GUI."""

    changed = Signal()

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("makeSource")
        self._controller = controller
        self.rate = 25.0
        self._kind = named_combo(self, "makeKind", tr("Pictures from"))
        for kind, words in _KINDS.items():
            self._kind.addItem(words, kind.value)
        self._pattern = named_combo(self, "makePattern", tr("Pattern"))
        for pattern, (title, _) in _PATTERNS.items():
            self._pattern.addItem(title, pattern.value)
        self._width = named_spin(self, "makeWidth", tr("Width"), range(MIN_WIDTH, _MOST_SIDE + 1), 1280)
        self._height = named_spin(self, "makeHeight", tr("Height"), range(MIN_HEIGHT, _MOST_SIDE + 1), 720)
        self._count = named_spin(self, "makeCount", tr("Frames"), range(1, MAX_NUMBER + 2), 250)
        self._path = named_line(self, "makePath", tr("Picture or folder"))
        self._browse = push_button(self, "makeBrowse", tr("Browse…"))
        self._words = plain_label("makeSourceWords", "muted", self)
        self._lay_out()
        self._kind.currentIndexChanged.connect(self._on_changed)
        self._pattern.currentIndexChanged.connect(self._on_changed)
        for spin in (self._width, self._height, self._count):
            spin.valueChanged.connect(self._on_changed)
        self._path.textChanged.connect(self._on_changed)
        self._browse.clicked.connect(self._on_browse_clicked)
        for signal in (controller.source_opened, controller.source_closed, controller.index_updated):
            signal.connect(self._on_changed)
        controller.range_changed.connect(self._on_changed)
        self._on_changed()

    @property
    def kind(self) -> SourceKind:
        """The selected source."""
        return SourceKind(self._kind.currentData())

    @property
    def words(self) -> str:
        """The text below the fields."""
        return self._words.text()

    def choose(self, kind: SourceKind) -> None:
        """Select the source of the pictures."""
        self._kind.setCurrentIndex(self._kind.findData(kind.value))

    @property
    def draft(self) -> SourceDraft | None:
        """The current choices; None if something is missing."""
        if self.problem:
            return None
        controller = self._controller
        text = self._path.text().strip()
        return SourceDraft(
            kind=self.kind,
            pattern=Pattern(self._pattern.currentData()),
            count=self._count.value(),
            size=(self._width.value(), self._height.value()),
            rate=self.rate,
            paths=(expanded(text),) if text else (),
            info=controller.info,
            index=controller.index,
            numbers=self._numbers(),
        )

    @property
    def problem(self) -> str:
        """What is missing; empty if nothing is."""
        index = self._controller.index
        if self.kind is SourceKind.VIDEO:
            if self._controller.info is None or index is None:
                return tr("Open a video to take its frames.")
            return "" if index.complete else tr("The frames of the video are still being indexed.")
        if self.kind is SourceKind.PATTERN:
            return ""
        text = self._path.text().strip()
        if not text or "\0" in text:
            return (
                tr("Choose a folder of pictures.")
                if self.kind is SourceKind.FILES
                else tr("Choose a picture.")
            )
        return "" if is_there(expanded(text)) else tr("There is no {text}.", text=text)

    def _numbers(self) -> range:
        span, index = self._controller.marked_range, self._controller.index
        if span is not None:
            return range(span.start, span.stop)
        return range(0 if index is None else len(index))

    def _lay_out(self) -> None:
        size = QWidget(self)
        row = QHBoxLayout(size)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self._width, 1)
        row.addWidget(QLabel("×", size))
        row.addWidget(self._height, 1)
        place = QWidget(self)
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self._path, 1)
        row.addWidget(self._browse)
        fields = QWidget(self)
        self._form = make_form(fields)
        self._rows: dict[QWidget, frozenset[SourceKind]] = {}
        pattern, picture = SourceKind.PATTERN, SourceKind.PICTURE
        for text, widget, kinds in (
            (tr("Pictures from"), self._kind, frozenset(SourceKind)),
            (tr("Pattern"), self._pattern, frozenset({pattern})),
            (tr("Size"), size, frozenset({pattern})),
            (tr("Location"), place, frozenset({picture, SourceKind.FILES})),
            (tr("Frames"), self._count, frozenset({pattern, picture})),
        ):
            self._form.addRow(label_for(text, fields, widget), widget)
            self._rows[widget] = kinds
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(fields)
        column.addWidget(self._words)

    @Slot()
    def _on_changed(self) -> None:
        for widget, kinds in self._rows.items():
            self._form.setRowVisible(widget, self.kind in kinds)
        self._words.setText(self._say())
        self.changed.emit()

    def _say(self) -> str:
        if self.kind is SourceKind.PATTERN:
            return _PATTERNS[Pattern(self._pattern.currentData())][1]
        if self.kind is SourceKind.VIDEO and not self.problem:
            numbers = self._numbers()
            span = tr("the in–out range") if self._controller.marked_range else tr("the whole video")
            return tr(
                "Frames {start} to {stop}, {span}. Limited by the in and out points.",
                start=numbers.start,
                stop=numbers.stop - 1,
                span=span,
            )
        if self.kind is SourceKind.FILES:
            return tr("In natural order: frame9 before frame10.")
        return ""

    @Slot()
    def _on_browse_clicked(self) -> None:
        if self.kind is SourceKind.FILES:
            chosen = QFileDialog.getExistingDirectory(self, tr("Folder of pictures"), self._path.text())
        else:
            endings = " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES))
            chosen, _ = QFileDialog.getOpenFileName(
                self, tr("Picture"), self._path.text(), tr("Pictures ({endings})", endings=endings)
            )
        if chosen:
            self._path.setText(chosen)
