"""Reads timestamps from a text file: seconds, one per line, or mkvmerge's ``timestamp format v2``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.outside import no_such_file, read_small_file
from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 1 << 26
"""Ten hours at 100 frames per second take less."""
_LATEST = 1e12
_V2_HEADS = ("# timestamp format v2", "# timecode format v2")
"""The first line of mkvmerge's files, whose numbers are milliseconds."""


def read_timestamps(path: Path) -> tuple[float, ...]:
    """Seconds, as many as the file has numbers. Empty lines and lines that begin with ``#`` say nothing.

    Raises:
        MissingFileError: There is no such file.
        SettingsError: A line is not a number, or there is none.
    """
    try:
        lines = read_small_file(path, _MOST_BYTES).decode("utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise no_such_file(path) from error
    except OSError as error:
        raise SettingsError(
            tr("{path} cannot be read: {strerror}.", path=path, strerror=error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(tr("{path} cannot be read as text.", path=path)) from error
    is_v2 = bool(lines) and lines[0].strip().lower().startswith(_V2_HEADS)
    times: list[float] = []
    for place, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            time = float(text)
        except ValueError:
            time = math.nan
        if not abs(time) <= _LATEST:
            raise SettingsError(
                tr(
                    "Line {place} of {path} is not a timestamp: “{text}”.",
                    place=place,
                    path=path.name,
                    text=text[:40],
                ),
                hint=tr("Use one number of seconds per line, or mkvmerge's timestamp format v2."),
            )
        times.append(time / 1000 if is_v2 else time)
    if not times:
        raise SettingsError(tr("There are no timestamps in {path}.", path=path.name))
    return tuple(times)
