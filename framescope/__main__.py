"""``python -m framescope`` and the ``framescope`` script: here alone command line and window meet."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from framescope.cli.program import run
from framescope.cli.start import repair_process

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
        overwrite: bool,
    ) -> None:
        """Write a picture of the window."""
        from framescope import app  # noqa: PLC0415

        app.run_screenshot(
            source, out_path, frame=frame, size=size, panel=panel, theme=theme, overwrite=overwrite
        )


def main() -> int:
    """Run the command line that Python was started with."""
    repair_process()
    # OpenCV is only asked what it thinks of a file; the mutterings of its FFmpeg about one that is damaged
    # would bury the answer. Set here and not on import: a program that uses FrameScope decides for itself.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    return run(sys.argv[1:], QtLauncher())


if __name__ == "__main__":
    sys.exit(main())
