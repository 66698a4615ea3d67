"""A one-line description of a recipe, and the recipe for the export dialog's settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.recipe.recipe import Recipe
from framescope.core.sampling.sampling import Sampling, SamplingKind, WindowUnit
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.ui.export.frames.kinds import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framescope.core.export.settings import ExportSettings
    from framescope.core.sampling.refinement import Refinement
    from framescope.ui.export.memory import ExportChoices


def sampling_words(sampling: Sampling) -> str:
    """``every 30th frame``, ``keyframes``, ``20 frames, evenly spaced``."""
    ways: dict[SamplingKind, Callable[[], str]] = {
        SamplingKind.EVERY_NTH: lambda: tr("every {ordinal} frame", ordinal=_ordinal(sampling.step)),
        SamplingKind.EVERY_SECONDS: lambda: tr("every {interval_s:g} s", interval_s=sampling.interval_s),
        SamplingKind.SPREAD: lambda: tr(
            "{frames}, evenly spaced", frames=counted(sampling.count, "frame", "frames")
        ),
        SamplingKind.RATE: lambda: tr("{rate_fps:g} frames per second", rate_fps=sampling.rate_fps),
        SamplingKind.CLIPS: lambda: tr(
            "clips of {length} frames at {rate_fps:g} a second",
            length=sampling.clips.length,
            rate_fps=sampling.rate_fps,
        ),
        SamplingKind.LIST: lambda: tr("frames {listed}", listed=sampling.listed),
        SamplingKind.REPRESENTATIVE: lambda: tr(
            "{representatives} representative frames", representatives=sampling.representatives
        ),
        SamplingKind.SHARPEST: lambda: tr("the sharpest of every {window}", window=_window(sampling)),
    }
    way = ways.get(sampling.kind)
    chosen = WORDS[sampling.kind].name.lower() if way is None else way()
    return ", ".join([chosen, *_refinement_words(sampling.refine)])


def _refinement_words(refine: Refinement) -> Iterator[str]:
    if refine.excluded.strip():
        yield tr("without frames {excluded}", excluded=refine.excluded)
    if refine.without_duplicates:
        yield tr("without near-duplicates")
    if refine.per_scene:
        yield tr("at most {frames} of each scene", frames=counted(refine.per_scene, "frame", "frames"))
    if refine.at_most:
        yield tr("at most {frames}", frames=counted(refine.at_most, "frame", "frames"))


def picture_words(settings: ExportSettings) -> str:
    """``JPEG 95``, ``PNG``, and other picture options."""
    parts = [settings.image_format.label]
    if settings.image_format is ImageFormat.JPEG or not settings.is_lossless:
        parts[0] += f" {settings.quality}"
    if settings.crop is not None:
        parts.append(tr("cropped to {crop}", crop=settings.crop))
    if settings.resize is not None:
        parts.append(tr("resized to {resize}", resize=settings.resize))
    if settings.tone_map:
        parts.append("tone-mapped")
    return ", ".join(parts)


def recipe_words(recipe: Recipe) -> str:
    """The whole recipe in one line."""
    words = f"{sampling_words(recipe.sampling)}  ·  {picture_words(recipe.pictures)}"
    name = f"{recipe.name}: " if recipe.name else ""
    return f"{name}{words}  ·  {recipe.pictures.name_pattern}"


def recipe_of(choices: ExportChoices) -> Recipe:
    """The export dialog's choices as a recipe for any video.

    Raises:
        SettingsError: The frames are chosen by marks or points, which belong to one video.
    """
    pictures = replace(choices.format, folder=Path(), name_pattern=choices.files.name_pattern)
    return Recipe(replace(choices.sampling, only_in_out=False), pictures)


def _window(sampling: Sampling) -> str:
    unit = "s" if sampling.window_unit is WindowUnit.SECONDS else tr("frames")
    return f"{sampling.window:g} {unit}"


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
