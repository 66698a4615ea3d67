"""The interface through which commands start the window without importing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import click

from framescope.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path


class Launcher(Protocol):
    """What the commands ask of the application; see ``framescope.app`` for the arguments.

    Attributes:
        shows_errors: Whether nobody sees the terminal, so that errors have to be shown in the window.
    """

    shows_errors: bool

    def run_window(self, source: str | None, *, demo: bool, theme: str | None, frame: int | None) -> int:
        """Open the window and stay until it is closed; returns the exit status."""

    def run_screenshot(  # noqa: PLR0913 - each is an option of the command
        self,
        source: str,
        out_path: Path,
        *,
        frame: int,
        size: tuple[int, int],
        panel: str | None,
        theme: str | None,
        overwrite: bool,
    ) -> None:
        """Write a picture of the window."""


class NoLauncher:
    """Stands in where there is no window: every command that needs one is refused."""

    shows_errors = False

    def run_window(self, source: str | None, *, demo: bool, theme: str | None, frame: int | None) -> int:
        """Refuse."""
        del source, demo, theme, frame
        raise click.UsageError(tr("This build of FrameScope has no window."))

    def run_screenshot(self, source: str, out_path: Path, **options: object) -> None:
        """Refuse."""
        del source, out_path, options
        raise click.UsageError(tr("This build of FrameScope has no window."))
