"""The form, kept in step with the session."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSpinBox, QWidget

from framescope.core.export.encoders.formats import ImageFormat
from framescope.core.export.geometry import Crop
from framescope.core.export.quality.search import Metric, Target
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.session.settings import ExportStart, Settings
from framescope.session.state import FrameRange
from framescope.ui.export.form import ExportForm
from framescope.ui.export.frames.kinds import KindBox
from framescope.ui.export.memory import choices_from_table
from framescope.ui.export.preview.compare_view import PreviewMode
from framescope.ui.export.tabs import SectionTab
from framescope.ui.widgets.elided_label import ElidedLabel
from tests.core.sampling.indexes import make_index
from tests.ui.parts import part
from tests.ui.running_controller import RunningController
from tests.ui.stand_ins import make_info

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.ui.widgets.theme import ThemeSource

PATIENCE_MS = 20_000


@pytest.fixture
def running(qtbot: QtBot, tmp_path: Path) -> Iterator[RunningController]:
    del qtbot
    controller = RunningController()
    controller.index = make_index([n * 100 for n in range(50)])
    controller.open(make_info(source=str(tmp_path / "clip.mp4")), frame_total=50)
    controller.source = str(tmp_path / "clip.mp4")
    controller.show(7)
    yield controller
    controller.runner.close()


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def form(qtbot: QtBot, running: RunningController, theme: ThemeSource, settings: Settings) -> ExportForm:
    widget = ExportForm(running.as_controller(), theme, settings)
    qtbot.addWidget(widget)
    widget.set_active(active=True)
    qtbot.waitUntil(lambda: widget.count > 0)
    return widget


def choose(form: ExportForm, kind: SamplingKind) -> None:
    part(form, KindBox, "exportKind").choose(kind)


def count_of(form: ExportForm, kind: SamplingKind) -> str:
    return part(form, KindBox, "exportKind").shown_count(kind)


def test_it_offers_the_frame_on_screen_beside_the_video(form: ExportForm, tmp_path: Path) -> None:
    assert form.count == 1
    assert form.is_ready
    assert form.files.choice.folder == str(tmp_path / "clip_frames")
    assert part(form, QLabel, "exportNames").text() == "clip_000007.jpg"


def test_counts_follow_marks_range_and_fields(
    qtbot: QtBot, form: ExportForm, running: RunningController
) -> None:
    running.marks = (1, 5, 9)
    running.marks_changed.emit()
    qtbot.waitUntil(lambda: count_of(form, SamplingKind.MARKED) == "3")
    running.marked_range = FrameRange(10, 30)
    running.range_changed.emit()
    qtbot.waitUntil(lambda: count_of(form, SamplingKind.IN_OUT) == "20")
    part(form, QSpinBox, "exportStep").setValue(25)
    qtbot.waitUntil(lambda: count_of(form, SamplingKind.EVERY_NTH) == "2")


def test_this_frame_follows_the_playhead(qtbot: QtBot, form: ExportForm, running: RunningController) -> None:
    running.show(21)
    qtbot.waitUntil(lambda: part(form, QLabel, "exportNames").text() == "clip_000021.jpg")


def test_nothing_marked_is_said_and_nothing_can_start(qtbot: QtBot, form: ExportForm) -> None:
    choose(form, SamplingKind.MARKED)
    qtbot.waitUntil(lambda: "No frames are marked" in form.problem[0])
    assert not form.is_ready
    choose(form, SamplingKind.LIST)
    qtbot.waitUntil(lambda: "Enter a list" in form.problem[0])
    assert not form.is_ready


def test_an_index_that_still_grows_holds_back_what_needs_all_of_it(
    qtbot: QtBot, form: ExportForm, running: RunningController
) -> None:
    running.index = make_index([n * 100 for n in range(30)], complete=False)
    running.index_updated.emit()
    choose(form, SamplingKind.ALL)
    qtbot.waitUntil(lambda: count_of(form, SamplingKind.ALL) == "30")
    assert form.problem == ("The frames are still being indexed, 30 so far.", "warning")
    assert not form.is_ready
    choose(form, SamplingKind.THIS)
    qtbot.waitUntil(lambda: form.is_ready)


def test_without_a_video_there_is_nothing_to_export(form: ExportForm, running: RunningController) -> None:
    running.source = running.info = running.index = running.shown = None
    running.source_closed.emit()
    assert form.problem[0] == "Open a video first."
    assert form.draft is None
    assert not form.is_ready


def test_a_file_that_changed_must_be_opened_again(
    qtbot: QtBot, form: ExportForm, running: RunningController
) -> None:
    running.changed_on_disk.emit("grown")
    assert form.is_ready
    running.changed_on_disk.emit("replaced")
    assert "Reopen" in form.problem[0]
    running.source_opened.emit()
    qtbot.waitUntil(lambda: form.is_ready)


def test_the_preview_is_the_exact_frame_only(
    qtbot: QtBot, form: ExportForm, running: RunningController
) -> None:
    heading, figure = part(form, ElidedLabel, "exportPreviewHeading"), part(form, QLabel, "exportFigure.size")
    qtbot.waitUntil(lambda: heading.whole_text == "Frame 7 · 64 × 48", timeout=PATIENCE_MS)
    running.show(9, frame=None, image=None, unavailable_reason="the packet is damaged")
    assert figure.text() == "–"
    running.show(10, provisional=True, frame=None)
    assert figure.text() == "–"
    running.show(11)
    qtbot.waitUntil(lambda: heading.whole_text == "Frame 11 · 64 × 48", timeout=PATIENCE_MS)


def test_each_tab_says_what_is_chosen_behind_it(qtbot: QtBot, form: ExportForm) -> None:
    frames, fmt, files = (
        part(form, SectionTab, f"exportTab.{name}") for name in ("frames", "format", "files")
    )
    assert (frames.summary, fmt.summary, files.summary) == ("1 frame", "JPEG 95 · 4:2:0", "clip_frames")
    part(form, QSpinBox, "exportLevel").setValue(60)
    assert fmt.summary == "JPEG 60 · 4:2:0"
    part(form, QLineEdit, "exportFolder").setText("")
    qtbot.waitUntil(lambda: files.summary == "Choose a folder.", timeout=PATIENCE_MS)


def test_the_tab_key_goes_from_the_tabs_through_the_page_to_the_preview(form: ExportForm) -> None:
    form.tabs.show_page(1)
    form.show()
    names = [
        "exportTab.format",
        "exportFormat",
        "exportLevel",
        "exportMetadata",
        "exportCompare",
        "exportCurve",
    ]
    chain: list[str] = []
    widget: QWidget | None = part(form, QWidget, "exportTab.format")
    while widget is not None and len(chain) < 400:
        chain.append(widget.objectName())
        widget = widget.nextInFocusChain()
    places = [chain.index(name) for name in names]
    assert places == sorted(places)


def test_a_quality_chosen_on_the_curve_is_the_formats(qtbot: QtBot, form: ExportForm) -> None:
    form.preview.level_chosen.emit(33)
    assert part(form, QSpinBox, "exportLevel").value() == 33
    heading = part(form, QLabel, "exportCurveReadout")
    qtbot.waitUntil(lambda: heading.text().startswith("Quality 33"), timeout=PATIENCE_MS)


def test_drawing_a_crop_begins_and_ends_with_its_button(qtbot: QtBot, form: ExportForm) -> None:
    button = part(form, QPushButton, "exportCropDraw")
    button.click()
    assert not form.preview.crop.isHidden()
    form.preview.crop_chosen.emit(Crop(4, 4, 20, 10))
    assert form.format.choice.crop == Crop(4, 4, 20, 10)
    form.preview.crop_done.emit()
    assert not button.isChecked()
    assert form.preview.crop.isHidden()
    heading = part(form, ElidedLabel, "exportPreviewHeading")
    qtbot.waitUntil(lambda: heading.whole_text == "Frame 7 · 20 × 10", timeout=PATIENCE_MS)


def test_rotation_follows_the_view(form: ExportForm, running: RunningController) -> None:
    running.set_rotation_applied(False)
    assert not form.format.choice.rotate


def test_what_was_chosen_is_kept_for_the_next_time(
    qtbot: QtBot, form: ExportForm, running: RunningController, theme: ThemeSource, settings: Settings
) -> None:
    form.frames.choose(Sampling(SamplingKind.EVERY_NTH, step=7))
    part(form, QSpinBox, "exportLevel").setValue(55)
    part(form, QLineEdit, "exportPattern").setText("{index}")
    form.remember()
    again = ExportForm(running.as_controller(), theme, settings)
    qtbot.addWidget(again)
    assert again.frames.sampling == form.frames.sampling
    assert again.format.choice == form.format.choice
    assert again.files.choice == form.files.choice


def test_the_preview_is_kept_as_it_was_set(
    qtbot: QtBot, form: ExportForm, running: RunningController, theme: ThemeSource, settings: Settings
) -> None:
    form.preview.take_table({"mode": "split", "metric": "ssim", "least": 0.95})
    form.remember()
    again = ExportForm(running.as_controller(), theme, settings)
    qtbot.addWidget(again)
    assert again.preview.compare.mode is PreviewMode.SPLIT
    assert again.preview.curve.target.target == Target(Metric.SSIM, 0.95)
    for table in (None, {"mode": "upside down", "metric": 3, "least": "much"}):
        again.preview.take_table(table)
    assert again.preview.compare.mode is PreviewMode.SPLIT


def test_what_is_not_kept_is_said_on_every_page(
    qtbot: QtBot, form: ExportForm, running: RunningController
) -> None:
    running.open(make_info(bit_depth=10))
    form.tabs.show_page(0)
    said = ("JPEG keeps 8 of the source’s 10 bits.", "muted")
    qtbot.waitUntil(lambda: form.problem == said, timeout=PATIENCE_MS)
    form.tabs.show_page(1)
    assert form.problem[0] == ""


def test_the_mark_on_the_curve_is_dragged_with_the_mouse(qtbot: QtBot, form: ExportForm) -> None:
    form.resize(1240, 640)
    form.tabs.show_page(1)
    form.show()
    chart, spin = form.preview.curve.chart, part(form, QSpinBox, "exportLevel")
    qtbot.waitUntil(lambda: len(chart.points) > 3, timeout=PATIENCE_MS)
    begin, end = (next(x for x in range(chart.width()) if chart.level_at(x) == q) for q in (95, 40))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(chart.viewport(), left, none, QPoint(begin, 40))
    QTest.mouseMove(chart.viewport(), QPoint(end, 40))
    QTest.mouseRelease(chart.viewport(), left, none, QPoint(end, 40))
    qtbot.waitUntil(lambda: spin.value() == 40, timeout=PATIENCE_MS)


def test_only_a_folder_that_was_chosen_is_kept(form: ExportForm, settings: Settings) -> None:
    form.remember()
    assert choices_from_table(settings.export_choices).files.folder == ""
    part(form, QLineEdit, "exportFolder").setText("/chosen")
    form.remember()
    assert choices_from_table(settings.export_choices).files.folder == "/chosen"


def test_the_folder_on_offer_follows_the_video_until_one_is_chosen(
    form: ExportForm, running: RunningController, tmp_path: Path
) -> None:
    running.source = str(tmp_path / "other.mkv")
    running.source_opened.emit()
    assert Path(form.files.choice.folder).name == "other_frames"
    part(form, QLineEdit, "exportFolder").setText("/chosen")
    running.source = str(tmp_path / "third.mkv")
    running.source_opened.emit()
    assert form.files.choice.folder == "/chosen"


def test_a_list_and_marks_of_another_time_are_not_taken_up(
    qtbot: QtBot, form: ExportForm, running: RunningController, theme: ThemeSource, settings: Settings
) -> None:
    for kind in (SamplingKind.LIST, SamplingKind.MARKED, SamplingKind.IN_OUT):
        form.frames.choose(replace(form.frames.sampling, kind=kind, listed="3"))
        form.remember()
        again = ExportForm(running.as_controller(), theme, settings)
        qtbot.addWidget(again)
        assert again.frames.sampling.kind is SamplingKind.THIS


def test_a_form_that_is_not_seen_asks_for_nothing(
    qtbot: QtBot, form: ExportForm, running: RunningController
) -> None:
    qtbot.waitUntil(lambda: not running.runner.jobs)
    form.set_active(active=False)
    part(form, QSpinBox, "exportStep").setValue(3)
    running.show(12)
    assert not running.runner.jobs
    assert count_of(form, SamplingKind.EVERY_NTH) == "2"


def test_defaults_are_what_each_video_starts_with_and_the_frames_stay(
    form: ExportForm, running: RunningController, settings: Settings, tmp_path: Path
) -> None:
    settings.export_defaults = {"image_format": "png", "compression": 8, "name_pattern": "p{frame:03d}"}
    settings.export_folder = str(tmp_path / "all")
    frames = form.frames.sampling
    running.source = str(tmp_path / "second.mkv")
    running.source_opened.emit()
    assert form.format.choice.image_format is ImageFormat.JPEG
    assert form.files.choice.folder == str(tmp_path / "all" / "second_frames")
    settings.export_start = ExportStart.DEFAULTS
    running.source_opened.emit()
    assert form.format.choice.image_format is ImageFormat.JPEG, "the same video, opened again"
    running.source = str(tmp_path / "third.mkv")
    running.source_opened.emit()
    assert (form.format.choice.image_format, form.format.choice.compression) == (ImageFormat.PNG, 8)
    assert form.files.choice.name_pattern == "p{frame:03d}"
    assert form.files.choice.folder == str(tmp_path / "all" / "third_frames")
    assert form.frames.sampling == frames
