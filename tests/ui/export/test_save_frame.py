"""Saving the frame on screen: the format by its name, and the file that is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from framescope.core.export.settings import ImageFormat
from framescope.core.opencv import cv2
from framescope.engine.jobs import JobRunner
from framescope.session.frame_blocks import BlockLayer
from framescope.ui.export import save_frame as save_frame_module
from framescope.ui.export.save_frame import (
    SavedPicture,
    ask_and_save,
    ask_and_save_overlays,
    save_picture,
    with_format,
)
from framescope.ui.widgets.save_target import Target
from tests.ui.stand_ins import StandInController, make_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.engine.jobs import Job
    from framescope.session.controller import Controller

    Work = Callable[[ProgressCallback, CancelToken], object]


class RunningController(StandInController):
    """Runs jobs for real."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = JobRunner(self)

    def run_job(self, title: str, work: Work, *, announce: bool = True, origin: str = "") -> Job:
        return self.runner.start(title, work, announce=announce, origin=origin)


@pytest.mark.parametrize(
    ("name", "path", "image_format"),
    [
        ("a.png", "a.png", ImageFormat.PNG),
        ("a.JPG", "a.JPG", ImageFormat.JPEG),
        ("a.jpeg", "a.jpeg", ImageFormat.JPEG),
        ("a.tiff", "a.tiff", ImageFormat.TIFF),
        ("a.webp", "a.webp", ImageFormat.WEBP),
        ("a.npy", "a.npy", ImageFormat.NPY),
        ("a", "a.png", ImageFormat.PNG),
        ("a.b", "a.b.png", ImageFormat.PNG),
    ],
)
def test_name_chooses_the_format(name: str, path: str, image_format: ImageFormat) -> None:
    assert with_format(Path(name), ImageFormat.PNG) == (Path(path), image_format)


def test_saved_picture_is_the_frame(qtbot: QtBot, tmp_path: Path) -> None:
    session = RunningController()
    frame, path = make_frame(3), tmp_path / "frame ü.png"
    job = save_picture(session.as_controller(), frame, Target(path, replaces=False))
    with qtbot.waitSignal(job.finished) as finished:
        pass
    saved = finished.args[0] if finished.args else None
    assert isinstance(saved, SavedPicture)
    assert "frame ü.png" in saved.summary
    written = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert written is not None
    assert np.array_equal(written, frame.to_bgr())
    session.runner.close()


def test_folder_that_cannot_be_written_is_an_error(qtbot: QtBot, tmp_path: Path) -> None:
    session = RunningController()
    (tmp_path / "file").write_bytes(b"")
    path = tmp_path / "file" / "frame.png"
    job = save_picture(session.as_controller(), make_frame(), Target(path, replaces=False))
    with qtbot.waitSignal(job.failed):
        pass
    session.runner.close()


def test_placeholders_are_not_saved(qtbot: QtBot) -> None:
    del qtbot
    session = StandInController()
    session.open()
    session.show(3, provisional=True, frame=None)
    assert ask_and_save(session.as_controller(), None, None) is None  # type: ignore[arg-type]


def test_overlays_are_saved_over_the_frame_at_its_own_size(
    qtbot: QtBot, live: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.show_frame(9)
    qtbot.waitUntil(lambda: live.shown is not None and live.shown.frame is not None)
    target = Target(tmp_path / "nine.png", replaces=False)
    monkeypatch.setattr(save_frame_module, "ask_target", lambda *_arguments: target)
    widget = QWidget()
    qtbot.addWidget(widget)
    # Without a layer there is nothing to draw.
    assert ask_and_save_overlays(live, live.settings, widget) is None
    live.blocks.toggle(BlockLayer.QUANTISERS)
    qtbot.waitUntil(lambda: live.blocks.blocks is not None)
    assert live.shown is not None
    frame = live.shown.frame
    assert frame is not None
    before = frame.to_bgr()
    job = ask_and_save_overlays(live, live.settings, widget)
    assert job is not None
    with qtbot.waitSignal(job.finished):
        pass
    saved = cv2.imread(str(target.path))
    assert saved is not None
    assert saved.shape == before.shape
    assert (saved != before).mean() > 0.5
    assert np.array_equal(frame.to_bgr(), before)
