"""A server that speaks what huggingface_hub's file system asks of the Hub: one data set, its newest files."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = "user/videos"
_API = f"/api/datasets/{REPOSITORY}"
_FILES = f"/datasets/{REPOSITORY}/resolve/"


class _Hub(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.lock = threading.Lock()
        self.commits = 0

    @property
    def commit(self) -> str:
        return f"{self.commits:040x}"

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class's
        """A client that leaves breaks the connection, which is nothing to print."""


class _Handler(BaseHTTPRequestHandler):
    server: _Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        del format, args

    def _answer(self, status: int, content: object, **headers: str) -> None:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        path = unquote(url.path)
        with self.server.lock:
            if path.startswith(_FILES):
                self._give(path.removeprefix(_FILES).partition("/")[2])
            elif path == _API or path.startswith(f"{_API}/"):
                kind, _, rest = path.removeprefix(_API).strip("/").partition("/")
                self._ask(kind, rest.partition("/")[2].strip("/"), parse_qs(url.query), body)
            else:
                self._answer(404, {"error": "Repository not found"}, X_Error_Code="RepoNotFound")

    do_GET = do_HEAD = do_POST = _serve  # noqa: N815 - the base class's names

    def _give(self, name: str) -> None:
        data = self.server.files.get(name)
        if data is None:
            self._answer(404, {"error": "Entry not found"}, X_Error_Code="EntryNotFound")
            return
        known = {"ETag": f'"{_blob_id(data)}"', "X_Repo_Commit": self.server.commit}
        wanted = self.headers.get("Range")
        if wanted is None:
            self._answer(200, data, **known)
            return
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start, stop = int(first), min(int(last or len(data)), len(data) - 1) + 1
        self._answer(206, data[start:stop], Content_Range=f"bytes {start}-{stop - 1}/{len(data)}", **known)

    def _ask(self, kind: str, name: str, query: dict[str, list[str]], body: bytes) -> None:
        hub = self.server
        if kind in {"", "revision"}:
            self._answer(200, {"id": REPOSITORY, "sha": hub.commit, "private": False, "siblings": []})
        elif kind == "tree":
            self._list(name, is_deep=query.get("recursive", ["false"])[0].lower() == "true")
        elif kind == "paths-info":
            asked = parse_qs(body.decode()) if b"paths=" in body else json.loads(body)
            self._answer(200, [self._facts(one) for one in asked["paths"] if one in hub.files])
        elif kind == "preupload":
            files = [one["path"] for one in json.loads(body)["files"]]
            modes = [{"path": one, "uploadMode": "regular", "shouldIgnore": False} for one in files]
            self._answer(200, {"files": modes})
        else:
            assert kind == "commit"
            for line in body.splitlines():
                entry = json.loads(line)
                if entry["key"] == "file":
                    hub.files[entry["value"]["path"]] = base64.b64decode(entry["value"]["content"])
                elif entry["key"] == "deletedFile":
                    hub.files.pop(entry["value"]["path"], None)
            hub.commits += 1
            where = f"http://127.0.0.1/datasets/{REPOSITORY}/commit/{hub.commit}"
            self._answer(200, {"commitUrl": where, "commitOid": hub.commit, "success": True})

    def _list(self, folder: str, *, is_deep: bool) -> None:
        start = f"{folder}/" if folder else ""
        found, folders = [], set()
        for name in sorted(one for one in self.server.files if one.startswith(start)):
            parts = name.removeprefix(start).split("/")
            deepest = len(parts) if is_deep else 2
            folders |= {start + "/".join(parts[:depth]) for depth in range(1, min(len(parts), deepest))}
            if is_deep or len(parts) == 1:
                found.append(self._facts(name))
        found += [{"type": "directory", "path": one, "size": 0, "oid": "0" * 40} for one in sorted(folders)]
        if found or not folder:
            self._answer(200, found)
        else:
            self._answer(404, {"error": "Entry not found"}, X_Error_Code="EntryNotFound")

    def _facts(self, name: str) -> dict[str, object]:
        data = self.server.files[name]
        return {"type": "file", "path": name, "size": len(data), "oid": _blob_id(data)}


def _blob_id(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@contextmanager
def running_hub() -> Iterator[int]:
    """Start the server; its port."""
    with _Hub() as hub:
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield hub.server_port
        hub.shutdown()
        thread.join()
