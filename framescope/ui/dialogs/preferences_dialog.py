"""The preferences: theme, keys, memory for decoded frames, thumbnails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from framescope.core.machine_memory import memory_bytes
from framescope.core.translation import tr
from framescope.session.settings import THUMBNAIL_HEIGHT_RANGE
from framescope.ui.actions.key_map import key_map_from
from framescope.ui.actions.presets import Preset
from framescope.ui.widgets.theme import SPACE, ThemeChoice

if TYPE_CHECKING:
    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource

_MIB = 1 << 20
_CACHE_MIN_MIB = 64
_THEME_WORDS = {
    ThemeChoice.SYSTEM: tr("System"),
    ThemeChoice.DARK: tr("Dark"),
    ThemeChoice.LIGHT: tr("Light"),
}


class PreferencesDialog(QDialog):
    """Edits the settings; the theme is previewed at once, everything else is applied by OK."""

    def __init__(self, settings: Settings, theme: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._theme = theme
        self._theme_before = theme.choice
        self.setObjectName("preferencesDialog")
        self.setWindowTitle(tr("Preferences"))
        self.setMinimumWidth(440)
        self._themes = QComboBox(self)
        self._themes.setObjectName("themeChoice")
        for choice, words in _THEME_WORDS.items():
            self._themes.addItem(words, choice)
        self._themes.setCurrentIndex(list(_THEME_WORDS).index(theme.choice))
        self._themes.currentIndexChanged.connect(self._on_theme_chosen)
        self._presets = QComboBox(self)
        self._presets.setObjectName("keyPreset")
        self._presets.addItems([preset.value for preset in Preset])
        self._presets.setCurrentText(settings.key_preset)
        self._cache = QSpinBox(self)
        self._cache.setObjectName("cacheSize")
        # A cache of more than half the memory would make the system swap.
        self._cache.setRange(_CACHE_MIN_MIB, max(memory_bytes() // _MIB // 2, _CACHE_MIN_MIB))
        self._cache.setSingleStep(256)
        self._cache.setSuffix(" MiB")
        self._cache.setValue(settings.cache_bytes // _MIB)
        self._thumbnails = QSpinBox(self)
        self._thumbnails.setObjectName("thumbnailHeight")
        self._thumbnails.setRange(*THUMBNAIL_HEIGHT_RANGE)
        self._thumbnails.setSingleStep(8)
        self._thumbnails.setSuffix(tr(" px"))
        self._thumbnails.setValue(settings.thumbnail_height)
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(2 * SPACE)
        form.setVerticalSpacing(SPACE + 2)
        rows: tuple[tuple[str, QWidget, str], ...] = (
            (tr("Theme"), self._themes, ""),
            (tr("Keys"), self._presets, tr("Change individual keys in Edit > Keyboard shortcuts.")),
            (
                tr("Frame cache"),
                self._cache,
                tr(
                    "Memory for decoded frames, so that stepping back is fast. Takes effect with the next"
                    " video."
                ),
            ),
            (tr("Thumbnail height"), self._thumbnails, ""),
        )
        for text, field, hint in rows:
            field.setAccessibleName(text)
            form.addRow(text, field)
            if hint:
                label = QLabel(hint)
                label.setProperty("role", "faint")
                label.setWordWrap(True)
                form.addRow("", label)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addLayout(form)
        column.addWidget(buttons)

    def accept(self) -> None:
        """Save the choices."""
        settings = self._settings
        settings.theme = self._chosen_theme()
        if settings.key_preset != self._presets.currentText():
            keys = key_map_from(settings.key_preset, settings.key_overrides)
            keys = keys.with_preset(Preset(self._presets.currentText()))
            settings.key_preset, settings.key_overrides = keys.preset.value, dict(keys.changes)
        if self._cache.value() != settings.cache_bytes // _MIB:
            settings.cache_bytes = self._cache.value() * _MIB
        if self._thumbnails.value() != settings.thumbnail_height:
            settings.thumbnail_height = self._thumbnails.value()
        super().accept()

    def reject(self) -> None:
        """Discard all changes, including the theme."""
        self._theme.set_choice(self._theme_before)
        super().reject()

    def _chosen_theme(self) -> ThemeChoice:
        return ThemeChoice(self._themes.currentData())

    def _on_theme_chosen(self) -> None:
        self._theme.set_choice(self._chosen_theme())
