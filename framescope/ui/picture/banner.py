"""Banners above the picture for notices that offer an action."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from framescope.core.printable import printable
from framescope.core.text import counted, grouped
from framescope.core.translation import tr
from framescope.ui.picture.cards import shortened
from framescope.ui.widgets.roles import push_button
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.errors import FrameScopeError
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller
    from framescope.session.unfinished import UnfinishedWork
    from framescope.ui.widgets.theme import ThemeSource

_WORDS = {
    "deleted": tr(
        "The file was deleted or its drive was disconnected. Frames in memory can still be viewed."
    ),
    "replaced": tr("The file on disk was replaced. You are still viewing the one that was opened."),
    "grown": tr("The file has grown since it was opened."),
}
_CHANGED = tr("The file changed on disk.")
_LETTERS = 40


class Banner(QFrame):
    """A message with an action button and a dismiss button. Hidden until `say`."""

    answered = Signal()
    """The action button was clicked; the banner is already hidden."""
    dismissed = Signal()
    """The dismiss button was clicked; the banner is already hidden."""

    def __init__(
        self, theme: ThemeSource, prefix: str, answer: str, *, color: str, parent: QWidget | None = None
    ) -> None:
        """Make the banner.

        Args:
            theme: Its colours.
            prefix: Prefix of the objectNames, such as ``changedFile``.
            answer: The text of the action button.
            color: The colour token of the bar on the left, such as ``warning``.
            parent: The widget that owns it.
        """
        super().__init__(parent)
        self._theme = theme
        self._color = color
        self.setObjectName(f"{prefix}Banner")
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setWordWrap(True)
        self._text.setMinimumWidth(1)
        self._answer = push_button(self, f"{prefix}Answer", answer)
        self._dismiss = push_button(self, f"{prefix}Dismiss", tr("Dismiss"))
        self._dismiss.setFlat(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, SPACE // 2, SPACE, SPACE // 2)
        row.setSpacing(SPACE)
        row.addWidget(self._text, 1)
        row.addWidget(self._answer)
        row.addWidget(self._dismiss)
        self._answer.clicked.connect(self._on_answer_clicked)
        self._dismiss.clicked.connect(self._on_dismiss_clicked)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.hide()

    @property
    def text(self) -> str:
        """The text of the banner; empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def say(self, text: str, *, can_answer: bool = True) -> None:
        """Show a message, with or without the action button."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self._answer.setVisible(can_answer)
        self.show()

    @Slot()
    def _on_answer_clicked(self) -> None:
        self.hide()
        self.answered.emit()

    @Slot()
    def _on_dismiss_clicked(self) -> None:
        self.hide()
        self.dismissed.emit()

    @Slot()
    def _on_theme_changed(self) -> None:
        tokens = self._theme.tokens
        self.setStyleSheet(
            f"#{self.objectName()} {{ background: {tokens.surface_raised.name()};"
            f" border-left: 3px solid {getattr(tokens, self._color).name()}; }}"
        )


class ChangedFileBanner(Banner):
    """Reports that the open file changed on disk, and offers to reload it."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(theme, "changedFile", tr("Reload"), color="warning", parent=parent)
        self.answered.connect(controller.reopen_source)
        controller.video.changed_on_disk.connect(self._on_changed_on_disk)
        controller.source_opened.connect(self.hide)
        controller.source_closed.connect(self.hide)

    @Slot(str)
    def _on_changed_on_disk(self, what: str) -> None:
        self.say(_WORDS.get(what, _CHANGED), can_answer=what != "deleted")


class ChangedComparedBanner(Banner):
    """Reports that the file of the second video changed on disk, and offers to reload it."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(theme, "changedCompared", tr("Reload"), color="warning", parent=parent)
        self._comparing = controller.comparing
        self.answered.connect(controller.comparing.reopen)
        controller.comparing.changed_on_disk.connect(self._on_changed_on_disk)
        controller.comparing.changed.connect(self._on_changed)

    @Slot(str)
    def _on_changed_on_disk(self, what: str) -> None:
        words = _WORDS.get(what, _CHANGED)
        self.say(tr("B: {words}", words=words), can_answer=what != "deleted")

    @Slot()
    def _on_changed(self) -> None:
        # While the other one is opened, there is nothing to say of this one.
        if self._comparing.info is None:
            self.hide()


class EarlierMarksBanner(Banner):
    """Reports that marks were not restored because the file has changed since, and offers to restore them."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(theme, "earlierMarks", tr("Restore"), color="warning", parent=parent)
        self._controller = controller
        self.answered.connect(controller.take_earlier_marks)
        controller.keeper.earlier_marks_found.connect(self._on_earlier_marks_found)
        controller.source_opened.connect(self.hide)
        controller.source_closed.connect(self.hide)

    @Slot()
    def _on_earlier_marks_found(self) -> None:
        count = len(self._controller.keeper.earlier_marks.marks)
        marks = tr("its {count} marks were", count=grouped(count)) if count > 1 else tr("its mark was")
        what = marks if count else tr("its in–out range was")
        self.say(tr("The file has changed: {what} not restored.", what=what))


