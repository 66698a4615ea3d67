"""The status bar: the video, the selection, notices, jobs, and how frames were counted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton, QWidget

from framescope.core.addresses import masked
from framescope.core.media.container import shown_name
from framescope.core.media.index import IndexBasis
from framescope.core.printable import printable
from framescope.core.text import clock, counted, grouped, rate_words
from framescope.core.translation import tr, tr_stored
from framescope.ui.widgets.elided_label import ElidedLabel
from framescope.ui.widgets.turns import Turns
from framescope.ui.window.job_bar import JobBar
from framescope.ui.window.live_button import LiveButton

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from framescope.core.media.facts.intervals import Intervals
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.session.controller import Controller
    from framescope.ui.widgets.icons import IconSource

_NOTICE_STAYS_MS = 6000
_WARNING_STAYS_MS = 20_000
_NAME_ROOM = 280
_SHORT_S = 10
"""Shorter durations are shown to hundredths: 0:00 would say nothing."""
_NOTE_LETTERS = 32
_DECODER_LETTERS = 40
_GAP = 8
_LEAST_NOTICE, _MOST_NOTICE = 60, 420
"""Room for a notice, in logical pixels: less says nothing, and more can be elided."""
_ZERO_BASED = tr("Frame numbers are 0-based, as in OpenCV and NumPy: the first frame is frame 0.")
_BASIS_WORDS = {
    IndexBasis.CONTAINER: tr("from the file’s tables"),
    IndexBasis.PACKETS: tr("counted from packets"),
    IndexBasis.DECODED: tr("verified by decoding"),
    IndexBasis.FILES: tr("from as many files"),
}


def video_words(info: VideoInfo, timing: Intervals | None = None) -> str:
    """The video in a few words: codec, size, rate, duration; the last two as measured, if known."""
    rate = "" if info.average_rate is None else rate_words(info.average_rate)
    duration_s = info.duration_s
    if timing is not None:
        from framescope.core.media.facts.intervals import measured_rate_words  # noqa: PLC0415

        rate = measured_rate_words(timing) or rate
        duration_s = duration_s if math.isnan(timing.duration_s) else timing.duration_s
    length = "" if duration_s is None else clock(duration_s, decimals=0 if duration_s >= _SHORT_S else 2)
    return "  ·  ".join(
        filter(None, (info.codec, f"{info.display_width}×{info.display_height}", rate, length))
    )


def index_words(index: FrameIndex | None, frame_total: int) -> str:
    """How the frames were counted, in a few words."""
    if index is None:
        return tr("indexing")
    if index.is_live and not index.complete:
        return tr("{frames} received", frames=counted(len(index), "frame", "frames"))
    if not index.complete:
        return tr("indexing {count} %", count=min(100 * len(index) // max(frame_total, 1), 99))
    frames, damaged = counted(len(index), "frame", "frames"), len(index.damaged_frames)
    if damaged and index.basis is IndexBasis.DECODED:
        # A verified frame count does not mean that no picture is damaged.
        return tr("{frames}, {damaged} damaged", frames=frames, damaged=grouped(damaged))
    words = f"{frames} {_BASIS_WORDS[index.basis]}"
    return tr("{words}, {damaged} damaged", words=words, damaged=grouped(damaged)) if damaged else words


class StatusBar(QStatusBar):
    """The status bar of the window."""

    def __init__(self, controller: Controller, icons: IconSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._timing: tuple[FrameIndex, Intervals] | None = None
        self.setObjectName("statusBar")
        self.setAccessibleName(tr("Status"))
        self.setSizeGripEnabled(False)
        self._name = ElidedLabel(self, most_width=_NAME_ROOM)
        self._name.setObjectName("videoName")
        self._name.setContentsMargins(8, 0, 0, 0)
        self._video = QLabel(self)
        self._video.setObjectName("videoWords")
        self._video.setProperty("role", "muted")
        self._video.setContentsMargins(8, 0, 8, 0)
        self._notice = ElidedLabel(self)
        self._notice.setObjectName("notice")
        self._notice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._selection = QLabel(self)
        self._selection.setObjectName("selectionWords")
        self._selection.setProperty("role", "muted")
        self._skipped = QLabel(self)
        self._skipped.setObjectName("skippedWords")
        self._skipped.setProperty("role", "warning")
        self._skipped.setToolTip(
            tr(
                "Frames that were not shown since playing began, to keep time."
                " Play > Play every frame shows them all."
            )
        )
        self._decoder = QLabel(self)
        self._decoder.setObjectName("decoderWords")
        self._decoder.setProperty("role", "muted")
        self._state = QToolButton(self)
        self._state.setObjectName("indexState")
        self._state.setAutoRaise(True)
        self._state.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.job_bar = JobBar(controller, icons, self)
        self._live = LiveButton(controller, self)
        self.addWidget(self._name)
        self.addWidget(self._video)
        self.addWidget(self._notice, 1)
        self.addPermanentWidget(self.job_bar)
        self.addPermanentWidget(self._skipped)
        self.addPermanentWidget(self._selection)
        self.addPermanentWidget(self._live)
        self.addPermanentWidget(self._decoder)
        self.addPermanentWidget(self._state)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._connect()
        self._refresh()

    def _connect(self) -> None:
        controller = self._controller
        controller.source_opened.connect(self._refresh)
        # It may be the first half of opening another one.
        controller.source_closed.connect(self._refresh_soon)
        # What was said of the video before is no longer true.
        controller.source_closed.connect(self._on_timeout)
        controller.source_failed.connect(self._refresh)
        controller.index_updated.connect(self._refresh)
        controller.marks_changed.connect(self._refresh)
        controller.range_changed.connect(self._refresh)
        controller.position_changed.connect(self._on_position_changed)
        controller.notice_posted.connect(self.show_notice)
        controller.playback.skipped_changed.connect(self._on_skipped_changed)
        controller.player.choices_changed.connect(self._on_choices_changed)
        controller.video.hardware.changed.connect(self._on_decoder_changed)
        self._state.clicked.connect(self._on_state_clicked)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Hide what does not fit as a whole."""
        super().resizeEvent(event)
        self._drop_what_has_no_room()

    def event(self, event: QEvent) -> bool:
        """Make room when a job begins or ends."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._drop_what_has_no_room()
        return super().event(event)

    def _drop_what_has_no_room(self) -> None:
        """A notice comes first: it is gone soon. The codec panel also shows what goes first."""
        notice = self._notice.whole_text
        wanted = min(self._notice.fontMetrics().horizontalAdvance(notice), _MOST_NOTICE) if notice else 0
        room = self.width() - max(wanted, _LEAST_NOTICE)
        for widget in (self._state, self._live, self.job_bar, self._name):
            room -= widget.sizeHint().width() + _GAP if not widget.isHidden() else 0
        for label in (self._selection, self._skipped, self._video, self._decoder):
            room -= label.sizeHint().width() + _GAP if label.text() else 0
            label.setVisible(bool(label.text()) and room >= 0)

    @Slot(str, str)
    def show_notice(self, text: str, level: str) -> None:
        """Show a message for as long as it takes to read; an error stays until the next message."""
        self._notice.set_role({"warning": "warning", "error": "error"}.get(level, "muted"))
        self._notice.set_whole_text(text)
        self._drop_what_has_no_room()
        if level == "error":
            self._timer.stop()
        else:
            self._timer.start(_WARNING_STAYS_MS if level == "warning" else _NOTICE_STAYS_MS)

    @Slot()
    def _on_timeout(self) -> None:
        self._notice.set_whole_text("")
        self._drop_what_has_no_room()

    @property
    def notice(self) -> str:
        """The latest message."""
        return self._notice.whole_text

    @Slot()
    def _on_position_changed(self) -> None:
        if self._controller.notes:
            self._on_choices_changed()

    @Slot(int)
    def _on_skipped_changed(self, skipped: int) -> None:
        words = tr("{frames} skipped", frames=counted(skipped, "frame", "frames")) if skipped else ""
        self._skipped.setText(words)
        self._drop_what_has_no_room()

    @Slot()
    def _on_choices_changed(self) -> None:
        words = self._selection_words()
        if words != self._selection.text():
            self._selection.setText(words)
            self._drop_what_has_no_room()

    @Slot()
    def _refresh_soon(self) -> None:
        Turns.of(self._controller).do_soon(self._refresh)

    @Slot()
    def _refresh(self) -> None:
        controller = self._controller
        info = controller.info
        self._state.setVisible(info is not None)
        self._selection.setText(self._selection_words())
        self._show_decoder()
        if info is None:
            self._video.clear()
            self._name.set_whole_text("")
            self._drop_what_has_no_room()
            return
        name = shown_name(info.source)
        self._video.setText(video_words(info, self._measured(controller.index)))
        self._name.set_whole_text(name)
        self._name.setToolTip(printable(masked(info.source)))
        index = controller.index
        doubtful = index is not None and bool(index.doubts or len(index.damaged_frames))
        words = index_words(index, controller.frame_total)
        self._state.setText(("⚠ " if doubtful else "") + words)
        self._state.setToolTip(self._state_tip(index))
        self._state.setAccessibleName(tr("Index: {words}", words=words))
        self._drop_what_has_no_room()

    @Slot()
    def _on_decoder_changed(self) -> None:
        self._show_decoder()
        self._drop_what_has_no_room()

    def _show_decoder(self) -> None:
        """What decodes, while hardware decoding is on; the preferences say it in full."""
        info, hardware = self._controller.info, self._controller.video.hardware
        if info is None or not (hardware.is_wanted and info.has_packets):
            self._decoder.clear()
            return
        now = hardware.decoder_of(info)
        words = now.words
        short = words if len(words) <= _DECODER_LETTERS else words[: _DECODER_LETTERS - 1].rstrip() + "…"
        self._decoder.setText(short)
        self._decoder.setToolTip(f"{words}\n{now.reason}" if now.device else words)

    def _measured(self, index: FrameIndex | None) -> Intervals | None:
        """The timing of a complete index, measured once."""
        if index is None or not index.complete:
            return None
        if self._timing is None or self._timing[0] is not index:
            # Imported here: it must not delay the first picture.
            from framescope.core.media.facts.intervals import measure_intervals  # noqa: PLC0415

            self._timing = (index, measure_intervals(index))
        return self._timing[1]

    def _selection_words(self) -> str:
        controller = self._controller
        parts = []
        note = controller.notes.get(controller.position, "")
        if note:
            # A long text would widen the window.
            short = note if len(note) <= _NOTE_LETTERS else note[: _NOTE_LETTERS - 1].rstrip() + "…"
            parts.append(f"“{short}”")
        if controller.marks:
            count = len(controller.marks)
            parts.append(tr("{count} marked", count=grouped(count)))
        span = controller.marked_range
        if span is not None:
            parts.append(
                tr(
                    "in–out {start}–{stop}  ({frames})",
                    start=grouped(span.start),
                    stop=grouped(span.stop - 1),
                    frames=counted(len(span), "frame", "frames"),
                )
            )
        player = controller.player
        if player.loop is not None:
            first, last = grouped(player.loop.start), grouped(player.loop.stop - 1)
            parts.append(tr("A–B {first}–{last}", first=first, last=last))
        elif player.loop_start is not None:
            parts.append(tr("A {first}", first=grouped(player.loop_start)))
        return "   ".join(parts)

    @staticmethod
    def _state_tip(index: FrameIndex | None) -> str:
        lines = [_ZERO_BASED]
        if index is not None:
            lines += map(tr_stored, (*index.doubts, *index.notes))
            if len(index.damaged_frames):
                lines.append(tr("Frames that are damaged or may depend on damage are marked."))
            if index.complete and index.basis.can_be_verified:
                lines.append(tr("Click to verify the numbering by decoding every frame."))
        return "\n".join(lines)

    @Slot()
    def _on_state_clicked(self) -> None:
        index = self._controller.index
        if index is not None and index.complete and index.basis.can_be_verified:
            self._controller.verify_numbering()
