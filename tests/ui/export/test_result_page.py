"""How an export went."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTableView

from framescope.core.errors import DestinationLostError
from framescope.core.export.result import ExportResult, FrameOutcome
from framescope.ui.export.result_page import ResultPage, details, headline, result_rows
from framescope.ui.widgets.icons import IconSource
from tests.ui.parts import part
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource

FULL = DestinationLostError("The disk is full.", hint="Make room.")
EMPTY = ExportResult(Path("out"), (), (), (), (), None, cancelled=False, elapsed_s=2.0, bytes_written=0)


def outcomes(*numbers: int, reason: str = "") -> tuple[FrameOutcome, ...]:
    return tuple(FrameOutcome(number, Path(f"{number}.png"), reason, 1000) for number in numbers)


DAMAGED = (*outcomes(1), *(replace(one, is_damaged=True) for one in outcomes(2, reason="damaged")))


@pytest.fixture
def running() -> Iterator[RunningController]:
    controller = RunningController()
    yield controller
    controller.end()


@pytest.fixture
def page(qtbot: QtBot, theme: ThemeSource, running: RunningController) -> ResultPage:
    widget = ResultPage(running.as_controller(), IconSource(theme))
    qtbot.addWidget(widget)
    return widget


@pytest.mark.parametrize(
    ("changes", "words", "role"),
    [
        ({"written": outcomes(1, 2)}, "2 frames saved", "success"),
        ({"written": DAMAGED}, "2 frames saved, 1 damaged", "warning"),
        ({"skipped": outcomes(1)}, "Nothing to save", "success"),
        ({"written": outcomes(1), "kept": outcomes(2)}, "1 frame saved, 1 kept from before", "success"),
        ({"kept": outcomes(1, 2)}, "0 frames saved, 2 kept from before", "success"),
        ({"written": outcomes(1), "failed": outcomes(2)}, "1 frame saved, 1 failed", "warning"),
        ({"failed": outcomes(2)}, "0 frames saved, 1 failed", "error"),
        ({"not_reached": (2,), "fault": FULL}, "Stopped; 0 frames saved", "error"),
        (
            {"written": outcomes(1), "not_reached": (2,), "cancelled": True},
            "Cancelled; 1 frame saved",
            "warning",
        ),
    ],
)
def test_the_headline_says_how_it_went(changes: dict[str, object], words: str, role: str) -> None:
    assert headline(replace(EMPTY, **changes)) == (words, role)  # type: ignore[arg-type]


def test_details_have_size_time_and_rate() -> None:
    result = replace(EMPTY, written=outcomes(*range(30)), bytes_written=30_000)
    assert details(result) == "30.0 kB · 2 s · 15 frames/s\nout"
    assert details(EMPTY) == "out"
    listed = details(replace(EMPTY, kept=outcomes(1), has_manifest=True))
    assert listed == (
        "out\nEach file was decoded, compared with its frame, and read back from the disk."
        "\nSHA-256 of each: framescope-manifest.jsonl"
    )


def test_every_failure_is_a_row_and_what_was_not_reached_is_short() -> None:
    result = replace(
        EMPTY,
        written=outcomes(1) + outcomes(2, reason="errors inside"),
        skipped=outcomes(3, reason="was there"),
        failed=outcomes(4, 5, reason="damaged"),
        not_reached=tuple(range(10, 1000)),
        fault=FULL,
    )
    assert [row.cells for row in result_rows(result)] == [
        ("4", "failed", "4.png", "damaged"),
        ("5", "failed", "5.png", "damaged"),
        ("10:1000", "not reached", "", "the export had stopped"),
        ("3", "skipped", "3.png", "was there"),
        ("2", "saved", "2.png", "errors inside"),
    ]


def test_a_frame_of_two_clips_that_was_not_reached_is_named_once() -> None:
    (row,) = result_rows(replace(EMPTY, not_reached=(7, 7, 8)))
    assert row.frames == "7:9"


def test_the_page_names_fault_and_failures(page: ResultPage) -> None:
    page.show_result(replace(EMPTY, failed=outcomes(7, reason="damaged"), fault=FULL))
    assert part(page, QLabel, "exportHeadline").text() == "Stopped; 0 frames saved"
    assert part(page, QLabel, "exportFault").text() == "The disk is full. Make room."
    table = part(page, QTableView, "exportOutcomes")
    model = table.model()
    assert [model.data(model.index(0, column)) for column in range(4)] == [
        "7",
        "failed",
        "7.png",
        "damaged",
    ]
    assert model.headerData(3, Qt.Orientation.Horizontal) == "Reason"
    assert page.text.splitlines()[-1] == "7\tfailed\t7.png\tdamaged"


def test_a_clean_result_has_no_table(page: ResultPage) -> None:
    page.show_result(replace(EMPTY, written=outcomes(1)))
    assert not page.has_rows
    assert part(page, QTableView, "exportOutcomes").isHidden()
    assert part(page, QLabel, "exportFault").isHidden()


def test_a_row_leads_to_its_frame(qtbot: QtBot, page: ResultPage) -> None:
    page.show_result(replace(EMPTY, failed=outcomes(7), not_reached=(8, 9, 12)))
    table = part(page, QTableView, "exportOutcomes")
    for row, number in enumerate((7, 8, 12)):
        with qtbot.waitSignal(page.frame_wanted) as wanted:
            table.doubleClicked.emit(table.model().index(row, 0))
        assert wanted.args == [number]
