"""One frame, saved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import DestinationLostError
from framescope.core.export import save as save_module
from framescope.core.export.encoders.encode import encode_frame
from framescope.core.export.plan import Action, PlanItem
from framescope.core.export.result import Fate
from framescope.core.export.save import DAMAGED_REMARK, SavePlace, save_frame
from framescope.core.export.settings import ExportSettings, OnExisting
from framescope.core.opencv import cv2
from tests.core.export.fakes import fake_bgr, fake_frame

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def ready(settings: ExportSettings) -> ExportSettings:
    settings.folder.mkdir()
    return settings


def item_for(settings: ExportSettings, action: Action = Action.WRITE) -> PlanItem:
    return PlanItem(9, settings.folder / "nine.png", action)


def pixels(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture.astype(np.uint8)


@pytest.mark.parametrize("rotate", [True, False])
def test_the_saved_picture_is_the_frame(ready: ExportSettings, rotate: bool) -> None:  # noqa: FBT001
    saved = save_frame(fake_frame(9), item_for(ready), SavePlace(replace(ready, rotate=rotate)))
    expected = fake_bgr(9)[::-1, ::-1] if rotate else fake_bgr(9)
    assert saved.fate is Fate.WRITTEN
    assert np.array_equal(pixels(saved.outcome.path), expected)
    assert saved.outcome.size_bytes == saved.outcome.path.stat().st_size
    assert (saved.outcome.frame_number, saved.outcome.pts, saved.outcome.reason) == (9, 360, "")


def test_a_damaged_picture_is_saved_as_seen_with_a_remark(ready: ExportSettings) -> None:
    saved = save_frame(fake_frame(9, is_damaged=True), item_for(ready), SavePlace(ready))
    assert (saved.fate, saved.outcome.reason) == (Fate.WRITTEN, DAMAGED_REMARK)


@pytest.mark.parametrize(
    ("on_existing", "fate", "name"),
    [
        (OnExisting.ASK, Fate.FAILED, "nine.png"),
        (OnExisting.SKIP, Fate.SKIPPED, "nine.png"),
        (OnExisting.NUMBER, Fate.WRITTEN, "nine-3.png"),
        (OnExisting.OVERWRITE, Fate.WRITTEN, "nine.png"),
    ],
)
def test_a_file_that_appeared_after_planning(
    ready: ExportSettings, on_existing: OnExisting, fate: Fate, name: str
) -> None:
    for taken in ("nine.png", "nine-2.png"):
        (ready.folder / taken).write_bytes(b"mine")
    place = SavePlace(replace(ready, on_existing=on_existing))
    saved = save_frame(fake_frame(9), item_for(ready), place)
    assert (saved.fate, saved.outcome.path.name) == (fate, name)
    is_replaced = on_existing is OnExisting.OVERWRITE
    assert ((ready.folder / "nine.png").read_bytes() == b"mine") is not is_replaced
    assert ("has appeared in the meantime" in saved.outcome.reason) is (fate is not Fate.WRITTEN)
    assert saved.fault is None


def test_a_planned_overwrite_replaces(ready: ExportSettings) -> None:
    item = item_for(ready, Action.OVERWRITE)
    item.path.write_bytes(b"old")
    assert save_frame(fake_frame(9), item, SavePlace(ready)).fate is Fate.WRITTEN
    assert item.path.read_bytes() == encode_frame(fake_frame(9), ready)


def test_a_lost_destination_is_a_fault_of_the_whole_export(settings: ExportSettings) -> None:
    saved = save_frame(fake_frame(9), item_for(settings), SavePlace(settings))
    assert saved.fate is Fate.FAILED
    assert isinstance(saved.fault, DestinationLostError)
    assert saved.outcome.reason == saved.fault.message


def test_too_little_memory_is_this_frames_failure(
    ready: ExportSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*_: object, **__: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(save_module, "proven_file", no_memory)
    saved = save_frame(fake_frame(9), item_for(ready), SavePlace(ready))
    assert saved.fate is Fate.FAILED
    assert "memory" in saved.outcome.reason
    assert saved.fault is None


def test_when_every_number_is_taken_the_frame_fails(
    ready: ExportSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(save_module, "_MOST_NUMBERS", 4)
    for taken in ("nine.png", "nine-2.png", "nine-3.png"):
        (ready.folder / taken).touch()
    place = SavePlace(replace(ready, on_existing=OnExisting.NUMBER))
    saved = save_frame(fake_frame(9), item_for(ready), place)
    assert saved.fate is Fate.FAILED
    assert "exist already" in saved.outcome.reason
