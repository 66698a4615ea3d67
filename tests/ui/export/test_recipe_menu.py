"""The button “Recipe” of the export dialog."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.recipe.recipe import Recipe, load_recipe, save_recipe
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.session.settings import Settings
from framescope.ui.export.dialog import ExportDialog
from framescope.ui.export.form import ExportForm
from framescope.ui.export.memory import first_choices
from framescope.ui.export.recipe_menu import RecipeMenu
from framescope.ui.widgets.save_target import Target
from tests.ui.clip.session import PATIENCE_MS, open_session
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def form(qtbot: QtBot, controller: Controller, theme: ThemeSource) -> ExportForm:
    widget = ExportForm(controller, theme, Settings())
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def menu(qtbot: QtBot, form: ExportForm) -> RecipeMenu:
    button = RecipeMenu(form, Settings())
    qtbot.addWidget(button)
    return button


def test_what_is_chosen_is_saved_and_comes_back(form: ExportForm, menu: RecipeMenu, tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    menu.told.connect(lambda words, role: told.append((words, role)))
    recipe = Recipe(
        Sampling(SamplingKind.EVERY_NTH, step=7),
        ExportSettings(Path(), ImageFormat.PNG, compression=6, name_pattern="{frame:04d}"),
    )
    save_recipe(recipe, tmp_path / "given.toml", replaces=False)
    folder = form.files.choice.folder
    assert menu.load(tmp_path / "given.toml")
    assert (form.frames.sampling.kind, form.frames.sampling.step) == (SamplingKind.EVERY_NTH, 7)
    assert form.format.choice.image_format is ImageFormat.PNG
    assert form.files.choice == replace(form.files.choice, folder=folder, name_pattern="{frame:04d}")
    assert menu.save(Target(tmp_path / "kept.toml", replaces=False))
    kept = load_recipe(tmp_path / "kept.toml").recipe
    assert (kept.sampling.kind, kept.sampling.step) == (SamplingKind.EVERY_NTH, 7)
    assert (kept.pictures.compression, kept.pictures.name_pattern) == (6, "{frame:04d}")
    assert [role for _, role in told] == ["success", "success"]


def test_what_is_no_recipe_is_said(form: ExportForm, menu: RecipeMenu, tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    menu.told.connect(lambda words, role: told.append((words, role)))
    assert not menu.load(tmp_path / "missing.toml")
    form.frames.choose(Sampling(SamplingKind.THIS))
    assert not menu.save(Target(tmp_path / "a.toml", replaces=False))
    assert not (tmp_path / "a.toml").exists()
    text = "framescope_recipe = 1\nx = 1\n[frames]\nkind = 'all'\n"
    (tmp_path / "odd.toml").write_text(text, encoding="utf-8")
    assert menu.load(tmp_path / "odd.toml")
    assert [role for _, role in told] == ["error", "error", "warning"]
    assert "a single video" in told[1][0]


def test_the_menu_asks_for_a_file(
    form: ExportForm, menu: RecipeMenu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form.frames.choose(Sampling(SamplingKind.KEYFRAMES))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / "a"), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "a.toml"), ""))
    actions = menu.menu().actions()
    actions[0].trigger()
    form.frames.choose(Sampling(SamplingKind.ALL))
    actions[1].trigger()
    assert form.frames.sampling.kind is SamplingKind.KEYFRAMES


def test_the_export_dialog_says_what_a_recipe_did_until_something_is_edited(
    qtbot: QtBot, plain_clip: Path, theme: ThemeSource, tmp_path: Path
) -> None:
    recipe = Recipe(Sampling(SamplingKind.KEYFRAMES), ExportSettings(Path(), ImageFormat.PNG))
    save_recipe(recipe, tmp_path / "keys.toml", replaces=False)
    with open_session(qtbot, plain_clip) as controller:
        dialog = ExportDialog(controller, theme, Settings())
        qtbot.addWidget(dialog)
        dialog.show()
        start, note = part(dialog, QPushButton, "exportStart"), part(dialog, QLabel, "exportNote")
        assert part(dialog, RecipeMenu, "exportRecipe").load(tmp_path / "keys.toml")
        qtbot.waitUntil(lambda: start.text() == "Export 4 frames", timeout=PATIENCE_MS)
        assert note.text() == "Set from keys.toml."
        dialog.form.frames.choose(Sampling(SamplingKind.ALL))
        qtbot.waitUntil(lambda: start.text() == "Export 48 frames", timeout=PATIENCE_MS)
        assert note.text() == ""


def test_what_is_chosen_becomes_the_default(qtbot: QtBot, form: ExportForm) -> None:
    settings = Settings()
    menu = RecipeMenu(form, settings)
    qtbot.addWidget(menu)
    form.format.choose(ExportSettings(Path(), ImageFormat.PNG, compression=6))
    form.files.choose(replace(form.files.choice, folder="/elsewhere", name_pattern="{frame:04d}"))
    menu.use_as_default()
    first = first_choices(settings)
    assert (first.format.image_format, first.format.compression) == (ImageFormat.PNG, 6)
    assert (first.files.name_pattern, first.files.folder) == ("{frame:04d}", "")
    form.files.choose(replace(form.files.choice, name_pattern="{nothing}"))
    with qtbot.waitSignal(menu.told) as told:
        menu.use_as_default()
    assert told.args[1] == "error"
    assert first_choices(settings).files.name_pattern == "{frame:04d}"
