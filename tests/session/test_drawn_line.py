"""The line drawn on the picture."""

from __future__ import annotations

import pytest

from framescope.core.spacetime.slit import Slit, SlitKind
from framescope.session.drawn_line import DrawnLine


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def line(told: list[str]) -> DrawnLine:
    line = DrawnLine()
    line.changed.connect(lambda: told.append("changed"))
    return line


def test_it_tells_of_what_is_new_only(line: DrawnLine, told: list[str]) -> None:
    line.draw(Slit(SlitKind.ROW, (3,)))
    line.draw(Slit(SlitKind.ROW, (3,)))
    assert told == ["changed"]
    line.use_tool(SlitKind.LINE)
    line.use_tool(SlitKind.LINE)
    assert told == ["changed", "changed"]
    assert line.is_active


def test_a_width_stays_with_the_lines_that_have_one(line: DrawnLine) -> None:
    line.set_width(5)
    line.draw(Slit(SlitKind.ROW, (3,)))
    assert line.slit == Slit(SlitKind.ROW, (3,), 5)
    line.draw(Slit(SlitKind.REGION, (0, 0, 4, 4)))
    assert line.slit == Slit(SlitKind.REGION, (0, 0, 4, 4))
    line.set_width(3)
    line.draw(Slit(SlitKind.COLUMN, (3,)))
    assert line.slit == Slit(SlitKind.COLUMN, (3,), 3)


def test_it_goes_with_the_video(line: DrawnLine) -> None:
    line.use_tool(SlitKind.LINE)
    line.draw(Slit(SlitKind.ROW, (3,)))
    line.forget()
    assert not line.is_active
