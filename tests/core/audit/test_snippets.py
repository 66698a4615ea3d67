"""Every snippet is run, and its frame is the one that was on screen."""

from __future__ import annotations

import importlib.util
import json
import shlex
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from framescope.core.audit.records import (
    EngineTrial,
    FileAudit,
    Outcome,
    RequestResult,
    TrialState,
    Verdict,
    VerdictKind,
)
from framescope.core.audit.requests import Order
from framescope.core.audit.snippets import (
    TITLES,
    SnippetError,
    SnippetKind,
    SnippetRequest,
    frame_mappings,
    snippet,
    trusted_engines,
    unsound_engines,
)
from framescope.core.opencv import cv2
from framescope.core.source.opening import open_video
from tests.clips.remuxing import copy_packets, with_payload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clips.remuxing import VideoPacket

PYTHON_KINDS = {
    SnippetKind.FRAMESCOPE: "framescope",
    SnippetKind.OPENCV: "cv2",
    SnippetKind.PYAV: "av",
    SnippetKind.DECORD: "decord",
    SnippetKind.TORCHCODEC: "torchcodec",
    SnippetKind.TORCHCODEC_MAPPINGS: "torchcodec",
    SnippetKind.DEFFCODE: "deffcode",
}
CLIPS = ("h264.mp4", "gop_open.mp4", "h264.ts")
WRONG_WHEN_SEEKING = {
    SnippetKind.OPENCV: ("gop_open.mp4", "h264.ts"),
    SnippetKind.PYAV: ("h264.ts",),
    # It leaves out the first frames of the stream, even when it reads on.
    SnippetKind.DECORD: ("gop_open.mp4", "h264.ts"),
}
ALWAYS_WRONG = {
    SnippetKind.DECORD: ("h264.ts",),
    # They always seek, and a seek to the start of a stream without an index goes astray.
    SnippetKind.TORCHCODEC: ("h264.ts",),
    SnippetKind.TORCHCODEC_MAPPINGS: ("h264.ts",),
}
EVERYBODY = frozenset({"opencv", "pyav-exact", "decord"})


def request_for(path: Path, number: int, trusted: frozenset[str] = frozenset()) -> SnippetRequest:
    with open_video(path) as video:
        return SnippetRequest(
            str(path), number, video.index, stream_index=video.info.stream_index, trusted=trusted
        )


@cache
def all_frames(path: Path) -> list[np.ndarray[Any, np.dtype[np.int16]]]:
    with open_video(path) as video:
        return [frame.to_rgb(rotate=False).astype(np.int16) for frame in video.frames(range(len(video)))]


def nearest_frame(path: Path, image: np.ndarray[Any, np.dtype[np.uint8]]) -> int:
    """The frame that looks most like the picture; libraries convert colours in their own ways."""
    distances = [float(np.abs(frame - image).mean()) for frame in all_frames(path)]
    assert min(distances) < 25
    return int(np.argmin(distances))


def run(code: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    names: dict[str, Any] = {}
    exec(compile(code, "snippet", "exec"), names)
    image: np.ndarray[Any, np.dtype[np.uint8]] = names["image"]
    return image


# DeFFcode leaves the pipe of a program open that has ended by itself.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("trusted", [frozenset(), EVERYBODY], ids=["reading on", "seeking"])
@pytest.mark.parametrize("kind", list(PYTHON_KINDS))
def test_python_snippets_fetch_the_frame(
    kind: SnippetKind, trusted: frozenset[str], clip: Callable[[str], Path]
) -> None:
    if importlib.util.find_spec(PYTHON_KINDS[kind]) is None:
        pytest.skip(f"{PYTHON_KINDS[kind]} is not installed")
    if kind is SnippetKind.DEFFCODE and (trusted or shutil.which("ffmpeg") is None):
        pytest.skip("it only reads on, with ffmpeg")
    for name in CLIPS:
        if name in ALWAYS_WRONG.get(kind, ()) or (trusted and name in WRONG_WHEN_SEEKING.get(kind, ())):
            continue
        path = clip(name)
        for number in (0, 11, 25, 47):
            image = run(snippet(kind, request_for(path, number, trusted)))
            image = image[..., ::-1] if kind is SnippetKind.OPENCV else image
            assert nearest_frame(path, image) == number, (name, number)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="the ffmpeg program is not installed")
def test_the_ffmpeg_command_fetches_the_frame(clip: Callable[[str], Path], tmp_path: Path) -> None:
    for name in CLIPS:
        path = clip(name)
        command = snippet(SnippetKind.FFMPEG, request_for(path, 29))
        subprocess.run(shlex.split(command), cwd=tmp_path, check=True)
        picture = cv2.imread(str(tmp_path / "frame_000029.png"))
        assert picture is not None
        assert nearest_frame(path, np.asarray(picture[..., ::-1], np.uint8)) == 29
        (tmp_path / "frame_000029.png").unlink()


