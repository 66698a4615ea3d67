"""Videos in an object store: the frames of the local file, or a clear error; never bytes of two versions."""

from __future__ import annotations

import itertools
import pickle
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core import pyav, storage
from framescope.core.errors import Cancelled, MissingFileError, OpenError, UnsupportedMediaError
from framescope.core.media import container, remote_file
from framescope.core.media.picture.planes import frame_planes
from framescope.core.media.remote_file import RemoteFile, RemoteObject, open_remote
from framescope.core.model.progress import CancelToken, cancellable
from framescope.core.source.opening import open_video, probe
from framescope.core.synth.number_blocks import read_number
from tests.clips.truth import decode_in_sequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.object_store import ObjectStore

_NAMES = itertools.count()


@pytest.fixture(autouse=True)
def _does_not_wait_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(storage, "_LOOK_S", 0.01)


@pytest.fixture
def data() -> bytes:
    return random.Random(1).randbytes(3_000_001)


def stored(store: ObjectStore, path: Path) -> str:
    return store.put(f"{next(_NAMES)}/{path.name}", path.read_bytes())


@pytest.mark.parametrize("name", ["h264.mp4", "h264.mkv", "h264.ts", "h264.avi"])
def test_frames_are_those_of_the_local_file(
    object_store: ObjectStore, clip: Callable[[str], Path], name: str
) -> None:
    path = clip(name)
    truth = [frame_planes(frame)[0] for frame in decode_in_sequence(path)]
    address = stored(object_store, path)
    with open_video(address) as video, open_video(path, use_index_cache=False) as local:
        assert len(video) == len(truth)
        assert video.index.basis is local.index.basis
        assert (video.info.file_size_bytes, video.info.duration_s) == (
            local.info.file_size_bytes,
            local.info.duration_s,
        )
        for number in (len(truth) - 1, 0, len(truth) // 2):
            np.testing.assert_array_equal(video.frame(number).planes()[0], truth[number])
        again = pickle.loads(pickle.dumps(video))
    with again:
        assert read_number(again.frame(7).to_rgb()) == 7


def test_an_index_is_kept_for_the_version_it_was_made_of(
    object_store: ObjectStore, clip: Callable[[str], Path]
) -> None:
    path, other = clip("h264.mp4"), clip("vfr.mp4")
    address = stored(object_store, path)
    with open_video(address) as video:
        first = len(video), video.index.pts.tolist()
    before = len(object_store.faults.requests)
    with open_video(address) as video:
        assert (len(video), video.index.pts.tolist()) == first
    assert len(object_store.faults.requests) > before
    object_store.put(address.removeprefix("s3://videos/"), other.read_bytes())
    with open_video(address) as video, open_video(other) as local:
        assert video.index.pts.tolist() == local.index.pts.tolist()


def test_bytes_are_those_of_the_object_wherever_they_are_read(object_store: ObjectStore, data: bytes) -> None:
    file = open_remote(object_store.put("bytes", data))
    assert file.readable()
    assert file.seekable()
    assert file.seek(0, 2) == file.seek(0, 0x10000) == len(data)
    assert file.read(10) == b""
    for start, size in [(0, 1), (65_530, 20), (len(data) - 5, 100), (1_000_000, 700_000), (3, 65_536)]:
        file.seek(start)
        assert file.read(size) == data[start : start + size]
        assert file.seek(-1, 1) == min(start + size, len(data)) - 1
    with open_remote(object_store.put("bytes", data)) as fresh:
        assert fresh.readall() == data


def test_little_is_fetched_for_a_look_and_much_at_once_for_reading_through(
    object_store: ObjectStore, data: bytes
) -> None:
    address = object_store.put("look", data)
    file = open_remote(address)
    object_store.faults.reset()
    for start in (2_000_000, 500, 1_200_000):
        file.seek(start)
        assert file.read(4) == data[start : start + 4]
    assert object_store.faults.sent == 3 * 65_536
    object_store.faults.reset()
    file.seek(0)
    assert b"".join(iter(lambda: file.read(32_768), b"")) == data
    assert object_store.faults.sent <= len(data)
    assert len(object_store.faults.requests) < 16
    object_store.faults.reset()
    # Another reader of the same version finds what is there; that this is the version is asked once.
    other = open_remote(address)
    other.seek(1_000_000)
    assert other.read(50) == data[1_000_000:1_000_050]
    assert [method for method, _ in object_store.faults.requests] == ["HEAD"]


def test_memory_is_bounded(object_store: ObjectStore, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_file, "_MOST_BLOCKS", 8)
    source = RemoteObject(object_store.put("bounded", data))
    file = RemoteFile(source)
    assert file.readall() == data
    assert len(source._blocks) == 8  # noqa: SLF001 - what is bounded


def test_readers_in_threads_fetch_each_block_once(object_store: ObjectStore, data: bytes) -> None:
    address = object_store.put("threads", data)
    source = RemoteObject(address)
    object_store.faults.reset()

    def read_all(seed: int) -> bool:
        file, places = RemoteFile(source), list(range(0, len(data), 60_000))
        random.Random(seed).shuffle(places)
        for place in places:
            file.seek(place)
            if file.read(60_000) != data[place : place + 60_000]:
                return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(read_all, range(6)))
    assert object_store.faults.sent == len(data)


