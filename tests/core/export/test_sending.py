"""Exports to an object store: the files of a local export, the manifest last, resumed where they stopped."""

from __future__ import annotations

import base64
import hashlib
import itertools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import framescope
from framescope.core import storage
from framescope.core.errors import (
    Cancelled,
    DestinationError,
    DestinationLostError,
    ExportError,
    UnsupportedMediaError,
)
from framescope.core.export import sending
from framescope.core.export.sending import Outbox, sent_to
from framescope.core.model.progress import CancelToken, Progress

if TYPE_CHECKING:
    from tests.object_store import ObjectStore

_NUMBERS = itertools.count()


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(sending, "data_folder", lambda: tmp_path / "data")


@pytest.fixture
def address(object_store: ObjectStore) -> str:
    return f"{object_store.address}/out-{next(_NUMBERS)}/set"


def written(object_store: ObjectStore, address: str) -> dict[str, bytes]:
    prefix = address.removeprefix("s3://videos/")
    return {name: object_store.get(f"{prefix}/{name}") for name in object_store.names(prefix)}


def in_folder(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}


def test_an_export_arrives_with_its_manifest_last(
    object_store: ObjectStore, address: str, plain_clip: Path, tmp_path: Path
) -> None:
    reports: list[Progress] = []
    framescope.export(plain_clip, tmp_path / "local", range(0, 40, 8))
    object_store.faults.requests.clear()
    with sent_to(address, progress=reports.append) as folder:
        framescope.export(plain_clip, folder, range(0, 40, 8))
    assert written(object_store, address) == in_folder(tmp_path / "local")
    put = [Path(path).name for method, path in object_store.faults.requests if method == "PUT"]
    assert [name.partition("?")[0] for name in put[-2:]] == [
        "framescope-manifest.csv",
        "framescope-manifest.jsonl",
    ]
    assert (reports[-1].done, reports[-1].total) == (7, 7)
    assert not folder.exists()


def test_what_is_there_is_in_the_way_as_in_a_folder(
    object_store: ObjectStore, address: str, plain_clip: Path
) -> None:
    with sent_to(address) as folder:
        framescope.export(plain_clip, folder, [0, 8])
    before = written(object_store, address)
    with pytest.raises(ExportError, match="exist already"), sent_to(address) as folder:
        framescope.export(plain_clip, folder, [8, 16])
    assert not folder.exists()
    assert written(object_store, address) == before
    with sent_to(address) as folder:
        framescope.export(plain_clip, folder, [8, 16], existing="skip")
    after = written(object_store, address)
    assert set(after) - set(before) == {"h264_000016.jpg"}
    pictures = {name for name in before if name.endswith(".jpg")}
    assert {name: after[name] for name in pictures} == {name: before[name] for name in pictures}
    with sent_to(address) as folder:
        framescope.export(plain_clip, folder, [8], existing="overwrite", quality=20)
        (folder / "h264_000000.jpg").unlink()
    assert len(written(object_store, address)["h264_000008.jpg"]) < len(before["h264_000008.jpg"])
    assert "h264_000000.jpg" not in written(object_store, address)


