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


# As in the programs' own lists: LosslessCut's configStore.ts, mpv's etc/input.conf, Avidemux's myOwnMenu.h
# and Q_gui2.cpp. FrameScope's own keys stay where these programs have none, or do what FrameScope does not.
_LOSSLESSCUT: dict[str, tuple[str, ...]] = {
    "go.next_frame": (".",),
    "go.previous_frame": (",",),
    "go.next_10": (),
    "go.previous_10": (),
    "go.forward_1s": ("Right",),
    "go.back_1s": ("Left",),
    "go.forward_10s": ("Ctrl+Shift+Right",),
    "go.back_10s": ("Ctrl+Shift+Left",),
    "go.in": ("Shift+Left", "Shift+I"),
    "go.out": ("Shift+Right", "Shift+O"),
    "go.next_mark": ("Down",),
    "go.previous_mark": ("Up",),
    "go.first_mark": ("PgUp",),
    "go.last_mark": ("PgDown",),
    "file.next": ("Ctrl+Shift+Down", "Shift+Down"),
    "file.previous": ("Ctrl+Shift+Up", "Shift+Up"),
    "play.toggle": ("K",),
    "play.toggle_normal": ("Space",),
    "play.stop": (),
    "play.forward": (),
    "play.backward": (),
    "play.speed_up": ("L",),
    "play.slow_down": ("J",),
    "play.double_speed": ("Shift+L",),
    "play.halve_speed": ("Shift+J",),
    "play.normal_speed": (),
    "play.ab_loop": (),
    "mark.clear_range": ("Backspace", "Shift+X"),
    "file.save_frame": ("C", "Ctrl+S"),
    "edit.copy_picture": ("Shift+C", "Ctrl+C"),
    "file.export": ("E", "Ctrl+E"),
    "view.timeline_all": ("Z", "Ctrl+0"),
}

_MPV: dict[str, tuple[str, ...]] = {
    "go.next_frame": (".",),
    "go.previous_frame": (",",),
    "go.next_10": (),
    "go.previous_10": (),
    "go.forward_5s": ("Right", "Shift+Up"),
    "go.back_5s": ("Left", "Shift+Down"),
    "go.forward_1min": ("Up",),
    "go.back_1min": ("Down",),
    "go.forward_1s": ("Shift+Right",),
    "go.back_1s": ("Shift+Left",),
    "go.forward_10min": ("Shift+PgUp",),
    "go.back_10min": ("Shift+PgDown",),
    "go.next_mark": ("Alt+Down",),
    "go.previous_mark": ("Alt+Up",),
    "file.next": (">", "Ctrl+PgDown"),
    "file.previous": ("<", "Ctrl+PgUp"),
    "play.toggle": ("Space", "P"),
    "play.forward": (),
    "play.backward": (),
    "play.stop": (),
    "play.range_only": (),
    "play.ab_loop": ("L",),
    "play.loop": ("Shift+L",),
    "file.save_frame": ("S", "Ctrl+S"),
    "view.fit": ("Alt+Backspace", "Shift+F"),
    "view.fields_deinterlaced": ("D",),
    "view.zoom_in": ("Alt++", "+", "="),
    "view.zoom_out": ("Alt+-", "-"),
    "file.quit": ("Q", "Shift+Q", "Ctrl+W", "Ctrl+Q"),
    "file.close": (),
    "go.next_chapter": ("PgUp",),
    "go.previous_chapter": ("PgDown",),
    "subtitles.next": ("J",),
    "sound.mute": ("M",),
    "sound.quieter": ("/",),
    "sound.louder": ("*",),
    "sound.next_stream": ("#",),
    "subtitles.show": ("V",),
    "mark.toggle": ("Ctrl+M",),
}

_AVIDEMUX: dict[str, tuple[str, ...]] = {
    "go.next_frame": ("Right",),
    "go.previous_frame": ("Left",),
    "go.next_10": (),
    "go.previous_10": (),
    "go.next_keyframe": ("Up",),
    "go.previous_keyframe": ("Down",),
    "go.forward_1s": ("Shift+Right",),
    "go.back_1s": ("Shift+Left",),
    "go.forward_2s": ("Ctrl+Right",),
    "go.back_2s": ("Ctrl+Left",),
    "go.forward_4s": ("Ctrl+Shift+Right",),
    "go.back_4s": ("Ctrl+Shift+Left",),
    "go.next_percent": (),
    "go.previous_percent": (),
    "go.first": ("Home",),
    "go.last": ("End",),
    "go.in": ("PgUp",),
    "go.out": ("PgDown",),
    "go.to": ("Ctrl+T", "G"),
    "mark.in": ("Ctrl+PgUp", "["),
    "mark.out": ("Ctrl+PgDown", "]"),
    "mark.clear_range": ("Ctrl+Home", "Shift+X"),
    "play.speed_up": (),
    "play.slow_down": (),
    "file.next": (),
    "file.previous": (),
    "file.open_url": (),
    "file.export_queue": ("Ctrl+U",),
    "file.export_clip": ("Ctrl+S",),
    "file.save_frame": ("Ctrl+E", "Ctrl+P"),
    "file.export": ("Ctrl+Shift+E",),
    "view.double": ("1",),
    "view.actual": ("2",),
    "view.half": ("3",),
    "view.quarter": ("4",),
    "mark.label_1": ("Ctrl+1",),
    "mark.label_2": ("Ctrl+2",),
    "mark.label_3": ("Ctrl+3",),
    "mark.label_4": ("Ctrl+4",),
    "view.fit": ("0",),
    "panel.codec": ("Alt+Return", "Alt+1"),
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
