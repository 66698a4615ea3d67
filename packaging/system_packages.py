"""What pip cannot install: the shared libraries that Qt takes from the system, fonts, and how to get them.

Standard library only, as it runs before anything is installed.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


class SetupError(Exception):
    """Something that the user has to do."""


def say(text: str) -> None:
    """Tell the user."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@dataclass(frozen=True)
class Distribution:
    """A family of Linux distributions.

    Attributes:
        ids: Values of ID and ID_LIKE in /etc/os-release.
        install: The command that installs packages.
        column: Its place in the tables of packages.
    """

    ids: tuple[str, ...]
    install: str
    column: int


DISTRIBUTIONS = (
    Distribution(("debian", "ubuntu"), "apt-get install -y --no-install-recommends", 0),
    Distribution(("fedora", "rhel", "centos"), "dnf install -y", 1),
    Distribution(("arch",), "pacman -S --needed --noconfirm", 2),
    Distribution(("suse", "opensuse", "opensuse-tumbleweed", "opensuse-leap"), "zypper install -y", 3),
)
DEBIAN = DISTRIBUTIONS[0]

# Shared library: its package in Debian, Fedora, Arch and openSUSE. These are what PySide6's wheels (Core,
# Gui, Widgets, and the xcb and offscreen platforms) link to and do not bring along.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd", "libEGL1"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd", "libGL1"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11", "libX11-6"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11", "libX11-xcb1"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig", "libfontconfig1"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2", "libfreetype6"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2", "libgthread-2_0-0"),
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb", "libxcb1"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor", "libxcb-cursor0"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image", "libxcb-image0"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms", "libxcb-keysyms1"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb", "libxcb-randr0"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb", "libxcb-render0"),
    "libxcb-render-util.so.0": (
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
        "libxcb-render-util0",
    ),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb", "libxcb-shm0"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb", "libxcb-sync1"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util", "libxcb-util1"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb", "libxcb-xfixes0"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb", "libxcb-xkb1"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
    "libxkbcommon-x11.so.0": (
        "libxkbcommon-x11-0",
        "libxkbcommon-x11",
        "libxkbcommon-x11",
        "libxkbcommon-x11-0",
    ),
    "libzstd.so.1": ("libzstd1", "libzstd", "zstd", "libzstd1"),
}
XVFB = ("xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb", "xorg-x11-server-Xvfb")
FONT = ("fonts-dejavu-core", "dejavu-sans-fonts", "ttf-dejavu", "dejavu-fonts")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")

# In a process of its own, because the loader may remember what it did not find.
_PROBE = """
import ctypes, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        print(name)
"""


def check_system(*, for_tests: bool) -> None:
    """See that what pip cannot install is there; on Debian and Ubuntu, root gets it installed."""
    if not sys.platform.startswith("linux"):
        return
    if is_musl():
        raise SetupError(
            "PySide6 has no wheels for systems built on musl, such as Alpine: use one built on glibc."
        )
    distribution = find_distribution(read_os_release())
    missing = find_missing(for_tests=for_tests)
    if missing and distribution is DEBIAN and os.geteuid() == 0:
        install_on_debian(packages_of(missing, DEBIAN))
        missing = find_missing(for_tests=for_tests)
    if missing:
        raise SetupError(advice(missing, distribution))


def is_musl() -> bool:
    """Whether the C library is musl."""
    return any(Path("/lib").glob("ld-musl-*")) and not any(Path("/").glob("lib*/ld-linux*"))


def read_os_release(path: Path = Path("/etc/os-release")) -> dict[str, str]:
    """The fields of os-release; empty where there is none."""
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {key.strip(): value.strip().strip("\"'") for key, value in pairs}


def find_distribution(os_release: dict[str, str]) -> Distribution | None:
    """The family this system belongs to, or None."""
    ids = [os_release.get("ID", ""), *os_release.get("ID_LIKE", "").split()]
    return next((family for name in ids for family in DISTRIBUTIONS if name in family.ids), None)


def find_missing(*, for_tests: bool) -> dict[str, tuple[str, ...]]:
    """What is not there: its name, and its package in each family."""
    probe = [sys.executable, "-c", _PROBE, *LIBRARIES]
    absent = subprocess.run(probe, capture_output=True, text=True, check=True).stdout.split()
    missing: dict[str, tuple[str, ...]] = {name: LIBRARIES[name] for name in absent}
    if importlib.util.find_spec("ensurepip") is None:
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        missing["Python's venv module"] = (f"{version}-venv", "python3-pip", "python", "python3-pip")
    if for_tests and shutil.which("Xvfb") is None:
        missing["Xvfb"] = XVFB
    if not has_font():
        missing["a font"] = FONT
    return missing


def has_font() -> bool:
    """Whether any scalable font is installed."""
    # Path.expanduser raises for a user without a home.
    folders = (Path(os.path.expanduser(folder)) for folder in FONT_FOLDERS)  # noqa: PTH111
    return any(path.suffix.lower() in {".ttf", ".otf", ".ttc"} for f in folders for path in f.rglob("*.?t?"))


def packages_of(missing: dict[str, tuple[str, ...]], family: Distribution) -> list[str]:
    """The packages to install, each once, in order."""
    return list(dict.fromkeys(packages[family.column] for packages in missing.values()))


def advice(missing: dict[str, tuple[str, ...]], family: Distribution | None) -> str:
    """What to type to get what is missing."""
    names = ", ".join(missing)
    if family is None:
        return f"These are missing; install them with your system's package manager:\n  {names}"
    command = (
        f"{'' if os.geteuid() == 0 else 'sudo '}{family.install} {' '.join(packages_of(missing, family))}"
    )
    return f"These are missing: {names}\nInstall them with:\n  {command}"


def install_on_debian(packages: list[str]) -> None:
    """Install packages with apt-get; what fails shows in the check that follows."""
    say(f"Installing with apt-get: {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], [*DEBIAN.install.split(), "-qq", *packages]):
        subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
