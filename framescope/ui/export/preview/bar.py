"""The line above the preview: what is shown, how the two pictures lie, how large, how strong differences."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from framescope.core.export.quality.heat import GAINS
from framescope.ui.export.preview.compare_view import CompareMode
from framescope.ui.widgets.elided_label import ElidedLabel
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from framescope.ui.picture.view_transform import ViewTransform

_MODE_WORDS = {
    CompareMode.SIDE: ("&Side by side", "Original and file side by side"),
    CompareMode.SPLIT: ("S&plit", "One picture: the original left of a line that you drag"),
    CompareMode.DIFFERENCE: ("&Differences", "Where the file differs, in colours"),
}
_GAIN_WIDTH = 122


class PreviewBar(QWidget):
    """Heading, modes, gain and zoom. Threads: GUI."""

    mode_chosen = Signal(object)
    """`CompareMode`."""
    gain_chosen = Signal(object)
    """How many times stronger, or None for what fills the scale."""
    fit_wanted = Signal()
    actual_wanted = Signal()
    larger_wanted = Signal()
    smaller_wanted = Signal()
    crop_done = Signal()
    crop_to_view_wanted = Signal()
    """What is in view is to be the crop."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportPreviewBar")
        self._heading = ElidedLabel(self)
        self._heading.setObjectName("exportPreviewHeading")
        self._heading.set_role("heading")
        self._is_partial = False
        self._modes: dict[CompareMode, QToolButton] = {}
        self._group = QButtonGroup(self)
        for mode, (text, tip) in _MODE_WORDS.items():
            button = self._button(f"exportMode.{mode.value}", text, tip)
            button.setCheckable(True)
            button.clicked.connect(partial(self._on_mode_clicked, mode))
            self._group.addButton(button)
            self._modes[mode] = button
        self._gain = QComboBox(self)
        self._gain.setObjectName("exportGain")
        self._gain.setAccessibleName("Strength of differences")
        self._gain.setFixedWidth(_GAIN_WIDTH)
        self._gain.addItem("Automatic", None)
        for gain in GAINS:
            self._gain.addItem(f"{gain}×", gain)
        self._smaller = self._button("exportZoomOut", "−", "Smaller  −")
        self._zoom = QLabel(self)
        self._zoom.setObjectName("exportZoom")
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom.setFixedWidth(52)
        set_role(self._zoom, "muted")
        self._larger = self._button("exportZoomIn", "+", "Larger  +")
        self._crop_to_view = self._button("exportCropToView", "Crop", "Save only the part that is in view")
        self._crop_to_view.hide()
        self._fit = self._button("exportZoomFit", "Fit", "The whole picture  0")
        self._actual = self._button("exportZoomActual", "1:1", "One picture pixel on one screen pixel  1")
        self._done = QPushButton("Done", self)
        self._done.setObjectName("exportCropDone")
        self._done.setToolTip("End drawing the crop  Enter")
        self._done.setAccessibleName("End drawing the crop")
        self._done.setAutoDefault(False)
        self._lay_out()
        self._gain.currentIndexChanged.connect(self._on_gain_changed)
        for button, signal in (
            (self._smaller, self.smaller_wanted), (self._larger, self.larger_wanted),
            (self._fit, self.fit_wanted), (self._actual, self.actual_wanted),
            (self._crop_to_view, self.crop_to_view_wanted),
        ):  # fmt: skip
            button.clicked.connect(signal)
        self._done.clicked.connect(self.crop_done)
        self.show_mode(CompareMode.SIDE, cropping=False)

    def show_heading(self, text: str) -> None:
        """Say what is shown."""
        self._heading.set_whole_text(text)

    def show_zoom(self, transform: ViewTransform) -> None:
        """Say how large it is shown."""
        percent = transform.device_scale * 100
        self._zoom.setText(f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %")
        self._is_partial = transform.effective_scale > transform.fit_scale * 1.001
        self._crop_to_view.setVisible(self._is_partial and not self._done.isVisibleTo(self))

    def show_mode(self, mode: CompareMode, *, cropping: bool) -> None:
        """Show what belongs to the mode, or to drawing a crop."""
        self._modes[mode].setChecked(True)
        for button in (*self._modes.values(), self._fit, self._actual, self._larger, self._smaller):
            button.setVisible(not cropping)
        self._zoom.setVisible(not cropping)
        self._crop_to_view.setVisible(self._is_partial and not cropping)
        self._gain.setVisible(mode is CompareMode.DIFFERENCE and not cropping)
        self._done.setVisible(cropping)

    def show_gain(self, gain: int) -> None:
        """Say what the automatic strength is."""
        self._gain.setItemText(0, f"Auto {gain}×")

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

    def _on_mode_clicked(self, mode: CompareMode) -> None:
        self.mode_chosen.emit(mode)

    @Slot()
    def _on_gain_changed(self) -> None:
        self.gain_chosen.emit(self._gain.currentData())
