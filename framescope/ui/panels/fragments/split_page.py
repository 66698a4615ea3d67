"""The panel's page for an ordinary video: what fragments are, how to split, and what each way costs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from framescope.core.media.container import local_path
from framescope.ui.panels.fact_widgets import text_label
from framescope.ui.panels.fragments.chart import SweepChart
from framescope.ui.panels.fragments.form import FragmentForm
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.save_target import browse_target
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from framescope.session.controller import Controller
    from framescope.ui.panels.fragments.run import FragmentRun
    from framescope.ui.widgets.theme import ThemeSource

_ABOUT = (
    "A fragment is a tile of the picture for a run of frames, a separate video stream. A part of the"
    " picture can then be read, sent or repaired without the rest."
)
_COST = (
    "They often take more bits than one stream. Trying a few ways on this video’s first frames shows how"
    " many, and what they save."
)
_HEADING_PIXELS = 15


class SplitPage(QWidget):
    """Form and buttons; the work itself is the run's."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, run: FragmentRun, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._run = run
        self.setObjectName("fragmentSplitPage")
        self.form = FragmentForm(self)
        self.chart = SweepChart(theme, self)
        self._words = text_label(self, "muted", pixels=12)
        self._words.setObjectName("sweepWords")
        self._split = QPushButton("Split…", self)
        self._split.setObjectName("fragmentSplit")
        self._split.setToolTip("Choose a place, and write the fragments there")
        self._split.setDefault(True)
        self._sweep = QPushButton("Try ways of cutting", self)
        self._sweep.setObjectName("fragmentSweep")
        self._sweep.setToolTip(
            "Encode the first frames in 16 ways, and as one stream, with this codec and quality"
        )
        self._build()
        self._split.clicked.connect(self.ask_and_split)
        self._sweep.clicked.connect(self.try_cuts)
        run.changed.connect(self._on_run_changed)
        self._on_run_changed()

    def _build(self) -> None:
        title = text_label(self)
        title.setText("Cut this video into space-time fragments")
        title.setFont(sized(title.font(), _HEADING_PIXELS, bold=True))
        about = text_label(self, "muted")
        about.setText(_ABOUT)
        self._cost = text_label(self, "faint", pixels=12)
        self._cost.setText(_COST)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self._split)
        buttons.addWidget(self._sweep)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(title)
        column.addWidget(about)
        column.addSpacing(SPACE // 2)
        column.addWidget(self.form)
        column.addLayout(buttons)
        column.addWidget(self._cost)
        column.addSpacing(SPACE // 2)
        column.addWidget(self.chart)
        column.addWidget(self._words)

    @Slot()
    def ask_and_split(self) -> None:
        """Ask where to, and split."""
        is_file = self.form.single_file.isChecked()
        suggested = str(self._suggested(is_file=is_file))
        title = "Split into" if is_file else "Split into a new folder"
        kind = "Fragment store (*.zip)" if is_file else "New folder (*)"
        # What is there is never replaced: it is refused, or a split that was broken off, and continued.
        path, _ = browse_target(self, title, suggested, [kind])
        if path is not None:
            self.split_into(path)

    def split_into(self, path: Path) -> None:
        """Split with what the form says."""
        if self.form.single_file.isChecked() and path.suffix.lower() != ".zip":
            path = path.with_name(path.name + ".zip")
        self._run.split_into(path, self.form.settings())

    @Slot()
    def try_cuts(self) -> None:
        """Try several ways with the form's codec and quality."""
        self._run.try_cuts(self.form.settings())

    def _suggested(self, *, is_file: bool) -> Path:
        path = local_path(self._controller.source or "video")
        base = Path("video") if path is None else path
        return base.with_name(f"{base.stem}_fragments{'.zip' if is_file else ''}")

    @Slot()
    def _on_run_changed(self) -> None:
        swept, is_running = self._run.swept, self._run.is_running
        for widget in (self._split, self._sweep, self.form):
            widget.setEnabled(not is_running)
        self.chart.set_sweep(swept)
        self.chart.setVisible(swept is not None)
        self._words.setText("" if swept is None else "\n".join(swept.words))
        self._words.setVisible(swept is not None)
        self._cost.setVisible(swept is None)
