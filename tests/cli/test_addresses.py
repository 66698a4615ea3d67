"""The password and the token in an address are in no output and in no file that a command writes."""

from __future__ import annotations

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import click
import pytest

from framescope.cli.exporting.sending import FolderOrAddressType
from framescope.cli.options import PathType
from framescope.cli.program import build_program
from framescope.core.dataset.classes import Classes
from framescope.core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.conftest import Answer

_SECRETS = ("hunter2", "t0ken")


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        del format, args


@pytest.fixture
def address(plain_clip: Path) -> Iterator[str]:
    """Of the clip on a web server, with a password and a token."""
    handler = functools.partial(_Handler, directory=str(plain_clip.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://me:hunter2@127.0.0.1:{server.server_port}/{plain_clip.name}?key=t0ken"
        server.shutdown()


@pytest.mark.parametrize(
    "line",
    [
        "info {address}",
        "info {address} --json",
        "index {address} --csv",
        "index {address} --json",
        "gops {address} --json",
        "timing {address} --json",
        "blocks {address} --json",
        "blocks {address} --frame 3 --json",
        "stats {address} --csv",
        "stats {address} --json",
        "packets {address} --csv",
        "packets {address} --json",
        "packets {address} --frame 3 --json",
        "frames {address} --every 20",
        "frames {address} --every 20 --json",
        "marks {address} --json",
        "chroma {address} --frame 3 --json",
        "export {address} -o {tmp}/pictures --every 20",
        "export {address} -o {tmp}/pictures --every 20 --json",
        "compare {address} {address} --html {tmp}/report.html",
        "compare {address} {address} --csv",
        "compare {address} {address} --json",
        "sheet {address} {tmp}/sheet.png --spread 2 --json",
        "slice {address} {tmp}/slice.png --row 3 --json",
        "audit {address} --engines pyav --requests 2 --order forward --html {tmp}/report.html",
        "audit {address} --engines pyav --requests 2 --order forward --csv",
        "audit {address} --engines pyav --requests 2 --order forward --json",
        "bench {address} --engines pyav --rounds 1 --seconds 0.1",
        "bench {address} --engines pyav --rounds 1 --seconds 0.1 --json",
        "screenshot {address} {tmp}/window.png --json",
        "fragments split {address} {tmp}/store --grid 1x1 --run 24 --json",
        "fragments account {address} --grid 1x1 --run 2 --frames 4 --json",
    ],
)
def test_secrets_of_an_address_are_nowhere(
    line: str, address: str, framescope: Callable[..., Answer], tmp_path: Path
) -> None:
    words = [word.format(address=address, tmp=tmp_path) for word in line.split(" ")]
    answer = framescope(*words)
    assert answer.status == 0, answer.err
    assert not [secret for secret in _SECRETS if secret in answer.out + answer.err]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [(path, one) for path in written for one in _SECRETS if one.encode() in path.read_bytes()]


def _commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command line that ends in a path, ``{}``."""
    context = click.Context(command)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            part = command.get_command(context, name)
            assert part is not None
            yield from _commands(part, (*words, name))
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    for one in command.params:
        types = one.type.types if isinstance(one.type, click.Tuple) else [one.type]
        if not isinstance(types[-1], PathType | FolderOrAddressType):
            continue
        before = [] if isinstance(one, click.Argument) else [one.opts[-1], *["3s"] * (len(types) - 1), "{}"]
        given = ["{}" if argument is one else "x" for argument in arguments]
        yield (*words, *before, *given)


_PATHS = [
    *_commands(build_program()),
    ("screenshot", "x", "{}"),
]


def test_an_address_is_no_list_of_classes() -> None:
    with pytest.raises(SettingsError, match="is an address"):
        Classes.parse("https://me:hunter2@host/classes.csv")


def test_all_arguments_that_are_paths_were_found() -> None:
    heads = {words[: words.index("{}")] for words in _PATHS}
    assert {
        ("verify",),
        ("report",),
        ("fragments", "show"),
        ("live", "--save-last", "3s"),
        ("marks", "--out"),
    } <= heads
    assert len(heads) > 40


@pytest.mark.parametrize("words", _PATHS, ids=" ".join)
def test_an_address_is_not_taken_for_a_path(
    words: tuple[str, ...], framescope: Callable[..., Answer]
) -> None:
    answer = framescope(*[word.format("FTP://me:hunter2@host/film.mp4?key=t0ken") for word in words])
    assert answer.status == 2
    assert "FTP://…@host/film.mp4?… is an address, but a file or folder is needed" in answer.err
    assert not [secret for secret in _SECRETS if secret in answer.out + answer.err]
