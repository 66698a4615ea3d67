"""The fields of a split."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.fragments.codecs import FragmentCodec
from framescope.core.fragments.geometry import Grid
from framescope.core.fragments.run_plan import RunCuts
from framescope.ui.panels.fragments.split_page import FragmentForm

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_fields_become_settings(qtbot: QtBot) -> None:
    form = FragmentForm()
    qtbot.addWidget(form)
    form.show()
    form.rows.setValue(3)
    form.columns.setValue(5)
    form.length.setValue(12)
    settings = form.settings()
    assert settings.grid == Grid(3, 5)
    assert settings.runs.length == 12
    assert (settings.codec, settings.quality) == (FragmentCodec.H264, 23)
    form.runs.setCurrentIndex(form.runs.findData("gops"))
    assert form.settings().runs.cuts is RunCuts.GOPS
    assert not form.length.isVisible()


def test_quality_follows_the_codec(qtbot: QtBot) -> None:
    form = FragmentForm()
    qtbot.addWidget(form)
    form.show()
    form.codec.setCurrentIndex(form.codec.findData("av1"))
    assert (form.quality.minimum(), form.quality.maximum(), form.quality.value()) == (1, 63, 35)
    form.codec.setCurrentIndex(form.codec.findData("ffv1"))
    assert not form.quality.isVisible()
    assert form.settings().quality is None


def test_it_fits_a_narrow_panel(qtbot: QtBot) -> None:
    form = FragmentForm()
    qtbot.addWidget(form)
    assert form.minimumSizeHint().width() <= 300
