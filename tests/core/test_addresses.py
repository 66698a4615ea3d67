"""Passwords and tokens are hidden wherever an address is shown, logged or stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.addresses import address_without_secrets, masked, masked_argument
from framescope.core.errors import OpenError
from framescope.core.live.address import LiveKind, is_live, live_name, parse_live
from framescope.core.media.container import open_connection, open_container, source_name

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = [
    "rtsp://admin:s3cret@camera.local:554/stream1",
    "http://user:s3cret@host/live.ts",
    "https://host/live.m3u8?token=s3cret&id=1",
    "srt://host:9000?mode=caller&passphrase=s3cret",
    "srt://host:9000?streamid=#!::u=s3cret,r=s3cret&latency=20",
    "srt://host:9000?passphrase=s3cret&streamid=s3cret#listen",
    "rtsp://admin:s3cret/s3cret?s3cret#s3cret@camera.local/stream1",
    "http://user:x/s3cret@host:8080/live.ts",
    "http://user:x?s3cret@host/live.ts",
    "live+http://s3cret@host/live.ts?key=s3cret#listen",
    "rtmp://user:s3cret@host:1935/live/s3cret",
    "rtmps://host/app/s3cret?token=s3cret",
    "rtmp://host/live playpath=s3cret conn=S:s3cret",
    "rtmp://host/live/s3cret swfUrl=s3cret live=1",
]


@pytest.mark.parametrize("address", SECRETS)
def test_no_secret_is_left(address: str) -> None:
    assert "s3cret" not in masked(f"{address} and {address}")
    assert "s3cret" not in source_name(address)
    assert "s3cret" not in address_without_secrets(address)
    assert address[:7] == masked(address)[:7]
    if is_live(address):
        assert "s3cret" not in repr(parse_live(address))
        assert masked(parse_live(address).name) == parse_live(address).name


def test_the_description_of_a_session_is_no_pipe(tmp_path: Path) -> None:
    path = tmp_path / "camera 1.SDP"
    address = parse_live(live_name(str(path)))
    assert (address.kind, address.form, address.opens) == (LiveKind.NETWORK, "sdp", str(path))
    assert parse_live(live_name(str(path.with_suffix(".ts")))).kind is LiveKind.PIPE


def test_an_address_of_a_command_line_ends_with_its_argument() -> None:
    assert masked_argument("""srt://host?passphrase=A"s3'cret""") == "srt://host?…"
    assert masked_argument("""rtmp://host/live/A"s3'cret""") == "rtmp://host/live/…"
    assert masked_argument("what's?.mp4") == "what's?.mp4"
    assert masked_argument("rtsp://admin:s3cret?s3cret@host/1") == "rtsp://…@host/1"


@pytest.mark.parametrize(
    "text",
    [
        "clip.mp4",
        "abfss://container@account.dfs.core.windows.net/clip.mp4",
        "az://container@account.blob.core.windows.net/clip.mp4",
        "/a folder/who@what?.mp4",
        "https://host/clip.mp4",
        "http://host:80/@who/clip.mp4",
        "http://[::1]:80/@who/clip.mp4",
        "rtmp://host/live",
        "Nothing arrived from rtmp://host/live in 5 s, n=3",
        "50 % at 3:1",
    ],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert masked(text) == text


def test_a_protocol_that_is_missing_is_told_in_a_sentence_without_its_secrets() -> None:
    with pytest.raises(OpenError) as caught:
        open_connection("rist://127.0.0.1:9?secret=s3cret")
    assert "rist" in caught.value.message
    assert "framescope live -" in str(caught.value.hint)
    assert "s3cret" not in caught.value.in_full


def test_an_error_names_the_server_only() -> None:
    with pytest.raises(OpenError) as caught:
        open_container("http://user:s3cret@127.0.0.1:9/clip.mp4?token=s3cret")
    assert "s3cret" not in caught.value.in_full
    assert "127.0.0.1" in caught.value.message


@pytest.mark.parametrize(
    ("typed", "name", "live"),
    [
        ("camera:0", "camera://0", True),
        ("camera://0", "camera://0", True),
        ("-", "live+pipe://-", True),
        ("udp://@:5000", "udp://@:5000", True),
        ("http://host/a.ts", "live+http://host/a.ts", True),
    ],
)
def test_live_sources_have_one_name_each(typed: str, name: str, *, live: bool) -> None:
    assert live_name(typed) == name
    assert live_name(live_name(typed)) == name
    assert is_live(name) is live
    assert not is_live("http://host/a.ts")
    assert not is_live("clip.mp4")
