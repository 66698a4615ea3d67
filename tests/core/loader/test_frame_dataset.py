"""Data sets of clips: the right frames in every order, in the workers of a loader, and what goes wrong."""

from __future__ import annotations

import multiprocessing
import pickle
import random
import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import framescope
from framescope import FrameDataset, OpenError, SettingsError, open_video
from framescope.core.synth.number_blocks import read_number

if TYPE_CHECKING:
    from pathlib import Path

TOTAL = 48
"""Frames of the clip, 24 a second."""


@pytest.fixture(scope="module")
def folder(plain_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three copies of one clip."""
    folder = tmp_path_factory.mktemp("videos")
    for name in ("a.mp4", "b.mp4", "c.mp4"):
        shutil.copyfile(plain_clip, folder / name)
    return folder


def drawn(frames: np.ndarray[Any, np.dtype[np.uint8]]) -> list[int | None]:
    """The numbers drawn into (T, height, width, 3)."""
    return [read_number(frame) for frame in frames]


def test_shuffled_clips_hold_their_frames(folder: Path) -> None:
    clips = FrameDataset(folder, clip_length=7, stride=2, clip_step=5, open_files=2)
    expected = [[start + 2 * place for place in range(7)] for start in range(0, TOTAL - 12, 5)]
    assert (len(clips), len(clips.paths)) == (3 * len(expected), 3)
    order = list(range(len(clips)))
    random.Random(1).shuffle(order)
    with open_video(folder / "a.mp4") as video:
        for number in order:
            clip = clips[number]
            video_number, row = divmod(number, len(expected))
            assert (clip.video, clip.clip, clip.path) == (video_number, number, clips.paths[video_number])
            assert drawn(clip.frames) == clip.frame_numbers.tolist() == expected[row]
            assert clip.pts.tolist() == video.index.pts[expected[row]].tolist()
            assert clip.times_s.tolist() == pytest.approx([frame / 24 for frame in expected[row]])
            assert clip.time_base.tolist() == [1, 12288]
            assert not clip.is_damaged.any()
            assert clips.frame_numbers(number).tolist() == expected[row]
    assert clips[-1].clip == len(clips) - 1
    for outside in (len(clips), -len(clips) - 1):
        with pytest.raises(IndexError):
            clips[outside]
    clips.close()


@pytest.mark.parametrize(
    ("choice", "options", "expected"),
    [
        ("uniform", {"clips_per_video": 2, "clip_length": 3}, [[0, 1, 2], [45, 46, 47]]),
        ({"every": 20}, {"clip_length": 2}, [[0, 1], [20, 21], [40, 41]]),
        ({"frames": "3,47"}, {"clip_length": 2}, [[3, 4]]),
        ({"frames": "3,46"}, {"clip_length": 4, "boundary": "wrap"}, [[3, 4, 5, 6], [46, 47, 46, 47]]),
        ({"fps": 12, "clip_length": 2, "max_clips": 2}, {}, [[0, 2], [44, 46]]),
        (lambda video: [[5, 3, 3], [0, len(video) - 1, 1]], {}, [[5, 3, 3], [0, 47, 1]]),
        (lambda video: video.index.keyframes, {"clip_length": 2}, [[0, 1], [12, 13], [24, 25], [36, 37]]),
    ],
)
def test_choices(plain_clip: Path, choice: Any, options: dict[str, Any], expected: list[list[int]]) -> None:  # noqa: ANN401
    clips = FrameDataset([plain_clip], choice, **options)
    assert [drawn(clip.frames) for clip in map(clips.__getitem__, range(len(clips)))] == expected


def test_random_clips_change_with_the_epoch(folder: Path) -> None:
    clips = FrameDataset(folder, "random", clip_length=4, clips_per_video=5, seed=7)
    again = FrameDataset([folder / "b.mp4"], "random", clip_length=4, clips_per_video=5, seed=7)
    numbers = [clips.frame_numbers(number).tolist() for number in range(15)]
    # A video's clips do not depend on the others.
    assert numbers[5:10] == [again.frame_numbers(number).tolist() for number in range(5)]
    clips.set_epoch(1)
    assert [clips.frame_numbers(number).tolist() for number in range(15)] != numbers
    assert drawn(clips[7].frames) == clips.frame_numbers(7).tolist()


def double(frames: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return frames.astype(np.float32) * 2


def test_shapes_and_transform(plain_clip: Path) -> None:
    plain = FrameDataset([plain_clip], clip_length=3)[4].frames
    first = FrameDataset([plain_clip], clip_length=3, layout="TCHW", transform=double)[4].frames
    assert (plain.shape, first.shape, first.dtype) == ((3, 120, 160, 3), (3, 3, 120, 160), np.float32)
    assert np.array_equal(first, 2.0 * plain.transpose(0, 3, 1, 2))
    small = FrameDataset([plain_clip], clip_length=3, resize="80x60")[4].frames
    assert small.shape == (3, 60, 80, 3)
    assert np.abs(small.astype(int) - plain.reshape(3, 60, 2, 80, 2, 3).mean(axis=(2, 4))).max() <= 1


def test_videos_that_cannot_be_read(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    gone = tmp_path / "gone.mp4"
    shutil.copyfile(folder / "a.mp4", gone)
    paths = [broken, gone, folder / "c.mp4"]
    with pytest.raises(OpenError):
        FrameDataset(paths)
    clips = FrameDataset(paths, clip_length=24, errors="skip")
    assert [(one.path, one.clip) for one in clips.skipped] == [(str(broken), None)]
    assert len(clips) == 4
    gone.unlink()
    clip = clips[1]
    assert (clip.clip, drawn(clip.frames)[:2]) == (2, [0, 1])
    assert [(one.path, one.clip) for one in clips.skipped[1:]] == [(str(gone), 1)]
    strict = pickle.loads(pickle.dumps(FrameDataset([folder / "c.mp4"], clip_length=24)))
    assert drawn(strict[1].frames)[0] == 24


@pytest.mark.parametrize(
    "wrong",
    [
        {"choice": "some"},
        {"boundary": "stretch"},
        {"clip_length": 0},
        {"layout": "HWC"},
        {"errors": "ignore"},
        {"open_files": 0},
        {"resize": "large"},
        {"choice": {"every": 0}},
        {"choice": lambda _video: [48]},
        {"clip_length": 49, "boundary": "error"},
    ],
)
def test_what_makes_no_sense_is_refused(plain_clip: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        FrameDataset([plain_clip], **wrong)


def test_there_must_be_a_video(tmp_path: Path) -> None:
    with pytest.raises(framescope.MissingFileError):
        FrameDataset([tmp_path])


LOADED = """
import multiprocessing, os, sys
import numpy as np
from framescope import FrameDataset
from framescope.core.synth.number_blocks import read_number

if __name__ == "__main__":
    method, *paths = sys.argv[1:]
    clips = FrameDataset(paths, clip_length=6, clip_step=7)
    assert "torch" not in sys.modules
    # As after a look at the data: decoders and conversions are running when the workers start.
    first = clips[0].frames
    from torch.utils.data import DataLoader
    loader = DataLoader(clips, batch_size=4, shuffle=True, num_workers=2, multiprocessing_context=method)
    wrong, seen = 0, []
    for batch in loader:
        for frames, numbers, pts in zip(batch.frames.numpy(), batch.frame_numbers, batch.pts):
            wrong += [read_number(frame) for frame in frames] != numbers.tolist()
            wrong += [pts_of // 512 for pts_of in pts.tolist()] != numbers.tolist()
        seen += batch.clip.tolist()
    print(sorted(seen) == list(range(len(clips))), wrong, batch.frames.dtype)
"""


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_real_loader_shuffles_clips_exactly(folder: Path, tmp_path: Path, method: str) -> None:
    # Imported in the other process only: it brings objects that complain when they are looked at.
    if find_spec("torch") is None:
        pytest.skip("torch is not installed")
    assert run_script(LOADED, folder, tmp_path, method) == "True 0 torch.uint8\n"


POOLED = """
import multiprocessing, random, sys
from framescope import FrameDataset
from framescope.core.synth.number_blocks import read_number

def is_right(clip):
    return [read_number(frame) for frame in clip.frames] == clip.frame_numbers.tolist()

if __name__ == "__main__":
    methods, *paths = sys.argv[1:]
    clips = FrameDataset(paths, clip_length=6, clip_step=7)
    order = list(range(len(clips)))
    random.shuffle(order)
    assert is_right(clips[0])
    for method in methods.split(","):
        with multiprocessing.get_context(method).Pool(2) as pool:
            read = pool.map(clips.__getitem__, order)
            pool.close()
            pool.join()
        print([clip.clip for clip in read] == order, all(map(is_right, read)), "torch" in sys.modules)
"""


def test_workers_forked_and_spawned(folder: Path, tmp_path: Path) -> None:
    methods = [one for one in multiprocessing.get_all_start_methods() if one != "forkserver"]
    assert run_script(POOLED, folder, tmp_path, ",".join(methods)) == "True True False\n" * len(methods)


def run_script(code: str, folder: Path, tmp_path: Path, argument: str) -> str:
    """In a process of its own, as a program that trains."""
    script = tmp_path / "loaded.py"
    script.write_text(code, encoding="utf-8")
    paths = [str(folder / name) for name in ("a.mp4", "b.mp4", "c.mp4")]
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", str(script), argument, *paths],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
