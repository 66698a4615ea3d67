"""The panels of the window: one line each, read by the window and its View menu."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from framescope.core.translation import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from framescope.session.controller import Controller
    from framescope.ui.widgets.theme import ThemeSource


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """Describes one panel.

    Attributes:
        panel_id: The widget's objectName and the panel's name on the command line, such as ``codecPanel``.
        title: The name in menus and tooltips.
        widget: Module (relative to this package) and class of the widget, such as ``codec.panel:CodecPanel``.
            A name, so that a panel is imported only when first shown and the window opens sooner.
        area: The dock area where it is initially.
        icon: A name known to `glyph_icon`, such as ``ph.info``.
        tab: The tab text where the title is too long; empty for the title.
        is_standing: Whether it always has a place in the window, and not only while there is a reason.
    """

    panel_id: str
    title: str
    widget: str
    area: Qt.DockWidgetArea
    icon: str
    tab: str = ""
    is_standing: bool = True

    @property
    def tab_text(self) -> str:
        """The text on the tab."""
        return self.tab or self.title

    def make(self, controller: Controller, theme: ThemeSource) -> QWidget:
        """Make this panel's widget."""
        module_name, _, class_name = self.widget.partition(":")
        module = import_module(f"framescope.ui.panels.{module_name}")
        made: QWidget = getattr(module, class_name)(controller, theme)
        return made


_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea

PANELS: tuple[PanelSpec, ...] = (
    PanelSpec("codecPanel", tr("Codec"), "codec.panel:CodecPanel", _RIGHT, "ph.info"),
    PanelSpec("gopPanel", tr("GOPs"), "gop.panel:GopPanel", _RIGHT, "ph.stack"),
    PanelSpec("framePanel", tr("Frame"), "frame.panel:FramePanel", _RIGHT, "ph.image-square"),
    PanelSpec("timingPanel", tr("Timing"), "timing.panel:TimingPanel", _RIGHT, "ph.timer"),
    PanelSpec("streamPanel", tr("Stream"), "stream.panel:StreamPanel", _RIGHT, "ph.list-numbers"),
    PanelSpec("chromaPanel", tr("Chroma"), "chroma.panel:ChromaPanel", _RIGHT, "ph.palette"),
    PanelSpec("blocksPanel", tr("Blocks"), "blocks.panel:BlocksPanel", _RIGHT, "ph.grid-four"),
    PanelSpec("scopesPanel", tr("Scopes"), "scopes.panel:ScopesPanel", _RIGHT, "ph.chart-bar"),
    PanelSpec("fragmentsPanel", tr("Fragments"), "fragments.panel:FragmentsPanel", _RIGHT, "ph.squares-four"),
    PanelSpec(
        "slicePanel", tr("Space-time image"), "slice.panel:SlicePanel", _RIGHT, "ph.line-segment", tr("Slice")
    ),
    PanelSpec("seekPanel", tr("Seek truth"), "seek.panel:SeekPanel", _RIGHT, "ph.crosshair", tr("Seek")),
    PanelSpec("benchPanel", tr("Benchmark"), "bench.panel:BenchPanel", _RIGHT, "ph.gauge", tr("Bench")),
    PanelSpec(
        "comparePanel",
        tr("Comparison"),
        "compare.panel:ComparePanel",
        _RIGHT,
        "ph.scales",
        tr("Compare"),
        is_standing=False,
    ),
    PanelSpec("labelsPanel", tr("Labels"), "labels.panel:LabelsPanel", _RIGHT, "ph.tag", is_standing=False),
)
