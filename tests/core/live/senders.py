"""Senders on loopback for the tests of live sources; the numbers drawn in their pictures are the truth."""

from __future__ import annotations

import io
import os
import socket
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast

import av
import numpy as np

from framescope.core.pyav import open_input
from framescope.core.synth.number_blocks import draw_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

RATE = 25
TS_PACKET = 188


def numbered_stream(  # noqa: PLR0913 - each is named at the call
    first: int,
    count: int,
    *,
    form: str = "mpegts",
    codec: str = "libx264",
    size: tuple[int, int] = (128, 96),
    gop: int = 12,
    b_frames: int = 3,
    options: dict[str, str] | None = None,
    is_busy: bool = False,
) -> bytes:
    """A stream whose pictures show ``first``, ``first + 1`` …, at 25 frames per second.

    They have one colour besides the number, or with ``is_busy`` coarse noise that moves.
    """
    width, height = size
    noise = np.random.default_rng(first).integers(0, 255, (height // 8, width // 8 + count, 3), np.uint8)
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=form) as out:
        stream = cast("av.VideoStream", out.add_stream(codec, rate=RATE))
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        context = stream.codec_context
        context.gop_size, context.max_b_frames = gop, b_frames
        if codec == "libx264":
            # As a camera sends it: a keyframe at regular distances, wherever the picture changes.
            stream.options = {"preset": "ultrafast", "sc_threshold": "0", "keyint_min": str(gop)}
        stream.options = {**stream.options, **(options or {})}
        for number in range(first, first + count):
            rgb = np.full((height, width, 3), 40 + number % 8 * 20, np.uint8)
            if is_busy:
                part = noise[:, number - first : number - first + width // 8]
                rgb[:] = part.repeat(8, axis=0).repeat(8, axis=1)
            draw_number(rgb, number)
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts = number - first
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return buffer.getvalue()


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port on loopback that nobody uses."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def pipe_sender(path: Path, pieces: Iterable[bytes]) -> Iterator[threading.Event]:
    """Write pieces into a named pipe, the first at once and the others after the event is set."""
    os.mkfifo(path)
    go_on = threading.Event()

    def send() -> None:
        with path.open("wb", buffering=0) as pipe:
            for number, piece in enumerate(pieces):
                if number:
                    go_on.wait(30)
                try:
                    pipe.write(piece)
                except BrokenPipeError:
                    return

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield go_on
    finally:
        go_on.set()
        # A writer that still waits for a reader would wait for ever.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        thread.join(10)
        os.close(handle)
        assert not thread.is_alive()


def datagrams(stream: bytes, lost: Iterable[int] = ()) -> list[bytes]:
    """An MPEG-TS cut into datagrams of seven packets, without those that are lost."""
    size = 7 * TS_PACKET
    every = [stream[place : place + size] for place in range(0, len(stream), size)]
    missing = set(lost)
    return [one for number, one in enumerate(every) if number not in missing]


@contextmanager
def udp_sender(port: int, pieces: list[bytes]) -> Iterator[None]:
    """Send datagrams, over and over until the block ends; whoever joins sees the rest of a round."""
    stopped = threading.Event()

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            for piece in pieces:
                out.sendto(piece, ("127.0.0.1", port))
                # Nothing else paces it: loopback drops what the receiver does not take in time.
                if stopped.wait(0.001):
                    return

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(10)
        assert not thread.is_alive()


@contextmanager
def http_sender(bodies: list[bytes]) -> Iterator[str]:
    """Serve one body to each connection, without a length, as a live server does; nothing after the last."""

    class Handler(BaseHTTPRequestHandler):
        left: ClassVar[list[bytes]] = list(bodies)

        def do_GET(self) -> None:
            if not self.left:
                self.send_error(503)
                return
            self.send_response(200)
            self.send_header("Content-Type", "video/mp2t")
            self.end_headers()
            self.wfile.write(self.left.pop(0))

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/live.ts"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
        assert not thread.is_alive()


class RtpClip(NamedTuple):
    """A stream as datagrams of RTP.

    Attributes:
        datagrams: In the order in which they are sent.
        description: The session in SDP, with ``{port}`` for the port.
    """

    datagrams: list[bytes]
    description: str


def rtp_clip(stream: bytes, encoding: str, most_bytes: int = 400) -> RtpClip:
    """The video of an MPEG-TS or Matroska file by RTP, under its name there, such as ``H264``."""
    datagrams: list[bytes] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as catcher:
        catcher.bind(("127.0.0.1", 0))
        catcher.settimeout(0)
        address = f"rtp://127.0.0.1:{catcher.getsockname()[1]}?pkt_size={most_bytes}"
        # For VP9.
        options = {"strict": "experimental"}
        with (
            open_input(io.BytesIO(stream)) as source,
            av.open(address, "w", format="rtp", options=options) as out,
        ):
            video = source.streams.video[0]
            target = out.add_stream_from_template(video, opaque=True)
            for packet in source.demux(video):
                if packet.size:
                    packet.stream = target
                    out.mux(packet)
                with suppress(BlockingIOError):
                    while True:
                        datagrams.append(catcher.recv(1 << 16))
    lines = ["v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]
    lines += ["m=video {port} RTP/AVP 96", f"a=rtpmap:96 {encoding}/90000"]
    return RtpClip(datagrams, "\r\n".join([*lines, ""]))


def send_rtp(datagrams: Iterable[bytes], port: int) -> None:
    """Send datagrams once somebody receives them, faster than they are due."""
    end_s = time.monotonic() + 20
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        while _is_free(port):
            assert time.monotonic() < end_s
            time.sleep(0.01)
        for one in datagrams:
            out.sendto(one, ("127.0.0.1", port))
            time.sleep(0.001)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
