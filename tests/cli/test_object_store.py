"""Videos in an object store at the command line: what is written is what the local file gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.export import sending

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer
    from tests.object_store import ObjectStore


@pytest.fixture
def address(object_store: ObjectStore, plain_clip: Path) -> str:
    return object_store.put(f"one/{plain_clip.name}", plain_clip.read_bytes())


@pytest.mark.parametrize(
    "line",
    [
        "info {video} --json",
        "frames {video} --every 5 --json",
        "audit {video} --engines opencv,pyav --requests 2 --order forward --json",
        "bench {video} --engines pyav --rounds 1 --seconds 0.1 --json",
    ],
)
def test_commands_read_addresses(line: str, address: str, framescope: Callable[..., Answer]) -> None:
    answer = framescope(*line.format(video=address).split(" "))
    assert answer.status == 0, answer.err
    assert "hunter2" not in answer.out + answer.err
    assert address in answer.out


def test_pictures_of_an_object_are_those_of_the_file(
    address: str, plain_clip: Path, framescope: Callable[..., Answer], tmp_path: Path
) -> None:
    for folder, video in (("a", address), ("b", plain_clip)):
        answer = framescope("export", str(video), "-o", str(tmp_path / folder), "--every", "20")
        assert answer.status == 0, answer.err
    written = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    assert written == {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()}


def test_a_missing_package_is_named(framescope: Callable[..., Answer]) -> None:
    answer = framescope("info", "gs://bucket/film.mp4")
    assert answer.status == 1
    assert "need the package gcsfs" in answer.err
    assert "pip install" in answer.err


@pytest.fixture
def in_store(
    object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[str], dict[str, bytes]]:
    """What lies below a name in the store."""
    monkeypatch.setattr(sending, "data_folder", lambda: tmp_path / "data")

    def found(name: str) -> dict[str, bytes]:
        return {one: object_store.get(f"{name}/{one}") for one in object_store.names(name)}

    return found


def in_folder(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}


def test_one_video_is_exported_to_an_address(
    in_store: Callable[[str], dict[str, bytes]],
    plain_clip: Path,
    framescope: Callable[..., Answer],
    tmp_path: Path,
) -> None:
    target, local = "s3://videos/two/set", tmp_path / "local"
    command = ("export", str(plain_clip), "--every", "20")
    assert framescope(*command, "-o", str(local)).status == 0
    answer = framescope(*command, "-o", target, "--json")
    assert answer.status == 0, answer.err
    assert answer.json()["folder"] == target
    assert f"Sent 5 files to {target}" in answer.err
    assert in_store("two/set") == in_folder(local)
    again = framescope(*command, "-o", target)
    assert again.status == 1
    assert "exist already" in again.err
    resumed = framescope("export", str(plain_clip), "-o", target, "--resume")
    assert resumed.status == 0, resumed.err
    assert f"in {target}" in resumed.out


def test_data_sets_and_clips_are_made_at_an_address(
    in_store: Callable[[str], dict[str, bytes]],
    object_store: ObjectStore,
    plain_clip: Path,
    framescope: Callable[..., Answer],
    tmp_path: Path,
) -> None:
    object_store.put("in/readme.txt", b"no video")
    for name in ("cats/a.mp4", "dogs/b.mp4"):
        object_store.put(f"in/{name}", plain_clip.read_bytes())
        (tmp_path / "videos" / name).parent.mkdir(parents=True)
        (tmp_path / "videos" / name).write_bytes(plain_clip.read_bytes())
    local = tmp_path / "local"
    choices = ("--every", "20", "--layout", "coco,webdataset", "--classes", "folder")
    assert framescope("export", str(tmp_path / "videos"), *choices, "-o", str(local)).status == 0
    command = ("export", "s3://videos/in/", *choices)
    answer = framescope(*command, "-o", "s3://videos/set/1")
    assert answer.status == 0, answer.err
    assert in_store("set/1") == in_folder(local)
    (tmp_path / "list.csv").write_text(f"video,start,end,label\n{plain_clip.name},0,1,sit\n")
    answer = framescope(
        *("clips", str(tmp_path / "list.csv"), "s3://videos/set/2", "--videos", str(plain_clip.parent))
    )
    assert answer.status == 0, answer.err
    assert {"framescope-clips.jsonl", "framescope-clips.csv"} < set(in_store("set/2"))


def test_a_data_set_of_objects_is_continued(
    object_store: ObjectStore, plain_clip: Path, framescope: Callable[..., Answer], tmp_path: Path
) -> None:
    data = plain_clip.read_bytes()
    for name in ("a.mp4", "b.mp4"):
        object_store.put(f"growing/{name}", data)
    command = (
        "export",
        "s3://videos/growing/",
        "--every",
        "20",
        "--layout",
        "coco",
        "-o",
        str(tmp_path / "o"),
    )
    first = framescope(*command)
    assert first.status == 0, first.err
    before = in_folder(tmp_path / "o")
    object_store.put("growing/c.mp4", data)
    answer = framescope(*command, "--resume")
    assert answer.status == 0, answer.err
    assert answer.out.count("3 kept from before") == 2
    after = in_folder(tmp_path / "o")
    assert {name.split("/")[1] for name in after if name.startswith("images/")} == {"a", "b", "c"}
    assert {name: after[name] for name in before if name.startswith("images/")} == {
        name: content for name, content in before.items() if name.startswith("images/")
    }
    # Another video under the same name, of the same length, does not get the folder of the first.
    object_store.put("growing/b.mp4", data[:-1] + bytes([data[-1] ^ 1]))
    answer = framescope(*command, "--resume")
    assert answer.status == 0, answer.err
    assert (tmp_path / "o" / "images" / "b-2").is_dir()


def test_a_cluster_makes_the_same_of_objects(
    in_store: Callable[[str], dict[str, bytes]],
    object_store: ObjectStore,
    plain_clip: Path,
    framescope: Callable[..., Answer],
    tmp_path: Path,
) -> None:
    for name in ("a.mp4", "b.mp4"):
        object_store.put(f"shared/{name}", plain_clip.read_bytes())
    command = ("export", "s3://videos/shared/", "--every", "20", "--layout", "coco,webdataset")
    assert framescope(*command, "-o", str(tmp_path / "alone")).status == 0
    answer = framescope(*command, "-o", "s3://videos/set/shared", "--cluster", "local", "--jobs", "2")
    assert answer.status == 0, answer.err
    assert in_store("set/shared") == in_folder(tmp_path / "alone")


def test_other_commands_refuse_to_write_to_addresses(
    plain_clip: Path, framescope: Callable[..., Answer]
) -> None:
    answer = framescope("sheet", str(plain_clip), "s3://videos/sheet.png")
    assert answer.status == 2
    assert "only export and clips write to addresses" in answer.err
