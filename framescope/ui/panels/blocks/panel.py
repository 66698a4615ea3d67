"""The blocks panel: the layers over the picture, and the frame's blocks in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from framescope.core.blocks.summary import NOTHING_EXPORTED, BlockKind, summarise, vector_lengths
from framescope.core.media.decoding.block_export import VECTOR_CODECS
from framescope.core.model.blocks import QuantiserScale
from framescope.core.text import counted, grouped
from framescope.core.translation import tr
from framescope.session.frame_blocks import BlockLayer
from framescope.ui.panels.blocks.charts import KindBar, QuantiserScaleBar, VectorChart
from framescope.ui.panels.fact_widgets import MARGIN, PanelScroll, empty_page, heading, text_label
from framescope.ui.picture.block_painter import kind_colors
from framescope.ui.widgets.fonts import sized
from framescope.ui.widgets.icons import swatch
from framescope.ui.widgets.roles import check_box
from framescope.ui.widgets.theme import SPACE, set_role

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QHideEvent, QShowEvent

    from framescope.core.blocks.summary import BlockSummary
    from framescope.core.model.blocks import Blocks
    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource

_LAYERS = {
    BlockLayer.VECTORS: tr("Motion vectors"),
    BlockLayer.KINDS: tr("Block types"),
    BlockLayer.QUANTISERS: tr("Quantisers"),
}
_KINDS = {
    BlockKind.INTRA: tr("Intra"),
    BlockKind.FROM_PAST: tr("From an earlier frame"),
    BlockKind.FROM_FUTURE: tr("From a later frame"),
    BlockKind.FROM_BOTH: tr("From both"),
}
_SCALES = {
    QuantiserScale.H264_QP: tr("Quantisers: QP"),
    QuantiserScale.VP9_INDEX: tr("Quantisers: q_index"),
    QuantiserScale.MPEG_SCALE: tr("Quantisers: quantiser_scale"),
}
_SCALE_WORDS = {
    QuantiserScale.H264_QP: tr("0 to 51 with 8 bits; 6 more double the step."),
    QuantiserScale.VP9_INDEX: tr("0 to 255, an index into VP9’s table of steps."),
    QuantiserScale.MPEG_SCALE: tr("The step is proportional to it. 1 to 31; MPEG-2: 1 to 112."),
}
_TITLE_PIXELS = 17
_SWATCH_PX = 12


class BlocksPanel(QWidget):
    """The layers' switches, and what the blocks of the frame on screen are made of. Threads: GUI."""

    def __init__(self, controller: Controller, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._theme = theme
        self._drawn: Blocks | None = None
        self.setObjectName("blocksPanel")
        self.setAccessibleName(tr("Blocks"))
        self._build()
        for signal in (
            controller.blocks.changed,
            controller.frame_shown,
            controller.source_opened,
            controller.source_closed,
        ):
            signal.connect(self._refresh)
        theme.changed.connect(self._on_theme_changed)
        self._refresh()

    def _build(self) -> None:
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN, SPACE, MARGIN, MARGIN)
        column.setSpacing(SPACE)
        self._title = QLabel(content)
        self._title.setObjectName("blocksTitle")
        self._title.setFont(sized(self._title.font(), _TITLE_PIXELS, bold=True))
        self._remark = text_label(content, "muted")
        column.addWidget(self._title)
        column.addWidget(self._remark)
        column.addWidget(heading(content, tr("Over the picture")))
        self._switches = {}
        for layer, text in _LAYERS.items():
            switch = check_box(content, f"layer{layer.name}", text)
            switch.clicked.connect(self._on_switched)
            self._switches[layer] = switch
            column.addWidget(switch)
        self._kinds_heading = heading(content, tr("Macroblocks by prediction"))
        self._kind_bar = KindBar(self._theme, content)
        self._kind_rows = {kind: _KindRow(text, content) for kind, text in _KINDS.items()}
        self._vectors_heading = heading(content, tr("Lengths of motion vectors, in pixels"))
        self._vector_words = text_label(content, "muted")
        self._vector_chart = VectorChart(self._theme, content)
        self._scale_heading = heading(content, "")
        self._scale_bar = QuantiserScaleBar(self._theme, content)
        self._scale_words = text_label(content, "muted", pixels=11)
        widgets: tuple[QWidget, ...] = (
            *(self._kinds_heading, self._kind_bar, *self._kind_rows.values()),
            *(self._vectors_heading, self._vector_words, self._vector_chart),
            *(self._scale_heading, self._scale_bar, self._scale_words),
        )
        for widget in widgets:
            column.addWidget(widget)
        column.addStretch(1)
        area = PanelScroll(content, (column,), self)
        area.setObjectName("blocksScroll")
        area.setAccessibleName(tr("Blocks of the frame"))
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty_page(self, tr("The blocks of the current frame are shown here.")))
        self._stack.addWidget(area)
        self._on_theme_changed()

    # --- showing

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Read blocks from now on."""
        super().showEvent(event)
        self._controller.blocks.watch(self.objectName(), is_watching=True)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Read none for this panel."""
        super().hideEvent(event)
        self._controller.blocks.watch(self.objectName(), is_watching=False)

    @Slot()
    def _on_theme_changed(self) -> None:
        for kind, color in kind_colors(self._theme.tokens).items():
            self._kind_rows[kind].set_color(color)

    @Slot()
    def _on_switched(self) -> None:
        for layer, switch in self._switches.items():
            if switch.isChecked() != bool(self._controller.blocks.layers & layer):
                self._controller.blocks.toggle(layer)

    @Slot()
    def _refresh(self) -> None:
        info, source = self._controller.info, self._controller.blocks
        shown, blocks = self._controller.shown, source.blocks
        self._stack.setCurrentIndex(0 if info is None else 1)
        if info is None or (shown is not None and shown.unavailable_reason is not None):
            # Those of an earlier frame would be taken for those of the one on screen.
            self._title.clear()
            self._remark.clear()
            self._show(None)
        if info is None or not self.isVisible():
            return
        for layer, switch in self._switches.items():
            switch.setChecked(bool(source.layers & layer))
            switch.setEnabled(not source.reason)
        frame = None if shown is None else shown.frame
        if source.reason:
            self._title.setText(info.codec)
            self._remark.setText(source.reason)
            self._show(None)
        elif blocks is not None and blocks is not self._drawn and frame is not None:
            number, letter = grouped(frame.frame_number), frame.picture_type.letter
            self._title.setText(tr("Frame {number}, {letter}", number=number, letter=letter))
            self._remark.setText("" if blocks.is_exported else NOTHING_EXPORTED)
            self._show(blocks)
        self._remark.setVisible(bool(self._remark.text()))

    def _show(self, blocks: Blocks | None) -> None:
        self._drawn = blocks
        info, shown = self._controller.info, self._controller.shown
        summary: BlockSummary | None = None
        if blocks is not None and info is not None and shown is not None and shown.frame is not None:
            picture = shown.frame.picture
            summary = summarise(
                blocks,
                frame_number=shown.frame.frame_number,
                size=(picture.width, picture.height),
                has_vectors=info.codec in VECTOR_CODECS,
            )
        kinds = {} if summary is None else summary.kinds
        total = sum(kinds.values())
        self._kind_bar.set_kinds(kinds)
        self._kinds_heading.setVisible(bool(kinds))
        self._kind_bar.setVisible(bool(kinds))
        for kind, row in self._kind_rows.items():
            row.setVisible(bool(kinds))
            row.set_count(kinds.get(kind, 0), total)
        has_vectors = summary is not None and summary.median_length is not None
        for widget in (self._vectors_heading, self._vector_words, self._vector_chart):
            widget.setVisible(has_vectors)
        if blocks is not None and summary is not None and has_vectors:
            self._vector_chart.set_lengths(vector_lengths(blocks))
            self._vector_words.setText(
                tr(
                    "{count}; median {median:.2f}, longest {longest:.2f}",
                    count=counted(summary.vectors, "vector", "vectors"),
                    median=summary.median_length,
                    longest=summary.longest,
                )
            )
        has_quantisers = blocks is not None and len(blocks.quantisers) > 0
        for part in (self._scale_heading, self._scale_bar, self._scale_words):
            part.setVisible(has_quantisers)
        if blocks is not None and has_quantisers and blocks.scale is not None:
            self._scale_heading.setText(_SCALES[blocks.scale])
            self._scale_bar.set_values(blocks.quantisers["value"], blocks.mean_quantiser or 0.0)
            self._scale_words.setText(_SCALE_WORDS[blocks.scale])


class _KindRow(QWidget):
    """A kind's colour, name, number and share."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._square = QLabel(self)
        name = QLabel(text, self)
        self._count = QLabel(self)
        set_role(self._count, "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self._square)
        row.addWidget(name, 1)
        row.addWidget(self._count)

    def set_color(self, color: QColor) -> None:
        """Show this colour."""
        self._square.setPixmap(swatch(color.name()).pixmap(_SWATCH_PX))

    def set_count(self, count: int, total: int) -> None:
        """Show this number of macroblocks, and its share."""
        self._count.setText(f"{grouped(count)}   {count / max(total, 1):.1%}")
