"""Exports from the dialog to an address: checked while it is typed, sent with progress, and stopped."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QWidget

import framescope
from framescope.core import storage
from framescope.core.export import sending
from framescope.core.export.sending import Outbox
from framescope.core.sampling.sampling import SamplingKind
from framescope.session.controller import Controller
from framescope.session.settings import Settings
from framescope.ui.export.dialog import ExportDialog
from framescope.ui.export.frames.kinds import KindBox
from framescope.ui.export.question import ExistingQuestion
from tests.ui.parts import part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.ui.widgets.theme import ThemeSource
    from tests.object_store import ObjectStore

_NUMBERS = itertools.count()


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(storage, "_TRIES", 2)
    monkeypatch.setattr(sending, "data_folder", lambda: tmp_path / "data")


@pytest.fixture
def dialog(qtbot: QtBot, plain_clip: Path, theme: ThemeSource) -> Iterator[ExportDialog]:
    """The dialog of a video with six frames marked."""
    controller = Controller()
    controller.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: controller.index is not None and controller.index.complete)
    widget = ExportDialog(controller, theme, Settings())
    qtbot.addWidget(widget)
    widget.show()
    widget.form.choose_list("0:48:8")
    yield widget
    controller.close()


@pytest.fixture
def address(object_store: ObjectStore) -> str:
    return f"{object_store.address}/window-{next(_NUMBERS)}/set"


@pytest.fixture
def local(plain_clip: Path, tmp_path: Path) -> dict[str, bytes]:
    """The same pictures, in a folder."""
    framescope.export(plain_clip, tmp_path / "local", range(0, 48, 8))
    return {path.name: path.read_bytes() for path in (tmp_path / "local").glob("*.jpg")}


def written(object_store: ObjectStore, address: str) -> dict[str, bytes]:
    prefix = address.removeprefix("s3://videos/")
    return {name: object_store.get(f"{prefix}/{name}") for name in object_store.names(prefix)}


def start(qtbot: QtBot, dialog: ExportDialog, address: str) -> None:
    part(dialog, QLineEdit, "exportFolder").setText(address)
    button = part(dialog, QPushButton, "exportStart")
    qtbot.waitUntil(lambda: button.text() == "Export 6 frames" and button.isEnabled())
    assert part(dialog, KindBox, "exportKind").kind is SamplingKind.LIST
    button.click()


def wait_for_result(qtbot: QtBot, dialog: ExportDialog) -> str:
    qtbot.waitUntil(lambda: part(dialog, QWidget, "exportResultPage").isVisibleTo(dialog), timeout=20_000)
    return part(dialog, QLabel, "exportHeadline").text()


def test_an_address_receives_what_a_folder_would(
    qtbot: QtBot,
    dialog: ExportDialog,
    object_store: ObjectStore,
    address: str,
    local: dict[str, bytes],
) -> None:
    told: list[str] = []
    page = part(dialog, QLabel, "exportProgress")
    dialog.task.progressed.connect(lambda progress: told.append(f"{progress.text}|{page.text()}"))
    start(qtbot, dialog, address)
    assert wait_for_result(qtbot, dialog) == "6 frames saved"
    there = written(object_store, address)
    assert {name: data for name, data in there.items() if name.endswith(".jpg")} == local
    assert "framescope-manifest.jsonl" in there
    assert any(text.startswith("Sending ") for text in told)
    # Its units are files.
    assert not [text for text in told if text.startswith("Sending ") and "frame" in text.rpartition("|")[2]]
    assert address in part(dialog, QLabel, "exportDetails").text()
    # A file manager opens no address.
    assert not part(dialog, QPushButton, "exportOpenFolder").isVisibleTo(dialog)
    # What is there is asked about, as it is in a folder.
    part(dialog, QPushButton, "exportBack").click()
    start(qtbot, dialog, address)
    qtbot.waitUntil(lambda: bool(dialog.findChildren(ExistingQuestion)))
    dialog.findChildren(ExistingQuestion)[0].reject()
    start(qtbot, dialog, f"{address}-2")
    assert wait_for_result(qtbot, dialog) == "6 frames saved"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("s3://videos", "Nothing can be written to s3://videos. Name a folder below a bucket"),
        ("s3://", "s3:// is not a complete address."),
        ("gs://bucket/set", "need the package gcsfs. Install it: pip install"),
    ],
)
def test_an_address_is_checked_while_it_is_typed(
    qtbot: QtBot, dialog: ExportDialog, object_store: ObjectStore, typed: str, words: str
) -> None:
    del object_store
    part(dialog, QLineEdit, "exportFolder").setText(typed)
    error = part(dialog, QLabel, "exportFolderError")
    qtbot.waitUntil(lambda: words in error.text(), timeout=20_000)
    assert not part(dialog, QPushButton, "exportStart").isEnabled()


def test_what_a_server_refuses_is_sent_the_next_time(
    qtbot: QtBot,
    dialog: ExportDialog,
    object_store: ObjectStore,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    note = part(dialog, QLabel, "exportNote")
    start(qtbot, dialog, "s3://none-of-these/set")
    qtbot.waitUntil(lambda: "there is no such bucket" in note.text(), timeout=20_000)

    def refused(outbox: Outbox, *, progress: ProgressCallback, cancel: CancelToken) -> int:
        object_store.faults.refusals, object_store.faults.refused = 1 << 30, ("PUT",)
        return send(outbox, progress=progress, cancel=cancel)

    send = Outbox.send
    monkeypatch.setattr(Outbox, "send", refused)
    start(qtbot, dialog, address)
    qtbot.waitUntil(lambda: "cannot be written to" in note.text(), timeout=20_000)
    assert "resume it to send it" in note.text()
    assert written(object_store, address) == {}
    monkeypatch.setattr(Outbox, "send", send)
    object_store.faults.reset()
    part(dialog, QComboBox, "exportOnExisting").setCurrentText("Keep it and skip the frame")
    start(qtbot, dialog, address)
    assert "Nothing to save" in wait_for_result(qtbot, dialog)
    assert len([name for name in written(object_store, address) if name.endswith(".jpg")]) == 6


def test_sending_can_be_stopped(
    qtbot: QtBot,
    dialog: ExportDialog,
    object_store: ObjectStore,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stopped(outbox: Outbox, *, progress: ProgressCallback, cancel: CancelToken) -> int:
        cancel.cancel()
        return send(outbox, progress=progress, cancel=cancel)

    send = Outbox.send
    monkeypatch.setattr(Outbox, "send", stopped)
    start(qtbot, dialog, address)
    note = part(dialog, QLabel, "exportNote")
    qtbot.waitUntil(lambda: f"Not everything was sent to {address}" in note.text(), timeout=20_000)
    assert written(object_store, address) == {}
    assert not dialog.is_working
