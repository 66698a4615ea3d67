"""Workspaces: arrangements of panels and strips for a purpose, and the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QInputDialog, QMessageBox

from framescope.core.translation import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from framescope.session.settings import Settings
    from framescope.ui.window.docks import Docks

_MOST_NAME = 60
_SINGLE_PANELS = {"compare": ("compare", 1.0), "label": ("labels", 0.0)}
"""Workspaces with one panel: which, and how tall the timeline is, from its least height to its tallest."""


class Workspaces(QObject):
    """Arranges the docks of a window. Threads: GUI."""

    notice_posted = Signal(str, str)
    """A sentence for display, and its level."""

    def __init__(self, window: QWidget, docks: Docks, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._docks = docks
        self._settings = settings

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the user's own layouts, in alphabetical order."""
        return tuple(sorted(self._settings.layouts, key=str.casefold))

    def use(self, name: str) -> None:
        """Arrange the window as in a workspace of the program.

        ``standard``, ``browse`` or ``inspect``, ``compare`` for two videos, ``label`` for sorting by hand.
        """
        if name in _SINGLE_PANELS:
            self._docks.show_only(*_SINGLE_PANELS[name])
        else:
            self._docks.reset(full_height=name == "inspect", with_panels=name != "browse")

    def save(self) -> None:
        """Ask for a name, and save the present layout under it."""
        name, is_given = QInputDialog.getText(self._window, tr("Save this layout"), tr("Name of the layout"))
        name = " ".join(name.split())[:_MOST_NAME]
        if is_given and name and (name not in self.names or self._may_replace(name)):
            self._settings.put_layout(name, self._docks.state())

    def _may_replace(self, name: str) -> bool:
        """Ask before a layout is lost."""
        question = QMessageBox(self._window)
        question.setObjectName("replaceLayout")
        question.setWindowTitle(tr("Save this layout"))
        question.setText(tr("There already is a layout “{name}”.", name=name))
        replacing = question.addButton(tr("Replace it"), QMessageBox.ButtonRole.AcceptRole)
        keeping = question.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keeping)
        question.setEscapeButton(keeping)
        question.exec()
        question.deleteLater()
        return question.clickedButton() is replacing

    @Slot(str)
    def restore(self, name: str) -> None:
        """Arrange the window as saved under a name."""
        state = self._settings.layouts.get(name)
        if state is not None and not self._docks.restore(state):
            self.notice_posted.emit(
                tr("The layout “{name}” was saved by a version with other panels.", name=name), "warning"
            )

    @Slot(str)
    def remove(self, name: str) -> None:
        """Forget a layout."""
        self._settings.remove_layout(name)
