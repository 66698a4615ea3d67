"""Assigns a folder to each video: the one that already holds its pictures, or a new one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from framescope.core.errors import ExportError
from framescope.core.export.manifest.reading import first_header, has_manifest
from framescope.core.export.name_pattern import folded_name
from framescope.core.export.provenance import is_same_file
from framescope.core.export.settings import OnExisting
from framescope.core.files import existing_names
from framescope.core.recipe.folder_pattern import FolderPattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from framescope.core.export.manifest.lines import ManifestHeader
    from framescope.core.recipe.recipe import Recipe


def folders_for(
    recipe: Recipe,
    sources: Sequence[str],
    folder: Path,
    *,
    each_its_own: bool = False,
    on_existing: OnExisting = OnExisting.ASK,
) -> list[Path]:
    """Where each video's pictures go: one below the folder each, or the folder itself for a single one.

    A video whose pictures are in one of those folders already keeps it, whichever others come or go. It is
    recognised by the digest in the manifest, not by its place in the list. Reads parts of the videos.

    Args:
        recipe: Gives the pattern of the folders' names.
        sources: Paths or addresses.
        folder: Output folder.
        each_its_own: Whether a single video gets a folder of its own as well.
        on_existing: With OVERWRITE, a folder whose video is not among the sources may be taken over: the
            video may have been replaced by a newer version.

    Raises:
        SettingsError: A name cannot be used.
        DestinationError: ``folder`` is not a folder, or cannot be listed.
    """
    if len(sources) == 1 and not each_its_own:
        return [folder]
    pattern = FolderPattern(recipe.folders)
    planned = pattern.planned(sources)
    by_key: dict[str, list[str]] = defaultdict(list)
    for name in sorted(existing_names(folder)):
        for key in pattern.keys(name):
            by_key[key].append(name)
    owners: dict[str, ManifestHeader | None] = {}
    kept: dict[int, str] = {}
    # Case-insensitive, because data sets are copied to case-insensitive file systems.
    taken: set[str] = set()
    for place, source in enumerate(sources):
        matcher = pattern.matcher(source)
        named = [name for name in by_key[pattern.key(planned[place])] if matcher.fullmatch(name)]
        owners |= _owners(folder, (name for name in named if name not in owners))
        # The planned name first: copies of one video are distinguished by it.
        named.sort(key=planned[place].__ne__)
        free = (name for name in named if name in owners and folded_name(name) not in taken)
        own = next((name for name in free if _is_of(owners[name], source)), None)
        if own is not None:
            kept[place] = own
            taken.add(folded_name(own))
    if on_existing is not OnExisting.OVERWRITE:
        taken |= {folded_name(name) for name in owners}
    names = []
    # Of many videos of one name, each would try the numbers of all before it.
    last: dict[str, int] = {}
    for place, plan in enumerate(planned):
        name = kept.get(place) or _free_name(plan, taken, last)
        taken.add(folded_name(name))
        names.append(name)
    return [folder / name for name in names]


def _owners(folder: Path, names: Iterable[str]) -> dict[str, ManifestHeader | None]:
    """Those of the folders with an export, with the first one into each; None if it is damaged."""
    owners: dict[str, ManifestHeader | None] = {}
    for name in names:
        if has_manifest(folder / name):
            try:
                owners[name] = first_header(folder / name)
            except ExportError:
                owners[name] = None
    return owners


def _is_of(header: ManifestHeader | None, source: str) -> bool:
    return header is not None and is_same_file(header, source)


def _free_name(planned: str, taken: set[str], last: dict[str, int]) -> str:
    again = last.get(planned.casefold(), 1)
    name = planned
    while folded_name(name) in taken:
        again += 1
        name = f"{planned}-{again}"
    last[planned.casefold()] = again
    return name
