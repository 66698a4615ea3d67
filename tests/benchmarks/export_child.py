"""A process that exports once: ``python -m tests.benchmarks.export_child ENGINE TASK``, the task as JSON.

The plain loop is what people write: read, and ``imwrite`` what is wanted. FFmpeg is its program, its start
included. Ours opens, indexes, encodes, proves, flushes and writes the manifest. Looking at what came out is
not timed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import psutil

from tests.benchmarks.limit import LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.export.settings import ExportSettings

_WATCH_S = 0.01


@dataclass(frozen=True)
class Task:
    """One export.

    Attributes:
        video: The file.
        folder: Where to; it exists and is empty.
        numbers: The frames, ascending.
        image_format: ``jpeg`` or ``png``.
        level: Quality or compression.
        select: FFmpeg's expression for the frames; empty for the first ones.
        keyframes: Whether the frames are the keyframes.
    """

    video: str
    folder: str
    numbers: tuple[int, ...]
    image_format: str
    level: int
    select: str = ""
    keyframes: bool = False

    @property
    def extension(self) -> str:
        """The end of file names."""
        return ".jpg" if self.image_format == "jpeg" else ".png"

    def as_json(self) -> str:
        """To be handed to another process."""
        return json.dumps(asdict(self))


def _settings(task: Task) -> ExportSettings:
    from framescope.core.export.settings import ExportSettings, ImageFormat  # noqa: PLC0415

    return ExportSettings(
        Path(task.folder),
        ImageFormat(task.image_format),
        quality=task.level if task.image_format == "jpeg" else 95,
        compression=task.level if task.image_format == "png" else 2,
        name_pattern="{frame:06d}",
    )


def export_with_framescope(task: Task) -> None:
    """Ours, as the command line does it."""
    from framescope.core.export.plan import plan_export  # noqa: PLC0415 - only this engine needs it
    from framescope.core.export.run import export_frames  # noqa: PLC0415
    from framescope.core.source.opening import open_video  # noqa: PLC0415

    settings = _settings(task)
    with open_video(task.video, use_index_cache=False) as video:
        plan = plan_export(video.info, video.index, task.numbers, settings)
        result = export_frames(video, plan, manifest=True)
    assert result.is_complete, result.summary


def export_at_the_limit(task: Task) -> None:
    """The least work: decode, convert and encode, without proof, flush or manifest."""
    from framescope.core.export.encoders.encode import encode_pixels  # noqa: PLC0415
    from tests.benchmarks.limit import LimitEngine  # noqa: PLC0415

    settings, engine = _settings(task), LimitEngine()
    engine.open(task.video, {})
    for number, picture in zip(task.numbers, engine.many(task.numbers), strict=True):
        path = Path(task.folder) / f"{number:06d}{task.extension}"
        path.write_bytes(encode_pixels(picture, settings))
    engine.close()


def export_with_opencv(task: Task) -> None:
    """The loop that people write."""
    flag = cv2.IMWRITE_JPEG_QUALITY if task.image_format == "jpeg" else cv2.IMWRITE_PNG_COMPRESSION
    wanted, last = set(task.numbers), task.numbers[-1]
    capture = cv2.VideoCapture(task.video)
    for number in range(last + 1):
        if number not in wanted:
            assert capture.grab()
            continue
        succeeded, picture = capture.read()
        assert succeeded
        cv2.imwrite(str(Path(task.folder) / f"{number:06d}{task.extension}"), picture, [flag, task.level])
    capture.release()


def export_with_ffmpeg(task: Task) -> int:
    """FFmpeg's program. Its JPEG has no quality 95: 2 is its finest but one, files of about that size.

    Returns:
        The most memory that it has had, in bytes.
    """
    from framescope.core.audit.child_process import memory_of  # noqa: PLC0415 - only this engine needs it

    command = ["ffmpeg", "-nostdin", "-v", "error", "-y"]
    if task.keyframes:
        command += ["-skip_frame", "nokey"]
    command += ["-i", task.video, "-fps_mode", "passthrough", "-frames:v", str(len(task.numbers))]
    if task.select:
        command += ["-vf", f"select={task.select}"]
    command += ["-q:v", "2"] if task.image_format == "jpeg" else ["-compression_level", str(task.level)]
    command.append(str(Path(task.folder) / f"%06d{task.extension}"))
    peak = 0
    with subprocess.Popen(command) as process:
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            peak = max(peak, memory_of(watched)[1])
            time.sleep(_WATCH_S)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return peak


ENGINES: dict[str, Callable[[Task], int | None]] = {
    "framescope": export_with_framescope,
    LIMIT: export_at_the_limit,
    "opencv": export_with_opencv,
    "ffmpeg": export_with_ffmpeg,
}


def _checked(task: Task) -> tuple[int, float | None]:
    """How many of a tenth of the files do not carry the number that they should, and how large they are.

    The size is that of the files over that of our files of the same pixels; None if they are not PNG. Other
    conversions from YUV give other pixels, and coarser ones take fewer bytes.
    """
    from framescope.core.export.encoders.png import png_bytes  # noqa: PLC0415
    from framescope.core.synth.number_blocks import read_number  # noqa: PLC0415

    paths = sorted(Path(task.folder).glob(f"*{task.extension}"))
    wrong = abs(len(paths) - len(task.numbers))
    found = ours = 0
    for path, number in list(zip(paths, task.numbers, strict=False))[::10]:
        picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
        wrong += picture is None or read_number(np.asarray(picture, np.uint8)) != number
        if picture is not None and task.image_format == "png":
            found += path.stat().st_size
            ours += len(png_bytes(np.asarray(picture, np.uint8), task.level))
    return wrong, found / ours if ours else None


def _own_peak() -> int:
    """Most memory that this process has had, in bytes.

    Not what ``getrusage`` says: a process begins there with the peak of the one that started it.
    """
    from framescope.core.audit.child_process import memory_of  # noqa: PLC0415 - no part of any engine's memory

    return memory_of(psutil.Process())[1]


def main() -> None:
    """Export, and tell how long it took and what came out."""
    task = Task(**json.loads(sys.argv[2]))
    engine = ENGINES[sys.argv[1]]
    if sys.argv[1] in ("framescope", LIMIT):
        # Imports are no part of any engine's time.
        import framescope.core.export.run  # noqa: PLC0415
        import framescope.core.media.video  # noqa: F401, PLC0415
    start, cpu = time.perf_counter(), time.process_time()
    peak = engine(task)
    wall_ms, cpu_ms = (time.perf_counter() - start) * 1e3, (time.process_time() - cpu) * 1e3
    size = sum(path.stat().st_size for path in Path(task.folder).glob(f"*{task.extension}"))
    # Before what came out is looked at.
    peak_mb = (peak or _own_peak()) / 1e6
    wrong, share = _checked(task)
    answer = {"ms": wall_ms, "cpu_ms": cpu_ms, "bytes": size, "wrong": wrong, "share": share}
    print(json.dumps(answer | {"peak_mb": peak_mb}))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
