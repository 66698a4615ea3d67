"""The codec panel: all facts of the video, with declared, measured and OpenCV's values side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from framescope.core.bitstream.encoding_facts import EncodingFacts, encoding_facts
from framescope.core.media.facts.measured import MeasuredFacts, measure
from framescope.core.translation import tr
from framescope.ui.panels.codec.fact_sheet import FactSheet, fact_sheet, fact_text, sheet_json, sheet_text
from framescope.ui.panels.fact_widgets import (
    MARGIN,
    ComparisonTable,
    FactRow,
    GroupWidget,
    PanelScroll,
    WarningList,
    empty_page,
    text_label,
)
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.roles import named_combo
from framescope.ui.widgets.tasks import SourceTask
from framescope.ui.widgets.theme import SPACE
from framescope.ui.widgets.turns import Turns

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.session.controller import Controller
    from framescope.ui.panels.codec.fact_groups import FactGroup
    from framescope.ui.widgets.theme import ThemeSource

_REFRESH_MS = 300
_EMPTY, _FACTS, _BLANK = range(3)
"""Pages of the panel."""


class CodecPanel(QWidget):
    """All facts of the video, grouped, and where sources contradict each other. Every row can be copied."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self._icons = IconSource(theme, self)
        self._sheet: FactSheet | None = None
        self._measured: tuple[FrameIndex, MeasuredFacts] | None = None
        self._encoding: EncodingFacts | None = None
        self._encoding_of: VideoInfo | None = None
        self.setObjectName("codecPanel")
        self.setAccessibleName(tr("Codec"))
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._refresh_soon)
        # Filling all groups at once would block the GUI.
        self._turns = Turns.of(controller)
        self._filled = 0
        self._reading = SourceTask(controller, self)
        self._reading.finished.connect(self._on_encoding_read)
        self._build()
        for signal in (controller.source_opened, controller.source_closed, controller.source_failed):
            signal.connect(self._on_source_changed)
        for signal in (controller.index_updated, controller.video.opencv_facts_found, controller.frame_shown):
            signal.connect(self._on_more_known)
        self._refresh()

    @property
    def sheet(self) -> FactSheet | None:
        """The facts shown; None without a video, and until the panel is first shown."""
        return self._sheet

    # --- building

    def _build(self) -> None:
        self._title = text_label(self, "title")
        self._title.setObjectName("codecTitle")
        self._subtitle = text_label(self, "muted")
        self._copy_all = self._icons.button(
            self, "copyAll", tr("Copy all facts"), "ph.copy", color="text_muted"
        )
        self._copy_all.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._copy_all)
        menu.addAction(tr("Copy all as text"), self.copy_as_text)
        menu.addAction(tr("Copy all as JSON"), self.copy_as_json)
        self._copy_all.setMenu(menu)
        self._streams = named_combo(self, "streamChooser", tr("Video stream"))
        self._streams.setMinimumContentsLength(6)
        self._streams.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._streams.activated.connect(self._on_stream_activated)
        self._table = ComparisonTable(self._theme, self)
        self._warnings = WarningList(self._theme, self)
        self._count = QPushButton(tr("Count by decoding"), self)
        self._count.setObjectName("countByDecoding")
        self._count.setToolTip(tr("Decode the whole video once, so that counts do not rely on packets alone"))
        self._count.clicked.connect(self._controller.verify_numbering)
        self._groups: list[GroupWidget] = []
        # By title; as someone left them, also for the next video.
        self._opened: dict[str, bool] = {}
        self._stack = QStackedLayout(self)
        self._stack.addWidget(
            empty_page(self, tr("Open a video to compare what the file declares with what was measured."))
        )
        self._stack.addWidget(self._make_scroll())
        self._stack.addWidget(QWidget(self))
        self._copy_row = QToolButton(self._content)
        self._copy_row.setObjectName("copyRow")
        self._copy_row.setAccessibleName(tr("Copy this fact"))
        self._copy_row.setToolTip(tr("Copy this fact"))
        self._copy_row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._copy_row.clicked.connect(self._on_copy_row_clicked)
        self._icons.bind(self._copy_row, "ph.copy", color="text_muted")
        self._copy_row.hide()
        self._hovered: FactRow | None = None

    def _make_scroll(self) -> PanelScroll:
        self._content = QWidget(self)
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(0, MARGIN, 0, MARGIN)
        self._column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, 0, MARGIN, 0)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        head.addLayout(words, 1)
        head.addWidget(self._copy_all, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(head)
        inset = QVBoxLayout()
        inset.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        inset.setSpacing(SPACE)
        inset.addWidget(self._streams)
        inset.addWidget(self._table)
        inset.addWidget(self._warnings)
        self._column.addLayout(inset)
        self._group_column = QVBoxLayout()
        self._group_column.setSpacing(0)
        self._column.addLayout(self._group_column)
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, SPACE, MARGIN, 0)
        foot.addWidget(self._count)
        foot.addStretch(1)
        self._column.addLayout(foot)
        self._column.addStretch(1)
        area = PanelScroll(self._content, (head, inset), self)
        area.setObjectName("codecScroll")
        area.setAccessibleName(tr("Facts of the video"))
        return area

    # --- showing

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Update after being hidden."""
        super().showEvent(event)
        self._refresh()

    @Slot()
    def _on_source_changed(self) -> None:
        self._measured = self._encoding = self._encoding_of = None
        self._timer.stop()
        if self._controller.info is not None:
            # Facts of the last video must not stay for as long as those of this one wait for their turn.
            self._stack.setCurrentIndex(_BLANK)
        self._refresh_soon()

    @Slot()
    def _on_more_known(self) -> None:
        # Indexing reports progress many times per second, faster than anyone can read.
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _refresh_soon(self) -> None:
        # Not in the same turn as what else is due just then, which may be the painting of the timeline.
        self._turns.do_soon(self._refresh)

    @Slot()
    def _refresh(self) -> None:
        info = self._controller.info
        if info is None:
            self._sheet = None
            self._stack.setCurrentIndex(_EMPTY)
            return
        index = self._controller.index
        self._read_encoding(info)
        sheet = fact_sheet(
            info,
            index,
            self._measure(index),
            self._controller.video.opencv_facts,
            self._decoded_size(),
            self._encoding,
        )
        self._show_streams(info)
        is_countable = index is not None and index.complete and index.basis.can_be_verified
        self._count.setVisible(is_countable)
        is_shown = self._stack.currentIndex() == _FACTS
        if is_shown and sheet == self._sheet:
            return
        self._sheet = sheet
        self._title.setText(sheet.title)
        self._subtitle.setText(sheet.subtitle)
        self._table.set_rows(sheet.compared)
        self._warnings.set_disagreements(sheet.disagreements)
        while len(self._groups) < len(sheet.groups):
            self._add_group()
        for widget in self._groups[len(sheet.groups) :]:
            widget.hide()
        if not is_shown:
            # The groups of another video follow one by one. The page keeps its height, and its place.
            self._content.setMinimumHeight(self._content.height())
            for widget in self._groups:
                widget.hide()
            self._stack.setCurrentIndex(_FACTS)
        self._filled = 0
        self._turns.do_soon(self._fill_group)

    @Slot()
    def _fill_group(self) -> None:
        if self._sheet is None:
            return
        if self._filled < len(self._sheet.groups):
            self._show_group(self._groups[self._filled], self._sheet.groups[self._filled])
            self._filled += 1
            self._turns.do_soon(self._fill_group)
        else:
            self._content.setMinimumHeight(0)

    def _show_group(self, widget: GroupWidget, group: FactGroup) -> None:
        widget.set_group(group, is_open=self._opened.get(group.title, not group.begins_closed))
        widget.show()

    @Slot(str, bool)
    def _on_group_toggled(self, title: str, is_open: bool) -> None:  # noqa: FBT001 - the signal's signature
        self._opened[title] = is_open

    def _add_group(self) -> None:
        group = GroupWidget(self._theme, self._content)
        group.toggled.connect(self._on_group_toggled)
        group.row_entered.connect(self._on_row_entered)
        group.menu_wanted.connect(self._on_menu_wanted)
        # Until it is filled it has no name.
        group.hide()
        self._group_column.addWidget(group)
        self._groups.append(group)

    def _read_encoding(self, info: VideoInfo) -> None:
        """Read the parameter sets, once the panel is looked at."""
        if self.isVisible() and self._encoding_of is not info:
            self._encoding_of = info
            self._reading.start(
                tr("Reading the parameter sets"),
                lambda _progress, cancel: encoding_facts(info, cancel=cancel),
                announce=False,
            )

    @Slot(object)
    def _on_encoding_read(self, facts: EncodingFacts) -> None:
        self._encoding = facts
        self._on_more_known()

    def _measure(self, index: FrameIndex | None) -> MeasuredFacts | None:
        if index is None:
            return None
        if self._measured is None or self._measured[0] is not index:
            self._measured = (index, measure(index))
        return self._measured[1]

    def _decoded_size(self) -> tuple[int, int] | None:
        shown = self._controller.shown
        if shown is None or shown.frame is None:
            return None
        return shown.frame.picture.width, shown.frame.picture.height

    def _show_streams(self, info: VideoInfo) -> None:
        wanted = [(choice.label, choice.stream_index) for choice in info.video_streams]
        box = self._streams
        if [(box.itemText(place), box.itemData(place)) for place in range(box.count())] != wanted:
            box.clear()
            for label, stream_index in wanted:
                box.addItem(label, stream_index)
        box.setCurrentIndex(box.findData(info.stream_index))
        box.setVisible(len(wanted) > 1)

    @Slot(int)
    def _on_stream_activated(self, place: int) -> None:
        source, info = self._controller.source, self._controller.info
        wanted = self._streams.itemData(place)
        if source is not None and info is not None and wanted != info.stream_index:
            self._controller.open_source(source, stream_index=wanted)

    # --- copying

    @Slot()
    def copy_as_text(self) -> None:
        """Copy all facts as text."""
        if self._sheet is not None:
            QGuiApplication.clipboard().setText(sheet_text(self._sheet))

    @Slot()
    def copy_as_json(self) -> None:
        """Copy all facts as JSON."""
        info = self._controller.info
        if self._sheet is not None and info is not None:
            measured = None if self._measured is None else self._measured[1]
            text = sheet_json(
                info, measured, self._controller.video.opencv_facts, self._sheet, self._encoding
            )
            QGuiApplication.clipboard().setText(text)

    @Slot(object)
    def _on_row_entered(self, row: FactRow) -> None:
        self._hovered = row
        size = self._copy_row.sizeHint()
        corner = row.mapTo(self._content, QPoint(row.width() - size.width() - 2, 0))
        self._copy_row.setGeometry(corner.x(), corner.y(), size.width(), min(size.height(), row.height()))
        self._copy_row.show()
        self._copy_row.raise_()

    @Slot()
    def _on_copy_row_clicked(self) -> None:
        if self._hovered is not None and self._hovered.fact is not None:
            QGuiApplication.clipboard().setText(self._hovered.fact.value)
            below = self._copy_row.mapToGlobal(QPoint(0, self._copy_row.height()))
            QToolTip.showText(below, tr("Copied"), self._copy_row)

    @Slot(object, object)
    def _on_menu_wanted(self, row: FactRow, place: QPoint) -> None:
        if row.fact is not None:
            menu = self.row_menu(row)
            menu.popup(place)

    def row_menu(self, row: FactRow) -> QMenu:
        """The context menu of a row."""
        fact = row.fact
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if fact is not None:
            clipboard = QGuiApplication.clipboard()
            menu.addAction(tr("Copy “{fact}”", fact=fact.value), lambda: clipboard.setText(fact.value))
            menu.addAction(tr("Copy the row"), lambda: clipboard.setText(fact_text(fact)))
            menu.addSeparator()
        menu.addAction(tr("Copy all as text"), self.copy_as_text)
        menu.addAction(tr("Copy all as JSON"), self.copy_as_json)
        return menu
