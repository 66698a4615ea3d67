"""The fields of each sampling method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from framescope.core.sampling.sampling import Sampling, SamplingKind, WindowUnit
from framescope.core.sampling.scenes import SceneDetector, ScenePick, SceneRule
from framescope.ui.export.frames.editors import ROWS, Editors, value_at, with_value
from tests.ui.parts import part

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


@pytest.fixture
def editors(qtbot: QtBot) -> Editors:
    widget = Editors()
    qtbot.addWidget(widget)
    return widget


def seen(editors: Editors) -> set[str]:
    """Names of the fields that are not hidden."""
    names = {row.name for rows in ROWS.values() for row in rows}
    fields = [field for field in editors.findChildren(QWidget) if field.objectName() in names]
    return {field.objectName() for field in fields if field.isVisibleTo(editors)}


def test_parts_are_named_by_paths() -> None:
    sampling = with_value(Sampling(), "scenes.detector", "hash")
    assert sampling.scenes.detector is SceneDetector.HASH
    assert value_at(with_value(sampling, "scenes.shortest", 7.0), "scenes.shortest") == 7
    assert with_value(sampling, "step", 9) == Sampling(step=9, scenes=SceneRule(SceneDetector.HASH))


@pytest.mark.parametrize("kind", list(SamplingKind))
def test_only_the_fields_of_the_chosen_way_are_seen(editors: Editors, kind: SamplingKind) -> None:
    sampling = Sampling(kind)
    editors.show_sampling(sampling)
    rows = ROWS.get(kind, ())
    assert seen(editors) == {row.name for row in rows if row.shown_if is None or row.shown_if(sampling)}
    assert editors.sampling == sampling


def test_every_field_has_a_name_for_screen_readers(editors: Editors) -> None:
    for rows in ROWS.values():
        for row in rows:
            assert part(editors, QWidget, row.name).accessibleName()
    names = [row.name for rows in ROWS.values() for row in rows]
    assert len(names) == len(set(names))


def test_each_detector_shows_its_own_threshold(editors: Editors) -> None:
    editors.show_sampling(Sampling(SamplingKind.SCENES))
    box = part(editors, QComboBox, "exportDetector")
    shown = {}
    for place in range(box.count()):
        box.setCurrentIndex(place)
        shown[editors.sampling.scenes.detector] = seen(editors) - {
            "exportDetector",
            "exportShortestScene",
            "exportScenePick",
        }
    assert shown == {
        SceneDetector.CONTENT: {"exportContentThreshold"},
        SceneDetector.ADAPTIVE: {"exportAdaptiveThreshold", "exportAdaptiveContent"},
        SceneDetector.HASH: {"exportHashThreshold"},
        SceneDetector.HISTOGRAM: {"exportHistogramThreshold"},
        SceneDetector.FADE: {"exportFadeThreshold"},
    }


def test_what_is_edited_is_told(qtbot: QtBot, editors: Editors) -> None:
    editors.show_sampling(Sampling(SamplingKind.SCENES))
    changes: tuple[Callable[[], object], ...] = (
        lambda: part(editors, QDoubleSpinBox, "exportContentThreshold").setValue(31.5),
        lambda: part(editors, QSpinBox, "exportShortestScene").setValue(4),
        lambda: part(editors, QComboBox, "exportScenePick").setCurrentIndex(2),
        lambda: part(editors, QCheckBox, "exportAnywhere").setChecked(True),
        lambda: part(editors, QLineEdit, "exportList").setText("3,5"),
    )
    for change in changes:
        with qtbot.waitSignal(editors.edited):
            change()
    assert editors.sampling == Sampling(
        SamplingKind.SCENES,
        listed="3,5",
        scenes=SceneRule(content=31.5, shortest=4, pick=ScenePick.LAST),
        anywhere=True,
    )


def test_showing_tells_nothing(qtbot: QtBot, editors: Editors) -> None:
    with qtbot.assertNotEmitted(editors.edited):
        editors.show_sampling(Sampling(SamplingKind.CLIPS, step=3, rate_fps=12.5, listed="1"))


def test_another_unit_begins_with_a_window_of_its_own(editors: Editors) -> None:
    editors.show_sampling(Sampling(SamplingKind.SHARPEST))
    box = part(editors, QComboBox, "exportWindowUnit")
    box.setCurrentIndex(1)
    assert (editors.sampling.window_unit, editors.sampling.window) == (WindowUnit.FRAMES, 12.0)
    assert seen(editors) == {"exportWindowFrames", "exportWindowUnit"}
    box.setCurrentIndex(0)
    assert (editors.sampling.window_unit, editors.sampling.window) == (WindowUnit.SECONDS, 1.0)


def test_typing_keeps_the_cursor(qtbot: QtBot, editors: Editors) -> None:
    editors.show_sampling(Sampling(SamplingKind.LIST))
    editors.show()
    field = part(editors, QLineEdit, "exportList")
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "15")
    field.setCursorPosition(1)
    QTest.keyClicks(field, "23")
    assert (field.text(), field.cursorPosition()) == ("1235", 3)
    assert editors.sampling.listed == "1235"


def test_a_list_that_is_wrong_is_outlined(editors: Editors) -> None:
    editors.set_list_invalid(invalid=True)
    assert part(editors, QLineEdit, "exportList").property("invalid") is True


def test_numbers_show_the_decimals_they_have(editors: Editors) -> None:
    editors.show_sampling(Sampling(SamplingKind.RATE, rate_fps=5.0))
    spin = part(editors, QDoubleSpinBox, "exportRate")
    assert spin.text() == "5 fps"
    spin.setValue(29.97)
    assert spin.text() == "29.97 fps"
    spin.setValue(100.0)
    assert spin.text() == "100 fps"
