"""The blocks of the frame on screen are that frame's, and are read only while they are looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.source.opening import open_video
from framescope.session.frame_blocks import BlockLayer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.engine.answers import Answer
    from framescope.session.controller import Controller


def is_shown(controller: Controller, number: int) -> bool:
    shown = controller.shown
    return shown is not None and shown.frame is not None and shown.frame.frame_number == number


def test_they_are_those_of_the_frame_shown(
    qtbot: QtBot, real_controller: Controller, plain_clip: Path
) -> None:
    blocks = real_controller.blocks
    real_controller.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: is_shown(real_controller, 0))
    blocks.toggle(BlockLayer.VECTORS)
    with open_video(plain_clip, with_blocks=True) as video:
        for number in (30, 7, 31):
            real_controller.show_frame(number)
            qtbot.waitUntil(lambda: is_shown(real_controller, number))  # noqa: B023 - called here only
            # As soon as a frame is shown, those of the previous one are no longer given out.
            qtbot.waitUntil(lambda: blocks.blocks is not None)
            expected = video[number].known_blocks
            assert blocks.blocks is not None
            assert np.array_equal(blocks.blocks.vectors, expected.vectors)
            assert np.array_equal(blocks.blocks.quantisers, expected.quantisers)


def test_another_frame_with_the_same_number_has_blocks_of_its_own(
    qtbot: QtBot, real_controller: Controller, plain_clip: Path
) -> None:
    answers: list[Answer] = []
    real_controller.video.answered.connect(answers.append)
    blocks = real_controller.blocks
    blocks.toggle(BlockLayer.VECTORS)
    real_controller.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: blocks.blocks is not None)
    exact = next(answer for answer in reversed(answers) if answer.frame is not None)
    assert exact.frame is not None
    # As after a new index, in which this number is another frame.
    real_controller.view.show_answer(replace(exact, frame=replace(exact.frame)))
    assert blocks.blocks is None
    qtbot.waitUntil(lambda: blocks.blocks is not None)


def test_a_new_size_of_the_same_frame_reads_nothing_again(
    qtbot: QtBot, real_controller: Controller, plain_clip: Path
) -> None:
    blocks = real_controller.blocks
    blocks.toggle(BlockLayer.VECTORS)
    real_controller.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: blocks.blocks is not None)
    found = blocks.blocks
    with qtbot.waitSignal(real_controller.frame_shown):
        real_controller.view.set_size(64, 36, "test")
    qtbot.waitUntil(lambda: is_shown(real_controller, 0))
    assert blocks.blocks is found


def test_nothing_is_read_while_nobody_looks(
    qtbot: QtBot, real_controller: Controller, plain_clip: Path
) -> None:
    titles: list[str] = []
    real_controller.job_started.connect(lambda job: titles.append(job.title))
    blocks = real_controller.blocks
    real_controller.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: is_shown(real_controller, 0))
    real_controller.show_frame(9)
    qtbot.waitUntil(lambda: is_shown(real_controller, 9))
    assert blocks.blocks is None
    blocks.watch("panel", is_watching=True)
    qtbot.waitUntil(lambda: blocks.blocks is not None)
    blocks.watch("panel", is_watching=False)
    real_controller.show_frame(20)
    qtbot.waitUntil(lambda: is_shown(real_controller, 20))
    assert blocks.blocks is None


def test_a_codec_without_blocks_says_so(
    qtbot: QtBot, real_controller: Controller, clip: Callable[[str], Path], plain_clip: Path
) -> None:
    blocks = real_controller.blocks
    blocks.toggle(BlockLayer.QUANTISERS)
    real_controller.open_source(str(clip("vp8.webm")))
    qtbot.waitUntil(lambda: is_shown(real_controller, 0))
    assert "vp8" in blocks.reason
    assert blocks.blocks is None
    real_controller.open_source(str(plain_clip))
    qtbot.waitUntil(lambda: blocks.blocks is not None)
    assert blocks.reason == ""
    real_controller.close_source()
    assert blocks.blocks is None