class FailedOpenBanner(Banner):
    """Reports that another video could not be opened; the previous one stays open, with its panels."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(theme, "failedOpen", tr("Try again"), color="error", parent=parent)
        controller.source_opened.connect(self.hide)
        controller.source_closed.connect(self.hide)

    def show_error(self, error: FrameScopeError, source: str | None) -> None:
        """Show why ``source`` could not be opened."""
        name = tr("The video") if source is None else shortened(source, _LETTERS)
        self._text.setToolTip(printable(source or ""))
        words = error.in_full
        self.say(
            tr("{name} could not be opened. {words}", name=name, words=words), can_answer=source is not None
        )


class UnfinishedBanner(Banner):
    """Offers, at startup, to resume work left unfinished by an earlier run."""

    resume_wanted = Signal(object)
    """`UnfinishedWork`."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(theme, "unfinished", tr("Resume"), color="warning", parent=parent)
        self._controller = controller
        self._unfinished = controller.unfinished
        self._work: UnfinishedWork | None = None
        self.answered.connect(self._on_answered)
        self.dismissed.connect(self._on_dismissed)

    def look(self) -> None:
        """Offer the latest unfinished work, if any, after checking its files."""
        left = self._unfinished.left_over()
        if left:
            # Its files may be on a slow drive, or missing.
            job = self._controller.run_job(
                tr("Looking for unfinished work"), partial(_look_at, left), announce=False
            )
            job.finished.connect(self._on_looked)

    @Slot(object)
    def _on_looked(self, found: _Found) -> None:
        for work in found.lost:
            self._unfinished.end(work.key)
        if found.work is not None:
            self._work = found.work
            self.say(found.words)

    @Slot()
    def _on_answered(self) -> None:
        # The code that resumes it removes it from the list, once started.
        work, self._work = self._work, None
        if work is not None:
            self.resume_wanted.emit(work)

    @Slot()
    def _on_dismissed(self) -> None:
        work, self._work = self._work, None
        if work is not None:
            self._unfinished.end(work.key)
        self.look()


@dataclass(frozen=True, slots=True)
class _Found:
    """The first work that can be resumed, its description, and earlier entries that cannot be."""

    work: UnfinishedWork | None
    words: str
    lost: tuple[UnfinishedWork, ...]


def _look_at(left: Sequence[UnfinishedWork], progress: ProgressCallback, cancel: CancelToken) -> _Found:
    del progress
    for place, work in enumerate(left):
        cancel.raise_if_cancelled()
        if words := unfinished_words(work):
            return _Found(work, words, tuple(left[:place]))
    return _Found(None, "", tuple(left))


def unfinished_words(work: UnfinishedWork) -> str:
    """What is left of unfinished work, as a sentence; empty if none of it can be resumed.

    Reads its files. Threads: any except the GUI's.
    """
    if work.kind == "export":
        # Imported here: few starts have anything to resume, and it would delay every one.
        from framescope.core.export.manifest.resume import find_unfinished  # noqa: PLC0415

        found = find_unfinished(Path(work.text("folder")))
        if found is None:
            return ""
        name = shortened(work.text("source"), _LETTERS)
        saved = tr(
            "{told_count} of {frame_count} frames are saved",
            told_count=grouped(found.told_count),
            frame_count=grouped(found.frame_count),
        )
        return tr("The export of {name} was interrupted: {saved}.", name=name, saved=saved)
    if work.kind == "queue":
        sources = work.details.get("sources")
        count = len(sources) if isinstance(sources, list) else 0
        return (
            tr("The export from {videos} was interrupted.", videos=counted(count, "video", "videos"))
            if count
            else ""
        )
    from framescope.core.fragments.store import is_unfinished  # noqa: PLC0415

    store = Path(work.text("store"))
    if not is_unfinished(store):
        return ""
    name = shortened(work.text("source"), _LETTERS)
    return tr(
        "Splitting {name} into {store} was interrupted. Split to the same location to continue.",
        name=name,
        store=store.name,
    )
