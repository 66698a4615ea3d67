"""The bootstrap names what is missing and how to get it, and says in one sentence why no window opens."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "bootstrap.py"

SYSTEMS = {
    "debian": 'ID=debian\nVERSION_ID="12"\n',
    "mint": 'ID=linuxmint\nID_LIKE="ubuntu debian"\n',
    "fedora": "# comment\nID=fedora\n",
    "rocky": 'ID="rocky"\nID_LIKE="rhel centos fedora"\n',
    "arch": "ID=arch\n",
    "tumbleweed": 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n',
    "plan9": "ID=plan9\n",
}


@pytest.fixture(scope="module")
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("framescope_bootstrap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("system", "command"),
    [
        ("debian", "apt-get install -y --no-install-recommends libegl1 xvfb"),
        ("mint", "apt-get install -y --no-install-recommends libegl1 xvfb"),
        ("fedora", "dnf install -y libglvnd-egl xorg-x11-server-Xvfb"),
        ("rocky", "dnf install -y libglvnd-egl xorg-x11-server-Xvfb"),
        ("arch", "pacman -S --needed --noconfirm libglvnd xorg-server-xvfb"),
        ("tumbleweed", "zypper install -y libEGL1 xorg-x11-server-Xvfb"),
        ("plan9", "your system's package manager"),
    ],
)
def test_the_advice_is_the_systems_own_command(
    bootstrap: ModuleType, tmp_path: Path, system: str, command: str
) -> None:
    release = tmp_path / "os-release"
    release.write_text(SYSTEMS[system], encoding="utf-8")
    family = bootstrap.find_distribution(bootstrap.read_os_release(release))
    missing = {"libEGL.so.1": bootstrap.LIBRARIES["libEGL.so.1"], "Xvfb": bootstrap.XVFB}
    advice = bootstrap.advice(missing, family)
    assert command in advice
    assert "libEGL.so.1, Xvfb" in advice


def test_a_package_is_named_once(bootstrap: ModuleType) -> None:
    for family in bootstrap.DISTRIBUTIONS:
        packages = bootstrap.packages_of(bootstrap.LIBRARIES, family)
        assert len(packages) == len(set(packages))
        assert all(packages)


def test_an_old_python_is_refused(bootstrap: ModuleType) -> None:
    with pytest.raises(bootstrap.SetupError, match=r"needs Python 3\.11 or newer; this one is 3\.9"):
        bootstrap.check_python((3, 9))
    bootstrap.check_python((3, 11))
    bootstrap.check_python((3, 14))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux takes these from the system")
def test_nothing_is_missing_where_these_tests_run(bootstrap: ModuleType) -> None:
    missing = bootstrap.find_missing(for_tests=False)
    assert "libEGL.so.1" not in missing
    assert "libGL.so.1" not in missing


def test_a_library_that_is_not_there_is_found_missing(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = ("one", "two", "three", "four")
    monkeypatch.setattr(bootstrap, "LIBRARIES", {"libframescope-nowhere.so.9": packages})
    assert bootstrap.find_missing(for_tests=False)["libframescope-nowhere.so.9"] == packages


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has machines without a display")
def test_without_a_display_run_says_so_and_how_to_get_a_picture(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(bootstrap.SetupError, match="no display") as caught:
        bootstrap.run_window("my clip.mp4")
    assert "framescope screenshot 'my clip.mp4' window.png" in str(caught.value)
    with pytest.raises(bootstrap.SetupError, match=r"framescope screenshot --demo window\.png"):
        bootstrap.run_window(None)


def test_the_stamp_changes_with_the_projects_file(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "PROJECT", tmp_path)
    (tmp_path / "pyproject.toml").write_text("a", encoding="utf-8")
    before = bootstrap.stamp_text()
    assert bootstrap.stamp_text() == before
    (tmp_path / "pyproject.toml").write_text("b", encoding="utf-8")
    assert bootstrap.stamp_text() != before


def test_an_installed_venv_is_left_alone(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = tmp_path / "stamp"
    stamp.write_text(bootstrap.stamp_text(), encoding="utf-8")
    monkeypatch.setattr(bootstrap, "STAMP", stamp)
    monkeypatch.setattr(bootstrap, "VENV", Path(sys.prefix))

    def refuse(*_: object) -> None:
        raise AssertionError("a step was run")

    monkeypatch.setattr(bootstrap, "step", refuse)
    bootstrap.set_up_venv()


def test_the_gate_ends_with_pytest_and_says_what_failed(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.GATE[-1][0] == "pytest"
    monkeypatch.setattr(bootstrap, "venv_program", lambda _name: Path(sys.executable))
    monkeypatch.setattr(
        bootstrap, "GATE", (("python", "-c", "raise SystemExit(1)"), ("python", "-c", "pass"))
    )
    assert bootstrap.run_tests() == 1
    assert "The gate failed at: python -c raise SystemExit(1)" in capfd.readouterr().err
    monkeypatch.setattr(bootstrap, "GATE", (("python", "-c", "pass"),))
    assert bootstrap.run_tests() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for pytest is a script with a first line")
@pytest.mark.parametrize("mends", [True, False])
def test_what_fails_beside_others_is_run_once_more_alone(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, mends: bool
) -> None:
    script, calls = tmp_path / "pytest", tmp_path / "calls"
    script.write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        f"open({str(calls)!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"
        f"sys.exit(0 if {mends} and '--last-failed' in sys.argv else 1)\n"
    )
    script.chmod(0o755)
    monkeypatch.setattr(bootstrap, "venv_program", lambda _name: script)
    monkeypatch.setattr(bootstrap, "GATE", (("pytest", "-n", "2"),))
    assert bootstrap.run_tests() == (0 if mends else 1)
    first, second = calls.read_text().splitlines()
    assert first == "-n 2"
    assert "--last-failed" in second


def test_its_help_names_both_commands() -> None:
    answer = subprocess.run([sys.executable, SCRIPT, "--help"], capture_output=True, text=True, check=True)
    assert "run" in answer.stdout
    assert "test" in answer.stdout


def test_ci_calls_it() -> None:
    script = SCRIPT.parent.parent / ".ci" / "run"
    assert "packaging/bootstrap.py test" in script.read_text(encoding="utf-8")
    assert os.access(script, os.X_OK)
