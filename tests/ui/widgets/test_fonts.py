"""The shipped typeface: loaded, and with digits of one width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QRawFont, QTextLayout

from framescope.ui.widgets.fonts import install_fonts, sized, with_tabular_digits

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


def test_application_font_is_the_shipped_one(qtbot: QtBot, qapp: QApplication) -> None:
    del qtbot
    before = qapp.font()
    install_fonts(qapp)
    assert QFontInfo(qapp.font()).family() == "Inter"
    qapp.setFont(before)


def test_digits_have_one_width(qtbot: QtBot, qapp: QApplication) -> None:
    del qtbot
    before = qapp.font()
    install_fonts(qapp)
    metrics = QFontMetricsF(with_tabular_digits(QFont("Inter")))
    assert len({round(metrics.horizontalAdvance(digit * 10), 3) for digit in "0123456789"}) == 1
    qapp.setFont(before)


def test_sized_leaves_the_original_alone(qtbot: QtBot) -> None:
    del qtbot
    font = QFont("Inter")
    font.setPixelSize(13)
    assert sized(font, 17, bold=True).pixelSize() == 17
    assert font.pixelSize() == 13


def test_a_letter_between_digits_stays_a_letter(qtbot: QtBot, qapp: QApplication) -> None:
    del qtbot
    before = qapp.font()
    install_fonts(qapp)
    raw = QRawFont.fromFont(qapp.font())
    layout = QTextLayout("161x121", qapp.font())
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    drawn = [glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()]
    assert raw.glyphIndexesForString("x")[0] in drawn
    qapp.setFont(before)
