"""The stream a person means: no cover, the default, then the one with most to see."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import NoVideoStreamError
from framescope.core.media.container import open_container
from framescope.core.media.stream_choice import as_fraction, choose_stream, list_candidates, stream_duration_s

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass
class Ratio:
    numerator: int
    denominator: int


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Fraction(24), Fraction(24)),
        (Ratio(30000, 1001), Fraction(30000, 1001)),
        (None, None),
        (Ratio(0, 1), None),
        (Ratio(1, 0), None),
    ],
)
def test_any_rational_becomes_a_fraction(given: object, expected: Fraction | None) -> None:
    assert as_fraction(given) == expected


def test_the_only_stream_is_taken(plain_clip: Path) -> None:
    with open_container(plain_clip) as container:
        best, reason = choose_stream(container, list_candidates(container), None)
        assert (best.choice.stream_index, best.choice.is_cover) == (0, False)
        assert best.choice.label == "#0 h264 160×120, 24 fps, default"
        assert reason == "It is the only video stream."
        assert stream_duration_s(container, best.stream) == pytest.approx(2.0, abs=0.1)


def test_a_cover_is_never_taken(clip: Callable[[str], Path]) -> None:
    with open_container(clip("cover_first.mp4")) as container:
        candidates = list_candidates(container)
        best, reason = choose_stream(container, candidates, None)
        assert [one.choice.is_cover for one in candidates].count(True) == 1
        assert not best.choice.is_cover
        assert "a cover picture cannot be it" in reason


def test_of_equals_the_larger_is_taken(clip: Callable[[str], Path]) -> None:
    with open_container(clip("two_videos.mkv")) as container:
        candidates = list_candidates(container)
        best, reason = choose_stream(container, candidates, None)
        assert (best.choice.width, best.choice.height) == (160, 120)
        assert "pixels × frames" in reason or "default" in reason
        wanted, reason = choose_stream(container, candidates, 0)
        assert (wanted.choice.width, reason) == (96, "You chose this stream.")


def test_a_stream_that_is_no_video_is_refused(clip: Callable[[str], Path]) -> None:
    with open_container(clip("two_videos.mkv")) as container:
        candidates = list_candidates(container)
        for index in (1, 9):
            with pytest.raises(NoVideoStreamError, match=f"Stream {index}") as caught:
                choose_stream(container, candidates, index)
            assert caught.value.hint == "Its video streams: 0, 2."


@pytest.mark.parametrize(
    ("name", "words"), [("audio_only.mkv", "sound but no video"), ("cover_only.mp4", "cover")]
)
def test_sound_alone_is_refused(name: str, words: str, refused_file: Callable[[str], Path]) -> None:
    with open_container(refused_file(name)) as container:
        candidates = list_candidates(container)
        with pytest.raises(NoVideoStreamError, match=words):
            choose_stream(container, candidates, None)
