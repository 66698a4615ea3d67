"""The difference of the two frames on screen, computed in a thread of its own while it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.engine.difference_thread import DifferenceAnswer, DifferenceRequest, DifferenceThread
from framescope.engine.stragglers import leave_behind
from framescope.session.compare_look import CompareMode

if TYPE_CHECKING:
    from PySide6.QtCore import QDeadlineTimer

    from framescope.session.comparing import Comparing
    from framescope.session.open_video import OpenVideo
    from framescope.session.view import View


class PairDifference(QObject):
    """Requests a difference for every exact pair, in the view that shows it. Threads: GUI."""

    changed = Signal()
    """``answer`` changed."""

    def __init__(
        self, comparing: Comparing, video: OpenVideo, view: View, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._comparing = comparing
        self._video = video
        self._view = view
        self._thread: DifferenceThread | None = None
        self._serial = self._least_serial = 0
        self._asked: tuple[object, ...] = ()
        self._answer: DifferenceAnswer | None = None
        for signal in (comparing.pair_changed, comparing.look_changed, comparing.changed, view.frame_shown):
            signal.connect(self._ask)

    @property
    def answer(self) -> DifferenceAnswer | None:
        """The latest difference; it says which frames it is of."""
        return self._answer

    def close(self, deadline: QDeadlineTimer) -> None:
        """Wait until the thread has ended. Nothing may be called afterwards."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()
            if not thread.wait(deadline):
                leave_behind(thread)

    @Slot()
    def _ask(self) -> None:
        comparing, a_info, b_info = self._comparing, self._video.info, self._comparing.info
        if not comparing.is_active or a_info is None or b_info is None:
            self._forget()
            return
        pair, look = comparing.exact_pair, comparing.look
        if pair is None or look.mode is not CompareMode.DIFFERENCE:
            return
        a, b = pair[0].frame, pair[1].frame
        wanted = look.difference
        # Frames by identity: after a new index a number may be another frame.
        asked = (a, b, wanted, self._view.is_rotated)
        if a is None or b is None or asked == self._asked:
            return
        self._asked = asked
        self._serial += 1
        self._running_thread().ask(
            DifferenceRequest(self._serial, a, a_info, b, b_info, wanted, rotate=self._view.is_rotated)
        )

    def _running_thread(self) -> DifferenceThread:
        if self._thread is None:
            self._thread = DifferenceThread(self)
            self._thread.answered.connect(self._on_answered)
            self._thread.start()
        return self._thread

    def _forget(self) -> None:
        self._asked = ()
        # What is still being computed is of the pair before.
        self._least_serial = self._serial + 1
        if self._answer is not None:
            self._answer = None
            self.changed.emit()

    @Slot(object)
    def _on_answered(self, answer: DifferenceAnswer) -> None:
        if answer.request.serial >= self._least_serial:
            self._answer = answer
            self.changed.emit()
