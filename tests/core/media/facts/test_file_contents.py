"""The other streams, tags and origin of a file are those it was written with."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.media.facts.file_contents import place_words, stream_words
from framescope.core.source.opening import probe
from tests.clips.encoding import Encoding, add_video_stream, clip_video_frame

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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


def test_the_name_of_an_encoder_acts_on_no_screen(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    # Unlike x264, it writes nothing about itself into the stream.
    encoding = Encoding("mpeg4", frames=1)
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
