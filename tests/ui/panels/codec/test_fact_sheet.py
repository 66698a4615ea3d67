"""Three sources side by side, and all of it as text and JSON."""

from __future__ import annotations

import json
from dataclasses import replace

from framescope.core.bitstream.encoding_facts import EncodingFacts
from framescope.core.media.facts.measured import measure
from framescope.core.model.stream_facts import OpenCVFacts
from framescope.ui.panels.codec.fact_groups import Fact
from framescope.ui.panels.codec.fact_sheet import (
    NOT_SAID,
    PENDING,
    FactSheet,
    fact_sheet,
    fact_text,
    sheet_json,
    sheet_text,
)
from tests.ui.panels.panel_examples import OPENCV, gop_index, gop_info


def full_sheet(opencv: OpenCVFacts = OPENCV, **changes: object) -> FactSheet:
    index = gop_index()
    return fact_sheet(gop_info(**changes), index, measure(index), opencv, (64, 48))


def cells(sheet: FactSheet, fact: str) -> tuple[str, str, str]:
    row = next(each for each in sheet.compared if each.fact == fact)
    return row.declared, row.measured, row.opencv


def test_what_is_not_known_yet_is_pending() -> None:
    sheet = fact_sheet(gop_info())
    assert cells(sheet, "frames") == ("12", PENDING, PENDING)
    assert cells(sheet, "size") == ("64×48", PENDING, PENDING)
    assert sheet.disagreements == ()


def test_agreement() -> None:
    sheet = full_sheet()
    assert cells(sheet, "frames") == ("12", "12", "12")
    assert cells(sheet, "rate") == ("25", "25", "25")
    assert cells(sheet, "duration") == ("0:00.480", "0:00.480", NOT_SAID)
    assert cells(sheet, "size") == ("64×48", "64×48", "64×48")
    assert cells(sheet, "fourcc") == ("avc1", NOT_SAID, "h264")
    assert sheet.disagreements == ()
    assert (sheet.title, sheet.subtitle) == ("H.264", "MP4 · 64×48 · 25 fps")


def test_wrong_cells_are_marked_where_they_are_wrong() -> None:
    sheet = full_sheet(replace(OPENCV, frame_count=14.0), frame_count_declared=13)
    row = sheet.compared[0]
    assert (row.declared_is_wrong, row.opencv_is_wrong) == (True, True)
    assert [row.declared_is_wrong or row.opencv_is_wrong for row in sheet.compared[1:]] == [False] * 4
    assert len(sheet.disagreements) == 2


def test_a_frame_of_another_size_is_a_disagreement() -> None:
    index = gop_index()
    sheet = fact_sheet(gop_info(), index, measure(index), OPENCV, (32, 24))
    assert sheet.disagreements[-1].sentence == "The header declares 64×48; this frame is 32×24."
    assert next(row for row in sheet.compared if row.fact == "size").declared_is_wrong


def test_an_impossible_count_stays_short() -> None:
    sheet = full_sheet(replace(OPENCV, frame_count=-1.9215358410114214e14))
    assert cells(sheet, "frames")[2] == "-1.9e+14"


def test_a_file_that_opencv_cannot_open() -> None:
    assert cells(full_sheet(OpenCVFacts("5.0.0", opened=False)), "frames")[2] == NOT_SAID


def test_text_has_everything() -> None:
    text = sheet_text(full_sheet(replace(OPENCV, frame_count=14.0)))
    assert "Frames" in text
    assert "14 !" in text
    assert "! OpenCV says 14 frames; 12 can be shown." in text
    assert "  FourCC" in text
    assert not any(line != line.rstrip() for line in text.splitlines())


def test_json_has_plain_numbers() -> None:
    index = gop_index()
    measured = measure(index)
    sheet = full_sheet()
    facts = json.loads(sheet_json(gop_info(), measured, OPENCV, sheet))
    assert facts["declared"]["time_base"] == "1/12800"
    assert facts["declared"]["color"]["range"] == "limited"
    assert facts["measured"]["frame_count"] == 12
    assert facts["opencv"]["frame_count"] == 12.0
    assert facts["disagreements"] == []
    assert json.loads(sheet_json(gop_info(), None, None, sheet))["measured"] is None
    encoding = EncodingFacts(tier="Main", bit_rate_max=5_000_000)
    said = json.loads(sheet_json(gop_info(), None, None, sheet, encoding))["encoding"]
    assert (said["tier"], said["bit_rate_max"], said["buffer_bytes"]) == ("Main", 5_000_000, None)


def test_a_row_as_text() -> None:
    assert fact_text(Fact("FourCC", "avc1", "H.264")) == "FourCC: avc1 – H.264"
