"""A web server that ends connections early, or goes away: never a shorter video, never another frame."""

from __future__ import annotations

import errno
import re
import threading
import wave
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import av.error
import numpy as np
import pytest

from framescope.core.errors import FrameScopeError, OpenError
from framescope.core.media.container import open_container
from framescope.core.media.packet_scan import read_packets
from framescope.core.media.picture.planes import frame_planes
from framescope.core.sound.reading import SoundReader
from framescope.core.source.opening import open_video
from tests.clips.truth import decode_in_sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from av.container import InputContainer


class Unsteady(ThreadingHTTPServer):
    """Serves one file in ranges, ``longest`` bytes a connection, until it ``is_gone``."""

    daemon_threads = True
    content = b""
    longest = 1 << 40
    is_gone = False


class _Handler(BaseHTTPRequestHandler):
    server: Unsteady

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        del format, args

    def do_GET(self) -> None:
        if self.server.is_gone:
            self.send_error(503)
            return
        content = self.server.content
        match = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "bytes=0-"))
        assert match is not None
        first = int(match[1])
        if first >= len(content):
            self.send_error(416)
            return
        body = content[first : int(match[2]) + 1 if match[2] else None]
        self.send_response(206)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Range", f"bytes {first}-{first + len(body) - 1}/{len(content)}")
        self.end_headers()
        # Less than was announced: the connection ends in the middle.
        self.wfile.write(body[: self.server.longest])


@pytest.fixture
def server() -> Iterator[Unsteady]:
    with Unsteady(("127.0.0.1", 0), _Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def address_of(server: Unsteady, path: Path) -> str:
    server.content = path.read_bytes()
    return f"http://127.0.0.1:{server.server_port}/{path.name}"


@pytest.mark.parametrize("name", ["h264.mp4", "h264.mkv", "gop_mpeg2_closed.ts"])
def test_a_connection_that_ends_early_is_made_again(
    server: Unsteady, clip: Callable[[str], Path], name: str
) -> None:
    path = clip(name)
    address = address_of(server, path)
    server.longest = len(server.content) // 3
    truth = [frame_planes(frame)[0] for frame in decode_in_sequence(path)]
    with open_video(address, use_index_cache=False) as video:
        assert len(video) == len(truth)
        for number in (0, len(truth) - 1, len(truth) // 2):
            planes = video.frame(number).planes()
            np.testing.assert_array_equal(planes[0], truth[number])


@pytest.mark.parametrize("name", ["h264.mkv", "gop_mpeg2_closed.ts"])
def test_a_server_that_goes_away_while_it_is_indexed_is_no_shorter_video(
    server: Unsteady, clip: Callable[[str], Path], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = address_of(server, clip(name))
    server.longest = len(server.content) // 3

    def opens_and_goes(source: str) -> object:
        container = open_container(source)
        server.is_gone = True
        return container

    monkeypatch.setattr("framescope.core.media.index_builder.open_container", opens_and_goes)
    with pytest.raises(OpenError, match=re.escape(address)):
        open_video(address, use_index_cache=False)


@pytest.mark.parametrize("is_gone", [True, False])
def test_the_end_of_a_connection_is_not_the_end_of_the_video(
    server: Unsteady, clip: Callable[[str], Path], *, is_gone: bool
) -> None:
    address = address_of(server, clip("h264.mkv"))
    with open_container(address) as container:
        stream = container.streams.video[0]
        packets = read_packets(_Failing(container, address), stream)  # type: ignore[arg-type]
        server.is_gone = is_gone
        if is_gone:
            with pytest.raises(OpenError, match=r"The connection to http.* was lost"):
                list(packets)
        else:
            # The server answers: the file itself ends here.
            assert len(list(packets)) == 3


def test_the_end_of_a_connection_is_not_the_end_of_the_sound(server: Unsteady, tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    with wave.open(str(path), "wb") as made:
        made.setparams((1, 2, 8000, 0, "NONE", ""))
        made.writeframes(bytes(8000 * 2 * 60))
    address = address_of(server, path)
    with SoundReader(address, 0, Fraction(0)) as reader:
        blocks = reader.blocks()
        next(blocks)
        server.longest = len(server.content) // 8
        assert sum(samples.shape[1] for _, samples in reader.blocks()) == 8000 * 60
    with SoundReader(address, 0, Fraction(0)) as reader:
        server.is_gone = True
        with pytest.raises(OpenError, match=re.escape(address)):
            list(reader.blocks())


class _Failing:
    """A container whose connection ends after three packets."""

    def __init__(self, container: InputContainer, name: str) -> None:
        self._packets = container.demux(container.streams.video[0])
        self.name = name

    def demux(self, *_: object) -> Iterator[object]:
        for _number, packet in zip(range(3), self._packets, strict=False):
            yield packet
        self._packets = iter(())
        raise av.error.OSError(errno.EIO, "Input/output error")


def test_a_server_that_goes_away_is_named_and_its_frames_come_when_it_is_back(
    server: Unsteady, clip: Callable[[str], Path]
) -> None:
    path = clip("h264.mkv")
    address = address_of(server, path)
    with open_video(address, use_index_cache=False, cache_bytes=0) as video:
        server.longest, server.is_gone = len(server.content) // 4, True
        with pytest.raises(FrameScopeError) as caught:
            video.frame(len(video) - 1)
        assert address in caught.value.message
        server.longest, server.is_gone = 1 << 40, False
        truth = frame_planes(list(decode_in_sequence(path))[-1])[0]
        np.testing.assert_array_equal(video.frame(len(video) - 1).planes()[0], truth)
