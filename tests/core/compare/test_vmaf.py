"""VMAF is what the ffmpeg program finds; without one that has libvmaf, it is said so."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.compare.comparison import compare
from framescope.core.compare.quality import Metric
from framescope.core.errors import FrameScopeError, SettingsError
from tests.core.compare.moving import write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.compare.moving import Picture


def has_libvmaf() -> bool:
    program = shutil.which("ffmpeg")
    return (
        program is not None
        and b" libvmaf "
        in subprocess.run([program, "-hide_banner", "-filters"], capture_output=True, check=False).stdout
    )


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Put a program named ffmpeg, written in Python, where it is found first."""
    folder.mkdir()
    program = folder / "ffmpeg"
    program.write_text(f"#!{sys.executable}\n{text}")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


STANDS_IN = """
import json, sys
arguments = sys.argv[1:]
if "-filters" in arguments:
    print(" .. libvmaf           VV->V      Calculate the VMAF between two video streams.")
    sys.exit()
width, height = map(int, arguments[arguments.index("-s") + 1].split("x"))
size = width * height * 3 // 2
assert arguments[arguments.index("-pix_fmt") + 1] == "yuv420p"
frames = []
while data := sys.stdin.buffer.read(size):
    assert len(data) == size
    luma = data[: width * height]
    half = len(luma) // 2
    a, b = luma[:half], luma[half:]
    frames.append({"metrics": {"vmaf": 100.0 if a == b else sum(b) / half / 10}})
json.dump({"frames": frames}, open("vmaf.json", "w"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program")
def test_pairs_are_passed_in_order(
    frames: list[Picture], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that stands in for ffmpeg, and says how bright the lower picture is unless both are equal."""
    # An odd height: half a sample of chroma does not go into a picture above another.
    a = write(tmp_path / "a.mkv", [frames[n][:175] for n in range(50, 58)], codec="ffv1")
    install(tmp_path / "bin", monkeypatch, STANDS_IN)
    found = compare(a, a, align="number", metrics=["vmaf"]).quality
    assert found is not None
    assert found.values[Metric.VMAF, "all"].tolist() == [100.0] * 8
    brighter = [
        np.asarray(np.clip(frames[n][:175] + 9.0 * (n - 49), 0, 255), np.uint8) for n in range(50, 58)
    ]
    b = write(tmp_path / "b.mkv", brighter, codec="ffv1")
    other = compare(a, b, align="number", metrics=["vmaf"]).quality
    assert other is not None
    values = other.values[Metric.VMAF, "all"]
    assert (np.diff(values) > 0).all()
    assert values.max() < 26


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program")
@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("print('no such filter')", SettingsError),
        (STANDS_IN.replace("json.dump", "sys.exit(3)  #"), FrameScopeError),
        (STANDS_IN.replace('"frames": frames', '"frames": frames[1:]'), FrameScopeError),
    ],
    ids=["without libvmaf", "fails", "loses a frame"],
)
def test_a_program_that_cannot(
    program: str,
    error: type[FrameScopeError],
    source_clip: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install(tmp_path / "bin", monkeypatch, program)
    with pytest.raises(error):
        compare(source_clip, source_clip, align="number", metrics=["vmaf"])


def test_without_the_program(source_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match="not installed"):
        compare(source_clip, source_clip, metrics=["vmaf"])


@pytest.mark.skipif(not has_libvmaf(), reason="no ffmpeg program with libvmaf is installed")
def test_values_are_those_of_the_filter(frames: list[Picture], tmp_path: Path) -> None:
    a = write(tmp_path / "a.mkv", frames[50:62], crf=8)
    b = write(tmp_path / "b.mkv", frames[50:62], crf=35)
    found = compare(a, b, align="number", metrics=["vmaf"]).quality
    assert found is not None
    graph = "[0:v][1:v]libvmaf=log_fmt=json:log_path=vmaf.json"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", b, "-i", a, "-lavfi", graph, "-f", "null", "-"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    printed = json.loads((tmp_path / "vmaf.json").read_text())["frames"]
    expected = [frame["metrics"]["vmaf"] for frame in printed]
    assert found.values[Metric.VMAF, "all"].tolist() == pytest.approx(expected, abs=1e-6)
