"""Bars are as long as their values, and tell more under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from framescope.ui.panels.bench.page import BenchBars, scale_of
from framescope.ui.panels.bench.words import BarGroup, bar_groups
from tests.ui.panels.bench.examples import OPENCV, OWN, canned_bench, engine, under_way

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource

HEAD, ROW = 24, 20


def group_of(key: str = "random") -> BarGroup:
    return next(group for group in bar_groups(canned_bench()) if group.key == key)


@pytest.fixture
def bars(qtbot: QtBot, theme: ThemeSource) -> BenchBars:
    widget = BenchBars(group_of(), theme)
    qtbot.addWidget(widget)
    widget.resize(340, widget.sizeHint().height())
    return widget


def pixels_of(bars: BenchBars, color: QColor, row: int) -> int:
    """Pixels of exactly this colour in the upper part of a row's bar, above the line of the spread."""
    image = bars.grab().toImage()
    y = HEAD + row * ROW + 7
    return sum(image.pixelColor(x, y).rgb() == color.rgb() for x in range(image.width()))


def test_a_row_for_each_engine(bars: BenchBars) -> None:
    assert bars.sizeHint().height() == HEAD + 5 * ROW
    assert bars.minimumSizeHint().height() == bars.sizeHint().height()
    assert bars.bar_at(HEAD + 1) is bars.group.bars[0]
    assert bars.bar_at(HEAD + 5 * ROW + 1) is None
    assert bars.bar_at(HEAD - 1) is None


def test_a_bar_is_as_long_as_its_value(bars: BenchBars, theme: ThemeSource) -> None:
    own = pixels_of(bars, theme.tokens.accent, 0)
    opencv = pixels_of(bars, theme.tokens.text_faint, 1)
    # 5 and 20 ms; the rounded ends take a pixel or two.
    assert own > 10
    assert opencv / own == pytest.approx(4, rel=0.25)


def test_one_that_dwarfs_all_others_leaves_their_bars_visible(qtbot: QtBot, theme: ThemeSource) -> None:
    slow = engine("deffcode", "DeFFcode", 4000.0)
    groups = {group.key: group for group in bar_groups(canned_bench(OWN, OPENCV, slow))}
    widget = BenchBars(groups["random"], theme)
    qtbot.addWidget(widget)
    widget.resize(340, widget.sizeHint().height())
    assert pixels_of(widget, theme.tokens.accent, 0) > 10
    # Its own bar fills the track but for the break.
    assert pixels_of(widget, theme.tokens.text_faint, 2) > pixels_of(widget, theme.tokens.text_faint, 1)
    assert pixels_of(widget, theme.tokens.surface, 2) > 0


@pytest.mark.parametrize(
    ("values", "full"),
    [((), 0.0), ((5.0,), 5.0), ((5.0, 30.0), 30.0), ((30.0, 5.0, 4000.0), 42.0), ((0.0, 3.0), 3.0)],
)
def test_a_full_bar_is_the_largest_value_that_compares(values: tuple[float, ...], full: float) -> None:
    assert scale_of(values) == pytest.approx(full)


@pytest.mark.parametrize("width", [276, 320])
def test_bars_are_seen_in_a_narrow_dock(bars: BenchBars, theme: ThemeSource, width: int) -> None:
    bars.resize(width, bars.height())
    assert pixels_of(bars, theme.tokens.text_faint, 1) > width * 0.25


def test_who_did_other_work_is_hatched(bars: BenchBars, theme: ThemeSource) -> None:
    image = bars.grab().toImage()
    top, bottom = HEAD + 2 * ROW + 4, HEAD + 2 * ROW + 16
    reddish = [
        (x, y)
        for x in range(image.width())
        for y in range(top, bottom)
        if image.pixelColor(x, y).rgb() == theme.tokens.warning.rgb()
    ]
    assert reddish


def test_the_pointer_tells_more(bars: BenchBars, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, _widget: shown.append(text))
    monkeypatch.setattr(QToolTip, "hideText", lambda: shown.append(""))
    for y in (HEAD + ROW + 5, HEAD + 3 * ROW + 5, 3):
        place = QPoint(50, y)
        QApplication.sendEvent(bars, QHelpEvent(QEvent.Type.ToolTip, place, bars.mapToGlobal(place)))
    assert "rounds between 15.0 and 25.0" in shown[0]
    assert shown[1:] == ["decord: crashed: SIGSEGV", ""]


def test_values_that_come_later_take_their_place(bars: BenchBars, theme: ThemeSource) -> None:
    before = next(group for group in bar_groups(under_way()) if group.key == "shuffled")
    bars.set_group(before)
    assert pixels_of(bars, theme.tokens.text_faint, 1) == 0
    after = next(group for group in bar_groups(canned_bench(OWN, OPENCV)) if group.key == "shuffled")
    bars.set_group(after)
    assert pixels_of(bars, theme.tokens.text_faint, 1) > 50
    assert bars.sizeHint().height() == HEAD + 2 * ROW
    assert "OpenCV, n: 20.0" in bars.accessibleDescription()
