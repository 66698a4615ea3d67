"""The line about the bit rate: its numbers are sums over packets, and its peaks lead to their frames."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import av
import pytest
from PySide6.QtWidgets import QMenu

from framescope.ui.lanes.desk import LaneDesk
from framescope.ui.panels.stream.rate_bar import RateBar
from framescope.ui.widgets.elided_label import ElidedLabel
from framescope.ui.widgets.icons import IconSource
from tests.clips.encoding import Encoding, write_clip
from tests.ui.clip.session import open_session
from tests.ui.parts import on_screen, part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of two seconds and four GOPs that declares a buffer."""
    path = tmp_path_factory.mktemp("rates") / "limited.mp4"
    params = "nal-hrd=vbr:vbv-maxrate=400:vbv-bufsize=300:bitrate=300:keyint=12:scenecut=0"
    write_clip(path, Encoding(options={"x264-params": params}))
    return path


@pytest.fixture
def watched(qtbot: QtBot, limited: Path) -> Iterator[Controller]:
    with open_session(qtbot, limited) as controller:
        qtbot.waitUntil(lambda: controller.index is not None and controller.index.complete)
        yield controller


def test_the_rate_and_its_peaks(qtbot: QtBot, watched: Controller, theme: ThemeSource, limited: Path) -> None:
    bar = RateBar(watched, IconSource(theme), None)
    on_screen(qtbot, bar, 400, 40)
    words = part(bar, ElidedLabel, "streamRate")
    assert not words.whole_text
    bar.refresh()
    desk = LaneDesk.of(watched)
    qtbot.waitUntil(lambda: desk.buffer.is_whole)
    with av.open(os.fspath(limited)) as container:
        sizes = [packet.size for packet in container.demux(video=0) if packet.size]
    mean = f"{sum(sizes) * 8 / 2 / 1000:.3g} kbit/s"
    assert words.whole_text.startswith(f"Bit rate {mean} · highest ")
    assert words.whole_text.endswith("buffer kept to")
    assert bar.toolTip().startswith("The stream keeps to its buffer. Declared: 37.5 kB")
    menu = part(bar, QMenu, "streamPeaks")
    menu.aboutToShow.emit()
    titles = [action.text() for action in menu.actions() if not action.isEnabled()]
    assert titles == ["Highest seconds", "Highest GOPs"]
    entries = [action for action in menu.actions() if action.isEnabled() and not action.isSeparator()]
    # Two seconds and four GOPs.
    assert len(entries) == 6
    gops = [sum(sizes[start : start + 12]) for start in range(0, 48, 12)]
    highest = entries[2]
    assert f"{max(gops) * 8 / 0.5 / 1000:.3g} kbit/s" in highest.text()
    highest.trigger()
    assert watched.position == gops.index(max(gops)) * 12
    watched.close_source()
    assert not words.whole_text
