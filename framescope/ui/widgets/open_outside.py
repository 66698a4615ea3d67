"""Opens a file or a folder in the program that the desktop has for it."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

if TYPE_CHECKING:
    from pathlib import Path

_OPENER = "xdg-open"


def open_outside(path: Path) -> bool:
    """Open ``path`` in another program, which outlives FrameScope; returns whether one was started."""
    if os.name == "posix" and sys.platform != "darwin" and (opener := shutil.which(_OPENER)) is not None:
        # Qt's own child would inherit stderr: the pipe that FFmpeg's messages are read from. Its first
        # message after FrameScope has quit would end it.
        process = QProcess()
        process.setProgram(opener)
        process.setArguments(
            [QUrl.fromLocalFile(str(path)).toString(QUrl.ComponentFormattingOption.FullyEncoded)]
        )
        process.setStandardInputFile(QProcess.nullDevice())
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        # A bool in some versions of PySide, a bool and a process id in others.
        outcome: object = process.startDetached()
        if outcome is True or (isinstance(outcome, tuple) and outcome[0]):
            return True
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
