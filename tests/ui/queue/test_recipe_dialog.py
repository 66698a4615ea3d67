"""Choosing frames and a format with no video open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QLabel, QLineEdit

from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.recipe.recipe import OF_ONE_VIDEO, Recipe
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.ui.queue.recipe_dialog import SUGGESTED, RecipeDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def dialog(qtbot: QtBot, theme: ThemeSource) -> RecipeDialog:
    made = RecipeDialog(theme, SUGGESTED)
    qtbot.addWidget(made)
    return made


def buttons(dialog: RecipeDialog) -> QDialogButtonBox:
    box = dialog.findChild(QDialogButtonBox)
    assert isinstance(box, QDialogButtonBox)
    return box


def ok(dialog: RecipeDialog) -> bool:
    return buttons(dialog).button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_begins_with_what_suits_any_video(dialog: RecipeDialog) -> None:
    assert dialog.recipe.sampling.kind is SamplingKind.EVERY_SECONDS
    assert ok(dialog)


def test_offers_nothing_that_belongs_to_one_video(dialog: RecipeDialog) -> None:
    box = dialog.frames.kinds
    kinds = {box.itemData(row) for row in range(box.count())} - {None}
    assert kinds == {kind.value for kind in SamplingKind} - {kind.value for kind in OF_ONE_VIDEO}
    dialog.frames.choose(Sampling(kind=SamplingKind.ALL))
    only = dialog.findChild(QCheckBox, "exportOnlyInOut")
    assert only is not None
    assert not only.isVisibleTo(dialog)


def test_gives_back_what_was_chosen_before_and_what_is_changed(qtbot: QtBot, theme: ThemeSource) -> None:
    before = Recipe(Sampling(kind=SamplingKind.EVERY_NTH, step=7), name="mine")
    dialog = RecipeDialog(theme, before)
    qtbot.addWidget(dialog)
    assert dialog.recipe == before
    dialog.format.choose(replace(before.pictures, image_format=ImageFormat.PNG))
    dialog.frames.choose(Sampling(kind=SamplingKind.KEYFRAMES))
    with qtbot.waitSignal(dialog.recipe_chosen) as chosen:
        buttons(dialog).accepted.emit()
    assert isinstance(chosen.args, list)
    recipe = chosen.args[0]
    assert isinstance(recipe, Recipe)
    assert (recipe.name, recipe.sampling.kind) == ("mine", SamplingKind.KEYFRAMES)
    assert recipe.pictures.image_format is ImageFormat.PNG


def test_names_that_cannot_be_used_are_refused_with_the_reason(dialog: RecipeDialog) -> None:
    field, note = dialog.findChild(QLineEdit, "recipePattern"), dialog.findChild(QLabel, "recipeNote")
    assert isinstance(field, QLineEdit)
    assert isinstance(note, QLabel)
    field.setText("{nothing}")
    assert not ok(dialog)
    assert "{nothing}" in note.text()
    field.setText("{stem}_{frame}")
    assert ok(dialog)