def test_an_interrupted_export_is_resumed(
    object_store: ObjectStore, address: str, plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    framescope.export(plain_clip, tmp_path / "local", range(0, 40, 8))
    monkeypatch.setattr(storage, "_TRIES", 2)

    outbox = Outbox(address)
    outbox.prepare()
    folder = outbox.folder
    framescope.export(plain_clip, folder, range(0, 40, 8))
    object_store.faults.refusals, object_store.faults.refused = 1 << 30, ("PUT",)
    with pytest.raises(DestinationLostError, match="cannot be written to") as raised:
        outbox.send()
    outbox.close()
    assert str(folder) in raised.value.hint
    assert "framescope-manifest.jsonl" not in written(object_store, address)
    object_store.faults.reset()
    with sent_to(address, resume=True) as folder:
        result = framescope.resume(plain_clip, folder)
        assert (len(result.kept), len(result.written)) == (5, 0)
    assert written(object_store, address) == in_folder(tmp_path / "local")


def test_an_export_of_another_machine_is_continued(
    object_store: ObjectStore, address: str, plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancel = CancelToken()

    def cancel_soon(progress: Progress) -> None:
        if progress.done >= 2:
            cancel.cancel()

    with sent_to(address) as folder:
        framescope.export(plain_clip, folder, range(0, 40, 8), cancel=cancel, progress=cancel_soon)
    monkeypatch.setattr(sending, "data_folder", lambda: tmp_path / "other")
    object_store.faults.requests.clear()
    with sent_to(address, resume=True) as folder:
        result = framescope.resume(plain_clip, folder)
        assert result.kept
    assert result.is_complete
    framescope.export(plain_clip, tmp_path / "local", range(0, 40, 8))
    assert written(object_store, address) == in_folder(tmp_path / "local")
    sent = [path for method, path in object_store.faults.requests if method == "PUT" and "h264_0000" in path]
    assert len(sent) == len(result.written)


def test_sending_can_be_cancelled(object_store: ObjectStore, address: str, plain_clip: Path) -> None:
    cancel = CancelToken()
    with pytest.raises(Cancelled), sent_to(address, cancel=cancel) as folder:  # noqa: PT012
        framescope.export(plain_clip, folder, [0])
        cancel.cancel()
    assert folder.exists()
    assert written(object_store, address) == {}


def test_what_cannot_be_written_to_is_said_before_the_work(object_store: ObjectStore) -> None:
    del object_store
    with pytest.raises(DestinationError, match="no such bucket"), sent_to("s3://none-of-these/out"):
        raise AssertionError
    with pytest.raises(DestinationError, match="Nothing can be written"):
        Outbox("s3://videos")
    with pytest.raises(UnsupportedMediaError, match="need the package gcsfs"):
        Outbox("gs://bucket/out")


def test_a_missing_home_is_not_taken_for_an_incomplete_address(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "data_folder", lambda: None)
    with pytest.raises(DestinationError) as caught:
        Outbox(address)
    assert "home folder" in caught.value.hint


def test_names_that_lead_elsewhere_are_refused(object_store: ObjectStore, address: str) -> None:
    object_store.put(f"{address.removeprefix('s3://videos/')}/a/../../b.txt", b"1")
    with pytest.raises(DestinationError, match="cannot be a file name here"), sent_to(address):
        raise AssertionError


def test_two_exports_to_one_address_do_not_share_a_folder(object_store: ObjectStore, address: str) -> None:
    with sent_to(address) as folder:
        (folder / "one.txt").write_text("one")
        with (
            pytest.raises(DestinationError, match=r"Another export to .* is under way\."),
            sent_to(address),
        ):
            pass
        assert (folder / "one.txt").read_text() == "one"
    assert written(object_store, address) == {"one.txt": b"one"}
    with sent_to(address) as folder:
        (folder / "two.txt").write_text("two")
    assert written(object_store, address) == {"one.txt": b"one", "two.txt": b"two"}


def test_an_export_that_failed_can_be_resumed_by_the_same_process(
    object_store: ObjectStore, address: str
) -> None:
    def fail(folder: Path) -> None:
        (folder / "one.txt").write_text("one")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), sent_to(address) as folder:
        fail(folder)
    with sent_to(address, resume=True) as folder:
        assert (folder / "one.txt").read_text() == "one"
    assert written(object_store, address) == {"one.txt": b"one"}


def test_an_interrupted_look_at_the_destination_is_repeated(
    object_store: ObjectStore, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    key = address.removeprefix("s3://videos/")
    object_store.put(f"{key}/a.jpg", b"a")
    with monkeypatch.context() as patch:
        patch.setattr(sending, "write_file", stop)
        with pytest.raises(KeyboardInterrupt), sent_to(address):
            raise AssertionError
    object_store.put(f"{key}/b.jpg", b"b")
    with sent_to(address) as folder:
        assert set(in_folder(folder)) == {"a.jpg", "b.jpg"}


def test_a_run_that_was_killed_before_it_exported_anything_is_not_resumed(
    object_store: ObjectStore, address: str
) -> None:
    object_store.put(f"{address.removeprefix('s3://videos/')}/a.jpg", b"a")
    # Killed: it neither removes its folder nor sends it.
    with Outbox(address) as killed:
        killed.prepare()
        assert in_folder(killed.folder) == {"a.jpg": b""}
    with sent_to(address, resume=True) as folder:
        assert in_folder(folder) == {"a.jpg": b"a"}
    assert written(object_store, address) == {"a.jpg": b"a"}


def test_a_folder_that_is_only_half_removed_removes_nothing_from_the_store(
    object_store: ObjectStore, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    object_store.put(f"{address.removeprefix('s3://videos/')}/a.jpg", b"a")

    def stop_halfway(root: Path, **_options: object) -> None:
        next(root.rglob("a.jpg")).unlink()
        raise KeyboardInterrupt

    with Outbox(address) as outbox:
        outbox.prepare()
        (outbox.folder / "b.jpg").write_bytes(b"b")
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "rmtree", stop_halfway)
            with pytest.raises(KeyboardInterrupt):
                outbox.send()
    with sent_to(address) as folder:
        (folder / "c.jpg").write_bytes(b"c")
    assert written(object_store, address) == {"a.jpg": b"a", "b.jpg": b"b", "c.jpg": b"c"}


def test_a_run_that_exported_nothing_leaves_the_folder_of_the_next_one_alone(
    object_store: ObjectStore, address: str
) -> None:
    with Outbox(address) as first:
        first.prepare()
        first.discard_unused()
        with sent_to(address) as folder:
            (folder / "one.txt").write_text("one")
            assert first.send() == 0
            assert (folder / "one.txt").exists()
            assert written(object_store, address) == {}
    assert written(object_store, address) == {"one.txt": b"one"}


@dataclass
class _Settings:
    """As adlfs reports them: read like a dict, and none."""

    content_md5: bytearray

    def get(self, name: str) -> bytearray | None:
        """One of them."""
        return self.content_md5 if name == "content_md5" else None


def _facts_of_store(store: str, data: bytes) -> dict[str, object]:
    """What the libraries report of the bytes of an object."""
    md5 = hashlib.md5(data, usedforsecurity=False)
    if store == "google":
        return {"md5Hash": base64.b64encode(md5.digest()).decode(), "etag": "CJ/="}
    if store == "azure":
        return {"content_settings": _Settings(bytearray(md5.digest())), "etag": '"0x8D"'}
    if store == "hub":
        head = f"blob {len(data)}\0".encode()
        return {"blob_id": hashlib.sha1(head + data, usedforsecurity=False).hexdigest(), "lfs": None}
    if store == "hub, large":
        return {"blob_id": "0" * 40, "lfs": {"sha256": hashlib.sha256(data).hexdigest()}}
    return {"ETag": f'"{md5.hexdigest()}"'}


@pytest.mark.parametrize("store", ["amazon", "google", "azure", "hub", "hub, large"])
def test_what_has_arrived_is_not_sent_again(
    object_store: ObjectStore, address: str, monkeypatch: pytest.MonkeyPatch, store: str
) -> None:
    contents = {"same.bin": b"12345", "other.bin": b"abcde", "new.bin": b"xyz"}
    arrived = {"same.bin": b"12345", "other.bin": b"edcba"}
    facts = {
        name: {"name": name, "size": len(data), **_facts_of_store(store, data)}
        for name, data in arrived.items()
    }
    with Outbox(address) as outbox:
        outbox.prepare()
        for name, data in contents.items():
            (outbox.folder / name).write_bytes(data)
        monkeypatch.setattr(sending, "objects_below", lambda _place: facts)
        assert outbox.send() == 2
    assert written(object_store, address) == {"other.bin": b"abcde", "new.bin": b"xyz"}


@pytest.mark.parametrize(
    "facts",
    [
        {"md5Hash": 5},
        {"content_settings": {"content_md5": "5"}},
        {"lfs": {"sha256": "no"}},
        {"lfs": {}},
        {"blob_id": None},
        {"ETag": '"of-parts-2"'},
    ],
)
def test_what_has_no_digest_is_sent_again(
    object_store: ObjectStore, address: str, monkeypatch: pytest.MonkeyPatch, facts: dict[str, object]
) -> None:
    with Outbox(address) as outbox:
        outbox.prepare()
        (outbox.folder / "one.bin").write_bytes(b"12345")
        monkeypatch.setattr(sending, "objects_below", lambda _place: {"one.bin": {"size": 5, **facts}})
        assert outbox.send() == 1
    assert written(object_store, address) == {"one.bin": b"12345"}


@pytest.mark.parametrize("end", ["set?token=SECRET", "a/../b", "./set", "a//b"])
def test_a_query_or_a_way_up_names_no_folder(object_store: ObjectStore, end: str) -> None:
    assert object_store
    with pytest.raises(DestinationError, match="names no folder") as caught, sent_to(f"s3://videos/{end}"):
        raise AssertionError
    assert "SECRET" not in str(caught.value)
