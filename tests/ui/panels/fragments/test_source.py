"""Following the controller to the tables of its store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.errors import OpenError
from framescope.core.fragments.geometry import Region
from framescope.core.fragments.source import name_with_region
from framescope.ui.panels.fragments.source import FragmentSource, read_tables
from tests.core.fragments.fragment_examples import split_clip
from tests.ui.panels.fragments.parts import small_info, small_tables
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[RunningController]:
    del qtbot
    controller = RunningController()
    yield controller
    controller.end()


@pytest.fixture(scope="module")
def store(plain_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fragments") / "store"
    split_clip(plain_clip, path)
    return path


def test_bits_add_up_to_the_files(store: Path) -> None:
    tables = read_tables(name_with_region(store, Region(0, 0, 40, 40)))
    assert tables.bits.shape == (4, 6)
    assert tables.bits.sum() == 8 * sum(one.stat().st_size for one in (store / "fragments").iterdir())
    assert tables.region == Region(0, 0, 40, 40)
    assert sum(sum(tables.frame_bits(number)) for number in range(48)) == tables.bits.sum()
    with pytest.raises(OpenError):
        read_tables(str(store / "fragments"))


def test_frames_without_a_picture_have_no_form(tmp_path: Path) -> None:
    tables = small_tables(tmp_path)
    assert tables.form_at(0) is not None
    assert tables.form_at(3) is None
    assert tables.frame_bits(3) == []


def test_a_store_is_read_and_a_video_is_not(qtbot: QtBot, session: RunningController, store: Path) -> None:
    source = FragmentSource(session.as_controller())
    session.open()
    assert not source.is_store
    assert source.tables is None
    session.source, session.info = str(store), small_info(store)
    session.source_opened.emit()
    qtbot.waitUntil(lambda: source.tables is not None, timeout=20_000)
    session.open()
    assert source.tables is None


def test_a_store_that_is_gone_is_said(qtbot: QtBot, session: RunningController, tmp_path: Path) -> None:
    source = FragmentSource(session.as_controller())
    session.source, session.info = str(tmp_path / "gone"), small_info(tmp_path)
    session.source_opened.emit()
    qtbot.waitUntil(lambda: bool(source.error), timeout=20_000)
    assert source.tables is None
