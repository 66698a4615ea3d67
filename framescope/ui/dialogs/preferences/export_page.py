"""The page of the preferences with what exports start with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QWidget

from framescope.core.errors import SettingsError
from framescope.core.export.name_pattern import NamePattern
from framescope.core.export.settings import ExportSettings
from framescope.core.translation import tr
from framescope.session.settings import ExportStart
from framescope.ui.dialogs.preferences.page import LABEL_WIDTH, Page
from framescope.ui.export.format_section import FormatOptions
from framescope.ui.export.memory import choices_from_table, defaults_to_table
from framescope.ui.widgets.roles import LABEL_WIDTH as OPTIONS_LABEL_WIDTH
from framescope.ui.widgets.roles import named_line, plain_label, push_button, set_invalid
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.session.settings import Settings


class ExportPage(Page):
    """Format, names and folder of the export of another video."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, tr("Export"))
        self.add_choice(
            "export_start",
            tr("Start with"),
            ExportStart,
            {
                ExportStart.LAST: tr("The format and names of the last export"),
                ExportStart.DEFAULTS: tr("The defaults below"),
            },
            tr("For each video that is opened. In the export dialog, Recipe > Use as default sets them too."),
        )
        self._folder = named_line(self, "export_folder", tr("Folder"))
        self._folder.setPlaceholderText(tr("Beside the video"))
        browse = push_button(self, "browseExportFolder", tr("Browse…"))
        browse.clicked.connect(self._on_browse_clicked)
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self._folder, 1)
        row.addWidget(browse)
        self.add_row(tr("Folder"), line, tr("Each video’s frames get a folder of their own in it."))
        self.follow("export_folder", self._show_folder)
        self._folder.editingFinished.connect(self._on_folder_edited)
        self.add_heading(tr("Defaults"))
        self._pattern = named_line(self, "export_pattern", tr("Name pattern"))
        self.add_row(tr("Names"), self._pattern)
        self._problem = plain_label("exportPatternError", "error", self)
        self.form.addRow("", self._problem)
        self.form.setRowVisible(self._problem, False)  # noqa: FBT003 - Qt's own signature
        self._options = FormatOptions(self)
        for label in self._options.findChildren(QLabel):
            if label.minimumWidth() == OPTIONS_LABEL_WIDTH:
                label.setMinimumWidth(LABEL_WIDTH)
        self.form.addRow(self._options)
        self._pattern.textEdited.connect(self._on_edited)
        self._options.changed.connect(self._on_edited)
        self.follow("export_defaults", self._show_defaults)
        self.follow("export_start", self._show_start)

    @Slot()
    def _show_folder(self) -> None:
        if self._folder.text() != self.settings.export_folder:
            self._folder.setText(self.settings.export_folder)

    def _show_defaults(self) -> None:
        if self._table() == self.settings.export_defaults:
            return
        choices = choices_from_table(self.settings.export_defaults)
        with QSignalBlocker(self._options), QSignalBlocker(self._pattern):
            self._options.choose(choices.format)
            self._pattern.setText(choices.files.name_pattern)

    def _show_start(self) -> None:
        is_used = self.settings.export_start is ExportStart.DEFAULTS
        self._options.setEnabled(is_used)
        self._pattern.setEnabled(is_used)

    def _table(self) -> dict[str, object]:
        return defaults_to_table(self._options.applied(ExportSettings(Path())), self._pattern.text())

    @Slot()
    def _on_edited(self) -> None:
        problem = ""
        try:
            NamePattern(self._pattern.text())
        except SettingsError as error:
            problem = error.in_full
        self._problem.setText(problem)
        self.form.setRowVisible(self._problem, bool(problem))
        set_invalid(self._pattern, invalid=bool(problem))
        if not problem:
            self.settings.export_defaults = self._table()

    @Slot()
    def _on_folder_edited(self) -> None:
        if self._folder.text() != self.settings.export_folder:
            self.settings.export_folder = self._folder.text()

    @Slot()
    def _on_browse_clicked(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder for exports"), self._folder.text())
        if chosen:
            self.settings.export_folder = chosen
