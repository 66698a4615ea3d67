"""Files that are there already are skipped only where they are this video's, and none is the video itself."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.errors import DestinationError, ExportError
from framescope.core.export.manifest.reading import MANIFEST_NAME
from framescope.core.export.plan import plan_export
from framescope.core.export.run import export_frames
from framescope.core.export.settings import ExportSettings, ImageFormat, OnExisting
from framescope.core.files import existing_names
from framescope.core.sampling.chosen import chosen_clips
from framescope.core.source.opening import open_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.export.result import ExportResult
    from framescope.core.sampling.chosen import Chosen

PATTERN = "{frame:04d}"


@pytest.fixture
def settings(tmp_path: Path) -> ExportSettings:
    return ExportSettings(tmp_path / "out", ImageFormat.PNG, name_pattern=PATTERN)


def export(
    path: Path,
    settings: ExportSettings,
    numbers: list[int] | Chosen,
    on_existing: OnExisting,
) -> ExportResult:
    settings = replace(settings, on_existing=on_existing)
    with open_video(path) as video:
        existing = existing_names(settings.folder)
        plan = plan_export(video.info, video.index, numbers, settings, existing=existing)
        return export_frames(video, plan, manifest=True)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_another_videos_pictures_are_not_skipped(
    clip: Callable[[str], Path], settings: ExportSettings, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.mp4"
    shutil.copy(clip("h264.mp4"), mine)
    export(clip("h264.mp4"), settings, [0, 1], OnExisting.ASK)
    before = contents(settings.folder)
    with pytest.raises(ExportError, match=r"2 of the 2 files to be skipped in .* another video, h264\.mp4"):
        export(clip("gop_open.mkv"), settings, [0, 1, 2], OnExisting.SKIP)
    assert contents(settings.folder) == before
    # The same file under another name is the same video.
    result = export(mine, settings, [0, 1, 2], OnExisting.SKIP)
    assert (len(result.skipped), len(result.written)) == (2, 1)
    numbered = export(clip("gop_open.mkv"), settings, [0, 1], OnExisting.NUMBER)
    assert len(numbered.written) == 2
    # Whoever wrote a file last counts.
    assert export(clip("gop_open.mkv"), settings, [0, 1], OnExisting.OVERWRITE).is_complete
    assert len(export(clip("gop_open.mkv"), settings, [0, 1], OnExisting.SKIP).skipped) == 2


def test_other_frames_of_the_same_video_are_not_skipped(plain_clip: Path, settings: ExportSettings) -> None:
    settings = replace(settings, name_pattern="{clip}_{place}")
    export(plain_clip, settings, chosen_clips(np.array([[3, 4]])), OnExisting.ASK)
    with pytest.raises(ExportError, match=r"2 of the 2 files .* of other frames"):
        export(plain_clip, settings, chosen_clips(np.array([[8, 9]])), OnExisting.SKIP)


def test_what_no_manifest_tells_of_is_skipped(plain_clip: Path, settings: ExportSettings) -> None:
    settings.folder.mkdir()
    (settings.folder / "0001.png").write_bytes(b"mine")
    result = export(plain_clip, settings, [0, 1], OnExisting.SKIP)
    assert [one.frame_number for one in result.skipped] == [1]
    assert (settings.folder / "0001.png").read_bytes() == b"mine"
    assert (settings.folder / MANIFEST_NAME).is_file()


@pytest.mark.parametrize("link", [None, os.link, os.symlink])
def test_the_video_itself_is_never_replaced(
    plain_clip: Path, settings: ExportSettings, link: Callable[[Path, Path], None] | None
) -> None:
    settings.folder.mkdir()
    source, name = settings.folder / "source.png", settings.folder / "0001.png"
    if link is None:
        source = name
    shutil.copy(plain_clip, source)
    if link is not None:
        link(source, name)
    before = plain_clip.read_bytes()
    with pytest.raises(DestinationError, match="source file itself"):
        export(source, settings, [0, 1], OnExisting.OVERWRITE)
    assert source.read_bytes() == before
    assert {path.name for path in settings.folder.iterdir()} == {source.name, name.name}
