"""A recipe: which frames, in which format, under which names; stored as TOML."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w

from framescope.core.errors import SettingsError
from framescope.core.export.settings import ExportSettings, settings_from_table
from framescope.core.files import write_file
from framescope.core.outside import parse_toml, read_small_file
from framescope.core.printable import printable
from framescope.core.recipe.folder_pattern import DEFAULT_FOLDER_PATTERN, FolderPattern
from framescope.core.sampling.sampling import Sampling, SamplingKind, sampling_from_table
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

VERSION = 1
SUFFIX = ".toml"
_MARK = "framescope_recipe"
OF_ONE_VIDEO = {
    SamplingKind.THIS: tr("this frame"),
    SamplingKind.MARKED: tr("the marked frames"),
    SamplingKind.IN_OUT: tr("the frames between in and out"),
}
"""Ways of choosing frames that have no meaning for another video."""
_NOT_KEPT = frozenset({"folder", "on_existing"})
"""Settings of one export: where it goes, and what happens to what is there."""
_TOP_KEYS = frozenset({_MARK, "name", "description", "frames", "pictures", "output"})
_ALWAYS_TOLD = frozenset({"kind", "image_format", "name_pattern"})
_MOST_BYTES = 1 << 20
_HEAD = """\
# A recipe of FrameScope: which frames of a video to save, as what, and under which names.
#   framescope export --recipe {name} -o FOLDER VIDEO…
# Missing values use the defaults.

"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is to be done with any video.

    Attributes:
        sampling: Which frames.
        pictures: As what, and under which names; its folder means nothing here.
        folders: The name of each video's folder where there are several; see `FolderPattern`.
        name: What people call it.
        description: What it is for.

    Raises:
        SettingsError: It chooses frames by marks or points, which belong to one video.
    """

    sampling: Sampling
    pictures: ExportSettings = field(default_factory=lambda: ExportSettings(Path()))
    folders: str = DEFAULT_FOLDER_PATTERN
    name: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        """Refuse what has no meaning for another video."""
        words = OF_ONE_VIDEO.get(self.sampling.kind)
        if words is not None:
            raise SettingsError(
                tr("A recipe cannot contain “{words}”: that applies to a single video.", words=words),
                hint=tr("Choose frames in another way, such as one per second."),
            )
        FolderPattern(self.folders)

    def as_table(self) -> dict[str, Any]:
        """The content of the file: all that is not the default."""
        table: dict[str, Any] = {_MARK: VERSION}
        table |= {key: value for key in ("name", "description") if (value := getattr(self, key))}
        frames = replace(self.sampling, only_in_out=False).as_table()
        pictures = {key: value for key, value in self.pictures.as_table().items() if key not in _NOT_KEPT}
        table["frames"] = _told(frames, Sampling().as_table())
        table["pictures"] = _told(pictures, ExportSettings(Path()).as_table())
        if self.folders != DEFAULT_FOLDER_PATTERN:
            table["output"] = {"folders": self.folders}
        return table


@dataclass(frozen=True, slots=True)
class LoadedRecipe:
    """A recipe out of a file.

    Attributes:
        recipe: What it says.
        remarks: Sentences on keys that this version does not know and leaves aside.
    """

    recipe: Recipe
    remarks: tuple[str, ...] = ()


def recipe_text(recipe: Recipe, file_name: str = "RECIPE.toml") -> str:
    """The recipe as TOML, with a line on how to use it."""
    return _HEAD.format(name=printable(file_name)) + tomli_w.dumps(recipe.as_table())


def save_recipe(recipe: Recipe, path: Path, *, replaces: bool, sources: Iterable[str] = ()) -> None:
    """Write a recipe whole or not at all.

    Args:
        recipe: What to write.
        path: The file.
        replaces: Whether a file of this name may be replaced.
        sources: Videos that it is executed on, which are never replaced.

    Raises:
        TargetExistsError: There is a file of this name already, and it may not be replaced.
        DestinationError: The file cannot be written.
    """
    write_file(path, recipe_text(recipe, path.name).encode("utf-8"), replaces=replaces, sources=sources)


def load_recipe(path: Path) -> LoadedRecipe:
    """Read a recipe.

    Raises:
        SettingsError: There is no such file, it is not a recipe, it is of a later version, or a value in it
            cannot be used.
    """
    try:
        text = read_small_file(path, _MOST_BYTES).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _no_recipe(path.name, tr("it is not text")) from error
    except OSError as error:
        raise SettingsError(
            tr("The recipe {path} cannot be read: {strerror}.", path=path, strerror=error.strerror)
        ) from error
    return parse_recipe(text, path.name)


def parse_recipe(text: str, name: str = tr("The recipe")) -> LoadedRecipe:
    """Read a recipe's TOML; see `load_recipe` for what it raises.

    Args:
        text: The TOML.
        name: What messages call it.
    """
    try:
        table = parse_toml(text)
    except ValueError as error:
        raise _no_recipe(name, tr("it is not TOML ({error})", error=error)) from error
    version = table.get(_MARK)
    if type(version) is not int:
        raise _no_recipe(name, tr("it does not contain {mark} = {version}", mark=_MARK, version=VERSION))
    if version > VERSION:
        raise SettingsError(
            tr(
                "{name} is of version {version}; this version of FrameScope supports up to {newest}.",
                name=name,
                version=version,
                newest=VERSION,
            ),
            hint=tr("Install a newer FrameScope."),
        )
    frames, pictures, output = (_part(table, part, name) for part in ("frames", "pictures", "output"))
    sampling = sampling_from_table(frames)
    settings = settings_from_table(
        {key: value for key, value in pictures.items() if key not in _NOT_KEPT}, folder=Path()
    )
    known_pictures = {key: value for key, value in settings.as_table().items() if key not in _NOT_KEPT}
    remarks = [
        *_unknown(
            {key: value for key, value in table.items() if key not in ("frames", "pictures", "output")}
        ),
        *_compare(frames, sampling.as_table(), "frames", name),
        *_compare(pictures, known_pictures, "pictures", name),
        *_compare(output, {"folders": DEFAULT_FOLDER_PATTERN}, "output", name, is_checked=False),
    ]
    recipe = Recipe(
        sampling=sampling,
        pictures=settings,
        folders=_words(output, "folders", DEFAULT_FOLDER_PATTERN, name),
        name=_words(table, "name", "", name),
        description=_words(table, "description", "", name),
    )
    return LoadedRecipe(recipe, tuple(remarks))


def _told(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Values that differ from their defaults, and those that a reader looks for."""
    kept: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            inner = _told(value, defaults.get(key, {}))
            if inner:
                kept[key] = inner
        elif key in _ALWAYS_TOLD or value != defaults.get(key):
            kept[key] = value
    return kept


