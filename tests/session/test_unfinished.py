"""Work that did not ended: remembered, offered once its program is gone, forgotten when done."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from PySide6.QtCore import QSettings

from framescope.session.settings import Settings
from framescope.session.unfinished import UnfinishedList

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


def as_if_killed(settings: Settings) -> None:
    """Let what is noted be of a process of the same number that began at another time."""
    for key, entry in settings.unfinished_work.items():
        settings.put_unfinished(key, {**entry, "began": entry["began"] - 1000})


def test_work_of_a_living_program_is_not_left_over(settings: Settings) -> None:
    UnfinishedList(settings).begin("export", source="a.mp4", folder="/out")
    assert UnfinishedList(settings).left_over() == ()


def test_work_of_a_dead_program_is_offered_and_forgotten_when_it_ends(settings: Settings) -> None:
    unfinished = UnfinishedList(settings)
    unfinished.begin("export", source="a.mp4", stream_index=None, folder="/out")
    key = unfinished.begin("queue", sources=["a.mp4", "b.mp4"])
    as_if_killed(settings)
    latest, earlier = unfinished.left_over()
    assert (latest.key, latest.kind, latest.details) == (key, "queue", {"sources": ["a.mp4", "b.mp4"]})
    assert (earlier.text("source"), earlier.text("stream_index")) == ("a.mp4", "")
    unfinished.end(key)
    assert [work.kind for work in unfinished.left_over()] == ["export"]


def test_a_killed_program_has_it_on_disk(settings: Settings, tmp_path: Path) -> None:
    UnfinishedList(settings).begin("split", source="a.mp4", store="/out.store")
    again = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    assert len(again.unfinished_work) == 1


def test_the_same_work_begun_anew_is_there_once(settings: Settings) -> None:
    unfinished = UnfinishedList(settings)
    for _ in range(3):
        unfinished.begin("export", source="a.mp4", folder="/out")
    assert len(settings.unfinished_work) == 1
    for number in range(100):
        unfinished.begin("export", source="a.mp4", folder=f"/out{number}")
    assert len(settings.unfinished_work) == 20


_PLAIN = {"kind": "export", "details": {}, "pid": 1, "began": 0, "noted": 1}


@pytest.mark.parametrize(
    "entry",
    [
        [],
        {},
        {**_PLAIN, "kind": "another"},
        {**_PLAIN, "kind": []},
        {**_PLAIN, "details": []},
        {**_PLAIN, "pid": "1"},
        {**_PLAIN, "began": None},
        {**_PLAIN, "noted": "now"},
    ],
)
def test_what_makes_no_sense_is_left_out(settings: Settings, entry: Any) -> None:  # noqa: ANN401
    settings.put_unfinished("a", entry)
    assert UnfinishedList(settings).left_over() == ()
    UnfinishedList(settings).begin("export", source="a.mp4")


@pytest.mark.parametrize("pid", [-1, 0, 1 << 40, 1 << 62])
def test_impossible_numbers_of_processes_are_dead_ones(settings: Settings, pid: int) -> None:
    settings.put_unfinished("a", {**_PLAIN, "pid": pid, "began": 0.5})
    assert len(UnfinishedList(settings).left_over()) == 1


def test_a_number_used_again_by_another_process_is_a_dead_one(settings: Settings) -> None:
    began = psutil.Process(os.getppid()).create_time() - 60
    settings.put_unfinished("a", {**_PLAIN, "pid": os.getppid(), "began": began})
    assert len(UnfinishedList(settings).left_over()) == 1


_WINDOW = """
import sys
from PySide6.QtCore import QSettings
from framescope.session.settings import Settings
from framescope.session.unfinished import UnfinishedList
unfinished = UnfinishedList(Settings(QSettings(sys.argv[1], QSettings.Format.IniFormat)))
for number in range(8):
    print(unfinished.begin("export", source=f"{sys.argv[2]}{number}.mp4"), flush=True)
    unfinished.end(unfinished.begin("split", source=f"{sys.argv[2]}{number}.mp4"))
"""


def test_windows_in_several_processes_lose_nothing_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "settings.ini"
    windows = [
        subprocess.Popen([sys.executable, "-c", _WINDOW, path, name], stdout=subprocess.PIPE, text=True)
        for name in "ab"
    ]
    keys = {line for window in windows for line in window.communicate()[0].split()}
    assert [window.returncode for window in windows] == [0, 0]
    assert len(keys) == 16
    settings = Settings(QSettings(str(path), QSettings.Format.IniFormat))
    assert {work.key for work in UnfinishedList(settings).left_over()} == keys
