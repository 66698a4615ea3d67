"""``framescope audit``: tables, files, status."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.child_process import TRIAL_WORKER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def test_one_file_is_told_in_full(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    page, lines = tmp_path / "report.html", tmp_path / "lines.csv"
    answer = framescope(
        "audit", plain_clip, "--engines", "framescope,pyav", "--requests", "8", "--html", page, "--csv", lines
    )
    assert answer.status == 0
    for words in ("100.0 %", "trustworthy", "lands on keyframes", "Likely cause", "Seed", "8 of 48 frames"):
        assert words in answer.out
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert lines.read_text(encoding="utf-8").startswith("file,engine,")


def test_strict_says_so_by_its_status(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    options = ("--requests", "6", "--order", "shuffled", "--strict")
    assert framescope("audit", plain_clip, "--engines", "framescope", *options).status == 0
    assert framescope("audit", plain_clip, "--engines", "framescope,pyav", *options).status == 3


def test_json_is_one_document(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    table = framescope(
        "audit", plain_clip, "--engines", "framescope", "--requests", "4", "--seed", "9", "--json"
    ).json()
    assert table["seed"] == 9
    engines = table["engines"]
    assert isinstance(engines, list)
    assert [engine["verdict"]["kind"] for engine in engines] == ["trustworthy"]


def test_a_folder_is_a_line_a_file_and_can_be_taken_up_again(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    shutil.copy(plain_clip, folder / "good.mp4")
    (folder / "bad.mp4").write_text("no video")
    journal = tmp_path / "done.jsonl"
    options = ("--engines", "framescope", "--requests", "4", "--resume", journal)
    answer = framescope("audit", folder, *options)
    assert answer.status == 0
    assert "good.mp4: framescope exact" in answer.out
    assert "bad.mp4: " in answer.out
    assert "2 files: framescope exact on 1 of 1; 1 could not be opened." in answer.out
    assert len(journal.read_text().splitlines()) == 2
    again = framescope("audit", folder, *options, "--json")
    assert len(journal.read_text().splitlines()) == 2
    assert [row["error"] == "" for row in json.loads(again.out)] == [False, True]


def test_a_file_that_cannot_be_opened(framescope: Callable[..., Answer], tmp_path: Path) -> None:
    answer = framescope("audit", tmp_path / "missing.mp4")
    assert answer.status == 1
    assert "missing.mp4" in answer.err


@pytest.mark.parametrize(
    "wrong",
    [("--engines", "gstreamer"), ("--requests", "some"), ("--order", "sideways")],
    ids=lambda pair: pair[0],
)
def test_wrong_options_are_refused(
    wrong: tuple[str, str], framescope: Callable[..., Answer], plain_clip: Path
) -> None:
    answer = framescope("audit", plain_clip, *wrong)
    assert answer.status in (1, 2)
    assert wrong[1] in answer.err


def test_an_empty_folder_is_refused(framescope: Callable[..., Answer], tmp_path: Path) -> None:
    assert framescope("audit", tmp_path).status == 2


def test_a_report_that_cannot_be_written_is_told(
    framescope: Callable[..., Answer], plain_clip: Path, tmp_path: Path
) -> None:
    answer = framescope(
        "audit",
        plain_clip,
        "--engines",
        "framescope",
        "--requests",
        "2",
        "--html",
        tmp_path / "no" / "r.html",
    )
    assert answer.status == 1
    assert "cannot be written" in answer.err


def test_the_worker_serves_the_frozen_program_only_what_it_should(
    framescope: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[str] = []
    monkeypatch.setattr(f"{TRIAL_WORKER}.run", lambda: served.append("trial"))
    assert framescope("worker", TRIAL_WORKER).status == 0
    assert served == ["trial"]
    assert framescope("worker", "os").status == 2
