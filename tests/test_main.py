"""``python -m framescope`` hands the window's requests to the application, and imports Qt only then."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import framescope
from framescope import __main__ as entry


def test_it_runs_as_a_module() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "framescope", "--version"], capture_output=True, text=True, check=True
    )
    assert answer.stdout.startswith("framescope ")


def test_window_and_screenshot_reach_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[object, ...]] = []

    def window(source: str | None, *, demo: bool, theme: str | None, frame: int | None, ahead: object) -> int:
        assert ahead is None
        assert frame is None
        calls.append((source, demo, theme))
        return 4

    def picture(source: str, out_path: Path, **options: object) -> None:
        calls.append((source, out_path, options))

    app = SimpleNamespace(run_window=window, run_screenshot=picture)
    monkeypatch.setattr(framescope, "app", app, raising=False)
    monkeypatch.setattr(sys, "argv", ["framescope", "--demo", "--theme", "dark"])
    assert entry.main() == 4
    monkeypatch.setattr(sys, "argv", ["framescope", "screenshot", "a.mp4", "b.png", "--frame", "3"])
    assert entry.main() == 0
    options = {"frame": 3, "size": (1280, 800), "panel": None, "theme": None, "overwrite": False}
    assert calls == [(None, True, "dark"), ("a.mp4", Path("b.png"), options)]


def test_opencv_keeps_its_mutterings_to_itself_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["framescope", "--version"])
    monkeypatch.setenv("OPENCV_LOG_LEVEL", "INFO")
    # Set first, so that it is as before afterwards.
    monkeypatch.setenv("OPENCV_FFMPEG_LOGLEVEL", "")
    monkeypatch.delenv("OPENCV_FFMPEG_LOGLEVEL")
    assert entry.main() == 0
    assert os.environ["OPENCV_FFMPEG_LOGLEVEL"] == "-8"
    assert os.environ["OPENCV_LOG_LEVEL"] == "INFO"


@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise elsewhere")
def test_ctrl_c_while_modules_are_imported_is_one_line(tmp_path: Path) -> None:
    # A module of the program that interrupts it in the midst of its imports.
    (tmp_path / "interrupting.py").write_text(
        "import os, signal, sys\n"
        "from framescope import __main__ as entry\n"
        "class Finder:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'framescope.cli.program':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "sys.exit(entry.main())\n"
    )
    answer = subprocess.run(
        [sys.executable, tmp_path / "interrupting.py", "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (130, "", "Cancelled.\n")


def test_the_package_imports_nothing_that_takes_long_before_it_is_asked() -> None:
    script = (
        "import sys, framescope; "
        "print(sorted({'numpy', 'av', 'cv2'} & set(sys.modules)), framescope.Video.__name__)"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout == "[] Video\n"
