"""Environments are made once, from exact versions, and every other Python of the machine is found."""

from __future__ import annotations

import ensurepip
import json
import os
import subprocess
import sys
import threading
import tomllib
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import environments
import pytest
from environments import Environment, Versions
from system_packages import SetupError

on_posix = pytest.mark.skipif(os.name == "nt", reason="the stand-ins for programs are scripts")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in place of the project's."""
    folder = tmp_path / "my project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("a", encoding="utf-8")
    (folder / "constraints.txt").write_text("b", encoding="utf-8")
    monkeypatch.setattr(environments, "PROJECT", folder)
    monkeypatch.setattr(environments, "CONSTRAINTS", folder / "constraints.txt")
    return folder


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """What would have been run."""
    found: list[tuple[list[str], dict[str, str]]] = []

    def note(command: list[str], failure: str, environment: dict[str, str] | None = None) -> str:
        assert failure.endswith(".")
        found.append((command, environment or {}))
        if "venv" in command:
            python = Environment(Path(command[-1])).python
            python.parent.mkdir(parents=True)
            python.touch()
        return "checked"

    monkeypatch.setattr(environments, "step", note)
    return found


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def fake_python(path: Path, *numbers: int, usable: bool = True) -> Path:
    answer = json.dumps({"version": numbers, "usable": usable})
    return script(path, f"print({answer!r})")


def test_the_stamp_changes_with_the_projects_files(project: Path) -> None:
    before = environments.stamp()
    assert environments.stamp() == before
    for name in ("pyproject.toml", "constraints.txt"):
        (project / name).write_text("c", encoding="utf-8")
        assert environments.stamp() != before
        before = environments.stamp()


