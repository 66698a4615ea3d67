"""A data set of numbered clips in a tree of folders, one of them damaged, in every layout."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framescope.core.dataset.build import DataSetForm, DataSetResult, export_dataset
from framescope.core.dataset.classes import Classes
from framescope.core.dataset.layout import ShardBound
from framescope.core.dataset.layouts import LAYOUTS, LayoutChoice
from framescope.core.dataset.splits import Splits
from framescope.core.export.geometry import Resize
from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.recipe.recipe import Recipe
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.source.input_videos import input_videos

if TYPE_CHECKING:
    from collections.abc import Callable

PNG = ExportSettings(Path(), image_format=ImageFormat.PNG, compression=1)
EVERY_20TH = Recipe(Sampling(SamplingKind.EVERY_NTH, step=20), PNG)
FRAMES = (0, 20, 40)
"""What `EVERY_20TH` takes of each clip."""
VIDEOS = {"cats/one.mp4": "cats", "cats/two.mp4": "cats", "dogs/big/three.mkv": "big"}
"""The good videos in the order of the data set, and their classes."""
SPLITS = Splits.parse("60/20/20", seed="2")
ALL = ",".join(("mirrored", *(one.name for one in LAYOUTS)))
FORM = DataSetForm(LayoutChoice.parse(ALL), SPLITS, Classes(from_folder=True), ShardBound(pictures=2))


@dataclass(frozen=True)
class Made:
    """A finished data set."""

    folder: Path
    result: DataSetResult

    @property
    def files(self) -> list[str]:
        """The paths of all its pictures, in order."""
        return [f"images/{Path(name).with_suffix('')}/{n:02d}.png" for name in VIDEOS for n in FRAMES]


NAMED = Recipe(
    EVERY_20TH.sampling, ExportSettings(Path(), ImageFormat.PNG, compression=1, name_pattern="{frame:02d}")
)


@pytest.fixture(scope="session")
def tree(clip: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the videos, and one that is none."""
    folder = tmp_path_factory.mktemp("tree") / "videos"
    for name in VIDEOS:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(clip("gop_open.mkv" if path.suffix == ".mkv" else "h264.mp4"), path)
    (folder / "dogs" / "bad.mp4").write_bytes(b"no video at all" * 100)
    return folder


@pytest.fixture(scope="session")
def made(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """All layouts at once."""
    folder = tmp_path_factory.mktemp("made") / "set"
    return Made(folder, export_dataset(NAMED, input_videos([str(tree)]), folder, FORM))


@pytest.fixture(scope="session")
def letterboxed(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """One video, scaled into a square."""
    folder = tmp_path_factory.mktemp("boxed") / "set"
    pictures = ExportSettings(Path(), ImageFormat.PNG, compression=1, resize=Resize(100, 100, letterbox=True))
    form = DataSetForm(LayoutChoice.parse("coco,yolo"), classes=Classes(from_folder=True))
    videos = input_videos([str(tree / "cats" / "one.mp4")])
    return Made(folder, export_dataset(Recipe(EVERY_20TH.sampling, pictures), videos, folder, form))
