"""The catalogue names what can be tested."""

from __future__ import annotations

from dataclasses import replace

import pytest

from framescope.core.audit.engines.catalog import ENGINES, EngineSpec, find_engines
from framescope.core.audit.messages import load_factory
from framescope.core.errors import SettingsError


def test_names_are_those_of_the_command_line() -> None:
    assert {spec.name for spec in ENGINES} == {
        "opencv",
        "opencv-msec",
        "pyav",
        "pyav-exact",
        "decord",
        "torchcodec",
        "torchcodec-exact",
        "framescope",
        "deffcode",
    }


@pytest.mark.parametrize("spec", ENGINES, ids=lambda spec: spec.name)
def test_every_adapter_is_there_whether_or_not_its_library_is(spec: EngineSpec) -> None:
    assert callable(load_factory(spec.factory))


def test_versions_are_those_installed() -> None:
    versions = {spec.name: spec.version for spec in ENGINES}
    assert versions["opencv"] == versions["opencv-msec"] is not None
    missing = replace(ENGINES[0], distributions=("no-such-distribution-here",), install="pip install it")
    assert missing.version is None
    assert missing.missing_text == "not installed: pip install it"


def test_a_library_without_the_program_that_it_runs_says_which_one(monkeypatch: pytest.MonkeyPatch) -> None:
    there = replace(ENGINES[0], program="ffmpeg")
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert there.version is None
    assert there.missing_text == "needs the program ffmpeg on the PATH"
    absent = replace(there, distributions=("no-such-distribution-here",), install="pip install it")
    assert absent.missing_text == "not installed: pip install it, and the program ffmpeg"
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    assert there.version == ENGINES[0].version


def test_nothing_is_to_be_installed_into_a_frozen_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert ENGINES[0].missing_text == "not included in this build"


def test_engines_are_found_by_name() -> None:
    assert find_engines([]) == ENGINES
    assert [spec.name for spec in find_engines(["pyav", "opencv"])] == ["opencv", "pyav"]
    with pytest.raises(SettingsError) as refusal:
        find_engines(["opencv", "gstreamer"])
    assert "torchcodec-exact" in refusal.value.hint
