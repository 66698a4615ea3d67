"""``framescope screenshot`` passes its options on to the launcher."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.cli import screenshot as screenshot_module
from framescope.core.errors import UnknownPanelError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer, NotingLauncher


def test_the_options_reach_the_launcher(
    framescope: Callable[..., Answer], launcher: NotingLauncher, plain_clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "window.png"
    options = ("--frame", 7, "--size", "2560x1440", "--panel", "gopPanel", "--theme", "light")
    answer = framescope("screenshot", plain_clip, out, *options)
    assert answer.status == 0
    assert answer.out.strip() == str(out)
    wanted = {"frame": 7, "size": (2560, 1440), "panel": "gopPanel", "theme": "light", "overwrite": False}
    assert launcher.calls == [("screenshot", {"source": str(plain_clip), "out_path": out, **wanted})]


def test_the_defaults(
    framescope: Callable[..., Answer], launcher: NotingLauncher, plain_clip: Path, tmp_path: Path
) -> None:
    answer = framescope("screenshot", plain_clip, tmp_path / "window.png", "--json")
    assert launcher.calls[0][1]["size"] == (1280, 800)
    assert launcher.calls[0][1]["frame"] == 0
    assert answer.json()["size"] == [1280, 800]


def test_the_demo_needs_no_video(
    framescope: Callable[..., Answer],
    launcher: NotingLauncher,
    monkeypatch: pytest.MonkeyPatch,
    plain_clip: Path,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(screenshot_module, "ensure_demo", lambda **_: plain_clip)
    assert framescope("screenshot", "--demo", tmp_path / "window.png").status == 0
    assert launcher.calls[0][1]["source"] == str(plain_clip)


@pytest.mark.parametrize("size", ["1280", "0x4", "wide", "-3x4"])
def test_a_size_that_is_none_is_wrong_usage(size: str, framescope: Callable[..., Answer]) -> None:
    answer = framescope("screenshot", "a.mp4", "b.png", "--size", size)
    assert answer.status == 2
    assert "1280x800" in answer.err


def test_a_panel_that_there_is_not_is_wrong_usage(
    framescope: Callable[..., Answer],
    launcher: NotingLauncher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise UnknownPanelError("There is no panel called 'x'.", hint="The panels are: codec, gop.")

    monkeypatch.setattr(launcher, "run_screenshot", refuse)
    answer = framescope("screenshot", "a.mp4", tmp_path / "b.png", "--panel", "x")
    assert answer.status == 2
    assert "codec, gop" in answer.err
