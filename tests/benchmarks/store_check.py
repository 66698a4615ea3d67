"""Checks object stores other than S3 against servers on this machine: reading, changes, faults, exports.

``python -m tests.benchmarks.store_check hf``. It is no part of the gate. ``az`` needs adlfs and the program
azurite-blob on the PATH (or ``--server``), ``gs`` gcsfs and gcp-storage-emulator, ``hf`` huggingface_hub.
Every picture must show its own number, and what arrives must be what a local export gives.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import framescope
from framescope.core import storage
from framescope.core.errors import DestinationLostError, ExportError, MissingFileError, OpenError
from framescope.core.export.sending import Outbox, sent_to
from framescope.core.media import remote_file
from framescope.core.source.opening import open_video
from framescope.core.synth.number_blocks import read_number
from tests.benchmarks.hub import REPOSITORY, running_hub
from tests.clips.catalog import H264
from tests.clips.encoding import write_clip
from tests.object_store import running_proxy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.object_store import Faults

ROOTS = {"az": "az://videos", "gs": "gs://videos", "hf": f"hf://datasets/{REPOSITORY}"}
PROGRAMS = {"az": "azurite-blob", "gs": "gcp-storage-emulator"}
# The account that every emulator of Azure has.
_ACCOUNT = "devstoreaccount1"
_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
CHOSEN = range(0, 40, 8)


@contextmanager
def running_server(kind: str, program: str, folder: Path) -> Iterator[int]:
    """Start the server of a kind of store; its port."""
    if kind == "hf":
        with running_hub() as port:
            yield port
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [program, "start", "--host", "127.0.0.1", "--port", str(port), "--in-memory"]
    if kind == "az":
        line = [program, "--blobPort", str(port), "--location", str(folder), "--skipApiVersionCheck"]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("the server does not start")


def point_to(kind: str, port: int) -> None:
    """Let the library of a kind of store find a port of this machine."""
    server = f"http://127.0.0.1:{port}"
    os.environ |= {
        "az": {
            "AZURE_STORAGE_CONNECTION_STRING": f"DefaultEndpointsProtocol=http;AccountName={_ACCOUNT};"
            f"AccountKey={_KEY};BlobEndpoint={server}/{_ACCOUNT};"
        },
        "gs": {"STORAGE_EMULATOR_HOST": server},
        "hf": {"HF_ENDPOINT": server, "HF_TOKEN": "none"},
    }[kind]


class Check:
    """What is checked, one method each.

    Attributes:
        root: An address that is empty at first.
        faults: What goes wrong on the way to the server.
    """

    def __init__(self, root: str, faults: Faults, folder: Path) -> None:
        self.root, self.faults, self.folder = root, faults, folder
        self.system = storage.place_of(f"{root}/x").system
        self.film = folder / "film.mp4"
        write_clip(self.film, H264)

    def put(self, name: str, data: bytes) -> str:
        """Store an object; its address."""
        address = f"{self.root}/{name}"
        self.system.pipe_file(storage.place_of(address).path, data)
        remote_file._objects.set_up_after_fork()  # noqa: SLF001 - as in another process
        return address

    def there(self, name: str) -> dict[str, bytes]:
        """The objects below a name."""
        place = storage.place_of(f"{self.root}/{name}")
        return {one: self.system.cat_file(f"{place.path}/{one}") for one in storage.objects_below(place)}

    def frames(self, address: str) -> None:
        """Read frames by their numbers."""
        with open_video(address, use_index_cache=False) as video:
            for number in (7, 0, len(video) - 1, 20):
                assert read_number(video.frame(number).to_rgb()) == number

    def reading(self) -> None:
        """Frames and bytes are those of the file."""
        self.frames(self.put("in/film.mp4", self.film.read_bytes()))
        data = os.urandom(5_000_001)
        with remote_file.open_remote(self.put("in/bytes", data)) as file:
            assert file.read() == data

    def changes(self) -> None:
        """An object that changed between index and read is refused."""
        content = bytearray(self.film.read_bytes())
        address = self.put("in/changing.mp4", bytes(content))
        with open_video(address, use_index_cache=False) as video:
            content[len(content) // 2] ^= 1
            self.system.pipe_file(storage.place_of(address).path, bytes(content))
            expect(OpenError, "changed or replaced", lambda: video.frame(3))

    def absence(self) -> None:
        """What is not there is said."""
        expect(MissingFileError, "Not found", lambda: open_video(f"{self.root}/none.mp4"))
        expect(MissingFileError, "is a folder", lambda: open_video(f"{self.root}/in"))
        bucket = self.root.split("://", maxsplit=1)[0] + "://datasets/none/such"
        expect(DestinationLostError, "no such bucket", lambda: Outbox(f"{bucket}/out").prepare())

    def cuts(self) -> None:
        """Connections that are cut twice are made again; those that are always cut are an error."""
        address = self.put("in/film.mp4", self.film.read_bytes())
        self.faults.cut_after, self.faults.cuts_left = 1000, 2
        self.frames(address)
        assert self.faults.cuts_left == 0
        remote_file._objects.set_up_after_fork()  # noqa: SLF001
        self.faults.cuts_left = 1 << 30
        expect(OpenError, "cannot be read", lambda: self.frames(address))

    def export(self) -> None:
        """What arrives is what a folder gets, and is in the way of the next export."""
        local = self.folder / "local"
        framescope.export(self.film, local, CHOSEN)
        expected = {path.name: path.read_bytes() for path in local.iterdir()}

        def once() -> None:
            with sent_to(f"{self.root}/out/set") as folder:
                framescope.export(self.film, folder, CHOSEN)

        once()
        assert self.there("out/set") == expected
        expect(ExportError, "exist already", once)

    def resume(self) -> None:
        """An export that was interrupted while it was sent is resumed, and only the rest sent."""
        with Outbox(f"{self.root}/out/two") as outbox:
            outbox.prepare()
            framescope.export(self.film, outbox.folder, CHOSEN)
            first = f"{storage.place_of(f'{self.root}/out/two').path}/film_000000.jpg"
            self.system.put_file(str(outbox.folder / "film_000000.jpg"), first)
            self.faults.refusals, self.faults.refused = 1 << 30, ("PUT", "POST")
            expect(DestinationLostError, "cannot be written to", outbox.send)
        self.faults.reset()
        with Outbox(f"{self.root}/out/two") as outbox:
            outbox.prepare(resume=True)
            assert len(framescope.resume(self.film, outbox.folder).kept) == len(CHOSEN)
            assert outbox.send() == len(CHOSEN) + 1
        assert "framescope-manifest.jsonl" in self.there("out/two")


def expect(kind: type[Exception], words: str, work: Callable[[], object]) -> None:
    """Do what has to fail."""
    said = "nothing"
    try:
        work()
    except kind as error:
        said = str(error)
    assert words in said, f"“{words}” was expected, not “{said}”"


def main() -> int:
    """Run all checks on one kind of store; 1 if any fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=sorted(ROOTS))
    parser.add_argument("--server", help="the program that is the server")
    given = parser.parse_args()
    kind, failed = given.kind, 0
    program = given.server or shutil.which(PROGRAMS.get(kind, "")) or ""
    if kind in PROGRAMS and not program:
        raise SystemExit(f"{PROGRAMS[kind]} is not on the PATH")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ |= {"XDG_DATA_HOME": str(folder / "data"), "XDG_CACHE_HOME": str(folder / "cache")}
        port = stack.enter_context(running_server(kind, program, folder))
        faults, proxy_port = stack.enter_context(running_proxy(port))
        point_to(kind, proxy_port)
        if kind != "hf":
            storage.place_of(f"{ROOTS[kind]}/x").system.mkdir("videos")
        check = Check(f"{ROOTS[kind]}/{time.time_ns()}", faults, folder)
        for work in (check.reading, check.changes, check.absence, check.cuts, check.export, check.resume):
            began = time.monotonic()
            try:
                work()
                told = "good"
            except Exception as error:  # noqa: BLE001 - whatever it is, the others are checked
                told, failed = f"FAILED: {type(error).__name__}: {error}", 1
            faults.reset()
            print(f"{kind} {work.__name__}: {told} ({time.monotonic() - began:.1f} s)")  # noqa: T201
    return failed


if __name__ == "__main__":
    sys.exit(main())
