"""The results of an audit, from the headline down to single frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from framescope.core.audit.records import TrialState
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import MARGIN, paint_card, text_label
from framescope.ui.panels.seek.frames import SeekFrames
from framescope.ui.panels.seek.lanes import LaneMarks, SeekLanes
from framescope.ui.panels.seek.table import SeekTable
from framescope.ui.panels.seek.words import (
    Level,
    Tone,
    headline,
    tone_color,
    tone_of,
    under_way,
    verdict_words,
)
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from framescope.core.audit.records import EngineTrial, FileAudit, RequestResult
    from framescope.session.controller import Controller
    from framescope.ui.panels.seek.plot import SeekPlot
    from framescope.ui.widgets.theme import ThemeSource

_MOST_ADVICE = 3
_SMALL = 12
_THIN = tr("The time was limited; check every frame to be sure.")


class SeekCard(QWidget):
    """One engine's verdict. The text can be selected and copied."""

    def __init__(self, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._trial: EngineTrial | None = None
        self.setObjectName("seekVerdict")
        self.setAccessibleName(tr("Verdict"))
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
        self._heading.setText(tr("What to do"))
        self._heading.setContentsMargins(0, 4, 0, 0)
        for label in (self._title, self._call, self._sentence, self._cause, self._heading, *self._advice):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        column.addStretch(1)
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        """The complete text."""
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
        asked = tr(
            "So far {exact_count} of {requests} were right.",
            exact_count=trial.exact_count,
            requests=counted(len(trial.requests), "request", "requests"),
        )
        reading = tr(
            "Reading on from the start: {frames} so far.",
            frames=counted(len(trial.sequence), "frame", "frames"),
        )
        so_far = (asked if trial.requests else reading) if is_going_on else trial.verdict.sentence
        if not is_going_on and tone_of(trial) is Tone.THIN:
            so_far += f" {_THIN}"
        self._sentence.setText(tr("Waiting for its turn.") if trial.state is TrialState.WAITING else so_far)
        cause = None if is_going_on else trial.verdict.cause
        self._cause.setText(tr("Likely cause: {sentence}", sentence=cause.sentence) if cause else "")
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
        """Draw a card with a bar in the verdict's colour."""
        if self._trial is None:
            return
        tokens = self._theme.tokens
        painter = QPainter(self)
        paint_card(painter, self, tokens)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone_color(tokens, tone_of(self._trial)))
        painter.drawRoundedRect(QRectF(0, 0, 3, self.height()), 1.5, 1.5)


_VIEWS = (
    ("verdict", tr("Verdict"), tr("Verdict on the selected engine for this file, and what to do")),
    (
        "landed",
        tr("Returned"),
        tr("Requested frame (x) against returned frame (y); points on the diagonal are correct"),
    ),
    ("offset", tr("Offset"), tr("Returned minus requested frame along the video, with keyframes")),
    ("latency", tr("Latency"), tr("Time of each request by the number of frames decoded from the keyframe")),
    ("frames", tr("Frames"), tr("Requested and returned frame of one answer")),
)
_FRAMES = 4


