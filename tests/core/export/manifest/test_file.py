"""A manifest on the disk: whole after each line, locked, and a table made of it."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import DestinationError, DestinationLostError
from framescope.core.export.manifest.file import ManifestFile, table_of
from framescope.core.export.manifest.lines import FrameLine
from framescope.core.export.manifest.reading import MANIFEST_NAME, TABLE_NAME, read_manifest
from framescope.core.export.result import Fate
from tests.core.export.hostile_folders import read_only, small_disk
from tests.core.export.manifest.test_reading import FAILED, HEADER, WRITTEN

if TYPE_CHECKING:
    from pathlib import Path


def append_all(ledger: ManifestFile, lines: list[FrameLine]) -> None:
    for line in lines:
        ledger.append(line)


def rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / TABLE_NAME).read_text(encoding="utf-8"))))


def test_each_line_is_on_the_disk_at_once(tmp_path: Path) -> None:
    with ManifestFile(tmp_path) as ledger:
        ledger.begin(HEADER)
        assert read_manifest(tmp_path).sections[0].lines == ()
        ledger.append(WRITTEN)
        assert read_manifest(tmp_path).sections[0].lines == (WRITTEN,)
        ledger.append(FAILED)
        ledger.end()
    (section,) = read_manifest(tmp_path).sections
    lines = (tmp_path / MANIFEST_NAME).read_bytes().splitlines(keepends=True)
    assert section.end_digest == hashlib.sha256(b"".join(lines[:-1])).hexdigest()


def test_the_table_has_a_row_a_frame(tmp_path: Path) -> None:
    with ManifestFile(tmp_path) as ledger:
        ledger.begin(HEADER)
        ledger.append(WRITTEN)
        ledger.append(FAILED)
        ledger.write_table()
    first, second = rows(tmp_path)
    assert first == {
        "export": "0",
        "frame_number": "0",
        "file": "clip_0 é.png",
        "outcome": "written",
        "sha256": "ab" * 32,
        "size_bytes": "7",
        "pts": "-5",
        "time_s": "0.25",
        "picture_type": "B",
        "keyframe": "true",
        "damaged": "false",
        "reason": "",
    }
    assert (second["pts"], second["time_s"], second["damaged"]) == ("", "", "")


def test_a_second_export_stands_behind_the_first_and_replaces_its_files(tmp_path: Path) -> None:
    for line in (WRITTEN, replace(WRITTEN, sha256="cd" * 32)):
        with ManifestFile(tmp_path) as ledger:
            ledger.begin(HEADER)
            ledger.append(line)
            ledger.append(FAILED)
            ledger.end()
    manifest = read_manifest(tmp_path)
    assert [section.is_ended for section in manifest.sections] == [True, True]
    table = list(csv.DictReader(io.StringIO(table_of(manifest).decode())))
    assert [(row["export"], row["outcome"]) for row in table] == [
        ("0", "failed"),
        ("1", "written"),
        ("1", "failed"),
    ]


def test_beginning_drops_a_torn_line(tmp_path: Path) -> None:
    with ManifestFile(tmp_path) as ledger:
        ledger.begin(HEADER)
        ledger.append(WRITTEN)
    with (tmp_path / MANIFEST_NAME).open("ab") as file:
        file.write(b'{"frame_nu')
    with ManifestFile(tmp_path) as ledger:
        ledger.begin(HEADER)
    assert read_manifest(tmp_path).torn_bytes == 0
    assert len(read_manifest(tmp_path).sections) == 2


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_going_on_leaves_the_same_bytes(kept: int, tmp_path: Path) -> None:
    lines = [WRITTEN, FAILED, replace(WRITTEN, frame_number=2, file="c.png")]
    with ManifestFile(tmp_path) as ledger:
        ledger.begin(HEADER)
        for line in lines:
            ledger.append(line)
        ledger.end()
    expected = (tmp_path / MANIFEST_NAME).read_bytes()
    with ManifestFile(tmp_path) as ledger:
        ledger.go_on(ledger.read().sections[-1], kept, HEADER.versions)
        assert len(ledger.read().sections[0].lines) == kept
        for line in lines[kept:]:
            ledger.append(line)
        ledger.end()
    assert (tmp_path / MANIFEST_NAME).read_bytes() == expected


def test_new_versions_are_named_before_the_first_new_line_only(tmp_path: Path) -> None:
    with ManifestFile(tmp_path) as ledger:
        ledger.begin(HEADER)
        ledger.append(WRITTEN)
    for _ in range(2):
        with ManifestFile(tmp_path) as ledger:
            ledger.go_on(ledger.read().sections[-1], 1, {"framescope": "2"})
            assert b"resumed_with" not in (tmp_path / MANIFEST_NAME).read_bytes()
            ledger.append(FAILED)
            ledger.append(FAILED)
    assert (tmp_path / MANIFEST_NAME).read_bytes().count(b"resumed_with") == 1


def test_another_process_is_kept_out(tmp_path: Path) -> None:
    with (
        ManifestFile(tmp_path),
        pytest.raises(DestinationError, match="Another export"),
        ManifestFile(tmp_path),
    ):
        pass
    with ManifestFile(tmp_path):
        pass


def test_a_full_disk_leaves_the_manifest_as_it_was(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=8) as disk, ManifestFile(disk) as ledger:
        ledger.begin(HEADER)
        long = replace(WRITTEN, reason="x" * 1000)

        with pytest.raises(DestinationLostError, match="is full"):
            append_all(ledger, [long] * 20)
        count = len(ledger.read().sections[0].lines)
        assert count > 0
        manifest = read_manifest(disk)
        assert manifest.torn_bytes == 0
        assert manifest.sections[0].lines == (long,) * count
        with pytest.raises(DestinationLostError):
            ledger.write_table()


def test_a_folder_that_takes_no_files_is_refused(tmp_path: Path) -> None:
    with read_only(tmp_path / "locked") as locked, pytest.raises(DestinationLostError):
        ManifestFile(locked)
    with pytest.raises(DestinationLostError):
        ManifestFile(tmp_path / "missing")


def test_closing_twice_is_fine(tmp_path: Path) -> None:
    ledger = ManifestFile(tmp_path)
    ledger.close()
    ledger.close()


def test_fates_are_counted_over_a_break(tmp_path: Path) -> None:
    with ManifestFile(tmp_path) as ledger:
        ledger.begin(HEADER)
        ledger.append(WRITTEN)
    with ManifestFile(tmp_path) as ledger:
        ledger.go_on(ledger.read().sections[-1], 1, HEADER.versions)
        ledger.append(replace(FAILED, fate=Fate.SKIPPED))
        ledger.end()
    last = (tmp_path / MANIFEST_NAME).read_text(encoding="utf-8").splitlines()[-1]
    assert '"written":1,"skipped":1,"failed":0' in last


def test_labels_and_notes_are_columns_where_there_are_any(tmp_path: Path) -> None:
    with ManifestFile(tmp_path) as ledger:
        ledger.begin(HEADER)
        ledger.append(replace(WRITTEN, label="cat", note='says "no"'))
        ledger.append(FAILED)
        ledger.write_table()
        read = ledger.read().sections[-1].lines
    assert [(line.label, line.note) for line in read] == [("cat", 'says "no"'), ("", "")]
    with (tmp_path / TABLE_NAME).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["label"], row["note"]) for row in rows] == [("cat", 'says "no"'), ("", "")]


def test_columns_are_the_names_of_the_lines(tmp_path: Path) -> None:
    with ManifestFile(tmp_path) as ledger:
        ledger.begin(HEADER)
        ledger.write_table()
    head = (tmp_path / TABLE_NAME).read_text(encoding="utf-8").strip().split(",")
    assert head == ["export", *FrameLine.as_table(WRITTEN)]
