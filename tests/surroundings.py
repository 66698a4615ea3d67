"""Gives every test the same process, whatever the parent did to signals, limits, locale and variables."""

from __future__ import annotations

import gc
import locale
import os
import signal
import site
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_DROPPED_PREFIXES = (
    "DBUS_",
    "DECORD_",
    "GNOME_",
    "GTK_",
    "KDE_",
    "LC_",
    "OPENCV_",
    "PYTHON",
    "QML_",
    "QSG_",
    "QT_",
    "XDG_",
)
_DROPPED = (
    "DESKTOP_SESSION",
    "DISPLAY",
    "LANG",
    "LANGUAGE",
    "SESSION_MANAGER",
    "SVT_LOG",
    "TEMP",
    "TMP",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XMODIFIERS",
    # FFmpeg would ask them for addresses on this machine.
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
)
_KEPT = (
    "PYTHONBREAKPOINT",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHOME",
    "PYTHONNOUSERSITE",
    "PYTHONPATH",
    "PYTHONPYCACHEPREFIX",
    "PYTHONUSERBASE",
)
"""Where Python finds its modules and keeps its bytecode: without them it may not find what is tested."""

_TERMINAL = ("CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR")

_SET = {
    "LC_ALL": "C.UTF-8",
    # As the program sets it: OpenBLAS's threads spin while they wait, and the tests use all cores as it is.
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
    "QT_QPA_PLATFORM": "offscreen",
    "TZ": "UTC",
    # Damaged clips are wanted here; complaints about them would bury the tests' own words. (PyAV is silent
    # anyway. Its `logging.set_level` takes Python's lock in FFmpeg's threads, and closing then hangs.)
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
    "OPENCV_LOG_LEVEL": "SILENT",
}

# SIGHUP is left alone: a run under nohup must outlive its terminal.
_SIGNALS = {"SIGINT": signal.default_int_handler} | dict.fromkeys(
    ("SIGABRT", "SIGALRM", "SIGCHLD", "SIGSEGV", "SIGTERM"), signal.SIG_DFL
)

_OPEN_FILES = 1024
_RESTARTED = "FRAMESCOPE_TESTS_RESTARTED"


def settle() -> None:
    """Set what this process and its children start from. Called before Qt and OpenCV read any of it."""
    _settle_signals()
    _settle_limits()
    _settle_variables()


def move_in(home: Path) -> None:
    """Make ``home`` the user's folder, so that no test meets the settings and caches of who runs it.

    The terminal's variables go here too, and not in `settle`: pytest itself has read them by now.
    """
    for name in _TERMINAL:
        os.environ.pop(name, None)
    # Packages that were installed for this user only are still to be found.
    os.environ.setdefault("PYTHONUSERBASE", site.getuserbase())
    os.environ["HOME"] = str(home)
    for name in ("CACHE_HOME", "CONFIG_HOME", "DATA_HOME", "RUNTIME_DIR"):
        folder = home / name.lower()
        folder.mkdir(mode=0o700)
        os.environ[f"XDG_{name}"] = str(folder)


def collect_garbage() -> None:
    """Collect young objects, and from time to time everything. Threads: main, where Qt's objects live."""
    is_due = gc.get_count()[2] > gc.get_threshold()[2]
    gc.collect(2 if is_due else 1)


def start_again_if_needed(config: pytest.Config) -> None:
    """Replace this process by the same one, started in the settled environment.

    Python settles its encodings before any of our code runs, and cannot change them.
    """
    if os.environ.pop(_RESTARTED, None) or hasattr(config, "workerinput") or os.name != "posix":
        return
    encodings = {sys.getfilesystemencoding().lower(), locale.getencoding().lower()}
    if encodings == {"utf-8"}:
        return
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is not None:
        capture.suspend_global_capture(in_=True)
    os.environ[_RESTARTED] = "1"
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _settle_signals() -> None:
    # What is ignored or blocked here would be so in every child as well.
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        return
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for name, handler in _SIGNALS.items():
        number = signal.Signals[name]
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def _settle_limits() -> None:
    os.umask(0o022)
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < _OPEN_FILES:
        most = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    # Some tests crash a child on purpose.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _settle_variables() -> None:
    # The folder that Python chose: Qt and children must not use the parent's where that cannot be used.
    temporary = tempfile.gettempdir()
    for name in list(os.environ):
        if name in _DROPPED or (name.startswith(_DROPPED_PREFIXES) and name not in _KEPT):
            del os.environ[name]
    os.environ.update(_SET, TMPDIR=temporary)
    if hasattr(time, "tzset"):
        time.tzset()
