"""Opens one video after another: the one being opened, and those whose threads are still ending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.engine.source_engine import SourceEngine
from framescope.engine.stragglers import leave_behind

if TYPE_CHECKING:
    from PySide6.QtCore import QDeadlineTimer

    from framescope.core.errors import FrameScopeError
    from framescope.engine.backend import Backend
    from framescope.engine.jobs import JobRunner
    from framescope.engine.source_engine import Recall


class SourceSlot(QObject):
    """Holds a video until its header has been read, and again while it closes. Threads: GUI."""

    arrived = Signal()
    """The header of the latest source was read; `take` it."""
    failed = Signal(object)
    """FrameScopeError: the latest source cannot be opened."""

    def __init__(
        self,
        backend: Backend,
        runner: JobRunner,
        parent: QObject | None = None,
        *,
        recall: Recall | None = None,
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self._runner = runner
        self._recall = recall
        self._generation = 0
        self._coming: SourceEngine | None = None
        self._ending: list[SourceEngine] = []

    @property
    def coming(self) -> str | None:
        """Path or URL of the source being opened, or None."""
        return None if self._coming is None else self._coming.source

    def open(self, source: str, *, stream_index: int | None, cache_bytes: int) -> None:
        """Start opening; a source still being opened is dropped."""
        self.forget()
        self._generation += 1
        engine = SourceEngine(
            source,
            stream_index=stream_index,
            generation=self._generation,
            cache_bytes=cache_bytes,
            backend=self._backend,
            runner=self._runner,
            recall=self._recall,
            parent=self,
        )
        self._coming = engine
        engine.probed.connect(self._on_probed)
        engine.failed.connect(self._on_failed)
        engine.start()

    def take(self) -> SourceEngine | None:
        """The source that has arrived; its failures are the taker's from now on."""
        engine, self._coming = self._coming, None
        if engine is not None:
            engine.failed.disconnect(self._on_failed)
        return engine

    def forget(self) -> bool:
        """Drop the source being opened; returns whether there was one."""
        engine, self._coming = self._coming, None
        if engine is not None:
            self.end(engine)
        return engine is not None

    def end(self, engine: SourceEngine) -> None:
        """Let the threads of a source end by themselves."""
        self._ending.append(engine)
        engine.retired.connect(self._on_retired)
        engine.retire()

    def close(self, deadline: QDeadlineTimer) -> None:
        """Wait until every thread of every source has ended; those that have not by then are left behind."""
        self.forget()
        for engine in tuple(self._ending):
            if not engine.wait(deadline):
                self._ending.remove(engine)
                leave_behind(engine)
        self._clear_ended()

    @Slot()
    def _on_probed(self) -> None:
        self.arrived.emit()

    @Slot(object)
    def _on_failed(self, error: FrameScopeError) -> None:
        self.forget()
        self.failed.emit(error)

    @Slot()
    def _on_retired(self) -> None:
        self._clear_ended()

    def _clear_ended(self) -> None:
        for engine in [engine for engine in self._ending if not engine.is_running]:
            self._ending.remove(engine)
            engine.deleteLater()
