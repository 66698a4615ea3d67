"""The README is true: its example runs, its commands exist, its paths are there."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

import framescope
from framescope import FrameClip, FrameDataset
from framescope.cli.launcher import NoLauncher
from framescope.cli.program import build_program, run
from framescope.core.dataset.manifest import read_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks whose opening fence names this language (or none)."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    return [text for name, text in fenced if name == language]


def test_the_first_lines_are_the_two_commands() -> None:
    lines = README.splitlines()[1:3]
    assert lines[0].startswith("python3 packaging/bootstrap.py run [VIDEO]")
    assert lines[1].startswith("python3 packaging/bootstrap.py test")


def test_the_example_runs(
    plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example, _ = blocks("python")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    shutil.copy(plain_clip, tmp_path / "clip.mp4")
    exec(compile(example, "README.md", "exec"), {})
    out = capsys.readouterr().out.splitlines()
    assert out == [
        "48 h264 [ 0 12 24 36]",
        "0 0 0.0 I (120, 160, 3)",
        "24 12288 1.0 I (120, 160, 3)",
    ]


def test_the_commands_for_data_sets_run(
    plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (text,) = blocks("sh")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("cats/one.mp4", "dogs/two.mp4"):
        (tmp_path / "videos" / name).parent.mkdir(parents=True)
        shutil.copy(plain_clip, tmp_path / "videos" / name)
    (tmp_path / "list.csv").write_text("video,start,end,label\none,0,1,sit\ntwo,0.5,1.5,run\n")
    for line in text.splitlines():
        program, *arguments = shlex.split(line)
        assert program == "framescope"
        assert run(arguments, NoLauncher()) == 0, f"{line}: {capsys.readouterr().err}"
    assert read_dataset(tmp_path / "set").is_ended
    assert (tmp_path / "set" / "report.html").is_file()
    assert (tmp_path / "clips" / "run" / "two_000000-500_000001-500.mp4").is_file()


class OneBatch:
    """Stands for torch's loader, which takes seconds to import: the first clips as one batch."""

    def __init__(self, clips: FrameDataset, **_options: object) -> None:
        parts: list[Any] = [np.stack(part) for part in zip(clips[0], clips[1], strict=True)]
        self.batch = FrameClip(*parts)

    def __iter__(self) -> Iterator[FrameClip]:
        return iter((self.batch,))


def test_the_example_of_a_loader_runs(
    plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, example = blocks("python")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "videos").mkdir()
    for name in ("a.mp4", "b.mp4"):
        shutil.copy(plain_clip, tmp_path / "videos" / name)
    for name in ("torch", "torch.utils", "torch.utils.data"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setattr(sys.modules["torch.utils.data"], "DataLoader", OneBatch, raising=False)
    monkeypatch.setattr(sys.modules["torch.utils.data"], "get_worker_info", lambda: None, raising=False)
    exec(compile(example, "README.md", "exec"), {"framescope": framescope})
    out = capsys.readouterr().out
    assert out.startswith("(2, 16, 224, 224, 3) [ 0  2  4")
    assert out.endswith(f"{tmp_path / 'videos' / 'a.mp4'}\n")


def test_the_examples_are_short() -> None:
    for example in blocks("python"):
        assert len([line for line in example.splitlines() if line]) <= 8


def test_every_option_it_names_exists() -> None:
    program = build_program()
    options = {name for command in program.commands.values() for one in command.params for name in one.opts}
    (usage,) = (block for block in blocks("") if "framescope info" in block)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", usage)) <= options
    assert set(re.findall(r"^framescope ([a-z]+)", usage, re.MULTILINE)) <= set(program.commands)


def test_the_folders_of_its_map_are_there() -> None:
    (tree,) = (block for block in blocks("") if block.startswith("framescope/\n"))
    parents: list[str] = []
    for line in tree.splitlines():
        match = re.match(r"( *)((?:[\w.]+/ )*[\w.]+[/y])(?: |$)", line)
        if match is None or len(match[1]) > 6:
            continue
        names = match[2].split(" ")
        parents = [*parents[: len(match[1]) // 2], names[-1]]
        for name in names:
            path = "".join([*parents[:-1], name])
            assert (PROJECT / path).exists(), path
    assert parents[0] == "packaging/"


def test_every_room_is_on_the_map() -> None:
    (tree,) = (block for block in blocks("") if block.startswith("framescope/\n"))
    for folder in (PROJECT / "framescope").rglob("*/"):
        if (folder / "__init__.py").is_file() and folder.parent.name != "panels":
            assert f"{folder.name}/" in tree or folder.name == "engines", folder


def test_the_files_that_the_architecture_names_are_there() -> None:
    text = (PROJECT / "ARCHITECTURE.md").read_text("utf-8")
    named = re.findall(r"`((?:core|engine|session|ui|cli|tests|app)[\w/]*(?:\.py)?)`", text)
    assert len(named) > 30
    for name in named:
        assert (PROJECT / name).exists() or (PROJECT / "framescope" / name).exists(), name


def test_the_data_flow_is_named() -> None:
    flow = "file → probe → index → seek plan → reader → cache → decode thread → controller → view"
    assert f"`{flow}`" in README