@pytest.mark.parametrize("kind", [SnippetKind.OPENCV, SnippetKind.PYAV])
def test_snippets_read_on_after_a_damaged_packet(kind: SnippetKind, plain_clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.mp4"

    def edit(number: int, packet: VideoPacket) -> VideoPacket:
        return with_payload(packet, b"\xff" * packet.size) if number == 20 else packet

    copy_packets(plain_clip, path, edit)
    total = len(all_frames(path))
    assert total < 48, "a packet was lost"
    for number in (10, 30, total - 1):
        image = run(snippet(kind, request_for(path, number)))
        image = image[..., ::-1] if kind is SnippetKind.OPENCV else image
        assert nearest_frame(path, image) == number


def test_paths_are_quoted(plain_clip: Path) -> None:
    path = 'it\'s "here" $HOME\\x.mp4'
    request = request_for(plain_clip, 3)
    request = SnippetRequest(path, request.frame_number, request.index)
    assert shlex.split(snippet(SnippetKind.FFMPEG, request))[4] == path
    for kind in PYTHON_KINDS:
        code = snippet(kind, request)
        compile(code, "snippet", "exec")
        assert repr(path) in code


def test_a_frame_that_is_not_there_is_refused(plain_clip: Path) -> None:
    request = request_for(plain_clip, 48)
    with pytest.raises(IndexError):
        snippet(SnippetKind.OPENCV, request)


def test_a_library_that_does_not_show_the_file_has_no_snippet(plain_clip: Path) -> None:
    request = replace(request_for(plain_clip, 3), unsound=frozenset({"decord"}))
    with pytest.raises(SnippetError):
        snippet(SnippetKind.DECORD, request)
    assert snippet(SnippetKind.OPENCV, request)


def test_torchcodec_has_no_snippet_where_its_seeks_are_wrong(plain_clip: Path) -> None:
    def found(kind: VerdictKind) -> frozenset[str]:
        trial = EngineTrial("torchcodec-exact", "", "", "1", TrialState.DONE, verdict=Verdict(kind, ""))
        return unsound_engines(FileAudit("x", None, None, (trial,)))

    assert found(VerdictKind.TRUSTWORTHY) == found(VerdictKind.NOT_TRIED) == frozenset()
    request = replace(request_for(plain_clip, 3), unsound=found(VerdictKind.UNRELIABLE))
    for kind in (SnippetKind.TORCHCODEC, SnippetKind.TORCHCODEC_MAPPINGS):
        assert "This may not be exact" in snippet(kind, request_for(plain_clip, 3))
        assert "may not be exact" not in snippet(
            kind, request_for(plain_clip, 3, frozenset({"torchcodec-exact"}))
        )
        with pytest.raises(SnippetError):
            snippet(kind, request)


def test_every_kind_has_a_title() -> None:
    assert set(TITLES) == set(SnippetKind)


def test_the_mappings_hold_every_frame(plain_clip: Path) -> None:
    frames = json.loads(frame_mappings(request_for(plain_clip, 0).index))["frames"]
    assert len(frames) == 48
    assert [place for place, frame in enumerate(frames) if frame["key_frame"]] == [0, 12, 24, 36]
    assert {frame["duration"] for frame in frames} == {frames[0]["duration"]}


def test_mappings_need_timestamps(media_file: Callable[[str], Path]) -> None:
    for name in ("raw_hevc.265", "mpeg4_packed_b.avi"):
        with pytest.raises(SnippetError):
            frame_mappings(request_for(media_file(name), 0).index)


def test_only_exact_engines_are_trusted() -> None:
    def trial(name: str, kind: VerdictKind) -> EngineTrial:
        asked = (RequestResult(7, Order.FORWARD, Outcome.EXACT, 7),)
        return EngineTrial(name, name, "", "1", TrialState.DONE, requests=asked, verdict=Verdict(kind, ""))

    trials = (trial("opencv", VerdictKind.DRIFTS), trial("decord", VerdictKind.TRUSTWORTHY))
    audit = FileAudit("x", None, None, trials)
    assert trusted_engines(audit, 7) == {"decord"}
    assert trusted_engines(audit, 8) == frozenset(), "nobody asked for it, and not every frame was asked for"
    assert trusted_engines(None, 7) == frozenset()


def test_engines_that_cannot_read_are_unsound() -> None:
    one = EngineTrial("decord", "", "", "1", TrialState.DONE, verdict=Verdict(VerdictKind.CANNOT_READ, ""))
    assert unsound_engines(FileAudit("x", None, None, (one,))) == {"decord"}
    assert unsound_engines(None) == frozenset()
