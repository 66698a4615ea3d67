"""The speaker in the transport bar: mutes, and opens a menu with volume and audio streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QWidget, QWidgetAction

from framescope.core.translation import tr
from framescope.ui.widgets.menu_choices import MenuChoice, show_choices
from framescope.ui.widgets.theme import SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from framescope.session.controller import Controller
    from framescope.ui.actions.action_set import ActionSet
    from framescope.ui.widgets.icons import IconSource

_ICON = QSize(18, 18)
_BUTTON = QSize(42, 28)
_SLIDER_PX = 140
_QUIET_BELOW = 50
_MENU_ACTIONS = ("sound.mute", "sound.scrub", "sound.separate")


def show_audio_streams(menu: QMenu, controller: Controller, before: QAction | None = None) -> None:
    """List the audio streams of the open video, the chosen one checked; none if there is no choice."""
    sound = controller.sound
    streams = sound.streams if len(sound.streams) > 1 else ()
    choices = [MenuChoice(stream.stream_index, stream.label, stream is sound.stream) for stream in streams]
    show_choices(menu, choices, sound.choose, before=before)


class SoundButton(QToolButton):
    """Shown while the video has sound. A click mutes; its menu has the rest."""

    def __init__(
        self, controller: Controller, actions: ActionSet, icons: IconSource, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._actions = actions
        self._icons = icons
        self.setObjectName("soundButton")
        self.setAccessibleName(tr("Sound"))
        self.setAutoRaise(True)
        self.setIconSize(_ICON)
        self.setFixedSize(_BUTTON)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setStyleSheet("QToolButton::menu-button { border: none; width: 14px; }")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(self)
        menu.aboutToShow.connect(self._fill_menu)
        self.setMenu(menu)
        self._volume = QSlider(Qt.Orientation.Horizontal, menu)
        self._volume.setObjectName("volume")
        self._volume.setAccessibleName(tr("Volume"))
        self._volume.setRange(0, 100)
        self._volume.setFixedWidth(_SLIDER_PX)
        self._volume.valueChanged.connect(self._on_volume_changed)
        self._percent = QLabel(menu)
        self._percent.setProperty("role", "muted")
        self._percent.setMinimumWidth(self._percent.fontMetrics().horizontalAdvance("100 %"))
        line = QWidget(menu)
        row = QHBoxLayout(line)
        row.setContentsMargins(SPACE * 2, SPACE // 2, SPACE, SPACE // 2)
        for part in (QLabel(tr("Volume"), line), self._volume, self._percent):
            row.addWidget(part)
        self._slider = QWidgetAction(menu)
        self._slider.setDefaultWidget(line)
        self.clicked.connect(self._on_clicked)
        controller.sound.stream_changed.connect(self._refresh)
        controller.sound_player.choices_changed.connect(self._refresh)
        actions.keys_changed.connect(self._refresh)
        self._refresh()

    @property
    def has_sound(self) -> bool:
        """Whether the video has sound."""
        return self._controller.sound.stream is not None

    @Slot()
    def _fill_menu(self) -> None:
        menu = self.menu()
        if menu.isEmpty():
            menu.addAction(self._slider)
            menu.addSeparator()
            self._streams_end = menu.addSeparator()
            self._actions.fill(menu, _MENU_ACTIONS)
        # Qt hides the second of two separators that nothing is between.
        show_audio_streams(menu, self._controller, self._streams_end)

    @Slot()
    def _refresh(self) -> None:
        player = self._controller.sound_player
        is_silent = player.is_muted or not player.volume
        name = "slash" if is_silent else "low" if player.volume < _QUIET_BELOW else "high"
        self._icons.bind(self, f"ph.speaker-{name}")
        self.setToolTip(self._actions["sound.mute"].toolTip())
        self._volume.setValue(player.volume)
        self._percent.setText(f"{player.volume} %")

    def setVisible(self, visible: bool) -> None:  # noqa: FBT001, N802
        """Never without sound."""
        super().setVisible(visible and self.has_sound)

    @Slot(int)
    def _on_volume_changed(self, volume: int) -> None:
        if volume != self._controller.sound_player.volume:
            self._controller.sound_player.set_volume(volume)

    @Slot()
    def _on_clicked(self) -> None:
        self._controller.sound_player.toggle_mute()
