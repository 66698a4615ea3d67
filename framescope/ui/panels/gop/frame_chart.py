"""The frames of a GOP as a chart draws them, and what every such chart does with the pointer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from framescope.core.bitstream.references.words import leading_words
from framescope.core.model.frame import PictureType
from framescope.core.text import grouped, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QMouseEvent

    from framescope.core.bitstream.references.pictures import ReferenceGraph
    from framescope.core.media.gops import GopTable
    from framescope.core.media.index import FrameIndex
    from framescope.ui.widgets.theme import ThemeSource


@dataclass(frozen=True, slots=True)
class References:
    """What the headers of the frames' pictures say.

    Attributes:
        arrows: From a frame to one that refers to it, as places, and whether that is the current one.
        disposable: Places of frames that no other picture refers to.
        notes: By place, what a frame's picture is.
    """

    arrows: tuple[tuple[int, int, bool], ...]
    disposable: frozenset[int]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class GopFrames:
    """The frames of a GOP in presentation order.

    Attributes:
        numbers: Frame numbers.
        codes: Values of ``PictureType``.
        sizes: Compressed bytes.
        ranks: int64, the place of each one among them in decode order, from 0.
        decoded: Whether the frame is decoded in a jump to the current one.
        needed: Whether it must be: the same, where references are not known.
        present: Position of the current frame.
        is_cut: Whether some frames were left out for lack of room.
        references: None where they are not known.
    """

    numbers: NDArray[np.int64]
    codes: NDArray[np.uint8]
    sizes: NDArray[np.int32]
    ranks: NDArray[np.int64]
    decoded: NDArray[np.bool_]
    needed: NDArray[np.bool_]
    present: int
    is_cut: bool
    references: References | None = None


def gop_frames(table: GopTable, index: FrameIndex, frame_number: int, most: int) -> GopFrames:
    """The GOP of a frame and the frames decoded to reach it; at most the ``most`` nearest ones."""
    last = int(index.decode_positions[frame_number])
    first = last - int(table.decode_costs[frame_number]) + 1
    numbers = table.frames_from(first, table.gop_of(frame_number))
    present = int(np.searchsorted(numbers, frame_number))
    is_cut = len(numbers) > most
    if is_cut:
        start = min(max(present - most // 2, 0), len(numbers) - most)
        numbers, present = numbers[start : start + most], present - start
    positions = index.decode_positions[numbers]
    ranks = np.empty(len(positions), np.int64)
    ranks[np.argsort(positions, kind="stable")] = np.arange(len(positions))
    decoded = (positions >= first) & (positions <= last)
    return GopFrames(
        numbers=numbers,
        codes=np.minimum(index.picture_type_codes[numbers], 3),
        sizes=index.sizes_bytes[numbers],
        ranks=ranks,
        decoded=decoded,
        needed=decoded,
        present=present,
        is_cut=is_cut,
    )


def with_references(frames: GopFrames, graph: ReferenceGraph) -> GopFrames:
    """The same frames with what a graph that contains the current one says of them."""
    places = {number: place for place, number in enumerate(frames.numbers.tolist())}
    present = int(frames.numbers[frames.present])
    needs = graph.needs(present)
    needed = {present, *needs.frames}
    arrows: dict[tuple[int, int], bool] = {}
    disposable: set[int] = set()
    notes: list[str] = []
    for number, place in places.items():
        at = graph.places.get(number)
        if at is None:
            notes.append("")
            continue
        picture = graph.pictures[at]
        if picture.is_disposable:
            disposable.add(place)
        notes.append(_note(graph, number))
        if number in needed:
            sources = {each for one in picture.references for each in graph.pictures[one].frame_numbers}
            for source in sources & needed & places.keys():
                arrows[places[source], place] = place == frames.present
    return replace(
        frames,
        needed=np.isin(frames.numbers, list(needed)),
        references=References(
            tuple((source, target, is_own) for (source, target), is_own in arrows.items()),
            frozenset(disposable),
            tuple(notes),
        ),
    )


def _note(graph: ReferenceGraph, frame_number: int) -> str:
    picture = graph.pictures[graph.places[frame_number]]
    words = [picture.kind] if picture.kind else []
    if picture.temporal_id:
        words.append(tr("temporal layer {number}", number=picture.temporal_id))
    if picture.is_disposable:
        words.append(tr("no other picture refers to it"))
    leading = graph.leading(frame_number)
    lines = [", ".join(words)] if words else []
    return "\n".join([*lines, *([] if leading is None else [leading_words(leading)])])


class FrameChart(QWidget):
    """Draws the frames of a GOP; a click requests the frame. Threads: GUI.

    Subclasses draw, and say which frame is where.
    """

    frame_clicked = Signal(int)
    is_dragged = False
    """Whether frames are requested while the pointer is dragged over them."""

    def __init__(
        self, theme: ThemeSource, name: str, title: str, height: int, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._content: GopFrames | None = None
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(height)
        self.setMouseTracking(True)
        theme.changed.connect(self.update)

    @property
    def content(self) -> GopFrames | None:
        """The content drawn."""
        return self._content

    def set_content(self, content: GopFrames | None) -> None:
        """Draw other frames."""
        self._content = content
        self.update()

    def place_at(self, point: QPointF) -> int | None:
        """The position in presentation order of the frame at a point, or None."""
        raise NotImplementedError

    def frame_at(self, point: QPointF) -> int | None:
        """The number of the frame at a point, or None."""
        place = self.place_at(point)
        return None if place is None or self._content is None else int(self._content.numbers[place])

    def sizeHint(self) -> QSize:  # noqa: N802
        """Any width."""
        return QSize(200, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Request the frame."""
        number = self.frame_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self.frame_clicked.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Change the pointer over frames, and request them while dragging."""
        number = self.frame_at(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if number is None else Qt.CursorShape.PointingHandCursor)
        if self.is_dragged and event.buttons() & Qt.MouseButton.LeftButton and number is not None:
            self.frame_clicked.emit(number)

    def event(self, event: QEvent) -> bool:
        """Show the frame's details when the pointer rests on it."""
        if isinstance(event, QHelpEvent):
            place = self.place_at(QPointF(event.pos()))
            content = self._content
            words = "" if place is None or content is None else _words(content, place)
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)


def _words(content: GopFrames, place: int) -> str:
    if place == content.present:
        use = tr("the current frame")
    elif content.needed[place]:
        use = (
            tr("decoded to reach the current frame")
            if content.references is None
            else tr("needed for the current frame")
        )
    elif content.decoded[place]:
        use = tr("decoded on the way to the current frame, but not needed for it")
    else:
        use = tr("not needed for the current frame")
    words = tr(
        "Frame {number}, {letter}, {size}: {use}",
        number=grouped(int(content.numbers[place])),
        letter=PictureType(int(content.codes[place])).letter,
        size=size_words(int(content.sizes[place])),
        use=use,
    )
    note = "" if content.references is None else content.references.notes[place]
    return f"{words}\n{note}" if note else words
