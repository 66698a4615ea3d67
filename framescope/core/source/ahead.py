"""Reads the header of a source in the background, for a program that is still starting."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from framescope.core.errors import Cancelled
from framescope.core.media.container import local_path
from framescope.core.model.progress import CancelToken, cancellable, check_cancelled
from framescope.core.source.opening import probe

if TYPE_CHECKING:
    from framescope.core.model.stream_facts import VideoInfo

_LOOK_S = 0.05
"""How often to look whether nobody waits for the header any longer."""


class HeaderAhead:
    """One header, being read. Threads: any.

    Attributes:
        source: The absolute path, or the address.
    """

    def __init__(self, source: str) -> None:
        """Begin at once, in a thread that does not keep the process from ending."""
        path = local_path(source)
        self.source = source if path is None else str(path)
        self._info: VideoInfo | None = None
        self._error: Exception | None = None
        self._cancel = CancelToken()
        self._thread: threading.Thread | None = threading.Thread(
            target=self._read, name="framescope-header", daemon=True
        )
        self._thread.start()

    def probe(self, source: str, stream_index: int | None) -> VideoInfo:
        """As `opening.probe`; the first time, it waits for the header that is being read."""
        thread = self._thread
        if thread is None or source != self.source or stream_index is not None:
            return probe(source, stream_index=stream_index)
        self._thread = None
        try:
            while thread.is_alive():
                thread.join(_LOOK_S)
                check_cancelled()
        except Cancelled:
            self._cancel.cancel()
            raise
        if self._info is None:
            assert self._error is not None
            raise self._error
        return self._info

    def _read(self) -> None:
        try:
            with cancellable(self._cancel):
                self._info = probe(self.source)
        except Exception as error:  # noqa: BLE001 - raised in the thread that asks for the header
            self._error = error
