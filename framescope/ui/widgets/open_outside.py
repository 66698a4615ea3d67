"""Opens a file or a folder in the desktop's default program."""

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
    """Open ``path`` in another program, which outlives FrameScope; returns whether it started."""
    if os.name == "posix" and sys.platform != "darwin" and (opener := shutil.which(_OPENER)) is not None:
        # Qt's child process would inherit stderr, which is the pipe that captures FFmpeg's messages: once
        # FrameScope has quit, the child's first message would kill it.
        process = QProcess()
        process.setProgram(opener)
        process.setArguments(
            [QUrl.fromLocalFile(str(path)).toString(QUrl.ComponentFormattingOption.FullyEncoded)]
        )
        process.setStandardInputFile(QProcess.nullDevice())
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        # Some versions of PySide return a bool, others a bool and a process id.
        outcome: object = process.startDetached()
        if outcome is True or (isinstance(outcome, tuple) and outcome[0]):
            return True
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
