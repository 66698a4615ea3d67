"""The pages of the preferences but that of the export."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QColorDialog, QToolButton, QWidget

from framescope.core.log import MOST_LOG_BYTES, LogLevel, given_level, log_path
from framescope.core.machine_memory import memory_bytes
from framescope.core.text import size_words
from framescope.core.translation import languages, tr
from framescope.session.playback import Repeat
from framescope.session.settings import (
    THUMBNAIL_HEIGHT_RANGE,
    VOLUME_RANGE,
    ColorSet,
    ThemeChoice,
    TimeFormat,
)
from framescope.ui.actions.key_map import key_map_from
from framescope.ui.actions.presets import Preset
from framescope.ui.dialogs.preferences.page import Page, left
from framescope.ui.widgets.icons import swatch
from framescope.ui.widgets.open_outside import open_outside
from framescope.ui.widgets.roles import named_combo, plain_label, push_button
from framescope.ui.widgets.theme import OWN_COLORS, THEME_WORDS, contrast_ratio

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from framescope.session.settings import Settings
    from framescope.ui.widgets.theme import ThemeSource

_MIB = 1 << 20
_CACHE_MIN_MIB = 64
_LEAST_CONTRAST = 3.0
"""Of a graphic to its background, by WCAG 2.2."""
_COLOR_WORDS = dict(
    zip(
        OWN_COLORS,
        (tr("I pictures"), tr("P pictures"), tr("B pictures"), tr("Keyframe ticks"), tr("Marks")),
        strict=True,
    )
)


class GeneralPage(Page):
    """Theme, times, thumbnails."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, tr("General"))
        self.add_choice("theme", tr("Theme"), ThemeChoice, THEME_WORDS)
        if languages():
            self.add_choice(
                "language",
                tr("Language"),
                str,
                {"": tr("System"), **{code: _name_of(code) for code in ("en", *languages())}},
                tr("Takes effect at the next start."),
            )
        self.add_number(
            "thumbnail_height",
            tr("Thumbnail height"),
            range(THUMBNAIL_HEIGHT_RANGE[0], THUMBNAIL_HEIGHT_RANGE[1] + 1, 8),
            suffix=tr(" px"),
        )
        self.add_choice(
            "time_format",
            tr("Times"),
            TimeFormat,
            {
                TimeFormat.CLOCK: tr("Short: 1:02.500"),
                TimeFormat.HOURS: tr("Long: 00:01:02.500"),
                TimeFormat.SECONDS: tr("Seconds: 62.500"),
                TimeFormat.TIMECODE: tr("Timecode: 00:01:02:12"),
            },
            tr("Where the frame rate varies, there are no timecodes: the long form is shown instead."),
        )
        self.add_switch(
            "shows_stored_times",
            tr("Show times as stored in the file"),
            tr("Otherwise they count from the first frame. Typed times are understood in the same way."),
        )


class ColorsPage(Page):
    """The colours of picture types and marks."""

    labels_wanted = Signal()

    def __init__(self, settings: Settings, theme: ThemeSource) -> None:
        super().__init__(settings, tr("Colours"))
        self._theme = theme
        self._swatches: dict[str, QToolButton] = {}
        self._restore: dict[str, QWidget] = {}
        self.add_choice(
            "color_set",
            tr("Picture types"),
            ColorSet,
            {
                ColorSet.STANDARD: tr("Standard"),
                ColorSet.COLOR_BLIND: tr("Distinct with any colour vision"),
            },
        )
        for name, words in _COLOR_WORDS.items():
            self._add_color(name, words)
        self._warning = plain_label("colorWarning", "warning", self)
        self.form.addRow("", self._warning)
        self.add_hint(tr("Your own colours are used in the dark and in the light theme."))
        labels = push_button(self, "editLabels", tr("Edit labels…"))
        labels.clicked.connect(self.labels_wanted)
        self.add_row(tr("Labels"), left(labels), tr("Names and colours of the labels on the keys 1 to 9."))
        self.follow("colors", self._show)
        theme.changed.connect(self._show)

    def _add_color(self, name: str, words: str) -> None:
        button = QToolButton(self)
        button.setObjectName(f"color.{name}")
        button.setAccessibleName(words)
        button.setToolTip(tr("Choose a colour"))
        button.clicked.connect(partial(self._on_clicked, name))
        restore = push_button(self, f"restore.{name}", tr("Restore"))
        restore.setAccessibleName(tr("Restore the colour of {words}", words=words))
        restore.clicked.connect(partial(self.choose, name, None))
        self._swatches[name], self._restore[name] = button, restore
        self.add_row(words, left(button, restore))

    def choose(self, name: str, color: str | None, *_checked: bool) -> None:
        """Use a colour, ``#rrggbb``; None for that of the set."""
        kept = {other: value for other, value in self.settings.colors.items() if other != name}
        self.settings.colors = kept if color is None else {**kept, name: color}

    def _on_clicked(self, name: str, *_checked: bool) -> None:
        title = tr("Colour of {label}", label=_COLOR_WORDS[name])
        chosen = QColorDialog.getColor(getattr(self._theme.tokens, name), self, title)
        if chosen.isValid():
            self.choose(name, chosen.name())

    @Slot()
    def _show(self) -> None:
        tokens, own = self._theme.tokens, self.settings.colors
        faint = []
        for name, button in self._swatches.items():
            color: QColor = getattr(tokens, name)
            button.setIcon(swatch(color.name()))
            self._restore[name].setVisible(name in own)
            if name in own and contrast_ratio(color, tokens.surface) < _LEAST_CONTRAST:
                faint.append(_COLOR_WORDS[name])
        self._warning.setText(
            tr("Hard to see on the background of this theme: {names}.", names=", ".join(faint))
        )
        self.form.setRowVisible(self._warning, bool(faint))


