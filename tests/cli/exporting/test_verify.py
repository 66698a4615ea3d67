"""``framescope verify`` says whether a folder is as it was written."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


@pytest.fixture
def folder(framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path) -> Path:
    """Every eighth frame of the clip."""
    assert framescope("export", plain_clip, "-o", tmp_path / "out", "--every", 8).status == 0
    return tmp_path / "out"


def test_a_good_folder(framescope: Callable[..., Answer], folder: Path, plain_clip: Path) -> None:
    answer = framescope("verify", folder)
    assert (answer.status, answer.err) == (0, "")
    assert answer.out == "6 files in the manifest: all intact\n"
    answer = framescope("verify", folder, "--video", plain_clip)
    assert answer.status == 0
    assert answer.out == "6 files in the manifest, 6 compared with the video: all intact\n"


def test_each_fault_is_a_line(framescope: Callable[..., Answer], folder: Path) -> None:
    (folder / "h264_000008.jpg").unlink()
    with (folder / "h264_000016.jpg").open("ab") as file:
        file.write(b"x")
    (folder / "notes.txt").write_text("mine")
    answer = framescope("verify", folder)
    assert answer.status == 1
    lines = answer.out.splitlines()
    assert lines[0].split() == ["missing", "h264_000008.jpg"]
    assert lines[1].split()[:2] == ["altered", "h264_000016.jpg"]
    assert lines[2].split()[:2] == ["extra", "notes.txt"]
    assert lines[3] == "6 files in the manifest: 1 missing, 1 altered, 1 extra"
    table = json.loads(framescope("verify", folder, "--json").out)
    assert table["is_good"] is False
    findings = table["folders"][0]["findings"]
    assert [(one["kind"], one["frame_number"]) for one in findings] == [
        ("missing", 8),
        ("altered", 16),
        ("extra", None),
    ]


def test_extra_files_may_be_allowed(framescope: Callable[..., Answer], folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    assert framescope("verify", folder).status == 1
    assert framescope("verify", folder, "--ignore-extra").status == 0


def test_long_lists_are_cut(framescope: Callable[..., Answer], folder: Path) -> None:
    for number in range(50):
        (folder / f"extra{number}").touch()
    assert "and 10 more (--list-all lists them)" in framescope("verify", folder).out
    assert len(framescope("verify", folder, "--list-all").out.splitlines()) == 51


def test_lost_frames_are_named_and_no_fault(
    framescope: Callable[..., Answer], clip: Callable[[str], Path], tmp_path: Path
) -> None:
    out = tmp_path / "lost"
    exported = framescope("export", clip("lost_packets.mkv"), "-o", out, "--all")
    answer = framescope("verify", out, "--video", clip("lost_packets.mkv"))
    assert answer.status == 0, answer.out
    assert ("lost " in answer.err) is (exported.status == 1)


def test_another_video_is_an_error(
    framescope: Callable[..., Answer], folder: Path, clip: Callable[[str], Path]
) -> None:
    answer = framescope("verify", folder, "--video", clip("vfr.mkv"))
    assert answer.status == 1
    assert "not made from this video" in answer.err


def test_a_folder_without_a_manifest_is_an_error(framescope: Callable[..., Answer], tmp_path: Path) -> None:
    answer = framescope("verify", tmp_path)
    assert answer.status == 1
    assert "There is no framescope-manifest.jsonl" in answer.err


def test_a_folder_of_folders_stands_for_them(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        assert framescope("export", plain_clip, "-o", tmp_path / "all" / name, "--every", 20).status == 0
    (tmp_path / "all" / "notes").mkdir()
    answer = framescope("verify", tmp_path / "all")
    assert answer.status == 0
    assert answer.out.count("3 files in the manifest: all intact") == 2
    (tmp_path / "all" / "b" / "h264_000020.jpg").unlink()
    assert framescope("verify", tmp_path / "all").status == 1
    table = framescope("verify", tmp_path / "all" / "a", tmp_path / "all" / "b", "--json").json()
    assert table["is_good"] is False
    folders = table["folders"]
    assert isinstance(folders, list)
    assert [one["is_good"] for one in folders] == [True, False]
    assert framescope("verify", tmp_path / "all", "--video", plain_clip).status == 1
    assert (
        framescope("verify", tmp_path / "all" / "a", tmp_path / "all" / "b", "--video", plain_clip).status
        == 2
    )


def test_a_video_is_compared_with_its_folder_of_a_data_set(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    one = tmp_path / "one"
    assert framescope("export", plain_clip, "-o", one, "--every", 24, "--layout", "coco").status == 0
    answer = framescope("verify", one, "--video", plain_clip)
    assert (answer.status, answer.err) == (0, "")
    assert "2 compared with the video" in answer.out
    other = shutil.copy(plain_clip, tmp_path / "another.mp4")
    many = ("export", other, plain_clip, "--every", 24, "--layout", "parquet")
    assert framescope(*many, "-o", tmp_path / "two").status == 0
    answer = framescope("verify", tmp_path / "two", "--video", plain_clip)
    assert answer.status == 1
    assert "has the pictures of 2 videos" in answer.err
    # The folder it names is the one that works.
    example = answer.err.rpartition("such as ")[2].strip().rstrip(".")
    assert framescope("verify", example, "--video", plain_clip).status == 0
    assert framescope(*many, "-o", tmp_path / "packed", "--packed").status == 0
    answer = framescope("verify", tmp_path / "packed", "--video", plain_clip)
    assert answer.status == 1
    assert "are only in its shards" in answer.err
