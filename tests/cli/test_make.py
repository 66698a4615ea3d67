"""``framescope make`` makes what was requested; ``framescope writable`` tells what can be."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np
import pytest

from framescope.cli import make as make_module
from framescope.core.synth.number_blocks import read_number
from framescope.core.synth.writable import WritableTable, combinations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def rows(path: Path) -> list[tuple[int | None, float]]:
    with av.open(os.fspath(path)) as container:
        return [
            (read_number(frame.to_ndarray(format="rgb24").astype(np.uint8)), float(frame.time or 0))
            for frame in container.decode(video=0)
        ]


def test_a_pattern(framescope: Callable[..., Answer], tmp_path: Path) -> None:
    out = tmp_path / "new" / "bars.mkv"
    answer = framescope(
        "make",
        out,
        "--pattern",
        "bars",
        "--count",
        "9",
        "--size",
        "96x64",
        "--framerate",
        "29.97",
        "--codec",
        "ffv1",
        "--json",
    )
    assert answer.status == 0, answer.err
    told = json.loads(answer.out)
    assert (told["frame_count"], told["codec"], told["cancelled"]) == (9, "ffv1", False)
    found = rows(out)
    assert [number for number, _ in found] == list(range(9))
    assert found[8][1] == pytest.approx(8 * 1001 / 30000, abs=0.001)


def test_frames_of_a_video_keep_their_own_times(
    framescope: Callable[..., Answer], clip: Callable[[str], Path], tmp_path: Path
) -> None:
    source, out = clip("vfr.mp4"), tmp_path / "out.mp4"
    answer = framescope("make", out, "--from", source, "--frames", "3,5:9,20")
    assert answer.status == 0, answer.err
    truth, found = rows(source), rows(out)
    numbers = [3, 5, 6, 7, 8, 20]
    assert [number for number, _ in found] == numbers
    times = [truth[number][1] - truth[3][1] for number in numbers]
    assert [time for _, time in found] == pytest.approx(times, abs=0.0005)


def test_a_rate_sets_the_times_of_the_video_aside(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.avi"
    answer = framescope(
        "make", out, "--from", plain_clip, "--every", "12", "--framerate", "10", "--codec", "MJPG"
    )
    assert answer.status == 0, answer.err
    assert answer.out.startswith("4 frames, 160×120, mjpeg as MJPG")
    assert rows(out) == [(0, 0.0), (12, 0.1), (24, 0.2), (36, pytest.approx(0.3))]


def test_pictures_with_timestamps(framescope: Callable[..., Answer], tmp_path: Path) -> None:
    for place in range(3):
        picture = np.full((48, 64, 3), 80 * place, np.uint8)
        (tmp_path / f"p{place}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    (tmp_path / "times.txt").write_text("0\n0.5\n0.6\n")
    out = tmp_path / "out.mp4"
    answer = framescope("make", out, "--pictures", tmp_path, "--timestamps", tmp_path / "times.txt")
    assert answer.status == 0, answer.err
    assert [time for _, time in rows(out)] == pytest.approx([0, 0.5, 0.6])
    again = framescope("make", out, "--picture", tmp_path / "p1.png", "--count", "5", "--overwrite")
    assert again.status == 0, again.err
    assert len(rows(out)) == 5


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        ([], 2, "Give a source"),
        (["--pattern", "bars", "--from", "x.mp4"], 2, "--pattern and --from cannot"),
        (["--pattern", "bars", "--every", "3"], 2, "--from VIDEO"),
        (["--from", "x.mp4", "--count", "3"], 2, "--from and --count cannot"),
        (["--pattern", "bars", "--framerate", "fast"], 2, "not a frame rate"),
        (["--pattern", "bars", "--codec", "theora"], 2, "Unknown codec"),
        (
            ["--pattern", "bars", "--codec", "mp4v", "--writer", "opencv", "--rotation", "90"],
            2,
            "does not support",
        ),
        (["--pictures", "nowhere"], 1, "There is no"),
    ],
)
def test_what_makes_no_sense_is_said(
    options: list[str], status: int, words: str, framescope: Callable[..., Answer], tmp_path: Path
) -> None:
    answer = framescope("make", tmp_path / "out.mp4", *options)
    assert answer.status == status
    assert words in answer.err
    assert not list(tmp_path.iterdir())


def test_the_table_of_what_can_be_written(
    framescope: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = tuple(
        replace(
            cell,
            works=cell.codec != "h264",
            stored=cell.fourcc if cell.container != "mkv" else "",
            reason="" if cell.codec != "h264" else "no such encoder",
        )
        for cell in combinations()
    )

    def table(**_: Any) -> WritableTable:  # noqa: ANN401 - whatever it is given
        return WritableTable(cells)

    monkeypatch.setattr(make_module, "writable_table", table)
    lines = framescope("writable").out.splitlines()
    row = next(line.split() for line in lines if line.startswith("mp4v"))
    assert row == ["mp4v", "AO", "AO", "ao", "O", "AO"]
    assert next(line.split() for line in lines if line.startswith("avc1"))[1:] == ["–"] * 5
    assert "  no such encoder" in lines
    told = json.loads(framescope("writable", "--json").out)
    assert told == {"combinations": [asdict(cell) for cell in cells]}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--pattern", "bars", "--size", "101x77"), "cannot hold 101 × 77"),
        (("--pattern", "bars", "--fourcc", "hvc1"), "--codec hevc"),
    ],
)
def test_what_no_file_could_change_is_wrong_usage(
    framescope: Callable[..., Answer], tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    answer = framescope("make", tmp_path / "a.mp4", *arguments)
    assert answer.status == 2
    assert words in answer.err
    assert not (tmp_path / "a.mp4").exists()