class SeekResults(QWidget):
    """Headline, lanes, table, and five views of the chosen engine."""

    answer_shown = Signal(QWidget)
    """An answer was chosen elsewhere; the panel should scroll its frames into view."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self._audit: FileAudit | None = None
        self._engine = ""
        self._is_chosen_by_hand = False
        self._answer: RequestResult | None = None
        self._plots: dict[int, SeekPlot] = {}
        self.setObjectName("seekResults")
        self._headline = text_label(self)
        self._headline.setFont(sized(self._headline.font(), 15, bold=True))
        self._coverage = text_label(self, "muted", pixels=12)
        self._table = SeekTable(theme, self)
        self._lanes = SeekLanes(controller, theme, self)
        self._card = SeekCard(theme, self)
        self.frames = SeekFrames(controller, theme, self)
        self._build()
        self._table.engine_chosen.connect(self._on_engine_chosen)
        self._lanes.engine_chosen.connect(self._on_engine_chosen)
        self._lanes.request_chosen.connect(self._on_request_chosen)
        self.frames.step_wanted.connect(self._on_step_wanted)
        controller.view.visible_range_changed.connect(self._on_visible_range_changed)

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setContentsMargins(MARGIN, 2, MARGIN, SPACE)
        words.setSpacing(3)
        words.addWidget(self._headline)
        words.addWidget(self._coverage)
        below = QVBoxLayout()
        below.setContentsMargins(MARGIN, SPACE, MARGIN, MARGIN)
        below.setSpacing(SPACE)
        below.addLayout(self._make_switch())
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._card)
        self._pages: list[QWidget] = [self._card, *(QWidget(self) for _ in range(3)), self.frames]
        for page in self._pages[1:]:
            self._stack.addWidget(page)
        below.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(words)
        column.addWidget(self._lanes)
        column.addSpacing(4)
        table = QHBoxLayout()
        table.setContentsMargins(SPACE, 0, SPACE, 0)
        table.addWidget(self._table)
        column.addLayout(table)
        column.addLayout(below, 1)

    def _make_switch(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        self._views = QButtonGroup(self)
        for place, (name, title, tip) in enumerate(_VIEWS):
            button = QToolButton(self)
            button.setText(title)
            button.setToolTip(tip)
            button.setObjectName(f"seekView.{name}")
            button.setAccessibleName(title)
            button.setCheckable(True)
            button.setFont(sized(button.font(), 12))
            self._views.addButton(button, place)
            row.addWidget(button)
        row.addStretch(1)
        self._views.button(0).setChecked(True)
        self._views.idClicked.connect(self.show_view)
        return row

    # --- showing

    @property
    def engine(self) -> str:
        """The chosen engine's name."""
        return self._engine

    @property
    def answer(self) -> RequestResult | None:
        """The answer chosen last; None if there is none."""
        return self._answer

    @property
    def lanes(self) -> SeekLanes:
        """The lanes widget."""
        return self._lanes

    @property
    def text(self) -> str:
        """Headline and coverage."""
        return f"{self._headline.text()}\n{self._coverage.text()}"

    def set_audit(self, audit: FileAudit | None, *, is_running: bool) -> None:
        """Show another audit, or progress of the same one."""
        self._audit = audit
        self._table.set_audit(audit)
        self._lanes.set_audit(audit)
        if audit is None:
            self._is_chosen_by_hand, self._engine, self._answer = False, "", None
            self._headline.setText(tr("Checking this file…") if is_running else "")
            self._coverage.clear()
            self.frames.clear()
            self._show_parts(visible=False)
            return
        sentence, _ = headline(audit)
        self._headline.setText(under_way(audit) if is_running else sentence)
        if audit.was_cancelled and not is_running:
            self._headline.setText(tr("Stopped. {sentence}", sentence=sentence))
        self._coverage.setText("" if audit.error else audit.coverage)
        self._coverage.setVisible(bool(self._coverage.text()))
        self._show_parts(visible=bool(audit.trials))
        names = [trial.engine for trial in audit.trials]
        if self._engine not in names or not (self._is_chosen_by_hand or is_running):
            self._choose(_most_telling(audit))
        self._refresh()

    def _show_parts(self, *, visible: bool) -> None:
        for widget in (self._table, self._lanes, self._stack, *self._views.buttons()):
            widget.setVisible(visible)

    @Slot(int)
    def show_view(self, place: int) -> None:
        """Show one of the five views."""
        button = self._views.button(place)
        button.setChecked(True)
        if 0 < place < _FRAMES and place not in self._plots:
            # Imported here: the plotting library loads slowly, and most windows never plot.
            from framescope.ui.panels.seek.plot import PlotKind, SeekPlot  # noqa: PLC0415

            plot = SeekPlot(tuple(PlotKind)[place - 1], self._theme, self)
            plot.request_chosen.connect(self._on_point_chosen)
            plot.range_wanted.connect(self._controller.view.set_visible_range)
            plot.set_frames(*self._controller.view.visible_range)
            blank, self._pages[place] = self._pages[place], plot
            self._stack.removeWidget(blank)
            blank.deleteLater()
            self._stack.insertWidget(place, plot)
            self._plots[place] = plot
        # A shorter page must not move the buttons away from the pointer that has just clicked one.
        self._stack.setMinimumHeight(self._stack.height())
        self._stack.setCurrentIndex(place)
        self._refresh()

    def _choose(self, engine: str) -> None:
        self._engine = engine
        self._table.choose(engine)

    def _trial(self) -> EngineTrial | None:
        audit = self._audit
        trials = () if audit is None else audit.trials
        return next((trial for trial in trials if trial.engine == self._engine), None)

    def _refresh(self) -> None:
        self._card.set_trial(self._trial())
        self._lanes.set_chosen(self._engine, self._answer)
        plot = self._plots.get(self._stack.currentIndex())
        if plot is not None:
            plot.set_audit(self._audit, self._engine)
        # A stack is as high as its highest page; only the visible page may set the height.
        for place, page in enumerate(self._pages):
            is_top = place == self._stack.currentIndex()
            policy = page.sizePolicy()
            vertical = policy.Policy.Preferred if is_top else policy.Policy.Ignored
            policy.setVerticalPolicy(vertical)
            page.setSizePolicy(policy)

    @Slot()
    def _on_visible_range_changed(self) -> None:
        for plot in self._plots.values():
            plot.set_frames(*self._controller.view.visible_range)

    # --- choosing

    @Slot(str)
    def _on_engine_chosen(self, engine: str) -> None:
        if engine != self._engine:
            self._is_chosen_by_hand = (
                self._is_chosen_by_hand or self._table.hasFocus() or self._lanes.hasFocus()
            )
            self._answer = None
            self._choose(engine)
            self._refresh()

    @Slot(object, object)
    def _on_request_chosen(self, trial: EngineTrial, one: RequestResult) -> None:
        self._is_chosen_by_hand = True
        self._answer = one
        self._choose(trial.engine)
        self.frames.show_answer(trial, one, None if self._audit is None else self._audit.facts)
        self.show_view(_FRAMES)
        self.answer_shown.emit(self._stack)

    @Slot(object)
    def _on_point_chosen(self, one: RequestResult) -> None:
        trial = self._trial()
        if trial is not None:
            self._on_request_chosen(trial, one)

    @Slot(int)
    def _on_step_wanted(self, step: int) -> None:
        """Go to the chosen engine's next or previous wrong answer; if it has none, any answer."""
        trial = self._trial()
        if trial is None or not trial.requests:
            return
        marks = LaneMarks.of(trial.requests)
        places = [place for place, level in enumerate(marks.levels.tolist()) if level >= Level.FAILED]
        places = places or list(range(len(marks.answers)))
        at = self._controller.position if self._answer is None else self._answer.frame_number
        if step > 0:
            ahead = [place for place in places if marks.frames[place] > at]
            place = ahead[0] if ahead else places[-1]
        else:
            before = [place for place in places if marks.frames[place] < at]
            place = before[-1] if before else places[0]
        self._on_request_chosen(trial, marks.answers[place])

    def forget_height(self) -> None:
        """Let the views shrink to the height they need after a resize."""
        self._stack.setMinimumHeight(0)

    def keep_width(self) -> None:
        """Let the panel be as narrow as its dock."""
        self.setMinimumWidth(1)
        self._headline.setAlignment(Qt.AlignmentFlag.AlignLeft)


def _most_telling(audit: FileAudit) -> str:
    """The engine shown first: OpenCV by frame number, unless it is exact and another engine is not."""
    by_name = {trial.engine: trial for trial in audit.trials}
    first = by_name.get("opencv")
    if first is not None and tone_of(first) > Tone.GOOD:
        return first.engine
    wrong = [trial.engine for trial in audit.trials if tone_of(trial) > Tone.GOOD and not trial.is_plain]
    fallback = first.engine if first is not None else next(iter(by_name), "")
    return wrong[0] if wrong else fallback
