"""Every command ends in a line and with a status, whatever it is given and wherever its output goes."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from framescope.cli.program import build_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cli.conftest import Answer

PROGRAM = (sys.executable, "-m", "framescope")
NUMBERS = ("nan", "inf", "-inf", "1e30", "99999999999999999999", "9" * 5000, "x")
SIZES = ("99999999x9999999", "0x0", "1x1x1", "-1x5", f"{'9' * 5000}x1", "nanxnan", "1xx", "")
NEEDED = {
    "frames": ("{clip}", "--all"),
    "export": ("{clip}", "-o", "{out}", "--frames", "1"),
    "clip": ("{clip}", "{out}.mp4", "--exact", "--out", "2"),
    "sheet": ("{clip}", "{out}.png", "--frames", "1"),
    "make": ("{out}.mp4", "--pattern", "counter", "--count", "2"),
    "screenshot": ("{clip}", "{out}.png"),
    "verify": ("{out}",),
    "writable": (),
    "open": ("{missing}",),
    "audit": ("{clip}", "--engines", "pyav-exact"),
}
"""What a command line has to have besides the video."""


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by its words, those of groups too."""
    for name, command in build_program().commands.items():
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", one) for inner, one in command.commands.items())
        elif name != "worker":
            yield name, command


def number_options() -> list[tuple[str, str]]:
    """Each command with each of its options that take a number, a size or a place."""
    kinds = (click.IntRange, click.FloatRange)
    named = {"WxH", "RxC", "rate", "window", "place", "size", "crop"}
    return [
        (name, option.opts[-1])
        for name, command in commands()
        for option in command.params
        if isinstance(option, click.Option) and (isinstance(option.type, kinds) or option.type.name in named)
    ]


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def arguments_of(name: str, clip: Path, out: Path) -> list[str]:
    needed = NEEDED.get(name, ("{clip}",))
    if name.startswith("fragments"):
        needed = ("{clip}", "{out}") if name.split()[1] in {"split", "join", "extract"} else ("{clip}",)
    places = {"clip": str(clip), "out": str(out), "missing": str(out / "missing.mp4")}
    return [*name.split(), *(word.format(**places) for word in needed)]


def assert_refused(answer: Answer, words: str) -> None:
    assert answer.status in (1, 2), (words, answer.status, answer.out, answer.err)
    assert "Traceback" not in answer.err
    last = answer.err.strip().splitlines()[-2:]
    assert any(line.startswith(("Error: ", "error: ", "hint: ")) for line in last), answer.err


