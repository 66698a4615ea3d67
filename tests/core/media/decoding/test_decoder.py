"""Feeding, draining, seeking; and that closing never waits for itself."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import av
import pytest

from framescope.core.errors import OpenError
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.packet_scan import read_packets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def numbers_of_all(decoder: StreamDecoder) -> list[int | None]:
    out = [
        decoded.packet_number
        for number, packet in enumerate(decoder.packets())
        for decoded in decoder.feed(packet, number)
    ]
    return out + [decoded.packet_number for decoded in decoder.drain()]


@pytest.mark.parametrize("single_thread", [False, True])
@pytest.mark.parametrize("name", ["h264.mp4", "h264.h264", "mpeg4.avi", "vp9.webm", "repeated_pts.mkv"])
def test_every_frame_is_traced_to_a_packet(
    name: str,
    clip: Callable[[str], Path],
    single_thread: bool,  # noqa: FBT001
) -> None:
    with StreamDecoder(str(clip(name)), 0, single_thread=single_thread) as decoder:
        numbers = numbers_of_all(decoder)
    known = [number for number in numbers if number is not None]
    assert len(known) == len(numbers)
    assert sorted(known) == list(range(len(known)))


def test_a_drained_decoder_goes_on_after_a_seek(plain_clip: Path) -> None:
    with StreamDecoder(str(plain_clip), 0) as decoder:
        first = numbers_of_all(decoder)
        decoder.seek(0)
        assert numbers_of_all(decoder) == first


def test_closing_with_frames_held_back_returns(clip: Callable[[str], Path]) -> None:
    for _ in range(20):
        with StreamDecoder(str(clip("lost_packets.mp4")), 0) as decoder:
            for number, packet in enumerate(decoder.packets()):
                decoder.feed(packet, number)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OpenError):
        StreamDecoder(str(tmp_path / "nothing.mp4"), 0)


class EndlessError:
    """A decoder, or a container, that answers every call with the same error."""

    def __init__(self) -> None:
        self.calls = 0

    def decode(self, _packet: object) -> list[object]:
        return self.fail()

    def demux(self, _stream: object) -> list[object]:
        return self.fail()

    def fail(self) -> list[object]:
        self.calls += 1
        assert self.calls < 10_000, "the loop does not end"
        raise av.error.InvalidDataError(1, "bad")


def test_a_decoder_that_always_fails_is_drained(plain_clip: Path) -> None:
    with StreamDecoder(str(plain_clip), 0) as decoder:
        real, decoder.context = decoder.context, EndlessError()  # type: ignore[assignment]
        assert decoder.drain() == []
        decoder.context = real


def test_a_container_that_always_fails_is_read_to_its_end() -> None:
    assert list(read_packets(EndlessError(), None)) == []  # type: ignore[arg-type]


def test_a_stream_that_is_gone_is_refused(clip: Callable[[str], Path]) -> None:
    with pytest.raises(OpenError, match="no longer has"):
        StreamDecoder(str(clip("h264.mp4")), 3)


def test_damage_reports_cannot_lock_up_a_program_that_logs(clip: Callable[[str], Path]) -> None:
    """In a process of its own, since what is feared is that it never ends."""
    code = f"""
import av, logging
from framescope import open_video
av.logging.set_level(av.logging.ERROR)
logging.getLogger("libav").disabled = True
for _ in range(3):
    with open_video({str(clip("lost_packets.mp4"))!r}, use_index_cache=False, cache_bytes=1) as video:
        for number in [*range(len(video) - 1, 0, -3), *range(5)]:
            video.frame(number)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("name", ["h264.mp4", "gop_open.mp4"])
def test_a_picture_waits_until_its_thread_has_ended(clip: Callable[[str], Path], name: str) -> None:
    """A thread takes its next packet when it has ended one; damage that it finds until then must be told."""
    with StreamDecoder(str(clip(name)), 0, is_strict=True) as decoder:
        threads = decoder.context.thread_count
        late = [
            number - (one.packet_number or 0)
            for number, packet in enumerate(decoder.packets())
            for one in decoder.feed(packet, number)
        ]
    # It is returned as many packets after the one that it comes out with as there are other threads.
    assert min(late) >= 2 * threads - 1
