"""The contact sheet dialog: settings on the left, preview on the right."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from framescope.core.contact_sheet.layout import MOST_COLUMNS, WIDTHS, SheetFormat, SheetSettings
from framescope.core.contact_sheet.sheet import sheet_paths
from framescope.core.export.name_pattern import source_stem
from framescope.core.folders import expanded, offered_folder
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.session.state import NO_CHOICE, FrameChoice
from framescope.ui.export.frames.guide import viewpoint_of
from framescope.ui.sheet.drawing import SheetDraft, SheetDrawing, draw_first_page, save_sheet
from framescope.ui.widgets.open_outside import open_outside
from framescope.ui.widgets.roles import check_box, inset_text, named_combo, named_line
from framescope.ui.widgets.save_target import ask_to_replace, browse_target, settled
from framescope.ui.widgets.tasks import BackgroundTask, LatestTask
from framescope.ui.widgets.theme import SPACE, set_role
from framescope.ui.widgets.work_dialog import FooterDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QHideEvent, QShowEvent
    from PySide6.QtWidgets import QAbstractSpinBox

    from framescope.core.contact_sheet.sheet import SheetResult
    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, Progress, ProgressCallback
    from framescope.core.sampling.content import ContentMeasures
    from framescope.session.controller import Controller
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource

_WORDS = {
    SamplingKind.SPREAD: tr("Evenly spaced"),
    SamplingKind.EVERY_SECONDS: tr("Every N seconds"),
    SamplingKind.KEYFRAMES: tr("Keyframes"),
    SamplingKind.SCENES: tr("One per scene"),
    SamplingKind.REPRESENTATIVE: tr("Representative frames"),
    SamplingKind.MARKED: tr("Marked frames"),
}
_COUNTED = (SamplingKind.SPREAD, SamplingKind.REPRESENTATIVE)
_MOST_FRAMES = 2000


class SheetOptions(QWidget):
    """Fields for the frame selection and the layout. Threads: GUI."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sheetOptions")
        self._kind = named_combo(self, "sheetKind", tr("Which frames"), _WORDS)
        self._count = self._spin("sheetCount", tr("Number of frames"), (1, _MOST_FRAMES), Sampling().count)
        self._seconds = QDoubleSpinBox(self)
        self._seconds.setObjectName("sheetSeconds")
        self._seconds.setAccessibleName(tr("Seconds between frames"))
        self._seconds.setRange(0.05, 36_000)
        self._seconds.setDecimals(2)
        self._seconds.setSuffix(" s")
        self._seconds.setValue(5.0)
        inset_text(self._seconds)
        self._only = check_box(self, "sheetOnlyInOut", tr("Only between in and out"))
        defaults = SheetSettings()
        self._columns = self._spin("sheetColumns", tr("Columns"), (1, MOST_COLUMNS), defaults.columns)
        self._width = self._spin("sheetWidth", tr("Width of the sheet in pixels"), WIDTHS, defaults.width_px)
        self._width.setSuffix(tr(" px"))
        self._width.setSingleStep(100)
        self._header = check_box(self, "sheetHeader", tr("File information at the top"))
        self._captions = check_box(self, "sheetCaptions", tr("Frame number and time below"))
        self._dark = check_box(self, "sheetDark", tr("Dark background"))
        for box in (self._header, self._captions):
            box.setChecked(True)
        self._count_label, self._seconds_label = self._label(tr("Number")), self._label(tr("Every"))
        self._lay_out()
        self._kind.currentIndexChanged.connect(self._on_edited)
        for spin in (self._count, self._columns, self._width, self._seconds):
            spin.setKeyboardTracking(False)
        for whole in (self._count, self._columns, self._width):
            whole.valueChanged.connect(self._on_edited)
        self._seconds.valueChanged.connect(self._on_edited)
        for box in (self._only, self._header, self._captions, self._dark):
            box.toggled.connect(self._on_edited)
        self._show_fields()

    @property
    def sampling(self) -> Sampling:
        """The chosen frame selection."""
        kind = SamplingKind(self._kind.currentData())
        count = self._count.value()
        return Sampling(
            kind,
            count=count,
            representatives=count,
            interval_s=self._seconds.value(),
            only_in_out=self._only.isChecked() and kind.spans_the_video,
        )

    def settings(self, *, rotate: bool) -> SheetSettings:
        """The chosen layout."""
        return SheetSettings(
            columns=self._columns.value(),
            width_px=self._width.value(),
            header=self._header.isChecked(),
            captions=self._captions.isChecked(),
            dark=self._dark.isChecked(),
            rotate=rotate,
        )

    def _show_fields(self) -> None:
        kind = self.sampling.kind
        for widget in (self._count, self._count_label):
            widget.setVisible(kind in _COUNTED)
        for other in (self._seconds, self._seconds_label):
            other.setVisible(kind is SamplingKind.EVERY_SECONDS)
        self._only.setEnabled(kind.spans_the_video)

    def _spin(self, name: str, accessible: str, limits: tuple[int, int], value: int) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setObjectName(name)
        spin.setAccessibleName(accessible)
        spin.setRange(*limits)
        spin.setValue(value)
        inset_text(spin)
        return spin

    def _label(self, text: str, role: str = "muted") -> QLabel:
        label = QLabel(text, self)
        set_role(label, role)
        return label

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(SPACE)
        grid.setColumnMinimumWidth(0, 72)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._label(tr("Frames"), "heading"), 0, 0, 1, 2)
        grid.addWidget(self._kind, 1, 0, 1, 2)
        rows: tuple[tuple[QLabel, QAbstractSpinBox], ...] = (
            (self._count_label, self._count),
            (self._seconds_label, self._seconds),
        )
        for row, (label, field) in enumerate(rows, 2):
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self._only, 4, 0, 1, 2)
        grid.setRowMinimumHeight(5, SPACE)
        grid.addWidget(self._label(tr("Sheet"), "heading"), 6, 0, 1, 2)
        grid.addWidget(self._label(tr("Columns")), 7, 0)
        grid.addWidget(self._columns, 7, 1)
        grid.addWidget(self._label(tr("Width")), 8, 0)
        grid.addWidget(self._width, 8, 1)
        for row, box in enumerate((self._header, self._captions, self._dark), 9):
            grid.addWidget(box, row, 0, 1, 2)
        grid.setRowStretch(12, 1)

    @Slot()
    def _on_edited(self) -> None:
        self._show_fields()
        self.changed.emit()


