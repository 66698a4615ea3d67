"""Follows a live source at its newest frame until the user goes back, and measures how late it is shown."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from framescope.core.live.follower import Latency
    from framescope.core.live.ring import LiveIndex, PacketRing, RingState
    from framescope.session.controller import Controller

_MOST_MEASURED = 200


class Live(QObject):
    """The live side of the open video, if it has one. Threads: GUI.

    Following means that the newest frame is shown. Going back pauses it; going to the last frame, or
    `follow`, continues it. What arrives meanwhile can be shown as long as it is in the ring buffer.
    """

    changed = Signal()
    """``is_live``, ``is_following``, ``state`` or ``latency`` changed."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._follows = True
        self._is_moving = False
        self._fitted: tuple[float, float] | None = None
        self._measured: deque[float] = deque(maxlen=_MOST_MEASURED)
        self._measured_number = -1
        # Later: the controller adapts the view to the new index first.
        controller.index_updated.connect(self._on_index_updated, Qt.ConnectionType.QueuedConnection)
        controller.source_opened.connect(self._on_source_changed)
        controller.source_closed.connect(self._on_source_changed)
        controller.position_changed.connect(self._on_position_changed)
        controller.frame_shown.connect(self._on_frame_shown)

    @property
    def _index(self) -> LiveIndex | None:
        index = self._controller.index
        return cast("LiveIndex", index) if index is not None and index.is_live else None

    @property
    def is_live(self) -> bool:
        """Whether frames are still arriving."""
        return self._index is not None and not self._index.complete

    @property
    def is_following(self) -> bool:
        """Whether the newest frame is shown."""
        return self.is_live and self._follows

    @property
    def state(self) -> RingState | None:
        """What has arrived; None if the video is not live."""
        return None if self._index is None else self._index.ring.state()

    @property
    def ring(self) -> PacketRing | None:
        """What is held; None if the video is not live."""
        return None if self._index is None else self._index.ring

    @property
    def latency(self) -> Latency:
        """How long the last frames took from their arrival to the screen, while following."""
        # Few windows show a live source, and opening a file is not to wait for the code.
        from framescope.core.live.follower import latency_of  # noqa: PLC0415

        return latency_of(self._measured)

    def follow(self) -> None:
        """Show the newest frame from now on."""
        self._follows = True
        self._show_newest()
        self.changed.emit()

    def _show_newest(self) -> None:
        index = self._index
        if index is None or not len(index):
            return
        from framescope.core.live.follower import BEHIND_S, frame_to_show  # noqa: PLC0415

        is_behind = bool(self._measured) and self._measured[-1] > BEHIND_S
        number = frame_to_show(index, self._controller.position, is_behind=is_behind)
        self._is_moving = True
        try:
            self._controller.show_frame(number)
        finally:
            self._is_moving = False

    def _fit_timeline(self, index: LiveIndex) -> None:
        """Let the timeline show what is in the ring, unless the user has chosen a part of it."""
        view = self._controller.view
        if view.shows_all or view.visible_range == self._fitted:
            view.set_visible_range(index.first_held, len(index))
            self._fitted = view.visible_range

    @Slot()
    def _on_source_changed(self) -> None:
        self._follows, self._fitted = True, None
        self._measured.clear()
        self._measured_number = -1
        self.changed.emit()

    @Slot()
    def _on_index_updated(self) -> None:
        index = self._index
        if index is None:
            return
        self._fit_timeline(index)
        if self._follows:
            self._show_newest()
        self.changed.emit()

    @Slot(int)
    def _on_position_changed(self, frame_number: int) -> None:
        index = self._index
        if index is not None and not self._is_moving:
            self._follows = frame_number >= len(index) - 1
            self.changed.emit()

    @Slot()
    def _on_frame_shown(self) -> None:
        index, shown = self._index, self._controller.shown
        if index is None or shown is None or shown.image is None or shown.provisional:
            return
        number = shown.frame_number
        if self.is_following and self._measured_number < number < len(index):
            self._measured_number = number
            arrived_s = index.ring.arrived_s(int(index.packet_numbers[number]))
            self._measured.append(time.monotonic() - arrived_s)
