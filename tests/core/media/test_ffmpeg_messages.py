"""FFmpeg's messages: in the log by file, never in the terminal, and nothing waits for them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from framescope.core.media import ffmpeg_messages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only where pipes do not make their writers wait")

READ_DAMAGE = """
import logging, os, sys, time
import framescope
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged
seen = []
class Keep(logging.Handler):
    def emit(self, record):
        seen.append(record.getMessage())
log = logging.getLogger("ffmpeg")
log.addHandler(Keep())
log.propagate = False
print("before", file=sys.stderr)
with ffmpeg_messages_logged():
    print("from Python", file=sys.stderr)
    os.write(2, b"from a library\\n")
    with framescope.open_video(sys.argv[1], use_index_cache=False) as video:
        for answer in video.try_frames(range(len(video))):
            pass
        # Flushing and closing hold Python's lock, and wait for threads that report damage.
        for number in (len(video) - 1, 3, len(video) // 2, 0):
            list(video.try_frames([number]))
print("after", file=sys.stderr)
assert seen, "nothing was logged"
assert all(words.startswith(sys.argv[1]) for words in seen), seen[:3]
assert len(seen) < 200, len(seen)
"""


@pytest.fixture
def damaged(clip: Callable[[str], Path], tmp_path: Path) -> Path:
    data = bytearray(clip("h264.mp4").read_bytes())
    start = data.index(b"mdat")
    for place in range(start + 3000, len(data) - 3000, 701):
        data[place : place + 12] = b"\xa5" * 12
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    return path


def test_damage_is_logged_and_the_terminal_is_left_alone(damaged: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", READ_DAMAGE, str(damaged)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert sorted(run.stderr.splitlines()) == ["after", "before", "from Python", "from a library"]


def test_what_is_said_very_often_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    reader, writer = os.pipe()
    for number in range(120):
        os.write(writer, f"[h264 @ 0x55e0{number:08x}] error while decoding MB {number} 7\n".encode())
    os.close(writer)
    ffmpeg_messages.note_source("clip.mp4")
    stop, stopper = os.pipe()
    ffmpeg_messages._read(reader, stop, os.open(os.devnull, os.O_WRONLY))  # noqa: SLF001
    for descriptor in (reader, stop, stopper):
        os.close(descriptor)
    said = [record.getMessage() for record in caplog.records]
    assert said[0] == "clip.mp4: h264: error while decoding MB 0 7"
    assert said[-1] == "clip.mp4: h264: error while decoding MB 99 7 (message 100 of this kind)"
    assert len(said) == 5


def test_where_stderr_is_closed_nothing_happens() -> None:
    code = """
import os
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged
os.close(2)
with ffmpeg_messages_logged():
    print("went on")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout == "went on\n"


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )


def test_a_program_that_was_started_and_lives_on_does_not_keep_the_reader() -> None:
    run = run_python("""
import os, subprocess, threading
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged
with ffmpeg_messages_logged():
    # It has stderr open, and lives until its own input is closed.
    child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    os.write(2, b"written before the end\\n")
print([thread.name for thread in threading.enumerate()], child.poll())
child.communicate()
""")
    assert run.stdout == "['MainThread'] None\n"
    assert run.stderr == "written before the end\n"


def test_a_block_within_a_block_changes_nothing() -> None:
    run = run_python("""
import os, sys, threading
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged
with ffmpeg_messages_logged():
    with ffmpeg_messages_logged():
        print(sum(thread.name == "ffmpeg messages" for thread in threading.enumerate()))
        print("inner", file=sys.stderr)
    os.write(2, b"[h264 @ 0x55e0deadbeef] still in the log\\n")
    print("outer", file=sys.stderr)
with ffmpeg_messages_logged():
    print("again", file=sys.stderr)
""")
    assert run.stdout == "1\n"
    words = run.stderr.splitlines()
    assert [line for line in words if "still" not in line] == ["inner", "outer", "again"]
    assert not any(line.startswith("[h264") for line in words)


def test_where_no_pipe_can_be_made_nothing_stays_open() -> None:
    run = run_python("""
import errno, os
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged
def no_pipe():
    raise OSError(errno.EMFILE, "Too many open files")
make, os.pipe = os.pipe, no_pipe
lowest = os.dup(0)
os.close(lowest)
with ffmpeg_messages_logged():
    print("went on", os.dup(0) == lowest)
""")
    assert run.stdout == "went on True\n", run.stderr


def test_losses_of_rtp_are_counted_at_once() -> None:
    run = run_python("""
import os
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged, rtp_losses
print(rtp_losses())
with ffmpeg_messages_logged():
    before = rtp_losses()
    for number in range(300):
        os.write(2, b"[rtsp @ 0x55e0deadbeef] RTP: missed %d packets\\n" % (number + 1))
        assert rtp_losses() == before + number + 1, number
    os.write(2, b"[rtsp @ 0x55e0deadbeef] RTP: dropping old packet received too late\\n")
    os.write(2, b"a line without an end")
    print(rtp_losses() - before)
    os.write(2, b", and its end\\n")
print(rtp_losses())
""")
    assert run.stdout == "None\n300\nNone\n", run.stderr
    assert run.stderr.splitlines()[-1] == "a line without an end, and its end"


def test_messages_that_did_not_fit_into_the_pipe_count_as_losses() -> None:
    run = run_python("""
import os, threading
from framescope.core.media import ffmpeg_messages
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged, rtp_losses
go_on, share_out = threading.Event(), ffmpeg_messages._share_out
def wait(*arguments):
    go_on.wait(20)
    share_out(*arguments)
ffmpeg_messages._share_out = wait
with ffmpeg_messages_logged():
    before = rtp_losses()
    try:
        while True:
            os.write(2, b"[h264 @ 0x55e0deadbeef] error while decoding MB 3 7\\n")
    except BlockingIOError:
        pass
    during = rtp_losses()
    go_on.set()
    print(during > before, rtp_losses() > before)
""")
    assert run.stdout == "True True\n", run.stderr
