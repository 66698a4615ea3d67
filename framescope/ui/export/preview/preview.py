"""The current frame as it will be saved, next to the original, with the size at each quality."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from framescope.core.export.geometry import Crop
from framescope.core.export.quality.heat import GAINS
from framescope.core.export.quality.search import Metric, Target
from framescope.core.export.quality.trial import level_kind
from framescope.core.text import counted, grouped, size_words
from framescope.core.translation import tr
from framescope.ui.export.preview.compare_view import PreviewMode, PreviewView
from framescope.ui.export.preview.crop_view import CropView, Size, seen_part
from framescope.ui.export.preview.curve_pane import CurvePane
from framescope.ui.export.preview.desk import PreviewDesk
from framescope.ui.widgets.elided_label import ElidedLabel
from framescope.ui.widgets.roles import named_combo, push_button
from framescope.ui.widgets.theme import SPACE, set_role
from framescope.ui.widgets.tiles import FigureTiles
from framescope.ui.widgets.words import decibel_words, ssim_words

if TYPE_CHECKING:
    from framescope.core.export.quality.search import Search
    from framescope.core.export.settings import ExportSettings
    from framescope.core.export.size_estimate import SizeEstimate
    from framescope.session.controller import Controller
    from framescope.ui.export.preview.picture import HeatPicture, SavedPicture
    from framescope.ui.export.survey import Survey
    from framescope.ui.picture.view_transform import ViewTransform
    from framescope.ui.widgets.theme import ThemeSource

_MODE_WORDS = {
    PreviewMode.SIDE: (tr("&Side by side"), tr("Original and file side by side")),
    PreviewMode.SPLIT: (tr("S&plit"), tr("Split view: the original to the left of a line that you can drag")),
    PreviewMode.DIFFERENCE: (tr("&Differences"), tr("Difference map in false colours")),
}
_GAIN_WIDTH = 122


class PreviewBar(QWidget):
    """Heading, modes, gain and zoom. Threads: GUI."""

    mode_chosen = Signal(object)
    """`PreviewMode`."""
    gain_chosen = Signal(object)
    """The gain of the difference map, or None to fill the scale."""
    fit_wanted = Signal()
    actual_wanted = Signal()
    larger_wanted = Signal()
    smaller_wanted = Signal()
    crop_done = Signal()
    crop_to_view_wanted = Signal()
    """The user asked to crop to the visible area."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportPreviewBar")
        self._heading = ElidedLabel(self)
        self._heading.setObjectName("exportPreviewHeading")
        self._heading.set_role("heading")
        self._is_partial = False
        self._modes: dict[PreviewMode, QToolButton] = {}
        self._group = QButtonGroup(self)
        for mode, (text, tip) in _MODE_WORDS.items():
            button = self._button(f"exportMode.{mode.value}", text, tip)
            button.setCheckable(True)
            button.clicked.connect(partial(self._on_mode_clicked, mode))
            self._group.addButton(button)
            self._modes[mode] = button
        self._gain = named_combo(self, "exportGain", tr("Strength of differences"))
        self._gain.setFixedWidth(_GAIN_WIDTH)
        self._gain.addItem(tr("Automatic"), None)
        for gain in GAINS:
            self._gain.addItem(f"{gain}×", gain)
        self._smaller = self._button("exportZoomOut", "−", tr("Smaller  −"))
        self._zoom = QLabel(self)
        self._zoom.setObjectName("exportZoom")
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom.setFixedWidth(52)
        set_role(self._zoom, "muted")
        self._larger = self._button("exportZoomIn", "+", tr("Larger  +"))
        self._crop_to_view = self._button("exportCropToView", tr("Crop"), tr("Crop to the visible part"))
        self._crop_to_view.hide()
        self._fit = self._button("exportZoomFit", tr("Fit"), tr("The whole picture  0"))
        self._actual = self._button("exportZoomActual", "1:1", tr("One picture pixel per screen pixel  1"))
        self._done = push_button(self, "exportCropDone", tr("Done"))
        self._done.setToolTip(tr("Finish drawing the crop  Enter"))
        self._done.setAccessibleName(tr("Finish drawing the crop"))
        self._lay_out()
        self._gain.currentIndexChanged.connect(self._on_gain_changed)
        for button, signal in (
            (self._smaller, self.smaller_wanted),
            (self._larger, self.larger_wanted),
            (self._fit, self.fit_wanted),
            (self._actual, self.actual_wanted),
            (self._crop_to_view, self.crop_to_view_wanted),
        ):
            button.clicked.connect(signal)
        self._done.clicked.connect(self.crop_done)
        self.show_mode(PreviewMode.SIDE, cropping=False)

    def show_heading(self, text: str) -> None:
        """Set the heading."""
        self._heading.set_whole_text(text)

    def show_zoom(self, transform: ViewTransform) -> None:
        """Show the zoom."""
        percent = transform.device_scale * 100
        self._zoom.setText(f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %")
        self._is_partial = transform.effective_scale > transform.fit_scale * 1.001
        self._crop_to_view.setVisible(self._is_partial and not self._done.isVisibleTo(self))

    def show_mode(self, mode: PreviewMode, *, cropping: bool) -> None:
        """Show the controls of the mode, or of drawing a crop."""
        self._modes[mode].setChecked(True)
        for button in (*self._modes.values(), self._fit, self._actual, self._larger, self._smaller):
            button.setVisible(not cropping)
        self._zoom.setVisible(not cropping)
        self._crop_to_view.setVisible(self._is_partial and not cropping)
        self._gain.setVisible(mode is PreviewMode.DIFFERENCE and not cropping)
        self._done.setVisible(cropping)

    def show_gain(self, gain: int) -> None:
        """Show the automatic gain."""
        self._gain.setItemText(0, tr("Auto {gain}×", gain=gain))

    def _button(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip.split("  ", maxsplit=1)[0])
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._heading)
        row.addStretch(1)
        for button in self._modes.values():
            row.addWidget(button)
        row.addWidget(self._gain)
        row.addSpacing(SPACE)
        for part in (
            self._smaller,
            self._zoom,
            self._larger,
            self._fit,
            self._actual,
            self._crop_to_view,
            self._done,
        ):
            row.addWidget(part)

    def _on_mode_clicked(self, mode: PreviewMode) -> None:
        self.mode_chosen.emit(mode)

    @Slot()
    def _on_gain_changed(self) -> None:
        self.gain_chosen.emit(self._gain.currentData())


