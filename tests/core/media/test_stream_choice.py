"""Covers are never the video; the default comes first, then the largest."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import NoVideoStreamError
from framescope.core.media.container import open_container
from framescope.core.media.probe import probe
from framescope.core.media.stream_choice import (
    Candidate,
    choose_stream,
    list_candidates,
    stream_duration_s,
)
from framescope.core.source.opening import open_video
from tests.clips.remuxing import add_empty_track, empty_last_track

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from av.container import InputContainer


@pytest.fixture
def container(clip: Callable[[str], Path]) -> Iterator[InputContainer]:
    """Two video streams: 96 × 64 with 24 frames, then 160 × 120 with 36."""
    with open_container(clip("two_videos.mp4")) as opened:
        yield opened


def with_choice(candidate: Candidate, **changes: object) -> Candidate:
    return replace(candidate, choice=replace(candidate.choice, **changes))  # type: ignore[arg-type]


def test_the_largest_of_equals_is_taken(container: InputContainer) -> None:
    candidates = [with_choice(each, is_default=True) for each in list_candidates(container)]
    chosen, reason = choose_stream(container, candidates, None)
    assert (chosen.choice.width, chosen.frames_estimated) == (160, 36)
    assert "most pixels × frames" in reason


def test_the_default_beats_the_largest(container: InputContainer) -> None:
    small, large = list_candidates(container)
    candidates = [with_choice(small, is_default=True), with_choice(large, is_default=False)]
    chosen, reason = choose_stream(container, candidates, None)
    assert chosen.choice.width == 96
    assert "default" in reason


def test_the_first_of_twins_is_taken(container: InputContainer) -> None:
    small, _ = list_candidates(container)
    twins = [with_choice(small, is_default=False), with_choice(small, is_default=False, stream_index=7)]
    chosen, reason = choose_stream(container, twins, None)
    assert chosen.choice.stream_index == small.choice.stream_index
    assert reason == "It is the first of several equal video streams."


def test_a_cover_is_not_chosen_even_if_it_is_the_default_and_larger(container: InputContainer) -> None:
    small, large = list_candidates(container)
    candidates = [small, with_choice(large, is_cover=True, is_default=True)]
    chosen, reason = choose_stream(container, candidates, None)
    assert chosen is small
    assert "cover picture cannot be used" in reason


def test_only_covers_are_no_video(container: InputContainer) -> None:
    covers = [with_choice(each, is_cover=True) for each in list_candidates(container)]
    with pytest.raises(NoVideoStreamError, match="cover art"):
        choose_stream(container, covers, None)
    assert choose_stream(container, covers, 2)[0].choice.stream_index == 2


@pytest.mark.parametrize("name", ["cover_first.mp4"])
def test_an_attached_picture_is_known_as_a_cover(name: str, clip: Callable[[str], Path]) -> None:
    with open_container(clip(name)) as opened:
        candidates = list_candidates(opened)
        assert [each.choice.is_cover for each in candidates].count(True) == 1
        assert "cover picture" in next(each.choice.label for each in candidates if each.choice.is_cover)
        assert not choose_stream(opened, candidates, None)[0].choice.is_cover


@pytest.mark.parametrize(
    ("name", "words"), [("audio_only.m4a", "audio but no video"), ("audio_only.mkv", "audio but no video")]
)
def test_sound_alone_is_named(name: str, words: str, refused_file: Callable[[str], Path]) -> None:
    with open_container(refused_file(name)) as opened, pytest.raises(NoVideoStreamError, match=words):
        choose_stream(opened, list_candidates(opened), None)


def test_a_wrong_number_lists_the_right_ones(container: InputContainer) -> None:
    with pytest.raises(NoVideoStreamError) as caught:
        choose_stream(container, list_candidates(container), 5)
    assert "0, 2" in caught.value.hint


def test_durations_come_from_the_stream_then_from_the_container(
    container: InputContainer, clip: Callable[[str], Path]
) -> None:
    assert stream_duration_s(container, container.streams.video[0]) == pytest.approx(1.0)
    with open_container(clip("h264.mkv")) as matroska:
        assert stream_duration_s(matroska, matroska.streams.video[0]) == pytest.approx(2.0, abs=0.1)
    with open_container(clip("h264.h264")) as raw:
        assert stream_duration_s(raw, raw.streams.video[0]) is None


@pytest.mark.parametrize(
    ("declared", "known"),
    [(90_000, 1.0), (-5, None), (0, None), (None, None), (1 << 62, None), (-(1 << 63), None)],
)
def test_a_duration_that_no_video_has_is_unknown(declared: int | None, known: float | None) -> None:
    stream = SimpleNamespace(time_base=Fraction(1, 90_000), duration=declared)
    container = SimpleNamespace(duration=declared and declared * 1000)
    assert stream_duration_s(container, stream) == known  # type: ignore[arg-type]


def test_a_default_track_that_is_empty_is_not_chosen(clip: Callable[[str], Path], tmp_path: Path) -> None:
    add_empty_track(clip("h264.mkv"), tmp_path / "empty.mkv")
    with open_video(tmp_path / "empty.mkv", use_index_cache=False) as video:
        assert (video.info.codec, len(video)) == ("h264", 48)
        assert "the only one of the 2 video streams that is not empty" in video.info.stream_reason


def test_a_larger_track_that_is_empty_is_not_chosen(clip: Callable[[str], Path], tmp_path: Path) -> None:
    empty_last_track(clip("two_videos.mp4"), tmp_path / "empty.mp4")
    with open_video(tmp_path / "empty.mp4", use_index_cache=False) as video:
        assert (video.info.width, len(video)) == (96, 24)
    assert probe(tmp_path / "empty.mp4", stream_index=video.info.stream_index).width == 96
