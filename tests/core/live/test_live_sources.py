"""Frames received from senders on loopback: each shows its own number, whatever the way it came."""

from __future__ import annotations

import operator
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import FrameScopeError, FrameUnavailableError, OpenError, UnsupportedMediaError
from framescope.core.live.address import live_name
from framescope.core.live.ring import Limits
from framescope.core.live.source import begin_live, end_live
from framescope.core.source.opening import known_video, open_video
from framescope.core.synth.number_blocks import read_number
from tests.core.live.senders import (
    datagrams,
    free_port,
    http_sender,
    numbered_stream,
    pipe_sender,
    udp_sender,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framescope.core.live.receiver import Receiver
    from framescope.core.live.ring import PacketRing
    from framescope.core.media.video import Video
    from framescope.core.model.frame import Frame

LONGEST_S = 30.0

needs_pipes = pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")


def number_in(frame: Frame) -> int | None:
    return read_number(frame.to_rgb())


def wait_until(is_so: Callable[[], bool]) -> None:
    end_s = time.monotonic() + LONGEST_S
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.01)


@pytest.fixture
def receive() -> Iterator[Callable[..., Receiver]]:
    begun: list[Receiver] = []

    def begin(source: str, limits: Limits | None = None) -> Receiver:
        begun.append(begin_live(live_name(source), limits))
        return begun[-1]

    yield begin
    for one in begun:
        end_live(one.address.name)
        one.close()


def video_of(ring: PacketRing) -> Video:
    return known_video(ring.segments[0].info, ring.index(), cache_bytes=1)


@pytest.mark.parametrize(
    "form",
    ["rtmp://{}/live/key{}", "live+http://{}/?id={}", "tcp://{}?timeout={}"],
)
def test_addresses_that_differ_only_in_secrets_are_received_each(
    form: str, receive: Callable[..., Receiver]
) -> None:
    # It takes connections and says nothing.
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"127.0.0.1:{server.getsockname()[1]}"
        first, second, again = (receive(form.format(host, number)) for number in (101, 102, 101))
        assert first is again
        assert [one.address.opens[-3:] for one in (first, second)] == ["101", "102"]
        assert first.address.name != second.address.name
        assert "102" not in second.address.name.replace(host, "")


@needs_pipes
@pytest.mark.parametrize(
    ("form", "codec", "b_frames", "options"),
    [
        ("mpegts", "libx264", 0, {"tune": "zerolatency"}),
        ("mpegts", "libx264", 3, {"x264-params": "open-gop=1:b-pyramid=normal"}),
        ("matroska", "libx264", 3, {}),
        ("matroska", "libvpx-vp9", 0, {"auto-alt-ref": "1", "lag-in-frames": "10", "deadline": "realtime"}),
        ("mpegts", "libx265", 3, {"x265-params": "open-gop=1:keyint=12:log-level=none"}),
        ("webm", "libvpx", 0, {"auto-alt-ref": "1", "lag-in-frames": "10", "deadline": "realtime"}),
        ("mpegts", "mpeg2video", 2, {}),
        ("nut", "mjpeg", 0, {}),
        ("nut", "rawvideo", 0, {}),
        ("matroska", "ffv1", 0, {}),
    ],
)
def test_every_frame_of_a_pipe_shows_its_own_number(
    form: str, codec: str, b_frames: int, options: dict[str, str], tmp_path: Path
) -> None:
    stream = numbered_stream(100, 60, form=form, codec=codec, b_frames=b_frames, options=options)
    path = tmp_path / "pipe"
    with (
        pipe_sender(path, [stream]),
        open_video(live_name(str(path)), cache_bytes=1) as video,
    ):
        shown = [number_in(frame) for frame in video]
        assert shown == list(range(100, 160))
        for frame_number in (59, 0, 30, 31, 12, 11, 13, 58, 1):
            assert number_in(video.frame(frame_number)) == 100 + frame_number


@needs_pipes
def test_frames_are_read_while_more_arrive(tmp_path: Path, receive: Callable[..., Receiver]) -> None:
    stream = numbered_stream(0, 120)
    path = tmp_path / "pipe"
    half = len(stream) // 2
    with pipe_sender(path, [stream[:half], stream[half:]]) as go_on:
        ring = receive(str(path)).ring()
        assert ring.await_frames(30, LONGEST_S)
        with video_of(ring) as video:
            before = video.index
            assert number_in(video.frame(len(before) - 1)) == len(before) - 1
            assert number_in(video.frame(3)) == 3
            go_on.set()
            wait_until(lambda: ring.has_ended)
            video.adopt_index(ring.index())
            assert len(video) == 120
            assert video.index.extends(before)
            assert [number_in(frame) for frame in video] == list(range(120))


