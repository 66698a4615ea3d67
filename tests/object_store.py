"""A server of S3 in this process, and a proxy before it that counts, cuts, delays and refuses."""

from __future__ import annotations

import http.client
import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET = "videos"
_SETTINGS = {
    "AWS_ACCESS_KEY_ID": "key-of-the-test",
    "AWS_SECRET_ACCESS_KEY": "hunter2",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    # FrameScope tries again by itself.
    "AWS_MAX_ATTEMPTS": "1",
}


@dataclass
class Faults:
    """What the proxy does to requests, and what it has let through.

    Attributes:
        cut_after: Bytes of each answer, after which the connection ends; None for all.
        cuts_left: So many answers are cut.
        refusals: So many requests are answered with 503.
        is_stuck: Whether requests for objects wait until it is cleared.
        sent: Bytes of objects sent so far.
        requests: Method and path of each request.
    """

    cut_after: int | None = None
    cuts_left: int = 1 << 30
    refusals: int = 0
    refused: tuple[str, ...] = ("GET", "PUT", "POST", "HEAD")
    is_stuck: bool = False
    let_go: threading.Event = field(default_factory=threading.Event)
    sent: int = 0
    requests: list[tuple[str, str]] = field(default_factory=list)

    def reset(self) -> None:
        """No faults, nothing counted."""
        self.let_go.set()
        self.__init__()  # type: ignore[misc]


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    faults: Faults
    behind: int

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class's
        """A client that leaves breaks the connection, which is nothing to print."""


class _Handler(BaseHTTPRequestHandler):
    server: _Proxy
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        del format, args

    def _pass_on(self) -> None:
        faults = self.server.faults
        body = self._body()
        faults.requests.append((self.command, self.path))
        if faults.refusals and self.command in faults.refused:
            faults.refusals -= 1
            self._refuse()
            return
        if faults.is_stuck and self.command == "GET":
            faults.let_go.wait(30)
        behind = http.client.HTTPConnection("127.0.0.1", self.server.behind)
        behind.request(self.command, self.path, body, dict(self.headers))
        answer = behind.getresponse()
        content = answer.read()
        behind.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"transfer-encoding", "connection", "date", "server", "content-length"}:
                self.send_header(name, value)
        size = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", size or "0")
        self.end_headers()
        if self.command == "HEAD":
            return
        if faults.cut_after is not None and len(content) > faults.cut_after and faults.cuts_left > 0:
            faults.cuts_left -= 1
            content = content[: faults.cut_after]
            self.close_connection = True
        faults.sent += len(content)
        self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_PATCH = _pass_on  # noqa: N815 - the base class's names

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        del self.headers["Transfer-Encoding"]
        return b"".join(parts)

    def _refuse(self) -> None:
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def running_proxy(behind: int) -> Iterator[tuple[Faults, int]]:
    """A proxy before a port of this machine: what it does to requests, and its own port."""
    with _Proxy(("127.0.0.1", 0), _Handler) as proxy:
        proxy.faults, proxy.behind = Faults(), behind
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield proxy.faults, proxy.server_port
        proxy.faults.reset()
        proxy.shutdown()
        thread.join()


@dataclass
class ObjectStore:
    """A bucket that is empty at first.

    Attributes:
        faults: What goes wrong on the way to it.
        system: A client that goes past the proxy.
    """

    faults: Faults
    system: Any
    proxy_port: int
    address: str = f"s3://{BUCKET}"

    def put(self, name: str, data: bytes) -> str:
        """Store an object; its address."""
        # Whoever has no key may read it, too, by its web address.
        self.system.pipe_file(f"{BUCKET}/{name}", data, ACL="public-read")
        return f"{self.address}/{name}"

    def web_address(self, name: str) -> str:
        """An address by which anybody reads an object."""
        return f"http://127.0.0.1:{self.proxy_port}/{BUCKET}/{name}"

    def get(self, name: str) -> bytes:
        """What an object contains."""
        data: bytes = self.system.cat_file(f"{BUCKET}/{name}")
        return data

    def names(self, prefix: str = "") -> list[str]:
        """The objects below a prefix, without it."""
        self.system.invalidate_cache()
        found = self.system.find(f"{BUCKET}/{prefix}")
        start = len(f"{BUCKET}/{prefix}")
        return sorted(name[start:].lstrip("/") for name in found)


@contextmanager
def running_store() -> Iterator[ObjectStore]:
    """Start the server and the proxy; every client of this process and of its children finds them."""
    s3fs = pytest.importorskip("s3fs")
    moto = pytest.importorskip("moto.server")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _SETTINGS.items():
            patch.setenv(name, value)
        server = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
        _, port = server.get_host_and_port()
        with running_proxy(port) as (faults, proxy_port):
            patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{proxy_port}")
            # s3fs tries again by itself, too.
            patch.setattr(s3fs.S3FileSystem, "retries", 1)
            system = s3fs.S3FileSystem(endpoint_url=f"http://127.0.0.1:{port}", use_listings_cache=False)
            system.mkdir(BUCKET)
            yield ObjectStore(faults, system, proxy_port)
        server.stop()
