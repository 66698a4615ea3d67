"""The files section of the export dialog: folder, names, and handling of existing files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from framescope.core.export.settings import DEFAULT_PATTERN, OnExisting
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.ui.export.survey import FilesChoice, Survey
from framescope.ui.widgets.roles import (
    label_for,
    make_form,
    named_combo,
    named_line,
    push_button,
    set_invalid,
    shrinkable,
)
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_ON_EXISTING_WORDS = {
    OnExisting.ASK: tr("Ask before starting"),
    OnExisting.SKIP: tr("Keep it and skip the frame"),
    OnExisting.OVERWRITE: tr("Replace it"),
    OnExisting.NUMBER: tr("Keep it and add a number to the new one"),
}
_FIELDS = (
    ("{stem}", tr("the video’s name")),
    ("{frame:06d}", tr("frame number, six digits")),
    ("{time}", tr("time, as 00-01-02.345")),
    ("{time:.3f}", tr("time in seconds")),
    ("{timecode}", tr("timecode, where the file has one")),
    ("{pts}", tr("timestamp as stored")),
    ("{type}", tr("I, P or B")),
    ("{label}", tr("the frame’s label")),
    ("{width}x{height}", tr("size of the picture")),
    ("{index:04d}", tr("0, 1, 2 … within this export")),
    ("clip{clip:03d}_{place:03d}", tr("clip, and place in it")),
)
_BUTTON_WIDTH = 86


class FilesSection(QWidget):
    """Chooses folder and names. Threads: GUI."""

    changed = Signal()
    """`choice` changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportFiles")
        self._folder = named_line(self, "exportFolder", tr("Folder"))
        self._folder.setPlaceholderText(tr("Created if missing"))
        self._folder.setToolTip(tr("A folder, or an address that is written to, such as s3://bucket/folder"))
        self._pattern = named_line(self, "exportPattern", tr("Name pattern"))
        self._pattern.setText(DEFAULT_PATTERN)
        self._browse = push_button(self, "exportBrowse", tr("Browse…"))
        self._insert = push_button(self, "exportInsert", tr("Insert"))
        self._insert.setAccessibleName(tr("Insert a field into the name"))
        self._insert.setMenu(self._make_menu())
        self._folder_error = self._note("exportFolderError", "error")
        self._preview = self._note("exportNames", "muted")
        self._preview.setAccessibleName(tr("First and last file name"))
        self._on_existing = named_combo(self, "exportOnExisting", tr("If a file exists"), _ON_EXISTING_WORDS)
        shrinkable(self._on_existing)
        self._taken = self._note("exportTaken", "warning")
        self._names: tuple[str, str] | None = None
        self._lay_out()
        self._folder.textChanged.connect(self.changed)
        self._pattern.textChanged.connect(self.changed)
        self._on_existing.currentIndexChanged.connect(self.changed)
        self._browse.clicked.connect(self._on_browse_clicked)

    @property
    def choice(self) -> FilesChoice:
        """The current choice, as typed."""
        return FilesChoice(
            folder=self._folder.text(),
            name_pattern=self._pattern.text(),
            on_existing=OnExisting(self._on_existing.currentData()),
        )

    def choose(self, choice: FilesChoice) -> None:
        """Show this choice."""
        self._folder.setText(choice.folder)
        self._pattern.setText(choice.name_pattern)
        self._on_existing.setCurrentIndex(self._on_existing.findData(choice.on_existing.value))

    def show_survey(self, survey: Survey) -> None:
        """Show the first and last name, or an error message next to the name or folder."""
        self._folder_error.setText(survey.folder_error)
        self._form.setRowVisible(self._folder_error, bool(survey.folder_error))
        set_invalid(self._folder, invalid=bool(survey.folder_error))
        set_invalid(self._pattern, invalid=bool(survey.name_error))
        set_role(self._preview, "error" if survey.name_error else "muted")
        self._taken.setText(taken_words(survey.taken or 0, survey.count, self.choice.on_existing))
        self._form.setRowVisible(self._taken, bool(self._taken.text()))
        self._names = survey.names
        if survey.name_error or survey.names is None:
            self._preview.setText(survey.name_error)
            self._preview.setToolTip("")
        else:
            self._show_names()

    def _show_names(self) -> None:
        if self._names is None:
            return
        first, last = self._names
        room = max(self._preview.width(), 60)
        lines = [first] if first == last else [first, f"… {last}"]
        metrics = self._preview.fontMetrics()
        self._preview.setText(
            "\n".join(metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room) for line in lines)
        )
        self._preview.setToolTip("\n".join(dict.fromkeys(self._names)))

    def _note(self, name: str, role: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        # File names and messages are plain text: they must not be interpreted as markup.
        label.setTextFormat(Qt.TextFormat.PlainText)
        set_role(label, role)
        return label

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        for text, words in _FIELDS:
            action = QAction(f"{text}\t{words}", menu)
            action.setData(text)
            menu.addAction(action)
        menu.triggered.connect(self._on_insert_triggered)
        return menu

    def _lay_out(self) -> None:
        whole = QWidget(self)
        form = make_form(whole)
        for text, field, button in (
            (tr("Folder"), self._folder, self._browse),
            (tr("Name"), self._pattern, self._insert),
        ):
            line = QWidget(whole)
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(SPACE)
            row.addWidget(field, 1)
            row.addWidget(button)
            button.setFixedWidth(_BUTTON_WIDTH)
            form.addRow(label_for(text, whole, field), line)
            form.addRow(label_for("", whole), self._folder_error if field is self._folder else self._preview)
        form.addRow(label_for(tr("If one exists"), whole, self._on_existing), self._on_existing)
        form.addRow(label_for("", whole), self._taken)
        self._form = form
        for note in (self._folder_error, self._taken):
            form.setRowVisible(note, False)  # noqa: FBT003 - Qt's own signature
        self._preview.setMinimumHeight(2 * self._preview.fontMetrics().lineSpacing() + 2)
        self._preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(whole)
        column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Elide the names to the available width."""
        super().resizeEvent(event)
        self._show_names()

    @Slot()
    def _on_browse_clicked(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder for the pictures"), self._folder.text())
        if chosen:
            self._folder.setText(chosen)

    @Slot(QAction)
    def _on_insert_triggered(self, action: QAction) -> None:
        self._pattern.insert(str(action.data()))
        self._pattern.setFocus()


def taken_words(taken: int, count: int, on_existing: OnExisting) -> str:
    """The message about existing files before anything is written; empty if there are none."""
    if not taken:
        return ""
    who = tr("All of them exist") if taken == count else counted(taken, "of them exists", "of them exist")
    if count == 1:
        who = tr("The file exists")
    does = {
        OnExisting.ASK: tr("you will be asked"),
        OnExisting.SKIP: tr("those frames will be skipped"),
        OnExisting.OVERWRITE: tr("they will be replaced"),
        OnExisting.NUMBER: tr("the new ones will be numbered"),
    }[on_existing]
    return tr("{who} already: {does}.", who=who, does=does)
