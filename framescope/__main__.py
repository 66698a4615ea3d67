"""``python -m framescope`` and the ``framescope`` script: the only module that imports both CLI and GUI."""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.stop_signals import end_at_once, on_stop

if TYPE_CHECKING:
    from types import FrameType

_WINDOW_PROGRAM = "framescope-gui"


class QtLauncher:
    """Starts the window. Qt is imported only then, so that plain commands run without it."""

    shows_errors = Path(sys.argv[0]).stem == _WINDOW_PROGRAM

    def run_window(self, source: str | None, *, demo: bool, theme: str | None, frame: int | None) -> int:
        """Open the window and stay until it is closed; returns the exit status."""
        # Importing and building the window leaves next to no garbage; it has a collector of its own.
        gc.disable()
        from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged  # noqa: PLC0415
        from framescope.core.source.ahead import SourceAhead  # noqa: PLC0415

        with ffmpeg_messages_logged():
            # It looks through all modules as it is loaded: one that another thread imports meanwhile would
            # abort the process.
            import shiboken6  # noqa: F401, PLC0415

            # The file is read while Qt is imported.
            ahead = None if demo or source is None else SourceAhead(source, frame)
            with on_stop(end_at_once):
                from framescope import app  # noqa: PLC0415

            return app.run_window(source, demo=demo, theme=theme, frame=frame, ahead=ahead)

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
    # Until everything is imported there is nothing to clean up, and Python would print where it was.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end_at_once)
    from framescope.cli.interrupts import watched_interrupts  # noqa: PLC0415
    from framescope.cli.program import run  # noqa: PLC0415
    from framescope.cli.start import repair_process, start_lightly  # noqa: PLC0415
    from framescope.engine.stragglers import end_process_if_stuck  # noqa: PLC0415

    if signal.getsignal(signal.SIGINT) is _end_at_once:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    repair_process()
    start_lightly()
    # OpenCV is only used for its properties of a file; its FFmpeg's warnings about a damaged one
    # would hide the output. Set here and not on import: a program that uses FrameScope decides for itself.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    with watched_interrupts():
        status = run(sys.argv[1:], QtLauncher())
    end_process_if_stuck(status)
    return status


def _end_at_once(number: int, frame: FrameType | None) -> None:
    del number, frame
    end_at_once()


if __name__ == "__main__":
    sys.exit(main())
