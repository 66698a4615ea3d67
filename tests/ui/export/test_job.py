"""An export in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framescope.core.export.plan import plan_export
from framescope.core.export.result import ExportResult
from framescope.core.export.settings import ExportSettings
from framescope.core.opencv import cv2
from framescope.core.source.opening import open_video
from framescope.core.synth.number_blocks import read_number
from framescope.ui.export.dialog import as_listed, export_work, from_disk, resume_work
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_a_job_saves_frames_with_a_decoder_of_its_own(qtbot: QtBot, plain_clip: Path, tmp_path: Path) -> None:
    controller = RunningController()
    with open_video(plain_clip, use_index_cache=False) as video:
        info, index = video.info, video.index
    plan = plan_export(info, index, [3, 17, 30], ExportSettings(tmp_path))
    job = controller.run_job("Exporting", export_work(info, index, plan))
    with qtbot.waitSignal(job.finished) as finished:
        pass
    result = finished.args[0] if finished.args else None
    assert isinstance(result, ExportResult)
    assert result.is_complete
    numbers = []
    for outcome in result.written:
        picture = cv2.imdecode(np.fromfile(outcome.path, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        numbers.append(read_number(picture.astype(np.uint8)))
    assert numbers == [3, 17, 30]
    controller.runner.close()


@pytest.mark.parametrize("is_from_disk", [False, True])
def test_a_job_goes_on_with_an_export(
    qtbot: QtBot, plain_clip: Path, tmp_path: Path, *, is_from_disk: bool
) -> None:
    controller = RunningController()
    with open_video(plain_clip, use_index_cache=False) as video:
        info, index = video.info, video.index
    plan = plan_export(info, index, range(10), ExportSettings(tmp_path))
    with qtbot.waitSignal(controller.run_job("Exporting", export_work(info, index, plan)).finished):
        pass
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    outcomes = sorted(tmp_path.glob("*.jpg"))
    outcomes[3].unlink()
    opened = from_disk(str(plain_clip), None) if is_from_disk else as_listed(info, index)
    job = controller.run_job("Resuming", resume_work(opened, tmp_path))
    with qtbot.waitSignal(job.finished) as finished:
        pass
    result = finished.args[0] if finished.args else None
    assert isinstance(result, ExportResult)
    assert [outcome.frame_number for outcome in result.written] == [3]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    controller.runner.close()
