"""The verdict on one engine in full: the sentence, the likely cause, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from framescope.core.audit.records import TrialState
from framescope.core.text import counted
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.panels.seek.words import Tone, tone_color, tone_of, verdict_words
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import RADIUS, SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from framescope.core.audit.records import EngineTrial
    from framescope.ui.widgets.theme import ThemeSource

_MOST_ADVICE = 3
_SMALL = 12
_THIN = "There was time for no more; check every frame to be sure."


class SeekCard(QWidget):
    """One engine's verdict. Words can be selected and copied."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._trial: EngineTrial | None = None
        self.setObjectName("seekVerdict")
        self.setAccessibleName("Verdict")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE + 5, SPACE + 1, SPACE + 2, SPACE + 2)
        column.setSpacing(5)
        self._title = text_label(self)
        self._title.setFont(sized(self._title.font(), 13, bold=True))
        self._call = text_label(self, "muted", pixels=_SMALL)
        self._sentence = text_label(self)
        self._cause = text_label(self, "muted", pixels=_SMALL)
        self._advice = [text_label(self, pixels=_SMALL) for _ in range(_MOST_ADVICE)]
        self._heading = text_label(self, "faint", pixels=11)
        self._heading.setText("What to do")
        self._heading.setContentsMargins(0, 4, 0, 0)
        for label in (self._title, self._call, self._sentence, self._cause, self._heading, *self._advice):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        column.addStretch(1)
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        """Everything it says."""
        labels = (self._title, self._call, self._sentence, self._cause, *self._advice)
        return "\n".join(label.text() for label in labels if not label.isHidden())

    def set_trial(self, trial: EngineTrial | None) -> None:
        """Show another engine's verdict."""
        self._trial = trial
        if trial is None:
            self.update()
            return
        self._title.setText(f"{trial.title}: {verdict_words(trial)}")
        self._call.setText(f"{trial.call} · {trial.version}" if trial.version else trial.call)
        is_going_on = trial.state in (TrialState.WAITING, TrialState.RUNNING)
        asked = f"So far {trial.exact_count} of {counted(len(trial.requests), 'request')} were right."
        reading = f"Reading on from the start: {counted(len(trial.sequence), 'frame')} so far."
        so_far = (asked if trial.requests else reading) if is_going_on else trial.verdict.sentence
        if not is_going_on and tone_of(trial) is Tone.THIN:
            so_far += f" {_THIN}"
        self._sentence.setText("Waiting for its turn." if trial.state is TrialState.WAITING else so_far)
        cause = None if is_going_on else trial.verdict.cause
        self._cause.setText(f"Likely cause: {cause.sentence}" if cause else "")
        self._cause.setVisible(cause is not None)
        advice = () if is_going_on else trial.verdict.advice
        self._heading.setVisible(bool(advice))
        for place, label in enumerate(self._advice):
            label.setVisible(place < len(advice))
            if place < len(advice):
                each = advice[place]
                cost = f" ({each.cost_text})" if each.cost_text else ""
                label.setText(f"{place + 1}.  {each.sentence.rstrip('.')}{cost}.")
        self.setAccessibleDescription(self.text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Lay a card with a bar in the verdict's colour."""
        if self._trial is None:
            return
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(tokens.border)
        painter.setBrush(tokens.surface_sunken)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS + 2, RADIUS + 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone_color(tokens, tone_of(self._trial)))
        painter.drawRoundedRect(QRectF(0, 0, 3, self.height()), 1.5, 1.5)
