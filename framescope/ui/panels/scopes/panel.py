"""The scopes panel: measures the frame on screen, or the part of it in view, in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, QTimer, Slot
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from framescope.core.media.picture.components import component_planes
from framescope.core.media.picture.geometry import Orientation
from framescope.core.media.picture.picture import AvPicture
from framescope.core.scopes.measure import Levels, PicturePart, Scopes, measure_scopes
from framescope.core.translation import tr
from framescope.ui.panels.fact_widgets import MARGIN, PanelScroll, empty_page, heading, text_label
from framescope.ui.panels.scopes.views import Histogram, Vectorscope, Waveform
from framescope.ui.picture.view_transform import stored_to_view
from framescope.ui.widgets.roles import check_box
from framescope.ui.widgets.tasks import LatestTask
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from framescope.core.model.frame import Frame
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_REFRESH_MS = 30


class ScopesPanel(QWidget):
    """Histogram, waveform, parade and vectorscope of the exact frame on screen. Threads: GUI."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self._measured: tuple[Frame, PicturePart] | None = None
        self.setObjectName("scopesPanel")
        self.setAccessibleName(tr("Scopes"))
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self._work = LatestTask(controller, tr("Measuring scopes"), 0, self, gives_late_answers=True)
        self._work.answered.connect(self._on_measured)
        self._work.failed.connect(self._on_failed)
        self._build()
        for signal in (
            *(controller.source_opened, controller.source_closed, controller.frame_shown),
            *(controller.view.rotation_changed, controller.view.picture_part_changed),
        ):
            signal.connect(self._on_something_changed)
        self._refresh()

    def _build(self) -> None:
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN, SPACE, MARGIN, MARGIN)
        column.setSpacing(SPACE // 2)
        self._only_seen = check_box(content, "scopesInView", tr("Only the part in view"))
        self._only_seen.setToolTip(tr("Zoom into the picture to measure a part of it."))
        self._only_seen.toggled.connect(self._on_something_changed)
        column.addWidget(self._only_seen)
        self._histogram_heading = heading(content, "", above=SPACE // 2)
        self._histogram = Histogram(self._theme, content)
        self._words = text_label(content, "muted", pixels=11)
        self._words.setObjectName("scopesWords")
        self._waveform_heading = heading(content, tr("Waveform of luma"), above=SPACE // 2)
        self._waveform = Waveform(self._theme, "scopeWaveform", tr("Waveform of luma"), content)
        self._parade = Waveform(self._theme, "scopeParade", tr("RGB parade"), content)
        self._vectors_heading = heading(content, tr("Vectorscope: Cb and Cr"), above=SPACE // 2)
        self._vectors = Vectorscope(self._theme, content)
        widgets: tuple[QWidget, ...] = (
            *(self._histogram_heading, self._histogram, self._words, self._waveform_heading, self._waveform),
            *(heading(content, tr("Parade of R, G and B"), above=SPACE // 2), self._parade),
            *(self._vectors_heading, self._vectors),
        )
        for widget in widgets:
            column.addWidget(widget)
        column.addStretch(1)
        area = PanelScroll(content, (column,), self)
        area.setObjectName("scopesScroll")
        area.setAccessibleName(tr("Scopes of the frame"))
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty_page(self, tr("The scopes of the current frame are shown here.")))
        self._stack.addWidget(area)

    # --- showing

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Measure after being hidden."""
        super().showEvent(event)
        self._refresh()

    @Slot()
    def _on_something_changed(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _refresh(self) -> None:
        info, shown = self._controller.info, self._controller.shown
        if info is None or (shown is not None and shown.unavailable_reason is not None):
            self._show_nothing()
            return
        frame = None if shown is None else shown.frame
        if frame is None or not self.isVisible() or not isinstance(frame.picture, AvPicture):
            # A placeholder will soon be replaced; the last exact frame stays until then.
            return
        wanted = frame, self._region(info)
        if wanted == self._measured:
            return
        self._measured = wanted
        self._ask(*wanted, is_full_range=info.color.range_used == "full")

    def _show_nothing(self) -> None:
        """Those of an earlier frame would be taken for those of the one on screen."""
        self._measured = None
        self._work.forget()
        self._stack.setCurrentIndex(0)

    def _ask(self, frame: Frame, region: PicturePart, *, is_full_range: bool) -> None:
        picture = frame.picture
        assert isinstance(picture, AvPicture)
        decoded = picture.av_frame

        def work(_progress: object, _cancel: object) -> Scopes:
            rgb = picture.to_rgb(rotate=False)
            components = component_planes(decoded)
            return measure_scopes(components, rgb, is_full_range=is_full_range, region=region)

        self._work.ask(work)

    def _region(self, info: VideoInfo) -> PicturePart:
        """What is to be measured, in the picture as decoded."""
        if not self._only_seen.isChecked():
            return PicturePart()
        left, top, right, bottom = self._controller.view.picture_part
        turned = self._controller.view.is_rotated and (info.rotation or info.mirrored)
        orientation = Orientation(info.rotation, info.mirrored) if turned else None
        unit = QRectF(0, 0, 1, 1)
        back, _ = stored_to_view(QSize(1, 1), orientation, unit).inverted()
        part = back.mapRect(QRectF(left, top, right - left, bottom - top))
        return PicturePart(part.left(), part.top(), part.right(), part.bottom())

    @Slot()
    def _on_failed(self) -> None:
        self._show_nothing()

    @Slot(object)
    def _on_measured(self, scopes: Scopes) -> None:
        info = self._controller.info
        if info is None or self._measured is None:
            return
        self._stack.setCurrentIndex(1)
        self._histogram.set_levels(scopes.levels)
        names = ", ".join(one.name for one in scopes.levels)
        self._histogram_heading.setText(tr("Histogram of {names}", names=names))
        self._words.setText("\n".join(_level_words(one) for one in scopes.levels))
        luma = scopes.levels[0] if scopes.waveform is not None else None
        for widget in (self._waveform_heading, self._waveform):
            widget.setVisible(luma is not None)
        if luma is not None and scopes.waveform is not None:
            self._waveform.set_counts((scopes.waveform,), "Y", bits=luma.bits, legal=luma.legal)
        self._parade.set_counts(tuple(scopes.parade), "RGB", bits=8, legal=None)
        for part in (self._vectors_heading, self._vectors):
            part.setVisible(scopes.vectors is not None)
        full = info.color.range_used == "full"
        self._vectors.set_counts(scopes.vectors, info.color.matrix_used, is_full_range=full)


def _level_words(levels: Levels) -> str:
    low, high = levels.span
    below, above = levels.outside
    words = tr(
        "{name} {low} to {high}, mean {mean:.1f}", name=levels.name, low=low, high=high, mean=levels.mean
    )
    if not below and not above:
        return words
    least, most = levels.legal or (1, (1 << levels.bits) - 2)
    return words + tr(
        "; {below} below {least}, {above} above {most}",
        below=_share(below),
        least=least,
        above=_share(above),
        most=most,
    )


def _share(share: float) -> str:
    return "< 0.01 %" if 0 < share < 1e-4 else f"{100 * share:.2f} %"