@needs_pipes
def test_frames_that_left_are_refused_by_number(tmp_path: Path, receive: Callable[..., Receiver]) -> None:
    stream = numbered_stream(0, 240, gop=12, options={"x264-params": "open-gop=1"})
    path = tmp_path / "pipe"
    with pipe_sender(path, [stream]):
        ring = receive(str(path), Limits(seconds=1e6, size_bytes=len(stream) // 4)).ring()
        wait_until(lambda: ring.has_ended)
    state = ring.state()
    assert state.frames == 240
    assert 0 < state.first_frame < 239
    assert state.held_bytes <= len(stream) // 4
    with video_of(ring) as video:
        for number in range(240):
            if number >= state.first_frame:
                assert number_in(video.frame(number)) == number
            else:
                with pytest.raises(FrameUnavailableError, match="has left the ring buffer") as caught:
                    video.frame(number)
                assert caught.value.frame_number == number
                assert str(state.first_frame) in caught.value.message


def test_datagrams_that_are_lost_cost_only_what_depends_on_them(receive: Callable[..., Receiver]) -> None:
    port = free_port(socket.SOCK_DGRAM)
    # Larger pictures, so that a datagram is a part of one.
    stream = numbered_stream(0, 200, size=(320, 240), options={"tune": "zerolatency"})
    total = len(datagrams(stream))
    pieces = datagrams(stream, lost=range(total // 2, total, total // 10))
    receiver = receive(f"udp://127.0.0.1:{port}?fifo_size=100000")
    with udp_sender(port, pieces):
        ring = receiver.ring()
        assert ring.await_frames(100, LONGEST_S)
        wait_until(lambda: ring.frame_count >= 150)
        receiver.stop()
    with video_of(ring) as video:
        shown: dict[int, int] = {}
        for answer in video.try_frames(list(range(len(video)))):
            if not isinstance(answer, FrameUnavailableError) and not answer.is_damaged:
                number = number_in(answer)
                assert number is not None
                shown[answer.frame_number] = number
                assert number == round(answer.time_s * 25) + shown[0], "a frame has the time of another"
        assert len(shown) >= 50
        assert list(shown.values()) == sorted(set(shown.values()))
        assert len(shown) < len(video), "losses must be marked"


def test_a_lost_connection_is_made_again_and_the_gap_is_visible(receive: Callable[..., Receiver]) -> None:
    bodies = [numbered_stream(0, 40), numbered_stream(500, 50, size=(160, 128))]
    with http_sender(bodies) as address:
        receiver = receive(address)
        ring = receiver.ring()
        wait_until(lambda: ring.frame_count >= 85)
        receiver.close()
    state = ring.state()
    assert state.frames == 90
    (gap,) = state.gaps
    assert gap.frame_number == 40
    index = ring.index()
    assert "Before frame 40 " in index.notes[0]
    assert (index.pts[1:] > index.pts[:-1]).all()
    with video_of(ring) as video:
        assert [number_in(frame) for frame in video] == [*range(40), *range(500, 550)]
        assert video.frame(39).to_rgb().shape == (96, 128, 3)
        assert video.frame(41).to_rgb().shape == (128, 160, 3)
        assert number_in(video.frame(2)) == 2


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="the ffmpeg program is not installed")
def test_rtsp_that_is_pushed(tmp_path: Path, receive: Callable[..., Receiver]) -> None:
    path = tmp_path / "numbers.ts"
    path.write_bytes(numbered_stream(0, 75, options={"tune": "zerolatency"}))
    address = f"rtsp://127.0.0.1:{free_port()}/live"
    receiver = receive(f"{address}#listen")
    command = ["ffmpeg", "-v", "error", "-i", os.fspath(path), "-c", "copy", "-f", "rtsp"]
    command += ["-rtsp_transport", "tcp", address]
    end_s = time.monotonic() + LONGEST_S
    # Until FrameScope listens, the connection is refused.
    while subprocess.run(command, check=False, timeout=LONGEST_S, capture_output=True).returncode:
        assert time.monotonic() < end_s
        time.sleep(0.1)
    ring = receiver.ring()
    wait_until(lambda: ring.frame_count >= 70)
    receiver.stop()
    with video_of(ring) as video:
        # Of the last frames, stopping may have cut off B-frames that come after those they are shown before.
        assert [number_in(frame) for frame in video[:70]] == list(range(70))


def test_what_cannot_be_received_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"no video at all " * 1000)
    with pytest.raises(UnsupportedMediaError, match="not a video"):
        open_video(live_name(str(path)))
    with pytest.raises(OpenError):
        open_video(live_name(str(tmp_path / "nothing")))
    with pytest.raises(OpenError, match="not a complete address"):
        open_video("rtsp://")


def test_passwords_are_in_no_message_and_no_name() -> None:
    address = f"rtsp://user:secret@127.0.0.1:{free_port()}/live?token=secret"
    with pytest.raises(FrameScopeError) as caught:
        open_video(address)
    assert "127.0.0.1" in caught.value.message
    assert "secret" not in caught.value.in_full


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked there")
def test_what_was_opened_and_closed_keeps_neither_threads_nor_files(tmp_path: Path) -> None:
    path = tmp_path / "numbers.ts"
    path.write_bytes(numbered_stream(0, 30))
    before: tuple[int, int] | None = None
    for _ in range(8):
        with open_video(live_name(str(path)), frames_wanted=10) as video:
            assert number_in(video.frame(7)) == 7
        # The first one may have set up what stays.
        before = before or resources()
    wait_until(lambda: before is not None and all(map(operator.le, resources(), before)))


def resources() -> tuple[int, int]:
    return threading.active_count(), sum(1 for _ in Path("/dev/fd").iterdir())
