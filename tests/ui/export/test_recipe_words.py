"""Recipes in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from framescope.core.errors import SettingsError
from framescope.core.export.geometry import Crop, Resize
from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.recipe.recipe import Recipe
from framescope.core.sampling.rate import ClipRule
from framescope.core.sampling.refinement import Refinement
from framescope.core.sampling.sampling import Sampling, SamplingKind, WindowUnit
from framescope.ui.export.memory import ExportChoices
from framescope.ui.export.recipe_words import picture_words, recipe_of, recipe_words, sampling_words
from framescope.ui.export.survey import FilesChoice


@pytest.mark.parametrize(
    ("sampling", "words"),
    [
        (Sampling(SamplingKind.EVERY_NTH, step=2), "every 2nd frame"),
        (Sampling(SamplingKind.EVERY_NTH, step=11), "every 11th frame"),
        (Sampling(SamplingKind.EVERY_NTH, step=21), "every 21st frame"),
        (Sampling(SamplingKind.EVERY_SECONDS, interval_s=0.5), "every 0.5 s"),
        (Sampling(SamplingKind.CLIPS, rate_fps=5, clips=ClipRule(16)), "clips of 16 frames at 5 a second"),
        (
            Sampling(SamplingKind.SHARPEST, window=12, window_unit=WindowUnit.FRAMES),
            "the sharpest of every 12 frames",
        ),
        (Sampling(SamplingKind.KEYFRAMES), "keyframes"),
        (
            Sampling(SamplingKind.KEYFRAMES, refine=Refinement("0:9", True, 1, 20)),  # noqa: FBT003
            "keyframes, without frames 0:9, without near-duplicates, at most 1 frame of each scene, "
            "at most 20 frames",
        ),
    ],
)
def test_a_choice_is_said(sampling: Sampling, words: str) -> None:
    assert sampling_words(sampling) == words


def test_every_kind_has_words() -> None:
    assert all(sampling_words(Sampling(kind)) for kind in SamplingKind)


def test_pictures_are_said() -> None:
    assert picture_words(ExportSettings(Path(), quality=80)) == "JPEG 80"
    png = ExportSettings(Path(), ImageFormat.PNG, crop=Crop(0, 0, 8, 8), resize=Resize(longest=640))
    assert picture_words(png).startswith("PNG, cropped to ")
    assert "resized to" in picture_words(png)
    assert picture_words(ExportSettings(Path(), ImageFormat.WEBP, lossless=True)) == "WebP"


def test_the_dialogs_choices_become_a_recipe() -> None:
    choices = ExportChoices(
        Sampling(SamplingKind.KEYFRAMES, only_in_out=True),
        ExportSettings(Path("/somewhere"), ImageFormat.PNG),
        FilesChoice(folder="/somewhere", name_pattern="{pts}"),
    )
    recipe = recipe_of(choices)
    assert recipe == Recipe(
        Sampling(SamplingKind.KEYFRAMES), ExportSettings(Path(), ImageFormat.PNG, name_pattern="{pts}")
    )
    assert recipe_words(recipe) == "keyframes  ·  PNG  ·  {pts}"
    with pytest.raises(SettingsError):
        recipe_of(ExportChoices())
