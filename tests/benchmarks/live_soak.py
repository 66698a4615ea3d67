"""Receives a live source for a long time, and checks that the ring is exact and memory stays flat.

``python -m tests.benchmarks.live_soak --minutes 60``. It is no part of the gate.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import psutil

from framescope.core.errors import FrameUnavailableError
from framescope.core.live.address import live_name
from framescope.core.live.ring import Limits, PacketRing
from framescope.core.live.source import begin_live, end_live
from framescope.core.source.opening import known_video
from framescope.core.synth.number_blocks import draw_number, read_number

if TYPE_CHECKING:
    from framescope.core.media.video import Video

WIDTH, HEIGHT, RATE = 320, 240, 25
HELD_S = 20.0
SETTLES_S = 60.0
MOST_GROWTH_BYTES = 40_000_000
"""What is listed of every packet takes 60 bytes; the rest is for the allocator."""


def send(path: Path, stopped: threading.Event, speed: float) -> None:
    """Write numbered frames into a named pipe at their own pace until stopped."""
    begun_s = time.monotonic()
    with (
        path.open("wb", buffering=0) as pipe,
        av.open(pipe, "w", format="mpegts", options={"flush_packets": "1"}) as out,
    ):
        stream = out.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.gop_size, stream.codec_context.max_b_frames = RATE, 2
        stream.options = {"preset": "ultrafast", "x264-params": "open-gop=1"}
        number = 0
        while not stopped.is_set():
            rgb = np.full((HEIGHT, WIDTH, 3), number % 200, np.uint8)
            draw_number(rgb, number)
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts = number
            out.mux(stream.encode(frame))
            number += 1
            stopped.wait(max(0.0, begun_s + number / RATE / speed - time.monotonic()))


def check(video: Video, ring: PacketRing, chance: random.Random) -> int:
    """Read frames all over the ring, and one that has left it; returns how many showed their own number."""
    index = ring.index()
    video.adopt_index(index)
    first = index.first_held
    numbers = {len(index) - 1, *(chance.randrange(first, len(index)) for _ in range(5))}
    right = 0
    for number in sorted(numbers):
        try:
            frame = video.frame(number)
        except FrameUnavailableError:
            # It may leave between the look and the reading, and then has to be refused.
            assert number < ring.state().first_frame, f"frame {number} is held, but was refused"
            continue
        assert read_number(frame.to_rgb()) == number, f"frame {number} shows {read_number(frame.to_rgb())}"
        right += 1
    if first:
        try:
            video.frame(first - 1)
        except FrameUnavailableError:
            pass
        else:
            raise AssertionError(f"frame {first - 1} has left, but was shown")
    return right


def main() -> int:
    """Run for the time asked for; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--speed", type=float, default=1.0, help="send so many times as fast")
    options = parser.parse_args()
    process, chance, stopped = psutil.Process(), random.Random(1), threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pipe")
        os.mkfifo(path)
        sender = threading.Thread(target=send, args=(path, stopped, options.speed), daemon=True)
        sender.start()
        name = live_name(str(path))
        ring = begin_live(name, Limits(HELD_S / options.speed)).ring()
        begun_s, settled, right, reported_s = time.monotonic(), 0, 0, 0.0
        # Without a cache, so that every frame is read from the ring.
        with known_video(ring.segments[0].info, ring.index(), cache_bytes=1) as video:
            ring.await_frames(2 * RATE, 30)
            while (elapsed_s := time.monotonic() - begun_s) < options.minutes * 60:
                right += check(video, ring, chance)
                memory = process.memory_info().rss
                settled = settled or (memory if elapsed_s > min(SETTLES_S, options.minutes * 30) else 0)
                if elapsed_s - reported_s > 10:
                    reported_s, state = elapsed_s, ring.state()
                    grown = (memory - settled) / 1e6 if settled else 0.0
                    sys.stdout.write(
                        f"{elapsed_s:6.0f} s  {state.frames} frames  {state.held_bytes / 1e6:.1f} MB held"
                        f"  {right} right  {memory / 1e6:.0f} MB ({grown:+.1f})\n"
                    )
                    sys.stdout.flush()
                time.sleep(0.2)
        grown = process.memory_info().rss - settled
        stopped.set()
        end_live(name)
        sender.join(5)
    sys.stdout.write(f"{right} frames right, {grown / 1e6:+.1f} MB\n")
    return 0 if grown < MOST_GROWTH_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
