"""Makes a data set of 200 mixed videos, alone and on a cluster that loses a worker, and checks both.

``python -m tests.benchmarks.dataset_soak --count 200``. It is no part of the gate. Among the videos are two
that are broken, one with a name that is no text, one in 4K, and one that grows all the time. Both data sets
must be equal byte for byte, and every picture and every frame that a loader gives must show its own number.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import psutil

import framescope
from framescope.core.synth.number_blocks import read_number
from tests.clips.catalog import H264, HEVC, MJPEG, MPEG2, MPEG4, VP9
from tests.clips.encoding import Encoding, write_clip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

KINDS: tuple[tuple[str, Encoding], ...] = (
    (".mp4", H264),
    (".mkv", H264),
    (".ts", H264),
    (".mov", H264),
    (".mp4", HEVC),
    (".webm", VP9),
    (".avi", MPEG4),
    (".mkv", MPEG2),
    (".mov", MJPEG),
    (".mkv", Encoding(codec="ffv1", options={"g": "12"})),
)
SIZES = ((160, 120), (320, 180), (176, 144), (240, 320), (640, 360))
OPEN_GOP = {"preset": "veryfast", "x264-params": "keyint=24:scenecut=0:bframes=5:b-pyramid=normal:open-gop=1"}
BAD_NAME = b"bad \xff\n=name.mp4"
BAD_NAME_IS_REFUSED = sys.platform in {"darwin", "win32"}
GARBAGE, CUT, HUGE, GROWING = "garbage.mp4", "cut.mp4", "huge.mp4", "growing.ts"
STEP = 12
LAYOUTS = "coco,webdataset,parquet"
CLIP_LENGTH = 8


def vary(chance: random.Random, number: int) -> tuple[str, Encoding]:
    """The kind of a video: codec, size and length, and for some B-pyramids and variable times."""
    ending, encoding = KINDS[number % len(KINDS)]
    width, height = chance.choice(SIZES)
    encoding = replace(encoding, width=width, height=height, frames=chance.randrange(24, 97))
    if encoding.codec == "libx264" and chance.random() < 0.5:
        encoding = replace(encoding, options=OPEN_GOP)
    if ending in {".mkv", ".mp4"} and encoding.codec != "mpeg2video" and chance.random() < 0.4:
        steps = [0]
        for _ in range(encoding.frames):
            steps.append(steps[-1] + chance.choice((17, 33, 34, 50, 400)))
        encoding = replace(encoding, pts_of=steps.__getitem__, time_base=Fraction(1, 1000))
    return ending, encoding


def make_videos(folder: Path, count: int, huge: tuple[int, int]) -> None:
    """Write the videos, half of them in folders that are their classes."""
    chance = random.Random(13)
    for name in ("cats", "dogs", "more/cats"):
        (folder / name).mkdir(parents=True)
    for number in range(count - 5):
        ending, encoding = vary(chance, number)
        inner = chance.choice(("", "cats", "dogs", "more/cats"))
        write_clip(folder / inner / f"video {number:03d}{ending}", encoding)
    whole = folder / "whole.mp4"
    write_clip(whole, H264)
    (folder / GARBAGE).write_bytes(chance.randbytes(30_000))
    (folder / CUT).write_bytes(whole.read_bytes()[:3000])
    os.rename(whole, os.path.join(os.fsencode(folder), BAD_NAME))  # noqa: PTH104, PTH118 - not a text
    write_clip(folder / HUGE, replace(H264, width=huge[0], height=huge[1], frames=36))


class Growing:
    """A file that a recording appends to while the block lasts; it begins anew each time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        whole = path.with_name("whole.ts")
        write_clip(whole, replace(H264, frames=1200))
        self._content = whole.read_bytes()
        whole.unlink()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._grow, daemon=True)

    def _grow(self) -> None:
        at = len(self._content) // 8
        while not self._stopped.wait(0.2):
            with self._path.open("ab") as file:
                at += file.write(self._content[at : at + 188 * 8])

    def __enter__(self) -> None:
        self._path.write_bytes(self._content[: len(self._content) // 8])
        self._thread.start()

    def __exit__(self, *_details: object) -> None:
        self._stopped.set()
        self._thread.join()


def export(videos: Path, folder: Path, *more: str) -> subprocess.Popen[str]:
    """Begin the one command."""
    options = ["--every", str(STEP), "--layout", LAYOUTS, "--split", "80/10/10", "--classes", "folder"]
    shards = ["--shard", "100", "--quality", "90", "--json"]
    command = [sys.executable, "-m", "framescope", "export", str(videos), "-o", str(folder)]
    return subprocess.Popen([*command, *options, *shards, *more], stdout=subprocess.PIPE, text=True)


def kill_a_worker(command: subprocess.Popen[str], folder: Path, at: int) -> int:
    """Kill one worker as soon as so many videos were begun; returns its process id."""
    while len(list(folder.glob("images/*"))) < at:
        assert command.poll() is None, "the command ended before a worker could be killed"
        time.sleep(0.02)
    children = psutil.Process(command.pid).children(recursive=True)
    workers = [one for one in children if "spawn_main" in " ".join(one.cmdline())]
    workers[0].kill()
    return workers[0].pid


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a data set by its path below it."""
    return {
        one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()
    }


def shown(path: Path) -> int | None:
    """The number that a picture shows."""
    picture = cv2.imread(os.fspath(path), cv2.IMREAD_COLOR)
    assert picture is not None, path
    return read_number(picture.astype(np.uint8))


def check_layouts(folder: Path) -> int:
    """Read each form with the library it is for; all must have the same pictures, each with its number."""
    rows = import_module("pyarrow.parquet").read_table(folder / "metadata.parquet").to_pylist()
    coco_api = import_module("pycocotools.coco").COCO
    images: dict[str, int] = {}
    for path in (folder / "annotations").glob("*.json"):
        with redirect_stdout(io.StringIO()):
            images |= {one["file_name"]: one["id"] for one in coco_api(str(path)).imgs.values()}
    assert {one["file_name"]: one["id"] for one in rows} == images
    shards = sorted((folder / "webdataset").glob("*.tar"))
    facts: dict[int, dict[str, object]] = {}
    reading = import_module("webdataset.tariterators")
    for shard in shards:
        # Its WebDataset leaves the files open.
        with shard.open("rb") as stream:
            members = reading.tar_file_expander([{"url": shard.name, "stream": stream}])
            told = [json.loads(sample["json"]) for sample in reading.group_by_keys(members)]
        facts |= {one["id"]: one for one in told}
    assert len(facts) == len(rows)
    for row in rows:
        assert facts[row["id"]]["sha256"] == row["sha256"]
        number = shown(folder / row["file_name"])
        assert number == row["frame_number"], f"{row['file_name']} shows {number}"
    return len(rows)


def check_loader(videos: Path, workers: int) -> tuple[int, list[str]]:
    """Shuffle clips of all videos; returns how many were right, and what was left out."""
    clips = framescope.FrameDataset(
        videos, clip_length=CLIP_LENGTH, stride=2, resize="160x120", errors="skip", open_files=4
    )
    right = 0
    for path, frames, numbers, damaged in _shuffled(clips, workers):
        found = [read_number(frame) for frame in frames]
        sure = [place for place, is_damaged in enumerate(damaged) if not is_damaged]
        wrong = {numbers[place]: found[place] for place in sure if found[place] != numbers[place]}
        assert not wrong, f"{path}: {wrong}"
        right += 1
    assert right == len(clips)
    return right, [Path(one.path).name for one in clips.skipped]


def _shuffled(
    clips: framescope.FrameDataset, workers: int
) -> Iterator[tuple[str, NDArray[np.uint8], list[int], list[bool]]]:
    """Path, frames, frame numbers and damage of every clip, in a random order."""
    if find_spec("torch") is None:
        _say("torch is not installed: clips are shuffled without its loader")
        for number in random.Random(1).sample(range(len(clips)), len(clips)):
            one = clips[number]
            yield one.path, one.frames, one.frame_numbers.tolist(), one.is_damaged.tolist()
        return
    loader = import_module("torch.utils.data").DataLoader
    for batch in loader(clips, batch_size=4, shuffle=True, num_workers=workers):
        yield from zip(
            batch.path,
            batch.frames.numpy(),
            batch.frame_numbers.tolist(),
            batch.is_damaged.tolist(),
            strict=True,
        )


def run(folder: Path, count: int, huge: tuple[int, int]) -> None:
    """All of it; whatever is wrong is an AssertionError."""
    videos, alone, shared = folder / "videos", folder / "alone", folder / "shared"
    if not videos.exists():
        with _timed("making videos"):
            make_videos(videos, count, huge)
    for target, more in ((alone, ()), (shared, ("--cluster", "local", "--jobs", "2"))):
        shutil.rmtree(target, ignore_errors=True)
        with Growing(videos / GROWING):
            begun_s = time.monotonic()
            command = export(videos, target, *more)
            if more:
                _say(f"killed worker {kill_a_worker(command, target, count // 4)}")
            answer = json.loads(command.communicate()[0])
        _say(f"{target.name}: {time.monotonic() - begun_s:.0f} s, exit status {command.returncode}")
        failed = {one["video"].rpartition("/")[2]: one["reason"] for one in answer["dataset"]["failed"]}
        for name, reason in failed.items():
            _say(f"  {name}: {reason}")
        assert set(failed) == {GARBAGE, CUT, GROWING}, failed
        assert command.returncode == 1
    ours, theirs = files_of(alone), files_of(shared)
    differing = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    assert not differing, f"{len(differing)} files differ: {differing[:5]}"
    _say(f"{len(ours)} files are equal, {sum(map(len, ours.values())) / 1e6:.1f} MB")
    check = [sys.executable, "-m", "framescope", "verify", str(shared), "--json"]
    subprocess.run(check, check=True, stdout=subprocess.DEVNULL)
    with _timed("reading the layouts"):
        _say(f"{check_layouts(shared)} pictures show their numbers")
    with _timed("loading clips"):
        right, skipped = check_loader(videos, 2)
    _say(f"{right} clips show their numbers; left out: {', '.join(skipped)}")


@contextmanager
def _timed(words: str) -> Iterator[None]:
    begun_s = time.monotonic()
    yield
    _say(f"{words}: {time.monotonic() - begun_s:.0f} s")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it in a temporary folder, or one that keeps the videos."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="videos")
    parser.add_argument("--huge", default="3840x2160", help="size of the large one")
    parser.add_argument("--folder", type=Path, help="where to work; videos that are there are taken")
    options = parser.parse_args(arguments)
    width, height = map(int, options.huge.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        run(options.folder or Path(folder), options.count, (width, height))
    return 0


if __name__ == "__main__":
    sys.exit(main())
