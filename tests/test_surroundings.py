"""The tests themselves depend on nothing that their parent process did: some of them run in a hostile one."""

from __future__ import annotations

import gc
import locale
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QStandardPaths

from framescope.core.folders import cache_folder
from tests.surroundings import collect_garbage

_ROOT = Path(__file__).resolve().parents[1]

# One or two of each kind: signals, settings, the index on disk, the command line, processes, a window.
_SOME_TESTS = (
    "tests/cli/test_progress_bar.py",
    "tests/session/test_settings.py",
    "tests/core/media/test_index_store.py",
    "tests/core/test_folders.py",
    "tests/test_app.py::test_screenshot_is_a_picture_of_the_asked_size",
    "tests/test_main.py",
    "tests/test_surroundings.py::test_the_process_is_as_expected",
    "tests/test_surroundings.py::test_nothing_of_the_user_is_in_reach",
)

_HOSTILE = {
    "COLUMNS": "20",
    "DISPLAY": ":no-such-display",
    "FORCE_COLOR": "1",
    "HOME": "/nonexistent",
    "LANG": "xx_XX",
    "LC_ALL": "C",
    "NO_COLOR": "1",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONIOENCODING": "ascii",
    "PYTHONSAFEPATH": "1",
    "PYTHONUTF8": "0",
    "PYTHONWARNINGS": "error",
    "QT_LOGGING_RULES": "*=true",
    "QT_QPA_PLATFORM": "no-such-platform",
    "QT_SCALE_FACTOR": "3",
    "QT_STYLE_OVERRIDE": "no-such-style",
    "TERM": "no-such-terminal",
    "TZ": "Pacific/Kiritimati",
    "XDG_CACHE_HOME": "/nonexistent/cache",
    "XDG_CONFIG_HOME": "relative",
    "http_proxy": "http://no-such-proxy.invalid:1",
}


def test_the_process_is_as_expected() -> None:
    assert {sys.getfilesystemencoding(), locale.getencoding().lower()} == {"utf-8"}
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
    assert not {"COLUMNS", "NO_COLOR", "QT_SCALE_FACTOR", "http_proxy"} & set(os.environ)
    assert Path(os.environ["TMPDIR"]) == Path(tempfile.gettempdir())
    assert Path(os.environ["TMPDIR"]).is_dir()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep these folders elsewhere")
def test_nothing_of_the_user_is_in_reach(home: Path) -> None:
    assert Path.home() == home
    places = [
        cache_folder(),
        QSettings("FrameScope", "FrameScope").fileName(),
        *(
            QStandardPaths.writableLocation(kind)
            for kind in (
                QStandardPaths.StandardLocation.PicturesLocation,
                QStandardPaths.StandardLocation.AppConfigLocation,
                QStandardPaths.StandardLocation.GenericDataLocation,
            )
        ),
    ]
    assert [place for place in places if place is None or home not in Path(place).parents] == []


def test_what_tests_leave_in_cycles_dies_in_this_thread() -> None:
    deaths: list[int] = []

    class Knot:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            deaths.append(threading.get_ident())

    kept: list[list[int]] = []
    thread = threading.Thread(target=lambda: kept.extend([] for _ in range(100_000)))
    assert not gc.isenabled()
    Knot()
    thread.start()
    thread.join()
    assert deaths == []
    collect_garbage()
    assert deaths == [threading.get_ident()]


@pytest.mark.skipif(os.name != "posix", reason="what a POSIX process inherits")
def test_some_tests_pass_whatever_the_parent_did(tmp_path: Path) -> None:
    temporary = tmp_path / "with a space and ü"
    temporary.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "PYTHONUSERBASE") if name in os.environ}
    pytest_command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *_SOME_TESTS]
    # As `nohup … &` does in a script, and without any standard input.
    hostility = 'trap "" INT HUP TERM CHLD; umask 077; ulimit -S -n 200; exec "$@" <&-'
    finished = subprocess.run(
        ["/bin/sh", "-c", hostility, "sh", *pytest_command],
        cwd=_ROOT,
        env={**kept, **_HOSTILE, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    assert finished.returncode == 0, f"{finished.stdout}\n{finished.stderr}"
