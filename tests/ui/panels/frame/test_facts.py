"""The facts of one frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from framescope.core.media.frame_order import order_frames
from framescope.core.media.gops import gop_table
from framescope.core.model.frame import PictureType
from framescope.ui.panels.frame.panel import frame_facts, type_facts
from tests.core.media.index_examples import TIME_BASE, packet_table
from tests.ui.panels.panel_examples import gop_index
from tests.ui.stand_ins import make_shown


def facts(frame_number: int, *, with_table: bool = True) -> dict[str, str]:
    index = gop_index()
    table = gop_table(index) if with_table else None
    return {fact.label: fact.whole_text for fact in frame_facts(index, table, None, frame_number)}


def test_a_b_picture() -> None:
    found = facts(5)
    assert found["Time"] == "0:00.200000 – since the first frame"
    assert found["pts"] == "5 – dts 6, × 1/25 s"
    assert found["Type"] == "B, inferred from the packets – bidirectionally predicted"
    assert found["Size"] == "1.01 kB – 1\u202f006 bytes, packet 6"
    assert found["To decode"].startswith("3 frames – from the nearest usable keyframe")
    assert found["GOP"] == "2 of 3, closed – keyframe 4; 5 frames, 5.03 kB"
    assert "Picture" not in found


def test_a_keyframe_needs_nothing_else() -> None:
    found = facts(4)
    assert found["To decode"] == "this frame alone"
    assert "keyframe" in found["Type"]


def test_costs_are_known_before_the_table_is() -> None:
    with_table, without = facts(9), facts(9, with_table=False)
    assert with_table["To decode"] == without["To decode"]
    assert "GOP" not in without


def test_the_decoder_s_word_beats_the_inference() -> None:
    index, shown = gop_index(), make_shown(5)
    kind = type_facts(index, shown, 5)
    assert (kind.picture_type, kind.is_decoded) == (PictureType.I, True)
    assert type_facts(index, shown, 6).is_decoded is False
    found = {fact.label: fact.whole_text for fact in frame_facts(index, None, shown, 5)}
    assert "as decoded" in found["Type"]
    assert found["Picture"] == "64×48 – yuv420p"


def test_beyond_the_listing_nothing_is_known() -> None:
    assert type_facts(gop_index(), None, 99).picture_type is PictureType.UNKNOWN
    assert type_facts(None, None, 0).picture_type is PictureType.UNKNOWN


def test_a_frame_without_a_timestamp() -> None:
    index = order_frames(packet_table([None, None], [0]), TIME_BASE)
    found = {fact.label: fact.whole_text for fact in frame_facts(index, None, None, 1)}
    assert found["Time"].startswith("not known")
    assert found["pts"].startswith("none")


def test_types_decoded_for_all_are_called_decoded() -> None:
    index = replace(gop_index(), picture_types_decoded=True)
    assert type_facts(index, None, 3).is_decoded
    unknown = replace(index, picture_type_codes=np.zeros(len(index), np.uint8))
    assert not type_facts(unknown, None, 3).is_decoded
    facts = {fact.label: fact.value for fact in frame_facts(unknown, None, None, 3)}
    assert facts["Type"] == "not known yet"
