"""The centre of the window while two videos are compared: bar, pictures, and a line about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from framescope.core.media.container import source_name
from framescope.core.printable import printable
from framescope.core.translation import tr
from framescope.ui.compare.bar import CompareBar, PairingRow
from framescope.ui.compare.view import CompareView
from framescope.ui.compare.words import state_words
from framescope.ui.picture.banner import ChangedComparedBanner
from framescope.ui.widgets.elided_label import ElidedLabel
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent

    from framescope.session.controller import Controller
    from framescope.ui.actions.action_set import ActionSet
    from framescope.ui.widgets.theme import ThemeSource


_MOST_NAMES_PX = 360
_NAMES_FROM_PX = 900
"""In a narrower window, the line has room only for what is said about the pictures."""


class ComparePane(QWidget):
    """Shown instead of the picture while there is a second video. Threads: GUI.

    Attributes:
        view: The pictures.
    """

    context_menu_requested = Signal(object)
    """QPoint on the screen."""

    def __init__(
        self, controller: Controller, theme: ThemeSource, actions: ActionSet, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._comparing = controller.comparing
        self.setObjectName("comparePane")
        self.view = CompareView(controller, theme, self)
        self.view.context_menu_requested.connect(self.context_menu_requested)
        self._names = ElidedLabel(self, most_width=_MOST_NAMES_PX)
        self._names.setObjectName("compareNames")
        self._state = ElidedLabel(self)
        self._state.setObjectName("compareState")
        self._names.set_role("faint")
        self._state.set_role("muted")
        self._state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout()
        line.setContentsMargins(SPACE, SPACE // 2, SPACE, 0)
        line.setSpacing(SPACE)
        line.addWidget(PairingRow(controller, actions, self))
        # What is said about the pictures is more than their names, which the tooltip has in full.
        line.addWidget(self._state, 1)
        line.addWidget(self._names)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(ChangedComparedBanner(controller, theme, self))
        column.addWidget(CompareBar(controller, actions, self))
        column.addWidget(self.view, 1)
        column.addLayout(line)
        comparing = controller.comparing
        for signal in (
            # Sizes are those of exact frames, and that of A may be the later one.
            controller.frame_shown,
            comparing.changed,
            comparing.pair_changed,
            comparing.pairing_changed,
            comparing.look_changed,
            comparing.difference.changed,
            comparing.run.changed,
        ):
            signal.connect(self._describe)
        self._describe()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Request pictures for the view."""
        super().showEvent(event)
        # A window that is restored keeps its zoom.
        if not event.spontaneous():
            self.view.resume()
        self._describe()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Request none any more."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.view.forget()
            self.view.close_reader()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Check whether B's file changed when the window is activated."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._comparing.check_file()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Name the files where there is room."""
        super().resizeEvent(event)
        self._names.setVisible(self.width() >= _NAMES_FROM_PX)

    @Slot()
    def _describe(self) -> None:
        if not self.isVisible():
            return
        comparing, source = self._comparing, self._controller.source
        answer, pair = comparing.difference.answer, comparing.exact_pair
        is_current = answer is not None and pair is not None and answer.is_of(pair[0].frame, pair[1].frame)
        found = answer.found if answer is not None and is_current else None
        self._state.set_whole_text(state_words(comparing, self._controller.info, found))
        if source is not None and comparing.source is not None:
            names = [printable(source_name(one)) for one in (source, comparing.source)]
            self._names.set_whole_text(tr("A  {a}   ·   B  {b}", a=names[0], b=names[1]))
