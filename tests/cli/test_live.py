"""``framescope live`` receives, reports, and saves what is held at the end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framescope.core.live import receiver
from framescope.core.source.opening import open_video
from framescope.core.synth.number_blocks import read_number
from tests.core.live.senders import free_port, numbered_stream, pipe_sender

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.ts"
    path.write_bytes(numbered_stream(0, 100, gop=10, options={"x264-params": "open-gop=1"}))
    return path


def numbers_in(path: Path) -> list[int | None]:
    with av.open(os.fspath(path)) as container:
        return [
            read_number(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
            for frame in container.decode(video=0)
        ]


def test_it_says_what_arrived(framescope: Callable[..., Answer], stream: Path) -> None:
    answer = framescope("live", stream)
    assert answer.status == 0, answer.err
    assert "100 frames received." in answer.out


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "ts"])
def test_the_last_seconds_are_saved_as_they_arrived(
    suffix: str, framescope: Callable[..., Answer], stream: Path, tmp_path: Path
) -> None:
    out = tmp_path / f"last.{suffix}"
    answer = framescope("live", stream, "--save-last", "2s", out, "--json")
    assert answer.status == 0, answer.err
    # A line a second, should it take that long, and then the whole.
    saved = json.loads(answer.out.splitlines()[-1])["saved"]
    first, frames = saved["first_frame"], saved["frames"]
    # At least two seconds of 25 frames, from the keyframe before.
    assert 50 <= frames <= 63
    assert first + frames == 100
    assert numbers_in(out) == list(range(first, 100))
    with open_video(out) as video:
        assert [read_number(frame.to_rgb()) for frame in video] == list(range(first, 100))


def test_frames_that_are_held_are_exported(
    framescope: Callable[..., Answer], stream: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "pictures"
    # The stream is mostly padding.
    size = stream.stat().st_size // 8
    answer = framescope(
        "live", stream, "--buffer", f"{size / 1000:.1f}kB", "--export", folder, "--every", "7", "--json"
    )
    assert answer.status == 0, answer.err
    table = answer.json()
    first = table["first_frame"]
    assert isinstance(first, int)
    assert first > 0
    names = sorted(path.name for path in folder.glob("*.png"))
    assert [int(name[-10:-4]) for name in names] == [n for n in range(0, 100, 7) if n >= first]
    assert framescope("verify", folder).status == 0


def test_an_existing_file_is_kept(framescope: Callable[..., Answer], stream: Path, tmp_path: Path) -> None:
    out = tmp_path / "last.mkv"
    out.write_bytes(b"mine")
    assert framescope("live", stream, "--save-last", "2s", out).status == 1
    assert out.read_bytes() == b"mine"
    assert framescope("live", stream, "--save-last", "2s", out, "--overwrite").status == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_ctrl_c_stops_receiving_and_saves(stream: Path, tmp_path: Path) -> None:
    pipe, out = tmp_path / "pipe", tmp_path / "last.mkv"
    # The second piece never comes, and the pipe stays open.
    with pipe_sender(pipe, [stream.read_bytes(), b""]):
        command = [sys.executable, "-m", "framescope", "live", os.fspath(pipe), "--json"]
        command += ["--save-last", "1min", os.fspath(out)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            watchdog = threading.Timer(60, program.kill)
            watchdog.start()
            try:
                while json.loads(program.stdout.readline())["decoded"] == 0:
                    pass
                program.send_signal(signal.SIGINT)
                *_, last = program.stdout.read().splitlines()
                assert program.wait() == 0
            finally:
                watchdog.cancel()
                program.kill()
    assert json.loads(last)["saved"]["frames"] == len(numbers_in(out)) >= 95


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_the_standard_input_is_a_pipe(stream: Path) -> None:
    with stream.open("rb") as source:
        done = subprocess.run(
            [sys.executable, "-m", "framescope", "live", "-", "--json"],
            stdin=source,
            capture_output=True,
            check=True,
            timeout=60,
        )
    assert json.loads(done.stdout.splitlines()[-1])["frames"] == 100


def test_a_buffer_larger_than_the_memory_is_refused(
    framescope: Callable[..., Answer], plain_clip: Path
) -> None:
    answer = framescope("live", plain_clip, "--buffer", "900000GB")
    assert answer.status == 2
    assert "does not fit in memory" in answer.err
    assert "half of the memory" in answer.err


@pytest.mark.parametrize("address", ["udp://127.0.0.1:{port}", "tcp://127.0.0.1:{port}#listen"])
def test_it_says_what_it_waits_for_and_not_for_ever(
    address: str, framescope: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiver, "_CONNECTING_S", 1.0)
    monkeypatch.setattr(receiver, "_LISTENING_S", 1.0)
    address = address.format(port=free_port(socket.SOCK_DGRAM))
    begun_s = time.monotonic()
    answer = framescope("live", address, "--seconds", "3")
    assert time.monotonic() - begun_s < 10
    assert answer.status == 1
    assert answer.err.splitlines()[0] == f"Waiting for {address}, at most 1 s; Ctrl+C stops."


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGINT to send")
def test_an_interrupt_ends_the_wait_at_once() -> None:
    port = free_port(socket.SOCK_DGRAM)
    command = [sys.executable, "-m", "framescope", "live", f"udp://127.0.0.1:{port}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        assert running.stderr.readline().startswith("Waiting for")
        begun_s = time.monotonic()
        running.send_signal(signal.SIGINT)
        running.wait(30)
        assert time.monotonic() - begun_s < 5
        assert running.returncode == 130
