"""Pictures as a data set lists them: with their true sizes, and those that an earlier export kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from framescope.core.dataset.build import DataSetForm, export_dataset
from framescope.core.dataset.layouts import LayoutChoice
from framescope.core.dataset.records import has_pictures
from framescope.core.export.geometry import Resize
from framescope.core.export.manifest.lines import ManifestError
from framescope.core.export.manifest.reading import MANIFEST_NAME, read_manifest
from framescope.core.export.settings import OnExisting
from framescope.core.recipe.recipe import Recipe
from framescope.core.recipe.run import RunRequest
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.source.input_videos import input_videos
from tests.core.dataset.conftest import NAMED, PNG

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COCO = DataSetForm(LayoutChoice.parse("coco"))


@pytest.mark.parametrize("resize", [None, Resize(longest=100)])
def test_frames_of_another_size_are_told_with_it(
    clip: Callable[[str], Path], tmp_path: Path, resize: Resize | None
) -> None:
    every = Recipe(Sampling(SamplingKind.EVERY_NTH, step=12), replace(PNG, resize=resize))
    data = export_dataset(every, input_videos([str(clip("joined_sizes.ts"))]), tmp_path, COCO).data
    assert data is not None
    sizes = set()
    for picture in data.pictures():
        with Image.open(tmp_path / picture.file) as image:
            assert picture.geometry.size == image.size
        # The whole frame is the whole picture.
        for axis in (0, 1):
            end = picture.geometry.source[axis] * picture.geometry.scale[axis] + picture.geometry.offset[axis]
            assert end == pytest.approx(picture.geometry.size[axis])
        sizes.add(picture.geometry.source)
    assert len(sizes) == 2


def test_skipped_pictures_are_those_of_the_earlier_export(
    clip: Callable[[str], Path], tmp_path: Path
) -> None:
    videos = input_videos([str(clip("h264.mp4"))])
    first = export_dataset(NAMED, videos, tmp_path, COCO).data
    skipping = RunRequest(OnExisting.SKIP)
    more = replace(NAMED, sampling=Sampling(SamplingKind.EVERY_NTH, step=10))
    second = export_dataset(more, videos, tmp_path, COCO, request=skipping).data
    assert first is not None
    assert second is not None
    assert [one.line.frame_number for one in second.pictures()] == [0, 10, 20, 30, 40]
    before = {one.file: one.line.sha256 for one in first.pictures()}
    after = {one.file: one.line.sha256 for one in second.pictures()}
    assert before.items() <= after.items()


def test_folders_without_pictures_or_sizes(clip: Callable[[str], Path], tmp_path: Path) -> None:
    data = export_dataset(NAMED, input_videos([str(clip("h264.mp4"))]), tmp_path, COCO).data
    assert data is not None
    folder = tmp_path / data.videos[0].folder
    assert has_pictures(folder)
    assert not has_pictures(tmp_path)
    manifest = folder / MANIFEST_NAME
    geometry = read_manifest(folder).last.header.geometry
    assert geometry is not None
    # As a version before wrote it.
    text = manifest.read_text()
    start = text.index(',"geometry"')
    manifest.write_text(text[:start] + text[text.index("}", start) + 1 :])
    with pytest.raises(ManifestError, match="how large"):
        list(data.pictures())
