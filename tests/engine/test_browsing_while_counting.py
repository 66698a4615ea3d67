"""A raw stream, whose frames are counted by decoding, is shown and browsed before the count is complete."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer

from framescope.engine.backend import core_backend
from framescope.engine.jobs import JobRunner
from framescope.engine.render import RenderSpec
from framescope.engine.source_engine import SourceEngine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.engine.answers import Answer

_PATIENCE_S = 60


def test_first_frame_is_shown_while_the_count_stands_still(qtbot: QtBot, clip: Callable[[str], Path]) -> None:
    core = core_backend(keeps_indexes=False)
    may_go_on = threading.Event()
    engine_index: list[FrameIndex | None] = []

    def build_index(
        info: VideoInfo, *, on_partial: Callable[[FrameIndex], None], **options: object
    ) -> FrameIndex:
        # The count waits at its first report until the picture was shown.
        def report(index: FrameIndex) -> None:
            on_partial(index)
            assert may_go_on.wait(_PATIENCE_S)

        return core.build_index(info, on_partial=report, **options)

    runner = JobRunner()
    engine = SourceEngine(
        str(clip("h264.h264")),
        stream_index=None,
        generation=1,
        cache_bytes=64 << 20,
        backend=replace(core, build_index=build_index),
        runner=runner,
    )
    answers: list[Answer] = []
    engine.answered.connect(answers.append)
    engine.answered.connect(lambda _: engine_index.append(engine.index))
    try:
        engine.start()
        engine.show(0, RenderSpec())
        qtbot.waitUntil(
            lambda: any(answer.frame is not None for answer in answers), timeout=_PATIENCE_S * 1000
        )
        assert engine_index[-1] is not None
        assert not engine_index[-1].complete
        may_go_on.set()
        qtbot.waitUntil(
            lambda: engine.index is not None and engine.index.complete, timeout=_PATIENCE_S * 1000
        )
    finally:
        may_go_on.set()
        engine.retire()
        runner.close()
        assert engine.wait(QDeadlineTimer(_PATIENCE_S * 1000))
