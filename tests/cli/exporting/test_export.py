"""``framescope export`` saves the requested frames, under the requested names, and nothing else."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.opencv import cv2
from framescope.core.synth.number_blocks import read_number
from tests.core.export.hostile_folders import small_disk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


MANIFESTS = {"framescope-manifest.jsonl", "framescope-manifest.csv"}


def pictures(folder: Path) -> list[Path]:
    """The files in a folder but for the manifest, which has to be there."""
    found = sorted(folder.iterdir())
    assert {path.name for path in found} >= MANIFESTS
    return [path for path in found if path.name not in MANIFESTS]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def number_in(path: Path) -> int | None:
    encoded = np.frombuffer(path.read_bytes(), np.uint8)
    return read_number(np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8))


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [
        (("--frames", "3,10:14,-1"), [3, 10, 11, 12, 13, 47]),
        (("--every", "20"), [0, 20, 40]),
        (("--keyframes",), [0, 12, 24, 36]),
        (("--all",), list(range(48))),
    ],
)
def test_the_pictures_carry_the_numbers_of_their_names(
    choice: tuple[str, ...],
    numbers: list[int],
    framescope: Callable[..., Answer],
    plain_clip: Path,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "new" / "frames"
    answer = framescope("export", plain_clip, "-o", folder, *choice)
    assert answer.status == 0, answer.err
    files = pictures(folder)
    assert [path.name for path in files] == [f"h264_{number:06d}.jpg" for number in numbers]
    assert [number_in(path) for path in files] == numbers
    assert f"{len(numbers)} frames saved" in answer.out


def test_png_and_names_of_ones_own(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    options = ("--format", "png", "--compression", "9", "--name", "é_{time}_{pts}")
    assert framescope("export", plain_clip, "-o", tmp_path / "out", "--frames", "24", *options).status == 0
    (path,) = pictures(tmp_path / "out")
    assert path.name == "é_00-00-01.000_12288.png"
    assert number_in(path) == 24


def test_json_names_every_file(framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path) -> None:
    answer = framescope("export", plain_clip, "-o", tmp_path / "out", "--frames", "3,4", "--json")
    (table,) = json.loads(answer.out)["videos"]
    assert (table["source"], table["state"], table["error"]) == (str(plain_clip), "done", None)
    written = table["written"]
    assert isinstance(written, list)
    assert [one["frame_number"] for one in written] == [3, 4]
    assert all((tmp_path / "out" / one["file"]).stat().st_size == one["size_bytes"] for one in written)
    assert table["failed"] == table["skipped"] == table["not_reached"] == []


def test_files_that_are_there_stop_it_until_one_decides(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    command = ("export", plain_clip, "-o", tmp_path / "out", "--frames", "1,2")
    assert framescope(*command).status == 0
    refused = framescope(*command)
    assert refused.status == 1
    assert "--existing" in refused.err
    assert framescope(*command, "--existing", "skip").status == 0
    assert len(pictures(tmp_path / "out")) == 2
    assert framescope(*command, "--existing", "number").status == 0
    assert len(pictures(tmp_path / "out")) == 4


@pytest.mark.parametrize("choice", [(), ("--all", "--keyframes"), ("--frames", "1", "--every", "2")])
def test_one_way_of_choosing_is_needed(
    choice: tuple[str, ...], framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    assert framescope("export", plain_clip, "-o", tmp_path, *choice).status == 2


@pytest.mark.parametrize(("listed", "status"), [("48", 1), ("48:50", 1), ("1-5", 2), ("x", 2), ("10:3", 2)])
def test_a_list_that_makes_no_sense_is_an_error(
    listed: str, status: int, framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    answer = framescope("export", plain_clip, "-o", tmp_path / "out", "--frames", listed)
    assert answer.status == status
    assert "rror: " in answer.err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_an_error(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_bytes(b"")
    answer = framescope("export", plain_clip, "-o", tmp_path / "taken", "--keyframes")
    assert answer.status == 1
    assert "hint: " in answer.err


def broken_off(folder: Path, whole: dict[str, bytes], *, after: int) -> None:
    """Leave what a process that was killed leaves: some files, their lines, and a little rubbish."""
    folder.mkdir()
    lines = whole["framescope-manifest.jsonl"].splitlines(keepends=True)
    (folder / "framescope-manifest.jsonl").write_bytes(b"".join(lines[: 1 + after]) + lines[1 + after][:20])
    names = sorted(set(whole) - MANIFESTS)
    for name in names[: after + 1]:
        (folder / name).write_bytes(whole[name])
    (folder / ".framescope-0123456789ab-1.part").write_bytes(b"half")


def test_resuming_leaves_what_an_undisturbed_export_leaves(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    choice = ("--every", "5", "--quality", "80", "--name", "p{index}")
    assert framescope("export", plain_clip, "-o", tmp_path / "whole", *choice).status == 0
    whole = contents(tmp_path / "whole")
    broken_off(tmp_path / "out", whole, after=3)
    refused = framescope("export", plain_clip, "-o", tmp_path / "out", *choice)
    assert refused.status == 1
    assert "--resume" in refused.err
    answer = framescope("export", plain_clip, "-o", tmp_path / "out", "--resume")
    assert answer.status == 0, answer.err
    assert "3 kept from before" in answer.out
    assert contents(tmp_path / "out") == whole
    again = framescope("export", plain_clip, "-o", tmp_path / "out", *choice, "--resume", "--json")
    assert again.status == 0, again.err
    kept = json.loads(again.out)["videos"][0]["kept"]
    assert len(kept) == 10
    assert contents(tmp_path / "out") == whole


def test_resuming_with_other_choices_is_refused(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    assert framescope("export", plain_clip, "-o", tmp_path / "out", "--every", "9").status == 0
    command = ("export", plain_clip, "-o", tmp_path / "out", "--resume")
    answer = framescope(*command, "--every", "8", "--quality", "50")
    assert answer.status == 1
    assert "started with different quality, frames" in answer.err
    assert framescope(*command, "--every", "9", "--quality", "95").status == 0


def test_resuming_where_nothing_was_begun_is_an_error(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    answer = framescope("export", plain_clip, "-o", tmp_path / "out", "--resume")
    assert answer.status == 1
    assert "There is no folder out." in answer.err
    assert not (tmp_path / "out").exists()


def test_an_export_that_stopped_says_how_to_go_on(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        answer = framescope("export", plain_clip, "-o", disk / "out", "--all", "--format", "png")
        assert answer.status == 1
        assert "is full" in answer.err
        assert answer.err.rstrip().endswith(f"-o {shlex.quote(str(disk / 'out'))} --resume")


def test_clips_that_share_frames_can_be_resumed(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    choice = ("--fps", "10", "--clip-length", "4", "--clip-stride", "2")
    exported = framescope("export", plain_clip, "-o", tmp_path / "whole", *choice)
    assert exported.status == 0, exported.err
    whole = contents(tmp_path / "whole")
    broken_off(tmp_path / "out", whole, after=7)
    answer = framescope("export", plain_clip, "-o", tmp_path / "out", "--resume")
    assert answer.status == 0, answer.err
    assert contents(tmp_path / "out") == whole
    assert framescope("verify", tmp_path / "out", "--video", plain_clip).status == 0


def test_an_export_into_a_pipe_does_not_import_what_it_does_not_use(plain_clip: Path, tmp_path: Path) -> None:
    command = ["export", str(plain_clip), "-o", str(tmp_path / "frames"), "--frames", "0"]
    unused = {"rich", "http.client", "framescope.core.audit.file_audit", "framescope.core.dataset.build"}
    script = (
        "import sys; from framescope.cli.program import run; "
        f"status = run({command!r}); "
        f"found = {unused!r} & sys.modules.keys(); "
        "sys.exit(repr(found) if found else status)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