def test_what_is_set_up_is_left_alone(
    project: Path, steps: list[tuple[list[str], dict[str, str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    environment = environments.project_environment(Versions.LOCKED)
    assert environment.folder == project / ".venv"
    environments.set_up(environment)
    assert [command[1:3] for command, _ in steps[:2]] == [["-m", "venv"], ["-m", "pip"]]
    assert steps[2][0][1] == str(environments.CHECK)
    assert capsys.readouterr().err.endswith("checked\n")
    steps.clear()
    environments.set_up(environment)
    assert steps == []


def test_new_requirements_are_installed_into_the_same_environment(
    project: Path, steps: list[tuple[list[str], dict[str, str]]]
) -> None:
    environment = environments.project_environment(Versions.LOCKED)
    environments.set_up(environment)
    steps.clear()
    (project / "constraints.txt").write_text("c", encoding="utf-8")
    environments.set_up(environment)
    assert "venv" not in steps[0][0]


@pytest.mark.parametrize("text", ["", "[]", '{"python": "3.9"', "{}"])
@pytest.mark.usefixtures("project")
def test_what_was_not_finished_is_made_anew(steps: list[tuple[list[str], dict[str, str]]], text: str) -> None:
    environment = environments.project_environment(Versions.LOCKED)
    environments.set_up(environment)
    steps.clear()
    (environment.folder / environments.STAMP).write_text(text, encoding="utf-8")
    environment.python.unlink()
    environment.python.parent.rmdir()
    environments.set_up(environment)
    assert "venv" in steps[0][0]


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize("kind", ["file", "folder", "link", "dangling link"])
def test_what_somebody_else_made_is_never_emptied(project: Path, tmp_path: Path, kind: str) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / environments.STAMP).write_text("{}", encoding="utf-8")
    venv = project / ".venv"
    if kind == "file":
        venv.write_text("mine", encoding="utf-8")
    elif kind == "folder":
        venv.mkdir()
        (venv / "data").write_text("mine", encoding="utf-8")
    else:
        venv.symlink_to(precious if kind == "link" else tmp_path / "nowhere")
    with pytest.raises(SetupError, match="is in the way"):
        environments.set_up(environments.project_environment(Versions.LOCKED))
    assert os.path.lexists(venv)
    assert len(list(precious.iterdir())) == 1


def test_a_set_up_that_was_killed_is_done_again(
    project: Path, steps: list[tuple[list[str], dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = environments.project_environment(Versions.LOCKED)
    real = environments.install

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(environments, "install", interrupt)
    with pytest.raises(KeyboardInterrupt):
        environments.set_up(environment)
    assert environments.read_stamp(environment) == {}
    monkeypatch.setattr(environments, "install", real)
    steps.clear()
    environment.python.unlink()
    environment.python.parent.rmdir()
    environments.set_up(environment)
    assert "venv" in steps[0][0]
    assert environments.read_stamp(environment) == environments.stamp()
    assert (project / ".venv.lock").read_bytes() == b""


@on_posix
def test_a_child_that_outlives_its_parent_keeps_the_lock(project: Path) -> None:
    # What a SIGKILL to the set-up leaves behind: pip at work.
    code = (
        "import os, subprocess, sys; from pathlib import Path; import environments\n"
        "with environments.only_one(Path(sys.argv[1])):\n"
        "    child = subprocess.Popen([sys.executable, '-c', 'input()'], close_fds=False)\n"
        "    print('locked', flush=True)\n"
        "    os._exit(0)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(project)],
        cwd=environments.HERE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"locked\n"
        path = project.with_name(f"{project.name}.lock")
        with path.open("r+b") as lock:
            assert not environments._lock(lock.fileno(), wait=False)  # noqa: SLF001 - what it comes to
            parent.stdin.write(b"\n")
            parent.stdin.close()
            assert environments._lock(lock.fileno(), wait=True)  # noqa: SLF001


def test_a_failed_check_leaves_no_stamp(
    steps: list[tuple[list[str], dict[str, str]]], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Environment) -> str:
        raise SetupError("no video opens")

    monkeypatch.setattr(environments, "check", fail)
    environment = Environment(project / ".venv")
    with pytest.raises(SetupError, match="no video opens"):
        environments.set_up(environment)
    assert len(steps) == 2
    assert environments.read_stamp(environment) == {}


def test_exact_versions_come_from_the_constraints(
    project: Path, steps: list[tuple[list[str], dict[str, str]]]
) -> None:
    environments.install(Environment(project / "a"), "framescope", editable=False)
    ((_, variables),) = steps
    address = variables["PIP_CONSTRAINT"]
    # pip splits the variable at spaces.
    assert address == variables["PIP_BUILD_CONSTRAINT"] == (project / "constraints.txt").as_uri()
    assert " " not in address


def test_the_newest_versions_are_asked_of_pip_and_the_oldest_of_uv(
    project: Path, steps: list[tuple[list[str], dict[str, str]]]
) -> None:
    environments.install(Environment(project / "a", Versions.NEWEST), "framescope", editable=False)
    environments.install(Environment(project / "b", Versions.OLDEST), "framescope", editable=False)
    assert "--upgrade" in steps[0][0]
    assert "PIP_CONSTRAINT" not in steps[0][1]
    assert steps[1][0][-1] == "uv"
    assert "lowest-direct" in steps[2][0]


def test_output_is_shown_only_when_a_step_fails(capsys: pytest.CaptureFixture[str]) -> None:
    good = [sys.executable, "-c", "print('fine')"]
    assert environments.step(good, "It failed.") == "fine\n"
    assert capsys.readouterr() == ("", "")
    bad = [sys.executable, "-c", "import sys; print('because'); sys.exit(3)"]
    with pytest.raises(SetupError, match=r"It failed\. The output above says why\."):
        environments.step(bad, "It failed.")
    assert capsys.readouterr().err == "because\n"


def test_a_program_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be started: No such file"):
        environments.step([str(tmp_path / "nothing")], "It failed.")


def test_children_are_not_sent_out_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_INDEX_URL", "https://packages.example.org")
    kept = environments.clean_environment()
    assert "PYTHONPATH" not in kept
    assert "PYTHONOPTIMIZE" not in kept
    assert kept["PIP_USER"] == "0"
    assert kept["PIP_INDEX_URL"] == "https://packages.example.org"


@on_posix
def test_a_second_set_up_waits_for_the_first(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    began, ended = threading.Event(), threading.Event()

    def second() -> None:
        began.set()
        with environments.only_one(project):
            ended.set()

    with environments.only_one(project):
        thread = threading.Thread(target=second)
        thread.start()
        assert began.wait(60)
        assert not ended.wait(0.2)
    thread.join(60)
    assert ended.is_set()
    assert "Another process is setting up my project" in capsys.readouterr().err


@on_posix
def test_every_other_python_is_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, home = tmp_path / "first", tmp_path / "second", tmp_path / "home"
    fake_python(first / "python3.97", 3, 97, 1)
    latest = fake_python(second / "python3.97", 3, 97, 4)
    in_pyenv = fake_python(home / ".pyenv" / "versions" / "3.98.0" / "bin" / "python3.98", 3, 98, 0)
    fake_python(first / "python3.96", 3, 96, 0, usable=False)
    fake_python(first / "python3.9", 3, 9, 2)
    script(first / "python3.95", "raise SystemExit(127)")
    fake_python(first / "python3.94-config", 3, 94, 0)
    same = sys.version_info
    fake_python(first / f"python3.{same.minor}", *same[:3])
    monkeypatch.setenv("PATH", f"{first}{os.pathsep}{second}{os.pathsep}{tmp_path / 'nowhere'}")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    found = environments.other_pythons()
    # The machine's own may be there too.
    assert {minor: path for minor, path in found.items() if minor >= (3, 90)} == {
        (3, 97): latest,
        (3, 98): in_pyenv,
    }
    assert same[:2] not in found
    assert all(minor >= (3, 11) for minor in found)


@on_posix
@pytest.mark.parametrize(
    "answer",
    [
        "[]",
        "1",
        "{}",
        '{"usable": true, "version": 3}',
        '{"usable": true, "version": ["a", "b", "c"]}',
        '{"usable": true, "version": [4, 0, 0]}',
        '{"usable": 1, "version": [3, 12, 0]}',
        "[" * 10**5,
        "no JSON",
    ],
)
def test_whatever_calls_itself_python_is_not_believed(tmp_path: Path, answer: str) -> None:
    assert environments.usable_version(script(tmp_path / "python3.12", f"print({answer!r})")) is None


def test_this_python_can_be_asked(tmp_path: Path) -> None:
    base = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    if base.is_file() and (Path(ensurepip.__file__).parent / "_bundled").is_dir():
        assert environments.usable_version(base) == tuple(sys.version_info[:3])
    # One in a virtual environment does not support from the one that made it.
    assert environments.usable_version(Path(sys.executable)) is None
    assert environments.usable_version(tmp_path / "nothing") is None


def requirements() -> list[Any]:
    requirement = import_module("packaging.requirements").Requirement
    table = tomllib.loads((environments.HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    return [requirement(one) for one in (*table["dependencies"], *table["optional-dependencies"]["dev"])]


def locked(python: str) -> dict[str, str]:
    """The versions by name that hold for a version of Python on Linux."""
    requirement = import_module("packaging.requirements").Requirement
    lines = environments.CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    pinned = [requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    here = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    return {
        one.name: str(one.specifier).removeprefix("==")
        for one in pinned
        if one.marker is None or one.marker.evaluate(here)
    }


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_every_requirement_is_locked_within_its_range(python: str) -> None:
    named = import_module("packaging.utils").canonicalize_name
    versions = locked(python)
    for one in requirements():
        assert one.specifier.contains(versions[named(one.name)]), one


def test_the_gates_own_environment_has_the_locked_versions() -> None:
    if Path(sys.prefix) != environments.HERE.parent / ".venv":
        pytest.skip("not run in the environment that bootstrap.py makes of the constraints")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    named = import_module("packaging.utils").canonicalize_name
    versions = locked(python)
    found = {named(one.name): version(one.name) for one in requirements()}
    assert found == {name: versions[name] for name in found}


def test_the_check_says_what_works_and_what_does_not(tmp_path: Path) -> None:
    command = [sys.executable, str(environments.CHECK)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "24 of 24 frames are right" in done.stdout
    assert done.stdout.count("\n") == 1
    broken = tmp_path / "av.py"
    broken.write_text("raise ImportError('libavcodec is missing')", encoding="utf-8")
    variables = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=variables)
    assert done.returncode == 1
    assert done.stderr == "ImportError: libavcodec is missing\n"
