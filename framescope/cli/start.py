"""Repairs a broken process environment (streams, encoding, signals) before a command runs."""

from __future__ import annotations

import io
import os
import signal
import sys

from framescope.core.folders import home_folder
from framescope.core.frozen import is_frozen

_STANDARD_STREAMS = 3


def repair_process() -> None:
    """Give this process open standard streams, names in UTF-8, a working SIGCHLD and a home folder.

    Does not return where Python has to be started again to read file names as UTF-8.
    """
    open_standard_streams()
    use_utf8()
    make_stdout_tolerant()
    if os.name == "posix":
        # Ignored, it would make every child seem to have ended well.
        if signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        set_home()


def start_lightly() -> None:
    """Set what makes the libraries start faster. Call it before NumPy is imported."""
    # NumPy's OpenBLAS would start a thread for each core, which spins while it waits for work. There is none:
    # FrameScope multiplies no large matrices.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def set_home() -> None:
    """Set HOME where it is not: Qt would take the root of the file system for it."""
    if not os.environ.get("HOME"):
        os.environ.pop("HOME", None)
        home = home_folder()
        if home is not None:
            os.environ["HOME"] = str(home)


def open_standard_streams() -> None:
    """Open the null device in place of stdin, stdout or stderr that were closed.

    The next file to be opened would get their number, and the messages of FFmpeg's libraries with it.
    """
    number = os.open(os.devnull, os.O_RDWR)
    while number < _STANDARD_STREAMS:
        os.set_inheritable(number, True)  # noqa: FBT003 - Python's own
        number = os.open(os.devnull, os.O_RDWR)
    os.close(number)


def use_utf8() -> None:
    """Start Python again in its UTF-8 mode where the locale made it use another encoding.

    FFmpeg, OpenCV and Qt take names as UTF-8 whatever the locale says, and so does Python from 3.15 on.
    """
    if sys.platform == "linux" and os.environ.get("LC_ALL") in {"C", "POSIX"}:
        # The same but for the encoding. Python and Qt use UTF-8 anyway, but Qt prints a warning first.
        os.environ["LC_ALL"] = "C.UTF-8"
    can_restart = os.name == "posix" and sys.executable and not is_frozen()
    if not can_restart or sys.getfilesystemencoding() == "utf-8":
        return
    # The variable is for the processes that audits start.
    os.environ["PYTHONUTF8"] = "1"
    os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def make_stdout_tolerant() -> None:
    """Let stdout replace what its encoding lacks, and give a file's name back byte by byte."""
    # stderr does so anyway.
    stream = sys.stdout
    if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
        keeps_bytes = os.name == "posix" and stream.encoding.lower() == "utf-8"
        stream.reconfigure(errors="surrogateescape" if keeps_bytes else "replace")
