"""COCO: images, videos and categories in a JSON file; an annotation of the whole frame for each class."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, ClassVar

from framescope.core.dataset.layout import Layout, split_name
from framescope.core.printable import json_document
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from framescope.core.dataset.layout import LayoutWork
    from framescope.core.dataset.records import DataPicture, DataSet, DataVideo


def coco_pieces(
    info: Mapping[str, Any],
    videos: Iterable[Mapping[str, Any]],
    images: Iterable[Mapping[str, Any]],
    annotations: Iterable[Mapping[str, Any]],
    categories: Sequence[str],
) -> Iterator[str]:
    """The document in pieces, a record in each line, so that none of its lists need be in memory.

    Args:
        info: What is said of the data set.
        videos: Records of videos, as in COCO-VID.
        images: Records of images.
        annotations: Records of annotations.
        categories: Names, numbered from 1.
    """
    yield f'{{\n"info": {json_document(info)},\n"licenses": [],\n'
    named = ({"id": place, "name": name} for place, name in enumerate(categories, 1))
    lists = {"videos": videos, "images": images, "annotations": annotations, "categories": named}
    for place, (name, records) in enumerate(lists.items()):
        yield f'{"," if place else ""}{_line_end(place)}"{name}": ['
        for row, record in enumerate(records):
            yield f"{',' if row else ''}\n{json_document(record)}"
        yield "\n]"
    yield "\n}\n"


def coco_annotation(
    annotation_id: int, image_id: int, category_id: int, box: tuple[int, int, int, int]
) -> dict[str, Any]:
    """The label of a picture as an annotation whose box is all that it shows of the frame.

    Readers of detections need a box, and those of labels ignore it.

    Args:
        annotation_id: From 1.
        image_id: The picture.
        category_id: The label.
        box: (left, top, width, height) of that: the whole picture, without the bars of a letterbox.
    """
    left, top, width, height = box
    return {
        "id": annotation_id,
        "image_id": image_id,
        "category_id": category_id,
        "bbox": [left, top, width, height],
        "area": width * height,
        "segmentation": [],
        "iscrowd": 0,
    }


class Coco(Layout):
    """A JSON file for each split."""

    name: ClassVar[str] = "coco"
    title: ClassVar[str] = "COCO"
    about: ClassVar[str] = tr("annotations/instances.json, for pycocotools, CVAT, FiftyOne and detectors")
    folders: ClassVar[tuple[str, ...]] = ("annotations",)

    def write(self, data: DataSet, work: LayoutWork) -> None:
        """Write annotations/instances.json, or one for each split."""
        numbers = {name: number for number, name in enumerate(data.categories, 1)}
        for split in data.parts:
            info = {} if split is None else {"split": split}
            pieces = coco_pieces(
                info,
                (_video(data, one) for one in data.videos if split is None or one.split == split),
                map(_image, data.pictures(split)),
                _annotations(data.pictures(split), numbers),
                data.categories,
            )
            work.write(data, split_name("annotations/instances", split, ".json"), pieces)


def _line_end(place: int) -> str:
    return "\n" if place else ""


def _video(data: DataSet, video: DataVideo) -> dict[str, Any]:
    header = data.header(video)
    width, height = (None, None) if header.geometry is None else header.geometry.size
    return {**video.as_table(), "file_name": video.name, "width": width, "height": height}


def _image(picture: DataPicture) -> dict[str, Any]:
    table = picture.as_table()
    # As in COCO-VID.
    table["frame_id"] = picture.line.frame_number
    geometry = picture.geometry
    if geometry.size != geometry.source or geometry.offset != (0.0, 0.0):
        table["geometry"] = geometry.as_table()
    return table


def _annotations(pictures: Iterable[DataPicture], numbers: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    count = itertools.count(1)
    for picture in pictures:
        if picture.category:
            yield coco_annotation(next(count), picture.id, numbers[picture.category], picture.geometry.box)
