"""The other streams, tags and origin of a file are those it was written with."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.media.facts.file_contents import place_words, stream_words
from framescope.core.media.facts.info_words import attachment_rows, chapter_rows, stream_rows
from framescope.core.source.opening import probe
from tests.clips.encoding import Encoding, add_video_stream, clip_video_frame

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from framescope.core.model.stream_facts import FileContents

_ENCODING = Encoding(frames=3)


def _write(path: Path, tags: Mapping[str, str], *, attachment: bytes = b"") -> None:
    # Without this, MOV files keep only tags that FFmpeg knows.
    options = {"movflags": "use_metadata_tags"} if path.suffix == ".mov" else {}
    with av.open(os.fspath(path), "w", options=options) as container:
        container.metadata.update(tags)
        video = add_video_stream(container, _ENCODING)
        audio = container.add_stream("aac", rate=44100, layout="stereo")
        audio.metadata["language"] = "deu"
        if attachment:
            container.add_attachment("notes.txt", "text/plain", attachment)
        for number in range(_ENCODING.frames):
            container.mux(video.encode(clip_video_frame(number, _ENCODING)))
        container.mux(video.encode(None))
        sound = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
        sound.rate, sound.time_base, sound.pts = 44100, Fraction(1, 44100), 0
        container.mux(audio.encode(sound))
        container.mux(audio.encode(None))


def test_streams_and_origin_of_matroska(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    _write(
        path, {"title": "Sea \x1b[2J", "make": "Canon", "model": "R5", "date": "2024-05-06"}, attachment=b"x"
    )
    contents = probe(path).contents
    assert [stream.kind for stream in contents.streams] == ["video", "audio", "attachment"]
    assert stream_words(contents.streams[1]).startswith("aac, stereo, 44.1 kHz")
    assert contents.streams[1].language == "deu"
    assert stream_words(contents.streams[2]) == "notes.txt, text/plain"
    assert contents.device == "Canon R5"
    assert contents.created == "2024-05-06"
    assert contents.application.startswith("Lavf")
    assert contents.tags["title"] == "Sea \\x1b[2J"
    assert contents.chapter_count == 0


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> FileContents:
    """The contents of a file with far more chapters and attachments than anyone lists."""
    path = tmp_path_factory.mktemp("crowded") / "clip.mkv"
    scale = Fraction(1, 1000)
    with av.open(os.fspath(path), "w") as container:
        video = add_video_stream(container, _ENCODING)
        container.set_chapters(
            [
                {
                    "id": n + 1,
                    "start": n * 10,
                    "end": n * 10 + 4,
                    "time_base": scale,
                    "metadata": {"title": f"{n}\x1b[2J"},
                }
                for n in range(3000)
            ]
        )
        for number in range(300):
            container.add_attachment(f"{number}\x07.ttf", "font/ttf", bytes(number + 1))
        container.mux(video.encode(clip_video_frame(0, _ENCODING)))
        container.mux(video.encode(None))
    return probe(path).contents


def test_chapters_have_times_and_titles(crowded: FileContents) -> None:
    assert (crowded.chapter_count, len(crowded.chapters)) == (3000, 1000)
    second = crowded.chapters[1]
    assert (second.start_s, second.end_s, second.title) == (0.01, 0.014, "1\\x1b[2J")
    rows = chapter_rows(crowded, most=2)
    assert [tuple(row) for row in rows] == [
        ("0:00.000", "0\\x1b[2J", "0:00.004 long"),
        ("0:00.010", "1\\x1b[2J", "0:00.004 long"),
        ("…", "2\u202f998 more", ""),
    ]


def test_attachments_have_names_and_sizes(crowded: FileContents) -> None:
    assert (crowded.attachment_count, len(crowded.streams)) == (300, 200)
    assert [tuple(row) for row in attachment_rows(crowded, most=2)] == [
        ("#1", "0\\x07.ttf", "font/ttf, 1 B"),
        ("#2", "1\\x07.ttf", "font/ttf, 2 B"),
        ("…", "298 more", ""),
    ]


def test_the_facts_of_sound(tmp_path: Path) -> None:
    path = tmp_path / "clip.mov"
    with av.open(os.fspath(path), "w") as container:
        video = add_video_stream(container, _ENCODING)
        audio = container.add_stream("pcm_s24le", rate=48000, layout="5.1")
        for number in range(_ENCODING.frames):
            container.mux(video.encode(clip_video_frame(number, _ENCODING)))
        container.mux(video.encode(None))
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 6 * 4800), np.int32), format="s32", layout="5.1")
        sound.rate, sound.time_base, sound.pts = 48000, Fraction(1, 48000), 12000
        container.mux(audio.encode(sound))
        container.mux(audio.encode(None))
    contents = probe(path).contents
    found = contents.streams[1]
    assert (found.sample_rate, found.channels, found.bits_per_sample) == (48000, 6, 24)
    assert found.channel_positions == ("FL", "FR", "FC", "LFE", "BL", "BR")
    assert found.bit_rate == 6 * 24 * 48000
    assert found.delay_s == pytest.approx(0.25)
    rows = {row.label: row.value for row in stream_rows(found, contents)}
    assert rows["Starts"] == "250 ms after the video"
    assert rows["Sampling"] == "48 kHz, 24 bit"
    assert rows["Flags"] == "default"


def test_the_name_of_an_encoder_acts_on_no_screen(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    # Unlike x264, it writes nothing about itself into the stream.
    encoding = Encoding("ffv1", frames=1)
    with av.open(os.fspath(path), "w") as container:
        video = add_video_stream(container, encoding)
        video.metadata["ENCODER"] = "A\x1b[2J\u202e" + "B" * 10_000
        container.mux(video.encode(clip_video_frame(0, encoding)))
        container.mux(video.encode(None))
    assert probe(path).encoder.startswith("A\\x1b[2J\\u202eBBB")
    assert len(probe(path).encoder) < 1000


def test_the_place_of_a_phone(tmp_path: Path) -> None:
    path = tmp_path / "clip.mov"
    _write(path, {"com.apple.quicktime.location.ISO6709": "+51.5334-000.1255+026.756/"})
    assert probe(path).contents.place == "51.5334° N, 0.1255° W, 27 m"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("+32.0929+034.8620+045.351/", "32.0929° N, 34.8620° E, 45 m"),
        ("-33.8568+151.2153/", "33.8568° S, 151.2153° E"),
        ("+99.0000+034.8620/", "+99.0000+034.8620/"),
        ("Berlin", "Berlin"),
        ("", ""),
    ],
)
def test_places_in_words(text: str, words: str) -> None:
    assert place_words(text) == words
