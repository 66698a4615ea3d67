"""Computes the file name of each frame of an export, one frame at a time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from framescope.core.export.geometry import geometry_of
from framescope.core.export.name_pattern import (
    CLIP_PATTERN,
    NameFields,
    NamePattern,
    check_path_length,
    source_stem,
)
from framescope.core.export.settings import DEFAULT_PATTERN
from framescope.core.media.picture.geometry import rotated_pixel_aspect, rotated_size
from framescope.core.timing.timecode import timecodes_of

if TYPE_CHECKING:
    from framescope.core.export.geometry import Geometry
    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.sampling.chosen import Chosen


_COUNTS_PATHS = sys.platform == "win32"


class FrameNames:
    """The names of an export's files, in the order of its frames. Pure; nothing is decoded."""

    def __init__(self, info: VideoInfo, index: FrameIndex, chosen: Chosen, settings: ExportSettings) -> None:
        """Look up the values common to all names.

        Args:
            info: The video's declared facts.
            index: Gives times, timestamps and picture types.
            chosen: The frames, and their positions in clips. Clips are named with ``CLIP_PATTERN`` by
                default.
            settings: Pattern and format.

        Raises:
            SettingsError: The pattern is invalid, or the crop reaches beyond the picture.
        """
        is_open = chosen.clips is not None and settings.name_pattern == DEFAULT_PATTERN
        self._pattern = NamePattern(CLIP_PATTERN if is_open else settings.name_pattern)
        self._extension = settings.image_format.extension
        self._stem = source_stem(info.source)
        self._index = index
        self._chosen = chosen
        self._folder = str(settings.folder.absolute()) if _COUNTS_PATHS else ""
        self._width, self._height = saved_size(info, settings)
        has_timecode = "timecode" in self._pattern.fields
        self._timecodes = timecodes_of(index, info.timecode_start) if has_timecode else None
        self._types = index.picture_types if "type" in self._pattern.fields else None

    def __len__(self) -> int:
        """The number of files."""
        return len(self._chosen)

    def name(self, row: int) -> str:
        """The file name of the frame at a position in the export.

        Raises:
            SettingsError: This frame has no value for a field, or the name is invalid.
        """
        chosen, index = self._chosen, self._index
        number = int(chosen.frame_numbers[row])
        values = NameFields(
            self._stem,
            number,
            index.time_of(number),
            index.pts_of(number),
            row,
            clip=None if chosen.clips is None else int(chosen.clips[row]),
            place=None if chosen.places is None else int(chosen.places[row]),
            width=self._width,
            height=self._height,
            type=self._type_of(number),
            timecode=None if self._timecodes is None else self._timecodes.text(number),
            label=chosen.marked.labels.get(number),
        )
        name = self._pattern.render(values, self._extension)
        if self._folder:
            check_path_length(self._folder, name)
        return name

    def _type_of(self, number: int) -> str | None:
        if self._types is None or self._types[number] == "?":
            return None
        letter = str(self._types[number])
        return letter if self._index.picture_types_decoded else letter.lower()


def saved_size(info: VideoInfo, settings: ExportSettings) -> tuple[int, int]:
    """(width, height) of the saved pictures, for the size declared in the video's header.

    Raises:
        SettingsError: The crop reaches beyond the picture.
    """
    found = saved_geometry(info, settings)
    return (info.width, info.height) if found is None else found.size


def saved_geometry(
    info: VideoInfo, settings: ExportSettings, size: tuple[int, int] | None = None
) -> Geometry | None:
    """Where the pixels of the video's frames end up; None if planes are saved, as decoded.

    Args:
        info: Facts of the video.
        settings: Rotation, crop and size.
        size: (width, height) of a frame as decoded; None for the size declared in the video's header.

    Raises:
        SettingsError: The crop reaches beyond the picture.
    """
    if not settings.image_format.is_picture:
        return None
    rotation = info.rotation if settings.rotate else 0
    width, height = rotated_size(*(size or (info.width, info.height)), rotation)
    aspect = rotated_pixel_aspect(info.sample_aspect_ratio, rotation)
    return geometry_of(width, height, aspect, settings.crop, settings.resize)
