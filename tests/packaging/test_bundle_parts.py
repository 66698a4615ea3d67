"""What goes into the bundle follows from what FrameScope requires, imports and asks the versions of."""

from __future__ import annotations

import importlib.util
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from framescope.core.audit.engines.catalog import ENGINES
from framescope.ui.dialogs.about_dialog import PARTS

if TYPE_CHECKING:
    from types import ModuleType

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="is done on Linux only")


@pytest.fixture(scope="module")
def parts() -> ModuleType:
    spec = importlib.util.spec_from_file_location("framescope_bundle_parts", PACKAGING / "bundle_parts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_version_that_is_asked_for_is_shipped(parts: ModuleType) -> None:
    asked = {"framescope", *(distribution for _, distribution, _ in PARTS)}
    asked |= {
        name
        for engine in ENGINES
        if engine.version and not engine.program
        for name in engine.distributions
        if is_installed(name)
    }
    assert {name.lower().replace("_", "-") for name in asked} <= parts.shipped_distributions()


def is_installed(distribution: str) -> bool:
    try:
        return bool(version(distribution))
    except importlib.metadata.PackageNotFoundError:
        return False


def test_what_only_developers_need_stays_out(parts: ModuleType) -> None:
    foreign = set(parts.foreign_modules())
    assert {"pytest", "mypy", "PyInstaller", "xdist"} <= foreign
    assert foreign.isdisjoint(
        {"PySide6", "numpy", "cv2", "av", "PIL", "rich", "scenedetect", "decord", "framescope"}
    )


def test_engines_that_are_not_required_are_added(parts: ModuleType) -> None:
    modules = parts.optional_engine_modules()
    assert "decord" in modules
    assert {"av", "cv2", "framescope"}.isdisjoint(modules)
    # It runs a program of the system, which would load the bundle's libraries.
    assert "deffcode" not in modules
    assert "deffcode" not in parts.shipped_distributions()


@pytest.mark.parametrize(
    ("place", "needed"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqminimal.so", False),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6\\translations\\qt_de.qm", False),
        ("PySide6/QtNetwork.abi3.so", False),
        ("PySide6/QtGui.abi3.so", True),
        ("cv2/qt/plugins/platforms/libqxcb.so", False),
    ],
)
def test_plugins_of_use_are_told_from_others(parts: ModuleType, place: str, *, needed: bool) -> None:
    assert parts.is_needed(place) is needed


@LINUX
def test_a_library_in_two_wheels_is_kept_once(parts: ModuleType, tmp_path: Path) -> None:
    files = {"one": b"same", "two": b"same", "three": b"other"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    entries = [(f"{name}.libs/libx.so", str(tmp_path / name), "BINARY") for name in files]
    kept, link, other = parts.without_copies(entries)
    assert kept == entries[0]
    assert link == ("two.libs/libx.so", "../one.libs/libx.so", "SYMLINK")
    assert other == entries[2]


def test_the_icon_is_drawn(parts: ModuleType, tmp_path: Path) -> None:
    png = parts.draw_icon(PACKAGING.parent / "resources" / "framescope.svg", tmp_path / "made" / "icon.png")
    image = QImage(str(png))
    assert (image.width(), image.height()) == (512, 512)
    assert image.pixelColor(0, 0).alpha() == 0
