"""What is missing is named, and how to get it on this system."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
import system_packages

if TYPE_CHECKING:
    from pathlib import Path

SYSTEMS = {
    "debian": 'ID=debian\nVERSION_ID="12"\n',
    "mint": 'ID=linuxmint\nID_LIKE="ubuntu debian"\n',
    "fedora": "# comment\nID=fedora\n",
    "rocky": 'ID="rocky"\nID_LIKE="rhel centos fedora"\n',
    "arch": "ID=arch\n",
    "tumbleweed": 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n',
    "plan9": "ID=plan9\n",
}


@pytest.mark.parametrize(
    ("system", "command"),
    [
        ("debian", "apt-get install -y --no-install-recommends libegl1 xvfb"),
        ("mint", "apt-get install -y --no-install-recommends libegl1 xvfb"),
        ("fedora", "dnf install -y libglvnd-egl xorg-x11-server-Xvfb"),
        ("rocky", "dnf install -y libglvnd-egl xorg-x11-server-Xvfb"),
        ("arch", "pacman -S --needed --noconfirm libglvnd xorg-server-xvfb"),
        ("tumbleweed", "zypper install -y libEGL1 xorg-x11-server-Xvfb"),
        ("plan9", "your system's package manager"),
    ],
)
def test_the_advice_is_the_systems_own_command(tmp_path: Path, system: str, command: str) -> None:
    release = tmp_path / "os-release"
    release.write_text(SYSTEMS[system], encoding="utf-8")
    family = system_packages.find_distribution(system_packages.read_os_release(release))
    missing = {
        "libEGL.so.1": system_packages.LIBRARIES["libEGL.so.1"],
        "Xvfb": system_packages.XVFB,
    }
    advice = system_packages.advice(missing, family)
    assert command in advice
    assert "libEGL.so.1, Xvfb" in advice


def test_a_package_is_named_once() -> None:
    for family in system_packages.DISTRIBUTIONS:
        packages = system_packages.packages_of(system_packages.LIBRARIES, family)
        assert len(packages) == len(set(packages))
        assert all(packages)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux takes these from the system")
def test_nothing_is_missing_where_these_tests_run() -> None:
    missing = system_packages.find_missing(for_tests=False)
    assert "libEGL.so.1" not in missing
    assert "libGL.so.1" not in missing


def test_a_library_that_is_not_there_is_found_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    packages = ("one", "two", "three", "four")
    monkeypatch.setattr(system_packages, "LIBRARIES", {"libframescope-nowhere.so.9": packages})
    assert system_packages.find_missing(for_tests=False)["libframescope-nowhere.so.9"] == packages
