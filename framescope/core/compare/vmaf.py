"""Measures VMAF with the ``ffmpeg`` program, where the installed one has libvmaf."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.children import note_child
from framescope.core.errors import FrameScopeError, SettingsError
from framescope.core.folders import temporary_folder
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.compare.space import Comparable

_PATIENCE_S = 20
_LOG = "vmaf.json"
_CHROMA = {(1, 1): "444", (2, 1): "422", (2, 2): "420", (1, 2): "440", (4, 1): "411", (4, 4): "410"}
_TAKEN = ("yuv420p", "yuv422p", "yuv444p")
_ENDING_S = 600
"""What the program may take for the frames that it has not measured at the end."""


def vmaf_program() -> str:
    """The path of an ffmpeg program that has libvmaf.

    Raises:
        SettingsError: None is installed, or it has no libvmaf.
    """
    program = shutil.which("ffmpeg")
    if program is None:
        raise SettingsError(
            tr("VMAF needs the ffmpeg program, which is not installed."),
            hint=tr("Install one that was built with libvmaf, or leave VMAF out."),
        )
    try:
        listed = subprocess.run(
            [program, "-hide_banner", "-filters"], capture_output=True, check=False, timeout=_PATIENCE_S
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        listed = b""
    if b" libvmaf " not in listed:
        raise SettingsError(
            tr("VMAF is not available: {program} was built without libvmaf.", program=program),
            hint=tr("Install one that was built with libvmaf, or leave VMAF out."),
        )
    return program


class VmafMeter:
    """Passes pairs of pictures to an ffmpeg program, one above the other, and reads what it found.

    Threads: one.
    """

    def __init__(self, program: str) -> None:
        self._program = program
        self._folder = temporary_folder()
        self._process: subprocess.Popen[bytes] | None = None
        self._form: tuple[object, ...] = ()
        self._is_measured: list[bool] = []

    def add(self, pair: Comparable | None) -> None:
        """Take the next pair; one in another form than the first, or None, gets no value.

        Raises:
            FrameScopeError: The program ended.
        """
        form = () if pair is None else (pair.names, pair.peak, *(plane.shape for plane in pair.a))
        if pair is not None and self._process is None:
            self._form = form
            self._process = self._start(pair)
        is_measured = pair is not None and form == self._form
        self._is_measured.append(is_measured)
        if pair is None or not is_measured or self._process is None or self._process.stdin is None:
            return
        height, _ = _shown(pair)
        try:
            for place in _plane_order(pair):
                step = 1 if place == 0 else _steps(pair)[1]
                for planes in (pair.a, pair.b):
                    rows = planes[place][: height // step]
                    self._process.stdin.write(np.ascontiguousarray(rows).tobytes())
        except OSError as error:
            raise self._failed() from error

    def values(self) -> list[float]:
        """VMAF of each pair, 0 to 100; NaN where it was not measured.

        Raises:
            FrameScopeError: The program failed.
        """
        found: list[float] = []
        if self._process is not None and self._process.stdin is not None:
            try:
                self._process.stdin.close()
                if self._process.wait(_ENDING_S):
                    raise self._failed()
                log = json.loads(Path(self._folder.name, _LOG).read_text(encoding="utf-8"))
                found = [float(frame["metrics"]["vmaf"]) for frame in log["frames"]]
            except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired) as error:
                raise self._failed() from error
        if len(found) != sum(self._is_measured):
            raise self._failed()
        rest = iter(found)
        return [next(rest) if one else math.nan for one in self._is_measured]

    def close(self) -> None:
        """End the program and remove its files."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._process is not None and self._process.stdin is not None:
            # What was not written yet has nowhere to go.
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self._folder.cleanup()

    def _start(self, pair: Comparable) -> subprocess.Popen[bytes]:
        height, width = _shown(pair)
        target = _pixel_format(pair)
        if not target.startswith(_TAKEN):
            # The filter takes no R'G'B' and no grey.
            target = "yuv444p" if pair.peak == 255 else "yuv444p10le"
        graph = (
            f"[0:v]format={target},split[p][q];[p]crop={width}:{height}:0:0[a];"
            f"[q]crop={width}:{height}:0:{height}[b];[b][a]libvmaf=log_fmt=json:log_path={_LOG}"
        )
        try:
            process = subprocess.Popen(
                [
                    *(self._program, "-v", "error", "-nostdin", "-f", "rawvideo"),
                    *("-pix_fmt", _pixel_format(pair), "-s", f"{width}x{2 * height}", "-i", "pipe:0"),
                    *("-lavfi", graph, "-f", "null", "-"),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=self._folder.name,
            )
        except OSError as error:
            raise self._failed() from error
        note_child(process)
        return process

    def _failed(self) -> FrameScopeError:
        return FrameScopeError(
            tr("{program} could not measure VMAF.", program=self._program),
            hint=tr("Leave VMAF out, or install another ffmpeg that was built with libvmaf."),
        )


def _shown(pair: Comparable) -> tuple[int, int]:
    """Rows and columns that are measured: whole samples of chroma only, or B could not follow A."""
    height, width = pair.a[0].shape
    return height // _steps(pair)[1] * _steps(pair)[1], width


def _steps(pair: Comparable) -> tuple[int, int]:
    """Pixels across and down for a sample of the coarsest plane."""
    (height, width), (rows, columns) = pair.a[0].shape, pair.a[-1].shape
    return _step(width, columns), _step(height, rows)


def _step(whole: int, samples: int) -> int:
    # Planes are rounded up to whole samples: 2 of 5 columns are every fourth.
    return next(step for step in (1, 2, 4) if -(-whole // step) == samples)


def _is_rgb(pair: Comparable) -> bool:
    return "R" in pair.names


def _plane_order(pair: Comparable) -> list[int]:
    """The planes in FFmpeg's order: G, B, R."""
    if _is_rgb(pair):
        return [pair.names.index(name) for name in ("G", "B", "R")]
    return list(range(len(pair.a)))


def _pixel_format(pair: Comparable) -> str:
    """FFmpeg's name of the planes as they are written."""
    deep = "" if pair.peak == 255 else f"{pair.peak.bit_length()}le"
    if _is_rgb(pair):
        return f"gbrp{deep}"
    if len(pair.a) == 1:
        return f"gray{deep}"
    return f"yuv{_CHROMA[_steps(pair)]}p{deep}"