@pytest.mark.parametrize(("name", "option"), number_options())
def test_every_number_is_in_its_range_or_refused(
    name: str, option: str, framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    """Those that no option can take; what some can is tried by the commands' own tests."""
    arguments = arguments_of(name, plain_clip, tmp_path / "out")
    takes_size = option in {"--size", "--grid", "--tile", "--crop", "--resize"}
    for value in SIZES if takes_size else NUMBERS:
        answer = framescope(*arguments, f"{option}={value}")
        assert_refused(answer, f"{name} {option}={value[:30]}")


@pytest.mark.parametrize(
    "typed",
    [
        ("frames", "{clip}", "--scenes", "--threshold", "nan"),
        ("frames", "{clip}", "--every", "0"),
        ("frames", "{clip}", "--fps", "inf"),
        ("frames", "{clip}", "--fps", "1000000000"),
        ("frames", "{clip}", "--frames", f"0:{'9' * 18}:1,{'9' * 18}"),
        ("frames", "{clip}", "--frames", "9" * 5000),
        ("make", "{out}.mp4", "--pattern", "counter", "--bitrate", "1e30"),
        ("make", "{out}.mp4", "--pattern", "counter", "--size", "99999999x9999999"),
        ("make", "{out}.mp4", "--pattern", "counter", "--framerate", "1e999999999"),
        ("make", "{out}.mp4", "--pattern", "counter", "--framerate", "1/0"),
        ("fragments", "split", "{clip}", "{out}", "--run", "9" * 5000),
        ("fragments", "split", "{clip}", "{out}", "--grid", "0x4"),
        ("fragments", "show", "{clip}", "--region", f"0,0,{'9' * 5000},1"),
        ("info", "{clip}#xywh=0,0,99999999999,1"),
        ("audit", "{clip}", "--requests", "9" * 5000),
        ("audit", "{clip}", "--requests", "random:" + "9" * 5000),
        ("audit", "{clip}", "--timeout", "nan"),
        ("export", "{clip}", "-o", "{out}", "--recipe", "/dev/null"),
        ("export", "{clip}", "-o", "{out}", "--recipe", "{out}"),
        ("make", "{out}.mp4", "--pattern", "counter", "--timestamps", "/dev/zero"),
    ],
)
def test_absurd_values_are_refused_in_words(
    typed: tuple[str, ...], framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    arguments = [word.format(clip=plain_clip, out=tmp_path / "out") for word in typed]
    assert_refused(framescope(*arguments), " ".join(typed)[:80])
    answer = framescope(*arguments, "--json")
    fault = json.loads(answer.out)["error"]
    assert fault["exit_status"] == answer.status
    assert fault["message"]


@pytest.mark.parametrize("name", sorted(name for name, _ in commands()))
def test_a_failure_is_an_object_for_programs_that_read_json(
    name: str, framescope: Callable[..., Answer], tmp_path: Path
) -> None:
    missing = tmp_path / "missing.mp4"
    answer = framescope(*arguments_of(name, missing, tmp_path / "out"), "--json", "--no-such-option")
    fault = json.loads(answer.out)["error"]
    assert (answer.status, fault["exit_status"], fault["kind"]) == (2, 2, "UsageError")
    if name in {"make", "writable", "screenshot"}:
        return
    answer = framescope(*arguments_of(name, missing, tmp_path / "out"), "--json")
    assert answer.status in (1, 2)
    table = json.loads(answer.out)
    fault = table.get("error") or table["videos"][0]["error"]
    assert fault
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("line", ["inof clip.mp4", "verfy out --json", "exprot a.mp4 -o b"])
def test_a_mistyped_command_is_told_from_a_video(line: str, framescope: Callable[..., Answer]) -> None:
    answer = framescope(*line.split())
    assert answer.status == 2
    assert f"There is no command {line.split(maxsplit=1)[0]!r}. Did you mean" in answer.err


needs_posix = pytest.mark.skipif(os.name != "posix", reason="what a POSIX process inherits")
PRINTING = ("info", "index", "gops", "timing --no-opencv", "frames --all", "audit --engines pyav-exact")


@needs_posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("name", PRINTING)
def test_a_full_disk_behind_stdout_is_one_line(name: str, plain_clip: Path) -> None:
    command, *options = name.split()
    line = shlex.join([*PROGRAM, command, str(plain_clip), *options])
    answer = shell(f"{line} > /dev/full")
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1), answer.stderr
    assert answer.stderr.startswith("error: The output cannot be written: ")


@needs_posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("name", ["info {clip} --json", "info missing.mp4 --json", "info missing.mp4"])
def test_two_full_disks_are_a_status(name: str, plain_clip: Path) -> None:
    line = shlex.join([*PROGRAM, *name.format(clip=plain_clip).split()])
    assert shell(f"{line} > /dev/full 2> /dev/full").returncode == 1


@needs_posix
def test_a_working_directory_that_is_gone_is_said(plain_clip: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    for name, status in ((str(plain_clip), 0), ("clip.mp4", 1)):
        gone.mkdir()
        line = shlex.join([*PROGRAM, "info", name])
        answer = shell(f"cd {shlex.quote(str(gone))} && rmdir {shlex.quote(str(gone))} && exec {line}")
        assert answer.returncode == status, answer.stderr
        assert "Traceback" not in answer.stderr


@needs_posix
@pytest.mark.parametrize(
    "name", ["info", "frames --all", "audit --engines pyav-exact", "export -o {out} --frames 1"]
)
def test_few_open_files_are_enough_or_said(name: str, plain_clip: Path, tmp_path: Path) -> None:
    command, *options = name.format(out=tmp_path / "out").split()
    line = shlex.join([*PROGRAM, command, str(plain_clip), *options])
    answer = shell(f"ulimit -n 16 && exec {line}", HOME=str(tmp_path))
    assert answer.returncode in (0, 1), answer.stderr
    assert "Traceback" not in answer.stderr
    assert answer.returncode == 0 or "error: " in answer.stderr


@needs_posix
@pytest.mark.parametrize("name", ["info", "export -o {out} --frames 1"])
def test_a_user_without_a_home_folder_is_served(name: str, plain_clip: Path, tmp_path: Path) -> None:
    command, *options = name.format(out=tmp_path / "out").split()
    line = shlex.join([*PROGRAM, command, str(plain_clip), *options])
    answer = shell(f"unset HOME XDG_CACHE_HOME; exec {line}")
    assert (answer.returncode, answer.stderr) == (0, "")
