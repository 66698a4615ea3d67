"""Long work draws only on a terminal, and Ctrl+C sets the token before it ends the program."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from framescope.cli.progress_bar import long_work
from framescope.core.model.progress import Progress


def test_nothing_is_drawn_into_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with long_work("Working") as (progress, cancel):
        progress(Progress(1, 2, "step"))
        progress(Progress(2, None))
        assert not cancel.is_cancelled
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_the_bar_shows_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with long_work("Working") as (progress, _):
        progress(Progress(1, 2, "Reading packets"))
    assert "Reading packets" in capsys.readouterr().err


def test_a_name_in_the_bar_is_only_a_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with long_work("Working") as (progress, _):
        progress(Progress(1, 2, "[/red] \x9b2J \x1b]0;x\x07"))
        print("\x1b]0;y\x07")  # noqa: T201 - as whatever a command prints meanwhile
    captured = capsys.readouterr()
    assert "[/red] \\x9b2J \\x1b]0;x\\x07" in captured.err
    assert "\x1b]" not in captured.err + captured.out


def test_the_first_ctrl_c_sets_the_token_and_the_second_interrupts() -> None:
    before = signal.getsignal(signal.SIGINT)
    with long_work("Working") as (_, cancel):
        signal.raise_signal(signal.SIGINT)
        assert cancel.is_cancelled
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_it_works_in_any_thread() -> None:
    def work() -> bool:
        with long_work("Working") as (progress, cancel):
            progress(Progress(1, 1))
            return cancel.is_cancelled

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(work).result() is False
