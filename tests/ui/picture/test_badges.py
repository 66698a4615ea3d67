"""The badges that say a picture was turned, or shows one field, and switch that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from framescope.core.marks.labels import Label
from framescope.core.media.picture.fields import FieldView
from framescope.ui.picture.badges import FieldsBadge, LabelBadge, RotationBadge
from framescope.ui.picture.frame_view import FrameView
from tests.ui.stand_ins import StandInController, make_info

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def badge(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> Iterator[RotationBadge]:
    view = QWidget()
    qtbot.addWidget(view)
    view.resize(400, 300)
    made = RotationBadge(session.as_controller(), theme, view)
    with qtbot.waitExposed(view):
        view.show()
    yield made
    view.close()


def side_margins(badge: QWidget) -> tuple[int, int]:
    """Columns without ink at the left and at the right."""
    picture = badge.grab().toImage()
    rows = range(4, picture.height() - 4)
    ground = [picture.pixelColor(4, y) for y in rows]
    columns = range(4, picture.width() - 4)
    ink = [x for x in columns if [picture.pixelColor(x, y) for y in rows] != ground]
    return ink[0], picture.width() - 1 - ink[-1]


@pytest.mark.parametrize(
    ("rotation", "mirrored", "words"),
    [(90, False, "Rotated 90°"), (180, True, "Rotated 180° and mirrored"), (0, True, "Mirrored")],
)
def test_says_what_was_done(
    badge: RotationBadge, session: StandInController, *, rotation: int, mirrored: bool, words: str
) -> None:
    session.open(make_info(rotation=rotation, mirrored=mirrored))
    assert badge.isVisible()
    assert badge.text().endswith(words)


def test_upright_files_have_none(badge: RotationBadge, session: StandInController) -> None:
    session.open(make_info())
    assert not badge.isVisible()


def test_click_switches_to_and_fro(badge: RotationBadge, session: StandInController) -> None:
    session.open(make_info(rotation=270))
    QTest.mouseClick(badge, Qt.MouseButton.LeftButton)
    assert session.is_rotated is False
    assert "270° not applied" in badge.text()
    QTest.mouseClick(badge, Qt.MouseButton.LeftButton)
    assert session.is_rotated is True


def test_fields_are_named_until_a_click(qtbot: QtBot, session: StandInController, theme: ThemeSource) -> None:
    view = FrameView(session.as_controller(), theme)
    qtbot.addWidget(view)
    view.resize(400, 300)
    with qtbot.waitExposed(view):
        view.show()
    session.open(make_info(rotation=90))
    turned, fields = view.findChild(RotationBadge), view.findChild(FieldsBadge)
    assert isinstance(turned, RotationBadge)
    assert isinstance(fields, FieldsBadge)
    assert not fields.isVisible()
    session.show_fields(FieldView.BOTTOM)
    assert fields.text().startswith("Bottom fields")
    assert fields.isVisible()
    # One below the other, inside the view.
    assert not fields.geometry().intersects(turned.geometry())
    assert view.rect().contains(fields.geometry())
    assert view.rect().contains(turned.geometry())
    QTest.mouseClick(fields, Qt.MouseButton.LeftButton)
    assert session.fields is FieldView.FRAMES
    assert not fields.isVisible()


def test_a_label_is_on_its_frame_with_its_colour(qtbot: QtBot, live: Controller, theme: ThemeSource) -> None:
    live.settings.labels = (Label("cat & dog", "#e69f00"), *live.settings.labels[1:])
    view = QWidget()
    qtbot.addWidget(view)
    badge = LabelBadge(live, theme, view)
    with qtbot.waitExposed(view):
        view.show()

    def show(number: int) -> None:
        live.show_frame(number)
        qtbot.waitUntil(lambda: live.shown is not None and live.shown.frame_number == number)

    show(3)
    assert not badge.isVisible()
    live.toggle_label(1)
    assert badge.isVisible()
    assert badge.text() == "cat && dog"
    assert max(side_margins(badge)) - min(side_margins(badge)) <= 2
    assert badge.icon().pixmap(8).toImage().pixelColor(2, 2).name() == "#e69f00"
    show(4)
    assert not badge.isVisible()
    show(3)
    assert badge.isVisible()
    live.settings.labels = (Label("cat & dog", "#112233"), *live.settings.labels[1:])
    assert badge.icon().pixmap(8).toImage().pixelColor(2, 2).name() == "#112233"
    QTest.mouseClick(badge, Qt.MouseButton.LeftButton)
    assert not badge.isVisible()
    assert live.labels == {}
    live.undo()
    assert badge.isVisible()
    live.close_source()
    assert not badge.isVisible()
