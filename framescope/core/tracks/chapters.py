"""The chapters that a file declares."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from framescope.core.media.container import open_container
from framescope.core.printable import readable
from framescope.core.pyav import as_fraction, read_tags
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_CHAPTERS = 10_000
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter.

    Attributes:
        start_s: Where it begins, in seconds from the first frame of the video.
        title: As the file names it, or its number.
    """

    start_s: float
    title: str


def chapters_of(source: str, origin_s: Fraction) -> tuple[Chapter, ...]:
    """The chapters of a file, by time. Threads: any.

    Args:
        source: Path or address.
        origin_s: When the first frame of the video is shown, on the file's own clock.

    Raises:
        OpenError: The file cannot be opened.
    """
    with open_container(source) as container:
        declared = container.chapters()[:MOST_CHAPTERS]
    found = []
    for number, chapter in enumerate(sorted(declared, key=_start_of), 1):
        title = readable(read_tags(_tags_of(chapter)).get("title", "")).strip()[:_LONGEST_TITLE]
        start_s = float(_start_of(chapter) - origin_s)
        found.append(Chapter(start_s, title or tr("Chapter {number}", number=number)))
    return tuple(found)


def _start_of(chapter: Mapping[str, object]) -> Fraction:
    start = chapter["start"]
    unit_s = as_fraction(chapter.get("time_base")) or Fraction(1, 1_000_000)
    return (start if isinstance(start, int) else 0) * unit_s


def _tags_of(chapter: Mapping[str, object]) -> dict[str, str]:
    tags = chapter.get("metadata")
    return {str(name): str(text) for name, text in tags.items()} if isinstance(tags, dict) else {}
