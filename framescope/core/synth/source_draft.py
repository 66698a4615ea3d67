"""The source of a new video as a record, opened later in the thread that reads it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.source.opening import known_video
from framescope.core.synth.pattern_pictures import Pattern, PatternPictures
from framescope.core.synth.pictures import RepeatedPicture, VideoFrames, picture_files
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.synth.pictures import PictureSource


class SourceKind(StrEnum):
    """What the pictures are."""

    PATTERN = "pattern"
    PICTURE = "picture"
    FILES = "files"
    VIDEO = "video"


@dataclass(frozen=True, slots=True, eq=False)
class SourceDraft:
    """Where the pictures are to come from.

    Attributes:
        kind: What they are; it says which of the others count.
        pattern: What is drawn.
        count: How many frames of a pattern or of one picture.
        size: (width, height) of a pattern.
        rate: Frames per second, which sets how far a pattern moves.
        paths: The picture, or pictures and folders of them.
        info: The video.
        index: Its index.
        numbers: Its frames.
    """

    kind: SourceKind
    pattern: Pattern = Pattern.COUNTER
    count: int = 250
    size: tuple[int, int] = (1280, 720)
    rate: float = 25.0
    paths: tuple[Path, ...] = ()
    info: VideoInfo | None = None
    index: FrameIndex | None = None
    numbers: range = field(default_factory=lambda: range(0))

    @contextmanager
    def opened(self) -> Iterator[PictureSource]:
        """The pictures, for the thread that asks. Threads: any.

        Raises:
            FrameScopeError: They is not available.
        """
        if self.kind is SourceKind.PATTERN:
            yield PatternPictures(self.pattern, self.count, size=self.size, rate=self.rate)
        elif self.kind is SourceKind.VIDEO:
            if self.info is None or self.index is None or not self.numbers:
                raise SettingsError(tr("There are no frames to use."), hint=tr("Open a video first."))
            with known_video(self.info, self.index) as video:
                yield VideoFrames(video, self.numbers)
        elif not self.paths:
            raise SettingsError(tr("No picture is chosen."))
        elif self.kind is SourceKind.PICTURE:
            yield RepeatedPicture(self.paths[0], self.count)
        else:
            yield picture_files(self.paths)