_OPTIONS_WIDTH = 236
_DRAWING_DELAY_MS = 150


class SheetDialog(FooterDialog):
    """Makes contact sheets. Modeless. Threads: GUI."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__("sheet", tr("Contact sheet"), parent)
        self._controller = controller
        self._theme = theme
        self._settings = settings
        self._content: tuple[str, ContentMeasures] | None = None
        self._drawing: SheetDrawing | None = None
        self._result: SheetResult | None = None
        self._is_named_by_hand = False
        self.asks_to_replace: Callable[[Path], bool] = partial(ask_to_replace, self)
        self.options = SheetOptions(self)
        self.options.setFixedWidth(_OPTIONS_WIDTH)
        self._sheet = QLabel(self)
        self._sheet.setObjectName("sheetPreview")
        self._sheet.setAccessibleName(tr("The first page"))
        self._sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(self._sheet)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().installEventFilter(self)
        self._facts = QLabel(self)
        self._facts.setObjectName("sheetFacts")
        set_role(self._facts, "muted")
        self._path = named_line(self, "sheetPath", tr("File to write, .png or .pdf"))
        self._browse = self._button(tr("Browse…"), "sheetBrowse", self._on_browse_clicked)
        self._open = self._button(tr("Open it"), "sheetOpen", self._on_open_clicked)
        self._close = self._button(tr("Close"), "sheetClose", self.reject)
        self._save = self._button(tr("Save sheet"), "sheetSave", self._on_save_clicked)
        self._save.setDefault(True)
        self._open.hide()
        self._drawings = LatestTask(controller, tr("Drawing the contact sheet"), _DRAWING_DELAY_MS, self)
        self._saving = BackgroundTask(controller, self)
        self._lay_out()
        self._connect()
        self.resize(1080, 680)

    @property
    def draft(self) -> SheetDraft | None:
        """The current choices; None until the index is complete."""
        info, index = self._controller.info, self._controller.index
        if info is None or index is None or not index.complete:
            return None
        known = self._content
        return SheetDraft(
            info=info,
            index=index,
            viewpoint=viewpoint_of(self._controller),
            sampling=self.options.sampling,
            settings=self.options.settings(rotate=self._controller.view.is_rotated),
            path=expanded(self._path.text().strip()),
            content=known[1] if known is not None and known[0] == info.source else None,
        )

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being rendered or saved."""
        return self._drawings.is_idle and not self._saving.is_running

    def refresh(self) -> None:
        """Render the first page again."""
        if not self.isVisible():
            return
        self._suggest_path()
        draft = self.draft
        self._save.setEnabled(draft is not None and not self._saving.is_running)
        if draft is None:
            self._drawings.forget()
            self._drawing = None
            self._sheet.setPixmap(QPixmap())
            self._say(tr("Open a video.") if self._controller.info is None else "", "muted")
            return
        self._facts.setText(tr("Drawing…"))
        self._drawings.ask(partial(draw_first_page, draft))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Render only while visible."""
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop background work, and clear the timeline."""
        super().hideEvent(event)
        self._controller.show_choice(NO_CHOICE)
        self._drawings.forget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Scale the page to the available room."""
        if event.type() is QEvent.Type.Resize and watched is self._scroll.viewport():
            self._show_page()
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(SPACE)
        right.addWidget(self._scroll, 1)
        right.addWidget(self._facts)
        body = QHBoxLayout()
        body.setSpacing(2 * SPACE)
        body.addWidget(self.options)
        body.addLayout(right, 1)
        target = QHBoxLayout()
        target.setSpacing(SPACE)
        label = QLabel(tr("File"), self)
        set_role(label, "muted")
        for widget in (label, self._path, self._browse):
            target.addWidget(widget)
        column = self._column(SPACE + 4)
        column.addLayout(body, 1)
        column.addLayout(target)
        self._add_footer(column, self._note, self._open, self._close, self._save)

    def _connect(self) -> None:
        self.options.changed.connect(self._on_changed)
        self._path.textEdited.connect(self._on_path_edited)
        self._drawings.answered.connect(self._on_drawn)
        self._drawings.failed.connect(self._on_failed)
        self._drawings.progressed.connect(self._on_looking)
        self._saving.changed.connect(self._on_saving_changed)
        self._saving.finished.connect(self._on_saved)
        self._saving.failed.connect(self._on_save_failed)
        self._saving.cancelled.connect(self._on_save_cancelled)
        for signal in (
            self._controller.range_changed,
            self._controller.marks_changed,
            self._controller.index_updated,
            self._controller.view.rotation_changed,
        ):
            signal.connect(self._on_changed)
        self._controller.source_opened.connect(self._on_source_opened)

    def _suggest_path(self) -> None:
        info = self._controller.info
        if info is None or self._is_named_by_hand:
            return
        folder = self._settings.last_folder or str(offered_folder())
        self._path.setText(str(Path(folder) / f"{source_stem(info.source)}_sheet.png"))

    def _show_page(self) -> None:
        if self._drawing is None:
            return
        room = self._scroll.viewport().width()
        ratio = self.devicePixelRatioF()
        page = QPixmap.fromImage(self._drawing.image)
        width = min(round(room * ratio), page.width())
        page = page.scaledToWidth(max(width, 1), Qt.TransformationMode.SmoothTransformation)
        page.setDevicePixelRatio(ratio)
        self._sheet.setPixmap(page)

    # --- slots

    @Slot()
    def _on_changed(self) -> None:
        self._open.hide()
        self._say("", "muted")
        self.refresh()

    @Slot()
    def _on_source_opened(self) -> None:
        self._is_named_by_hand = False
        self._content = None
        self._on_changed()

    @Slot()
    def _on_path_edited(self) -> None:
        self._is_named_by_hand = bool(self._path.text().strip())
        self._on_changed()

    @Slot()
    def _on_browse_clicked(self) -> None:
        chosen, _ = browse_target(
            self,
            tr("Save the contact sheet as"),
            self._path.text(),
            [tr("Picture (*.png)"), tr("Pages (*.pdf)")],
        )
        if chosen is not None:
            self._is_named_by_hand = True
            self._settings.last_folder = str(chosen.parent)
            self._path.setText(str(chosen))
            self._on_changed()

    @Slot(object)
    def _on_drawn(self, drawing: SheetDrawing) -> None:
        self._drawing = drawing
        info = self._controller.info
        if info is not None and drawing.content is not None:
            self._content = (info.source, drawing.content)
        self._show_page()
        self._controller.show_choice(FrameChoice(drawing.frame_numbers, NO_CHOICE.scene_cuts))
        parts = [counted(drawing.frame_count, "frame", "frames")]
        if drawing.page_count > 1:
            parts.append(counted(drawing.page_count, "page", "pages"))
        if drawing.shown < drawing.frame_count:
            parts.append(tr("the first {shown} are shown", shown=drawing.shown))
        self._facts.setText("  ·  ".join(parts))

    @Slot(object)
    def _on_looking(self, progress: Progress) -> None:
        if progress.total:
            self._facts.setText(tr("Analysing frames: {done} %", done=100 * progress.done // progress.total))

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._drawing = None
        self._controller.show_choice(NO_CHOICE)
        self._sheet.setPixmap(QPixmap())
        self._facts.setText("")
        self._save.setEnabled(False)
        self._say(error.in_full, "error")

    @Slot()
    def _on_save_clicked(self) -> None:
        draft = self.draft
        if draft is None:
            return
        drawing = self._drawing
        pages = 1 if drawing is None or draft.sheet_format is SheetFormat.PDF else drawing.page_count
        paths = sheet_paths(draft.path, pages)
        target = settled(next(filter(os.path.lexists, paths), draft.path), self.asks_to_replace)
        if target is None:
            return

        def work(progress: ProgressCallback, cancel: CancelToken) -> SheetResult:
            return save_sheet(draft, progress, cancel, replaces=target.replaces)

        self._saving.start(tr("Saving the contact sheet"), work, origin=self.objectName())
        self._say(tr("Saving…"))

    @Slot()
    def _on_saving_changed(self) -> None:
        self._save.setEnabled(not self._saving.is_running)

    @Slot(object)
    def _on_saved(self, result: SheetResult) -> None:
        self._result = result
        self._say(result.summary, "warning" if result.missing or result.damaged else "success")
        self._open.show()

    @Slot(object)
    def _on_save_failed(self, error: FrameScopeError) -> None:
        self._say(error.in_full, "error")

    @Slot()
    def _on_save_cancelled(self) -> None:
        self._say(tr("Cancelled; nothing was written."), "muted")

    @Slot()
    def _on_open_clicked(self) -> None:
        if self._result is not None:
            open_outside(self._result.paths[0])
