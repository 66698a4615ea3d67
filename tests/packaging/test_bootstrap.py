"""The bootstrap runs the window or, without a display, does what can be done; its gate says what failed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import bootstrap
import pytest
from environments import STAMP, Environment, Versions
from PIL import Image
from system_packages import SetupError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "bootstrap.py"
HERE = Environment(Path(sys.prefix))

on_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux has machines without a display"
)


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_an_old_python_is_refused_and_a_newer_one_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "other_pythons", dict)
    with pytest.raises(SetupError, match=r"needs Python 3\.11 or newer; .* is 3\.9\.$"):
        bootstrap.check_python((3, 9))
    monkeypatch.setattr(bootstrap, "other_pythons", lambda: {(3, 12): Path("/opt/python3.12")})
    with pytest.raises(SetupError, match=r"This one will do: .opt.python3\.12"):
        bootstrap.check_python((3, 9))
    bootstrap.check_python((3, 11))
    bootstrap.check_python((3, 14))


@on_linux
@pytest.mark.usefixtures("no_display")
@pytest.mark.parametrize(
    "variables",
    [{}, {"QT_QPA_PLATFORM": "offscreen"}, {"DISPLAY": ":9876"}, {"QT_QPA_PLATFORM": "minimal:x"}],
)
def test_a_display_that_is_not_there_is_none(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert not bootstrap.has_display(HERE)


@on_linux
@pytest.mark.usefixtures("no_display")
def test_without_a_display_the_main_job_is_done(
    plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert bootstrap.run_window(HERE, str(plain_clip)) == 0
    said = capfd.readouterr()
    assert "No display found" in said.err
    assert "H.264" in said.out
    results = tmp_path / "framescope-results"
    assert f"A picture of the window: {results / 'window.png'}" in said.out
    assert "ssh -X" in said.out
    with Image.open(results / "window.png") as picture:
        assert picture.size == (1280, 800)
    assert len(list((results / "frames").glob("*.png"))) == bootstrap.PREVIEW_FRAMES


@on_linux
@pytest.mark.usefixtures("no_display")
def test_without_a_display_and_a_home_the_demo_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert bootstrap.run_window(HERE, None) == 0
    assert "480 (declared)" in capfd.readouterr().out
    results = tmp_path / "framescope-results"
    assert sorted(path.name for path in results.iterdir()) == ["demo.mp4", "frames", "window.png"]


@on_linux
@pytest.mark.usefixtures("no_display")
def test_without_a_display_a_file_that_is_no_video_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert bootstrap.run_window(HERE, str(tmp_path / "nothing.mp4")) == 1
    assert "error: " in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


@on_linux
@pytest.mark.usefixtures("no_display")
def test_files_in_the_working_directory_are_not_imported(
    plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("numpy.py", "av.py", "environments.py"):
        (tmp_path / name).write_text("raise SystemExit(66)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert bootstrap.run_window(HERE, str(plain_clip)) == 0


@on_linux
@pytest.mark.usefixtures("no_display")
def test_the_question_for_a_display_imports_nothing_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "socket.py").write_text("raise SystemExit(66)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert bootstrap.has_display(HERE)


def test_a_damaged_environment_is_set_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = Environment(tmp_path)
    (tmp_path / STAMP).write_text("{}", encoding="utf-8")

    def fail(_: Environment) -> str:
        raise SetupError("av is not there")

    monkeypatch.setattr(bootstrap, "check", fail)
    monkeypatch.setattr(Environment, "python", Path(sys.executable))
    with pytest.raises(SetupError, match="is damaged"):
        bootstrap.run_program(environment, "no-such-command", "x")
    assert not (tmp_path / STAMP).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_its_children_too(number: signal.Signals) -> None:
    code = (
        "import bootstrap, sys; bootstrap.prepare_process();"
        "child = 'import os; print(os.getpid(), flush=True); input()';"
        "bootstrap.passed_on([sys.executable, '-c', child], None)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=SCRIPT.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509 - whatever the parent ignores
    ) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.send_signal(number)
        assert process.wait(60) == 128 + number
        # The pipe is closed by the last that holds it.
        assert process.stdout.read() == b""
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell closes the streams")
@pytest.mark.parametrize("redirections", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_error(redirections: str) -> None:
    line = f'exec "{sys.executable}" -I "{SCRIPT}" smoke no-such-python {redirections}'
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert ("There is no program no-such-python" in done.stderr) == ("2>&-" not in redirections)


def test_results_go_into_a_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = [bootstrap.new_folder().name for _ in range(3)]
    assert names == ["framescope-results", "framescope-results-2", "framescope-results-3"]


def test_results_go_elsewhere_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    real = Path.mkdir

    def refuse(path: Path, *arguments: object, **options: object) -> None:
        if path.parent == tmp_path:
            raise PermissionError(13, "Permission denied")
        real(path, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "mkdir", refuse)
    folder = bootstrap.new_folder()
    assert folder.is_dir()
    assert folder.parent != tmp_path
    folder.rmdir()


@pytest.fixture
def smoked(monkeypatch: pytest.MonkeyPatch) -> list[Versions]:
    """Versions for which a smoke run was started; each passes."""
    versions: list[Versions] = []

    @contextmanager
    def smoke(wanted: Versions) -> Iterator[Callable[[], int]]:
        versions.append(wanted)
        yield lambda: 0

    monkeypatch.setattr(bootstrap, "smoke_in_background", smoke)
    return versions


def gate(monkeypatch: pytest.MonkeyPatch, *commands: tuple[str, ...]) -> int:
    monkeypatch.setattr(bootstrap, "GATE", commands)
    return bootstrap.run_tests(HERE)


def test_the_gate_says_what_failed_and_else_ends_with_pytests_line(
    monkeypatch: pytest.MonkeyPatch, smoked: list[Versions], capfd: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.GATE[-1][0] == "pytest"
    assert gate(monkeypatch, ("python", "-c", "raise SystemExit(1)"), ("python", "-c", "pass")) == 1
    assert "The gate failed at: python -c raise SystemExit(1)" in capfd.readouterr().err
    assert gate(monkeypatch, ("python", "-c", "print('dots'); print('12 passed in 3 s')")) == 0
    assert capfd.readouterr().out == "dots\n12 passed in 3 s\n12 passed in 3 s\n"
    assert smoked == [Versions.LOCKED] * 2


def test_a_smoke_run_in_the_background_is_waited_for_and_its_output_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "bootstrap.py"
    script.write_text("import sys; print('smoke', *sys.argv[1:]); sys.exit(1)", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "HERE", tmp_path)
    assert gate(monkeypatch, ("python", "-c", "print('checked')"), ("python", "-c", "pass")) == 1
    said = capfd.readouterr()
    assert said.out == "checked\n"
    assert "\nsmoke smoke\n== python -c pass\nThe gate failed at: smoke\n" in said.err
    with bootstrap.smoke_in_background(Versions.NEWEST) as ended:
        assert ended() == 1
    assert "smoke smoke --newest" in capfd.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in notes a signal")
def test_a_smoke_run_ends_with_what_started_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    noted = tmp_path / "noted"
    script = tmp_path / "bootstrap.py"
    script.write_text(f"open({str(noted)!r}, 'w').close(); import time; time.sleep(600)", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "HERE", tmp_path)

    def leave_early() -> None:
        with bootstrap.smoke_in_background(Versions.LOCKED):
            while not noted.exists():
                time.sleep(0.01)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leave_early()


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for pytest is a script with a first line")
@pytest.mark.usefixtures("smoked")
@pytest.mark.parametrize("passes", [True, False])
def test_what_fails_beside_others_is_run_once_more_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, passes: bool
) -> None:
    script, calls = tmp_path / "bin" / "pytest", tmp_path / "calls"
    script.parent.mkdir()
    script.write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        f"open({str(calls)!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"
        f"sys.exit(0 if {passes} and '--last-failed' in sys.argv else 1)\n"
    )
    script.chmod(0o755)
    monkeypatch.setattr(bootstrap, "GATE", (("pytest", "-n", "2"),))
    assert bootstrap.run_tests(Environment(tmp_path)) == (0 if passes else 1)
    first, second = calls.read_text().splitlines()
    assert first == "-n 2"
    assert "--last-failed" in second


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for coverage is a script with a first line")
@pytest.mark.usefixtures("smoked")
def test_folders_of_which_the_tests_run_too_little_fail_the_gate(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def counts(covered: int) -> dict[str, dict[str, int]]:
        return {"summary": {"covered_lines": covered, "num_statements": 100}}

    files = {"framescope/core/media/a.py": counts(95), "framescope/engine/b.py": counts(79)}
    report = {"files": files, "totals": {"percent_covered": 89.9}}
    for name, words in (("pytest", "12 passed"), ("coverage", json.dumps(report))):
        script = tmp_path / "bin" / name
        script.parent.mkdir(exist_ok=True)
        script.write_text(f"#!{sys.executable}\nprint({words!r})\n", encoding="utf-8")
        script.chmod(0o755)
    monkeypatch.setattr(bootstrap, "GATE", (("pytest", "--cov"),))
    assert bootstrap.run_tests(Environment(tmp_path)) == 1
    said = capfd.readouterr().err
    assert "coverage of framescope/engine: 79.0 %" in said
    assert "coverage of framescope: 89.9 %" in said
    assert "media" not in said


def test_a_smoke_run_that_fails_says_why_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[str] = []

    def make(_: Environment, interpreter: Path) -> None:
        made.append(interpreter.name)
        if interpreter.name == "a":
            raise SetupError("a has no venv")

    monkeypatch.setattr(bootstrap, "make", make)
    monkeypatch.setattr(bootstrap, "install", lambda *_, **__: None)
    monkeypatch.setattr(bootstrap, "check", lambda *_, **__: "all is well")
    assert bootstrap.run_smoke(Versions.LOCKED, [Path("a"), Path("b")]) == 1
    said = capsys.readouterr().err
    assert made == ["a", "b"]
    assert "a has no venv" in said
    assert "all is well" in said
    assert bootstrap.run_smoke(Versions.LOCKED, [Path("b")]) == 0
    assert bootstrap.run_smoke(Versions.LOCKED, []) == 0
    assert "no other Python" in capsys.readouterr().err


def test_interpreters_can_be_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"There is no program .*nothing"):
        bootstrap.pythons_of([str(tmp_path / "nothing")])
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\necho hello\n", encoding="utf-8")
    other.chmod(0o755)
    with pytest.raises(SetupError, match="is not a released CPython"):
        bootstrap.pythons_of([str(other)])


def test_a_video_without_a_name_is_refused() -> None:
    with pytest.raises(SetupError, match="name of the video is empty"):
        bootstrap.run_window(HERE, "")


def test_ctrl_c_ends_it_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_: Environment) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "check_system", lambda **_: None)
    monkeypatch.setattr(bootstrap, "set_up", interrupt)
    assert bootstrap.main(["run"]) == bootstrap.INTERRUPTED
    assert capsys.readouterr().err == "Cancelled.\n"


def test_its_help_names_every_command() -> None:
    answer = subprocess.run([sys.executable, SCRIPT, "--help"], capture_output=True, text=True, check=True)
    for name in ("run", "test", "smoke"):
        assert f"    {name} " in answer.stdout


def test_ci_calls_it() -> None:
    script = SCRIPT.parent.parent / ".ci" / "run"
    assert "packaging/bootstrap.py test" in script.read_text(encoding="utf-8")
    assert os.access(script, os.X_OK)
