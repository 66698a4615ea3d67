"""The program works whatever its parent did to streams, locale, folders and signals."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from framescope.cli.start import set_home

pytestmark = pytest.mark.skipif(os.name != "posix", reason="what a POSIX process inherits")

PROGRAM = (sys.executable, "-m", "framescope")
NAME = "größe ü 日本.mp4"
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""A locale without any letter beyond ASCII, in which Python is not to help itself."""


@pytest.fixture
def video(plain_clip: Path, tmp_path: Path) -> Path:
    """The clip under a name of which ASCII holds little."""
    return Path(shutil.copy(plain_clip, tmp_path / NAME))


def run(*arguments: object, redirections: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program from a shell that redirects its streams."""
    command = shlex.join([*PROGRAM, *map(str, arguments)])
    return subprocess.run(
        ["/bin/sh", "-c", f"exec {command} {redirections}"],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


def test_names_are_read_and_written_in_any_locale(video: Path, tmp_path: Path) -> None:
    out = tmp_path / "Töne"
    saved = run("export", video, "-o", out, "--frames", "3", **ASCII)
    assert (saved.returncode, saved.stderr) == (0, b"")
    assert [path.suffix for path in sorted(out.iterdir())].count(".jpg") == 1
    described = run("info", video, "--json", **ASCII)
    assert described.returncode == 0, described.stderr
    assert NAME in str(json.loads(described.stdout))
    assert run("verify", out, **ASCII).returncode == 0


def test_a_name_that_is_not_utf8_opens_and_prints(plain_clip: Path, tmp_path: Path) -> None:
    try:
        video = shutil.copy(plain_clip, os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.mp4"))
    except OSError:
        pytest.skip("this file system holds UTF-8 only")
    # As in every UTF-8 locale but C.UTF-8, where Python is more lenient.
    answer = run("info", video, PYTHONIOENCODING="utf-8:strict")
    assert answer.returncode == 0, answer.stderr
    assert b"bad\xff.mp4" in answer.stdout
    missing = run("info", video.replace("bad", "worse"))
    assert missing.returncode == 1
    assert b"worse" in missing.stderr


def test_an_encoding_without_a_character_is_no_error(video: Path) -> None:
    answer = run("info", video, PYTHONIOENCODING="latin-1:strict")
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert "größe ü ??.mp4".encode("latin-1") in answer.stdout
    answer = run("info", video, "--json", PYTHONIOENCODING="latin-1:strict")
    assert NAME in str(json.loads(answer.stdout))


@pytest.mark.parametrize("redirections", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_no_harm(redirections: str, video: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    saved = run("export", video, "-o", out, "--frames", "3", redirections=redirections)
    assert (saved.returncode, saved.stderr) == (0, b"")
    assert run("verify", out).returncode == 0


def test_no_file_gets_the_number_of_a_closed_stream() -> None:
    code = (
        "import os, sys; from framescope.cli.start import repair_process; repair_process();"
        "sys.exit(os.open(os.devnull, os.O_RDONLY))"
    )
    shell = 'exec "$@" <&- >&- 2>&-'
    opened = subprocess.run(["/bin/sh", "-c", shell, "sh", sys.executable, "-c", code], check=False)
    assert opened.returncode == 3


def test_without_a_home_nothing_is_kept_and_everything_works(
    video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name)
    home = tmp_path / "missing"
    indexed = run("index", video, "--csv", HOME=str(home))
    assert (indexed.returncode, indexed.stderr) == (0, b"")
    shown = run("screenshot", video, tmp_path / "window.png", HOME=str(home))
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert not home.exists()


@pytest.mark.parametrize("before", [None, ""])
def test_home_is_named_where_the_system_knows_one(
    before: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", before or "")
    if before is None:
        monkeypatch.delenv("HOME")
    set_home()
    known = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is none
    assert os.environ.get("HOME") == (known if Path(known).is_dir() else None)


def test_nothing_is_left_among_temporary_files(video: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "a b ü"
    temporary.mkdir()
    shown = run("screenshot", video, tmp_path / "window.png", TMPDIR=str(temporary))
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert list(temporary.iterdir()) == []


def test_children_are_waited_for_where_the_parent_ignored_them() -> None:
    code = (
        "import subprocess, sys; from framescope.cli.start import repair_process; repair_process();"
        "sys.exit(subprocess.run([sys.executable, '-c', 'raise SystemExit(3)']).returncode)"
    )
    # Shells do not ignore SIGCHLD, so a Python does, which then becomes the one that is tested.
    ignoring = (
        "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN);"
        "os.execv(sys.executable, [sys.executable, '-c', sys.argv[1]])"
    )
    assert subprocess.run([sys.executable, "-c", ignoring, code], check=False).returncode == 3


def test_ctrl_c_that_the_parent_ignored_stays_ignored() -> None:
    code = (
        "import signal\n"
        "from framescope.cli.progress_bar import long_work\n"
        "with long_work('Working') as (_, cancel):\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        "    print(cancel.is_cancelled)\n"
    )
    for handler, cancelled in ((signal.SIG_IGN, b"False"), (signal.SIG_DFL, b"True")):
        before = signal.signal(signal.SIGINT, handler)
        try:
            answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
        finally:
            signal.signal(signal.SIGINT, before)
        assert (answer.returncode, answer.stdout.strip(), answer.stderr) == (0, cancelled, b"")
