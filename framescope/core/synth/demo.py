"""The demo clip: 20 seconds, two scenes, a number in every frame, kept in the user's cache folder."""

from __future__ import annotations

import atexit
import os
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.files import part_file
from framescope.core.folders import cache_folder, is_usable_folder, temporary_folder
from framescope.core.model.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from framescope.core.synth.clip_writer import ClipFormat, ClipWriter
from framescope.core.synth.number_blocks import EDGE_CODE, draw_number
from framescope.core.synth.patterns import draw_label, draw_scene
from framescope.core.translation import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEMO_WIDTH, DEMO_HEIGHT, DEMO_RATE, DEMO_FRAMES, DEMO_GOP = 1280, 720, 24, 480, 48

_REVISION = 1
"""Part of the file's name: raise it when the clip's content changes."""

_X264 = {
    "preset": "veryfast",
    "crf": "20",
    "bf": "3",
    "b-pyramid": "normal",
    "g": str(DEMO_GOP),
    "keyint_min": str(DEMO_GOP),
    "sc_threshold": "0",
}


def demo_path() -> Path:
    """Where the demo clip is, whether or not it has been written.

    Raises:
        FrameScopeError: Neither the cache folder nor a temporary one can be written to.
    """
    name = f"demo-{_REVISION}.mp4"
    folder = cache_folder()
    if folder is not None and (os.access(folder / name, os.R_OK) or is_usable_folder(folder)):
        return folder / name
    return _folder_until_exit() / name


@cache
def _folder_until_exit() -> Path:
    folder = temporary_folder("demo")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def ensure_demo(*, progress: ProgressCallback = ignore_progress, cancel: CancelToken | None = None) -> Path:
    """The demo clip's path; writes the clip if it is not there yet.

    Raises:
        FrameScopeError: It cannot be written.
        Cancelled: ``cancel`` was set.
    """
    path = demo_path()
    if not path.is_file():
        write_demo(path, progress=progress, cancel=cancel)
    return path


def write_demo(
    path: Path,
    *,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    frame_count: int = DEMO_FRAMES,
) -> None:
    """Write the demo clip: H.264 with B-frames, a keyframe every 48 frames, a new scene halfway.

    Args:
        path: Output file; folders are created. The file appears only when it is complete.
        progress: Called after every frame.
        cancel: Stops the work; nothing is left behind then.
        frame_count: Fewer make a shorter clip.

    Raises:
        SynthesisError: It cannot be encoded.
        DestinationError: It cannot be written.
        Cancelled: ``cancel`` was set.
    """
    clip_format = ClipFormat(DEMO_WIDTH, DEMO_HEIGHT, Fraction(DEMO_RATE), options=_X264)
    with part_file(path, replaces=True) as part, ClipWriter(part, clip_format) as writer:
        for frame_number in range(frame_count):
            if cancel is not None:
                cancel.raise_if_cancelled()
            writer.write(draw_demo_frame(frame_number))
            progress(Progress(frame_number + 1, frame_count, tr("Writing the demo clip")))


def draw_demo_frame(frame_number: int) -> NDArray[np.uint8]:
    """Frame ``frame_number`` of the demo clip, (720, 1280, 3) uint8 in R, G, B order, before encoding."""
    scene = 0 if frame_number < DEMO_FRAMES // 2 else 1
    rgb = draw_scene(frame_number, DEMO_WIDTH, DEMO_HEIGHT, scene=scene, rate=DEMO_RATE)
    center, height = ((0.5, 0.78), 0.17) if scene == 0 else ((0.5, 0.48), 0.11)
    draw_label(rgb, f"{frame_number:03d}", center=center, height=height)
    draw_number(rgb, frame_number, layout=EDGE_CODE)
    return rgb
