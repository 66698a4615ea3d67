"""The syntax elements of a unit in order, and by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_INDICES = re.compile(r"\[[^\]]*\]")


class Elements:
    """The values of a unit's syntax elements; array elements go by the name of their array.

    Attributes:
        code: The type of the unit.
        name: Its name.
    """

    def __init__(self, code: int, name: str, rows: Sequence[Sequence[Any]]) -> None:
        """Take the rows that ``trace_worker`` sends."""
        self.code = code
        self.name = name
        self._items: list[tuple[str, int]] = []
        self._first: dict[str, int] = {}
        for _, written, _, _, values, _ in rows:
            base = _INDICES.sub("", written)
            for value in values.split(", "):
                if value.lstrip("-").isdigit():
                    self._items.append((base, int(value)))
                    self._first.setdefault(base, int(value))

    def __bool__(self) -> bool:
        """Whether anything could be read."""
        return bool(self._items)

    def __contains__(self, name: str) -> bool:
        """Whether there is such an element."""
        return name in self._first

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Names and values, in order."""
        return iter(self._items)

    def first(self, name: str, default: int = 0) -> int:
        """The value of the first element of a name; the default if there is none."""
        return self._first.get(name, default)

    def all(self, name: str) -> list[int]:
        """The values of all elements of a name, in order."""
        return [value for each, value in self._items if each == name]