def test_places_that_are_known_in_advance_are_fetched_at_once(object_store: ObjectStore, data: bytes) -> None:
    file = open_remote(object_store.put("expected", data))
    places = list(range(0, 2_900_000, 100_000))
    object_store.faults.reset()
    with file:
        file.expect(places)
        for place in places:
            file.seek(place)
            assert file.read(1) == data[place : place + 1]
    assert object_store.faults.sent == len({place // 65_536 for place in places}) * 65_536


@pytest.mark.parametrize("way", ["s3", "http"])
def test_a_changed_object_is_refused_and_never_mixed(
    object_store: ObjectStore, data: bytes, way: str
) -> None:
    name = f"changing-{way}"
    address = object_store.put(name, data)
    if way == "http":
        # Its requests are not conditional: the state is asked for after each of them.
        address = object_store.web_address(name)
    file = open_remote(address)
    assert file.read(10) == data[:10]
    object_store.put(name, data[::-1])
    file.seek(2_000_000)
    with pytest.raises(OpenError, match="was changed or replaced after it was opened"):
        file.read(10)
    with open_remote(address) as fresh:
        assert fresh.read(10) == data[::-1][:10]
    object_store.system.rm_file(f"videos/{name}")
    with pytest.raises(MissingFileError, match="Not found"):
        open_remote(address)


def test_frames_of_a_changed_object_are_refused(
    object_store: ObjectStore, clip: Callable[[str], Path]
) -> None:
    path = clip("h264.mp4")
    name = "film.mp4"
    content = bytearray(path.read_bytes())
    address = object_store.put(name, bytes(content))
    info = probe(address)
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(64)
    with open_video(address) as video:
        object_store.put(name, bytes(content))
        # As with a local file: it was indexed, and is read for the first time after the change.
        with pytest.raises(OpenError, match="changed or replaced"):
            video.frame(3)
    assert probe(address).file_state != info.file_state


def test_interrupted_connections_are_made_again(
    object_store: ObjectStore, clip: Callable[[str], Path]
) -> None:
    path = clip("h264.mkv")
    address = stored(object_store, path)
    object_store.faults.cut_after, object_store.faults.cuts_left = 1000, 2
    object_store.faults.refusals, object_store.faults.refused = 1, ("HEAD",)
    with open_video(address, use_index_cache=False) as video:
        assert read_number(video.frame(5).to_rgb()) == 5
    assert object_store.faults.cuts_left == 0


@pytest.mark.parametrize("fault", ["cut", "refused"])
def test_a_server_that_fails_for_good_is_a_clear_error(
    object_store: ObjectStore, clip: Callable[[str], Path], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "_TRIES", 2)
    path = clip("h264.mkv")
    address = stored(object_store, path)
    with open_video(address, use_index_cache=False) as video:
        again = pickle.loads(pickle.dumps(video))
    # As in another process, where no block of it is kept.
    remote_file._objects.set_up_after_fork()  # noqa: SLF001
    if fault == "cut":
        object_store.faults.cut_after = 1000
    else:
        object_store.faults.refusals = 1 << 30
    with again:
        with pytest.raises(OpenError, match="cannot be read"):
            again.frame(9)
        object_store.faults.reset()
        assert read_number(again.frame(9).to_rgb()) == 9


def test_a_server_that_is_silent_is_given_up(
    object_store: ObjectStore, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = open_remote(object_store.put("silent", data))
    object_store.faults.is_stuck = True
    monkeypatch.setattr(storage, "_PATIENCE_S", 0.2)
    with pytest.raises(OpenError, match="there was no answer in time"):
        file.read(1)
    object_store.faults.reset()
    monkeypatch.undo()
    assert file.read(1) == data[:1]


def test_waiting_for_a_server_can_be_cancelled(object_store: ObjectStore, data: bytes) -> None:
    file = open_remote(object_store.put("cancelled", data))
    object_store.faults.is_stuck = True
    cancel = CancelToken()

    def cancel_when_asked() -> None:
        while not [method for method, _ in object_store.faults.requests if method == "GET"]:
            time.sleep(0.005)
        cancel.cancel()

    object_store.faults.requests.clear()
    thread = threading.Thread(target=cancel_when_asked)
    thread.start()
    with cancellable(cancel), pytest.raises(Cancelled):
        file.read(1)
    thread.join()
    object_store.faults.reset()
    assert file.read(1) == data[:1]


def test_what_is_no_video_is_said(object_store: ObjectStore, data: bytes) -> None:
    with pytest.raises(UnsupportedMediaError, match="not a video that FFmpeg recognises"):
        probe(object_store.put("noise.mp4", data))
    with pytest.raises(UnsupportedMediaError, match="not a video that FFmpeg recognises"):
        probe(object_store.put("empty.mp4", b""))
    object_store.put("folder/one.mp4", b"1")
    with pytest.raises(MissingFileError, match="is a folder"):
        probe("s3://videos/folder")
    with pytest.raises(MissingFileError, match="Not found"):
        probe("s3://videos/none.mp4")
    with pytest.raises(OpenError, match="not a complete address"):
        probe("s3://videos/a.zip::file:///etc/passwd")
    with pytest.raises(OpenError, match="not a complete address"):
        probe("s3://videos")


def test_what_ffmpeg_cannot_open_is_read_instead(
    object_store: ObjectStore, clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import av.error  # noqa: PLC0415

    def without_protocols(file: object, **options: object) -> object:
        if isinstance(file, str):
            raise av.error.ProtocolNotFoundError(-1, "Protocol not found", file)
        return opens(file, **options)

    opens = pyav.open_input
    monkeypatch.setattr(container, "open_input", without_protocols)
    stored_name = stored(object_store, clip("h264.mp4")).removeprefix("s3://videos/")
    with open_video(object_store.web_address(stored_name)) as video:
        assert read_number(video.frame(11).to_rgb()) == 11
        assert video.info.file_state is not None
