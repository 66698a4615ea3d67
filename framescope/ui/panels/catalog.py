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
    """One panel.

    Attributes:
        panel_id: The widget's objectName and its name on the command line, such as ``codecPanel``.
        title: What menus and tooltips call it.
        widget: Module (beside this one) and class of the widget, such as ``codec.panel:CodecPanel``. By name,
            so that a panel is imported when it is first looked at and the window is there sooner.
        area: The side of the window where it starts.
        icon: A name that `glyph_icon` knows, such as ``ph.info``.
        tab: What the tab says where the title is long; empty for the title.
    """

    panel_id: str
    title: str
    widget: str
    area: Qt.DockWidgetArea
    icon: str
    tab: str = ""

    @property
    def tab_text(self) -> str:
        """What the tab says."""
        return self.tab or self.title

    def make(self, controller: Controller, theme: ThemeSource) -> QWidget:
        """A new widget of this panel."""
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
    PanelSpec("chromaPanel", tr("Chroma"), "chroma.panel:ChromaPanel", _RIGHT, "ph.palette"),
    PanelSpec("fragmentsPanel", tr("Fragments"), "fragments.panel:FragmentsPanel", _RIGHT, "ph.squares-four"),
    PanelSpec("seekPanel", tr("Seek truth"), "seek.panel:SeekPanel", _RIGHT, "ph.crosshair", tr("Seek")),
    PanelSpec("benchPanel", tr("Benchmark"), "bench.panel:BenchPanel", _RIGHT, "ph.gauge", tr("Bench")),
)
