"""The look of the window: colours by meaning, dark and light, following the system by default."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QProxyStyle,
    QSlider,
    QWidget,
)

from framescope.core.resources import resource_path
from framescope.core.translation import tr
from framescope.session.settings import ColorSet, ThemeChoice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QApplication, QWidget

    from framescope.session.settings import Settings

_INSET = 6


class FieldStyle(QProxyStyle):
    """Adjusts every combo box, spin box and slider of the application. Threads: GUI.

    A field inside a scroll area ignores the wheel; any other combo box or spin box uses it only while it has
    the focus, and the wheel does not give it focus.

    It is a style because Qt passes each widget to the style before showing it. An event filter on the
    application would be called for every event of every object, making each several times as slow.
    """

    def polish(self, dressed: QWidget | QPalette | QApplication) -> None:  # type: ignore[override]
        """Set up a field before it is first shown."""
        super().polish(dressed)
        if isinstance(dressed, QComboBox | QAbstractSpinBox | QSlider):
            dressed.installEventFilter(self)
            if dressed.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                dressed.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if isinstance(dressed, QAbstractSpinBox):
            # Qt ignores the stylesheet's left padding in a field with styled arrows.
            dressed.lineEdit().setTextMargins(_INSET, 0, 0, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Ignore the wheel over a field, so that Qt passes it to the parent."""
        if event.type() == QEvent.Type.Wheel and _is_passed_over(watched):
            event.ignore()
            return True
        return False


def _is_passed_over(watched: QObject) -> bool:
    if isinstance(watched, QComboBox | QAbstractSpinBox):
        return not watched.hasFocus() or _is_in_scroll_area(watched)
    return isinstance(watched, QSlider) and _is_in_scroll_area(watched)


def _is_in_scroll_area(widget: QWidget) -> bool:
    around = widget.parentWidget()
    while around is not None and not isinstance(around, QAbstractScrollArea):
        around = None if around.isWindow() else around.parentWidget()
    return around is not None


__all__ = [
    "DARK",
    "LIGHT",
    "OWN_COLORS",
    "RADIUS",
    "SPACE",
    "THEME_WORDS",
    "ThemeChoice",
    "ThemeSource",
    "Tokens",
    "contrast_ratio",
    "make_palette",
    "make_stylesheet",
    "repolish",
    "set_role",
    "set_style_property",
    "with_colors",
]

THEME_WORDS = {
    ThemeChoice.SYSTEM: tr("System"),
    ThemeChoice.DARK: tr("Dark"),
    ThemeChoice.LIGHT: tr("Light"),
}
"""What the themes are called."""
SPACE = 8
"""Unit of all margins and gaps, in logical pixels."""
RADIUS = 4
"""The corner radius of fields, buttons and chips, in logical pixels."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by meaning. A widget uses ``tokens.playhead``, never a literal colour.

    Attributes:
        is_dark: Whether text is light on a dark background.
        window: The window background.
        surface: Panels, the timeline, the filmstrip.
        surface_raised: Buttons, headers, chips, the hovered row.
        surface_sunken: Text fields, tables.
        border: Hairlines between parts.
        border_strong: Outlines of controls.
        text: Body text.
        text_muted: Labels and units; still readable (4.5:1) on every surface.
        text_faint: Hints and disabled text; 3:1 at least.
        accent: Focus, selection, the primary button.
        accent_text: Text on ``accent``.
        selection: Background of a selected row, under ``text``.
        playhead: The current frame on the timeline.
        keyframe: Ticks of random-access points.
        i_frame: Bars of intra pictures.
        p_frame: Bars of predicted pictures.
        b_frame: Bars of bidirectional pictures.
        unknown_frame: Bars whose picture type is unknown.
        in_out: Fill of the in/out range (translucent).
        mark: Flags of marked frames.
        chosen: Frames chosen for export.
        cached: Frames that are decoded and in memory.
        sound: The waveform.
        pending: The part not indexed yet.
        warning: Uncertain values and disagreements.
        error: Failures.
        success: Verified results.
        gop_band_a: One of two alternating GOP backgrounds.
        gop_band_b: The other one.
        picture_background: The area around the picture.
        overlay: Background of chips over the picture (translucent, dark in both themes).
        overlay_text: Text on ``overlay``.
        overlay_text_muted: Secondary text on ``overlay``.
    """

    is_dark: bool
    window: QColor
    surface: QColor
    surface_raised: QColor
    surface_sunken: QColor
    border: QColor
    border_strong: QColor
    text: QColor
    text_muted: QColor
    text_faint: QColor
    accent: QColor
    accent_text: QColor
    selection: QColor
    playhead: QColor
    keyframe: QColor
    i_frame: QColor
    p_frame: QColor
    b_frame: QColor
    unknown_frame: QColor
    in_out: QColor
    mark: QColor
    chosen: QColor
    cached: QColor
    sound: QColor
    pending: QColor
    warning: QColor
    error: QColor
    success: QColor
    gop_band_a: QColor
    gop_band_b: QColor
    picture_background: QColor
    overlay: QColor
    overlay_text: QColor
    overlay_text_muted: QColor

    def __hash__(self) -> int:
        """For what is derived from them and kept. Themes seldom share this colour."""
        return self.window.rgba()


