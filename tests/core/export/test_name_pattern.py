"""File names made from a pattern."""

from __future__ import annotations

from dataclasses import replace

import pytest

from framescope.core.errors import SettingsError
from framescope.core.export.name_pattern import (
    NameFields,
    NamePattern,
    check_file_name,
    check_path_length,
    source_stem,
)

FIELDS = NameFields(stem="höhle", frame_number=1234, time_s=3723.0405, pts=-90, index=7)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{stem}_{frame:06d}", "höhle_001234"),
        ("{stem}_{frame}", "höhle_1234"),
        ("{time}", "01-02-03.040"),
        ("{time:.2f}s", "3723.04s"),
        ("{pts}", "-90"),
        ("{pts:+08d}", "-0000090"),
        ("{index:03}", "007"),
        ("{frame:x}", "4d2"),
        ("{stem:.3}", "höh"),
        ("a{{b}}{index}", "a{b}7"),
        ("写真 {frame}", "写真 1234"),
        ("no field", "no field"),
        ("{stem}_{frame}.jpg", "höhle_1234"),
        ("{stem}_{frame}.PNG", "höhle_1234"),
        ("a.b{frame}", "a.b1234"),
    ],
)
def test_fields_are_filled_in(text: str, name: str) -> None:
    assert NamePattern(text).render(FIELDS) == name
    assert NamePattern(text).render(FIELDS, ".jpg") == f"{name}.jpg"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("..", "empty"),
        ("{", "brace"),
        ("}", "brace"),
        ("{frame", "brace"),
        ("{number}", "no field {number}"),
        ("{frame_number}", "no field {frame_number}"),
        ("{time_s}", "no field {time_s}"),
        ("{value}", "no field {value}"),
        ("{}", "no field {}"),
        ("{0}", "no field {0}"),
        ("{frame.real}", "no field {frame.real}"),
        ("{stem[0]}", "no field {stem[0]}"),
        ("{frame!r}", "format of {frame}"),
        ("{frame:{index}}", "format of {frame}"),
        ("{frame:c}", "format of {frame}"),
        ("{frame:099999999999d}", "format of {frame}"),
        ("{frame:.99999999999f}", "format of {frame}"),
        ("{frame:06s}", "“06s” is not a format"),
        ("{stem:06d}", "“06d” is not a format"),
        ("{time:d}", "“d” is not a format"),
        ("a/{frame}", "“/”"),
        ("a\\{frame}", "“\\”"),
        ("../{frame}", "“/”"),
        ("{time}:{frame}", "“:”"),
        ("what?{frame}", "“?”"),
        ("a\n{frame}", "U+000A"),
        ("a\0", "U+0000"),
        ("\ud800", "U+D800"),
        ("{frame}.", "end with"),
        ("{frame} ", "end with"),
        (" {frame}", "start with"),
        ("con", "device"),
        ("Aux.{frame}", "device"),
        ("LPT1", "device"),
        ("com¹", "device"),
        ("x" * 256, "too long"),
        ("é" * 128, "too long"),
        ("{frame:0200d}{index:0200d}", "too long"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(text: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        NamePattern(text)
    assert words in caught.value.message


@pytest.mark.parametrize("name", ["console_1", "auxiliary", "nul_1", "com10", "LPT", "clip.con"])
def test_names_that_only_look_reserved_are_allowed(name: str) -> None:
    check_file_name(name)


def test_the_extension_counts_towards_the_length() -> None:
    pattern = NamePattern("x" * 252)
    with pytest.raises(SettingsError, match="too long"):
        pattern.render(FIELDS, ".jpg")


@pytest.mark.parametrize(("text", "field"), [("{time}", "time"), ("{pts}", "pts")])
def test_a_frame_without_a_timestamp_has_no_name_by_time(text: str, field: str) -> None:
    pattern = NamePattern(text)
    assert pattern.fields == {field}
    untimed = NameFields(stem="a", frame_number=5, time_s=float("nan"), pts=None, index=0)
    with pytest.raises(SettingsError, match="Frame 5 has no timestamp"):
        pattern.render(untimed)


def test_size_type_and_timecode_are_filled_in() -> None:
    values = replace(FIELDS, width=640, height=360, type="b", timecode="01:02:03;04")
    name = NamePattern("{width}x{height:05d}_{type}_{timecode}").render(values)
    assert name == "640x00360_b_01-02-03-04"


@pytest.mark.parametrize(
    ("text", "words"),
    [("{type}", "picture type"), ("{timecode}", "frame rate varies"), ("{width}", "no such value")],
)
def test_what_a_frame_does_not_have_is_named(text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        NamePattern(text).render(FIELDS)
    assert text in caught.value.message


def test_times_roll_over_like_a_clock() -> None:
    times = {59.9996: "00-01-00.000", 0.0: "00-00-00.000", -1.5: "-00-00-01.500", 360_000.0: "100-00-00.000"}
    pattern = NamePattern("{time}")
    for time_s, name in times.items():
        assert pattern.render(NameFields("a", 0, time_s, 0, 0)) == name


@pytest.mark.parametrize(
    ("source", "stem"),
    [
        ("/videos/clip.mp4", "clip"),
        ("clip.tar.mp4", "clip.tar"),
        ("https://host/a%20b/film%3F.m3u8?token=1/2", "film_"),
        ("rtsp://host", "video"),
        ('/videos/what? "x".mkv', "what_ _x_"),
        ("/videos/ . .mkv", "video"),
        ("/videos/\udcff.mkv", "_"),
        ("/videos/映画.mp4", "映画"),
        ("/videos/CON.mp4", "_CON"),
        ("/videos/aux.h264.mkv", "_aux.h264"),
        ("/videos/console.mp4", "console"),
    ],
)
def test_the_stem_is_fit_for_a_name(source: str, stem: str) -> None:
    assert source_stem(source) == stem
    check_file_name(stem)


def test_a_very_long_stem_leaves_room_for_the_rest() -> None:
    stem = source_stem("/videos/" + "映" * 80 + ".mp4")
    assert 0 < len(stem.encode()) <= 160
    assert set(stem) == {"映"}


def test_folder_and_name_are_counted_together() -> None:
    check_path_length("C:\\" + "x" * 200, "y" * 55)
    with pytest.raises(SettingsError, match="260 characters"):
        check_path_length("C:\\" + "x" * 200, "y" * 56)