_PSNR_TIP = tr(
    "Peak signal-to-noise ratio of the saved file compared with the original pixels, over all channels.\n"
    "Above 40 dB few people see a difference, below 30 dB most do."
)
_SSIM_TIP = tr("Structural similarity (SSIM) of the luma (Wang et al., 2004); 1 means identical.")


class PreviewPane(QWidget):
    """Follows the playhead and the settings; never blocks the GUI. Threads: GUI."""

    level_chosen = Signal(int)
    """The user chose this quality or compression."""
    crop_chosen = Signal(object)
    """`Crop`, or None for the whole picture."""
    crop_done = Signal()
    """Drawing the crop has ended."""
    figures_changed = Signal()
    """`total_bytes` or `lacks_room` changed."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportPreview")
        self._survey: Survey | None = None
        self._estimate: SizeEstimate | None = None
        self._is_cropping = False
        self._gain: int | None = None
        self.desk = PreviewDesk(controller, self)
        self.bar = PreviewBar(self)
        self.compare = PreviewView(theme, self)
        self.crop = CropView(theme, self)
        self.tiles = FigureTiles({"size": 4, "psnr": 3, "ssim": 3, "all": 6}, self)
        self.curve = CurvePane(theme, self)
        self._views = QStackedWidget(self)
        self._views.addWidget(self.compare)
        self._views.addWidget(self.crop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE + SPACE // 2)
        column.addWidget(self.bar)
        column.addWidget(self._views, 1)
        column.addWidget(self.tiles)
        column.addWidget(self.curve)
        self._connect()
        self._on_picture_missing("")

    @property
    def total_bytes(self) -> float | None:
        """Estimated size of the whole export; None if unknown."""
        return None if self._estimate is None else self._estimate.total_bytes

    @property
    def lacks_room(self) -> bool:
        """Whether the export will probably not fit on the disk."""
        survey, total = self._survey, self.total_bytes
        return survey is not None and survey.free_bytes is not None and (total or 0) > survey.free_bytes

    def set_active(self, *, active: bool) -> None:
        """Work only while visible."""
        self.desk.set_active(active=active)

    def set_settings(self, settings: ExportSettings) -> None:
        """Use these settings."""
        kind = level_kind(settings)
        if kind is not None:
            self.curve.set_level(kind.level_of(settings))
        self.crop.set_crop(settings.crop)
        self.desk.set_settings(settings)

    def set_cropping(self, *, cropping: bool) -> None:
        """Begin or end drawing the crop on the whole picture."""
        self._is_cropping = cropping
        self._views.setCurrentWidget(self.crop if cropping else self.compare)
        self.bar.show_mode(self.compare.mode, cropping=cropping)
        self.desk.set_whole_wanted(wanted=cropping)
        if cropping:
            self.crop.setFocus()

    def show_survey(self, survey: Survey | None) -> None:
        """Use these chosen frames for the size estimate."""
        self._survey = survey
        self.desk.set_numbers(None if survey is None else survey.numbers)
        self._show_total()

    def as_table(self) -> dict[str, str | float]:
        """The preview's settings as plain values."""
        target = self.curve.target.target
        return {"mode": self.compare.mode.value, "metric": target.metric.value, "least": target.least}

    def take_table(self, table: object) -> None:
        """Restore the preview's settings from plain values; unusable ones are ignored."""
        if not isinstance(table, dict):
            return
        mode, metric, least = (table.get(name) for name in ("mode", "metric", "least"))
        if mode in tuple(PreviewMode):
            self._on_mode_chosen(PreviewMode(mode))
        if metric in tuple(Metric) and isinstance(least, (int, float)):
            self.curve.target.choose(Target(Metric(metric), float(least)))

    def _connect(self) -> None:
        bar, compare, desk, curve = self.bar, self.compare, self.desk, self.curve
        bar.mode_chosen.connect(self._on_mode_chosen)
        bar.gain_chosen.connect(self._on_gain_chosen)
        bar.fit_wanted.connect(compare.zoom_fit)
        bar.actual_wanted.connect(compare.zoom_actual)
        bar.larger_wanted.connect(compare.zoom_in)
        bar.smaller_wanted.connect(compare.zoom_out)
        bar.crop_done.connect(self.crop_done)
        bar.crop_to_view_wanted.connect(self._on_crop_to_view_wanted)
        compare.zoom_changed.connect(self._on_zoom_changed)
        self.crop.crop_chosen.connect(self.crop_chosen)
        self.crop.done.connect(self.crop_done)
        curve.level_chosen.connect(self.level_chosen)
        curve.target.wanted.connect(desk.search)
        curve.target.stopped.connect(desk.stop_search)
        desk.picture_made.connect(self._on_picture_made)
        desk.picture_pending.connect(self._on_picture_pending)
        desk.picture_missing.connect(self._on_picture_missing)
        desk.heat_made.connect(self._on_heat_made)
        desk.whole_made.connect(self.crop.show_picture)
        desk.curve_begun.connect(curve.begin)
        desk.point_found.connect(curve.add_point)
        desk.search_moved.connect(curve.target.show_searching)
        desk.search_ended.connect(self._on_search_ended)
        desk.search_failed.connect(curve.target.show_problem)
        desk.size_estimated.connect(self._on_size_estimated)

    @property
    def _frame_size(self) -> tuple[int, int] | None:
        """Columns and rows of the frame as saved, before crop and resize."""
        picture = self.compare.picture
        return None if picture is None else picture.frame_size

    def _show_total(self) -> None:
        survey, estimate = self._survey, self._estimate
        free = None if survey is None else survey.free_bytes
        parts = [] if survey is None or not survey.count else [counted(survey.count, "frame", "frames")]
        parts += [] if free is None else [tr("{size} free", size=size_words(free))]
        number, tip = "–", ""
        if estimate is not None:
            number = estimate_words(estimate)
            tip = estimate_tip(estimate)
        role = "warning" if self.lacks_room else ""
        self.tiles.show_figure("all", number, " · ".join(parts) or tr("the whole export"), role=role, tip=tip)

    # --- slots

    @Slot()
    def _on_crop_to_view_wanted(self) -> None:
        picture, whole = self.compare.picture, self._frame_size
        if picture is None or whole is None:
            return
        shown = picture.settings.crop or Crop(0, 0, *whole)
        crop = seen_part(self.compare.seen_rect, Size(picture.width, picture.height), shown)
        if crop is not None:
            self.compare.zoom_fit()
            self.crop_chosen.emit(crop)

    @Slot(object)
    def _on_mode_chosen(self, mode: PreviewMode) -> None:
        self.compare.set_mode(mode)
        self.bar.show_mode(mode, cropping=self._is_cropping)
        self._want_heat()

    @Slot(object)
    def _on_gain_chosen(self, gain: int | None) -> None:
        self._gain = gain
        self._want_heat()

    def _want_heat(self) -> None:
        self.desk.set_heat_wanted(wanted=self.compare.mode is PreviewMode.DIFFERENCE, gain=self._gain)

    @Slot()
    def _on_zoom_changed(self) -> None:
        self.bar.show_zoom(self.compare.transform)

    @Slot(object)
    def _on_picture_made(self, picture: SavedPicture) -> None:
        self.compare.show_picture(picture)
        self.bar.show_zoom(self.compare.transform)
        depth = "" if picture.bits == 8 else tr(" · 16 bits")
        self.bar.show_heading(
            tr(
                "Frame {frame_number} · {width} × {height}{depth}",
                frame_number=grouped(picture.frame_number),
                width=picture.width,
                height=picture.height,
                depth=depth,
            )
        )
        share = picture.raw_bytes / picture.size_bytes
        ratio = f"1 : {share:.1f}" if share < 10 else f"1 : {share:.0f}"
        self.tiles.show_figure(
            "size",
            size_words(picture.size_bytes),
            tr("this file · {ratio}", ratio=ratio),
            tip=tr(
                "{bytes}; uncompressed pixels take {raw_bytes}.",
                bytes=counted(picture.size_bytes, "byte", "bytes"),
                raw_bytes=grouped(picture.raw_bytes),
            ),
        )
        found = picture.fidelity
        if found is None:
            self._pending("psnr", "ssim")
            return
        number = tr("Exact") if found.is_exact else decibel_words(found.psnr_db)
        worst = tr(
            "\nThe largest difference is {largest_difference} of {bits}.",
            largest_difference=found.largest_difference,
            bits=2**picture.bits - 1,
        )
        self.tiles.show_figure("psnr", number, "PSNR", tip=_PSNR_TIP + worst)
        tip = (
            _SSIM_TIP
            if not math.isnan(found.ssim)
            else tr("{ssim_tip}\nIt needs 11 × 11 pixels.", ssim_tip=_SSIM_TIP)
        )
        self.tiles.show_figure("ssim", ssim_words(found.ssim), "SSIM", tip=tip)

    @Slot()
    def _on_picture_pending(self) -> None:
        self._pending("size", "psnr", "ssim")

    def _pending(self, *names: str) -> None:
        for name in names:
            self.tiles.show_pending(name)

    @Slot(str)
    def _on_picture_missing(self, reason: str) -> None:
        self.compare.show_message(reason or tr("The current frame is shown here as it will be saved."))
        self.crop.show_picture(None)
        self.bar.show_heading(tr("Preview"))
        for name, caption in (("size", tr("this file")), ("psnr", "PSNR"), ("ssim", "SSIM")):
            self.tiles.show_figure(name, "–", caption)
        self._show_total()

    @Slot(object)
    def _on_heat_made(self, heat: HeatPicture) -> None:
        self.compare.show_heat(heat)
        if self._gain is None:
            self.bar.show_gain(heat.gain)

    @Slot(object)
    def _on_search_ended(self, search: Search | None) -> None:
        if search is None:
            self.curve.target.show_nothing()
            return
        for trial in search.trials:
            self.curve.add_point(trial)
        if search.found is not None:
            self.level_chosen.emit(search.found.level)
        self.curve.target.show_search(search)

    @Slot(object)
    def _on_size_estimated(self, estimate: SizeEstimate | None) -> None:
        self._estimate = estimate
        self._show_total()
        self.figures_changed.emit()


def estimate_words(estimate: SizeEstimate) -> str:
    """The size of an export with its uncertainty: ``43.7 MB ± 5 %``."""
    total = size_words(estimate.total_bytes)
    if estimate.is_exact:
        return total
    if math.isnan(estimate.spread_bytes) or not estimate.total_bytes:
        return tr("about {total}", total=total)
    share = math.ceil(100 * estimate.spread_bytes / estimate.total_bytes)
    return f"{total} ± {share} %"


def estimate_tip(estimate: SizeEstimate) -> str:
    """How the size was estimated."""
    if estimate.is_exact:
        return tr("Every frame was encoded for this estimate.")
    frames = counted(estimate.sampled, "frame was", "frames, spread evenly, were")
    return tr("{frames} encoded for this estimate; ± is the 95 % confidence interval.", frames=frames)
