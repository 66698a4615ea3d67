"""A few mixed videos all the way to training: the small form of the script that does so with hundreds."""

from __future__ import annotations

from pathlib import Path

import pytest

from framescope.core.dataset.build import DataSetForm, export_dataset
from framescope.core.dataset.classes import Classes
from framescope.core.dataset.layouts import LayoutChoice
from framescope.core.dataset.splits import Splits
from framescope.core.export.settings import ExportSettings
from framescope.core.recipe.recipe import Recipe
from framescope.core.recipe.run import RunRequest
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.source.input_videos import input_videos
from tests.benchmarks import dataset_soak as soak

for library in ("pyarrow", "pycocotools", "webdataset"):
    pytest.importorskip(library)

RECIPE = Recipe(Sampling(SamplingKind.EVERY_NTH, step=soak.STEP), ExportSettings(Path(), quality=90))
FORM = DataSetForm(LayoutChoice.parse(soak.LAYOUTS), Splits.parse("80/10/10"), Classes(from_folder=True))


@pytest.mark.skipif(soak.BAD_NAME_IS_REFUSED, reason="file names are text here")
def test_pictures_and_clips_show_their_numbers_however_many_jobs(tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    soak.make_videos(videos, 8, (320, 180))
    listed = input_videos([str(videos)])
    for jobs in (1, 2):
        folder = tmp_path / str(jobs)
        result = export_dataset(RECIPE, listed, folder, FORM, request=RunRequest(jobs=jobs))
        assert {one.name for one in result.failures} == {soak.GARBAGE, soak.CUT}
    assert soak.files_of(tmp_path / "1") == soak.files_of(tmp_path / "2")
    assert soak.check_layouts(tmp_path / "1") == result.picture_count
    right, skipped = soak.check_loader(videos, 0)
    assert right > 4
    assert {*skipped} == {soak.GARBAGE, soak.CUT}
