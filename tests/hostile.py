"""Values that nobody can use, and a way to put them into every place of a JSON document."""

from __future__ import annotations

import math
from typing import Any

HOSTILE: tuple[object, ...] = (
    None, True, -1, 1 << 63, 10**400, 1.5, math.inf, math.nan, "", "x" * 1000, "../x", "a/b", [], {}, [[]],
)  # fmt: skip


def places_of(table: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The way to every value in a JSON document."""
    inner = table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ()
    return [path, *(place for key, value in inner for place in places_of(value, (*path, key)))]


def with_value(table: Any, path: tuple[object, ...], value: object) -> object:  # noqa: ANN401 - any JSON
    """A copy of a JSON document with another value in one place; a key that is not there is added."""
    if not path:
        return value
    key, *rest = path
    if isinstance(table, list):
        return [with_value(one, tuple(rest), value) if key == n else one for n, one in enumerate(table)]
    return {**table, key: with_value(table.get(key), tuple(rest), value)}
