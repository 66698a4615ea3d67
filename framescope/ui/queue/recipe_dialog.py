"""The dialog that chooses frames and format for several videos, none of which is open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from framescope.core.errors import SettingsError
from framescope.core.export.name_pattern import NamePattern
from framescope.core.recipe.recipe import Recipe
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.translation import tr
from framescope.ui.export.format_section import FormatSection
from framescope.ui.export.frames.section import FramesSection
from framescope.ui.export.recipe_words import picture_words, sampling_words
from framescope.ui.export.tabs import SectionTabs
from framescope.ui.widgets.roles import named_line, plain_label
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.ui.widgets.theme import ThemeSource

SUGGESTED = Recipe(Sampling(kind=SamplingKind.EVERY_SECONDS))
"""The initial recipe: it suits videos of any length and rate."""


class RecipeDialog(QDialog):
    """Edits a recipe. Threads: GUI."""

    recipe_chosen = Signal(object)
    """`Recipe`: OK was clicked."""

    def __init__(self, theme: ThemeSource, recipe: Recipe, parent: QWidget | None = None) -> None:
        """Show a recipe.

        Args:
            theme: Colours of the tabs.
            recipe: The recipe to start from.
            parent: The widget that owns it.
        """
        super().__init__(parent)
        self.setObjectName("recipeDialog")
        self.setWindowTitle(tr("Frames and format"))
        self._before = recipe
        self.frames = FramesSection(theme, self)
        self.frames.offer_for_any_video()
        self.format = FormatSection(self)
        self._pattern = named_line(self, "recipePattern", tr("Names of the files"))
        self._note = plain_label("recipeNote", "error", self)
        self._tabs = SectionTabs({"frames": tr("Frames"), "format": tr("Format")}, theme, self)
        self._summaries = [self._tabs.add_page(page) for page in (self.frames, self.format)]
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._buttons.accepted.connect(self._on_accepted)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self.frames.choose(self._before.sampling)
        self.format.choose(self._before.pictures)
        self._pattern.setText(self._before.pictures.name_pattern)
        self.frames.changed.connect(self._refresh)
        self.format.changed.connect(self._refresh)
        self._pattern.textChanged.connect(self._refresh)
        self._refresh()
        self.resize(520, 620)

    @property
    def recipe(self) -> Recipe:
        """The current recipe.

        Raises:
            SettingsError: The name pattern is not valid.
        """
        pattern = self._pattern.text().strip()
        NamePattern(pattern)
        pictures = replace(self.format.choice, name_pattern=pattern)
        return replace(self._before, sampling=self.frames.sampling, pictures=pictures)

    def _lay_out(self) -> None:
        names = QLabel(tr("Names of the files"), self)
        set_role(names, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self._tabs, 1)
        column.addWidget(names)
        column.addWidget(self._pattern)
        column.addWidget(self._note)
        column.addWidget(self._buttons)

    @Slot()
    def _refresh(self) -> None:
        problem = ""
        try:
            recipe = self.recipe
            self._summaries[0].show_summary(sampling_words(recipe.sampling))
            self._summaries[1].show_summary(picture_words(recipe.pictures))
        except SettingsError as error:
            problem = error.in_full
        self._note.setText(problem)
        self._note.setVisible(bool(problem))
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not problem)

    @Slot()
    def _on_accepted(self) -> None:
        self.recipe_chosen.emit(self.recipe)
        self.accept()
