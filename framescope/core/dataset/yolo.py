"""YOLO: lists of pictures, data.yaml, and a box of the whole frame for each picture that has a class."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, ClassVar

from framescope.core.dataset.layout import Layout
from framescope.core.files import prepare_folder, remove_file, write_whole
from framescope.core.folders import is_folder
from framescope.core.printable import json_document
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from framescope.core.dataset.layout import LayoutWork
    from framescope.core.dataset.records import DataPicture, DataSet
    from framescope.core.export.geometry import Geometry

_LABELS = "labels"
_ALL = "all"


class Yolo(Layout):
    """A list of pictures for each split, which Ultralytics reads by data.yaml."""

    name: ClassVar[str] = "yolo"
    title: ClassVar[str] = "YOLO"
    about: ClassVar[str] = tr("data.yaml and lists of pictures, for Ultralytics and other YOLO trainers")
    folders: ClassVar[tuple[str, ...]] = ("data.yaml", _LABELS)

    def own_names(self, splits: Sequence[str]) -> tuple[str, ...]:
        """The lists as well, which are named after the splits."""
        return (*self.folders, *map(_list_name, splits or (None,)))

    def write(self, data: DataSet, work: LayoutWork) -> None:
        """Write the labels, then the lists, then data.yaml."""
        numbers = {name: number for number, name in enumerate(data.categories)}
        if numbers or is_folder(data.folder / _LABELS):
            _write_labels(data, numbers, work)
        # An empty list would only end a training.
        for split in data.used_splits or (None,):
            work.write(data, _list_name(split), (f"./{one.file}\n" for one in data.pictures(split)))
        work.write(data, "data.yaml", _yaml(data))


def _list_name(split: str | None) -> str:
    return f"{split or _ALL}.txt"


def _label_file(picture: DataPicture) -> PurePosixPath:
    """Where trainers look for the label: in labels, where the picture is in images."""
    return PurePosixPath(_LABELS, *PurePosixPath(picture.file).parts[1:]).with_suffix(".txt")


def _write_labels(data: DataSet, numbers: Mapping[str, int], work: LayoutWork) -> None:
    ready: Path | None = None
    for picture in data.pictures():
        work.report(picture.id, None, tr("Writing labels"))
        path = data.folder / _label_file(picture)
        if not picture.category:
            # One of an earlier run, when the video had a class, would still be read.
            remove_file(path)
            continue
        if path.parent != ready:
            prepare_folder(path.parent)
            ready = path.parent
        label = f"{numbers[picture.category]} {_box(picture.geometry)}\n"
        write_whole(path, label.encode(), replaces=True)


def _box(geometry: Geometry) -> str:
    """Centre and size, in shares of the picture, of what it shows of the frame."""
    left, top, width, height = geometry.box
    across, down = geometry.size
    shares = (left + width / 2) / across, (top + height / 2) / down, width / across, height / down
    return " ".join(f"{share:.9g}" for share in shares)


def _yaml(data: DataSet) -> Iterator[str]:
    # JSON's strings are YAML's too, whatever is in them.
    names = list(data.used_splits)
    roles = {name: name for name in names} or {"train": _ALL, "val": _ALL}
    if not names:
        yield "# There are no splits: train and val are the same pictures.\n"
    for role in ("train", "val"):
        # Trainers refuse a file without these two.
        if role not in roles:
            roles[role] = names[0 if role == "train" else -1]
            yield f"# No video is in {role}: it has the pictures of {roles[role]}.\n"
    for role, name in roles.items():
        yield f"{role}: {_list_name(name)}\n"
    yield f"nc: {len(data.categories)}\n"
    yield "names:" if data.categories else "names: []"
    yield from (f"\n  {number}: {json_document(name)}" for number, name in enumerate(data.categories))
    yield "\n"
