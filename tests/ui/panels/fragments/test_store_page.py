"""The page of an open store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from framescope.core.fragments.geometry import Region
from framescope.core.fragments.seams import Seam
from framescope.session.state import FrameRange
from framescope.ui.panels.fragments.run import FragmentRun
from framescope.ui.panels.fragments.store_page import StorePage
from tests.ui.panels.fragments.parts import small_info, small_tables

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.core.fragments.join import JoinRequest
    from framescope.core.fragments.manifest import Manifest
    from framescope.ui.widgets.save_target import Target
    from framescope.ui.widgets.theme import ThemeSource
    from tests.ui.stand_ins import StandInController

LEFT = Region(0, 0, 10, 10)


class NotingRun(FragmentRun):
    """Starts nothing."""

    def __init__(self, session: StandInController) -> None:
        super().__init__(session.as_controller())
        self.asked: list[tuple[object, ...]] = []

    def join_into(self, store: Path, target: Target, request: JoinRequest | None = None) -> None:
        del store
        self.asked.append(
            ("join", target.path.name, None if request is None else (request.region, request.frames))
        )

    def verify(self, store: Path) -> None:
        del store
        self.asked.append(("verify",))

    def measure_seams(self, store: Path, manifest: Manifest) -> None:
        del store, manifest
        self.asked.append(("seams",))


@pytest.fixture
def page(
    qtbot: QtBot, session: StandInController, theme: ThemeSource, tmp_path: Path
) -> tuple[NotingRun, StorePage]:
    run = NotingRun(session)
    session.open(small_info(tmp_path), frame_total=6)
    widget = StorePage(session.as_controller(), theme, run)
    qtbot.addWidget(widget)
    widget.resize(340, 800)
    widget.set_tables(small_tables(tmp_path))
    widget.show()
    return run, widget


def text(page: StorePage, name: str) -> str:
    label = page.findChild(QLabel, name)
    assert label is not None
    return label.text()


def click(page: StorePage, name: str) -> None:
    button = page.findChild(QPushButton, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_figures_of_the_store_and_the_frame(
    page: tuple[NotingRun, StorePage], session: StandInController
) -> None:
    _, widget = page
    assert widget.tiles.numbers == ("4", "371 B", "0.290")
    assert text(widget, "fragmentHeatWords") == "This frame: 1\u202f600 bits, 800 to 800 a tile"
    session.position = 3
    widget.show_frame()
    assert "no picture here" in text(widget, "fragmentHeatWords")


def test_a_region_says_what_it_takes(
    page: tuple[NotingRun, StorePage], session: StandInController, qtbot: QtBot
) -> None:
    _, widget = page
    assert "Drag a region" in text(widget, "fragmentCompared")
    widget.map.select(LEFT)
    assert text(widget, "fragmentTouched") == "1 fragment, 130 B"
    assert "50% of the 261 B" in text(widget, "fragmentCompared")
    session.marked_range = FrameRange(0, 6)
    session.range_changed.emit()
    assert text(widget, "fragmentTouched") == "2 fragments, 185 B"
    with qtbot.waitSignal(widget.source_wanted) as wanted:
        click(widget, "fragmentOpenRegion")
    assert str(wanted.args[0]).endswith("#xywh=0,0,10,10")


def test_buttons_start_the_work(
    page: tuple[NotingRun, StorePage],
    session: StandInController,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    run, widget = page

    def choose(*_arguments: object, **_options: object) -> tuple[str, str]:
        return str(tmp_path / "out.mkv"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    for name in ("fragmentJoin", "fragmentVerify", "fragmentSeams"):
        click(widget, name)
    session.marked_range = FrameRange(1, 3)
    widget.map.select(LEFT)
    click(widget, "fragmentExtract")
    assert run.asked == [
        ("join", "out.mkv", None),
        ("verify",),
        ("seams",),
        ("join", "out.mkv", (LEFT, range(1, 3))),
    ]


def test_seams_lead_to_their_worst_frame(
    page: tuple[NotingRun, StorePage], session: StandInController
) -> None:
    run, widget = page
    run.seams = (Seam(0, 1, is_vertical=True, place=32, across=3.0, inside=1.0, worst_frame=4),)
    run.changed.emit()
    click(widget, "seamFrame.0")
    assert session.called("show_frame") == [(4,)]


def test_a_store_of_one_tile_has_no_seam(page: tuple[NotingRun, StorePage]) -> None:
    run, widget = page
    run.seams = ()
    run.changed.emit()
    assert "no seam" in " ".join(label.text() for label in widget.findChildren(QLabel))


def test_looking_at_a_region_there_is_a_way_back(
    page: tuple[NotingRun, StorePage], qtbot: QtBot, tmp_path: Path
) -> None:
    _, widget = page
    widget.set_tables(small_tables(tmp_path, LEFT))
    with qtbot.waitSignal(widget.source_wanted) as wanted:
        click(widget, "fragmentOpenWhole")
    assert wanted.args == [str(tmp_path)]
