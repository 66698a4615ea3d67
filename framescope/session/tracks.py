"""Chapters and subtitles of the open video: found after the first picture, shown with the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.tracks.chapters import Chapter
    from framescope.core.tracks.subtitles import Subtitles, SubtitleTrack
    from framescope.engine.jobs import Job, JobRunner
    from framescope.session.open_video import OpenVideo
    from framescope.session.settings import Settings
    from framescope.session.sound import Sound


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """A chapter on the axis of frames.

    Attributes:
        frame_number: The frame on screen when it begins.
        title: Its name.
    """

    frame_number: int
    title: str


class Tracks(QObject):
    """Chapters, and the subtitle shown with the picture. Threads: GUI."""

    changed = Signal()
    """``chapters``, ``subtitle_tracks``, ``track`` or ``shows_subtitles`` changed, or subtitles were read."""

    def __init__(
        self,
        video: OpenVideo,
        sound: Sound,
        runner: JobRunner,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._video = video
        self._sound = sound
        self._runner = runner
        self._settings = settings
        self._has_begun = False
        self._found: tuple[Chapter, ...] = ()
        self._chapters: tuple[ChapterMark, ...] = ()
        self._subtitle_tracks: tuple[SubtitleTrack, ...] = ()
        self._track: SubtitleTrack | None = None
        self._subtitles: Subtitles | None = None
        self._looking: Job | None = None
        self._reading: Job | None = None
        settings.changed.connect(self._on_setting_changed)
        video.index_replaced.connect(self._on_index_replaced)

    @property
    def chapters(self) -> tuple[ChapterMark, ...]:
        """The chapters of the video, in order."""
        return self._chapters

    @property
    def subtitle_tracks(self) -> tuple[SubtitleTrack, ...]:
        """Its tracks of text subtitles."""
        return self._subtitle_tracks

    @property
    def track(self) -> SubtitleTrack | None:
        """The chosen one; None if there is none."""
        return self._track

    @property
    def shows_subtitles(self) -> bool:
        """Whether subtitles are shown over the picture."""
        return self._settings.shows_subtitles

    def text_at(self, frame_number: int) -> str:
        """The subtitle to show with a frame; empty for none."""
        times = self._sound.times
        if not self.shows_subtitles or self._subtitles is None or times is None:
            return ""
        return self._subtitles.at(times.time_of(frame_number))

    # --- commands

    def begin(self) -> None:
        """Look for chapters and subtitles, once a video. Called when its first picture is shown."""
        info, index = self._video.info, self._video.index
        if self._has_begun or info is None or index is None or not info.has_packets:
            return
        self._has_begun = True
        source, origin_s = info.source, index.origin_s

        def work(
            progress: ProgressCallback, cancel: CancelToken
        ) -> tuple[tuple[Chapter, ...], tuple[SubtitleTrack, ...]]:
            del progress, cancel
            from framescope.core.tracks.chapters import chapters_of  # noqa: PLC0415
            from framescope.core.tracks.subtitles import subtitle_tracks  # noqa: PLC0415

            return chapters_of(source, origin_s), subtitle_tracks(source)

        self._looking = self._runner.start(tr("Looking for chapters and subtitles"), work, announce=False)
        self._looking.finished.connect(self._on_found)

    def forget(self) -> None:
        """The video is closed."""
        self._has_begun = False
        for job in (self._looking, self._reading):
            if job is not None:
                job.cancel()
        self._looking = self._reading = self._track = self._subtitles = None
        self._found, self._chapters, self._subtitle_tracks = (), (), ()
        self.changed.emit()

    def choose(self, stream_index: int) -> None:
        """Show this track of subtitles."""
        chosen = next((each for each in self._subtitle_tracks if each.stream_index == stream_index), None)
        if chosen is not None:
            self._settings.shows_subtitles = True
            self._use(chosen)

    def choose_next(self) -> None:
        """Show the next track of subtitles; after the last one the first."""
        if self._track is not None:
            place = self._subtitle_tracks.index(self._track)
            self.choose(self._subtitle_tracks[(place + 1) % len(self._subtitle_tracks)].stream_index)

    def toggle_subtitles(self) -> None:
        """Show subtitles over the picture, or not."""
        self._settings.shows_subtitles = not self.shows_subtitles

    def chapter_after(self, frame_number: int) -> int | None:
        """The first frame of the next chapter, or None."""
        starts = [chapter.frame_number for chapter in self._chapters]
        return next((start for start in starts if start > frame_number), None)

    def chapter_before(self, frame_number: int) -> int | None:
        """The first frame of this chapter or, from there, of the previous one; None before the first."""
        starts = [chapter.frame_number for chapter in self._chapters]
        return next((start for start in reversed(starts) if start < frame_number), None)

    # --- inside

    def _use(self, track: SubtitleTrack | None) -> None:
        if track is self._track:
            return
        self._track, self._subtitles = track, None
        self._read()
        self.changed.emit()

    def _read(self) -> None:
        """Read the chosen track, if it is to be shown: that reads the whole file."""
        info, index, track = self._video.info, self._video.index, self._track
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if track is None or info is None or index is None or not self.shows_subtitles:
            return
        source, number, origin_s = info.source, track.stream_index, index.origin_s

        def work(progress: ProgressCallback, cancel: CancelToken) -> Subtitles:
            del progress
            from framescope.core.tracks.subtitles import read_subtitles  # noqa: PLC0415

            return read_subtitles(source, number, origin_s, cancel)

        self._reading = self._runner.start(tr("Reading subtitles"), work, announce=False)
        self._reading.finished.connect(self._on_read)

    def _place_chapters(self) -> None:
        """Put each chapter at the frame that is on screen when it begins, once all frames are known."""
        index, times = self._video.index, self._sound.times
        if index is None or not index.complete or times is None or not self._found:
            return
        self._chapters = tuple(
            ChapterMark(times.number_at(chapter.start_s), chapter.title) for chapter in self._found
        )
        self.changed.emit()

    # --- slots

    @Slot(object)
    def _on_found(self, found: tuple[tuple[Chapter, ...], tuple[SubtitleTrack, ...]]) -> None:
        if self.sender() is not self._looking:
            return
        self._found, self._subtitle_tracks = found
        self._place_chapters()
        default = next((track for track in self._subtitle_tracks if track.is_default), None)
        self._use(default or next(iter(self._subtitle_tracks), None))

    @Slot(object)
    def _on_read(self, subtitles: Subtitles) -> None:
        if self.sender() is self._reading:
            self._subtitles = subtitles
            self.changed.emit()

    @Slot(object)
    def _on_index_replaced(self, before: object) -> None:
        del before
        self._place_chapters()

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name == "shows_subtitles":
            if self._subtitles is None:
                self._read()
            self.changed.emit()
