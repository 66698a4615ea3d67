"""Works out for ``framescope.spec`` what goes into the bundle, from what FrameScope declares about itself."""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path
from typing import TypeAlias

from framescope.core.audit.engines.catalog import ENGINES
from framescope.ui.widgets.icons import FONT_FILES

Entry: TypeAlias = tuple[str, str, str]
"""PyInstaller's record of one file: its place in the bundle, where it comes from, and its kind."""

_QT = "PySide6/*"
_UNNEEDED = (
    # FrameScope's words are English only, and nothing in it uses the network through Qt.
    f"{_QT}translations/*",
    f"{_QT}plugins/tls/*",
    f"{_QT}plugins/networkinformation/*",
    # Screens without a window system, and input devices that are read without one.
    f"{_QT}plugins/egldeviceintegrations/*",
    f"{_QT}plugins/generic/*",
    *(f"{_QT}plugins/platforms/*{name}.*" for name in ("eglfs", "linuxfb", "minimal", "minimalegl", "vnc")),
    f"{_QT}plugins/platforms/*qvkkhrdisplay.*",
    # It would bring half of GTK along, which does not work with the other half on the user's system.
    f"{_QT}plugins/platformthemes/*qgtk3.*",
    # They come along with others and are imported by nobody; pyqtgraph tries QtTest and does without.
    *(f"{_QT}{name}.*" for name in ("QtDBus", "QtNetwork", "QtTest")),
    # OpenCV's own windows, which are Qt 5.
    "cv2/qt/*",
)
_LIBRARY = re.compile(r"[^/]+|[^/]+\.libs/[^/]+|PySide6/(Qt/lib/)?(lib)?Qt6\w+\.(so|dll).*")
"""Places of shared libraries: the system's on top, the wheels' beside their packages, Qt's in its own."""
_REQUIREMENT = re.compile(r"\s*([\w.-]+)")


def shipped_distributions() -> set[str]:
    """The installed distributions to include: FrameScope, its engines, and what these require."""
    return _with_requirements({"framescope", *_engine_distributions()})


def _engine_distributions() -> set[str]:
    """Those of engines that work in a bundle: a program of the system would load the bundle's libraries."""
    return {_normalised(name) for spec in ENGINES if not spec.program for name in spec.distributions}


def _with_requirements(names: set[str]) -> set[str]:
    found: set[str] = set()
    waiting = [_normalised(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            requirements = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # For another system, or an engine that is not installed.
        found.add(name)
        for requirement in requirements:
            match = _REQUIREMENT.match(requirement)
            if match and "extra" not in requirement.partition(";")[2]:
                waiting.append(_normalised(match[1]))
    return found


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def foreign_modules() -> list[str]:
    """Modules to leave out: installed where the bundle is built, but not required, such as pytest."""
    shipped = shipped_distributions()
    return [
        module
        for module, owners in packages_distributions().items()
        if module.isidentifier() and shipped.isdisjoint(map(_normalised, owners))
    ]


def optional_engine_modules() -> list[str]:
    """Modules of installed engines that FrameScope does without, and so never imports by a statement."""
    required = _with_requirements({"framescope"})
    engines = _engine_distributions() - required
    return [
        module
        for module, owners in packages_distributions().items()
        if module.isidentifier() and not engines.isdisjoint(map(_normalised, owners))
    ]


def icon_font_patterns() -> list[str]:
    """The fonts that icons are drawn with, out of the twelve that QtAwesome ships."""
    return [f"fonts/{stem}-*" for stem in FONT_FILES.values()]


def is_needed(place: str) -> bool:
    """Whether a file that PyInstaller collected by itself is of use."""
    return not any(fnmatch(place.replace("\\", "/"), pattern) for pattern in _UNNEEDED)


def needed_binaries(binaries: list[Entry], datas: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The files of use, and of the shared libraries only those that something else in the bundle loads.

    Args:
        binaries: Extension modules, plugins and shared libraries.
        datas: Everything else, with links to shared libraries.
    """
    from PyInstaller.depend.bindepend import get_imports  # noqa: PLC0415 - only there in a build

    kept = [entry for entry in binaries if is_needed(entry[0])]
    # By name, as the loader knows them: two wheels may carry libraries of the same name.
    libraries: dict[str, list[str]] = {}
    for place, source, _ in filter(_is_shared_library, kept):
        libraries.setdefault(Path(place).name, []).append(source)
    waiting = [entry[1] for entry in kept if not _is_shared_library(entry)]
    unused = dict(libraries)
    while waiting:
        for name, _ in get_imports(waiting.pop()):
            waiting += unused.pop(Path(name).name, [])
    return (
        [entry for entry in kept if not (_is_shared_library(entry) and Path(entry[0]).name in unused)],
        [
            entry
            for entry in datas
            if is_needed(entry[0]) and not (entry[2] == "SYMLINK" and Path(entry[0]).name in unused)
        ],
    )


def _is_shared_library(entry: Entry) -> bool:
    """Whether it came along only because others link to it."""
    place, _, kind = entry
    is_python = Path(place).name.startswith(("libpython", "python"))
    return kind == "BINARY" and not is_python and bool(_LIBRARY.fullmatch(place.replace("\\", "/")))


def without_copies(binaries: list[Entry]) -> list[Entry]:
    """The binaries with links in the place of libraries that two wheels carry alike, on Linux only."""
    if not sys.platform.startswith("linux"):
        return binaries
    firsts: dict[str, Entry] = {}
    return [_linked(entry, firsts.setdefault(Path(entry[0]).name, entry)) for entry in binaries]


def _linked(entry: Entry, first: Entry) -> Entry:
    if entry is first or not _is_shared_library(entry) or not filecmp.cmp(entry[1], first[1], shallow=False):
        return entry
    return entry[0], os.path.relpath(first[0], Path(entry[0]).parent), "SYMLINK"


def stripped(binaries: list[Entry], folder: Path) -> list[Entry]:
    """The binaries with the symbols taken out of Python and its extension modules, on Linux only.

    Shared libraries that wheels carry are left alone: wheels are put together with patchelf, and strip can
    break what that has changed.

    Args:
        binaries: As PyInstaller has them.
        folder: Where to write.
    """
    if not sys.platform.startswith("linux") or shutil.which("strip") is None:
        return binaries
    return [_stripped(entry, folder) for entry in binaries]


def _stripped(entry: Entry, folder: Path) -> Entry:
    place, source, kind = entry
    if kind != "EXTENSION" and not Path(place).name.startswith("libpython"):
        return entry
    smaller = folder / place
    smaller.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, smaller)
    subprocess.run(["strip", "--strip-unneeded", str(smaller)], check=True)
    return place, str(smaller), kind


def draw_icon(svg: Path, png: Path) -> Path:
    """Draw the icon as the PNG that PyInstaller makes Windows' and macOS's icons of."""
    from PySide6.QtCore import QSize  # noqa: PLC0415 - not needed to work out the rest
    from PySide6.QtGui import QImageReader  # noqa: PLC0415

    reader = QImageReader(str(svg))
    reader.setScaledSize(QSize(512, 512))
    png.parent.mkdir(parents=True, exist_ok=True)
    if not reader.read().save(str(png)):
        raise OSError(f"{png} cannot be written")
    return png
