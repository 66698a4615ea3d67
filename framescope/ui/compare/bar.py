"""The bars around the pictures of A and B: the view and its options, and how frames are paired."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSlider, QStackedWidget, QToolButton, QWidget

from framescope.core.compare.choices import GAINS, AlignBy
from framescope.core.translation import tr
from framescope.session.compare_look import CompareMode
from framescope.ui.actions.tool_strip import ToolStrip, action_button
from framescope.ui.widgets.roles import named_combo
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox

    from framescope.session.controller import Controller
    from framescope.ui.actions.action_set import ActionSet

_RATES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
_OPACITY_STEPS = 100
_SHORT_PX = 84
_PLANES = ("Y", "U", "V", "R", "G", "B")
_ALIGN_WORDS = {
    AlignBy.NUMBER: tr("Paired by number"),
    AlignBy.TIME: tr("Paired by time"),
    AlignBy.CONTENT: tr("Paired by content"),
}
_VIEWS = tuple(f"compare.{mode.value}" for mode in CompareMode)


class CompareBar(QWidget):
    """Shows and changes what is chosen for the comparison. Threads: GUI."""

    def __init__(self, controller: Controller, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparing = controller.comparing
        self.setObjectName("compareBar")
        self.setAccessibleName(tr("Comparison"))
        self._options = QStackedWidget(self)
        self._options.setObjectName("compareOptions")
        self._pages = {
            CompareMode.OVERLAY: self._overlay_page(),
            CompareMode.DIFFERENCE: self._difference_page(),
            CompareMode.FLICKER: self._flicker_page(),
        }
        self._nothing = QWidget(self)
        for page in (self._nothing, *self._pages.values()):
            self._options.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SPACE // 2, SPACE, SPACE // 2)
        row.setSpacing(2)
        row.addWidget(ToolStrip(actions, _VIEWS, self))
        row.addWidget(self._options, 1)
        for action_id in ("compare.swap", "compare.close"):
            row.addWidget(action_button(actions, action_id, self))
        self._comparing.look_changed.connect(self._on_look_changed)
        self._comparing.difference.changed.connect(self._on_difference_changed)
        self._on_look_changed()

    # --- building

    def _page(self, *fields: QWidget) -> QWidget:
        page = QWidget(self)
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE // 2)
        for field in fields:
            row.addWidget(field)
        row.addStretch(1)
        return page

    def _overlay_page(self) -> QWidget:
        self._opacity = QSlider(Qt.Orientation.Horizontal, self)
        self._opacity.setObjectName("compareOpacity")
        self._opacity.setAccessibleName(tr("Opacity of B"))
        self._opacity.setToolTip(tr("Opacity of B over A"))
        self._opacity.setRange(0, _OPACITY_STEPS)
        self._opacity.setMinimumWidth(60)
        self._opacity.setMaximumWidth(180)
        self._opacity.valueChanged.connect(self._on_opacity_changed)
        return self._page(self._opacity)

    def _difference_page(self) -> QWidget:
        self._gain = named_combo(
            self, "compareGain", tr("Amplification of differences"), {gain: f"×{gain}" for gain in GAINS}
        )
        self._gain.setToolTip(tr("What differences are multiplied by"))
        self._gain.activated.connect(self._on_difference_chosen)
        self._plane = named_combo(self, "comparePlane", tr("Plane of the difference"), {"": tr("All")})
        self._plane.setToolTip(tr("The plane whose difference is shown; of all planes, the largest"))
        self._plane.activated.connect(self._on_difference_chosen)
        self._signed = QToolButton(self)
        self._signed.setObjectName("compareSigned")
        self._signed.setAccessibleName(tr("Signed difference"))
        self._signed.setText("±")
        self._signed.setCheckable(True)
        self._signed.setToolTip(tr("Signed: grey where A and B are equal, brighter where A is larger"))
        self._signed.clicked.connect(self._on_difference_chosen)
        for combo in (self._gain, self._plane):
            combo.setFixedWidth(_SHORT_PX)
        return self._page(self._gain, self._plane, self._signed)

    def _flicker_page(self) -> QWidget:
        words = {rate: tr("{rate:g} per second", rate=rate) for rate in _RATES}
        self._rate = named_combo(self, "compareRate", tr("Switches between A and B"), words)
        self._rate.setToolTip(tr("How many times per second the view switches between A and B"))
        self._rate.activated.connect(self._on_rate_activated)
        return self._page(self._rate)

    # --- choices

    @Slot(int)
    def _on_opacity_changed(self, value: int) -> None:
        self._comparing.set_look(replace(self._comparing.look, opacity=value / _OPACITY_STEPS))

    @Slot()
    def _on_difference_chosen(self) -> None:
        look = self._comparing.look
        difference = replace(
            look.difference,
            gain=GAINS[self._gain.currentIndex()],
            plane=str(self._plane.currentData()),
            is_signed=self._signed.isChecked(),
        )
        self._comparing.set_look(replace(look, difference=difference))

    @Slot(int)
    def _on_rate_activated(self, place: int) -> None:
        self._comparing.set_look(replace(self._comparing.look, flicker_hz=_RATES[place]))

    # --- session

    @Slot()
    def _on_look_changed(self) -> None:
        look = self._comparing.look
        self._options.setCurrentWidget(self._pages.get(look.mode, self._nothing))
        _choose(self._gain, str(look.difference.gain))
        _choose(self._plane, look.difference.plane)
        _choose(self._rate, str(look.flicker_hz))
        self._signed.setChecked(look.difference.is_signed)
        self._opacity.setValue(round(look.opacity * _OPACITY_STEPS))

    @Slot()
    def _on_difference_changed(self) -> None:
        answer = self._comparing.difference.answer
        planes = () if answer is None or answer.found is None else answer.found.planes
        present = tuple(self._plane.itemData(place) for place in range(1, self._plane.count()))
        if planes and planes != present:
            while self._plane.count() > 1:
                self._plane.removeItem(1)
            for plane in planes:
                self._plane.addItem(plane, plane)
            _choose(self._plane, self._comparing.look.difference.plane)


class PairingRow(QWidget):
    """How frames are paired, and what changes that. Threads: GUI."""

    def __init__(self, controller: Controller, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparing = controller.comparing
        self._align = named_combo(self, "compareAlign", tr("How frames are paired"), _ALIGN_WORDS)
        self._align.setToolTip(tr("By content works once the videos were compared"))
        self._align.activated.connect(self._on_align_activated)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._align)
        for action_id in ("compare.earlier", "compare.later", "compare.pin"):
            row.addWidget(action_button(actions, action_id, self))
        self._comparing.pairing_changed.connect(self._refresh)
        self._comparing.changed.connect(self._refresh)
        self._refresh()

    @Slot(int)
    def _on_align_activated(self, place: int) -> None:
        self._comparing.set_align_by(tuple(_ALIGN_WORDS)[place])

    @Slot()
    def _refresh(self) -> None:
        _choose(self._align, self._comparing.align_by.value)


def _choose(combo: QComboBox, data: str) -> None:
    """Show a value; the first one if it is not there."""
    combo.setCurrentIndex(max(combo.findData(data), 0))
