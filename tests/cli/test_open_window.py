"""``framescope``, ``framescope VIDEO`` and ``framescope --demo`` reach the launcher; typing errors do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer, NotingLauncher


def test_no_argument_opens_an_empty_window(
    framescope: Callable[..., Answer], launcher: NotingLauncher
) -> None:
    assert framescope().status == 0
    assert launcher.calls == [("window", {"source": None, "demo": False, "theme": None, "frame": None})]


def test_a_video_is_opened(
    framescope: Callable[..., Answer], launcher: NotingLauncher, plain_clip: Path
) -> None:
    assert framescope(plain_clip).status == 0
    assert framescope("open", plain_clip, "--theme", "light").status == 0
    assert [call["source"] for _, call in launcher.calls] == [str(plain_clip)] * 2
    assert launcher.calls[1][1]["theme"] == "light"
    assert framescope(plain_clip, "--frame", "7").status == 0
    assert launcher.calls[2][1]["frame"] == 7
    assert framescope("--demo", "--frame", "7").status == 2


def test_the_demo_is_opened(framescope: Callable[..., Answer], launcher: NotingLauncher) -> None:
    assert framescope("--demo").status == 0
    assert launcher.calls[0][1]["demo"] is True


def test_an_address_is_passed_on(framescope: Callable[..., Answer], launcher: NotingLauncher) -> None:
    framescope("https://example.org/a.mp4")
    assert launcher.calls[0][1]["source"] == "https://example.org/a.mp4"


def test_a_missing_file_opens_no_window(framescope: Callable[..., Answer], launcher: NotingLauncher) -> None:
    answer = framescope("nowhere.mp4")
    assert answer.status == 1
    assert "nowhere.mp4" in answer.err
    assert launcher.calls == []


@pytest.mark.parametrize(("typed", "meant"), [("exprt", "export"), ("screnshot", "screenshot")])
def test_a_misspelt_command_is_guessed(typed: str, meant: str, framescope: Callable[..., Answer]) -> None:
    assert f"`framescope {meant}`" in framescope(typed).err


def test_a_video_and_the_demo_exclude_each_other(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    assert framescope(plain_clip, "--demo").status == 2


def test_json_tells_what_was_opened(framescope: Callable[..., Answer], plain_clip: Path) -> None:
    answer = framescope(plain_clip, "--json")
    assert answer.json() == {"source": str(plain_clip), "demo": False, "exit_status": 0}


def test_where_nobody_sees_the_terminal_the_window_shows_what_is_wrong(
    framescope: Callable[..., Answer], launcher: NotingLauncher
) -> None:
    launcher.shows_errors = True
    assert framescope("nowhere.mp4").status == 0
    assert launcher.calls[0][1]["source"] == "nowhere.mp4"
