"""The log: where it lies, what goes into it, and that nothing suffers from it."""

from __future__ import annotations

import faulthandler
import logging
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import DestinationError
from framescope.core.folders import log_folder
from framescope.core.log import LogFile, log_path, log_tail, logging_to

if TYPE_CHECKING:
    from pathlib import Path

LOG = logging.getLogger("framescope.tests")


def log_handler() -> LogFile:
    return next(one for one in logging.getLogger("framescope").handlers if isinstance(one, LogFile))


def test_the_log_is_in_the_folder_for_logs() -> None:
    folder = log_folder()
    assert folder is not None
    with logging_to(None, "info"):
        LOG.info("a word")
        LOG.debug("too much")
        assert log_path() == folder / "framescope.log"
        assert "INFO framescope.tests: a word\n" in log_tail()
        assert "too much" not in log_tail()
    assert log_path() is None
    assert log_tail() == ""
    assert "a word" in (folder / "framescope.log").read_text("utf-8")


def test_a_named_log_is_added_to(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    for word in ("first", "second"):
        with logging_to(path, "debug"):
            LOG.debug("%s", word)
    assert [line.split()[-1] for line in path.read_text("utf-8").splitlines()] == ["first", "second"]


@pytest.mark.parametrize("content", [b"\0\0\0\x18ftypmp42", b"a,b\n1,2\n"])
def test_no_other_file_becomes_a_log(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(content)
    with pytest.raises(DestinationError, match="not a log file"), logging_to(path, "info"):
        pass
    assert path.read_bytes() == content


def test_where_no_log_can_be_written_is_said(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "x.log"):
        with pytest.raises(DestinationError), logging_to(path, "info"):
            pass


def test_names_act_on_no_terminal_and_passwords_stay_out(tmp_path: Path) -> None:
    with logging_to(tmp_path / "x.log", "info"):
        # Straight to the file: pytest-xdist cannot pass on a report of what is not UTF-8.
        for words in (
            "evil\x1b[2J.mp4\n2026-01-01 00:00:00,000 1 INFO not: a line of its own",
            "rtsp://me:secret@example.com/live",
            "bytes\udcff.mp4",
        ):
            log_handler().emit(logging.makeLogRecord({"msg": words}))
    text = (tmp_path / "x.log").read_text("utf-8")
    assert "\x1b" not in text
    assert sum(line.startswith("2026-01-01") for line in text.splitlines()) == 0
    assert "secret" not in text
    assert "rtsp://…@example.com/live" in text
    assert r"bytes\xff.mp4" in text


def test_the_log_is_rotated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framescope.core.log._MOST_BYTES", 1000)
    folder = log_folder()
    assert folder is not None
    with logging_to(None, "info"):
        for number in range(200):
            LOG.info("line %d", number)
        assert log_tail().endswith("line 199\n")
    names = {path.name for path in folder.glob("framescope.log*")}
    assert names == {"framescope.log", *(f"framescope.log.{number}" for number in (1, 2, 3))}


def test_the_end_of_the_log_is_whole_lines(tmp_path: Path) -> None:
    with logging_to(tmp_path / "x.log", "info"):
        for number in range(50):
            LOG.info("line %d", number)
        tail = log_tail(500)
    assert tail.endswith("line 49\n")
    assert len(tail) <= 500
    assert tail[:4].isdigit()


@pytest.mark.skipif(sys.platform != "linux", reason="there is a full device on Linux")
def test_a_full_disk_costs_only_the_log(tmp_path: Path) -> None:
    with logging_to(tmp_path / "x.log", "info"):
        old = log_handler().setStream(open("/dev/full", "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        assert old is not None
        old.close()
        LOG.info("this does not fit")
        LOG.info("nor does this")


def test_warnings_still_go_to_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = f"""
import logging, pathlib
from framescope.core.log import logging_to
with logging_to(pathlib.Path({str(tmp_path / "x.log")!r}), "info"):
    logging.getLogger("framescope.x").warning("seen")
    logging.getLogger("framescope.x").info("unseen")
    logging.getLogger("ffmpeg").warning("unseen as well")
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert capfd.readouterr().err == "seen\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_crash_of_the_interpreter_is_in_the_log(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    code = f"""
import faulthandler, pathlib
from framescope.core.log import logging_to
with logging_to(pathlib.Path({str(path)!r}), "info"):
    faulthandler._sigabrt()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert run.returncode != 0
    assert "Fatal Python error: Aborted" in path.read_text("utf-8")


def test_faulthandler_is_as_it_was(tmp_path: Path) -> None:
    before = faulthandler.is_enabled()
    with logging_to(tmp_path / "x.log", "info"):
        assert faulthandler.is_enabled()
    assert faulthandler.is_enabled() == before


def test_tracebacks_and_tokens_are_safe_too(tmp_path: Path) -> None:
    with logging_to(tmp_path / "x.log", "info"):
        LOG.info("Ended", exc_info=ValueError("http://u:p@ss@host/a.mp4?token=SECRET \x1b[2J"))
    text = (tmp_path / "x.log").read_text("utf-8")
    assert "http://…@host/a.mp4?…" in text
    assert not any(secret in text for secret in ("SECRET", "p@ss", "ss@", "\x1b"))
    assert all(line.startswith(("2", "    ")) for line in text.splitlines())


def test_a_default_log_that_begins_with_a_crash_is_gone_on_with() -> None:
    folder = log_folder()
    assert folder is not None
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "framescope.log").write_text("Fatal Python error: Aborted\n", "utf-8")
    with logging_to(None, "info"):
        LOG.info("once more")
        assert log_tail().endswith("once more\n")


def test_a_record_that_cannot_be_formatted_costs_only_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_to(tmp_path / "x.log", "info"):
        log_handler().handle(logging.makeLogRecord({"msg": "%d", "args": ("x",)}))
        LOG.info("still there")
        assert log_tail().endswith("still there\n")
    assert "Logging error" in capsys.readouterr().err


def test_without_a_log_ffmpeg_stays_out_of_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    code = """
import logging
import os
from framescope.core.log import logging_to
with logging_to(None, "info"):
    logging.getLogger("ffmpeg").warning("unseen")
    logging.getLogger("framescope.x").warning("seen")
"""
    environment = {name: value for name, value in os.environ.items() if name != "HOME"}
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env=environment | {"HOME": "/nonexistent", "XDG_STATE_HOME": "/proc"},
    )
    assert capfd.readouterr().err == "seen\n"
