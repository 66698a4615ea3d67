"""Indexes on disk: found again, rebuilt without a word when stale, truncated or foreign."""

from __future__ import annotations

import os
import random
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.media import index_store
from framescope.core.media.index_builder import build_index
from framescope.core.media.index_store import IndexStore
from framescope.core.media.probe import probe

if TYPE_CHECKING:
    from pathlib import Path

    from framescope.core.media.index import FrameIndex


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "index")


@pytest.fixture
def video_path(tmp_path: Path, plain_clip: Path) -> Path:
    path = tmp_path / "clip.mp4"
    shutil.copyfile(plain_clip, path)
    return path


@pytest.fixture
def index(video_path: Path) -> FrameIndex:
    return build_index(probe(str(video_path)))


def test_what_was_saved_is_loaded(store: IndexStore, video_path: Path, index: FrameIndex) -> None:
    store.save(str(video_path), 0, index)
    loaded = store.load(str(video_path), 0)
    assert loaded is not None
    for name in (
        "pts",
        "dts",
        "packet_numbers",
        "is_keyframe",
        "picture_type_codes",
        "packet_sizes",
        "digests",
    ):
        assert np.array_equal(getattr(loaded, name), getattr(index, name)), name
    assert np.array_equal(loaded.entries.first_numbers, index.entries.first_numbers)
    assert (loaded.basis, loaded.time_base, loaded.complete) == (index.basis, index.time_base, True)


def test_another_stream_or_file_has_its_own(store: IndexStore, video_path: Path, index: FrameIndex) -> None:
    store.save(str(video_path), 0, index)
    assert store.load(str(video_path), 1) is None
    assert store.load(str(video_path.with_name("other.mp4")), 0) is None
    assert store.load("https://example.org/clip.mp4", 0) is None


def test_a_changed_file_makes_it_stale(store: IndexStore, video_path: Path, index: FrameIndex) -> None:
    store.save(str(video_path), 0, index)
    os.utime(video_path, (1, 1))
    assert store.load(str(video_path), 0) is None


@pytest.mark.parametrize("kept", [0, 10, 200, 2000])
def test_a_truncated_entry_is_missing(
    store: IndexStore, video_path: Path, index: FrameIndex, kept: int
) -> None:
    store.save(str(video_path), 0, index)
    (entry,) = (video_path.parent / "index").glob("*.npz")
    entry.write_bytes(entry.read_bytes()[:kept])
    assert store.load(str(video_path), 0) is None
    assert not entry.exists()


def test_damage_inside_an_entry_is_noticed(store: IndexStore, video_path: Path, index: FrameIndex) -> None:
    store.save(str(video_path), 0, index)
    (entry,) = (video_path.parent / "index").glob("*.npz")
    data = bytearray(entry.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 8] = bytes(255 - byte for byte in data[middle : middle + 8])
    entry.write_bytes(bytes(data))
    assert store.load(str(video_path), 0) is None


def test_another_version_is_missing(
    store: IndexStore, video_path: Path, index: FrameIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(str(video_path), 0, index)
    monkeypatch.setattr(index_store, "_FORMAT", 10_000)
    assert store.load(str(video_path), 0) is None


def test_a_folder_that_cannot_be_made_is_no_error(
    tmp_path: Path, video_path: Path, index: FrameIndex
) -> None:
    (tmp_path / "file").write_text("in the way")
    store = IndexStore(tmp_path / "file" / "index")
    store.save(str(video_path), 0, index)
    assert store.load(str(video_path), 0) is None


def test_a_user_without_a_cache_folder_keeps_nothing(
    tmp_path: Path, video_path: Path, index: FrameIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_store, "cache_folder", lambda: None)
    monkeypatch.chdir(tmp_path)
    store = IndexStore()
    store.save(str(video_path), 0, index)
    assert store.load(str(video_path), 0) is None
    assert list(tmp_path.iterdir()) == [video_path]


def test_a_folder_that_may_not_be_entered_is_no_error(
    store: IndexStore, video_path: Path, index: FrameIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    store.save(str(video_path), 0, index)
    for name in ("stat", "open", "mkdir", "unlink"):
        monkeypatch.setattr(f"pathlib.Path.{name}", refuse)
    assert store.load(str(video_path), 0) is None
    store.save(str(video_path), 0, index)


def test_the_folder_is_bounded(
    store: IndexStore, video_path: Path, index: FrameIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(str(video_path), 0, index)
    monkeypatch.setattr(index_store, "_LIMIT_BYTES", 1)
    store.save(str(video_path), 1, index)
    assert list((video_path.parent / "index").glob("*.npz")) == []


def test_a_damaged_entry_is_dropped_whatever_is_wrong_with_it(
    store: IndexStore, video_path: Path, index: FrameIndex
) -> None:
    chance = random.Random(1)
    store.save(str(video_path), 0, index)
    (entry,) = (store_folder := video_path.parent / "index").iterdir()
    data = entry.read_bytes()
    for _ in range(200):
        changed = bytearray(data)
        for _ in range(chance.choice((1, 4, 40))):
            changed[chance.randrange(len(data))] = chance.randrange(256)
        entry.write_bytes(changed[: chance.choice((len(data), chance.randrange(len(data))))])
        loaded = store.load(str(video_path), 0)
        assert loaded is None or np.array_equal(loaded.pts, index.pts)
    assert store_folder.is_dir()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pts", np.zeros(3, np.int64)),
        ("packet_numbers", 1 << 30),
        ("packet_numbers", -1),
        ("picture_type_codes", 9),
        ("damaged_frames", np.array([1 << 20], np.int32)),
        ("digests", np.zeros(2, np.uint64)),
        ("pts", "float64"),
    ],
)
def test_an_entry_whose_arrays_lead_out_of_each_other_is_dropped(
    store: IndexStore, video_path: Path, index: FrameIndex, name: str, value: object
) -> None:
    store.save(str(video_path), 0, index)
    (entry,) = (video_path.parent / "index").iterdir()
    with np.load(entry) as stored:
        arrays = dict(stored)
    if isinstance(value, int):
        arrays[name][0] = value
    else:
        arrays[name] = arrays[name].astype(value) if isinstance(value, str) else value
    np.savez(entry, **arrays)
    assert store.load(str(video_path), 0) is None
    assert not entry.exists()
