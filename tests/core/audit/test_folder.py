"""Many files are audited over the cores, past bad ones, and taken up again."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.audit.file_audit import AuditSettings
from framescope.core.audit.folder import FileRow, audit_files
from framescope.core.errors import DestinationError
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.source.input_videos import list_videos
from tests.core.audit import fake_engines as fakes

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = AuditSettings(catalogue=(fakes.spec_of(fakes.Honest),), **fakes.NO_HURRY)


@pytest.fixture
def folder(tmp_path: Path, plain_clip: Path) -> Path:
    place = tmp_path / "videos"
    (place / "deep").mkdir(parents=True)
    shutil.copy(plain_clip, place / "b.mp4")
    shutil.copy(plain_clip, place / "deep" / "a.MP4")
    (place / "bad.mp4").write_text("no video")
    (place / "notes.txt").write_text("no video either")
    return place


def test_a_bad_file_ends_nothing_and_a_second_run_only_does_the_rest(folder: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    videos = list_videos([str(folder)])
    progress: list[Progress] = []
    rows = audit_files(videos, SETTINGS, journal=journal, jobs=2, progress=progress.append)
    assert [row.source for row in rows] == videos
    kinds = [[one["verdict"]["kind"] for one in row.table["engines"]] for row in rows]
    assert kinds == [["trustworthy"], [], ["trustworthy"]]
    assert rows[1].table["error"]
    assert (progress[-1].done, progress[-1].total) == (3, 3)

    with journal.open("a") as out:
        out.write('{"half a li')
    (folder / "b.mp4").touch()
    (folder / "bad.mp4").write_text("still no video")
    again: list[FileRow] = []
    audit_files(videos, SETTINGS, journal=journal, on_row=again.append)
    redone = {row.source for row in again if row.is_new}
    # A file that changed since is tried again; the others are taken from the journal.
    assert str(folder / "deep" / "a.MP4") not in redone
    assert str(folder / "bad.mp4") in redone
    assert len(again) == 3


def test_other_settings_start_over(folder: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    video = str(folder / "b.mp4")
    audit_files([video], SETTINGS, journal=journal)
    other = replace(SETTINGS, seed=5)
    (row,) = audit_files([video], other, journal=journal)
    assert row.is_new


def test_passwords_are_not_written_down(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    # Nothing listens there.
    audit_files(["http://me:hushhush@127.0.0.1:9/a.mp4"], SETTINGS, journal=journal)
    assert "127.0.0.1" in journal.read_text()
    assert "hushhush" not in journal.read_text()


def test_cancelled_files_are_not_written_down(folder: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    cancel = CancelToken()
    cancel.cancel()
    assert audit_files([str(folder / "b.mp4")], SETTINGS, journal=journal, cancel=cancel) == []
    assert not journal.exists()


def test_a_journal_that_cannot_be_written_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DestinationError):
        audit_files([str(folder / "b.mp4")], SETTINGS, journal=tmp_path / "file" / "journal")


@pytest.mark.skipif(os.name != "posix", reason="pipes have other names there")
def test_a_journal_that_is_a_pipe_is_refused_and_not_waited_for(folder: Path, tmp_path: Path) -> None:
    journal = tmp_path / "pipe"
    os.mkfifo(journal)
    with pytest.raises(DestinationError, match="not a regular file"):
        audit_files(list_videos([str(folder)]), AuditSettings(), journal=journal)


def test_only_a_journal_is_added_to(folder: Path, tmp_path: Path) -> None:
    video, notes = folder / "b.mp4", tmp_path / "notes.jsonl"
    notes.write_text('{"mine": 1}\n')
    for path in (video, notes):
        before = path.read_bytes()
        with pytest.raises(DestinationError):
            audit_files([str(video)], SETTINGS, journal=path)
        assert path.read_bytes() == before


def test_a_line_that_was_never_finished_is_cut_off(folder: Path, tmp_path: Path) -> None:
    journal, video = tmp_path / "journal.jsonl", str(folder / "b.mp4")
    audit_files([video], SETTINGS, journal=journal)
    line = journal.read_bytes()
    journal.write_bytes(line + line[: len(line) // 2])
    (again,) = audit_files([video], SETTINGS, journal=journal)
    (other,) = audit_files([video], replace(SETTINGS, seed=5), journal=journal)
    assert (again.is_new, other.is_new) == (False, True)
    assert [json.loads(one)["file"] for one in journal.read_text().splitlines()] == [video, video]
