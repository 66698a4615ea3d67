"""Local names are never read as protocols or patterns; what cannot be opened says why."""

from __future__ import annotations

import functools
import os
import shutil
import socket
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from framescope.core.errors import MissingFileError, OpenError, UnsupportedMediaError
from framescope.core.media.container import (
    file_name,
    is_url,
    local_path,
    no_frame_decodes,
    open_connection,
    open_container,
)
from framescope.core.media.index_builder import build_index
from framescope.core.media.probe import probe
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        del format, args


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address and the folder of a web server."""
    handler = functools.partial(QuietHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", tmp_path
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "name",
    [
        "te[s]t_ video ' _ .mp4",
        "ünïcödé 映像 🎬.mp4",
        "100% %d %03d.mp4",
        "-dash.mp4",
        *(
            ()
            if sys.platform == "win32"
            else ("file:x.mp4", "concat:a|b.mp4", "subfile,,start,0,,:x", "a*b?{c}.mp4")
        ),
    ],
)
def test_any_name_is_only_a_name(name: str, plain_clip: Path, tmp_path: Path) -> None:
    path = tmp_path / name
    shutil.copyfile(plain_clip, path)
    with open_container(str(path)) as container:
        assert container.streams.video[0].frames == 48


@pytest.mark.parametrize("name", ["clip_%03d.png", "clip.jpg", "a[1].jpeg", "a{b}.png"])
def test_a_picture_s_name_is_no_pattern_of_many_files(name: str, plain_clip: Path, tmp_path: Path) -> None:
    path = tmp_path / name
    shutil.copyfile(plain_clip, path)
    with open_container(path) as container:
        assert "mp4" in container.format.name
        assert container.streams.video[0].frames == 48


def test_a_relative_name_is_found(plain_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copyfile(plain_clip, tmp_path / "here.mp4")
    monkeypatch.chdir(tmp_path)
    with open_container("here.mp4") as container:
        assert len(container.streams.video) == 1


def test_a_file_address_is_a_local_file(plain_clip: Path) -> None:
    assert not is_url(plain_clip.as_uri())
    with open_container(plain_clip.as_uri()) as container:
        assert len(container.streams.video) == 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("http://example.org/a.mp4", True),
        ("rtsp://camera/1", True),
        ("HTTPS://example.org/a.mp4", True),
        ("file:///tmp/a.mp4", False),
        ("C:\\videos\\a.mp4", False),
        ("C://videos/a.mp4", False),
        ("concat:a.mp4|b.mp4", False),
        ("a.mp4", False),
    ],
)
def test_what_is_an_address(source: str, *, expected: bool) -> None:
    assert is_url(source) is expected
    assert (local_path(source) is None) is expected


def test_a_local_path_is_absolute_and_follows_no_link(tmp_path: Path, plain_clip: Path) -> None:
    link = tmp_path / "link.mp4"
    link.symlink_to(plain_clip)
    assert local_path(link) == Path(os.path.abspath(link))  # noqa: PTH100 - resolve would follow the link


def test_text_is_refused_even_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Only words.\n" * 100)
    with pytest.raises(UnsupportedMediaError, match="text"):
        open_container(path)


def test_a_name_with_a_null_byte_is_refused() -> None:
    with pytest.raises(MissingFileError):
        open_container("a\0b.mp4")


def test_a_video_is_read_from_a_web_server(server: tuple[str, Path], clip: Callable[[str], Path]) -> None:
    address, folder = server
    shutil.copyfile(clip("h264.mkv"), folder / "a.mkv")
    with open_container(f"{address}/a.mkv") as container:
        assert container.streams.video[0].codec_context.width == 160


def test_a_missing_address_is_a_missing_file(server: tuple[str, Path]) -> None:
    with pytest.raises(MissingFileError, match="Not found"):
        open_container(f"{server[0]}/none.mkv")


def test_a_web_page_is_no_video(server: tuple[str, Path]) -> None:
    address, folder = server
    (folder / "page.html").write_text("<html><body>Watch it here</body></html>" * 50)
    with pytest.raises(UnsupportedMediaError, match="not a video") as caught:
        open_container(f"{address}/page.html")
    assert "page about the video" in caught.value.hint


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(OpenError, match=r"http://127\.0\.0\.1:9/a\.mp4"):
        open_container("http://127.0.0.1:9/a.mp4")


def test_an_unknown_kind_of_address_is_refused() -> None:
    with pytest.raises(UnsupportedMediaError, match="begin with gopherx"):
        open_container("gopherx://hole/a.mp4")


def test_a_stream_without_a_picture_is_named_as_every_other_refusal() -> None:
    assert no_frame_decodes("/videos/cut.mp4").message.startswith("cut.mp4 declares")
    assert no_frame_decodes("https://a.b/cut.mp4").message.startswith("https://a.b/cut.mp4 declares")


@pytest.mark.parametrize("name", ["one.tga", "%03d.tga", "a#b.tga"])
def test_a_targa_picture_is_one_frame(name: str, tmp_path: Path) -> None:
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:, 32:] = 255
    Image.fromarray(picture).save(tmp_path / name)
    with open_video(tmp_path / name, use_index_cache=False) as video:
        assert len(video) == 1
        assert np.array_equal(video.frame(0).to_rgb(), picture)


def list_twice(folder: Path) -> Path:
    """A list that plays the one.mp4 beside it twice."""
    path = folder / "list.ffconcat"
    path.write_text("ffconcat version 1.0\nfile one.mp4\nfile one.mp4\n")
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="? is in no name there, and links need a privilege")
@pytest.mark.parametrize("name", ["h#1", "h?1", "h%20#", "#/sub"])
def test_a_list_finds_its_files_whatever_its_folder_is_called(
    name: str, clip: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / name
    folder.mkdir(parents=True)
    shutil.copyfile(clip("h264.mp4"), folder / "one.mp4")
    # Where FFmpeg would look if the path ended at the mark.
    for trap in (tmp_path, folder.parent):
        shutil.copyfile(clip("gop_one_long.mp4"), trap / "one.mp4")
    assert len(open_video(list_twice(folder), use_index_cache=False)) == 96
    monkeypatch.chdir(folder)
    assert len(open_video("list.ffconcat", use_index_cache=False)) == 96


def test_a_list_whose_files_are_gone_says_so(tmp_path: Path) -> None:
    path = tmp_path / "list.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\ngone.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(OpenError, match="a list of other files, none of which can be opened"):
        open_container(str(path))


def test_a_stream_that_is_gone_is_an_error(clip: Callable[[str], Path], tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    shutil.copyfile(clip("two_videos.mp4"), path)
    second = probe(path).video_streams[-1].stream_index
    with open_video(path, stream_index=second, use_index_cache=False) as video:
        shutil.copyfile(clip("h264.mp4"), path)
        with pytest.raises(OpenError, match=r"has been (changed or )?replaced"):
            video.frame(3)
        with pytest.raises(OpenError, match=r"has been (changed or )?replaced"):
            build_index(video.info)


@pytest.mark.parametrize(("scheme", "hint"), [("rtp", "sdp"), ("udp", "the network")])
def test_an_address_from_which_nothing_arrives_says_so(scheme: str, hint: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(OpenError, match="Nothing arrived from") as caught:
        open_connection(f"{scheme}://127.0.0.1:{port}", timeouts=(0.2, 0.2))
    assert hint in caught.value.hint


@pytest.mark.parametrize("scheme", ["http", "rtsp", "file"])
def test_an_address_that_is_not_valid_is_refused_like_others(scheme: str) -> None:
    address = f"{scheme}://[bad/clip.mp4?token=s3cret"
    with pytest.raises(OpenError) as raised:
        probe(address)
    assert "s3cret" not in raised.value.message or scheme == "file"
    assert file_name(f"{scheme}://[bad/clip.mp4") == "clip.mp4"
