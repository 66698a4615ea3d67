"""A real session on a clip of numbered frames, for the dialogs that read it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from framescope.engine.answers import Answer, FrameRequest
from framescope.session.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

PATIENCE_MS = 60_000


@contextmanager
def open_session(qtbot: QtBot, path: Path) -> Iterator[Controller]:
    """A controller with the video open and its index complete."""
    controller = Controller()
    controller.open_source(str(path))

    def is_listed() -> bool:
        return controller.index is not None and controller.index.complete

    qtbot.waitUntil(is_listed, timeout=PATIENCE_MS)
    try:
        yield controller
    finally:
        controller.close()


def mark_range(controller: Controller, first: int, last: int) -> None:
    """Set the in and the out point."""
    controller.show_frame(first)
    controller.mark_in()
    controller.show_frame(last)
    controller.mark_out()


def find_unavailable(controller: Controller) -> None:
    """Let the current frame be one that cannot be decoded."""
    request = FrameRequest(0, 0, controller.position, controller.view.spec)
    controller.view.show_answer(Answer(request, None, (160, 120), None, None, "it is damaged"))
