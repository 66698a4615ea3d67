"""Checks an installed FrameScope by using it: does a video open, and is every frame right?

``python check_install.py`` makes a small video and opens it. With ``--full``, it also exports, verifies and
audits, and takes a picture of the window, all with the installed program. `bootstrap.py` runs it in the
environments that it makes. Exits with 0 and one line on stdout, or with 1 and the reason on stderr.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path

FRAMES, GOP, WIDTH, HEIGHT = 24, 12, 160, 120
DARKEST, STEP = 40, 7
"""Frame n is one grey, with a luma of 40 + 7 n: its number can be read from its pixels."""
TIMEOUT_S = 300.0
WINDOW_SIZE = (1280, 800)
SHOWN_FRAME = 7
SHOWN_SHARE = 0.05
"""The least share of the window's pixels that the frame takes up."""
LIBRARIES = ("av", "opencv-python", "numpy", "PySide6-Essentials", "pillow")


class CheckError(Exception):
    """What is wrong, in one sentence."""


def main(arguments: list[str] | None = None) -> int:
    """Check and return the exit status."""
    parser = argparse.ArgumentParser(prog="check_install.py", description=__doc__)
    parser.add_argument("--full", action="store_true", help="also export, verify, audit and show the window")
    chosen = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="framescope-check-") as folder:
            done = check(Path(folder), full=chosen.full)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is wrong with this installation
        sys.stderr.write(f"{describe(error)}\n")
        return 1
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    sys.stdout.write(f"Python {sys.version.split()[0]}, {libraries}: {done}\n")
    return 0


def describe(error: Exception) -> str:
    """The error in one line, with the hint of FrameScope's own errors."""
    text = str(error) if isinstance(error, CheckError) else f"{type(error).__name__}: {error}"
    hint = getattr(error, "hint", "")
    return f"{text} {hint}".strip()


def check(folder: Path, *, full: bool) -> str:
    """Do the checks in ``folder`` and return what was done."""
    clip = folder / "numbers.mp4"
    write_clip(clip)
    check_frames(clip)
    # The window needs more of the system than the rest does.
    import PySide6.QtWidgets  # noqa: F401, PLC0415

    done = f"a video opens, {FRAMES} of {FRAMES} frames are right"
    if not full:
        return f"{done}."
    check_export(clip, folder / "frames")
    program("audit", clip, "--engines", "framescope,opencv,pyav-exact", "--strict")
    picture = folder / "window.png"
    size = "x".join(map(str, WINDOW_SIZE))
    program("screenshot", clip, picture, "--frame", SHOWN_FRAME, "--size", size)
    check_window(picture)
    return f"{done}, exported and verified; the audit finds three exact engines; the window shows its frame."


def write_clip(path: Path) -> None:
    """Write H.264 in MP4 with B-frames, by PyAV alone: frame n is one grey that tells n."""
    import av  # noqa: PLC0415 - a library that cannot be imported is reported like any other error
    import numpy as np  # noqa: PLC0415

    with av.open(str(path), "w") as container:
        options = {"bf": "2", "g": str(GOP), "crf": "10"}
        stream = container.add_stream("libx264", rate=24, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 24)
        for number in range(FRAMES):
            planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
            planes[:HEIGHT] = DARKEST + STEP * number
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 24)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def grey_of(number: int) -> float:
    """The grey of frame ``number`` in R, G and B, 0 to 255: its luma from studio to full range."""
    return (DARKEST + STEP * number - 16) * 255 / 219


def number_of(grey: float) -> int:
    """The frame whose grey is nearest."""
    return round((grey * 219 / 255 + 16 - DARKEST) / STEP)


def check_frames(clip: Path) -> None:
    """Ask for every frame, in no order, and read its number from the pixels."""
    import framescope  # noqa: PLC0415

    order = list(range(FRAMES))
    random.Random(8).shuffle(order)
    with framescope.open_video(clip) as video:
        if len(video) != FRAMES:
            raise CheckError(f"A video of {FRAMES} frames is said to have {len(video)}.")
        for number in order:
            found = number_of(float(video.frame(number).to_rgb().mean()))
            if found != number:
                raise CheckError(f"Frame {number} was asked for, and frame {found} came.")


def check_export(clip: Path, folder: Path) -> None:
    """Export every frame, read the numbers from the files, and have the folder verified."""
    from PIL import Image, ImageStat  # noqa: PLC0415

    program("export", clip, "-o", folder, "--all", "--format", "png")
    found = []
    for path in sorted(folder.glob("*.png")):
        with Image.open(path) as picture:
            found.append(number_of(ImageStat.Stat(picture.convert("L")).mean[0]))
    if found != list(range(FRAMES)):
        raise CheckError(f"The exported files hold the frames {found}.")
    program("verify", folder, "--video", clip)


def check_window(path: Path) -> None:
    """See that the picture of the window has the frame's grey in it, over a good part of it."""
    from PIL import Image  # noqa: PLC0415

    with Image.open(path) as picture:
        size, counts = picture.size, picture.convert("L").histogram()
    if size != WINDOW_SIZE:
        raise CheckError(f"A window of {WINDOW_SIZE} was asked for, and the picture is {size}.")
    grey = round(grey_of(SHOWN_FRAME))
    share = sum(counts[grey - 2 : grey + 3]) / sum(counts)
    if share < SHOWN_SHARE:
        raise CheckError(f"The window does not show frame {SHOWN_FRAME}: its grey is on {share:.1%} of it.")


def program(*arguments: object) -> None:
    """Run the installed ``framescope`` program; a failure carries its own words."""
    beside = Path(sys.executable).parent
    name = beside / ("framescope.exe" if os.name == "nt" else "framescope")
    command = [str(name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=TIMEOUT_S)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
        raise CheckError(f"framescope {arguments[0]} ended with status {done.returncode}: {said}")


if __name__ == "__main__":
    sys.exit(main())