def _tokens(*, is_dark: bool, **colors: str) -> Tokens:
    return Tokens(is_dark=is_dark, **{name: QColor(value) for name, value in colors.items()})


# I, P and B differ in lightness as well as in hue (after Okabe and Ito), for colour-blind users.
# Colours with alpha are written #AARRGGBB.
DARK = _tokens(
    is_dark=True,
    window="#131417",
    surface="#1a1b1f",
    surface_raised="#26282e",
    surface_sunken="#101114",
    border="#2a2c33",
    border_strong="#3b3e47",
    text="#e8e9ec",
    text_muted="#a4a8b3",
    text_faint="#838894",
    accent="#6b9bff",
    accent_text="#0a0f1c",
    selection="#2a3c63",
    playhead="#ff6d4d",
    keyframe="#ffd37a",
    i_frame="#f0ad4e",
    p_frame="#5aa9e6",
    b_frame="#4f868d",
    unknown_frame="#71767f",
    in_out="#386b9bff",
    mark="#ff7ab6",
    chosen="#b794ff",
    cached="#4fae7b",
    sound="#9db7cf",
    pending="#34373f",
    warning="#f2bd5b",
    error="#ff8278",
    success="#6cc991",
    gop_band_a="#1d1f24",
    gop_band_b="#26292f",
    picture_background="#0b0c0e",
    overlay="#d915161a",
    overlay_text="#f3f4f6",
    overlay_text_muted="#b4b8c1",
)

LIGHT = _tokens(
    is_dark=False,
    window="#eceef1",
    surface="#f8f9fa",
    surface_raised="#e9ebef",
    surface_sunken="#ffffff",
    border="#dadde3",
    border_strong="#bcc1ca",
    text="#1b1d22",
    text_muted="#565c68",
    text_faint="#6a707c",
    accent="#2b62d9",
    accent_text="#ffffff",
    selection="#cfddfb",
    playhead="#d9431e",
    keyframe="#b07404",
    i_frame="#c87a08",
    p_frame="#2f7dc4",
    b_frame="#5c9a9c",
    unknown_frame="#868c98",
    in_out="#302b62d9",
    mark="#c8307c",
    chosen="#6d3fc4",
    cached="#3d9a68",
    sound="#4d6880",
    pending="#d3d7de",
    warning="#8f5d00",
    error="#c02c20",
    success="#1a7044",
    gop_band_a="#f3f5f7",
    gop_band_b="#e6e9ee",
    picture_background="#dcdfe4",
    overlay="#e01c1d21",
    overlay_text="#f3f4f6",
    overlay_text_muted="#b9bdc6",
)

# Yellow (red in the light theme), light blue and dark blue keep their distance with every kind of colour
# vision, the rare blindness for blue included, to which the standard blue and green look alike.
_COLOR_BLIND = {
    True: {"i_frame": "#f0e442", "p_frame": "#56b4e9", "b_frame": "#0072b2"},
    False: {"i_frame": "#d55e00", "p_frame": "#2f8fd6", "b_frame": "#003f7f"},
}
OWN_COLORS = ("i_frame", "p_frame", "b_frame", "keyframe", "mark")
"""The colours that users can replace."""


def with_colors(tokens: Tokens, color_set: ColorSet, own: Mapping[str, str]) -> Tokens:
    """A theme with the colours of a set, and the user's own."""
    chosen = _COLOR_BLIND[tokens.is_dark] if color_set is ColorSet.COLOR_BLIND else {}
    mine = {name: color for name, color in own.items() if name in OWN_COLORS}
    changed: dict[str, Any] = {name: QColor(color) for name, color in {**chosen, **mine}.items()}
    return replace(tokens, **changed) if changed else tokens


