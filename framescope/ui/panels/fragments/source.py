"""What the fragment panel shows of the open store: its manifest, and bits by run and tile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.fragments.account import bits_by_tile
from framescope.core.fragments.source import open_store
from framescope.core.model.stream_facts import FRAGMENT_CONTAINER
from framescope.core.translation import tr
from framescope.ui.widgets.tasks import SourceTask

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.fragments.geometry import Region
    from framescope.core.fragments.manifest import Manifest, PictureForm
    from framescope.session.controller import Controller


@dataclass(frozen=True, slots=True, eq=False)
class FragmentTables:
    """A store as the panel shows it.

    Attributes:
        source: The name it was opened by.
        path: Its folder or file.
        manifest: Its manifest.
        region: The region that is open; None for the whole picture.
        bits: int64 (runs, tiles), bits of each fragment; 0 where a run has fewer tiles.
        first_frames: int64, first frame number of each run.
    """

    source: str
    path: Path
    manifest: Manifest
    region: Region | None
    bits: NDArray[np.int64]
    first_frames: NDArray[np.int64]

    def form_at(self, frame_number: int) -> PictureForm | None:
        """How the picture is divided at a frame."""
        run = self.manifest.run_of(frame_number)
        return None if run is None else self.manifest.forms[run.form]

    def frame_bits(self, frame_number: int) -> list[int]:
        """Bits of each tile in one frame."""
        return bits_by_tile(self.manifest, frame_number)


def read_tables(source: str) -> FragmentTables:
    """Read a store's manifest and total the bits.

    Raises:
        OpenError: It cannot be opened.
    """
    store, region = open_store(source)
    with store:
        manifest = store.manifest
    tiles = max((len(run.fragments) for run in manifest.runs), default=0)
    bits = np.zeros((len(manifest.runs), tiles), np.int64)
    for number, run in enumerate(manifest.runs):
        bits[number, : len(run.fragments)] = [fragment.bits for fragment in run.fragments]
    firsts = np.array([run.first_frame for run in manifest.runs], np.int64)
    return FragmentTables(source, store.path, manifest, region, bits, firsts)


class FragmentSource(QObject):
    """Provides the tables of the open store. Threads: GUI."""

    changed = Signal()
    """``tables`` or ``error`` changed."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self.tables: FragmentTables | None = None
        self._task = SourceTask(controller)
        self._task.finished.connect(self._on_read)
        self._task.failed.connect(self.changed)
        self._task.forgotten.connect(self._on_source_changed)
        self._on_source_changed()

    @property
    def is_store(self) -> bool:
        """Whether a fragment store is open."""
        info = self._controller.info
        return info is not None and info.container == FRAGMENT_CONTAINER

    @property
    def error(self) -> str:
        """Why the manifest cannot be read; empty if it can."""
        return "" if self._task.error is None else self._task.error.message

    @Slot()
    def _on_source_changed(self) -> None:
        self.tables = None
        source = self._controller.source
        if self.is_store and source is not None:
            self._task.start(
                tr("Reading the manifest"), lambda _progress, _cancel: read_tables(source), announce=False
            )
        self.changed.emit()

    @Slot(object)
    def _on_read(self, tables: FragmentTables) -> None:
        self.tables = tables
        self.changed.emit()
