"""The lines of a manifest, written and read."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from framescope.core.export.manifest.file import table_of
from framescope.core.export.manifest.lines import (
    FrameLine,
    ManifestError,
    ManifestHeader,
    end_line,
    versions_line,
)
from framescope.core.export.manifest.reading import MANIFEST_NAME, has_manifest, parse_manifest, read_manifest
from framescope.core.export.result import Fate
from framescope.core.model.frame import PictureType
from tests.hostile import HOSTILE, places_of, with_value

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ManifestHeader(
    source={
        "name": "clip.mp4",
        "size_bytes": 9,
        "sampled_sha256": None,
        "stream_index": 0,
        "counted_by": "packets",
        "frames_digest": "00",
    },
    settings={"quality": 95},
    sampling={"kind": "all"},
    frames="0:3",
    clips=None,
    actions={"number": "1"},
    numbered=((1, "clip_1-2.png"),),
    versions={"framescope": "1"},
)
WRITTEN = FrameLine(
    fate=Fate.WRITTEN,
    frame_number=0,
    file="clip_0 é.png",
    sha256="ab" * 32,
    size_bytes=7,
    pts=-5,
    time_s=0.25,
    picture_type=PictureType.B,
    is_keyframe=True,
    is_damaged=False,
    reason="",
)
FAILED = FrameLine(
    fate=Fate.FAILED,
    frame_number=1,
    file="clip_1.png",
    sha256="",
    size_bytes=0,
    pts=None,
    time_s=math.nan,
    picture_type=None,
    is_keyframe=False,
    is_damaged=None,
    reason="damaged",
)
WHOLE = b"".join([HEADER.as_line(), WRITTEN.as_line(), FAILED.as_line(), end_line({Fate.WRITTEN: 1}, "cd")])


def test_what_is_written_is_read_back() -> None:
    manifest = parse_manifest(WHOLE)
    (section,) = manifest.sections
    assert section.header == HEADER
    assert section.lines[0] == WRITTEN
    # NaN equals nothing, itself neither.
    assert section.lines[1].as_table() == FAILED.as_table()
    assert section.is_ended
    assert section.end_digest == "cd"
    assert (manifest.whole_bytes, manifest.torn_bytes) == (len(WHOLE), 0)
    assert WHOLE[: section.line_ends[0]].endswith(WRITTEN.as_line())
    assert manifest.files == {"clip_0 é.png": WRITTEN}


def test_each_line_is_an_object_that_any_reader_of_json_takes() -> None:
    tables = [json.loads(line) for line in WHOLE.decode().splitlines()]
    assert tables[1]["frame_number"] == 0
    assert tables[1]["picture_type"] == "B"
    assert tables[2]["time_s"] is None
    assert tables[3]["end"] == {"written": 1, "skipped": 0, "failed": 0, "sha256": "cd"}


def test_a_manifest_cut_anywhere_can_be_read() -> None:
    ends = [end for end in range(len(WHOLE) + 1) if WHOLE[:end].endswith(b"\n")]
    for length in range(len(WHOLE)):
        manifest = parse_manifest(WHOLE[:length])
        whole = max((end for end in ends if end <= length), default=0)
        assert (manifest.whole_bytes, manifest.torn_bytes) == (whole, length - whole)
        assert not any(section.is_ended for section in manifest.sections)


def test_zeros_at_the_end_are_torn() -> None:
    manifest = parse_manifest(WHOLE + bytes(100) + b"\n")
    assert manifest.torn_bytes == 101
    assert manifest.sections[0].is_ended


@pytest.mark.parametrize(
    "data",
    [
        HEADER.as_line() + b"rubbish\n" + WRITTEN.as_line(),
        WRITTEN.as_line(),
        HEADER.as_line() + b'{"frame_number": 3}\n',
        HEADER.as_line() + WRITTEN.as_line().replace(b"written", b"lost"),
        HEADER.as_line() + WRITTEN.as_line().replace("clip_0 é.png".encode(), b"../../etc/passwd"),
        HEADER.as_line().replace(b'manifest":1', b'manifest":2'),
        HEADER.as_line() + b'{"end": 5}\n',
    ],
)
def test_what_is_no_manifest_is_refused(data: bytes) -> None:
    with pytest.raises(ManifestError):
        parse_manifest(data)


def test_a_later_export_holds_for_a_file() -> None:
    later = replace(WRITTEN, sha256="ef" * 32, size_bytes=8)
    manifest = parse_manifest(WHOLE + HEADER.as_line() + later.as_line())
    assert [section.is_ended for section in manifest.sections] == [True, False]
    assert manifest.files[WRITTEN.file] == later


def test_the_versions_of_a_resumed_export() -> None:
    data = HEADER.as_line() + WRITTEN.as_line() + versions_line({"framescope": "2"}) + FAILED.as_line()
    (section,) = parse_manifest(data).sections
    assert section.versions == {"framescope": "2"}
    assert section.header.versions == {"framescope": "1"}


def test_a_name_that_is_no_unicode_survives(tmp_path: Path) -> None:
    line = replace(WRITTEN, fate=Fate.SKIPPED, file="caf\udce9.png")
    (tmp_path / MANIFEST_NAME).write_bytes(HEADER.as_line() + line.as_line())
    assert read_manifest(tmp_path).sections[0].lines == (line,)


def test_a_folder_without_a_manifest(tmp_path: Path) -> None:
    assert not has_manifest(tmp_path)
    assert not has_manifest(tmp_path / "missing")
    with pytest.raises(ManifestError, match="There is no framescope-manifest"):
        read_manifest(tmp_path)
    with pytest.raises(ManifestError, match="There is no folder missing"):
        read_manifest(tmp_path / "missing")
    (tmp_path / MANIFEST_NAME).mkdir()
    with pytest.raises(ManifestError, match="cannot be read"):
        read_manifest(tmp_path)


def message_of(data: bytes) -> str:
    """Why the bytes are no manifest; empty if they are one, and then its table can be made."""
    try:
        table_of(parse_manifest(data))
    except ManifestError as error:
        return error.message
    return ""


@pytest.mark.parametrize("number", [0, 1, 2])
def test_any_value_in_any_place_is_taken_or_its_line_is_named(number: int) -> None:
    header = replace(HEADER, clips=((1, 2), (2, 4)), numbered=((0, "a.png"),), actions={"skip": "1"})
    lines = [header.as_line(), WRITTEN.as_line(), FAILED.as_line()]
    table = json.loads(lines[number])
    for path in places_of(table):
        for value in HOSTILE:
            changed = json.dumps(with_value(table, path, value)).encode() + b"\n"
            data = b"".join(changed if place == number else line for place, line in enumerate(lines))
            message = message_of(data)
            assert not message or "Line " in message or "version" in message


def test_a_number_that_is_none_is_named_with_its_line_even_where_it_is_the_last() -> None:
    line = WRITTEN.as_line().replace(b'"frame_number":0', b'"frame_number":Infinity')
    assert b"Infinity" in line
    with pytest.raises(ManifestError, match=r"Line 2 of .* cannot be used: Infinity"):
        parse_manifest(HEADER.as_line() + line)
