"""A source without a known end: what arrived is one video, the same at every reading."""

from __future__ import annotations

import errno
import gc
import io
import itertools
import tempfile
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import av
import pytest

from framescope.core.audit.file_audit import audit
from framescope.core.errors import Cancelled, FrameScopeError
from framescope.core.media import arrivals as arrivals_module
from framescope.core.media import packet_scan
from framescope.core.media.arrivals import (
    Arrivals,
    ArrivalsFile,
    arrivals_of,
    arriving_file,
    begin_arrivals,
    forget_arrivals,
)
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.source.opening import open_video
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CLIP_FRAMES = 48


class Response(io.BytesIO):
    """Some bytes, and then nothing more until the connection is let go."""

    def __init__(self, data: bytes, *, lasts: bool = True) -> None:
        super().__init__(data)
        self.lasts = lasts
        self.let_go = threading.Event()

    def read1(self, size: int | None = -1, /) -> bytes:
        data = super().read1(-1 if size is None else size)
        if not data and self.lasts:
            self.let_go.wait(10)
        return data


def test_readers_share_what_arrived() -> None:
    response: Any = Response(bytes(range(100)))
    arrivals = Arrivals(response)
    first, second = ArrivalsFile(arrivals, "one"), ArrivalsFile(arrivals, "two")
    assert b"".join(first.read(10) for _ in range(10)) == bytes(range(100))
    assert second.seek(50) == 50
    assert second.read(4) == bytes(range(50, 54))
    assert second.seek(0, 2) == second.seek(0, 0x10000) == -1
    assert (second.tell(), second.seek(-4, 1), arrivals.size) == (54, 50, None)
    arrivals.stop()
    assert arrivals.is_cut
    assert first.read(10) == b""
    assert (arrivals.size, second.seek(0, 2), second.seek(0, 0x10000)) == (100, 100, 100)
    response.let_go.set()


def test_a_server_that_ends_after_all_gives_the_end() -> None:
    response: Any = Response(b"abc", lasts=False)
    arrivals = Arrivals(response)
    file = ArrivalsFile(arrivals, "one")
    assert file.read(10) + file.read(10) == b"abc"
    arrivals.stop()
    assert not arrivals.is_cut


@pytest.fixture
def endless(clip: Callable[[str], Path]) -> Iterator[str]:
    """The address of a transport stream that continues for ever: the numbers of a clip, again and again.

    Each connection gets it from another place on, as it does from a live source.
    """
    finished = threading.Event()
    connections = itertools.count()

    class Out:
        def __init__(self, file: Any) -> None:  # noqa: ANN401 - the server's own
            self.write = file.write

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            del format, args

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            try:
                with av.open(Out(self.wfile), "w", format="mpegts") as out:
                    send(out, first=12 * next(connections))
            except OSError:
                return

    def send(out: av.container.OutputContainer, first: int) -> None:
        with av.open(str(clip("h264.ts"))) as source:
            stream = out.add_stream_from_template(source.streams.video[0])
            packets = [packet for packet in source.demux(video=0) if packet.size]
            step = (packets[-1].dts - packets[0].dts) // (len(packets) - 1)  # type: ignore[operator]
            places = [(packet.pts, packet.dts) for packet in packets]
            for number in itertools.count(first):
                turn, place = divmod(number, len(packets))
                packet = packets[place]
                moved = turn * len(packets) * step
                packet.pts, packet.dts = (None if t is None else t + moved for t in places[place])
                packet.stream = stream
                out.mux_one(packet)
                if finished.wait(0.002):
                    return

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class's
            """A reader that leaves breaks the connection, which is nothing to print."""

    with Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/live.ts"
        yield address
        finished.set()
        arrivals = arrivals_of(address)
        if arrivals is not None:
            arrivals.stop()
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _reports_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packet_scan, "_FIRST_REPORT_S", 0.0)
    monkeypatch.setattr(packet_scan, "_REPORT_S", 0.0)


def test_frames_are_there_as_soon_as_they_arrived(endless: str) -> None:
    reports: list[Progress] = []
    with open_video(endless, frames_wanted=13, progress=reports.append) as video:
        assert len(video) >= 13
        assert any("This source has no known end" in note for note in video.index.notes)
        shown = [read_number(frame.to_rgb()) for frame in video.frames(range(13))]
        assert shown[0] is not None
        # Another order, after seeking and opening again, gives the same pictures.
        assert shown == [(shown[0] + number) % CLIP_FRAMES for number in range(13)]
        assert [read_number(video.frame(number).to_rgb()) for number in (12, 0, 7)] == [
            shown[number] for number in (12, 0, 7)
        ]
    scanned = [report for report in reports if "no end known" in report.text]
    assert scanned
    assert {report.total for report in scanned} == {None}


def test_enough_is_enough(endless: str) -> None:
    cancel = CancelToken(settles=True)

    def report(progress: Progress) -> None:
        if progress.done > 50_000 and progress.total is None:
            cancel.cancel()

    with open_video(endless, progress=report, cancel=cancel) as video:
        assert len(video) > 0
        assert not cancel.is_cancelled


def test_a_window_that_closes_waits_for_nothing(endless: str) -> None:
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        open_video(endless, progress=lambda _progress: cancel.cancel(), cancel=cancel)
    forget_arrivals(endless)
    assert arrivals_of(endless) is None


def test_libraries_are_not_compared_on_what_has_no_end(endless: str) -> None:
    refused = audit(endless)
    assert "no known end" in refused.error
    assert refused.trials == ()


def test_callers_that_begin_at_the_same_time_share_a_connection(endless: str) -> None:
    start = threading.Barrier(4)

    def begin(_number: int) -> ArrivalsFile:
        start.wait()
        return begin_arrivals(endless)

    with ThreadPoolExecutor(4) as pool:
        files = list(pool.map(begin, range(4)))
    # Each connection of this server begins elsewhere.
    assert len({file.read(188) for file in files}) == 1
    # What has a reader is not forgotten.
    forget_arrivals(endless)
    again = arriving_file(endless)
    assert again is not None
    files[0].seek(0)
    assert again.read(188) == files[0].read(188)


def test_a_connection_is_closed_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room() -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    response = Response(b"")
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_arguments, **_options: response)
    monkeypatch.setattr(tempfile, "TemporaryFile", no_room)
    with pytest.raises(FrameScopeError):
        begin_arrivals("http://full.invalid/live.ts")
    assert response.closed
    assert arrivals_of("http://full.invalid/live.ts") is None


def test_nothing_is_kept_of_addresses_that_do_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object, **_options: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(urllib.request, "urlopen", refused)
    for number in range(3):
        with pytest.raises(OSError):  # noqa: PT011 - whatever the system says
            begin_arrivals(f"http://{number}.invalid/live.ts")
    gc.collect()
    assert not [address for address in vars(arrivals_module)["_turns"] if ".invalid/" in address]
