"""What the videos of the queue become: layouts of a data set, splits, classes, and how many run at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from framescope.core.dataset.build import DataSetForm
from framescope.core.dataset.classes import FROM_FOLDER, Classes
from framescope.core.dataset.layouts import LAYOUTS, LayoutChoice
from framescope.core.dataset.splits import Splits
from framescope.core.errors import SettingsError
from framescope.core.machine_cores import core_count
from framescope.core.media.container import file_name
from framescope.core.text import listed
from framescope.core.translation import tr
from framescope.ui.widgets.roles import inset_text, named_combo, named_line, push_button, set_invalid
from framescope.ui.widgets.theme import SPACE
from framescope.ui.widgets.tick_menu import TickMenu

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_CLASSES, _FILE = "", "file"
_CLASSES = {
    _NO_CLASSES: tr("No classes"),
    FROM_FOLDER: tr("Classes from folders"),
    _FILE: tr("Classes from a list…"),
}
_MOST_TITLES = 3
"""More chosen layouts are counted, so that the button stays as wide as it is."""


class DataSetFields(QWidget):
    """Two rows of fields. Nothing chosen means a folder for each video and no data set. Threads: GUI."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._list_path = ""
        self.layouts = push_button(self, "queueLayouts", "")
        self.layouts.setToolTip(tr("Files that let other programs read the pictures as one data set"))
        self._actions = {one.name: self._action(one.title, one.about) for one in LAYOUTS}
        menu = TickMenu(self)
        menu.setToolTipsVisible(True)
        menu.addActions(list(self._actions.values()))
        self.layouts.setMenu(menu)
        self._tree = QCheckBox(tr("Keep the folder tree"), self)
        self._tree.setObjectName("queueTree")
        self._tree.setToolTip(tr("Put the pictures into the same folder tree as the videos"))
        self._splits = named_line(self, "queueSplits", tr("Shares of train, val and test, by video"))
        self._splits.setPlaceholderText(tr("Splits: 80/10/10"))
        self._classes = named_combo(self, "queueClasses", tr("The class of each video"), _CLASSES)
        self._jobs = QSpinBox(self)
        self._jobs.setObjectName("queueJobs")
        self._jobs.setAccessibleName(tr("Videos at a time"))
        self._jobs.setRange(1, max(core_count(), 2))
        self._jobs.setSuffix(tr(" at a time"))
        inset_text(self._jobs)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE)
        for widgets in ((self.layouts, self._tree, self._jobs), (self._splits, self._classes)):
            row = QHBoxLayout()
            row.setSpacing(SPACE)
            rows.addLayout(row)
            for widget in widgets:
                row.addWidget(widget, 0 if widget in (self._tree, self._jobs) else 1)
        self._tree.toggled.connect(self._on_changed)
        self._splits.textChanged.connect(self._on_changed)
        self._classes.activated.connect(self._on_classes_chosen)
        self._show()

    @property
    def jobs(self) -> int:
        """How many videos to export at a time."""
        return self._jobs.value()

    @property
    def form(self) -> DataSetForm | None:
        """What was chosen; None for a folder for each video.

        Raises:
            SettingsError: The splits or the list of classes cannot be used.
        """
        texts = self.texts
        if not texts:
            return None
        splits = Splits.parse(texts["splits"]) if texts["splits"] else Splits()
        classes = Classes.parse(texts["classes"]) if texts["classes"] else Classes()
        return DataSetForm(LayoutChoice.parse(texts["layout"]), splits, classes)

    @property
    def texts(self) -> dict[str, str]:
        """What was chosen as texts, for `choose`; empty for a folder for each video."""
        kind = self._classes.currentData()
        chosen = {
            "layout": str(self._choice),
            "splits": self._splits.text().strip(),
            "classes": self._list_path if kind == _FILE else str(kind),
        }
        is_plain = self._choice == LayoutChoice() and not chosen["splits"] and not chosen["classes"]
        return {} if is_plain else chosen

    def choose(self, texts: Mapping[str, object]) -> None:
        """Choose what `texts` gave.

        Raises:
            SettingsError: It is not that.
        """
        choice = LayoutChoice.parse(str(texts.get("layout") or LayoutChoice()))
        for layout in LAYOUTS:
            self._actions[layout.name].setChecked(layout in choice.layouts)
        self._tree.setChecked(choice.mirrored)
        self._splits.setText(str(texts.get("splits", "")))
        self._choose_classes(str(texts.get("classes", "")))

    @property
    def _choice(self) -> LayoutChoice:
        chosen = tuple(one for one in LAYOUTS if self._actions[one.name].isChecked())
        return LayoutChoice(self._tree.isChecked(), chosen)

    def _action(self, title: str, about: str) -> QAction:
        action = QAction(title, self)
        action.setCheckable(True)
        action.setToolTip(about)
        action.toggled.connect(self._on_changed)
        return action

    def _choose_classes(self, text: str) -> None:
        self._list_path = text if text != FROM_FOLDER else ""
        kind = _FILE if self._list_path else text
        name = _CLASSES[_FILE]
        if self._list_path:
            name = tr("Classes from {name}", name=file_name(self._list_path))
        self._classes.setItemText(self._classes.findData(_FILE), name)
        self._classes.setCurrentIndex(self._classes.findData(kind))
        self._on_changed()

    def _show(self) -> None:
        titles = [one.title for one in self._choice.layouts]
        words = listed(titles, tr("and")) if len(titles) <= _MOST_TITLES else ""
        count = tr("{count} layouts", count=len(titles))
        self.layouts.setText((words or count) if titles else tr("No data set"))
        text = self._splits.text().strip()
        problem = ""
        try:
            if text:
                Splits.parse(text)
        except SettingsError as error:
            problem = error.in_full
        set_invalid(self._splits, invalid=bool(problem))
        about = tr("Shares of train, val and test, by video: the frames of a video stay together")
        self._splits.setToolTip(problem or about)

    @Slot()
    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    @Slot(int)
    def _on_classes_chosen(self, place: int) -> None:
        kind = self._classes.itemData(place)
        if kind != _FILE:
            self._choose_classes(str(kind))
            return
        chosen, _ = QFileDialog.getOpenFileName(self, tr("List of classes"), "", tr("Tables (*.csv)"))
        self._choose_classes(chosen or self._list_path)
