"""A row of icon buttons for actions: the toolbar, and the buttons of the transport bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.ui.actions.action_set import ActionSet

_ICON = QSize(18, 18)
_BUTTON = QSize(30, 28)


def action_button(actions: ActionSet, action_id: str, parent: QWidget) -> QToolButton:
    """A flat button for an action. Clicking it does not change the focus."""
    button = QToolButton(parent)
    button.setDefaultAction(actions[action_id])
    button.setIconSize(_ICON)
    button.setAutoRaise(True)
    button.setFixedSize(_BUTTON)
    button.setObjectName(f"button.{action_id}")
    button.setAccessibleName(actions[action_id].text().rstrip("…"))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class ToolStrip(QWidget):
    """Groups of buttons. An empty id starts a new group."""

    def __init__(self, actions: ActionSet, action_ids: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE, 0, SPACE, 0)
        row.setSpacing(2)
        for action_id in action_ids:
            if action_id:
                row.addWidget(action_button(actions, action_id, self))
                continue
            line = QFrame(self)
            line.setFrameShape(QFrame.Shape.VLine)
            line.setFixedSize(1, 18)
            row.addSpacing(SPACE // 2)
            row.addWidget(line)
            row.addSpacing(SPACE // 2)
