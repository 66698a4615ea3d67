"""Marks as a COCO data set: an image for each marked frame, a category for each label."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.dataset.coco import coco_annotation, coco_pieces
from framescope.core.errors import SettingsError
from framescope.core.export.geometry import Geometry
from framescope.core.export.manifest.reading import read_manifest
from framescope.core.export.names import FrameNames, saved_geometry
from framescope.core.export.result import Fate
from framescope.core.export.settings import ExportSettings, settings_from_table
from framescope.core.marks.marks_file import Place, marks_from, row_words
from framescope.core.sampling.chosen import Chosen
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from framescope.core.marks.marked_frames import MarkedFrames
    from framescope.core.marks.marks_file import MarksFile
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo


def coco_text(
    marked: MarkedFrames,
    info: VideoInfo,
    index: FrameIndex,
    head: Mapping[str, Any],
    images: Path | None = None,
) -> str:
    """The marks as a COCO data set.

    The label of a frame is an annotation of all that the picture shows of it; see `coco_annotation`.
    ``video_id`` and ``frame_id`` are named as in COCO-VID.

    Args:
        marked: What is marked.
        info: Facts of the video.
        index: Gives timestamps.
        head: What is said of the video.
        images: A folder with an export of the marked frames, whose files are then named; by default, the
            names and the size that an export with default settings would give them.

    Raises:
        ManifestError: The folder holds no export.
    """
    settings = ExportSettings(Path())
    names: dict[int, str] = {}
    if images is not None:
        section = read_manifest(images).last
        settings = settings_from_table({**section.header.settings, "folder": str(images)}, folder=images)
        names = {line.frame_number: line.file for line in section.lines if line.fate is Fate.WRITTEN}
    stored = info.width, info.height
    geometry = saved_geometry(info, settings) or Geometry(stored, stored)
    width, height = geometry.size
    frame_names = FrameNames(info, index, Chosen(np.array(marked.marks, np.int64), marked=marked), settings)
    categories = {name: place for place, name in enumerate(sorted(set(marked.labels.values())), 1)}
    pictures: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for row, number in enumerate(marked.marks):
        if images is not None and number not in names:
            continue
        label, note = marked.texts_of(number)
        time_s = index.time_of(number)
        picture_id = row + 1
        picture = {
            "id": picture_id,
            "file_name": names.get(number) or frame_names.name(row),
            "width": width,
            "height": height,
            "video_id": 1,
            "frame_id": number,
            "video": head["video"]["name"],
            "frame_number": number,
            "pts": index.pts_of(number),
            "time_s": None if math.isnan(time_s) else round(time_s, 9),
        }
        pictures.append(picture | ({"note": note} if note else {}))
        if label:
            annotations.append(
                coco_annotation(len(annotations) + 1, picture_id, categories[label], geometry.box)
            )
    info_table = {**head, "in_point": marked.in_point, "out_point": marked.out_point}
    video = {"id": 1, "name": head["video"]["name"], "width": width, "height": height}
    return "".join(coco_pieces(info_table, [video], pictures, annotations, list(categories)))


def read_coco(name: str, document: Mapping[str, Any]) -> MarksFile:
    """The images of a data set as marks, with the category of the first annotation of each as its label.

    Raises:
        SettingsError: It is not a data set.
    """
    if not isinstance(document.get("images"), list):
        raise SettingsError(tr("{name} contains no list of images.", name=name))
    info = document.get("info")
    head = info if isinstance(info, dict) else {}
    categories = {str(record.get("id")): record.get("name") for record in _records(document, "categories")}
    labels: dict[str, object] = {}
    for record in _records(document, "annotations"):
        labels.setdefault(str(record.get("image_id")), categories.get(str(record.get("category_id"))))
    ends: list[tuple[Place | str, object]] = [
        (Place(row_words, 0), {"kind": kind, "frame_number": head.get(f"{kind}_point")})
        for kind in ("in", "out")
        if head.get(f"{kind}_point") is not None
    ]
    rows = [
        (Place(row_words, place), {**record, "label": labels.get(str(record.get("id")))})
        for place, record in enumerate(_records(document, "images"), 1)
    ]
    return marks_from([*ends, *rows], head)


def _records(document: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    found = document.get(name)
    yield from (record for record in (found if isinstance(found, list) else ()) if isinstance(record, dict))
