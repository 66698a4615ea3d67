"""Facts in groups, as text."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from framescope.core.media.facts.measured import measure
from framescope.core.model.stream_facts import (
    Chapter,
    DolbyVision,
    FileContents,
    HdrFacts,
    StreamChoice,
    StreamFacts,
)
from framescope.ui.panels.codec.fact_groups import Fact, fact_groups
from tests.ui.panels.panel_examples import gop_index, gop_info

if TYPE_CHECKING:
    from framescope.core.model.stream_facts import VideoInfo


_DOLBY = DolbyVision(8, 6, True, False, True, 1)  # noqa: FBT003 - as the record has them


def facts_of(info: VideoInfo, *, listed: bool = False) -> dict[str, Fact]:
    index = gop_index() if listed else None
    groups = fact_groups(info, index, None if index is None else measure(index))
    return {fact.label: fact for group in groups for fact in group.facts}


def test_groups_stand_in_reading_order() -> None:
    titles = [group.title for group in fact_groups(gop_info(), None, None)]
    assert titles == ["Container", "Stream", "Picture", "Colour", "Timing", "Counts"]


def test_the_fourcc_is_explained() -> None:
    fact = facts_of(gop_info(fourcc="XVID", fourcc_meaning="MPEG-4 part 2 made by Xvid"))["FourCC"]
    assert (fact.value, fact.detail) == ("XVID", "MPEG-4 part 2 made by Xvid")
    missing = facts_of(gop_info(fourcc="", fourcc_meaning="none: Ogg streams name their codec"))["FourCC"]
    assert (missing.value, missing.detail) == ("none", "Ogg streams name their codec")


def test_levels_have_the_names_of_their_standards() -> None:
    assert "level High 1440" in facts_of(gop_info(level=6, level_name="High 1440"))["Profile"].value


def test_what_is_rare_is_named_where_it_is() -> None:
    rows = facts_of(
        gop_info(
            clean_aperture=(160, 80),
            packed_bitstream=True,
            pulldown="2:3 pulldown: every second picture is shown for three fields",
        )
    )
    assert rows["Clean aperture"].whole_text == "160×80 – declared; the whole picture is shown"
    assert rows["Packets"].value == "packed bitstream"
    assert rows["Pulldown"].value == "2:3 pulldown"
    assert not {"Clean aperture", "Packets", "Pulldown"} & set(facts_of(gop_info()))


def test_no_profile_and_no_level_is_no_row() -> None:
    assert "Profile" not in facts_of(gop_info(profile=None, level=None, level_name=""))


def test_the_timecode_of_the_first_frame_is_a_fact_where_there_is_one() -> None:
    fact = facts_of(gop_info(timecode_start="01:00:00;00"))["Timecode"]
    assert (fact.value, fact.detail) == ("01:00:00;00", "of the first frame, drop-frame")
    assert "Timecode" not in facts_of(gop_info())


def test_pictures_that_are_not_shown_as_stored() -> None:
    facts = facts_of(
        gop_info(
            coded_width=64, coded_height=64, sample_aspect_ratio=Fraction(4, 3), display_width=48,
            display_height=85, rotation=90, mirrored=True,
        )
    )  # fmt: skip
    assert "64×64" in facts["Size"].detail
    assert facts["Shown as"].value == "48×85"
    assert facts["Pixel shape"].value == "4:3"
    assert facts["Rotation"].value == "mirrored, then 90° clockwise"
    plain = facts_of(gop_info())
    assert "Shown as" not in plain
    assert (plain["Pixel shape"].value, plain["Rotation"].value) == ("square", "none")


def test_assumed_colours_are_marked_as_assumed() -> None:
    info = gop_info()
    silent = replace(info, color=replace(info.color, matrix="unspecified", range_="unspecified"))
    facts = facts_of(silent)
    assert (facts["Matrix"].value, facts["Matrix"].detail) == ("not declared", "shown as BT.709 (HD)")
    assert facts["Range"].detail.startswith("shown as limited")
    assert facts_of(info)["Matrix"].detail == ""
    odd = replace(info, color=replace(info.color, matrix="gbr", matrix_used="smpte170m"))
    assert "signals none (RGB)" in facts_of(odd)["Matrix"].detail


def test_counts_need_an_index() -> None:
    assert "Packets" not in facts_of(gop_info())
    facts = facts_of(gop_info(), listed=True)
    assert facts["Counted"].value == "12 frames"
    assert facts["Keyframes"].whole_text == "3 – 25.00% of the frames"
    assert facts["Spacing"].value == "constant"
    assert facts["Bitrate"].detail == "measured; 1 kbit/s declared"


def test_a_spacing_that_is_constant_up_to_rounding_tells_its_range() -> None:
    index = gop_index()
    measured = replace(measure(index), rate_is_constant=True, shortest_step_s=0.033, longest_step_s=0.034)
    timing = next(group for group in fact_groups(gop_info(), index, measured) if group.title == "Timing")
    assert timing.facts[-1] == Fact("Spacing", "constant", "33 ms to 34 ms per frame")


def test_a_partial_count_says_so() -> None:
    index = gop_index(complete=False)
    groups = fact_groups(gop_info(), index, measure(index))
    counted = next(fact for fact in groups[-1].facts if fact.label == "Counted")
    assert counted.value == "9 frames so far"


def test_doubts_damage_and_silent_packets_are_told() -> None:
    index = replace(gop_index(), doubts=("Timestamps repeat.",), notes=("Counted twice.",))
    measured = replace(measure(index), silent_packets=1, damaged_count=2)
    counts = {fact.label: fact for fact in fact_groups(gop_info(), index, measured)[-1].facts}
    assert counts["Doubt"].value == "Timestamps repeat."
    assert counts["Note"].value == "Counted twice."
    assert counts["Damaged"].value == "2 frames"
    assert counts["Packets"].detail == "1 yields no picture"


@pytest.mark.parametrize(
    ("declared", "found", "value"),
    [(True, True, "yes"), (True, False, "allowed"), (False, True, "yes"), (False, False, "no")],
)
def test_b_frames_declared_and_found(value: str, *, declared: bool, found: bool) -> None:
    index = gop_index()
    measured = replace(measure(index), has_b_frames=found)
    stream = fact_groups(gop_info(has_b_frames=declared), index, measured)[1]
    assert next(fact.value for fact in stream.facts if fact.label == "B-frames") == value


def test_streams_are_counted_by_kind() -> None:
    cover = StreamChoice(1, "png", 9, 9, is_cover=True, is_default=False, label="#1")
    info = gop_info(streams_total=4)
    streams = facts_of(replace(info, video_streams=(*info.video_streams, cover)))["Streams"]
    assert streams.whole_text == "4 – 1 video, 1 cover, 2 other"


def test_streams_besides_the_video_are_named_by_their_kind() -> None:
    kinds = ("video", "audio", "audio", "subtitle", "data", "attachment")
    streams = tuple(StreamFacts(place, kind, "", "", "", "", {}) for place, kind in enumerate(kinds))
    info = gop_info(streams_total=7)
    told = facts_of(replace(info, contents=FileContents(streams)))["Streams"].whole_text
    assert told == "7 – 1 video, 2 audio, 1 subtitle, 1 data, 1 attachment, 1 other"


def test_language_title_and_tags_of_the_stream_are_facts() -> None:
    own = StreamFacts(0, "video", "h264", "", "deu", "Left eye", {"handler_name": "Camera 2"})
    other = replace(own, stream_index=1, language="eng")
    info = replace(gop_info(), contents=FileContents(streams=(own, other), tags={"comment": "dusk"}))
    stream = {fact.label: fact for fact in fact_groups(info, None, None)[1].facts}
    assert (stream["Language"].value, stream["Language"].detail) == ("deu", "Left eye")
    tags = [
        fact.value for group in fact_groups(info, None, None) for fact in group.facts if fact.label == "Tag"
    ]
    assert tags == ["dusk", "Camera 2"]


def test_other_streams_chapters_and_attachments_have_groups() -> None:
    own = StreamFacts(0, "video", "h264", "", "", "", {})
    sound = [
        replace(own, stream_index=n, kind="audio", codec="aac", codec_meaning="AAC", details="stereo")
        for n in (1, 2, 3)
    ]
    file = replace(own, stream_index=4, kind="attachment", codec="", file_name="a.ttf", size_bytes=5)
    chapters = tuple(Chapter(float(n), n + 0.5, f"Part {n}") for n in range(200))
    contents = FileContents((own, *sound, file), 150, 1000, chapters)
    groups = fact_groups(gop_info(contents=contents), None, None)[6:]
    assert [(group.title, group.summary, group.begins_closed) for group in groups] == [
        ("Audio #1", "aac, stereo", True),
        ("Audio #2", "aac, stereo", True),
        ("Audio #3", "aac, stereo", True),
        ("Attachments", "150", False),
        ("Chapters", "1\u202f000", True),
    ]
    assert [fact.whole_text for fact in groups[3].facts] == ["a.ttf – 5 B", "149 more"]
    assert len(groups[4].facts) == 101
    assert groups[4].facts[1] == Fact("0:01.000", "Part 1", "0:00.500 long", may_break=True)
    assert groups[4].facts[-1].value == "900 more"


def test_what_the_picture_declares_besides() -> None:
    facts = facts_of(
        gop_info(
            commercial_name="XDCAM EX",
            display_aspect_ratio=Fraction(4, 3),
            active_format="4:3, centred",
            stereo_3d="side by side",
            projection="equirectangular",
            has_closed_captions=True,
            hdr=HdrFacts(formats=("Dolby Vision", "HDR10"), dolby_vision=_DOLBY),
        )
    )
    wanted = {
        "Sold as": "XDCAM EX",
        "Aspect ratio": "4:3",
        "Active format": "4:3, centred",
        "3D": "side by side",
        "Projection": "equirectangular",
        "Captions": "CEA-608 or CEA-708 – in the first picture",
        "HDR format": "Dolby Vision, HDR10",
        "Dolby Vision": "profile 8.1, level 6, BL+RPU, compatible with HDR10",
    }
    assert {label: facts[label].whole_text for label in wanted} == wanted
