"""The videos that were opened together, or lie in one folder: opens the next and the previous one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from framescope.core.errors import FrameScopeError
from framescope.core.media.container import is_url, local_path, source_name
from framescope.core.model.progress import Progress
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.ui.widgets.tasks import BackgroundTask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller


class _Found(NamedTuple):
    """What was looked for.

    Attributes:
        videos: A list, or the videos in the folder.
        beside: The one from which the next is counted; None for a new list.
        unlabelled: The next one without a label, ``beside`` if there is none; None if any may be the next.
    """

    videos: list[str]
    beside: str | None = None
    unlabelled: str | None = None


_REPEAT_MS = 150
"""Steps closer together than this are those of a held key, on every system."""


class Playlist(QObject):
    """A list of videos, of which one is open. Threads: GUI.

    Without a list, the next video is the next one in the folder. While a key is held, the videos that it
    passes are named but not opened.
    """

    video_wanted = Signal(str)
    changed = Signal()
    """``sources`` changed."""

    def __init__(self, controller: Controller, parent: QObject) -> None:
        super().__init__(parent)
        self._controller = controller
        self._sources: tuple[str, ...] = ()
        self._step = 1
        self._here: str | None = None
        self._siblings: Sequence[str] = ()
        self._held_steps = 0
        self._repeat_timer = QTimer(self, singleShot=True, interval=_REPEAT_MS)
        self._repeat_timer.timeout.connect(self._on_repeat_timeout)
        self._looking = BackgroundTask(controller, self)
        self._looking.finished.connect(self._on_found)
        self._looking.failed.connect(controller.source_failed)
        self._looking.changed.connect(self._on_looking)
        controller.source_opened.connect(self._on_source_opened)

    @property
    def sources(self) -> tuple[str, ...]:
        """The list; empty if there is none."""
        return self._sources

    @property
    def place(self) -> int | None:
        """The open video's place in the list, from 0."""
        source = self._controller.source
        return self._sources.index(source) if source in self._sources else None

    def expect(self, source: str) -> None:
        """This video is to be opened: ignore what is being looked for."""
        path = local_path(source)
        name = source if path is None else str(path)
        if name != self._here:
            self._held_steps = 0
        self._here = name
        self._looking.forget()
        self._on_looking()

    def open_all(self, sources: Sequence[str]) -> None:
        """Make a list of files and all videos in folders, and open the first one."""
        named, self._step = tuple(sources), 0

        def work(progress: ProgressCallback, cancel: CancelToken) -> _Found:
            del progress
            # Imported here: it loads the audit, which must not delay the first picture.
            from framescope.core.source.input_videos import list_videos, no_videos  # noqa: PLC0415

            videos = list_videos(named, cancel=cancel)
            if not videos:
                raise no_videos(named)
            return _Found(videos)

        self._looking.start(tr("Looking for videos"), work, announce=False)

    def step(self, step: int) -> None:
        """Open the next (1) or previous (-1) video, counted from the one asked for last.

        It may be still being opened, or one that cannot be opened.
        """
        is_held = self._repeat_timer.isActive()
        self._repeat_timer.start()
        if is_held:
            self._hold(step)
        else:
            self._go(step)

    def seek_unlabelled(self) -> None:
        """Open the next video in which no frame has a label; after the last one, it starts over."""
        source, listed, keeper = self._here, self._sources, self._controller.keeper
        if source is None:
            return
        self._held_steps = 0
        if source not in listed and is_url(source):
            self._say_no_folder()
            return

        def work(progress: ProgressCallback, cancel: CancelToken) -> _Found:
            sources = list(listed) if source in listed else _videos_beside(source)
            here = sources.index(source)
            others = sources[here + 1 :] + sources[:here]
            for done, each in enumerate(others):
                cancel.raise_if_cancelled()
                progress(Progress(done, len(others)))
                if not keeper.has_label(each):
                    return _Found(sources, source, each)
            return _Found(sources, source, source)

        self._looking.start(tr("Looking for a video without a label"), work)

    def stop(self) -> None:
        """Open none of the videos that were stepped to: the window is being closed."""
        self._repeat_timer.stop()
        self._held_steps = 0

    def _hold(self, step: int) -> None:
        """Pass by a video; the last one is opened."""
        self._held_steps += step
        if self._here in self._siblings:
            last = len(self._siblings) - 1
            here = self._siblings.index(self._here) + self._steps_on_the_way()
            wanted = here + self._held_steps
            place = min(max(wanted, 0), last)
            # Steps beyond the end do not count: the way back starts there.
            self._held_steps = place - here
            if place == wanted:
                name = source_name(self._siblings[place])
                text = tr("{name} ({place} of {count})", name=name, place=place + 1, count=last + 1)
                self._controller.notice_posted.emit(text, "info")
            else:
                self._say_end(step)
        self._on_looking()

    def _steps_on_the_way(self) -> int:
        """How many videos on the search in progress will lead: to the first or last known one at most."""
        if not self._looking.is_running:
            return 0
        if self._here not in self._siblings:
            return self._step
        here = self._siblings.index(self._here)
        return min(max(here + self._step, 0), len(self._siblings) - 1) - here

    def _go(self, step: int) -> None:
        source = self._here
        if source is None:
            return
        self._step = self._steps_on_the_way() + step
        if source in self._sources:
            self._open_beside(self._sources, source)
        elif is_url(source):
            self._say_no_folder()
        else:
            self._search(source)

    def _search(self, source: str) -> None:
        def work(progress: ProgressCallback, cancel: CancelToken) -> _Found:
            del progress, cancel
            return _Found(_videos_beside(source), source)

        self._looking.start(tr("Looking for videos"), work, announce=False)

    def _open_beside(self, sources: Sequence[str], source: str) -> None:
        self._siblings = sources
        here = sources.index(source)
        place = min(max(here + self._step, 0), len(sources) - 1)
        if place != here:
            self._here = sources[place]
            self.video_wanted.emit(self._here)
            return
        self._say_end(self._step)

    def _say_end(self, step: int) -> None:
        text = tr("This is the last video.") if step > 0 else tr("This is the first video.")
        self._controller.notice_posted.emit(text, "info")

    def _say_no_folder(self) -> None:
        self._controller.notice_posted.emit(tr("A web address has no folder."), "info")

    @Slot(object)
    def _on_found(self, found: _Found) -> None:
        if found.beside is None:
            self._begin(found.videos)
        elif found.beside != self._here:
            pass
        elif found.unlabelled is None:
            self._open_beside(found.videos, found.beside)
        elif found.unlabelled == found.beside:
            text = tr("There is no other video without a label.")
            self._controller.notice_posted.emit(text, "info")
        else:
            self._siblings = found.videos
            self.video_wanted.emit(found.unlabelled)

    def _begin(self, videos: Sequence[str]) -> None:
        self._sources = tuple(videos) if len(videos) > 1 else ()
        self.changed.emit()
        self.video_wanted.emit(videos[0])
        if len(videos) > 1:
            text = tr(
                "Opened the first of {videos}; File > Next video opens the next one.",
                videos=counted(len(videos), "video", "videos"),
            )
            self._controller.notice_posted.emit(text, "info")

    @Slot()
    def _on_repeat_timeout(self) -> None:
        steps, self._held_steps = self._held_steps, 0
        if steps:
            self._go(steps)
        self._on_looking()

    @Slot()
    def _on_looking(self) -> None:
        self._controller.awaits_video = self._looking.is_running or self._held_steps != 0

    @Slot()
    def _on_source_opened(self) -> None:
        self._here = self._controller.source
        if self._sources and self.place is None:
            self._sources = ()
            self.changed.emit()


def _videos_beside(source: str) -> list[str]:
    """The videos in the folder of one of them, sorted.

    Raises:
        FrameScopeError: The folder cannot be read.
    """
    from framescope.core.source.input_videos import videos_beside  # noqa: PLC0415

    try:
        return videos_beside(source)
    except OSError as error:
        folder, reason = Path(source).parent, error.strerror or str(error)
        raise FrameScopeError(
            tr("The folder {folder} cannot be read: {reason}.", folder=folder, reason=reason)
        ) from error
