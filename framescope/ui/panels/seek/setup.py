"""The choices of a seek check: which engines, in which orders, with which seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from framescope.core.audit.engines.catalog import ENGINES
from framescope.core.audit.file_audit import DEFAULT_SEED, AuditSettings
from framescope.core.audit.requests import Order, RequestKind, RequestSet
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.core.audit.engines.catalog import EngineSpec

_ORDERS = {
    Order.FORWARD: ("forward", "First to last"),
    Order.BACKWARD: ("backward", "Last to first"),
    Order.SHUFFLED: ("shuffled", "As the seed has it"),
    Order.END_THEN_BACK: ("end, then back", "Before each request the engine reads past the last frame"),
}
_SMALL = 12
_TINY = 11
_MOST_SEED = 2**31 - 1


class SeekSetup(QWidget):
    """Check boxes and a seed; everything that is installed is chosen at first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("seekSetup")
        self.setAccessibleName("Choices of the seek check")
        self._engines: dict[str, QCheckBox] = {}
        self._orders: dict[Order, QCheckBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE)
        column.setSpacing(3)
        column.addWidget(self._heading("Engines"))
        for spec in ENGINES:
            column.addLayout(self._engine_row(spec))
        column.addWidget(self._heading("Orders of requests"))
        grid = QGridLayout()
        grid.setVerticalSpacing(3)
        for place, (order, (title, tip)) in enumerate(_ORDERS.items()):
            box = QCheckBox(title, self)
            box.setFont(sized(box.font(), _SMALL))
            box.setObjectName(f"seekOrder.{order.value}")
            box.setToolTip(tip)
            box.setChecked(True)
            box.toggled.connect(self._keep_one_order)
            self._orders[order] = box
            grid.addWidget(box, place // 2, place % 2)
        column.addLayout(grid)
        seed_row = QHBoxLayout()
        seed_row.setContentsMargins(0, 6, 0, 0)
        label = QLabel("Seed", self)
        label.setProperty("role", "muted")
        self._seed = QSpinBox(self)
        self._seed.setObjectName("seekSeed")
        self._seed.setAccessibleName("Seed of the shuffled order")
        self._seed.setToolTip("The same seed asks for the same frames in the same order")
        self._seed.setRange(0, _MOST_SEED)
        self._seed.setValue(DEFAULT_SEED)
        label.setBuddy(self._seed)
        seed_row.addWidget(label)
        seed_row.addWidget(self._seed)
        seed_row.addStretch(1)
        column.addLayout(seed_row)

    def settings(self, kind: RequestKind) -> AuditSettings:
        """What the boxes say, for these frames. Engines that are not installed come along, to be named."""
        unwanted = {name for name, box in self._engines.items() if box.isEnabled() and not box.isChecked()}
        engines = tuple(spec.name for spec in ENGINES if spec.name not in unwanted) if unwanted else ()
        orders = tuple(order for order, box in self._orders.items() if box.isChecked())
        return AuditSettings.of(RequestSet(kind), engines=engines, orders=orders, seed=self._seed.value())

    def choose_engines(self, *names: str) -> None:
        """Tick these engines only."""
        for name, box in self._engines.items():
            box.setChecked(name in names and box.isEnabled())

    def _keep_one_order(self) -> None:
        boxes = [box for box in self._orders.values() if box.isChecked()]
        for box in self._orders.values():
            # The last one cannot be taken away: nothing would be asked.
            box.setEnabled(len(boxes) > 1 or not box.isChecked())

    def _engine_row(self, spec: EngineSpec) -> QHBoxLayout:
        version = spec.version
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        box = QCheckBox(spec.title, self)
        box.setFont(sized(box.font(), _SMALL))
        box.setObjectName(f"seekEngine.{spec.name}")
        box.setToolTip(spec.call)
        box.setEnabled(version is not None)
        box.setChecked(version is not None)
        self._engines[spec.name] = box
        row.addWidget(box)
        side = text_label(self, "faint", pixels=_TINY)
        side.setText(version or spec.how_to_get)
        side.setToolTip("" if version else spec.missing_text.capitalize())
        side.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        side.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(side, 1)
        return row

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", "muted")
        label.setFont(sized(label.font(), _SMALL, bold=True))
        label.setContentsMargins(0, 6, 0, 1)
        return label
