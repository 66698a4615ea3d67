"""Text subtitles: what is said when, without styles, whatever the container."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import Cancelled, DecodeError
from framescope.core.model.progress import CancelToken
from framescope.core.tracks.subtitles import read_subtitles, subtitle_tracks

if TYPE_CHECKING:
    from pathlib import Path

_SRT = """1
00:00:00,500 --> 00:00:01,000
First <i>line</i>
second line

2
00:00:01,500 --> 00:00:02,500
Umlauts: äöü, a comma

3
00:00:02,000 --> 00:00:03,000
At the same time
"""
_ASS = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\\\an8\\\\b1}Bold{\\\\b0} text\\\\Nnew line, with comma
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\\\p1}m 0 0 l 100 0 100 100{\\\\p0}
"""
ORIGIN = Fraction(0)


@pytest.fixture
def srt(tmp_path: Path) -> Path:
    path = tmp_path / "words.srt"
    path.write_text(_SRT, encoding="utf-8")
    return path


def test_texts_by_time(srt: Path) -> None:
    (track,) = subtitle_tracks(str(srt))
    found = read_subtitles(str(srt), track.stream_index, ORIGIN)
    assert found.at(0.4) == ""
    assert found.at(0.5) == "First line\nsecond line"
    assert found.at(1.0) == ""
    assert found.at(1.6) == "Umlauts: äöü, a comma"
    assert found.at(2.2) == "Umlauts: äöü, a comma\nAt the same time"
    assert found.at(2.7) == "At the same time"
    assert found.at(9.0) == ""


def test_times_count_from_the_first_picture(srt: Path) -> None:
    found = read_subtitles(str(srt), 0, Fraction(1, 2))
    assert found.at(0.0) == "First line\nsecond line"


def test_styles_and_drawings_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "words.ass"
    path.write_text(_ASS.replace("\\\\", "\\"), encoding="utf-8")
    (track,) = subtitle_tracks(str(path))
    assert track.codec == "ass"
    found = read_subtitles(str(path), 0, ORIGIN)
    assert found.at(1.5) == "Bold text\nnew line, with comma"
    assert found.at(3.5) == ""


def test_no_text_acts_on_the_screen(tmp_path: Path) -> None:
    path = tmp_path / "words.srt"
    path.write_text("1\n00:00:00,500 --> 00:00:01,000\na\x1b[2J\x9b\u202b\u05d0\u202c\nb\n", encoding="utf-8")
    (track,) = subtitle_tracks(str(path))
    (text,) = read_subtitles(str(path), track.stream_index, ORIGIN).texts
    # Hebrew and Arabic need their marks of direction.
    assert text == "a [2J \u202b\u05d0\u202c\nb"


def test_what_has_no_text_is_refused(plain_clip: Path) -> None:
    assert subtitle_tracks(str(plain_clip)) == ()
    with pytest.raises(DecodeError, match="no text subtitles in stream 0"):
        read_subtitles(str(plain_clip), 0, ORIGIN)


def test_it_can_be_stopped(srt: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        read_subtitles(str(srt), 0, ORIGIN, cancel)


def _ass(tmp_path: Path, events: list[tuple[str, str, str]]) -> Path:
    path = tmp_path / "events.ass"
    head = _ASS[: _ASS.index("Dialogue")]
    lines = (f"Dialogue: 0,{start},{stop},Default,,0,0,0,,{text}\n" for start, stop, text in events)
    path.write_text(head + "".join(lines), encoding="utf-8")
    return path


def test_a_text_stays_while_many_others_come_and_go(tmp_path: Path) -> None:
    short = [(f"0:00:00.{n:02d}", f"0:00:00.{n + 1:02d}", f"word {n}") for n in range(10, 90)]
    path = _ass(tmp_path, [("0:00:00.00", "0:00:04.00", "A sign"), *short])
    found = read_subtitles(str(path), 0, ORIGIN)
    assert found.at(0.555) == "A sign\nword 55"
    assert found.at(2.0) == "A sign"


@pytest.mark.parametrize("opening", ["{", "{\\p", "{\\p1"])
def test_many_braces_that_stay_open_are_text_and_hold_nothing_up(tmp_path: Path, opening: str) -> None:
    # Each used to be followed to the end of the line, which took minutes.
    count = 200_000 // len(opening)
    path = _ass(tmp_path, [("0:00:00.00", "0:00:04.00", "{\\b1}Bold{\\b0} " + opening * count)])
    found = read_subtitles(str(path), 0, ORIGIN)
    assert found.at(1.0) == ("Bold " + opening * count)[:2000]


def test_unclosed_braces_are_text_and_take_no_time(tmp_path: Path) -> None:
    path = tmp_path / "words.srt"
    path.write_text(f"1\n00:00:00,500 --> 00:00:01,000\n{'{' * 1_000_000}\n", encoding="utf-8")
    (track,) = subtitle_tracks(str(path))
    shown = read_subtitles(str(path), track.stream_index, ORIGIN).at(0.7)
    assert shown
    assert set(shown) <= {"{", "\\"}
