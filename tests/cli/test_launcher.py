"""Without an application behind it, a command that needs the window is refused as wrong usage."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from framescope.cli.launcher import NoLauncher


def test_there_is_no_window() -> None:
    with pytest.raises(click.UsageError, match="no window"):
        NoLauncher().run_window(None, demo=True, theme=None, frame=None)
    with pytest.raises(click.UsageError, match="no window"):
        NoLauncher().run_screenshot("a.mp4", Path("b.png"), frame=3)
