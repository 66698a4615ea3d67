"""The bundled typeface, for the same look on all systems and tabular digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontDatabase

from framescope.core.resources import resource_path

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_FILES = ("Inter-Regular.ttf", "Inter-SemiBold.ttf")
_FAMILY = "Inter"
BASE_SIZE = 13
"""Size of body text in logical pixels."""


def install_fonts(app: QApplication) -> None:
    """Load the bundled typeface and make it the application's font; Qt falls back for scripts it lacks."""
    loaded = [QFontDatabase.addApplicationFont(str(resource_path("fonts", name))) for name in _FILES]
    font = QFont(_FAMILY) if min(loaded) >= 0 else QFont(app.font())
    font.setPixelSize(BASE_SIZE)
    app.setFont(with_tabular_digits(font))


def with_tabular_digits(font: QFont) -> QFont:
    """A copy of ``font`` with tabular digits, so that changing numbers do not jitter.

    Inter would show the letter in names like ``161x121.webm`` as a multiplication sign.
    """
    copy = QFont(font)
    copy.setFeature(QFont.Tag("calt"), 0)
    copy.setFeature(QFont.Tag("tnum"), 1)
    return copy


def sized(font: QFont, pixels: int, *, bold: bool = False) -> QFont:
    """A copy of ``font`` in another size, optionally semibold."""
    copy = QFont(font)
    copy.setPixelSize(pixels)
    if bold:
        copy.setWeight(QFont.Weight.DemiBold)
    return copy
