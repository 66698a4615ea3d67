"""Shortcut presets of other programs, as differences from FrameScope's own."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Preset(StrEnum):
    """The built-in shortcut presets; the value is the name in settings and menus."""

    FRAMESCOPE = "FrameScope"
    LOSSLESSCUT = "LosslessCut"
    MPV = "mpv"
    AVIDEMUX = "Avidemux"


_LOSSLESSCUT: dict[str, tuple[str, ...]] = {
    "go.next_frame": (".",),
    "go.previous_frame": (",",),
    "go.next_10": ("Right",),
    "go.previous_10": ("Left",),
    "go.next_mark": ("Down",),
    "go.previous_mark": ("Up",),
    "play.toggle": ("Space", "K"),
    "play.stop": (),
    "file.save_frame": ("C",),
    "edit.copy_picture": ("Shift+C", "Ctrl+C"),
    "file.export": ("E", "Ctrl+E"),
    "view.timeline_all": ("Z",),
}

_MPV: dict[str, tuple[str, ...]] = {
    "go.next_frame": (".",),
    "go.previous_frame": (",",),
    "go.next_10": ("Right",),
    "go.previous_10": ("Left",),
    "go.next_keyframe": ("Up", "PgUp"),
    "go.previous_keyframe": ("Down", "PgDown"),
    "play.toggle": ("Space", "P"),
    "play.forward": ("]",),
    "play.backward": ("[",),
    "play.stop": (),
    "file.save_frame": ("S", "Ctrl+S"),
    "view.fit": ("Shift+F",),
    "view.full_screen": ("F", "F11"),
    "file.quit": ("Q", "Ctrl+Q"),
}

_AVIDEMUX: dict[str, tuple[str, ...]] = {
    "go.next_frame": ("Right",),
    "go.previous_frame": ("Left",),
    "go.next_10": ("Ctrl+Right",),
    "go.previous_10": ("Ctrl+Left",),
    "go.next_keyframe": ("Up",),
    "go.previous_keyframe": ("Down",),
    "go.to": ("Ctrl+T", "G"),
    "mark.in": ("[",),
    "mark.out": ("]",),
    "file.export": ("Ctrl+E",),
}

OVERRIDES: Mapping[Preset, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        Preset.FRAMESCOPE: {},
        Preset.LOSSLESSCUT: _LOSSLESSCUT,
        Preset.MPV: _MPV,
        Preset.AVIDEMUX: _AVIDEMUX,
    }
)
"""For each preset, the keys of the actions that differ from FrameScope's own."""
