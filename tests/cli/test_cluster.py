"""``--cluster`` hands the videos to the workers of a cluster, and its faults are sentences."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

import framescope
from framescope.core.errors import SettingsError
from framescope.core.workers import cluster as module
from framescope.core.workers.each import Threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer


class ThreadCluster(Threads):
    """Threads that are connected to like a cluster."""

    made: list[tuple[str, int | None]]

    def __init__(self, address: str, *, processes: int | None = None) -> None:
        super().__init__(processes or 1)
        self.made.append((address, processes))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None:
        self.made.append(("closed", None))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int | None]]:
    """What was connected to."""
    ThreadCluster.made = []
    monkeypatch.setattr(module, "Cluster", ThreadCluster)
    return ThreadCluster.made


@pytest.fixture
def folder(clip: Callable[[str], Path], tmp_path: Path) -> Path:
    """Two videos."""
    folder = tmp_path / "videos"
    folder.mkdir()
    for name in ("one.mp4", "two.mp4"):
        shutil.copy(clip("h264.mp4"), folder / name)
    return folder


def test_export_is_handed_to_the_workers(
    framescope: Callable[..., Answer], made: list[tuple[str, int | None]], folder: Path, tmp_path: Path
) -> None:
    options = ("--every", 24, "--cluster", "local", "--jobs", 2, "--layout", "coco")
    answer = framescope("export", folder, "-o", tmp_path / "set", *options)
    assert answer.status == 0, answer.err
    assert made == [("local", 2), ("closed", None)]
    assert len(list((tmp_path / "set").rglob("*.jpg"))) == 4
    assert (tmp_path / "set" / "annotations" / "instances.json").is_file()


def test_audit_is_handed_to_the_workers(
    framescope: Callable[..., Answer], made: list[tuple[str, int | None]], folder: Path
) -> None:
    options = ("--engines", "pyav-exact", "--requests", 3, "--cluster", "tcp://there:8786", "--json")
    answer = framescope("audit", folder, *options)
    assert answer.status == 0, answer.err
    assert made == [("tcp://there:8786", None), ("closed", None)]
    assert [Path(one["source"]).name for one in json.loads(answer.out)["videos"]] == ["one.mp4", "two.mp4"]


def test_what_makes_no_sense_is_refused(framescope: Callable[..., Answer], folder: Path) -> None:
    single = ("-o", "out", "--every", 2, "--cluster", "local")
    for arguments, words in (
        (("export", folder / "one.mp4", *single), "--cluster needs several videos"),
        (("audit", folder / "one.mp4", "--cluster", "local"), "--cluster needs several videos"),
        (("audit", folder, "--cluster", "tcp://there:1", "--jobs", 2), "--jobs needs --cluster local"),
        (("bench", folder, "--html", "page.html"), "--html applies to a single video"),
    ):
        answer = framescope(*arguments)
        assert answer.status == 2
        assert words in answer.err


def test_no_scheduler_is_a_sentence(
    framescope: Callable[..., Answer], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CONNECTING_S", 0.2)
    answer = framescope(
        "export", folder, "-o", tmp_path / "set", "--every", 9, "--cluster", "tcp://127.0.0.1:9"
    )
    assert answer.status == 1
    assert answer.err.startswith("error: There is no scheduler at tcp://127.0.0.1:9")
    assert "hint: Start one with" in answer.err


def test_jobs_of_a_scheduler_are_refused_from_python(
    made: list[tuple[str, int | None]], folder: Path
) -> None:
    for call in (framescope.export_many, framescope.export_dataset):
        with pytest.raises(SettingsError, match="no effect on the workers of a scheduler"):
            call(folder, folder / "out", {"every": 24}, jobs=1, cluster="tcp://there:8786")
    assert made == []
