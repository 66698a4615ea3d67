"""A name of any bytes is a name like any other, in every command and in everything that is written."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framescope.cli.program import run

if TYPE_CHECKING:
    from collections.abc import Callable

# Not UTF-8; colours and clears a terminal; two lines; reads backwards from its fourth part on.
ODD = b"bad\xff \x1b[31m\x1b[2J\n\xe2\x80\xae[x].mp4"
ACTING = ("\x1b", "\x9b", "\u202e")


@pytest.fixture
def odd(tmp_path: Path, clip: Callable[[str], Path]) -> str:
    folder = tmp_path / "videos"
    folder.mkdir()
    try:
        video = shutil.copyfile(clip("h264.mp4"), os.path.join(os.fsencode(folder), ODD))  # noqa: PTH118
    except OSError:
        pytest.skip("this file system takes no such name")
    shutil.copyfile(clip("h264.mp4"), folder / "good.mp4")
    return os.fsdecode(video)


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command that must succeed, and answers what it wrote; none of it acts on a terminal."""

    def run_well(*arguments: object) -> str:
        status = run([str(one) for one in arguments])
        captured = capsys.readouterr()
        assert status == 0, captured.err
        assert not [sign for sign in ACTING if sign in captured.out + captured.err]
        return captured.out

    return run_well


@pytest.mark.parametrize("command", ["info", "index", "gops", "timing"])
def test_it_is_described(command: str, odd: str, told: Callable[..., str]) -> None:
    assert told(command, odd)
    lines = told(command, odd, "--json").encode("utf-8", "strict").decode()
    found = [line for line in lines.splitlines() if "[x].mp4" in line]
    assert command != "info" or json.loads(lines)["info"]["source"] == odd
    assert not found or "\\udcff" in found[0]


@pytest.mark.parametrize("image_format", ["jpeg", "png", "webp", "avif", "tiff", "npy", "npz", "planes"])
def test_its_frames_are_exported_and_found_again(
    image_format: str, odd: str, told: Callable[..., str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    told("export", odd, "-o", out, "--frames", "3,30", "--format", image_format)
    assert "all intact" in told("verify", out, "--video", odd)
    header = (out / "framescope-manifest.jsonl").read_text("utf-8").splitlines()[0]
    assert json.loads(header)["source"]["name"] == Path(odd).name


def test_a_folder_with_it_is_done_whole(odd: str, told: Callable[..., str], tmp_path: Path) -> None:
    folder, out = Path(odd).parent, tmp_path / "out"
    told("export", folder, "-o", out, "--frames", "3", "--format", "png")
    assert len(list(out.rglob("*.png"))) == 2


def test_it_is_audited(odd: str, told: Callable[..., str], tmp_path: Path) -> None:
    html = tmp_path / "audit.html"
    engines = ("--engines", "framescope,opencv", "--requests", "5")
    table = told("audit", Path(odd).parent, *engines, "--html", html, "--csv")
    for text in (html.read_text("utf-8"), table):
        assert "UTF-8" in text
        assert not [sign for sign in ACTING if sign in text]
    document = told("audit", odd, *engines, "--json").encode("utf-8")
    assert json.loads(document)["videos"][0]["source"] == odd


def test_it_is_cut_into_fragments(odd: str, told: Callable[..., str], tmp_path: Path) -> None:
    store = tmp_path / "store"
    told("fragments", "split", odd, store)
    told("fragments", "verify", store)
    assert told("fragments", "show", store)


def test_sheets_and_clips_are_made_of_it(odd: str, told: Callable[..., str], tmp_path: Path) -> None:
    for name in ("sheet.png", "sheet.pdf"):
        told("sheet", odd, tmp_path / name)
    told("clip", odd, tmp_path / "clip.mp4", "--in", "5", "--out", "9", "--exact")
    told("make", tmp_path / "made.mp4", "--from", odd)