def _part(table: Mapping[str, Any], part: str, name: str) -> dict[str, Any]:
    value = table.get(part, {})
    if not isinstance(value, dict):
        raise SettingsError(
            tr("{name}: {part} is not a table.", name=name, part=part),
            hint=tr("Write it as [{part}].", part=part),
        )
    return value


def _words(table: Mapping[str, Any], key: str, default: str, name: str) -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise SettingsError(tr("{name}: {key} = {value!r} is not text.", name=name, key=key, value=value))
    return value


def _unknown(table: Mapping[str, Any]) -> Iterator[str]:
    for key in table:
        if key not in _TOP_KEYS:
            yield tr("{key} is unknown and was ignored.", key=key)


def _compare(
    given: Mapping[str, Any], known: Mapping[str, Any], where: str, name: str, *, is_checked: bool = True
) -> Iterator[str]:
    """Sentences on unknown keys; a value that did not arrive is refused, not replaced in silence.

    Raises:
        SettingsError: A value cannot be used.
    """
    for key, value in given.items():
        place = f"{where}.{key}"
        if key not in known:
            yield tr("{place} is unknown and was ignored.", place=place)
        elif isinstance(known[key], dict) and isinstance(value, dict):
            yield from _compare(value, known[key], place, name)
        elif is_checked and not _is_same(value, known[key]):
            raise SettingsError(
                tr("{name}: {place} = {value!r} cannot be used.", name=name, place=place, value=value),
                hint=tr("For example, use {known!r}.", known=known[key]),
            )


def _is_same(given: object, arrived: object) -> bool:
    if isinstance(given, bool) or isinstance(arrived, bool):
        return given is arrived
    if isinstance(given, (int, float)) and isinstance(arrived, (int, float)):
        return math.isclose(given, arrived)
    return given == arrived


def _no_recipe(name: str, reason: str) -> SettingsError:
    return SettingsError(tr("{name} is not a FrameScope recipe: {reason}.", name=name, reason=reason))
