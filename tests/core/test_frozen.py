"""A frozen program starts other programs without its own libraries in their way."""

from __future__ import annotations

import os
import sys

import pytest

from framescope.core.frozen import forget_bundle_paths, is_frozen


@pytest.fixture(autouse=True)
def paths_of_a_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH"):
        monkeypatch.setenv(name, "/bundle/_internal")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/opt/lib")


def test_a_plain_python_keeps_its_environment() -> None:
    assert not is_frozen()
    forget_bundle_paths()
    assert os.environ["LD_LIBRARY_PATH"] == os.environ["QT_PLUGIN_PATH"] == "/bundle/_internal"


def test_a_frozen_program_gives_back_what_the_user_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    forget_bundle_paths()
    assert os.environ["LD_LIBRARY_PATH"] == "/opt/lib"
    assert "QT_PLUGIN_PATH" not in os.environ
