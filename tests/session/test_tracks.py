"""Chapters and subtitles of the open video: found after its first picture, at the right frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from tests.core.tracks.test_chapters import with_chapters

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller


@pytest.fixture
def chaptered(tmp_path: Path, plain_clip: Path) -> Path:
    """Chapters at frames 0, 12 and 30 of 24 per second."""
    path = tmp_path / "chaptered.mkv"
    with_chapters(plain_clip, path, {0.0: "One", 0.5: "Two", 1.25: "Three"})
    return path


@pytest.fixture
def subtitled(tmp_path: Path, plain_clip: Path) -> Path:
    """Two tracks of subtitles: from 0.5 to 1 s, and from 1 to 1.5 s."""
    path = tmp_path / "subtitled.mkv"
    words = []
    for start, stop, text in (("00,500", "01,000", "Hello"), ("01,000", "01,500", "Salut")):
        words.append(tmp_path / f"{text}.srt")
        words[-1].write_text(f"1\n00:00:{start} --> 00:00:{stop}\n{text}\n", encoding="utf-8")
    inputs = [av.open(str(each)) for each in (plain_clip, *words)]
    with av.open(str(path), "w") as made:
        streams = [made.add_stream_from_template(given.streams[0]) for given in inputs]
        for given, stream in zip(inputs, streams, strict=True):
            for packet in given.demux(given.streams[0]):
                if packet.size:
                    packet.stream = stream
                    made.mux(packet)
    for given in inputs:
        given.close()
    return path


def test_chapters_are_at_their_frames(qtbot: QtBot, real_controller: Controller, chaptered: Path) -> None:
    real_controller.open_source(str(chaptered))
    qtbot.waitUntil(lambda: len(real_controller.tracks.chapters) == 3)
    chapters = real_controller.tracks.chapters
    assert [(each.frame_number, each.title) for each in chapters] == [(0, "One"), (12, "Two"), (30, "Three")]
    places = []
    for command in ("next", "next", "next", "previous", "previous", "previous"):
        getattr(real_controller, f"show_{command}_chapter")()
        places.append(real_controller.position)
    assert places == [12, 30, 30, 12, 0, 0]
    real_controller.show_frame(20)
    real_controller.show_previous_chapter()
    assert real_controller.position == 12
    real_controller.close_source()
    assert real_controller.tracks.chapters == ()


def test_subtitles_are_shown_on_request(qtbot: QtBot, real_controller: Controller, subtitled: Path) -> None:
    tracks = real_controller.tracks
    real_controller.open_source(str(subtitled))
    qtbot.waitUntil(lambda: len(tracks.subtitle_tracks) == 2)
    assert tracks.text_at(14) == ""
    tracks.toggle_subtitles()
    qtbot.waitUntil(lambda: tracks.text_at(14) == "Hello")
    assert [tracks.text_at(number) for number in (11, 12, 23, 24)] == ["", "Hello", "Hello", ""]
    tracks.choose_next()
    qtbot.waitUntil(lambda: tracks.text_at(25) == "Salut")
    assert tracks.text_at(14) == ""
    tracks.choose(tracks.subtitle_tracks[0].stream_index)
    qtbot.waitUntil(lambda: tracks.text_at(14) == "Hello")
    tracks.toggle_subtitles()
    assert tracks.text_at(14) == ""


def test_a_video_without_tracks_has_none(qtbot: QtBot, real_controller: Controller, plain_clip: Path) -> None:
    real_controller.settings.shows_subtitles = True
    real_controller.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: real_controller.tracks._looking is not None)  # noqa: SLF001
    qtbot.waitUntil(lambda: real_controller.tracks._looking.is_over)  # type: ignore[union-attr] # noqa: SLF001
    assert real_controller.tracks.subtitle_tracks == ()
    assert real_controller.tracks.text_at(0) == ""
    real_controller.tracks.choose_next()
    real_controller.show_next_chapter()
    assert real_controller.position == 0
