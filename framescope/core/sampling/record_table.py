"""Converts settings records to plain values for text files, and back."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from framescope.core.errors import SettingsError
from framescope.core.outside import MOST_NUMBER
from framescope.core.text import grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    _Record = TypeVar("_Record", bound=DataclassInstance)
else:
    _Record = TypeVar("_Record")


def check_numbers(record: DataclassInstance) -> None:
    """Refuse numbers that are not finite or absurdly large, including in nested records.

    Raises:
        SettingsError: There is one.
    """
    for part in fields(record):
        value = getattr(record, part.name)
        if is_dataclass(value) and not isinstance(value, type):
            check_numbers(value)
        # Written this way because NaN fails any comparison.
        elif isinstance(value, (int, float)) and not abs(value) <= MOST_NUMBER:
            raise SettingsError(
                tr(
                    "{name} = {value!s:.40} cannot be used.",
                    name=part.name.replace("_", " "),
                    value=value,
                ),
                hint=tr("Numbers go up to {most_number}.", most_number=grouped(MOST_NUMBER)),
            )


def record_to_table(record: DataclassInstance) -> dict[str, Any]:
    """A table of JSON and TOML types by field name; nested records become nested tables."""
    table: dict[str, Any] = {}
    for part in fields(record):
        value = getattr(record, part.name)
        if is_dataclass(value) and not isinstance(value, type):
            table[part.name] = record_to_table(value)
        else:
            table[part.name] = value.value if isinstance(value, StrEnum) else value
    return table


def record_from_table(default: _Record, table: object) -> _Record:
    """The record from a table; missing or invalid values are taken from ``default``."""
    if not isinstance(table, dict):
        return default
    values: dict[str, Any] = {
        part.name: _usable(getattr(default, part.name), table[part.name])
        for part in fields(default)
        if part.name in table
    }
    return replace(default, **values)


def _usable(default: object, stored: object) -> object:
    """``stored`` if it has the default's type, else the default."""
    if is_dataclass(default) and not isinstance(default, type):
        return record_from_table(default, stored)
    if isinstance(default, StrEnum):
        return next((member for member in type(default) if member.value == stored), default)
    if isinstance(default, float) and type(stored) is int:
        return float(stored)
    if type(stored) is not type(default):
        return default
    return default if isinstance(stored, float) and not math.isfinite(stored) else stored
