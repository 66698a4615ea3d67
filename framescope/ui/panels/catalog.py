"""The panels of the window: one line each, read by the window and its View menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from framescope.ui.panels.codec_panel import CodecPanel
from framescope.ui.panels.frame_panel import FramePanel
from framescope.ui.panels.gop_panel import GopPanel
from framescope.ui.panels.seek_panel import SeekPanel
from framescope.ui.panels.timing_panel import TimingPanel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from framescope.session.controller import Controller
    from framescope.ui.theme import ThemeSource

PanelFactory = Callable[["Controller", "ThemeSource"], "QWidget"]


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """One panel.

    Attributes:
        panel_id: The widget's objectName and its name on the command line, such as ``codecPanel``.
        title: What the tab says.
        factory: Makes the widget.
        area: The side of the window where it starts.
        icon: qtawesome name.
    """

    panel_id: str
    title: str
    factory: PanelFactory
    area: Qt.DockWidgetArea
    icon: str


_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea

PANELS: tuple[PanelSpec, ...] = (
    PanelSpec("codecPanel", "Codec", CodecPanel, _RIGHT, "ph.info"),
    PanelSpec("gopPanel", "GOPs", GopPanel, _RIGHT, "ph.stack"),
    PanelSpec("framePanel", "Frame", FramePanel, _RIGHT, "ph.image-square"),
    PanelSpec("timingPanel", "Timing", TimingPanel, _RIGHT, "ph.timer"),
    PanelSpec("seekPanel", "Seek truth", SeekPanel, _RIGHT, "ph.crosshair"),
)
