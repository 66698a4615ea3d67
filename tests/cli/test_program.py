"""The program as a whole: help, version, exit statuses, and errors as two lines on stderr."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import click
import pytest

from framescope.cli.facts import info as info_module
from framescope.cli.program import build_program, run
from framescope.core.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer, NotingLauncher

COMMANDS = ("open", "info", "index", "export", "timing", "audit", "screenshot")


def test_help_lists_every_command(framescope: Callable[..., Answer]) -> None:
    answer = framescope("--help")
    assert answer.status == 0
    assert all(name in answer.out for name in COMMANDS)
    assert framescope("-h").out == answer.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_json(name: str, framescope: Callable[..., Answer]) -> None:
    answer = framescope(name, "--help")
    assert answer.status == 0
    assert "--json" in answer.out


def test_every_option_is_explained_or_says_its_choices() -> None:
    for command in build_program().commands.values():
        for parameter in command.params:
            if not isinstance(parameter, click.Option):
                continue
            explained = parameter.help or hasattr(parameter.type, "choices")
            assert explained, f"{command.name} {parameter.name}"


def test_version(framescope: Callable[..., Answer]) -> None:
    assert framescope("--version").out == f"framescope {version('framescope')}\n"


def test_an_error_is_two_lines_on_stderr_and_status_1(
    framescope: Callable[..., Answer], tmp_path: Path
) -> None:
    answer = framescope("info", tmp_path / "missing.mp4")
    assert answer.status == 1
    assert answer.out == ""
    first, second = answer.err.splitlines()
    assert first.startswith("error: ")
    assert "missing.mp4" in first
    assert second.startswith("hint: ")


@pytest.mark.parametrize(
    "arguments",
    [("info",), ("info", "--no-such-option"), ("screenshot", "one.mp4"), ("a.mp4", "b.mp4"), ("--nonsense",)],
)
def test_wrong_usage_is_status_2(arguments: tuple[str, ...], framescope: Callable[..., Answer]) -> None:
    answer = framescope(*arguments)
    assert answer.status == 2
    assert answer.err.startswith("Usage:")


@pytest.mark.parametrize("interruption", [Cancelled(), KeyboardInterrupt()])
def test_ctrl_c_is_no_error(
    interruption: BaseException,
    framescope: Callable[..., Answer],
    monkeypatch: pytest.MonkeyPatch,
    plain_clip: Path,
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise interruption

    monkeypatch.setattr(info_module, "probe", interrupt)
    answer = framescope("info", plain_clip)
    assert answer.status == 130
    assert answer.err.strip() == "Cancelled."


def test_commands_do_not_import_qt(plain_clip: Path) -> None:
    script = (
        "import sys; from framescope.cli.program import run; "
        f"status = run(['info', {str(plain_clip)!r}]); "
        "qt = [name for name in sys.modules if name.startswith('PySide6')]; "
        "sys.exit(repr(qt) if qt else status)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)


def test_a_closed_pipe_ends_quietly(plain_clip: Path) -> None:
    script = "import sys; from framescope.cli.program import run; sys.exit(run(sys.argv[1:]))"
    with subprocess.Popen(
        [sys.executable, "-c", script, "index", plain_clip], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_without_a_launcher_the_window_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    assert run(["screenshot", "a.mp4", "b.png"]) == 2
    assert "no window" in capsys.readouterr().err


def test_the_windows_status_is_the_programs(
    framescope: Callable[..., Answer], launcher: NotingLauncher
) -> None:
    launcher.status = 3
    assert framescope().status == 3


def test_the_log_says_what_was_opened_and_refused(plain_clip: Path, tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    for level, arguments in (
        ("info", ["info", str(plain_clip)]),
        ("debug", ["info", str(tmp_path / "no.mp4")]),
    ):
        run(["--log-level", level, f"--log-file={log}", *arguments])
    text = log.read_text("utf-8")
    assert f"{plain_clip}: opened; " in text
    assert "Refused: There is no file" in text


def test_help_leaves_no_traceback_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    run([f"--log-file={log}", "info", "--help"])
    run([f"--log-file={log}", "info", "--bogus"])
    text = log.read_text("utf-8")
    assert "Traceback" not in text
    assert "Wrong usage: No such option" in text


@pytest.mark.parametrize(
    "arguments", [["--log-level"], ["--log-level", "loud", "info"], ["--log-file"], ["--log-level=loud"]]
)
def test_log_options_without_a_usable_value_are_wrong_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    assert "'open'" not in capsys.readouterr().err


def test_log_options_come_before_a_video_too(plain_clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--log-level", "info", str(plain_clip)]) == 2
    assert "has no window" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sheet", "a.png"), "Missing: OUT; a.png was taken as VIDEO."),
        (("clip",), "Missing: VIDEO."),
        (("fragments", "split", "a.mp4"), "Missing: STORE; a.mp4 was taken as VIDEO."),
        (("audit",), "Missing: VIDEO…."),
        (("export", "a.mp4"), "Missing option '-o'"),
        (("info", ""), "the name is empty"),
        (("export", "", "-o", "out"), "the name is empty"),
        (("verify", ""), "the name is empty"),
    ],
)
def test_a_missing_argument_is_named(
    arguments: tuple[str, ...], words: str, framescope: Callable[..., Answer]
) -> None:
    answer = framescope(*arguments)
    assert answer.status == 2
    assert words in answer.err
