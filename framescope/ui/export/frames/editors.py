"""The fields of each sampling method, as rows; only those of the selected method are shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from framescope.core.sampling.sampling import Sampling, SamplingKind, WindowUnit
from framescope.core.sampling.scenes import SceneDetector, ScenePick
from framescope.core.translation import tr
from framescope.ui.widgets.roles import inset_text, label_for, make_form, set_invalid, shrinkable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum

    from PySide6.QtWidgets import QFormLayout

_MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """A field.

    Attributes:
        path: The field of `Sampling` it sets, such as ``scenes.content``.
        label: The text before the field.
        name: The field's object name.
        tip: Tooltip, also the description for screen readers.
        shown_if: Whether the row is shown, given the current values.
    """

    path: str
    label: str
    name: str
    tip: str
    shown_if: Callable[[Sampling], bool] | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class NumberRow(Row):
    """A number.

    Attributes:
        unit: The text after the number.
        least: Smallest value.
        most: Largest value.
        decimals: Digits after the point; 0 for whole numbers.
        zero: The text shown for 0, where it has a special meaning.
    """

    unit: str = ""
    least: float = 1
    most: float = _MOST
    decimals: int = 0
    zero: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceRow(Row):
    """One of a few values; ``words`` labels them in order."""

    words: Mapping[StrEnum, str]


@dataclass(frozen=True, slots=True)
class FlagRow(Row):
    """A check box."""


@dataclass(frozen=True, slots=True)
class TextRow(Row):
    """A single-line text field."""

    placeholder: str = ""


def _by(*detectors: SceneDetector) -> Callable[[Sampling], bool]:
    return lambda sampling: sampling.scenes.detector in detectors


_DETECTORS: dict[StrEnum, str] = {
    SceneDetector.CONTENT: tr("Content: hue, saturation, brightness"),
    SceneDetector.ADAPTIVE: tr("Adaptive: content change relative to neighbouring frames"),
    SceneDetector.HASH: tr("Hash: perceptual hash"),
    SceneDetector.HISTOGRAM: tr("Histogram: brightness histogram"),
    SceneDetector.FADE: tr("Threshold: fades from black"),
}
_PICKS: dict[StrEnum, str] = {
    ScenePick.FIRST: tr("first frame"),
    ScenePick.MIDDLE: tr("middle frame"),
    ScenePick.LAST: tr("last frame"),
}
_UNITS: dict[StrEnum, str] = {WindowUnit.SECONDS: tr("seconds"), WindowUnit.FRAMES: tr("frames")}

_RATE_TIP = tr("Frames per second")

ROWS: dict[SamplingKind, tuple[Row, ...]] = {
    SamplingKind.LIST: (
        TextRow("listed", tr("Frames"), "exportList", tr("Frames and ranges"), placeholder="3,10:20,40::5"),
    ),
    SamplingKind.EVERY_NTH: (
        NumberRow("step", tr("Every"), "exportStep", tr("Interval in frames"), unit=tr("frames")),
    ),
    SamplingKind.EVERY_SECONDS: (
        NumberRow(
            "interval_s",
            tr("Every"),
            "exportInterval",
            tr("Interval in seconds"),
            unit="s",
            least=0.001,
            most=86_400,
            decimals=3,
        ),
    ),
    SamplingKind.SPREAD: (
        NumberRow("count", tr("Number"), "exportCount", tr("Number of frames"), unit=tr("frames")),
    ),
    SamplingKind.RATE: (
        NumberRow(
            "rate_fps",
            tr("Rate"),
            "exportRate",
            _RATE_TIP,
            unit=tr("fps"),
            least=0.001,
            most=1000,
            decimals=3,
        ),
    ),
    SamplingKind.CLIPS: (
        NumberRow(
            "rate_fps",
            tr("Rate"),
            "exportClipRate",
            _RATE_TIP,
            unit=tr("fps"),
            least=0.001,
            most=1000,
            decimals=3,
        ),
        NumberRow("clips.length", tr("Length"), "exportClipLength", tr("Frames per clip"), unit=tr("frames")),
        NumberRow(
            "clips.stride",
            tr("Stride"),
            "exportClipStride",
            tr(
                "Frames from the start of one clip to the start of the next; if less than the length, clips"
                " overlap"
            ),
            unit=tr("frames"),
            least=0,
            zero=tr("adjacent, or evenly spaced"),
        ),
        NumberRow(
            "clips.count",
            tr("Clips"),
            "exportClipCount",
            tr("Maximum number of clips"),
            least=0,
            zero=tr("as many as fit"),
        ),
    ),
    SamplingKind.SCENES: (
        ChoiceRow(
            "scenes.detector", tr("Detector"), "exportDetector", tr("PySceneDetect's detector"), _DETECTORS
        ),
        NumberRow(
            "scenes.content",
            tr("Threshold"),
            "exportContentThreshold",
            tr("Detector threshold: mean change of hue, saturation and brightness, 0 to 255"),
            least=0,
            most=255,
            decimals=1,
            shown_if=_by(SceneDetector.CONTENT),
        ),
        NumberRow(
            "scenes.adaptive",
            tr("Ratio"),
            "exportAdaptiveThreshold",
            tr("Detector threshold: change relative to the mean of the two frames on either side"),
            unit="×",
            least=0,
            most=255,
            decimals=1,
            shown_if=_by(SceneDetector.ADAPTIVE),
        ),
        NumberRow(
            "scenes.adaptive_content",
            tr("Min. change"),
            "exportAdaptiveContent",
            tr("Minimum mean change, 0 to 255 (min_content_val)"),
            least=0,
            most=255,
            decimals=1,
            shown_if=_by(SceneDetector.ADAPTIVE),
        ),
        NumberRow(
            "scenes.hash",
            tr("Threshold"),
            "exportHashThreshold",
            tr("Detector threshold: share of differing bits, 0 to 1"),
            least=0,
            most=1,
            decimals=3,
            shown_if=_by(SceneDetector.HASH),
        ),
        NumberRow(
            "scenes.histogram",
            tr("Threshold"),
            "exportHistogramThreshold",
            tr("Detector threshold: histogram difference, 0 to 1"),
            least=0,
            most=1,
            decimals=3,
            shown_if=_by(SceneDetector.HISTOGRAM),
        ),
        NumberRow(
            "scenes.fade",
            tr("Threshold"),
            "exportFadeThreshold",
            tr("Detector threshold: mean brightness below which the picture counts as black, 0 to 255"),
            least=0,
            most=255,
            shown_if=_by(SceneDetector.FADE),
            decimals=0,
        ),
        NumberRow(
            "scenes.shortest",
            tr("Min. length"),
            "exportShortestScene",
            tr("Minimum scene length in frames"),
            unit=tr("frames"),
            least=0,
        ),
        ChoiceRow(
            "scenes.pick", tr("Choose the"), "exportScenePick", tr("Which frame represents a scene"), _PICKS
        ),
    ),
    SamplingKind.SHARPEST: (
        NumberRow(
            "window",
            tr("Window"),
            "exportWindow",
            tr("Window length in seconds"),
            unit="s",
            least=0.001,
            most=86_400,
            decimals=3,
            shown_if=lambda sampling: sampling.window_unit is WindowUnit.SECONDS,
        ),
        NumberRow(
            "window",
            tr("Window"),
            "exportWindowFrames",
            tr("Window length in frames"),
            unit=tr("frames"),
            shown_if=lambda sampling: sampling.window_unit is WindowUnit.FRAMES,
        ),
        ChoiceRow("window_unit", tr("In"), "exportWindowUnit", tr("Unit of the window length"), _UNITS),
    ),
    SamplingKind.DISTINCT: (
        NumberRow(
            "distance",
            tr("Distance"),
            "exportDistance",
            tr("Maximum dHash distance of near-duplicates, in bits of 64"),
            unit=tr("bits"),
            least=0,
            most=63,
        ),
        FlagRow(
            "anywhere",
            tr("Compare with all chosen frames"),
            "exportAnywhere",
            tr("Otherwise only with the previously chosen one, so a shot that returns later is chosen again"),
        ),
    ),
    SamplingKind.REPRESENTATIVE: (
        NumberRow(
            "representatives",
            tr("Number"),
            "exportRepresentatives",
            tr("Number of frames"),
            unit=tr("frames"),
            most=1000,
        ),
    ),
}


def _of_frames(sampling: Sampling) -> bool:
    return sampling.kind is not SamplingKind.CLIPS


REFINEMENTS: tuple[Row, ...] = (
    TextRow(
        "refine.excluded",
        tr("Exclude"),
        "exportExcluded",
        tr("Frames and ranges that are never chosen"),
        placeholder="0:120,5000:",
    ),
    NumberRow(
        "refine.per_scene",
        tr("Per scene"),
        "exportPerScene",
        tr("Maximum number of frames of each scene, evenly spaced among those chosen"),
        unit=tr("frames"),
        least=0,
        zero=tr("all"),
        shown_if=_of_frames,
    ),
    NumberRow(
        "refine.at_most",
        tr("At most"),
        "exportAtMost",
        tr("Maximum number of frames altogether, evenly spaced among those chosen"),
        unit=tr("frames"),
        least=0,
        zero=tr("all"),
        shown_if=_of_frames,
    ),
    FlagRow(
        "refine.without_duplicates",
        tr("Skip near-duplicates"),
        "exportWithoutDuplicates",
        tr("Skip frames that look like the previously chosen one"),
        shown_if=lambda sampling: _of_frames(sampling) and sampling.kind is not SamplingKind.DISTINCT,
    ),
)
"""The fields of what is left of the chosen frames, for every method that chooses several."""

_WINDOWS = {WindowUnit.SECONDS: 1.0, WindowUnit.FRAMES: 12.0}
"""The initial window in each unit: 1 would be too short in frames, 12 too long in seconds."""


def value_at(sampling: Sampling, path: str) -> Any:  # noqa: ANN401 - depends on the path
    """The value at a path in the sampling."""
    return reduce(getattr, path.split("."), sampling)


def with_value(sampling: Sampling, path: str, value: object) -> Sampling:
    """The sampling with the value at a path replaced, converted to that field's type."""
    typed = type(value_at(sampling, path))(value)
    first, _, rest = path.partition(".")
    if rest:
        inner: Any = getattr(sampling, first)
        typed = replace(inner, **{rest: typed})
    changes: dict[str, Any] = {first: typed}
    return replace(sampling, **changes)


