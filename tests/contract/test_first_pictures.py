"""The picture that opening a file decodes anyway: where it is shown as frame 0, it is frame 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.media.decoding.first_frame import first_frame
from framescope.core.media.index_builder import Counting, build_index
from framescope.core.media.probe import FirstDecoded, probe
from framescope.core.source.opening import known_video
from tests.clips.oddities import ALL_CLIPS
from tests.clips.real_media import real_media_rows
from tests.clips.remuxing import copy_packets, with_payload
from tests.contract.checks import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope import Frame
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from tests.clips.catalog import Clip
    from tests.clips.remuxing import VideoPacket
    from tests.contract.conftest import Truths

REAL = [
    row["file"]
    for row in real_media_rows()
    if row["n_pyav_decode"].isdigit() and int(row["n_pyav_decode"]) and not row["file"].endswith(".m4a")
]
"""Pictures in .m4a files are covers."""
counted = pytest.mark.parametrize("counting", [Counting.AUTO, Counting.PACKETS])


def opened(path: Path, counting: Counting) -> tuple[VideoInfo, FrameIndex, Frame | None]:
    """What is known of a file after opening it, and the picture that came with that."""
    decoded: list[FirstDecoded] = []
    info = probe(path, on_first=decoded.append)
    assert info == probe(path)
    index = build_index(info, counting=counting)
    return info, index, first_frame(info, index, decoded[0]) if decoded else None


@counted
@pytest.mark.parametrize("entry", ALL_CLIPS, ids=lambda entry: entry.name)
def test_it_is_the_first_frame_of_a_sequential_decode(
    entry: Clip, counting: Counting, clip: Callable[[str], Path], truth_of: Truths
) -> None:
    info, _, frame = opened(clip(entry.name), counting)
    if frame is not None:
        first = truth_of(clip(entry.name), info.stream_index)[0]
        assert (digest_of(frame), frame.pts) == (first.digest, first.pts)
        assert not frame.is_damaged
    elif entry.name in {"h264.mp4", "h264.mkv", "hevc.mp4", "av1.mp4"}:
        pytest.fail("It is decoded again.")


@pytest.mark.parametrize("name", REAL)
def test_it_is_that_of_real_files(name: str, media_file: Callable[[str], Path], truth_of: Truths) -> None:
    info, _, frame = opened(media_file(name), Counting.AUTO)
    if frame is not None:
        first = truth_of(media_file(name), info.stream_index)[0]
        assert (digest_of(frame), frame.pts) == (first.digest, first.pts)


@pytest.mark.parametrize("keeps", [0.3, 0.9])
@pytest.mark.parametrize("tail", [b"", b"\x5a"])
@pytest.mark.parametrize("name", ["h264.mp4", "h264.ts", "hevc.mp4", "mpeg2.ts", "vp9.webm", "mjpeg.mov"])
def test_a_damaged_one_is_not_taken_for_it(
    name: str, keeps: float, tail: bytes, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    """As the reader decides, which has to mark it. Nothing is known of a long file but its packets."""

    def edit(place: int, packet: VideoPacket) -> VideoPacket:
        if place:
            return packet
        payload = bytes(packet)
        kept = payload[: int(len(payload) * keeps)]
        return with_payload(packet, kept + tail * (len(payload) - len(kept)))

    path = tmp_path / name
    copy_packets(clip(name), path, edit)
    info, index, frame = opened(path, Counting.PACKETS)
    if frame is not None:
        with known_video(info, index) as video:
            read = video.frame(0)
        assert (digest_of(frame), frame.pts, frame.is_damaged) == (digest_of(read), read.pts, read.is_damaged)
