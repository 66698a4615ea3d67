"""The stream panel: packets in decode order, the units of the chosen one, and their bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from framescope.core.bitstream.packets import PacketReader, frames_of_packet, packet_facts
from framescope.core.bitstream.syntax import PacketSyntax, has_syntax, read_header_syntax, read_packet_syntax
from framescope.core.bitstream.units import has_units
from framescope.core.media.index import NO_PTS
from framescope.core.text import grouped, size_words
from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import MARGIN, empty_page, text_label
from framescope.ui.panels.row_table import row_table
from framescope.ui.panels.stream.hex_view import HexView
from framescope.ui.panels.stream.model import BLOCK, COLUMNS, PacketModel
from framescope.ui.panels.stream.rate_bar import RateBar
from framescope.ui.panels.stream.unit_tree import UnitTree
from framescope.ui.widgets.elided_label import ElidedLabel
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.icons import IconSource
from framescope.ui.widgets.tasks import LatestTask
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent

    from framescope.core.bitstream.packets import PacketFacts
    from framescope.core.errors import FrameScopeError
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.session.controller import Controller
    from framescope.ui.widgets.tasks import StreamWork
    from framescope.ui.widgets.theme import ThemeSource

_ROW_HEIGHT = 22
_HEAD_PIXELS = 11
_CELL_ROOM = 14
_REFRESH_MS = 60
_BLOCK_MS = 80
_UNITS_MS = 150
"""Delay before a packet is read: FFmpeg is started for each, which a held key need not do for every frame."""
_SHARES = (4, 6, 2)
"""How the parts divide the height: packets, units, bytes."""
_LEAST_HEIGHT = 56
_ROOM_FOR_BYTES = 300
_EMPTY, _WITHOUT, _CONTENT = range(3)
_HEADER = -1
"""In place of a packet number: the header of the stream."""


class StreamPanel(QWidget):
    """Packets, units and bytes; the packet of the current frame is the current row. Threads: GUI."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self._icons = IconSource(theme, self)
        self._model = PacketModel(self)
        self._packet: PacketSyntax | None = None
        self._wanted: int | None = None
        self._asked: tuple[FrameIndex, int] | None = None
        """The block that is being read, if there is one, and the index that it is counted by."""
        self._followed = -1
        self._is_following = False
        self._fitted: tuple[int, ...] = ()
        self.setObjectName("streamPanel")
        self.setAccessibleName(tr("Stream"))
        self._reading = LatestTask(controller, tr("Reading packets"), _BLOCK_MS, self)
        self._parsing = LatestTask(controller, tr("Reading a packet"), _UNITS_MS, self)
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._build()
        self._timer.timeout.connect(self._refresh)
        self._reading.answered.connect(self._on_block_read)
        self._reading.failed.connect(self._on_block_failed)
        self._parsing.answered.connect(self._on_packet_read)
        self._parsing.failed.connect(self._on_failed)
        self._model.block_wanted.connect(self._on_block_wanted)
        for signal in (
            controller.source_opened,
            controller.source_closed,
            controller.index_updated,
            controller.position_changed,
            controller.playback.speed_changed,
        ):
            signal.connect(self._on_something_changed)
        self._refresh()

    # --- building

    def _build(self) -> None:
        self._view = self._make_view()
        self._title = QLabel(self)
        self._title.setObjectName("streamTitle")
        self._title.setFont(sized(self._title.font(), 13, bold=True))
        self._facts = ElidedLabel(self)
        self._facts.setObjectName("streamFacts")
        self._facts.setProperty("role", "muted")
        self._facts.setFont(sized(self._facts.font(), _HEAD_PIXELS))
        self._header = self._icons.button(
            self,
            "streamHeader",
            tr("Header of the stream, with the parameter sets in the container"),
            "ph.brackets-curly",
        )
        self._header.setCheckable(True)
        self._header.toggled.connect(self._on_header_toggled)
        self._problem = text_label(self, "muted", pixels=_HEAD_PIXELS)
        self._problem.setObjectName("streamProblem")
        self._units = UnitTree(self)
        self._units.place_chosen.connect(self._on_place_chosen)
        self._bytes = HexView(self._theme, self)
        title = QHBoxLayout()
        title.setSpacing(SPACE)
        title.addWidget(self._title)
        title.addWidget(self._facts, 1)
        title.addWidget(self._header)
        head = QVBoxLayout()
        head.setContentsMargins(MARGIN, SPACE // 2, SPACE // 2, 2)
        head.setSpacing(2)
        head.addLayout(title)
        head.addWidget(self._problem)
        lower = QWidget(self)
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._units, 1)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.setObjectName("streamParts")
        splitter.setChildrenCollapsible(False)
        for number, widget in enumerate((self._view, lower, self._bytes)):
            splitter.addWidget(widget)
            splitter.setStretchFactor(number, _SHARES[number])
            widget.setMinimumHeight(_LEAST_HEIGHT)
        splitter.setSizes([100 * share for share in _SHARES])
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty_page(self, tr("The packets of a video are listed here.")))
        self._stack.addWidget(
            empty_page(self, tr("This source is not a single file: it has no packets of its own."))
        )
        self._rates = RateBar(self._controller, self._icons, self)
        content = QWidget(self)
        whole = QVBoxLayout(content)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._rates)
        whole.addWidget(splitter, 1)
        self._stack.addWidget(content)

    def _make_view(self) -> QTableView:
        view = row_table(self, self._model, _ROW_HEIGHT)
        view.setObjectName("streamPackets")
        view.setAccessibleName(tr("Packets in decode order"))
        view.selectionModel().currentRowChanged.connect(self._on_row_chosen)
        return view

    # --- showing

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Update after being hidden."""
        super().showEvent(event)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave the bytes out where there is no room for all three parts."""
        super().resizeEvent(event)
        self._bytes.setVisible(self.height() >= _ROOM_FOR_BYTES)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Read nothing that nobody sees."""
        super().hideEvent(event)
        self._forget_work()

    @Slot()
    def _on_something_changed(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _refresh(self) -> None:
        info, index = self._controller.info, self._controller.index
        if index is not self._model.index_shown:
            before = self._model.index_shown
            if before is None or index is None or not index.extends(before):
                self._forget_packet()
            self._is_following = True
            self._model.set_index(index if info is not None and info.has_packets else None)
            self._is_following = False
        if info is None or index is None or not len(index):
            self._stack.setCurrentIndex(_EMPTY)
            return
        self._stack.setCurrentIndex(_CONTENT if info.has_packets else _WITHOUT)
        if info.has_packets:
            self._fit_columns(index)
            self._follow(index)
            if self.isVisible():
                self._rates.refresh()

    def _forget_work(self) -> None:
        self._reading.forget()
        self._parsing.forget()
        self._asked = self._wanted = None

    def _forget_packet(self) -> None:
        self._forget_work()
        self._followed = -1
        self._header.setChecked(False)
        self._show_packet(None)

    def _fit_columns(self, index: FrameIndex) -> None:
        """Make the columns as wide as their longest numbers."""
        digits = (
            len(index.packet_sizes),
            len(index),
            *(_highest(column) for column in (index.pts, index.dts)),
        )
        if digits == self._fitted:
            return
        self._fitted = digits
        packets, frames, pts, dts = (grouped(10 ** len(str(number)) * 8 // 9) for number in digits)
        size = index.packet_sizes.sum(dtype="int64")
        position = grouped(10 ** len(str(size)) * 8 // 9)
        widest = (packets, frames, "WWW", "888.8 kB", pts, dts, "88,888", position)
        cells, heads = self._view.fontMetrics(), self._view.horizontalHeader().fontMetrics()
        for column, text in enumerate(widest):
            room = max(cells.horizontalAdvance(text), heads.horizontalAdvance(COLUMNS[column][0]))
            self._view.setColumnWidth(column, room + _CELL_ROOM)

    def _follow(self, index: FrameIndex) -> None:
        """Choose the packet of the current frame, unless it was followed already."""
        position = self._controller.position
        if position != self._followed and 0 <= position < len(index):
            self._followed = position
            self._is_following = True
            self._view.setCurrentIndex(self._model.index(int(index.packet_numbers[position]), 0))
            self._is_following = False
            self._header.setChecked(False)
        self._read_chosen()

    # --- reading

    def _read_chosen(self) -> None:
        """Read the chosen packet or the header; not while playing, which would start FFmpeg all the time."""
        info, index, current = self._controller.info, self._controller.index, self._view.currentIndex()
        if info is None or index is None or not self.isVisible() or self._controller.playback.speed:
            return
        wanted = _HEADER if self._header.isChecked() else current.row()
        if wanted == self._wanted or (wanted != _HEADER and not current.isValid()):
            return
        self._wanted = wanted
        self._parsing.ask_stream(_reading_of(info, index, wanted))

    @Slot(int)
    def _on_block_wanted(self, block: int) -> None:
        info, index = self._controller.info, self._controller.index
        if info is None or index is None or index is not self._model.index_shown:
            return
        # Every repaint asks. What is read for rows in view is read to its end, and shown by a repaint.
        if self._asked is not None and self._asked[0] is index and self._is_in_view(self._asked[1]):
            return

        def work(
            _progress: ProgressCallback, cancel: CancelToken
        ) -> tuple[FrameIndex, int, list[PacketFacts]]:
            return index, block, _read_block(info, index, block, cancel)

        self._asked = (index, block)
        self._reading.ask(work)

    def _is_in_view(self, block: int) -> bool:
        first, last = self._view.rowAt(0), self._view.rowAt(self._view.viewport().height() - 1)
        return first // BLOCK <= block and (last < 0 or block <= last // BLOCK)

    @Slot(object)
    def _on_block_read(self, answer: tuple[FrameIndex, int, list[PacketFacts]]) -> None:
        index, block, facts = answer
        self._end_block(index, block, facts)

    @Slot(object)
    def _on_block_failed(self, error: FrameScopeError) -> None:
        if self._asked is not None:
            # As a block without facts: asked for again with every repaint, it would be read again and again.
            self._end_block(*self._asked, ())
        self._say(error.in_full)

    def _end_block(self, index: FrameIndex, block: int, facts: Sequence[PacketFacts]) -> None:
        self._asked = None
        if index is self._model.index_shown:
            self._model.add_facts(block, facts)
        else:
            # The index grew meanwhile: a repaint asks for the block again.
            self._view.viewport().update()

    @Slot(object)
    def _on_packet_read(self, packet: PacketSyntax) -> None:
        self._show_packet(packet)

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self._show_packet(None)
        self._say(error.in_full)

    # --- the chosen packet

    def _show_packet(self, packet: PacketSyntax | None) -> None:
        self._packet = packet
        self._title.setText("" if packet is None else _title(packet))
        self._facts.set_whole_text("" if packet is None else _facts_words(packet))
        info = self._controller.info
        self._say("" if packet is None or info is None else _problem(packet, info))
        self._bytes.show_bytes(b"" if packet is None else packet.data, 0, range(0))
        self._units.show_packet(packet)
        self._units.setVisible(packet is None or bool(packet.units))

    def _say(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    @Slot(int, int, int, int)
    def _on_place_chosen(self, unit_start: int, unit_stop: int, start: int, stop: int) -> None:
        if self._packet is not None:
            data = self._packet.data[unit_start:unit_stop]
            self._bytes.show_bytes(data, unit_start, range(start, stop))

    @Slot(bool)
    def _on_header_toggled(self) -> None:
        self._read_chosen()

    @Slot(QModelIndex, QModelIndex)
    def _on_row_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        index = self._model.index_shown
        if self._is_following or index is None or not current.isValid():
            return
        self._header.setChecked(False)
        frames = frames_of_packet(index, current.row())
        if frames:
            self._followed = frames[0]
            if frames[0] != self._controller.position:
                self._controller.show_frame(frames[0])
        self._read_chosen()


def _reading_of(info: VideoInfo, index: FrameIndex, wanted: int) -> StreamWork:
    def work(progress: ProgressCallback, cancel: CancelToken) -> Iterator[PacketSyntax]:
        if wanted == _HEADER:
            return read_header_syntax(info, index, cancel=cancel)
        return read_packet_syntax(info, index, wanted, progress=progress, cancel=cancel)

    return work


def _highest(times: NDArray[np.int64]) -> int:
    known = times[times != NO_PTS]
    return int(np.abs(known).max()) if len(known) else 0


def _read_block(info: VideoInfo, index: FrameIndex, block: int, cancel: CancelToken) -> list[PacketFacts]:
    first = block * BLOCK
    stop = min(first + BLOCK, len(index.packet_sizes))
    found: list[PacketFacts] = []
    with PacketReader(info, index) as reader:
        for number, packet in reader.from_entry(first, cancel=cancel):
            if number >= first:
                found.append(packet_facts(packet, number, index))
            if number + 1 >= stop:
                break
    return found


def _title(packet: PacketSyntax) -> str:
    if packet.facts is None:
        return tr("Header of the stream")
    return tr("Packet {number}", number=grouped(packet.facts.packet_number))


def _facts_words(packet: PacketSyntax) -> str:
    facts = packet.facts
    size = size_words(len(packet.data))
    if facts is None:
        return size
    frames = ", ".join(map(grouped, facts.frame_numbers))
    words = [tr("frame {numbers}", numbers=frames) if frames else tr("no frame"), size]
    if facts.position is not None:
        words.append(tr("at byte {position} of the file", position=grouped(facts.position)))
    return " · ".join([*words, *facts.flags])


def _problem(packet: PacketSyntax, info: VideoInfo) -> str:
    if not packet.data:
        return tr("The container stores no header for this stream.")
    if not has_units(info.codec):
        return tr("Packets of {codec} are not split into units.", codec=info.codec_meaning)
    if not has_syntax(info.codec):
        return tr("FFmpeg lists no fields for {codec}.", codec=info.codec_meaning)
    if not packet.is_whole:
        return tr("The rest of the packet cannot be split into units.")
    return "" if packet.has_fields else tr("Reading the fields…")
