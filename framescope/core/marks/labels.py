"""The nine labels that the number keys give to frames: each a name and a colour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from framescope.core.marks.marked_frames import clean_label
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

_COLOR = re.compile("#[0-9a-f]{6}")
# Okabe and Ito's colours, which people with any kind of colour vision can tell apart, without their black.
_COLORS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#8d8d8d", "#a6761d")


class Label(NamedTuple):
    """A class that frames are sorted into.

    Attributes:
        name: What marks files and manifests call it.
        color: ``#rrggbb``.
    """

    name: str
    color: str


DEFAULT_LABELS = tuple(Label(str(number), color) for number, color in enumerate(_COLORS, 1))


_UNNAMED = frozenset(label.name for label in DEFAULT_LABELS)


def label_title(name: str) -> str:
    """What a label is called where people read it: of one without a name of its own, the key is said."""
    return tr("Label {place}", place=name) if name in _UNNAMED else name


def is_color(text: str) -> bool:
    """Whether a text is a colour, ``#rrggbb``."""
    return _COLOR.fullmatch(text) is not None


def labels_from(stored: object) -> tuple[Label, ...]:
    """Nine labels from stored values; what is missing or makes no sense is as by default."""
    given = stored if isinstance(stored, list) else []
    found: list[Label] = []
    for place, default in enumerate(DEFAULT_LABELS):
        record = given[place] if place < len(given) else None
        name, color = record if isinstance(record, list) and len(record) == 2 else ("", "")
        name = clean_label(name) if isinstance(name, str) else ""
        is_valid = isinstance(color, str) and is_color(color)
        found.append(Label(name or default.name, color if is_valid else default.color))
    return tuple(found)


def shared_names(labels: Iterable[Label]) -> list[str]:
    """The names that more than one of the labels has."""
    names = [label.name for label in labels]
    return sorted({name for name in names if names.count(name) > 1})
