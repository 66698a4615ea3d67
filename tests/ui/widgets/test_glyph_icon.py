"""Icons out of the icon font."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QIcon

from framescope.ui.widgets.icons import glyph_icon

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

RED, GREY = QColor(255, 0, 0), QColor(90, 90, 90)


def colors_of(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal, side: int = 32) -> set[str]:
    image = icon.pixmap(side, side, mode).toImage()
    assert (image.width(), image.height()) == (side, side)
    pixels = (image.pixelColor(x, y) for x in range(side) for y in range(side))
    return {color.name() for color in pixels if color.alpha() == 255}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("side", [16, 20, 64])
def test_a_glyph_has_its_color_at_every_size(side: int) -> None:
    icon = glyph_icon("ph.play-fill", RED, GREY)
    assert RED.name() in colors_of(icon, side=side)
    assert colors_of(icon, QIcon.Mode.Disabled, side) == {GREY.name()}


@pytest.mark.usefixtures("qapp")
def test_names_tell_glyphs_apart() -> None:
    images = {
        bytes(glyph_icon(name, RED, GREY).pixmap(32, 32).toImage().constBits())
        for name in ("ph.play", "ph.pause", "ph.info", "mdi6.play")
    }
    assert len(images) == 4
    with pytest.raises(KeyError):
        glyph_icon("ph.no-such-icon", RED, GREY)


def test_a_copy_of_an_icon_draws_on(qapp: QApplication) -> None:
    icon = QIcon(glyph_icon("ph.play-fill", RED, GREY))
    icon.addPixmap(icon.pixmap(16, 16), QIcon.Mode.Selected)
    qapp.processEvents()
    assert RED.name() in colors_of(icon)


def test_the_library_that_ships_the_font_is_not_imported() -> None:
    code = "import sys, framescope.ui.widgets.icons; sys.exit('qtawesome' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
