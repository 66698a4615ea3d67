"""The button in the status bar that says how a live source is followed, and goes back to its newest frame."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from framescope.core.live.interruptions import pause_words
from framescope.core.text import counted, duration_words, grouped, size_words
from framescope.core.translation import tr
from framescope.ui.widgets.save_target import ask_target, with_suffix_of

if TYPE_CHECKING:
    from framescope.core.live.follower import Latency
    from framescope.core.live.ring import PacketRing, RingState
    from framescope.core.live.saving import SavedRing
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller
    from framescope.ui.widgets.save_target import Target

_LAST_S = 30.0


def live_words(state: RingState, latency: Latency, *, is_following: bool) -> str:
    """The newest frame's delay, and losses, in a few words."""
    parts = [f"● {tr('Live')}" if is_following else f"○ {tr('Return to live')}"]
    if is_following and not math.isnan(latency.p50_ms):
        parts.append(f"{latency.p50_ms:.0f} ms")
    if state.damaged_frames:
        parts.append(tr("{count} damaged", count=grouped(state.damaged_frames)))
    if state.gaps:
        parts.append(counted(len(state.gaps), "gap", "gaps"))
    return " · ".join(parts)


def live_tip(state: RingState, latency: Latency) -> str:
    """The same in full, one fact per line."""
    held = counted(state.frames - state.first_frame, "frame", "frames")
    lines = [
        tr("Click to follow the newest frame. Going back pauses following; the buffer goes on."),
        tr(
            "In the buffer: {held}, {time}, {size}.",
            held=held,
            time=duration_words(state.held_s),
            size=size_words(state.held_bytes),
        ),
    ]
    if not math.isnan(latency.p50_ms):
        lines.append(
            tr(
                "From arrival to the screen: {p50:.0f} ms in half of the cases, {p95:.0f} ms in 95 %.",
                p50=latency.p50_ms,
                p95=latency.p95_ms,
            )
        )
    if state.pauses:
        lines.append(pause_words(state.pauses, state.longest_pause_s))
    lines += [gap.words for gap in state.gaps[-3:]]
    return "\n".join(lines)


class LiveButton(QToolButton):
    """Shown while a live source is received. A click goes to its newest frame and follows it."""

    def __init__(self, controller: Controller, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.live = controller.live
        self.setObjectName("liveButton")
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._on_clicked)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(self)
        menu.addAction(tr("Save the last 30 seconds…")).triggered.connect(self._on_last_wanted)
        menu.addAction(tr("Save everything in the buffer…")).triggered.connect(self._on_all_wanted)
        self.setMenu(menu)
        self.live.changed.connect(self._refresh)
        self._refresh()

    @Slot()
    def _on_clicked(self) -> None:
        self.live.follow()

    @Slot()
    def _on_last_wanted(self) -> None:
        self._ask_and_save(_LAST_S)

    @Slot()
    def _on_all_wanted(self) -> None:
        self._ask_and_save(None)

    def _ask_and_save(self, seconds: float | None) -> None:
        """Ask for a file, and save the newest packets of the buffer to it in the background."""
        ring = self.live.ring
        if ring is None:
            return
        filters = [tr("Matroska (*.mkv)"), tr("MP4 (*.mp4)"), tr("MPEG-TS (*.ts)")]
        target = ask_target(self, tr("Save the buffer"), "live.mkv", filters, with_suffix_of)
        if target is not None:
            self.save(ring, target, seconds)

    def save(self, ring: PacketRing, target: Target, seconds: float | None) -> Job:
        """Save the newest packets of a ring, as a job."""

        def work(progress: ProgressCallback, cancel: CancelToken) -> SavedRing:
            del progress, cancel
            # Rarely needed, and it brings the writing of clips along.
            from framescope.core.live.saving import save_ring  # noqa: PLC0415

            return save_ring(ring, target.path, seconds=seconds, replaces=target.replaces)

        return self._controller.run_job(tr("Saving {path}", path=target.path.name), work)

    @Slot()
    def _refresh(self) -> None:
        state = self.live.state if self.live.is_live else None
        self.setVisible(state is not None)
        if state is None:
            return
        latency, is_following = self.live.latency, self.live.is_following
        words = live_words(state, latency, is_following=is_following)
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
        self.setToolTip(live_tip(state, latency))
