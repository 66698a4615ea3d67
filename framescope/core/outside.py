"""Reads untrusted files such as recipes and manifests: regular files, up to a size limit, plain values.

Whatever is wrong is an `OSError` with a reason in ``strerror`` or a `ValueError`; callers say what it means.
"""

from __future__ import annotations

import errno
import json
import math
import os
import stat
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, TypeVar

from framescope.core.errors import MissingFileError
from framescope.core.text import grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedReader
    from pathlib import Path

LoadedT = TypeVar("LoadedT")

MOST_NUMBER = 1_000_000_000
"""The largest frame count, threshold, rate or number of seconds that a setting may hold."""
MOST_FRAMES = (1 << 31) - 1
"""More than a year of video at 60 frames per second; also the largest number that widgets hold."""

_WHOLE = 1 << 63
"""Whole numbers have 64 bits, as everywhere in media files."""
_MOST_COLLISIONS = 20
_MOST_DEPTH = 32
_MOST_DOTS = 200
"""Dots in a line of TOML: the time that a dotted key takes grows with their square."""


ARCHIVE_FAULTS = (
    OSError, EOFError, ValueError, TypeError, LookupError, ArithmeticError, RuntimeError, SyntaxError,
    MemoryError, struct.error, zlib.error, zipfile.BadZipFile,
)  # fmt: skip
"""What Python's readers of zip files and NumPy's of arrays raise where bytes are damaged."""


def load_arrays(load: Callable[[], LoadedT]) -> LoadedT:
    """Read arrays by NumPy, which parses their headers as Python source.

    Before Python 3.11.8 and 3.12.1, threads that do so at once may get a SystemError that says nothing about
    the file (CPython issue 106905); it is read again then.
    """
    for _ in range(_MOST_COLLISIONS):
        try:
            return load()
        except SystemError:
            continue
    return load()


class UnusableValueError(ValueError):
    """Well-formed JSON or TOML that holds a value nobody can use, such as Infinity."""


def open_regular(path: Path, *, within: Path | None = None) -> BufferedReader:
    """Open a regular file to read; never waits, as opening a pipe would.

    Args:
        path: The file.
        within: A folder that the file may not lie outside of, links resolved.

    Raises:
        OSError: There is no such file, it is something else, it may not be read, or it lies outside.
    """
    try:
        if within is not None and not path.resolve().is_relative_to(within.resolve()):
            raise OSError(errno.EPERM, "it is a link that leaves its folder", str(path))
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        handle = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0))
    except (ValueError, RuntimeError) as error:
        # A name with a null character; links that go round in a circle.
        raise OSError(errno.EINVAL, "a file cannot have that name", str(path)) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    return os.fdopen(handle, "rb")


def no_such_file(path: Path, what: str = "file") -> MissingFileError:
    """The error where a name that was given leads to nothing.

    Args:
        path: The name.
        what: What was looked for under it, such as ``folder``.
    """
    return MissingFileError(
        tr("There is no {what} {path}.", what=what, path=path.name or path),
        hint=tr("Looked for {absolute}; it may have been moved or renamed.", absolute=path.absolute()),
    )


def read_small_file(path: Path, most_bytes: int, *, within: Path | None = None) -> bytes:
    """All bytes of a regular file; see `open_regular`.

    Raises:
        OSError: As there, or it has more than ``most_bytes``.
    """
    with open_regular(path, within=within) as file:
        too_large = OSError(
            errno.EFBIG, tr("it has more than {most_bytes} bytes", most_bytes=grouped(most_bytes)), str(path)
        )
        # Its length first: what is too large is not read at all.
        if os.fstat(file.fileno()).st_size > most_bytes:
            raise too_large
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise too_large
    return data


