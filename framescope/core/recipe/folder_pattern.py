"""Names of folders, one a video, made from a pattern such as ``{stem}``."""

from __future__ import annotations

import string
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.export.name_pattern import check_file_name, is_safe_format, source_stem
from framescope.core.media.container import local_path

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_FOLDER_PATTERN = "{stem}"
_FIELDS = frozenset({"stem", "number", "parent"})
_HINT = "Fields are {stem}, {number:03d} and {parent}, the name of the folder that the video is in."


class FolderPattern:
    """A checked pattern; fields are ``{stem}``, ``{number}`` (from 1) and ``{parent}``."""

    def __init__(self, text: str) -> None:
        """Check ``text``.

        Raises:
            SettingsError: It is empty, not closed, or has a field or a character that cannot be used.
        """
        self.text = text
        try:
            fields = [piece[1:] for piece in string.Formatter().parse(text) if piece[1] is not None]
        except ValueError as error:
            raise SettingsError(f"The folder “{text}” cannot be read: {error}.", hint=_HINT) from error
        for name, spec, conversion in fields:
            if name not in _FIELDS:
                raise SettingsError(f"There is no field {{{name}}} for folders.", hint=_HINT)
            if not is_safe_format(spec or "", conversion):
                raise SettingsError(f"The format of {{{name}}} cannot be used.", hint=_HINT)
        self._fill("clip", 1, "videos")

    def names(self, sources: Sequence[str]) -> list[str]:
        """A name for the folder of each video; the second of one name gets a number.

        Raises:
            SettingsError: A name cannot be used.
        """
        names: list[str] = []
        taken: set[str] = set()
        for number, source in enumerate(sources, 1):
            path = local_path(source)
            parent = Path() if path is None else path.parent
            planned = self._fill(source_stem(source), number, parent.name or "videos")
            name, again = planned, 1
            # As systems that do not tell capitals apart would have it: data sets travel.
            while name.casefold() in taken:
                again += 1
                name = f"{planned}-{again}"
            taken.add(name.casefold())
            names.append(name)
        return names

    def _fill(self, stem: str, number: int, parent: str) -> str:
        try:
            name = self.text.format(stem=stem, number=number, parent=parent)
        except (ValueError, KeyError, IndexError, AttributeError) as error:
            raise SettingsError(f"The folder “{self.text}” cannot be made: {error}.", hint=_HINT) from error
        check_file_name(name)
        return name
