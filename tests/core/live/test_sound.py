"""The sound beside live pictures is held with them, and saved where it was."""

from __future__ import annotations

import io
import sys
import time
from typing import TYPE_CHECKING, cast

import av
import numpy as np
import pytest

from framescope.core.live.address import live_name
from framescope.core.live.ring import Limits
from framescope.core.live.saving import save_ring
from framescope.core.live.source import begin_live, end_live
from framescope.core.pyav import open_input
from framescope.core.synth.number_blocks import draw_number, read_number
from tests.core.live.senders import pipe_sender

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.live.ring import PacketRing

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")

RATE, COUNT, HERTZ = 25, 100, 48_000
LONGEST_S = 30.0


def stream_with_sound(codec: str, form: str) -> bytes:
    """Numbered pictures, and a tone that is there in every other second only."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=form) as out:
        video = out.add_stream("libx264", rate=RATE)
        audio = cast("av.AudioStream", out.add_stream(codec, rate=HERTZ, layout="mono"))
        video.width, video.height, video.pix_fmt = 128, 96, "yuv420p"
        video.codec_context.gop_size = 10
        video.options = {"preset": "ultrafast", "tune": "zerolatency", "sc_threshold": "0"}
        size = HERTZ // RATE
        for number in range(COUNT):
            rgb = np.full((96, 128, 3), 90, np.uint8)
            draw_number(rgb, number)
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts = number
            out.mux(video.encode(frame))
            places = np.arange(number * size, (number + 1) * size)
            tone = np.where(places // HERTZ % 2, 12_000 * np.sin(places * 0.06), 0).astype(np.int16)
            heard = av.AudioFrame.from_ndarray(tone[None], format="s16", layout="mono")
            heard.sample_rate, heard.pts = HERTZ, number * size
            out.mux(audio.encode(heard))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    return buffer.getvalue()


def received(path: Path, stream: bytes, limits: Limits) -> PacketRing:
    with pipe_sender(path, [stream]):
        receiver = begin_live(live_name(str(path)), limits)
        ring = receiver.ring()
        end_s = time.monotonic() + LONGEST_S
        while not ring.has_ended:
            assert time.monotonic() < end_s
            time.sleep(0.01)
        end_live(receiver.address.name)
        receiver.close()
    return ring


def pictures_and_tone(path: Path) -> tuple[dict[int, float], list[float]]:
    """The time of each number shown, and the times at which the tone begins or ends, in seconds."""
    shown: dict[int, float] = {}
    with open_input(str(path)) as container:
        for frame in container.decode(video=0):
            number = read_number(cast("NDArray[np.uint8]", frame.to_ndarray(format="rgb24")))
            assert number is not None
            shown[number] = float(frame.time or 0)
    edges, was_loud = list[float](), None
    with open_input(str(path)) as container:
        for heard in container.decode(audio=0):
            samples = heard.to_ndarray().astype(np.float64).ravel()
            step = heard.sample_rate // 100
            scale = 1.0 if heard.format.name.startswith("flt") else 32768.0
            for place in range(0, len(samples) - step + 1, step):
                is_loud = bool(np.abs(samples[place : place + step]).max() / scale > 0.1)
                if was_loud is not None and is_loud != was_loud:
                    edges.append(float(heard.time or 0) + place / heard.sample_rate)
                was_loud = is_loud
    return shown, edges


@pytest.mark.parametrize(
    ("codec", "form", "suffix"),
    [
        ("aac", "mpegts", ".mkv"),
        ("aac", "mpegts", ".mp4"),
        ("mp2", "mpegts", ".ts"),
        ("pcm_s16le", "matroska", ".mov"),
    ],
)
def test_sound_is_saved_beside_its_pictures(codec: str, form: str, suffix: str, tmp_path: Path) -> None:
    ring = received(tmp_path / "pipe", stream_with_sound(codec, form), Limits())
    saved = save_ring(ring, tmp_path / f"saved{suffix}", seconds=2.5, replaces=False)
    assert saved.sound_packets > 0
    assert not saved.left_out_sound
    shown, edges = pictures_and_tone(saved.path)
    first = min(shown)
    assert first <= COUNT - 2.5 * RATE
    # The tone changes with every 25th picture, wherever the file begins.
    start_s = shown[first] - first / RATE
    due = [second for second in range(1, COUNT // RATE) if second * RATE > first + 3]
    assert [edge - start_s for edge in edges] == pytest.approx(due, abs=0.05)


def test_sound_leaves_with_its_pictures(tmp_path: Path) -> None:
    stream = stream_with_sound("aac", "mpegts")
    whole = received(tmp_path / "whole", stream, Limits())
    limit = whole.state().held_bytes // 3
    ring = received(tmp_path / "pipe", stream, Limits(seconds=1e6, size_bytes=limit))
    assert ring.state().held_bytes <= limit
    assert 0 < len(ring.held_sound()) < len(whole.held_sound()) / 2
    assert ring.held_sound()[-1].data == whole.held_sound()[-1].data
    assert save_ring(ring, tmp_path / "saved.mkv", seconds=None, replaces=False).sound_packets > 0


def test_sound_that_a_container_cannot_hold_is_told(tmp_path: Path) -> None:
    ring = received(tmp_path / "pipe", stream_with_sound("pcm_s16le", "matroska"), Limits())
    saved = save_ring(ring, tmp_path / "saved.mp4", seconds=None, replaces=False)
    assert (saved.sound_packets, saved.left_out_sound) == (0, "pcm_s16le")
    assert "Without sound" in saved.summary
