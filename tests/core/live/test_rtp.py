"""RTP in datagrams: no frame that a loss has touched passes for whole, and a sender may come back."""

from __future__ import annotations

import io
import os
import random
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from framescope.core.errors import FrameUnavailableError
from framescope.core.live import receiver as module
from framescope.core.live.address import live_name
from framescope.core.live.source import begin_live, end_live
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged
from framescope.core.pyav import open_input
from framescope.core.source.opening import known_video
from framescope.core.synth.number_blocks import read_number
from tests.core.live.senders import RtpClip, free_port, numbered_stream, rtp_clip, send_rtp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.live.receiver import Receiver
    from framescope.core.live.ring import PacketRing

pytestmark = pytest.mark.skipif(os.name != "posix", reason="FFmpeg's messages are not read")

COUNT, GOP = 96, 12
QUIET = "scenecut=0:keyint=12:min-keyint=12"


class Sent(NamedTuple):
    """A clip to send, and what its frames show."""

    clip: RtpClip
    pictures: list[NDArray[np.uint8]]


CASES = {
    "H264": ("libx264", "mpegts", {"tune": "zerolatency", "x264-params": f"{QUIET}:slices=4"}),
    "H264-cavlc": ("libx264", "mpegts", {"x264-params": f"{QUIET}:cabac=0:bframes=2"}),
    "H265": ("libx265", "mpegts", {"preset": "ultrafast", "x265-params": f"log-level=none:{QUIET}"}),
    "VP9": ("libvpx-vp9", "matroska", {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}),
}


def sent_of(name: str) -> Sent:
    codec, form, options = CASES[name]
    stream = numbered_stream(
        0, COUNT, form=form, codec=codec, size=(320, 240), gop=GOP, options=options, is_busy=True
    )
    with open_input(io.BytesIO(stream)) as container:
        pictures = [np.asarray(frame.to_ndarray(), np.uint8) for frame in container.decode(video=0)]
    return Sent(rtp_clip(stream, name.partition("-")[0], most_bytes=1000), pictures)


@contextmanager
def receiving(clip: RtpClip, folder: Path) -> Iterator[tuple[Receiver, int]]:
    """A receiver that waits for the clip, and its port."""
    # The port after it is that of RTCP.
    port = free_port(socket.SOCK_DGRAM) & ~1
    path = folder / "stream.sdp"
    path.write_text(clip.description.format(port=port))
    with ffmpeg_messages_logged():
        one = begin_live(live_name(str(path)))
        try:
            yield one, port
        finally:
            end_live(one.address.name)
            one.close()


def settle(ring: PacketRing) -> None:
    """Wait until no more frames come."""
    while ring.await_frames(ring.frame_count + 1, 0.5):
        pass


class Judged(NamedTuple):
    """Frames by what they show and how they are marked."""

    whole: int
    whole_but_marked: int
    broken: int
    broken_but_unmarked: list[int]


def judge(ring: PacketRing, pictures: list[NDArray[np.uint8]]) -> Judged:
    whole = marked = broken = 0
    unmarked: list[int] = []
    with known_video(ring.segments[0].info, ring.index(), cache_bytes=1) as video:
        for answer in video.try_frames(range(len(video))):
            if isinstance(answer, FrameUnavailableError):
                continue
            planes = np.concatenate([plane.ravel() for plane in answer.planes()])
            number = read_number(answer.to_rgb())
            is_known = number is not None and number < len(pictures)
            if number is not None and is_known and np.array_equal(planes, pictures[number].ravel()):
                whole, marked = whole + 1, marked + answer.is_damaged
            else:
                broken += 1
                unmarked += [] if answer.is_damaged else [answer.frame_number]
    return Judged(whole, marked, broken, unmarked)


@pytest.mark.parametrize("name", CASES)
def test_every_frame_that_a_loss_has_touched_is_marked(name: str, tmp_path: Path) -> None:
    clip, pictures = sent_of(name)
    chance, total = random.Random(name), len(clip.datagrams)
    # Six losses, of up to three datagrams, after what FFmpeg recognises the stream by.
    lost = {
        number
        for start in chance.sample(range(total // 3, total - 8), 6)
        for number in range(start, start + chance.randint(1, 3))
    }
    with receiving(clip, tmp_path) as (receiver, port):
        send_rtp((one for number, one in enumerate(clip.datagrams) if number not in lost), port)
        ring = receiver.ring()
        settle(ring)
        receiver.stop()
        found = judge(ring, pictures)
    assert found.broken_but_unmarked == []
    assert found.broken
    # A GOP for each loss may have to be marked, but no more.
    assert found.whole - found.whole_but_marked > COUNT // 4


def test_without_a_loss_no_frame_is_marked(tmp_path: Path) -> None:
    clip, pictures = sent_of("H264")
    with receiving(clip, tmp_path) as (receiver, port):
        send_rtp(clip.datagrams, port)
        ring = receiver.ring()
        settle(ring)
        receiver.stop()
        # The last one is not passed on before the next one has begun.
        assert judge(ring, pictures) == (COUNT - 1, 0, 0, [])


def test_a_sender_that_stops_midway_leaves_a_gap_and_may_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_SILENCE_S", 1.0)
    clip, pictures = sent_of("H264")
    # In the middle of a frame; FFmpeg passes on what it has of it.
    half = len(clip.datagrams) // 2
    with receiving(clip, tmp_path) as (receiver, port):
        send_rtp(clip.datagrams[:half], port)
        ring = receiver.ring()
        deadline_s = time.monotonic() + 20
        while "connection lost" not in caplog.text:
            assert time.monotonic() < deadline_s
            time.sleep(0.01)
        before = ring.frame_count
        send_rtp(clip.datagrams, port)
        assert ring.await_frames(before + COUNT // 2, 20)
        receiver.stop()
        (gap,) = ring.state().gaps
        assert gap.seconds >= 1.0
        found = judge(ring, pictures)
    assert found.broken_but_unmarked == []
    assert ring.segment_of(int(ring.index().packet_numbers[-1])) == 1


def test_a_loss_marks_frames_of_its_own_source_only(tmp_path: Path) -> None:
    clip, pictures = sent_of("H264")
    total = len(clip.datagrams)
    lost = {number for start in range(total // 2, total - 8, total // 12) for number in (start, start + 1)}
    (tmp_path / "whole").mkdir()
    with (
        receiving(clip, tmp_path) as (lossy, lossy_port),
        receiving(clip, tmp_path / "whole") as (whole, port),
    ):

        def both() -> Iterator[bytes]:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                for number, one in enumerate(clip.datagrams):
                    if number not in lost:
                        out.sendto(one, ("127.0.0.1", lossy_port))
                    yield one

        send_rtp((), lossy_port)
        send_rtp(both(), port)
        for one in (lossy, whole):
            settle(one.ring())
            one.stop()
        assert judge(whole.ring(), pictures) == (COUNT - 1, 0, 0, [])
        found = judge(lossy.ring(), pictures)
    assert found.broken
    assert found.broken_but_unmarked == []
