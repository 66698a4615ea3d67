"""The catalogue of layouts: a module and a line for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.dataset.coco import Coco
from framescope.core.dataset.cvat import Cvat
from framescope.core.dataset.label_studio import LabelStudio
from framescope.core.dataset.nerfstudio import Nerfstudio
from framescope.core.dataset.parquet import Parquet
from framescope.core.dataset.webdataset import WebDataset
from framescope.core.dataset.yolo import Yolo
from framescope.core.errors import SettingsError
from framescope.core.text import listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.dataset.layout import Layout

LAYOUTS: tuple[Layout, ...] = (
    Coco(),
    Yolo(),
    WebDataset(),
    Parquet(),
    Cvat(),
    LabelStudio(),
    Nerfstudio(),
)
FOLDERS, MIRRORED = "folders", "mirrored"
"""Where the pictures are: a folder for each video, side by side or in the tree that the videos are in."""
NAMES = (FOLDERS, MIRRORED, *(one.name for one in LAYOUTS))


@dataclass(frozen=True, slots=True)
class LayoutChoice:
    """The layouts that were chosen.

    Attributes:
        mirrored: Whether the pictures are in the tree that the videos are in.
        layouts: The forms for other programs, in the order of the catalogue.
    """

    mirrored: bool = False
    layouts: tuple[Layout, ...] = ()

    @classmethod
    def parse(cls, text: str) -> LayoutChoice:
        """Read names separated by commas.

        Raises:
            SettingsError: One of them is unknown, or pictures would be in two places.
        """
        names = {name.strip() for name in text.split(",")}
        unknown = sorted(names - {*NAMES})
        if unknown:
            raise SettingsError(
                tr("There is no layout “{name}”.", name=unknown[0]),
                hint=tr("The layouts are {names}.", names=listed(NAMES, tr("and"))),
            )
        if {FOLDERS, MIRRORED} <= names:
            raise SettingsError(
                tr("Pictures are either in “folders” or in a “mirrored” tree."), hint=tr("Name one of them.")
            )
        return cls(MIRRORED in names, tuple(one for one in LAYOUTS if one.name in names))

    def __str__(self) -> str:
        """As `parse` reads it."""
        return ",".join([MIRRORED if self.mirrored else FOLDERS, *(one.name for one in self.layouts)])
