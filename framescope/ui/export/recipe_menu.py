"""The Recipe button of the export dialog: saves its settings to a file or as default, or loads them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton

from framescope.core.errors import FrameScopeError, SettingsError
from framescope.core.export.name_pattern import NamePattern
from framescope.core.recipe.recipe import SUFFIX, load_recipe, save_recipe
from framescope.core.translation import tr
from framescope.session.settings import ExportStart
from framescope.ui.export.memory import ExportChoices, defaults_to_table
from framescope.ui.export.recipe_words import recipe_of
from framescope.ui.widgets.save_target import Target, ask_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from framescope.core.recipe.recipe import Recipe
    from framescope.session.settings import Settings
    from framescope.ui.export.form import ExportForm

_FILTER = tr("Recipes (*.toml)")


class RecipeMenu(QPushButton):
    """Saves and loads the form's choices. Threads: GUI."""

    told = Signal(str, str)
    """A message, and its style role."""

    def __init__(self, form: ExportForm, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(tr("Recipe"), parent)
        self.setObjectName("exportRecipe")
        self.setAccessibleName(tr("Save or load these choices as a recipe"))
        self.setAutoDefault(False)
        self._form = form
        self._settings = settings
        menu = QMenu(self)
        self._add(menu, tr("Save as recipe…"), "exportSaveRecipe", self._on_save)
        self._add(menu, tr("Load a recipe…"), "exportLoadRecipe", self._on_load)
        menu.addSeparator()
        self._add(menu, tr("Use as default"), "exportUseAsDefault", self.use_as_default)
        self.setMenu(menu)

    def save(self, target: Target) -> bool:
        """Write the form's choices to a file; whether that worked."""
        path = target.path
        form = self._form
        choices = ExportChoices(form.frames.sampling, form.format.choice, form.files.choice)
        try:
            save_recipe(recipe_of(choices), path, replaces=target.replaces)
        except FrameScopeError as error:
            self.told.emit(error.in_full, "error")
            return False
        self.told.emit(tr("Saved as {path}.", path=path.name), "success")
        return True

    def load(self, path: Path) -> bool:
        """Set the form from a recipe; whether that worked."""
        try:
            loaded = load_recipe(path)
        except FrameScopeError as error:
            self.told.emit(error.in_full, "error")
            return False
        self._show(loaded.recipe)
        if loaded.remarks:
            self.told.emit(" ".join(loaded.remarks), "warning")
        else:
            self.told.emit(tr("Set from {path}.", path=path.name), "success")
        return True

    @Slot()
    def use_as_default(self) -> None:
        """Start with these choices of format and names for every video from now on."""
        form = self._form
        pattern = form.files.choice.name_pattern
        try:
            NamePattern(pattern)
        except SettingsError as error:
            self.told.emit(error.in_full, "error")
            return
        self._settings.export_defaults = defaults_to_table(form.format.choice, pattern)
        self._settings.export_start = ExportStart.DEFAULTS
        self.told.emit(tr("The export of each video starts with this format and these names."), "success")

    def _show(self, recipe: Recipe) -> None:
        form = self._form
        form.frames.choose(recipe.sampling)
        form.format.choose(recipe.pictures)
        form.files.choose(replace(form.files.choice, name_pattern=recipe.pictures.name_pattern))

    def _add(self, menu: QMenu, text: str, name: str, slot: Callable[[], None]) -> None:
        action = QAction(text, menu)
        action.setObjectName(name)
        action.triggered.connect(slot)
        menu.addAction(action)

    @Slot()
    def _on_save(self) -> None:
        start = str(Path(self._settings.last_folder) / f"recipe{SUFFIX}")
        target = ask_target(self, tr("Save as recipe"), start, [_FILTER], lambda path, _: _with_suffix(path))
        if target is not None:
            self.save(target)

    @Slot()
    def _on_load(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Recipe"), self._settings.last_folder, _FILTER)
        if chosen:
            self.load(Path(chosen))


def _with_suffix(path: Path) -> Path:
    return path if path.suffix.lower() == SUFFIX else path.with_name(path.name + SUFFIX)
