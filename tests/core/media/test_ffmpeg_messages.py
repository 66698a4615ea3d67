"""FFmpeg's messages: in the log by file, never in the terminal, and nothing waits for them."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from queue import Queue
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
    lines: Queue[bytes | None] = Queue()
    ffmpeg_messages._read(reader, stop, 1 << 16, lines)  # noqa: SLF001
    ffmpeg_messages._write(lines, os.open(os.devnull, os.O_WRONLY))  # noqa: SLF001
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
    for number in range(300):
        os.write(2, b"[rtsp @ 0x55e0deadbeef] RTP: missed %d packets\\n" % (number + 1))
        assert rtp_losses() == (0, {0x55E0DEADBEEF: number + 1}), number
    os.write(2, b"[rtsp @ 0x55e0deadbeef] RTP: dropping old packet received too late\\n")
    os.write(2, b"[sdp @ 0x7f00000000] RTP: PT=60: bad cseq 0001 expected=0002\\n")
    os.write(2, b"of an unknown one: RTP: missed 3 packets\\n")
    os.write(2, b"a line without an end")
    print(rtp_losses() == (1, {0x55E0DEADBEEF: 300, 0x7F00000000: 1}))
    os.write(2, b", and its end\\n")
print(rtp_losses())
""")
    assert run.stdout == "None\nTrue\nNone\n", run.stderr
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


def test_what_python_prints_is_not_lost_in_a_flood_of_messages() -> None:
    run = run_python("""
import logging, os, sys, threading
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged
# It keeps the stream that is stderr now.
logging.getLogger("other").addHandler(logging.StreamHandler())
logging.getLogger("ffmpeg").propagate = False
logging.getLogger("ffmpeg").addHandler(logging.NullHandler())
ended = threading.Event()
def flood():
    while not ended.is_set():
        try:
            os.write(2, b"[h264 @ 0x55e0deadbeef] error while decoding MB 3 7\\n" * 70)
        except BlockingIOError:
            pass
with ffmpeg_messages_logged():
    thread = threading.Thread(target=flood)
    thread.start()
    for number in range(300):
        logging.getLogger("other").warning("%d logged %s", number, "x" * 3000)
        print(number, "printed", "y" * 3000, file=sys.stderr)
    ended.set()
    thread.join()
    print(sys.stderr.fileno() == 2)
print(sys.stderr.fileno() == 2)
""")
    assert run.stdout == "False\nTrue\n", run.stderr[-3000:]
    starts = [line[:12].split()[:2] for line in run.stderr.splitlines()]
    assert starts == [[str(number), words] for number in range(300) for words in ("logged", "printed")]


def test_a_terminal_that_takes_nothing_holds_nothing_up() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writer, b"." * 4096)
    os.set_blocking(writer, True)
    code = """
import os
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged, rtp_losses
with ffmpeg_messages_logged():
    try:
        while True:
            os.write(2, b"of another library\\n")
    except BlockingIOError:
        pass
    before = rtp_losses()
    for number in range(200):
        now = rtp_losses()
        # Nobody knows what was lost.
        assert now.anywhere > before.anywhere, number
        before = now
print("went on")
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=writer) as run:
        os.close(writer)
        try:
            # Each would wait a second.
            assert run.communicate(timeout=100)[0] == b"went on\n"
        finally:
            run.kill()
            os.close(reader)


def test_a_forked_process_leaves_the_marks_to_its_parent() -> None:
    run = run_python("""
import os
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged, rtp_losses
with ffmpeg_messages_logged():
    rtp_losses()
    child = os.fork()
    if not child:
        os._exit(0 if rtp_losses() is None else 1)
    print(os.waitpid(child, 0)[1], rtp_losses())
""")
    assert run.stdout == "0 RtpLosses(anywhere=0, by_context={})\n", run.stderr