class KeysPage(Page):
    """The preset of the shortcuts, and the way to their editor."""

    editor_wanted = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, tr("Keys"))
        self._presets = named_combo(self, "key_preset", tr("Preset"))
        self._presets.addItems([preset.value for preset in Preset])
        self._presets.currentTextChanged.connect(self._on_preset_chosen)
        self.add_row(tr("Preset"), self._presets, tr("Keys that you have changed yourself stay as they are."))
        editor = push_button(self, "editKeys", tr("Edit keys…"))
        editor.clicked.connect(self.editor_wanted)
        self.add_row(tr("Single keys"), left(editor))
        self._changed = self.add_hint("")
        self.follow("key_preset", self._show)
        settings.changed.connect(self._show)

    def reset(self) -> None:
        """The program's own keys, without changes."""
        super().reset()
        self.settings.key_overrides = {}

    @Slot()
    def _show(self) -> None:
        keys = key_map_from(self.settings.key_preset, self.settings.key_overrides)
        with QSignalBlocker(self._presets):
            self._presets.setCurrentText(keys.preset.value)
        count = len(keys.changes)
        self._changed.setText(
            tr("Actions with keys of your own: {count}.", count=count)
            if count
            else tr("All keys are those of the preset.")
        )

    @Slot(str)
    def _on_preset_chosen(self, name: str) -> None:
        settings = self.settings
        keys = key_map_from(settings.key_preset, settings.key_overrides).with_preset(Preset(name))
        settings.key_preset, settings.key_overrides = keys.preset.value, dict(keys.changes)


class PlaybackPage(Page):
    """How videos and their sound are played."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, tr("Playback and sound"))
        self.add_choice(
            "repeat",
            tr("At the end"),
            Repeat,
            {
                Repeat.OFF: tr("Stop"),
                Repeat.LOOP: tr("Start again"),
                Repeat.PING_PONG: tr("Play back and forth"),
            },
        )
        self.add_switch("plays_range_only", tr("Stay between the in and out points"))
        self.add_switch(
            "plays_every_frame",
            tr("Play every frame"),
            tr("Slower where the computer cannot keep up, instead of skipping frames to keep time."),
        )
        self.add_switch("shows_subtitles", tr("Show subtitles"))
        self.add_heading(tr("Sound"))
        self.add_number(
            "volume", tr("Volume"), range(VOLUME_RANGE[0], VOLUME_RANGE[1] + 1, 5), suffix=tr(" %")
        )
        self.add_switch("is_muted", tr("Mute"))
        self.add_switch("scrubs_sound", tr("Play the sound of each frame stepped to"))
        self.add_switch("separates_channels", tr("Waveform of each channel"))


class MemoryPage(Page):
    """The memory for decoded frames."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, tr("Memory"))
        # A cache of more than half the memory would make the system swap.
        most = max(memory_bytes() // _MIB // 2, _CACHE_MIN_MIB)
        self.add_number(
            "cache_bytes",
            tr("Frame cache"),
            range(_CACHE_MIN_MIB, most + 1, 256),
            suffix=tr(" MiB"),
            unit=_MIB,
            hint=tr(
                "Memory for decoded frames, so that stepping back is fast. Takes effect with the next video."
            ),
        )
        self.add_hint(
            tr(
                "At most {most}: half of the {memory} that this computer has for FrameScope.",
                most=size_words(most * _MIB),
                memory=size_words(memory_bytes()),
            )
        )


class LogPage(Page):
    """The log."""

    copy_wanted = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, tr("Log"))
        given = given_level()
        level = self.add_choice(
            "log_level",
            tr("Level"),
            LogLevel,
            {
                LogLevel.DEBUG: tr("Everything"),
                LogLevel.INFO: tr("What was done, and problems"),
                LogLevel.WARNING: tr("Problems"),
                LogLevel.ERROR: tr("Errors only"),
            },
            "" if given is None else tr("For this run, --log-level {level} decides.", level=given.value),
        )
        level.setEnabled(given is None)
        path = log_path()
        where = plain_label("logPath", "", self)
        where.setText(str(path) if path else tr("No log is written: its folder is not writable."))
        self.add_row(tr("File"), where)
        self.add_hint(
            tr(
                "At most {size} in all. Nothing leaves the machine.",
                size=size_words(MOST_LOG_BYTES),
            )
        )
        folder = push_button(self, "openLogFolder", tr("Open folder"))
        folder.setEnabled(path is not None)
        folder.clicked.connect(lambda: path is not None and open_outside(path.parent))
        copy = push_button(
            self, "copyLog", tr("Copy log"), tip=tr("Copies versions and the end of the log, for bug reports")
        )
        copy.clicked.connect(self.copy_wanted)
        self.add_row("", left(folder, copy))


def _name_of(language: str) -> str:
    """What a language calls itself."""
    name = QLocale(language).nativeLanguageName()
    return name[:1].upper() + name[1:] if name else language
