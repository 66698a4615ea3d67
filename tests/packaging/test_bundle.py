"""Builds the PyInstaller bundle and uses it as somebody would who has neither Python nor this checkout.

All in one test: workers that share the tests among them would each build a bundle of their own.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from av.video.reformatter import Colorspace
from PIL import Image

from framescope.core.audit.engines.catalog import ENGINES
from framescope.ui.panels.catalog import PANELS
from tests.clips.reference_picture import displayed_rgb
from tests.clips.truth import decode_in_sequence

if TYPE_CHECKING:
    from collections.abc import Callable

    import av
    from numpy.typing import NDArray

SPEC = Path(__file__).resolve().parents[2] / "packaging" / "framescope.spec"
MOST_MB = 560
"""It is 530 MB on Linux, 40 of them decord, which the tests install. Nothing large is to slip in."""
FRAMES, EVERY = 48, 10
BUSY_COLORS = 4000
"""More than the window has without a picture in it."""
_PANEL_AREA = np.s_[70:450, 860:1270]
_LIMIT_S = 120


class Bundle:
    """The built program, run in an environment that knows nothing of Python."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.home = home
        self.environment = {"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"}

    def run(self, *arguments: str | Path, program: str = "framescope") -> str:
        """What a command writes; it must succeed, and complain of nothing."""
        done = subprocess.run(
            [self.folder / program, *arguments],
            cwd=self.home,
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_LIMIT_S,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def json(self, *arguments: str | Path, program: str = "framescope") -> Any:  # noqa: ANN401 - what JSON holds
        """What a command says as JSON."""
        return json.loads(self.run(*arguments, "--json", program=program))


def build(folder: Path) -> Path:
    """Build the bundle as the README says, but into ``folder``."""
    where = [f"--distpath={folder / 'dist'}", f"--workpath={folder / 'build'}"]
    done = subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN", *where, str(SPEC)],
        cwd=folder,
        env={**os.environ, "PYINSTALLER_CONFIG_DIR": str(folder / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return folder / "dist" / "FrameScope"


@pytest.mark.timeout(900)
def test_the_bundle_is_whole(tmp_path: Path) -> None:
    """A build takes a minute of one core, longer beside other tests."""
    home = tmp_path / "home"
    home.mkdir()
    bundle = Bundle(build(tmp_path), home)
    check_size(bundle)
    clip = home / "clip.mp4"
    size = ("--size", "320x240", "--gop", "12", "--count", str(FRAMES))
    bundle.run("make", clip, "--pattern", "counter", *size)
    check_panels(bundle, clip)
    check_audit(bundle, clip)
    check_exports(bundle, clip)
    check_other_commands(bundle, clip)
    check_window(bundle, clip)


def check_size(bundle: Bundle) -> None:
    files = [path for path in bundle.folder.rglob("*") if path.is_file() and not path.is_symlink()]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    largest = sorted(files, key=lambda path: path.stat().st_size)[-5:]
    # Other versions than the locked ones have other sizes.
    if Path(sys.prefix) == SPEC.parents[1] / ".venv":
        assert megabytes < MOST_MB, f"{megabytes:.0f} MB; the largest: {[path.name for path in largest]}"
    assert [path for path in bundle.folder.rglob("*") if not path.exists()] == [], "links to nothing"


def check_panels(bundle: Bundle, clip: Path) -> None:
    """Each panel draws something of its own. One that cannot be imported is a traceback on stderr."""
    seen: dict[bytes, str] = {}
    for spec in PANELS:
        picture = bundle.home / f"{spec.panel_id}.png"
        bundle.run("screenshot", clip, picture, "--panel", spec.panel_id)
        pixels = np.asarray(Image.open(picture).convert("RGB"))
        assert pixels.shape == (800, 1280, 3)
        assert count_colors(pixels) > BUSY_COLORS, "the frame is not shown"
        panel = pixels[_PANEL_AREA]
        assert count_colors(panel) > 40, f"{spec.title} is empty"
        same = seen.setdefault(panel.tobytes(), spec.title)
        assert same == spec.title, f"{spec.title} looks like {same}"


def check_audit(bundle: Bundle, clip: Path) -> None:
    """Every engine that is installed here is in the bundle, gives every frame, and says its version."""
    (found,) = bundle.json("audit", clip, program="framescope-gui")["videos"]
    engines = {one["engine"]: one for one in found["engines"]}
    assert {name: one["version"] for name, one in engines.items()} == {
        one.name: None if one.program else one.version for one in ENGINES
    }
    installed = [spec for spec in ENGINES if spec.version is not None and not spec.program]
    assert {"framescope", "opencv", "pyav-exact", "decord"} <= {spec.name for spec in installed}
    for spec in installed:
        one = engines[spec.name]
        assert one["asked"] > 0, one["reason"]
        assert spec.is_plain or one["exact"] == one["asked"], one["verdict"]
    missing = next(one for one in found["engines"] if one["version"] is None)
    assert missing["reason"] == "not included in this build"
    measured = bundle.json("bench", clip, "--rounds", "1", "--seconds", "0.5")
    states = {one["engine"]: one["state"] for one in measured["engines"]}
    assert {states[spec.name] for spec in installed} == {"done"}, states


def check_exports(bundle: Bundle, clip: Path) -> None:
    """PNG files hold the samples of PyAV's own decode; every other format is written and verified."""
    for image_format in ("png", "jpeg", "webp", "avif", "tiff"):
        folder = bundle.home / image_format
        bundle.run("export", clip, "-o", folder, "--every", str(EVERY), "--format", image_format)
        assert "all intact" in bundle.run("verify", folder, "--video", clip)
    for number, frame in enumerate(decode_in_sequence(clip)):
        if number % EVERY == 0:
            saved = Image.open(bundle.home / "png" / f"clip_{number:06d}.png")
            assert np.array_equal(np.asarray(saved), as_rgb(frame)), f"frame {number}"
    header = json.loads(next((bundle.home / "png").glob("*.jsonl")).read_text("utf-8").splitlines()[0])
    assert all(version[0].isdigit() for version in header["versions"].values()), header["versions"]


def check_other_commands(bundle: Bundle, clip: Path) -> None:
    home = bundle.home
    assert bundle.run("--version").startswith("framescope 0.")
    for command in ("info", "index", "gops", "timing"):
        assert bundle.json(command, clip)
    assert any(cell["works"] for cell in bundle.json("writable")["combinations"])
    bundle.run("make", home / "scenes.mp4", "--pattern", "scenes", "--size", "320x240", "--count", "60")
    # The pattern changes its scene after 48 frames.
    chosen = bundle.json("frames", home / "scenes.mp4", "--scenes")["frames"]
    assert [row["frame_number"] for row in chosen] == [0, 48]
    bundle.run("clip", clip, home / "part.mp4", "--in", "0:00.5", "--out", "0:01", "--exact")
    for name in ("sheet.png", "sheet.pdf"):
        bundle.run("sheet", clip, home / name)
        assert (home / name).stat().st_size > 10_000
    store = home / "store"
    bundle.run("fragments", "split", clip, store)
    assert "all intact" in bundle.run("fragments", "verify", store)
    bundle.run("fragments", "join", store, home / "joined.mkv")
    assert sum(1 for _ in decode_in_sequence(home / "joined.mkv")) == FRAMES


def check_window(bundle: Bundle, clip: Path) -> None:
    """The real window on a real X server shows the picture and ends when it is told to."""
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        # The bootstrap asks for it before any test; all else was tested.
        return
    read_end, write_end = os.pipe()
    screen = ("-screen", "0", "1280x800x24", "-fbdir", str(bundle.home), "-nolisten", "tcp")
    with subprocess.Popen(
        [xvfb, "-displayfd", str(write_end), *screen], pass_fds=(write_end,), stderr=subprocess.DEVNULL
    ) as server:
        os.close(write_end)
        with os.fdopen(read_end) as answer:
            display = f":{answer.readline().strip()}"
        environment = bundle.environment | {"DISPLAY": display}
        with subprocess.Popen([bundle.folder / "framescope-gui", clip], env=environment) as window:
            try:
                frame_buffer = bundle.home / "Xvfb_screen0"
                wait_until(
                    lambda: (
                        window.poll() is not None or count_colors(screen_pixels(frame_buffer)) > BUSY_COLORS
                    )
                )
                assert window.poll() is None, "the window is gone"
            finally:
                window.terminate()
                server.terminate()


def wait_until(is_there: Callable[[], bool]) -> None:
    end = time.monotonic() + _LIMIT_S
    while not is_there():
        assert time.monotonic() < end, "the window shows no picture"
        time.sleep(0.2)


def screen_pixels(frame_buffer: Path) -> NDArray[np.uint8]:
    """What is on Xvfb's screen, (height, width, 3); it keeps it as a file in the format of xwd."""
    data = frame_buffer.read_bytes()
    header = struct.unpack(">25I", data[:100])
    start, width, height, stride = header[0] + 12 * header[19], header[4], header[5], header[12]
    rows = np.frombuffer(data, np.uint8, height * stride, start).reshape(height, stride // 4, 4)
    return rows[:, :width, 2::-1]


def count_colors(pixels: NDArray[np.uint8]) -> int:
    wide = pixels.astype(np.uint32)
    return len(np.unique(wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2]))


def as_rgb(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """A frame of the clip, which says its matrix and has limited range, as displayed."""
    matrix = int(Colorspace.ITU709 if frame.colorspace == 1 else Colorspace.ITU601)
    return displayed_rgb(frame, matrix, is_full=False)
