"""What commands write: plain rows for people and pipes, JSON for programs, errors as two lines on stderr."""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from framescope.core.tables.table import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framescope.core.errors import FrameScopeError
    from framescope.core.tables.table import Table, TableFormat

Row = tuple[str, str]


def echo_error(error: FrameScopeError) -> None:
    """Write ``error: …`` and, where there is one, ``hint: …`` to stderr."""
    click.echo(f"{click.style('error:', fg='red', bold=True)} {error.message}", err=True)
    if error.hint:
        click.echo(f"{click.style('hint:', fg='cyan', bold=True)} {error.hint}", err=True)


def echo_json(value: object) -> None:
    """Write ``value`` as one indented JSON document."""
    # In an encoding that lacks characters, escapes keep what would be printed as question marks.
    is_utf8 = (getattr(sys.stdout, "encoding", None) or "utf-8").lower() == "utf-8"
    click.echo(json.dumps(plain(value), ensure_ascii=not is_utf8, indent=2, allow_nan=False))


def echo_table(table: Table, table_format: TableFormat) -> None:
    """Write a table in pieces: a film of hours is never held as text."""
    for piece in text_of(table, table_format):
        click.echo(piece, nl=False)


def echo_rows(title: str, rows: Iterable[Row]) -> None:
    """Write a title and aligned ``name  value`` rows; rows without a value are left out."""
    kept = [(name, value) for name, value in rows if value]
    if not kept:
        return
    wide = max(len(name) for name, _ in kept)
    click.secho(title, bold=True)
    for name, value in kept:
        click.echo(f"  {click.style(name.ljust(wide), dim=True)}  {value}")


def plain(value: object) -> object:  # noqa: PLR0911 - one line a kind
    """``value`` in JSON's own kinds: fractions as ``30000/1001``, what is no number as null."""
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (Fraction, Path)):
        return str(value)
    if isinstance(value, np.generic):
        return plain(value.item())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        facts = (field for field in dataclasses.fields(value) if field.compare)
        return {fact.name.rstrip("_"): plain(getattr(value, fact.name)) for fact in facts}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no form in JSON")
