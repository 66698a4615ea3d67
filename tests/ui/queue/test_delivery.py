"""Exports from the queue to an address: what arrives, what is said, and what is kept when it is stopped."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

import framescope
from framescope.core import storage
from framescope.core.export import sending
from framescope.core.export.sending import Outbox
from framescope.core.recipe.run import VideoState
from framescope.session.settings import Settings
from framescope.ui.queue.dialog import QueueDialog
from tests.ui.clip.session import PATIENCE_MS
from tests.ui.parts import part
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.ui.widgets.theme import ThemeSource
    from tests.object_store import ObjectStore


@pytest.fixture
def dialog(
    qtbot: QtBot, theme: ThemeSource, plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[QueueDialog]:
    """The queue of two videos, of which two frames each are chosen."""
    monkeypatch.setattr(storage, "_FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(storage, "_TRIES", 2)
    monkeypatch.setattr(sending, "data_folder", lambda: tmp_path / "data")
    controller, settings = RunningController(), Settings()
    settings.export_choices = {"sampling": {"kind": "every-nth", "step": 24}}
    widget = QueueDialog(controller.as_controller(), theme, settings)
    qtbot.addWidget(widget)
    widget.show()
    (tmp_path / "videos").mkdir()
    for name in ("one.mp4", "two.mp4"):
        shutil.copy(plain_clip, tmp_path / "videos" / name)
    with qtbot.waitSignal(widget.runner.items_changed):
        widget.add_sources([str(tmp_path / "videos")])
    yield widget
    controller.runner.close()


def export(qtbot: QtBot, dialog: QueueDialog, address: str) -> str:
    """Export to an address; what is said at the end."""
    part(dialog, QLineEdit, "queueFolder").setText(address)
    with qtbot.waitSignal(dialog.runner.ended, timeout=PATIENCE_MS):
        part(dialog, QPushButton, "queueStart").click()
    return part(dialog, QLabel, "queueNote").text()


@pytest.mark.parametrize("layout", ["", "coco"])
def test_an_address_receives_what_a_folder_would(
    qtbot: QtBot, dialog: QueueDialog, object_store: ObjectStore, tmp_path: Path, layout: str
) -> None:
    if layout:
        dialog.dataset.choose({"layout": layout})
        framescope.export_dataset(tmp_path / "videos", tmp_path / "local", {"every": 24}, layout=layout)
    else:
        framescope.export_many(tmp_path / "videos", tmp_path / "local", {"every": 24})
    local = {
        path.relative_to(tmp_path / "local").as_posix(): path.read_bytes()
        for path in (tmp_path / "local").rglob("*.*")
    }
    name = f"queue{layout}/set"
    told = export(qtbot, dialog, f"s3://videos/{name}")
    assert told.endswith(f"Sent {len(local)} files to s3://videos/{name}.")
    assert {one: object_store.get(f"{name}/{one}") for one in object_store.names(name)} == local
    assert {item.state for item in dialog.runner.items} == {VideoState.DONE}
    # A file manager opens no address.
    assert not part(dialog, QPushButton, "queueReport").isVisibleTo(dialog)
    assert {item.folder for item in dialog.runner.items} == {None}


def test_what_cannot_be_sent_is_told_and_sent_the_next_time(
    qtbot: QtBot, dialog: QueueDialog, object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "there is no such bucket" in export(qtbot, dialog, "s3://none-of-these/set")
    assert {item.state for item in dialog.runner.items} == {VideoState.CANCELLED}
    assert "need the package gcsfs" in export(qtbot, dialog, "gs://bucket/set")

    def stopped(outbox: Outbox, *, progress: ProgressCallback, cancel: CancelToken) -> int:
        cancel.cancel()
        return send(outbox, progress=progress, cancel=cancel)

    send = Outbox.send
    monkeypatch.setattr(Outbox, "send", stopped)
    assert "Not everything was sent to s3://videos/queue/2" in export(qtbot, dialog, "s3://videos/queue/2")
    assert object_store.names("queue/2") == []
    monkeypatch.setattr(Outbox, "send", send)
    assert "2 videos: 2 done. Sent 8 files" in export(qtbot, dialog, "s3://videos/queue/2")
    assert len(object_store.names("queue/2")) == 8
