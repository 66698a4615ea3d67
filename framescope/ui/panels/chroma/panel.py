"""The chroma panel: the planes of the current frame, and the loss by subsampling and codecs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from framescope.core.media.picture.components import ComponentPlane, component_planes
from framescope.core.media.picture.picture import AvPicture
from framescope.core.synth.chroma_loss import Losses, measure_losses
from framescope.core.translation import tr
from framescope.ui.panels.chroma.losses import LossTable
from framescope.ui.panels.chroma.magnifier import Magnifier
from framescope.ui.panels.chroma.planes import PlanesView
from framescope.ui.panels.chroma.words import format_title, sharing_words
from framescope.ui.panels.fact_widgets import MARGIN, PanelScroll, empty_page, heading, text_label
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.roles import check_box
from framescope.ui.widgets.tasks import LatestTask
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QShowEvent

    from framescope.core.model.frame import Frame
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_REFRESH_MS = 60
_MEASURE_MS = 400
"""Delay before measuring: three encodes are only worthwhile once the playhead rests."""
_TITLE_PIXELS = 17


class ChromaPanel(QWidget):
    """Planes, a magnified detail, and losses of the current frame. Threads: GUI."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self._frame: Frame | None = None
        self._rgb: NDArray[np.uint8] | None = None
        self._components: tuple[ComponentPlane, ...] = ()
        self._spot = (0.5, 0.5)
        self.setObjectName("chromaPanel")
        self.setAccessibleName(tr("Chroma"))
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self._work = LatestTask(
            controller, tr("Measuring chroma loss"), _MEASURE_MS, self, gives_late_answers=True
        )
        self._build()
        self._work.answered.connect(self._on_measured)
        self._work.failed.connect(self._on_failed)
        for signal in (controller.source_opened, controller.source_closed, controller.frame_shown):
            signal.connect(self._on_something_changed)
        self._refresh()

    def _build(self) -> None:
        content = QWidget(self)
        self._title = QLabel(content)
        self._title.setObjectName("chromaTitle")
        self._title.setFont(sized(self._title.font(), _TITLE_PIXELS, bold=True))
        self._sharing = text_label(content, "muted")
        self.planes = PlanesView(self._theme, content)
        self.planes.spot_chosen.connect(self._on_spot_chosen)
        self._tint = check_box(content, "chromaTint", tr("Show chroma in colour"))
        self._tint.setChecked(True)
        self._tint.toggled.connect(self._on_tint_toggled)
        self.magnifier = Magnifier(self._theme, content)
        self.losses = LossTable(content)
        self.losses.changed.connect(self._measure)
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN, SPACE, MARGIN, MARGIN)
        column.setSpacing(SPACE)
        column.addWidget(self._title)
        column.addWidget(self._sharing)
        column.addWidget(self.planes)
        column.addWidget(self._tint)
        column.addWidget(
            self._heading(
                content, tr("Enlarged"), tr("16×16 pixels at the marker; click a plane to move it.")
            )
        )
        column.addWidget(self.magnifier)
        column.addSpacing(SPACE)
        column.addWidget(
            self._heading(
                content,
                tr("Stored as"),
                tr("PSNR of this frame’s RGB after conversion, encoding and decoding."),
            )
        )
        column.addWidget(self.losses)
        column.addStretch(1)
        area = PanelScroll(content, (column,), self)
        area.setObjectName("chromaScroll")
        area.setAccessibleName(tr("Planes and losses of the frame"))
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty_page(self, tr("The planes of the current frame are shown here.")))
        self._stack.addWidget(area)

    def _heading(self, parent: QWidget, title: str, words: str) -> QWidget:
        box = QWidget(parent)
        label = heading(box, title, above=0)
        below = text_label(box, "muted", pixels=11)
        below.setText(words)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, SPACE, 0, 0)
        column.setSpacing(2)
        column.addWidget(label)
        column.addWidget(below)
        return box

    # --- showing

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Update after being hidden."""
        super().showEvent(event)
        self._refresh()

    @Slot()
    def _on_something_changed(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _refresh(self) -> None:
        shown = self._controller.shown
        if self._controller.info is None or (shown is not None and shown.unavailable_reason is not None):
            # Those of an earlier frame would be taken for those of the one on screen.
            self._frame, self._rgb, self._components = None, None, ()
            self._work.forget()
            self._stack.setCurrentIndex(0)
            return
        frame = None if shown is None else shown.frame
        if not self.isVisible() or frame is None or frame is self._frame:
            # A placeholder will soon be replaced; the last exact frame stays until then.
            return
        self._frame = frame
        picture = frame.picture
        # Converted once per frame: the magnifier needs it at every pointer move.
        self._rgb = frame.to_rgb(rotate=False)
        self._components = component_planes(picture.av_frame) if isinstance(picture, AvPicture) else ()
        self._stack.setCurrentIndex(1)
        self._title.setText(format_title(picture.pixel_format, self._components))
        self._sharing.setText(sharing_words(picture.width, picture.height, self._components))
        self._show_planes()
        self._measure()

    def _show_planes(self) -> None:
        tinted = self._tint.isChecked()
        has_chroma = any(plane.is_chroma for plane in self._components)
        self._tint.setVisible(has_chroma)
        self.planes.show_planes(self._components, tinted=tinted)
        self._show_spot()

    def _show_spot(self) -> None:
        self.planes.show_spot(*self._spot)
        if self._rgb is not None:
            self.magnifier.show_spot(self._rgb, self._components, self._spot, tinted=self._tint.isChecked())

    @Slot(float, float)
    def _on_spot_chosen(self, x: float, y: float) -> None:
        self._spot = (x, y)
        self._show_spot()

    @Slot()
    def _on_tint_toggled(self) -> None:
        self._show_planes()

    @Slot()
    def _measure(self) -> None:
        frame, rgb, settings = self._frame, self._rgb, self.losses.settings
        if frame is None or rgb is None:
            return
        self.losses.show_losses(None)
        self._work.ask(lambda _progress, _cancel: (frame, measure_losses(rgb, settings)))

    @Slot(object)
    def _on_measured(self, answer: tuple[Frame, Losses]) -> None:
        frame, losses = answer
        # The frame, codec or quality may have changed during the measurement.
        if frame is self._frame and losses.settings == self.losses.settings:
            self.losses.show_losses(losses)

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        # Ignore a failed measurement if a newer one was requested.
        self.losses.show_failure(str(error))
