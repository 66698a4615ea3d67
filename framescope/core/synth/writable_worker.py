"""The child process that tests what can be written: it writes each combination and reads it back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from framescope.core.audit.child_process import STARTED
from framescope.core.audit.messages import Attempt, Channel
from framescope.core.errors import EncoderRefusedError, FrameScopeError
from framescope.core.folders import temporary_folder
from framescope.core.source.opening import open_video
from framescope.core.synth.make_settings import MakeSettings, Writer
from framescope.core.synth.making import make_video
from framescope.core.synth.number_blocks import read_number
from framescope.core.synth.pattern_pictures import Pattern, PatternPictures
from framescope.core.synth.writable import REFUSED
from framescope.core.translation import tr

_FRAMES, _SIZE = 8, (96, 64)
_ROOM_BYTES = 16 << 20


def run(channel: Channel | None = None) -> None:
    """Serve one job and end."""
    channel = channel or Channel()
    job = channel.receive()
    if job is None:
        return
    with temporary_folder() as folder:
        channel.send(STARTED)
        for cell in job["cells"]:
            channel.send("cell", cell=cell | try_cell(cell, Path(folder)))
    channel.send("done")


def try_cell(cell: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Write, read back, compare the numbers drawn in the frames; returns the result of it.

    A failure counts as certain only where the disk still has room: OpenCV's writer gives no reasons.
    """
    path = folder / f"tried.{cell['container']}"
    found = {"works": False, "stored": "", "reason": ""}
    with Attempt() as attempt:
        try:
            settings = MakeSettings(
                codec=cell["codec"],
                fourcc=cell["fourcc"],
                container=cell["container"],
                writer=Writer(cell["writer"]),
                gop=4,
            )
            made = make_video(
                PatternPictures(Pattern.COUNTER, _FRAMES, size=_SIZE), settings, path, any_fourcc=True
            )
            found["stored"] = made.fourcc
            found["reason"] = _fault(path)
            found["works"] = not found["reason"]
        except FrameScopeError as error:
            is_refused = isinstance(error, EncoderRefusedError) and cell["writer"] == Writer.OPENCV
            found["reason"] = REFUSED if is_refused else error.message
    if attempt.error:
        found["reason"] = attempt.error
    path.unlink(missing_ok=True)
    return found | {"is_certain": found["works"] or shutil.disk_usage(folder).free >= _ROOM_BYTES}


def _fault(path: Path) -> str:
    with open_video(path, use_index_cache=False) as video:
        wrong = [
            number for number in range(len(video)) if read_number(video.frame(number).to_rgb()) != number
        ]
    return tr("Frame {wrong} differs after reading back.", wrong=wrong[0]) if wrong else ""


if __name__ == "__main__":
    run()
