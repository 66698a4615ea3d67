"""Fixtures for sessions: one over fake media, one over real clips, and everything they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Slot

from framescope.engine.backend import core_backend
from framescope.session.controller import Controller
from tests.engine.fakes import FakeMedia

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from framescope.core.errors import FrameScopeError
    from framescope.session.state import ShownFrame


class Ear(QObject):
    """Writes down what a controller says."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self.controller = controller
        self.words: list[str] = []
        self.shown: list[ShownFrame] = []
        self.errors: list[FrameScopeError] = []
        self.notices: list[tuple[str, str]] = []
        self.changes: list[str] = []
        self.visible: list[tuple[float, float]] = []
        controller.source_opened.connect(self._on_source_opened)
        controller.source_closed.connect(self._on_source_closed)
        controller.source_failed.connect(self._on_source_failed)
        controller.video.changed_on_disk.connect(self._on_source_changed)
        controller.index_updated.connect(self._on_index_updated)
        controller.frame_shown.connect(self._on_frame_shown)
        controller.position_changed.connect(self._on_position_changed)
        controller.notice_posted.connect(self._on_notice_posted)
        controller.view.visible_range_changed.connect(self._on_visible_range_changed)

    def is_exact(self) -> bool:
        """Whether the frame requested is the one on screen, exactly."""
        last = self.shown[-1]
        return last.frame_number == self.controller.position and last.frame is not None

    @Slot()
    def _on_source_opened(self) -> None:
        self.words.append("opened")

    @Slot()
    def _on_source_closed(self) -> None:
        self.words.append("closed")

    @Slot(object)
    def _on_source_failed(self, error: FrameScopeError) -> None:
        self.words.append("failed")
        self.errors.append(error)

    @Slot(str)
    def _on_source_changed(self, change: str) -> None:
        self.changes.append(change)

    @Slot()
    def _on_index_updated(self) -> None:
        index = self.controller.index
        self.words.append(f"index {0 if index is None else len(index)}")

    @Slot()
    def _on_frame_shown(self) -> None:
        shown = self.controller.shown
        assert shown is not None
        self.shown.append(shown)

    @Slot(int)
    def _on_position_changed(self, frame_number: int) -> None:
        self.words.append(f"at {frame_number}")

    @Slot(str, str)
    def _on_notice_posted(self, text: str, level: str) -> None:
        self.notices.append((text, level))

    @Slot(float, float)
    def _on_visible_range_changed(self, first: float, last: float) -> None:
        self.visible.append((first, last))


@pytest.fixture
def media() -> Iterator[FakeMedia]:
    """A video of 100 frames with a keyframe every 10; its gates are open."""
    media = FakeMedia()
    yield media
    media.gate.set()
    media.listing_gate.set()


@pytest.fixture
def controller(qtbot: QtBot, media: FakeMedia) -> Iterator[Controller]:
    """A session over fake media."""
    del qtbot
    controller = Controller(backend=media.backend)
    yield controller
    media.gate.set()
    media.listing_gate.set()
    controller.close()


@pytest.fixture
def real_controller(qtbot: QtBot) -> Iterator[Controller]:
    """A session over real files; no index is kept on disk."""
    del qtbot
    controller = Controller(backend=core_backend(keeps_indexes=False))
    yield controller
    controller.close()


@pytest.fixture
def ear(controller: Controller) -> Ear:
    return Ear(controller)


@pytest.fixture
def open_fake(qtbot: QtBot, controller: Controller, ear: Ear) -> Callable[[], None]:
    """Open the fake video and wait for its first picture."""

    def open_it() -> None:
        controller.open_source("/videos/clip.mp4")
        qtbot.waitUntil(lambda: bool(ear.shown) and controller.index is not None)

    return open_it