class ThemeSource(QObject):
    """Provides the tokens of the current theme and signals changes. Threads: GUI.

    Constructing one changes nothing on screen; ``apply_to`` applies it to an application.
    """

    changed = Signal()

    def __init__(self, choice: ThemeChoice = ThemeChoice.SYSTEM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = ThemeChoice(choice)
        self._app: QApplication | None = None
        self._settings: Settings | None = None
        self._color_set = ColorSet.STANDARD
        self._own_colors: Mapping[str, str] = {}
        self._tokens = self._resolve()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)

    @property
    def choice(self) -> ThemeChoice:
        """The user's choice: the system's theme, dark, or light."""
        return self._choice

    @property
    def tokens(self) -> Tokens:
        """The current colours."""
        return self._tokens

    def set_choice(self, choice: ThemeChoice) -> None:
        """Follow the system, or use one theme regardless of the system."""
        self._choice = ThemeChoice(choice)
        if self._app is not None:
            self._tell_system()
        self._refresh()

    def set_colors(self, color_set: ColorSet, own: Mapping[str, str]) -> None:
        """Use a set of colours for picture types, and the user's own colours."""
        self._color_set, self._own_colors = color_set, own
        self._refresh()

    def follow(self, settings: Settings) -> None:
        """Use the colours of the settings, now and at every change, and the theme once that changes."""
        self._settings = settings
        settings.changed.connect(self._on_setting_changed)
        self._on_setting_changed("colors")

    def apply_to(self, app: QApplication) -> None:
        """Apply the theme to ``app``, now and at every change."""
        self._app = app
        app.setStyle(FieldStyle("Fusion"))
        self._tell_system()
        self._tokens = self._resolve()
        self._dress()
        self.changed.emit()

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        settings = self._settings
        if settings is not None and name == "theme":
            self.set_choice(settings.theme)
        elif settings is not None and name in {"color_set", "colors"}:
            self.set_colors(settings.color_set, settings.colors)

    @Slot()
    def _on_color_scheme_changed(self) -> None:
        self._refresh()

    def _tell_system(self) -> None:
        # Window frames and native dialogs use this colour scheme.
        schemes = {ThemeChoice.DARK: Qt.ColorScheme.Dark, ThemeChoice.LIGHT: Qt.ColorScheme.Light}
        QGuiApplication.styleHints().setColorScheme(schemes.get(self._choice, Qt.ColorScheme.Unknown))

    def _resolve(self) -> Tokens:
        is_light = self._choice is ThemeChoice.LIGHT
        if self._choice is ThemeChoice.SYSTEM:
            # If the system reports no scheme, use dark: pictures are judged on a dark background.
            is_light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        return with_colors(LIGHT if is_light else DARK, self._color_set, self._own_colors)

    def _refresh(self) -> None:
        tokens = self._resolve()
        if tokens == self._tokens:
            return
        self._tokens = tokens
        self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        if self._app is not None:
            self._app.setPalette(make_palette(self._tokens))
            self._app.setStyleSheet(make_stylesheet(self._tokens))


def make_palette(tokens: Tokens) -> QPalette:
    """The palette for what a stylesheet does not cover, such as text painted by a widget."""
    role = QPalette.ColorRole
    palette = QPalette()
    colors = {
        role.Window: tokens.surface,
        role.WindowText: tokens.text,
        role.Base: tokens.surface_sunken,
        role.AlternateBase: tokens.surface,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.text_faint,
        role.Button: tokens.surface_raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.accent_text,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.accent_text,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.ToolTipBase: tokens.surface_raised,
        role.ToolTipText: tokens.text,
        role.Light: tokens.surface_raised,
        role.Midlight: tokens.surface_raised,
        role.Mid: tokens.border_strong,
        role.Dark: tokens.border,
        role.Shadow: tokens.window,
    }
    for name, color in colors.items():
        palette.setColor(name, color)
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, tokens.text_faint)
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, tokens.surface_raised)
    return palette


def make_stylesheet(tokens: Tokens) -> str:
    """The stylesheet with every ``@token`` replaced by its colour."""
    sheet = resource_path("theme", "framescope.qss").read_text(encoding="utf-8")
    # Longest first: @text must not match the beginning of @text_muted.
    for field in sorted(fields(tokens), key=lambda field: -len(field.name)):
        value = getattr(tokens, field.name)
        if isinstance(value, QColor):
            sheet = sheet.replace(f"@{field.name}", value.name(QColor.NameFormat.HexArgb))
    images = resource_path("theme", "dark" if tokens.is_dark else "light").as_posix()
    return sheet.replace("@images", images)


def contrast_ratio(first: QColor, second: QColor) -> float:
    """The contrast ratio of two opaque colours by WCAG 2.2, from 1 to 21."""
    lights = sorted((_relative_luminance(first), _relative_luminance(second)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _relative_luminance(color: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(value) for value in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def repolish(widget: QWidget) -> None:
    """Reapply the stylesheet: a changed property or name takes effect only on polishing."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.updateGeometry()


def set_style_property(widget: QWidget, name: str, value: object) -> None:
    """Change a property used in stylesheet selectors."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        repolish(widget)


def set_role(widget: QWidget, role: str) -> None:
    """Set a widget's role, and so its colour: ``muted``, ``error``, ``warning``, ``success``, ``heading``."""
    set_style_property(widget, "role", role)
