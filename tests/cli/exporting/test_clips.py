"""``framescope clips``: a list of clips, cut with one command."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

LIST = "label,youtube_id,time_start,time_end,split\nrun,abc,0,1,train\nrun,xyz,0,1,train\n"


@pytest.fixture
def listed(clip: Callable[[str], Path], tmp_path: Path) -> Path:
    shutil.copy(clip("h264.mp4"), tmp_path / "abc.mp4")
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    return path


def test_clips_are_cut_and_failures_told(
    framescope: Callable[..., Answer], listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    answer = framescope("clips", listed, out, "--copy")
    assert answer.status == 1
    assert answer.err.splitlines() == ["line 3, xyz: There is no video xyz."]
    assert answer.out.splitlines() == ["1\u2009clip cut, 1 failed".replace("\u2009", " ")]
    assert (out / "train" / "run" / "abc_000000_000001.mp4").is_file()
    assert "Resume it, or choose another folder (--resume)." in framescope("clips", listed, out, "--copy").err
    told = json.loads(framescope("clips", listed, out, "--copy", "--resume", "--json").out)["clips"]
    assert [one["fate"] for one in told] == ["kept", "failed"]


def test_pictures_of_clips(framescope: Callable[..., Answer], listed: Path, tmp_path: Path) -> None:
    answer = framescope("clips", listed, tmp_path / "out", "--frames", "--fps", 4, "--format", "png")
    assert answer.status == 1
    folder = tmp_path / "out" / "train" / "run" / "abc_000000_000001"
    assert len(list(folder.glob("*.png"))) == 4


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--copy", "--frames"], "--frames"),
        (["--copy", "--crf", 9], "--crf"),
        (["--quality", 9], "--frames"),
        (["--fps", 9], "--frames"),
        (["--frames", "--ending", ".mkv"], "--ending"),
        (["--ending", ".doc"], ".doc"),
    ],
)
def test_options_that_cannot_be_used(
    framescope: Callable[..., Answer], listed: Path, tmp_path: Path, options: list[object], words: str
) -> None:
    answer = framescope("clips", listed, tmp_path / "out", *options)
    assert answer.status == 2
    assert words in answer.err
