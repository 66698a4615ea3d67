"""How a new video is written, as chosen in the dialog."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QSpinBox

from framescope.core.synth.make_settings import Fit, Writer
from framescope.core.synth.writable import WritableTable, combinations
from framescope.ui.make.codec_form import CodecForm
from tests.ui.parts import part

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

NO_H264 = "The FFmpeg inside this OpenCV has no encoder for H.264."


def table() -> WritableTable:
    """PyAV writes everything; OpenCV writes all but H.264, and stores mp4v for every MPEG-4."""
    return WritableTable(
        tuple(
            replace(
                cell,
                works=cell.writer is Writer.PYAV or cell.codec != "h264",
                reason=NO_H264 if (cell.writer, cell.codec) == (Writer.OPENCV, "h264") else "",
                stored="mp4v" if (cell.codec, cell.container) == ("mpeg4", "mp4") else "",
            )
            for cell in combinations()
        )
    )


@pytest.fixture
def form(qtbot: QtBot) -> CodecForm:
    made = CodecForm()
    qtbot.addWidget(made)
    made.show_writable(table())
    return made


def choose(form: CodecForm, name: str, data: object) -> None:
    combo = part(form, QComboBox, name)
    place = combo.findData(data)
    assert place >= 0, f"{name} has no {data}"
    combo.setCurrentIndex(place)


def offered(form: CodecForm, name: str) -> list[str]:
    combo = part(form, QComboBox, name)
    return [combo.itemText(place) for place in range(combo.count())]


def test_the_choice_becomes_settings(form: CodecForm) -> None:
    choose(form, "makeCodec", "hevc")
    choose(form, "makeContainer", "mkv")
    choose(form, "makePixelFormat", "yuv420p10le")
    choose(form, "makeFit", Fit.PAD.value)
    choose(form, "makeRotation", 90)
    part(form, QSpinBox, "makeGop").setValue(30)
    part(form, QSpinBox, "makeQuality").setValue(60)
    part(form, QCheckBox, "makeOpenGop").setChecked(True)
    part(form, QDoubleSpinBox, "makeRate").setValue(29.97)
    settings = form.settings()
    assert (settings.codec, settings.container, settings.pixel_format) == ("hevc", "mkv", "yuv420p10le")
    assert (settings.gop, settings.quality, settings.open_gop, settings.rotation) == (30, 60, True, 90)
    assert settings.rate == Fraction(30_000, 1001)
    assert settings.fit is Fit.PAD
    assert "third smaller" in form.words


def test_what_cannot_be_written_cannot_be_chosen(form: CodecForm) -> None:
    choose(form, "makeWriter", Writer.OPENCV.value)
    combo = part(form, QComboBox, "makeCodec")
    model = combo.model()
    place = combo.findData("h264")
    assert not model.item(place).isEnabled()  # type: ignore[attr-defined] # a QStandardItemModel
    assert model.item(place).toolTip() == NO_H264  # type: ignore[attr-defined]
    assert form.codec.codec_id != "h264"
    assert not part(form, QSpinBox, "makeGop").isEnabled()
    assert "OpenCV chooses" in form.words
    assert form.settings().writer is Writer.OPENCV


def test_only_fourccs_that_the_file_will_hold_are_offered(form: CodecForm) -> None:
    choose(form, "makeCodec", "mpeg4")
    choose(form, "makeContainer", "mp4")
    entries = offered(form, "makeFourcc")
    assert entries[0] == "Default"
    assert "mp4v" in entries
    assert not any(entry.startswith("XVID") for entry in entries)
    choose(form, "makeFourcc", "mp4v")
    assert form.settings().fourcc == "mp4v"


def test_all_intra_leaves_no_gop_to_choose(form: CodecForm) -> None:
    part(form, QCheckBox, "makeIntra").setChecked(True)
    for name in ("makeGop", "makeBFrames"):
        assert not part(form, QSpinBox, name).isEnabled()
    assert not part(form, QCheckBox, "makeOpenGop").isEnabled()
    assert form.settings().all_intra
    assert "is independent" in form.words
    choose(form, "makeCodec", "ffv1")
    assert not form.settings().all_intra


def test_own_times_take_the_rates_place(form: CodecForm) -> None:
    rate = part(form, QDoubleSpinBox, "makeRate")
    found = []
    for has_times, is_kept in ((False, True), (True, True), (True, False)):
        part(form, QCheckBox, "makeTimes").setChecked(is_kept)
        form.show_times(has_times=has_times)
        found.append((form.keeps_times, rate.isEnabled()))
    assert found == [(False, True), (True, False), (False, True)]


def test_containers_are_those_that_work(form: CodecForm) -> None:
    choose(form, "makeCodec", "vp9")
    assert offered(form, "makeContainer") == ["MP4", "Matroska", "WebM"]
    choose(form, "makeCodec", "huffyuv")
    assert offered(form, "makeContainer") == ["AVI"]
    assert not part(form, QSpinBox, "makeQuality").isEnabled()
