"""Nerfstudio and COLMAP: a transforms.json for each video, without poses, and a list of pictures.

Intrinsics and poses are left open: COLMAP or a calibration fills them in. What is known is filled in: names,
sizes, and which frame of the video each picture is.
"""

from __future__ import annotations

import os
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from framescope.core.dataset.layout import Layout
from framescope.core.printable import json_document
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framescope.core.dataset.layout import LayoutWork
    from framescope.core.dataset.records import DataPicture, DataSet

_FOLDER, _LIST = "transforms", "colmap-images.txt"
_OPEN = ("fl_x", "fl_y", "cx", "cy", "k1", "k2", "p1", "p2")
"""Focal length, centre and distortion, as Nerfstudio names them."""


class Nerfstudio(Layout):
    """A scene for each video."""

    name: ClassVar[str] = "nerfstudio"
    title: ClassVar[str] = tr("Nerfstudio, COLMAP")
    about: ClassVar[str] = tr("transforms/VIDEO.json with intrinsics left open, colmap-images.txt")
    folders: ClassVar[tuple[str, ...]] = (_FOLDER, _LIST)

    def write(self, data: DataSet, work: LayoutWork) -> None:
        """Write the scenes, then the list of all pictures."""
        for _, pictures in groupby(data.pictures(), lambda picture: picture.video.id):
            work.write(data, *_scene(list(pictures)))
        work.write(data, _LIST, (f"{one.file}\n" for one in data.pictures()))


def _scene(pictures: list[DataPicture]) -> tuple[str, Iterator[str]]:
    video = pictures[0].video
    # The pictures' folder without the one that holds all of them.
    name = f"{_FOLDER}/{video.folder.removeprefix('images/')}.json"
    return name, iter([json_document(_document(name, pictures), indent=1) + "\n"])


def _document(name: str, pictures: list[DataPicture]) -> dict[str, Any]:
    sizes = {one.geometry.size for one in pictures}
    width, height = next(iter(sizes)) if len(sizes) == 1 else (None, None)
    return {
        "camera_model": "OPENCV",
        "w": width,
        "h": height,
        **dict.fromkeys(_OPEN),
        "frames": [_frame(name, one, is_told=len(sizes) > 1) for one in pictures],
    }


def _frame(name: str, picture: DataPicture, *, is_told: bool) -> dict[str, Any]:
    file = os.path.relpath(picture.file, os.path.dirname(name)).replace(os.sep, "/")  # noqa: PTH120
    size = dict(zip("wh", picture.geometry.size, strict=True)) if is_told else {}
    facts = picture.as_table()
    return {"file_path": file, **size, **{key: facts[key] for key in ("frame_number", "pts", "time_s")}}
