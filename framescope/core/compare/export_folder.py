"""Compares exported pictures with the frames of their video: which frames are there, and how similar."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.compare.alignment import Alignment
from framescope.core.compare.choices import AlignBy
from framescope.core.compare.differences import Difference, DifferenceKind
from framescope.core.compare.quality import measure_pairs
from framescope.core.compare.space import comparable_pixels
from framescope.core.errors import FrameScopeError, FrameUnavailableError, SettingsError
from framescope.core.export.encoders.encode import decode_encoded
from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.export.encoders.pixels import picture_pixels
from framescope.core.export.encoders.tags import SourceFacts
from framescope.core.export.manifest.reading import has_manifest, read_manifest
from framescope.core.export.provenance import same_frames, same_source
from framescope.core.export.result import Fate
from framescope.core.export.settings import settings_from_table
from framescope.core.media.container import is_url
from framescope.core.outside import read_small_file
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from framescope.core.compare.quality import Metric, Quality
    from framescope.core.compare.space import Comparable
    from framescope.core.export.manifest.lines import FrameLine, ManifestHeader
    from framescope.core.export.settings import ExportSettings
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken, ProgressCallback


def export_folder(source: str | os.PathLike[str]) -> Path | None:
    """The folder, if this names one that holds an export."""
    if is_url(os.fspath(source)):
        return None
    path = Path(source)
    return path if path.is_dir() and has_manifest(path) else None


@dataclass(frozen=True, slots=True, eq=False)
class ExportedPictures:
    """The pictures of the last export into a folder.

    Attributes:
        folder: The folder.
        lines: Their lines in the manifest, by frame number.
        settings: How they were exported.
        facts: What the video says of all its frames.
    """

    folder: Path
    lines: tuple[FrameLine, ...]
    settings: ExportSettings
    facts: SourceFacts

    @property
    def numbers(self) -> NDArray[np.int64]:
        """int64 frame numbers, ascending."""
        return np.array([line.frame_number for line in self.lines], np.int64)

    @property
    def words(self) -> str:
        """The format."""
        return self.settings.image_format.label

    def alignment(self, a_count: int, missing: list[int]) -> Alignment:
        """The map that the manifest gives; frames that it could not save are missing."""
        b_of_a = np.full(a_count, -1, np.int64)
        b_of_a[self.numbers[::-1]] = np.arange(len(self.lines))[::-1]
        places = np.searchsorted(self.numbers, missing).tolist()
        differences = tuple(
            Difference(
                DifferenceKind.DROPPED,
                range(number, number + 1),
                range(place, place),
                1,
                range(number, number + 1),
            )
            for number, place in zip(missing, places, strict=True)
        )
        return Alignment(AlignBy.NUMBER, b_of_a, self.numbers, differences)

    def quality(
        self,
        video: Video,
        metrics: Collection[Metric],
        progress: ProgressCallback,
        cancel: CancelToken | None,
    ) -> Quality:
        """How similar each picture is to its frame, cropped and resized alike.

        Raises:
            Cancelled: The work was cancelled.
            OpenError: The video is gone.
        """
        # Clips may have a frame in common.
        first = np.flatnonzero(np.diff(self.numbers, prepend=-1))
        numbers = self.numbers[first]
        answers = zip(video.try_frames(numbers), first.tolist(), strict=True)
        prepared = (
            None
            if isinstance(answer, FrameUnavailableError)
            else partial(_pair, self, answer, self.lines[place])
            for answer, place in answers
        )
        pairs = np.stack([numbers, first], 1)
        pixels = video.info.width * video.info.height
        return measure_pairs(
            pairs, prepared, pixels=pixels, metrics=metrics, progress=progress, cancel=cancel
        )


def read_export(folder: Path, video: Video) -> tuple[ExportedPictures, list[int]]:
    """The pictures of the last export into a folder, and the frames that have none.

    Raises:
        ManifestError: The manifest cannot be read.
        SettingsError: They were made from another video, or are no pictures.
    """
    manifest = read_manifest(folder)
    section = manifest.last
    _check_source(section.header, video, folder)
    settings = settings_from_table(section.header.settings, folder=folder)
    if settings.image_format is ImageFormat.PLANES:
        raise SettingsError(
            tr("{folder} holds planes, not pictures.", folder=folder),
            hint=tr("`framescope verify DIR --video VIDEO` compares planes with their frames."),
        )
    ordered = sorted(section.lines, key=lambda line: line.frame_number)
    there = tuple(line for line in ordered if line.fate is not Fate.FAILED and (folder / line.file).is_file())
    kept = {line.frame_number for line in there}
    missing = sorted({line.frame_number for line in ordered} - kept)
    facts = SourceFacts.of(replace(video.info, source=str(section.header.source["name"])))
    return ExportedPictures(folder, there, settings, facts), missing


def _check_source(header: ManifestHeader, video: Video, folder: Path) -> None:
    if not same_source(header, video.info):
        raise SettingsError(
            tr("The pictures in {folder} were not made from this video.", folder=folder),
            hint=tr("They were made from {name}.", name=header.source["name"]),
        )
    if not same_frames(header, video.index):
        raise SettingsError(
            tr("The video's frames are numbered differently now."),
            hint=tr("Export them again."),
        )


def _pair(exported: ExportedPictures, frame: Frame, line: FrameLine) -> Comparable | None:
    """The pixels that were encoded, and those in the file; None if it holds no such picture."""
    settings = exported.settings
    try:
        data = read_small_file(exported.folder / line.file, line.size_bytes)
        pixels = picture_pixels(frame, settings, exported.facts.pixel_aspect)
        found = decode_encoded(data, settings)
    except (OSError, FrameScopeError):
        return None
    if pixels.shape != found.shape or pixels.dtype != found.dtype or pixels.ndim != 3:
        return None
    bits = 8 * pixels.dtype.itemsize
    return comparable_pixels(pixels, found, tr("{bits}-bit R'G'B' as exported", bits=bits))
