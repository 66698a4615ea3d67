"""Keeps the reference structure around the current frame, read in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.bitstream.references.reading import gop_packets, has_references, read_references
from framescope.core.translation import tr
from framescope.ui.widgets.tasks import LatestTask

if TYPE_CHECKING:
    from framescope.core.bitstream.references.pictures import ReferenceGraph
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller

_DELAY_MS = 150
"""FFmpeg is started for each GOP, which a drag along the timeline need not do for all of them."""
_MOST_KEPT = 8


class ReferenceSource(QObject):
    """The references of the GOP of the current frame. Threads: GUI."""

    changed = Signal()
    """The graph of the frame asked for last has arrived."""

    def __init__(self, controller: Controller, parent: QObject) -> None:
        super().__init__(parent)
        self._controller = controller
        self._graphs: list[ReferenceGraph] = []
        self._asked: range | None = None
        self._task = LatestTask(controller, tr("Reading references"), _DELAY_MS, self)
        self._task.answered.connect(self._on_answered)
        controller.source_opened.connect(self._forget)
        controller.source_closed.connect(self._forget)

    @property
    def is_possible(self) -> bool:
        """Whether references can be read from the open video."""
        info = self._controller.info
        return info is not None and info.has_packets and has_references(info.codec)

    def graph_of(self, frame_number: int) -> ReferenceGraph | None:
        """The graph that contains a frame; if it is not there yet, it is requested."""
        info, index = self._controller.info, self._controller.index
        if info is None or index is None or not self.is_possible or frame_number >= len(index):
            return None
        found = next((graph for graph in self._graphs if frame_number in graph), None)
        if found is not None:
            return found
        packets = gop_packets(index, frame_number)
        # The last GOP of a list that grows is read again when it has grown.
        if packets != self._asked:
            self._asked = packets

            def read(progress: ProgressCallback, cancel: CancelToken) -> ReferenceGraph:
                return read_references(info, index, frame_number, progress=progress, cancel=cancel)

            self._task.ask(read)
        return None

    @Slot(object)
    def _on_answered(self, graph: ReferenceGraph) -> None:
        self._graphs = [graph, *self._graphs][:_MOST_KEPT]
        self.changed.emit()

    @Slot()
    def _forget(self) -> None:
        self._task.forget()
        self._graphs.clear()
        self._asked = None
