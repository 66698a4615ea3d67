"""A one-line description of a recipe, and the recipe for the export dialog's settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.recipe.recipe import Recipe
from framescope.core.sampling.sampling import Sampling, SamplingKind, WindowUnit
from framescope.core.text import counted
from framescope.ui.export.frames.kinds import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.export.settings import ExportSettings
    from framescope.ui.export.memory import ExportChoices


def sampling_words(sampling: Sampling) -> str:
    """``every 30th frame``, ``keyframes``, ``20 frames, evenly spaced``."""
    ways: dict[SamplingKind, Callable[[], str]] = {
        SamplingKind.EVERY_NTH: lambda: f"every {_ordinal(sampling.step)} frame",
        SamplingKind.EVERY_SECONDS: lambda: f"every {sampling.interval_s:g} s",
        SamplingKind.SPREAD: lambda: f"{counted(sampling.count, 'frame')}, evenly spaced",
        SamplingKind.RATE: lambda: f"{sampling.rate_fps:g} frames per second",
        SamplingKind.CLIPS: lambda: (
            f"clips of {sampling.clips.length} frames at {sampling.rate_fps:g} a second"
        ),
        SamplingKind.LIST: lambda: f"frames {sampling.listed}",
        SamplingKind.REPRESENTATIVE: lambda: f"{sampling.representatives} representative frames",
        SamplingKind.SHARPEST: lambda: f"the sharpest of every {_window(sampling)}",
    }
    way = ways.get(sampling.kind)
    return WORDS[sampling.kind].name.lower() if way is None else way()


def picture_words(settings: ExportSettings) -> str:
    """``JPEG 95``, ``PNG``, and what else is asked of the pictures."""
    parts = [settings.image_format.label]
    if settings.image_format is ImageFormat.JPEG or not settings.is_lossless:
        parts[0] += f" {settings.quality}"
    if settings.crop is not None:
        parts.append(f"cropped to {settings.crop}")
    if settings.resize is not None:
        parts.append(f"resized to {settings.resize}")
    if settings.tone_map:
        parts.append("tone-mapped")
    return ", ".join(parts)


def recipe_words(recipe: Recipe) -> str:
    """The whole recipe in one line."""
    words = f"{sampling_words(recipe.sampling)}  ·  {picture_words(recipe.pictures)}"
    name = f"{recipe.name}: " if recipe.name else ""
    return f"{name}{words}  ·  {recipe.pictures.name_pattern}"


def recipe_of(choices: ExportChoices) -> Recipe:
    """What the export dialog is set to, as a recipe for any video.

    Raises:
        SettingsError: It chooses frames by marks or points, which belong to one video.
    """
    pictures = replace(choices.format, folder=Path(), name_pattern=choices.files.name_pattern)
    return Recipe(replace(choices.sampling, only_in_out=False), pictures)


def _window(sampling: Sampling) -> str:
    unit = "s" if sampling.window_unit is WindowUnit.SECONDS else "frames"
    return f"{sampling.window:g} {unit}"


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
