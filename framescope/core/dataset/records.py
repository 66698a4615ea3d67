"""A data set as its layouts see it: videos and pictures, read from the manifest of each video's folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.export.manifest.lines import ManifestError
from framescope.core.export.manifest.reading import read_manifest
from framescope.core.export.result import Fate
from framescope.core.printable import valid_text
from framescope.core.sampling.chosen import chosen_clips
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framescope.core.export.geometry import Geometry
    from framescope.core.export.manifest.lines import FrameLine, ManifestHeader
    from framescope.core.export.manifest.reading import Manifest, Section


@dataclass(frozen=True, slots=True)
class DataVideo:
    """A video of a data set.

    Attributes:
        id: From 1, in the order of the data set.
        name: Its path below the folder that was exported, with ``/``; its file name if it was named itself.
        folder: Where its pictures are, below the data set's folder, with ``/``.
        split: The part of the data set it belongs to; empty if there are none.
        class_name: Its class; empty if it has none.
    """

    id: int
    name: str
    folder: str
    split: str = ""
    class_name: str = ""

    def as_table(self) -> dict[str, Any]:
        """Plain values by name, without what is empty."""
        table = {"id": self.id, "name": self.name, "folder": self.folder}
        more = {"split": self.split, "class": self.class_name}
        return table | {name: value for name, value in more.items() if value}


@dataclass(frozen=True, slots=True)
class DataPicture:
    """A picture of a data set.

    Attributes:
        id: From 1, in the order of the data set.
        video: Its video.
        file: Its path below the data set's folder, with ``/``.
        geometry: Its size, and where its pixels come from.
        line: What the manifest of the video's folder says of it.
        clip: 0-based number of its clip; None if the frames are not in clips.
        place: 0-based position in its clip; None as above.
    """

    id: int
    video: DataVideo
    file: str
    geometry: Geometry
    line: FrameLine
    clip: int | None = None
    place: int | None = None

    @property
    def category(self) -> str:
        """The label of the frame, or else the class of the video; empty if there is neither."""
        return self.line.label or self.video.class_name

    @property
    def key(self) -> str:
        """A name in letters of ASCII, without dots, that no other picture of the data set has."""
        if self.clip is None:
            return f"{self.video.id:06d}-{self.line.frame_number:08d}"
        return f"{self.video.id:06d}-{self.clip:06d}-{self.place:04d}"

    def as_table(self) -> dict[str, Any]:
        """Plain values by name: what a row of a table or the text beside a picture holds."""
        line, video = self.line.as_table(), self.video
        width, height = self.geometry.size
        table: dict[str, Any] = {
            "id": self.id,
            "file_name": self.file,
            "width": width,
            "height": height,
            "video_id": video.id,
            "video": video.name,
            **{name: line[name] for name in ("frame_number", "pts", "time_s", "picture_type")},
            **{name: line[name] for name in ("keyframe", "damaged", "sha256", "size_bytes")},
        }
        more: dict[str, Any] = {
            "split": video.split,
            "class": self.category,
            "note": self.line.note,
            "clip": self.clip,
            "place": self.place,
        }
        return table | {name: value for name, value in more.items() if value not in ("", None)}


@dataclass(frozen=True)
class DataSet:
    """A data set whose pictures are exported.

    Attributes:
        folder: Where it is.
        videos: Those with at least one picture, in the order of the data set.
        splits: Names of its parts, in order; empty if there are none.
    """

    folder: Path
    videos: tuple[DataVideo, ...]
    splits: tuple[str, ...] = ()

    def header(self, video: DataVideo) -> ManifestHeader:
        """The header of the last export into the video's folder.

        Raises:
            ManifestError: There is none.
        """
        return read_manifest(self.folder / video.folder).last.header

    def pictures(self, split: str | None = None) -> Iterator[DataPicture]:
        """The pictures in order, those of one video after the other.

        Only one video's manifest is in memory at a time.

        Args:
            split: Only those of this part; None for all.

        Raises:
            ManifestError: A manifest is damaged, or of a version that did not record the size of pictures.
        """
        next_id = 1
        for video in self.videos:
            for one in _pictures(self.folder, video):
                if split is None or video.split == split:
                    yield replace(one, id=next_id)
                next_id += 1

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The classes that pictures have, sorted: their numbers are the positions in this list."""
        found = {video.class_name for video in self.videos}
        for video in self.videos:
            # Labels of frames are listed in the header too; the lines need not be read.
            found |= {label for _, label, _ in self.header(video).marks}
        return tuple(sorted(found - {""}))

    @property
    def used_splits(self) -> tuple[str, ...]:
        """The splits that have a video, in order."""
        used = {video.split for video in self.videos}
        return tuple(name for name in self.splits if name in used)

    @property
    def parts(self) -> tuple[str | None, ...]:
        """The splits; a single None, which stands for all of it, if there are none."""
        return self.splits or (None,)


def has_pictures(folder: Path) -> bool:
    """Whether there are pictures of the last export into a folder."""
    try:
        return next(_lines(read_manifest(folder)), None) is not None
    except ManifestError:
        return False


def _lines(manifest: Manifest) -> Iterator[tuple[int, FrameLine]]:
    """The position and the line of each picture of the last export."""
    files = manifest.files
    for row, told in enumerate(manifest.last.lines):
        # A skipped picture is that of an earlier export into the folder, if one is listed.
        line = files.get(told.file) if told.fate is Fate.SKIPPED else told
        if line is not None and line.fate is Fate.WRITTEN:
            yield row, line


def _pictures(root: Path, video: DataVideo) -> Iterator[DataPicture]:
    folder = root / video.folder
    manifest = read_manifest(folder)
    section = manifest.last
    clips = _clips(section)
    for row, line in _lines(manifest):
        geometry = line.geometry or section.header.geometry
        if geometry is None:
            raise ManifestError(
                tr("The manifest in {folder} does not say how large the pictures are.", folder=folder),
                hint=tr("An earlier version of FrameScope wrote it; export the video again."),
            )
        clip, place = (None, None) if clips is None else clips[row]
        yield DataPicture(0, video, f"{video.folder}/{valid_text(line.file)}", geometry, line, clip, place)


def _clips(section: Section) -> list[tuple[int, int]] | None:
    """(clip, place) of each line; None if the frames are not in clips."""
    header = section.header
    if header.clips is None:
        return None
    chosen = chosen_clips(np.array(header.clips, np.int64).reshape(len(header.clips), -1))
    assert chosen.clips is not None
    assert chosen.places is not None
    return list(zip(chosen.clips.tolist(), chosen.places.tolist(), strict=True))
