"""The About dialog: versions and licences of FrameScope and its components."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtSvgWidgets import QSvgWidget
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from framescope.core.resources import resource_path
from framescope.core.translation import tr
from framescope.core.version import VERSION
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

PARTS = (
    (tr("Qt for Python"), "PySide6_Essentials", tr("LGPL 3")),
    ("PyAV", "av", tr("BSD; its wheels carry FFmpeg with GPL encoders")),
    ("OpenCV", "opencv-python", tr("Apache 2")),
    ("NumPy", "numpy", "BSD"),
    ("Pillow", "pillow", "MIT-CMU"),
    (tr("ISA-L for Python"), "isal", tr("PSF; its wheels carry ISA-L, BSD")),
    (tr("zlib-ng for Python"), "zlib-ng", tr("PSF; its wheels carry zlib-ng, zlib licence")),
    ("pyqtgraph", "pyqtgraph", "MIT"),
    (tr("QtAwesome with Phosphor icons"), "qtawesome", "MIT"),
    ("miniaudio", "miniaudio", "MIT"),
)
"""Name, distribution and licence of each component."""
_PROMISE = tr("The frame you ask for is the frame you see,\nand the frame you see is the frame you save.")
_FONT = (tr("Inter typeface"), tr("SIL Open Font License 1.1"))


def version_lines() -> tuple[tuple[str, str, str], ...]:
    """Name, version and licence of each component."""
    python = (tr("Python"), platform.python_version(), "PSF")
    parts = [(name, _version_of(package), licence) for name, package, licence in PARTS]
    return (python, *parts, (_FONT[0], "4.001", _FONT[1]))


def environment() -> str:
    """FrameScope's version, the system and the versions of all components, in two lines."""
    versions = ", ".join(" ".join(line[:2]) for line in version_lines())
    return tr(
        "FrameScope {own_version} on {platform}\n{versions}",
        own_version=VERSION,
        platform=platform.platform(),
        versions=versions,
    )


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return tr("not installed")


class AboutDialog(QDialog):
    """Describes FrameScope, and lists its components for bug reports."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("aboutDialog")
        self.setWindowTitle(tr("About FrameScope"))
        icon = QSvgWidget(str(resource_path("framescope.svg")))
        icon.setFixedSize(QSize(64, 64))
        title = QLabel(tr("FrameScope {own_version}", own_version=VERSION))
        title.setProperty("role", "title")
        promise = QLabel(_PROMISE)
        promise.setProperty("role", "muted")
        words = QVBoxLayout()
        words.addWidget(title)
        words.addWidget(promise)
        head = QHBoxLayout()
        head.setSpacing(2 * SPACE)
        head.addWidget(icon)
        head.addLayout(words, 1)
        table = QGridLayout()
        table.setHorizontalSpacing(2 * SPACE)
        table.setVerticalSpacing(4)
        for place, line in enumerate(version_lines()):
            for part, text in enumerate(line):
                label = QLabel(text)
                label.setProperty("role", "" if part == 0 else "muted")
                table.addWidget(label, place, part)
        table.setColumnStretch(2, 1)
        licence = QLabel(tr("FrameScope is free software under the MIT licence."))
        copy = QPushButton(tr("Copy versions"))
        copy.setAutoDefault(False)
        copy.clicked.connect(self._on_copy_clicked)
        close = QPushButton(tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row_of_buttons = QHBoxLayout()
        row_of_buttons.addStretch()
        row_of_buttons.addWidget(copy)
        row_of_buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addLayout(head)
        column.addLayout(table)
        column.addWidget(licence)
        column.addLayout(row_of_buttons)

    @Slot()
    def _on_copy_clicked(self) -> None:
        lines = [
            tr("FrameScope {own_version}", own_version=VERSION),
            *(" ".join(line[:2]) for line in version_lines()),
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))