def read_lines(path: Path, longest_line: int) -> Iterator[bytes]:
    """The lines of a regular file one by one, their ends included; see `open_regular`.

    Raises:
        OSError: As there, or a line has more than ``longest_line`` bytes.
    """
    with open_regular(path) as file:
        while line := file.readline(longest_line + 1):
            if len(line) > longest_line:
                raise OSError(
                    errno.EFBIG, f"it has a line of more than {grouped(longest_line)} bytes", str(path)
                )
            yield line


def parse_json(text: bytes | str, *, keeps_odd_numbers: bool = False) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Parse JSON.

    Args:
        text: The document.
        keeps_odd_numbers: Whether numbers that are not finite or have more than 64 bits become text, for
            documents of which the rest is to be used.

    Raises:
        UnusableValueError: Such a number, unless they are kept, or a duplicate key.
        ValueError: It is not JSON, or nested too deeply.
    """
    decoder = _JSON_WITH_ODD_NUMBERS if keeps_odd_numbers else _JSON
    try:
        return decoder.decode(text if isinstance(text, str) else text.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML.

    Raises:
        UnusableValueError: A number that is not finite or has more than 64 bits.
        ValueError: It is not TOML, or nested too deeply.
    """
    if any(line.count(".") > _MOST_DOTS for line in text.splitlines()):
        raise ValueError("it is nested too deeply")
    try:
        # Few starts of the program meet a file in TOML.
        import tomllib  # noqa: PLC0415

        table = tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    _check_numbers(table, _MOST_DEPTH)
    return table


def whole_number(value: object, least: int = 0, most: int = _WHOLE - 1) -> int:
    """``value`` where it is a whole number between the two, both included.

    Raises:
        ValueError: It is not.
    """
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{_shown(value)} is not a whole number from {least} to {most}")
    return value


def finite_number(value: object, least: float = -math.inf) -> float:
    """``value`` where it is a number and not below ``least``.

    Raises:
        ValueError: It is not.
    """
    if type(value) not in (int, float) or not math.isfinite(value) or value < least:  # type: ignore[arg-type, operator] # checked first
        raise ValueError(f"{_shown(value)} is not a number" + ("" if least < 0 else f" from {least:g} up"))
    return float(value)  # type: ignore[arg-type] # as above


def plain_text(value: object) -> str:
    """``value`` where it is text.

    Raises:
        ValueError: It is not.
    """
    if isinstance(value, str):
        return value
    raise ValueError(f"{_shown(value)} is not text")


def truth_value(value: object) -> bool:
    """``value`` where it is true or false.

    Raises:
        ValueError: It is neither.
    """
    if isinstance(value, bool):
        return value
    raise ValueError(f"{_shown(value)} is neither true nor false")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _check_numbers(value: object, depth: int) -> None:
    if depth < 0:
        raise ValueError("it is nested too deeply")
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            _check_numbers(inner, depth - 1)
    elif isinstance(value, int) and not isinstance(value, bool):
        _whole(str(value))
    elif isinstance(value, float):
        _real(str(value))


def _whole(digits: str) -> int:
    number = int(digits) if len(digits) < 30 else _WHOLE
    if not -_WHOLE <= number < _WHOLE:
        raise UnusableValueError(tr("a number of {count} digits has more than 64 bits", count=len(digits)))
    return number


def _real(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise UnusableValueError(tr("{digits} is not a finite number", digits=digits[:20]))
    return number


def _whole_or_text(digits: str) -> int | str:
    try:
        return _whole(digits)
    except UnusableValueError:
        return digits


def _real_or_text(digits: str) -> float | str:
    try:
        return _real(digits)
    except UnusableValueError:
        return digits


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise UnusableValueError(tr("an object has a duplicate key"))
    return table


_JSON = json.JSONDecoder(object_pairs_hook=_table, parse_float=_real, parse_int=_whole, parse_constant=_real)
_JSON_WITH_ODD_NUMBERS = json.JSONDecoder(
    object_pairs_hook=_table,
    parse_float=_real_or_text,
    parse_int=_whole_or_text,
    parse_constant=_real_or_text,
)
