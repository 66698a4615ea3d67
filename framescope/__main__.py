"""``python -m framescope`` and the ``framescope`` script: here alone command line and window meet."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from framescope.cli.program import run

if TYPE_CHECKING:
    from pathlib import Path


class QtLauncher:
    """Starts the window. Qt is imported only then, so that plain commands run without it."""

    def run_window(self, source: str | None, *, demo: bool, theme: str | None) -> int:
        """Open the window and stay until it is closed; answers the exit status."""
        from framescope import app  # noqa: PLC0415

        return app.run_window(source, demo=demo, theme=theme)

    def run_screenshot(  # noqa: PLR0913 - each is an option of the command
        self,
        source: str,
        out_path: Path,
        *,
        frame: int,
        size: tuple[int, int],
        panel: str | None,
        theme: str | None,
    ) -> None:
        """Write a picture of the window."""
        from framescope import app  # noqa: PLC0415

        app.run_screenshot(source, out_path, frame=frame, size=size, panel=panel, theme=theme)


def main() -> int:
    """Run the command line that Python was started with."""
    return run(sys.argv[1:], QtLauncher())


if __name__ == "__main__":
    sys.exit(main())
