"""Folder names, one per video, from a pattern such as ``{stem}``."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.export.name_pattern import check_file_name, is_safe_format, source_stem
from framescope.core.media.container import local_path
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_FOLDER_PATTERN = "{stem}"
_FIELDS = frozenset({"stem", "number", "parent"})
_NUMBERED = re.compile(r"-\d+$")
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
            raise SettingsError(
                tr("The folder “{text}” cannot be read: {error}.", text=text, error=error), hint=_HINT
            ) from error
        for name, spec, conversion in fields:
            if name not in _FIELDS:
                raise SettingsError(tr("There is no field {{{name}}} for folders.", name=name), hint=_HINT)
            if not is_safe_format(spec or "", conversion):
                raise SettingsError(tr("The format of {{{name}}} cannot be used.", name=name), hint=_HINT)
        self._has_number = any(name == "number" for name, _, _ in fields)
        self._fill("clip", 1, "videos")

    def planned(self, sources: Sequence[str]) -> list[str]:
        """The pattern filled in for each video; two may get the same.

        Raises:
            SettingsError: A name cannot be used.
        """
        return [self._fill(source_stem(one), number, _parent(one)) for number, one in enumerate(sources, 1)]

    def matcher(self, source: str) -> re.Pattern[str]:
        """Matches every name that a video's folder may have, in whatever list and at whatever place."""
        parts = []
        for literal, field, spec, _ in string.Formatter().parse(self.text):
            parts.append(re.escape(literal))
            if field == "number":
                parts.append(r"\d+")
            elif field is not None:
                value = source_stem(source) if field == "stem" else _parent(source)
                parts.append(re.escape(format(value, spec or "")))
        return re.compile(rf"{''.join(parts)}(-\d+)?", re.IGNORECASE)

    def keys(self, name: str) -> set[str]:
        """Under which keys to look for the folder ``name``; see `key`."""
        if self._has_number:
            return {""}
        folded = name.casefold()
        return {folded, _NUMBERED.sub("", folded)}

    def key(self, planned: str) -> str:
        """The key of every folder that `matcher` may match, for a video with this planned name.

        Looked up, because a data set may have a hundred thousand folders. Where names have numbers, which
        depend on the list, all folders have the same key.
        """
        return "" if self._has_number else planned.casefold()

    def _fill(self, stem: str, number: int, parent: str) -> str:
        try:
            name = self.text.format(stem=stem, number=number, parent=parent)
        except (ValueError, KeyError, IndexError, AttributeError) as error:
            raise SettingsError(
                tr("The folder “{text}” cannot be made: {error}.", text=self.text, error=error), hint=_HINT
            ) from error
        check_file_name(name)
        return name


def _parent(source: str) -> str:
    path = local_path(source)
    return (path.parent.name if path is not None else "") or "videos"
