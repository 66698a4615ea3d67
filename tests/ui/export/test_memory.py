"""What the dialog was set to, kept and taken up again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from framescope.core.export.encoders.formats import BitDepth
from framescope.core.export.geometry import Resize
from framescope.core.export.settings import ExportSettings, ImageFormat, OnExisting
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.ui.export.memory import (
    ExportChoices,
    choices_from_table,
    choices_to_table,
    offered_for,
)
from framescope.ui.export.survey import FilesChoice

CHOICES = ExportChoices(
    Sampling(SamplingKind.EVERY_SECONDS, 7, 2.5, 9, "1,2", only_in_out=True),
    ExportSettings(Path(), ImageFormat.PNG, 50, 8, bit_depth=BitDepth.SIXTEEN, resize=Resize(longest=640)),
    FilesChoice("/fotos/ü", "{index}", OnExisting.NUMBER),
)


def test_choices_come_back_through_json() -> None:
    assert choices_from_table(json.loads(json.dumps(choices_to_table(CHOICES)))) == CHOICES


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"sampling": None, "quality": "best", "folder": 3},
        {"sampling": {"kind": "moonlight", "step": "x", "count": None}, "name_pattern": "{x}"},
    ],
)
def test_what_cannot_be_used_takes_its_default(table: dict[str, object]) -> None:
    assert choices_from_table(table) == ExportChoices()


def test_whole_seconds_written_as_a_whole_number_are_seconds() -> None:
    assert choices_from_table({"sampling": {"interval_s": 2}}).sampling.interval_s == 2.0


def test_the_folder_on_offer_is_beside_the_video(tmp_path: Path) -> None:
    assert offered_for(str(tmp_path / "clip.one.mp4"), "") == str(tmp_path / "clip.one_frames")
    assert Path(offered_for("https://host/film.m3u8?x=/y", "")).name == "film_frames"
