"""The frame panel: the current frame, its position in its GOP, and its decoding cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedLayout, QVBoxLayout, QWidget

from framescope.core.media.gops import frames_to_decode
from framescope.core.media.index import NO_PTS, IndexBasis
from framescope.core.model.frame import PictureType
from framescope.core.text import clock, counted, grouped, size_words
from framescope.core.translation import tr
from framescope.ui.panels.codec.fact_groups import Fact, FactGroup
from framescope.ui.panels.codec.fact_sheet import fact_text
from framescope.ui.panels.fact_widgets import (
    MARGIN,
    FactRow,
    GroupWidget,
    PanelScroll,
    empty_page,
    text_label,
)
from framescope.ui.panels.gop.frame_chart import GopFrames, gop_frames
from framescope.ui.panels.gop.source import GopSource
from framescope.ui.panels.gop.strip import GopStrip
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE
from framescope.ui.widgets.type_chip import TypeChip

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from framescope.core.media.gops import GopTable
    from framescope.core.media.index import FrameIndex
    from framescope.session.controller import Controller
    from framescope.session.state import ShownFrame
    from framescope.ui.widgets.theme import ThemeSource

_MEANINGS = {
    PictureType.I: tr("intra: decodable on its own"),
    PictureType.P: tr("predicted from other pictures"),
    PictureType.B: tr("bidirectionally predicted"),
    PictureType.UNKNOWN: tr("unknown from the packets"),
}


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """The picture type of a frame, and its source."""

    picture_type: PictureType
    is_decoded: bool
    is_keyframe: bool


def type_facts(index: FrameIndex | None, shown: ShownFrame | None, frame_number: int) -> TypeFacts:
    """The decoder's picture type if the exact frame is decoded, else the index's."""
    frame = shown.frame if shown is not None else None
    if frame is not None and frame.frame_number == frame_number:
        return TypeFacts(frame.picture_type, is_decoded=True, is_keyframe=frame.is_keyframe)
    if index is None or frame_number >= len(index):
        return TypeFacts(PictureType.UNKNOWN, is_decoded=False, is_keyframe=False)
    code = min(int(index.picture_type_codes[frame_number]), 3)
    return TypeFacts(
        PictureType(code), index.picture_types_decoded and code > 0, bool(index.is_keyframe[frame_number])
    )


def frame_facts(
    index: FrameIndex, table: GopTable | None, shown: ShownFrame | None, frame_number: int
) -> tuple[Fact, ...]:
    """All facts of one frame of the index."""
    kind = type_facts(index, shown, frame_number)
    facts = [
        Fact(tr("Time"), _time(index, frame_number), tr("since the first frame")),
        _pts(index, frame_number),
        _type_fact(kind),
        _size(index, frame_number),
        _cost(index, table, frame_number),
    ]
    if table is not None and frame_number < table.frame_total:
        facts.append(_gop(table, frame_number))
    frame = shown.frame if shown is not None else None
    if frame is not None and frame.frame_number == frame_number:
        picture = frame.picture
        detail = tr("damaged, or depends on damage") if frame.is_damaged else picture.pixel_format
        facts.append(Fact(tr("Picture"), f"{picture.width}×{picture.height}", detail))
    return tuple(facts)


def _time(index: FrameIndex, frame_number: int) -> str:
    time_s = index.time_of(frame_number)
    return tr("not known") if math.isnan(time_s) else f"{clock(time_s, decimals=6)}"


def _pts(index: FrameIndex, frame_number: int) -> Fact:
    pts, dts = index.pts_of(frame_number), int(index.dts[frame_number])
    detail = f"× {index.time_base} s" if dts == NO_PTS else f"dts {grouped(dts)}, × {index.time_base} s"
    return Fact(tr("pts"), tr("none") if pts is None else grouped(pts), detail)


def _type_fact(kind: TypeFacts) -> Fact:
    how = tr("as decoded") if kind.is_decoded else tr("inferred from the packets")
    if kind.picture_type is PictureType.UNKNOWN:
        return Fact(tr("Type"), tr("not known yet"), _MEANINGS[PictureType.UNKNOWN])
    words = f"{kind.picture_type.letter}, {how}"
    return Fact(
        tr("Type"),
        tr("{words}; keyframe", words=words) if kind.is_keyframe else words,
        _MEANINGS[kind.picture_type],
    )


def _size(index: FrameIndex, frame_number: int) -> Fact:
    packet = int(index.packet_numbers[frame_number])
    size = int(index.sizes_bytes[frame_number])
    exact = f"{counted(size, 'byte', 'bytes')}, " if size >= 1000 else ""
    return Fact(
        tr("Size"), size_words(size), tr("{exact}packet {packet}", exact=exact, packet=grouped(packet))
    )


def _cost(index: FrameIndex, table: GopTable | None, frame_number: int) -> Fact:
    if table is not None and frame_number < table.frame_total:
        cost = int(table.decode_costs[frame_number])
    else:
        cost = frames_to_decode(index, frame_number)
    if cost == 1:
        return Fact(tr("To decode"), tr("this frame alone"))
    words = tr("from the nearest usable keyframe")
    if index.basis is IndexBasis.CONTAINER:
        words += tr("; according to the file’s tables")
    return Fact(tr("To decode"), counted(cost, "frame", "frames"), words)


def _gop(table: GopTable, frame_number: int) -> Fact:
    gop = table.gop_of(frame_number)
    keyframe, length = int(table.keyframes[gop]), int(table.frame_counts[gop])
    kind = "open" if table.is_open[gop] else "closed"
    if not table.has_keyframe[gop]:
        kind = tr("without a keyframe")
    value = tr("{gop} of {count}, {kind}", gop=grouped(gop + 1), count=grouped(len(table)), kind=kind)
    size = size_words(int(table.sizes_bytes[gop]))
    detail = tr(
        "keyframe {keyframe}; {frames}, {size}",
        keyframe=grouped(keyframe),
        frames=counted(length, "frame", "frames"),
        size=size,
    )
    return Fact("GOP", value, detail)


_NUMBER_PIXELS = 26
_REFRESH_MS = 30


class FramePanel(QWidget):
    """Number, time, pts, type, size, GOP and decoding cost of the current frame."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self._source = GopSource.of(controller)
        self.setObjectName("framePanel")
        self.setAccessibleName(tr("Frame"))
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self._build()
        for signal in (
            controller.source_opened,
            controller.source_closed,
            controller.source_failed,
            controller.index_updated,
            controller.position_changed,
            controller.frame_shown,
            self._source.changed,
        ):
            signal.connect(self._on_something_changed)
        self._refresh()

    @property
    def rows(self) -> dict[str, str]:
        """The facts shown, by label."""
        facts = [row.fact for row in self._facts.rows if not row.isHidden()]
        return {fact.label: fact.whole_text for fact in facts if fact is not None}

    # --- building

    def _build(self) -> None:
        content = QWidget(self)
        self._number = QLabel(content)
        self._number.setObjectName("frameNumber")
        self._number.setFont(sized(self._number.font(), _NUMBER_PIXELS, bold=True))
        self._chip = TypeChip(self._theme, content)
        self._keyframe = text_label(content)
        self._keyframe.setWordWrap(False)
        self._reason = text_label(content, "error")
        self._reason.setObjectName("unavailableReason")
        self._strip = GopStrip(self._theme, content)
        self._strip.frame_clicked.connect(self._controller.show_frame)
        self._legend = text_label(content, "faint", pixels=11)
        self._facts = GroupWidget(self._theme, content)
        self._facts.menu_wanted.connect(self._on_menu_wanted)
        head = QHBoxLayout()
        head.setSpacing(SPACE)
        head.addWidget(self._number)
        head.addWidget(self._chip)
        head.addWidget(self._keyframe)
        head.addStretch(1)
        inset = QVBoxLayout()
        inset.setContentsMargins(MARGIN, 0, MARGIN, 0)
        inset.setSpacing(SPACE - 2)
        inset.addLayout(head)
        inset.addWidget(self._reason)
        inset.addWidget(self._strip)
        inset.addWidget(self._legend)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, SPACE, 0, MARGIN)
        column.setSpacing(0)
        column.addLayout(inset)
        column.addSpacing(SPACE)
        column.addWidget(self._facts)
        column.addStretch(1)
        area = PanelScroll(content, (inset,), self)
        area.setObjectName("frameScroll")
        area.setAccessibleName(tr("Facts of the frame"))
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty_page(self, tr("Details of the current frame are shown here.")))
        self._stack.addWidget(area)

    # --- showing

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Update after being hidden."""
        super().showEvent(event)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fit as many frames into the strip as there is room for."""
        super().resizeEvent(event)
        self._on_something_changed()

    @Slot()
    def _on_something_changed(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _refresh(self) -> None:
        controller = self._controller
        if controller.info is None:
            self._stack.setCurrentIndex(0)
            return
        self._stack.setCurrentIndex(1)
        number, shown, index = controller.view.displayed_number, controller.shown, controller.index
        self._number.setText(grouped(number))
        present = shown if shown is not None and shown.frame_number == number else None
        kind = type_facts(index, present, number)
        self._chip.set_type(kind.picture_type, is_decoded=kind.is_decoded)
        self._chip.setVisible(kind.picture_type is not PictureType.UNKNOWN)
        self._keyframe.setText(tr("keyframe") if kind.is_keyframe else "")
        reason = present.unavailable_reason if present is not None else None
        self._reason.setText(reason or "")
        self._reason.setVisible(bool(reason))
        is_listed = index is not None and number < len(index)
        self._facts.setVisible(is_listed)
        if is_listed and index is not None:
            self._source.refresh()
            table = self._source.table
            self._facts.set_group(FactGroup("", frame_facts(index, table, present, number)))
        self._refresh_strip(number)

    def _refresh_strip(self, number: int) -> None:
        table, index = self._source.table, self._source.index
        is_known = table is not None and index is not None and number < table.frame_total
        self._strip.setVisible(is_known)
        self._legend.setVisible(is_known)
        if table is not None and index is not None and is_known:
            content = gop_frames(table, index, number, self._strip.capacity)
            self._strip.set_content(content)
            self._legend.setText(_legend_words(content))

    @Slot(object, object)
    def _on_menu_wanted(self, row: FactRow, place: QPoint) -> None:
        fact = row.fact
        if fact is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        clipboard = QGuiApplication.clipboard()
        menu.addAction(tr("Copy “{fact}”", fact=fact.value), lambda: clipboard.setText(fact.value))
        menu.addAction(tr("Copy the row"), lambda: clipboard.setText(fact_text(fact)))
        menu.addAction(tr("Copy all rows"), lambda: clipboard.setText(self._all_text()))
        menu.popup(place)

    def _all_text(self) -> str:
        lines = [
            tr("Frame: {displayed_number}", displayed_number=self._controller.view.displayed_number),
            *(f"{label}: {text}" for label, text in self.rows.items()),
        ]
        return "\n".join(lines) + "\n"


def _legend_words(content: GopFrames) -> str:
    words = tr("Highlighted frames must be decoded to reach this frame.")
    if content.is_cut:
        first, last = int(content.numbers[0]), int(content.numbers[-1])
        return tr(
            "{words} Frames {first} to {last} of a longer GOP.",
            words=words,
            first=grouped(first),
            last=grouped(last),
        )
    return words
