"""The videos that were opened together, or lie in one folder: opens the next and the previous one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from framescope.core.errors import FrameScopeError
from framescope.core.media.container import is_url, local_path
from framescope.core.text import counted
from framescope.core.translation import tr
from framescope.ui.widgets.tasks import BackgroundTask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller


class Playlist(QObject):
    """A list of videos, of which one is open. Threads: GUI.

    Without a list, the next video is the next one in the folder.
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
        self._here = source if path is None else str(path)
        self._looking.forget()
        self._on_looking()

    def open_all(self, sources: Sequence[str]) -> None:
        """Make a list of files and all videos in folders, and open the first one."""
        named, self._step = tuple(sources), 0

        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[list[str], None]:
            del progress
            # Imported here: it loads the audit, which must not delay the first picture.
            from framescope.core.audit.folder import list_videos, no_videos  # noqa: PLC0415

            videos = list_videos(named, cancel=cancel)
            if not videos:
                raise no_videos(named)
            return videos, None

        self._looking.start(tr("Looking for videos"), work, announce=False)

    def step(self, step: int) -> None:
        """Open the next (1) or previous (-1) video, counted from the one asked for last.

        It may be still being opened, or one that cannot be opened.
        """
        source = self._here
        if source is None:
            return
        self._step = self._step + step if self._looking.is_running else step
        if source in self._sources:
            self._open_beside(self._sources, source)
        elif is_url(source):
            self._controller.notice_posted.emit(tr("A web address has no folder."), "info")
        else:
            self._search(source)

    def _search(self, source: str) -> None:
        def work(progress: ProgressCallback, cancel: CancelToken) -> tuple[list[str], str]:
            del progress, cancel
            from framescope.core.audit.folder import videos_beside  # noqa: PLC0415

            try:
                return videos_beside(source), source
            except OSError as error:
                folder, reason = Path(source).parent, error.strerror or str(error)
                raise FrameScopeError(
                    tr("The folder {folder} cannot be read: {reason}.", folder=folder, reason=reason)
                ) from error

        self._looking.start(tr("Looking for videos"), work, announce=False)

    def _open_beside(self, sources: Sequence[str], source: str) -> None:
        here = sources.index(source)
        place = min(max(here + self._step, 0), len(sources) - 1)
        if place != here:
            self.video_wanted.emit(sources[place])
            return
        text = tr("This is the last video.") if self._step > 0 else tr("This is the first video.")
        self._controller.notice_posted.emit(text, "info")

    @Slot(object)
    def _on_found(self, found: tuple[list[str], str | None]) -> None:
        videos, beside = found
        if beside is None:
            self._begin(videos)
        elif beside == self._here:
            self._open_beside(videos, beside)

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
    def _on_looking(self) -> None:
        self._controller.awaits_video = self._looking.is_running

    @Slot()
    def _on_source_opened(self) -> None:
        self._here = self._controller.source
        if self._sources and self.place is None:
            self._sources = ()
            self.changed.emit()