class ShortSpin(QDoubleSpinBox):
    """A number with only the decimals it needs: ``5 fps``, not ``5.000 fps``."""

    def textFromValue(self, value: float) -> str:  # noqa: N802 - Qt's name
        """The number without trailing zeros."""
        text = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return text.rstrip("0").rstrip(point) if point in text else text


class Editors(QWidget):
    """The fields of the chosen sampling method. Threads: GUI."""

    edited = Signal(object)
    """The current `Sampling`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportEditors")
        self._sampling = Sampling()
        self._is_showing = False
        self._pages: dict[SamplingKind, QWidget] = {}
        self._fields: list[tuple[Row, QWidget, QFormLayout]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for kind, rows in ROWS.items():
            self._pages[kind] = self._make_page(rows)
            column.addWidget(self._pages[kind])
        self._refinements = self._make_page(REFINEMENTS)
        column.addWidget(self._refinements)

    @property
    def sampling(self) -> Sampling:
        """The sampling the fields describe."""
        return self._sampling

    def show_sampling(self, sampling: Sampling) -> None:
        """Show this choice without emitting a signal."""
        self._sampling = sampling
        self._is_showing = True
        for row, widget, form in self._fields:
            _show_value(row, widget, value_at(sampling, row.path))
            form.setRowVisible(widget, row.shown_if is None or row.shown_if(sampling))
        for kind, page in self._pages.items():
            page.setVisible(kind is sampling.kind)
        self._refinements.setVisible(sampling.kind is not SamplingKind.THIS)
        self.setVisible(sampling.kind is not SamplingKind.THIS)
        self._is_showing = False

    def set_list_invalid(self, *, invalid: bool) -> None:
        """Outline the frame list as invalid if it cannot be parsed."""
        listed = self.findChild(QLineEdit, "exportList")
        if isinstance(listed, QLineEdit):
            set_invalid(listed, invalid=invalid)

    def _make_page(self, rows: tuple[Row, ...]) -> QWidget:
        page = QWidget(self)
        form = make_form(page)
        for row in rows:
            widget = self._make_field(row, page)
            widget.setObjectName(row.name)
            widget.setAccessibleName(row.label if isinstance(row, FlagRow) else row.tip)
            widget.setToolTip(row.tip)
            if isinstance(row, FlagRow):
                form.addRow(widget)
            else:
                form.addRow(label_for(row.label, page, widget), widget)
            self._fields.append((row, widget, form))
        return page

    def _make_field(self, row: Row, page: QWidget) -> QWidget:
        if isinstance(row, NumberRow):
            return self._make_number(row, page)
        if isinstance(row, ChoiceRow):
            # The longest name must not widen the column.
            box = shrinkable(QComboBox(page))
            for value, words in row.words.items():
                box.addItem(words, value)
            box.currentIndexChanged.connect(lambda: self._note(row, box.currentData()))
            return box
        if isinstance(row, FlagRow):
            check = QCheckBox(row.label, page)
            check.toggled.connect(lambda value: self._note(row, value))
            return check
        line = QLineEdit(page)
        line.setPlaceholderText(row.placeholder if isinstance(row, TextRow) else "")
        line.textChanged.connect(lambda text: self._note(row, text))
        return line

    def _make_number(self, row: NumberRow, page: QWidget) -> QWidget:
        spin: QSpinBox | QDoubleSpinBox
        if row.decimals:
            spin = ShortSpin(page)
            spin.setDecimals(row.decimals)
            spin.setRange(row.least, row.most)
            spin.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        else:
            spin = QSpinBox(page)
            spin.setRange(round(row.least), round(row.most))
        if row.unit:
            spin.setSuffix(f" {row.unit}")
        if row.zero:
            spin.setSpecialValueText(row.zero)
        inset_text(spin)
        # Count while the number is typed, not only when the field loses focus.
        spin.valueChanged.connect(lambda value: self._note(row, value))
        return spin

    def _note(self, row: Row, value: object) -> None:
        if self._is_showing:
            return
        sampling = with_value(self._sampling, row.path, value)
        if row.path == "window_unit":
            sampling = replace(sampling, window=_WINDOWS[sampling.window_unit])
        self.show_sampling(sampling)
        self.edited.emit(self._sampling)


def _show_value(row: Row, widget: QWidget, value: Any) -> None:  # noqa: ANN401 - depends on the row
    if isinstance(widget, QDoubleSpinBox):
        # Skip a value that equals the displayed one once rounded: setting it again would move the cursor.
        if widget.value() != round(float(value), widget.decimals()):
            widget.setValue(float(value))
    elif isinstance(widget, QSpinBox):
        widget.setValue(round(value))
    elif isinstance(widget, QComboBox) and isinstance(row, ChoiceRow):
        widget.setCurrentIndex(list(row.words).index(value))
    elif isinstance(widget, QCheckBox):
        widget.setChecked(bool(value))
    elif isinstance(widget, QLineEdit) and widget.text() != value:
        widget.setText(str(value))
