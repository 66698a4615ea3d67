"""Keys do what they do in the programs that the presets are named after.

The pairs are facts of these programs: LosslessCut's configStore.ts, mpv's etc/input.conf, Avidemux's menus,
xStudio's manual.
"""

from __future__ import annotations

import pytest

from framescope.ui.actions.key_map import KeyMap
from framescope.ui.actions.presets import Preset
from framescope.ui.panels.catalog import PANELS

XSTUDIO = {
    "Space": "play.toggle", "I": "mark.in", "O": "mark.out", "P": "play.range_only", "J": "play.backward",
    "K": "play.stop", "L": "play.forward", "Left": "go.previous_frame", "Right": "go.next_frame",
}  # fmt: skip
"""FrameScope's own keys follow xStudio's."""
LOSSLESSCUT = {
    "Space": "play.toggle_normal", "K": "play.toggle", "J": "play.slow_down", "L": "play.speed_up",
    "Shift+J": "play.halve_speed", "Shift+L": "play.double_speed", "Z": "view.timeline_all",
    ",": "go.previous_frame", ".": "go.next_frame", "C": "file.save_frame", "Shift+C": "edit.copy_picture",
    "I": "mark.in", "O": "mark.out", "G": "go.to", "Left": "go.back_1s", "Right": "go.forward_1s",
    "Ctrl+Shift+Left": "go.back_10s", "Ctrl+Shift+Right": "go.forward_10s",
    "Ctrl+Left": "go.previous_percent", "Ctrl+Right": "go.next_percent",
    "Alt+Left": "go.previous_keyframe", "Alt+Right": "go.next_keyframe",
    "Shift+Left": "go.in", "Shift+Right": "go.out", "Ctrl+Home": "go.first", "Ctrl+End": "go.last",
    "Up": "go.previous_mark", "Down": "go.next_mark", "PgUp": "go.first_mark", "PgDown": "go.last_mark",
    "Ctrl+Up": "view.timeline_in", "Ctrl+Down": "view.timeline_out",
    "Ctrl+Shift+Up": "file.previous", "Ctrl+Shift+Down": "file.next",
    "Ctrl+Z": "edit.undo", "Ctrl+Shift+Z": "edit.redo", "F": "view.picture_only", "E": "file.export",
    "?": "help.keys", "R": "view.rotation",
}  # fmt: skip
MPV = {
    "Right": "go.forward_5s", "Left": "go.back_5s", "Up": "go.forward_1min", "Down": "go.back_1min",
    "Shift+Right": "go.forward_1s", "Shift+Left": "go.back_1s",
    "Shift+Up": "go.forward_5s", "Shift+Down": "go.back_5s",
    "Shift+PgUp": "go.forward_10min", "Shift+PgDown": "go.back_10min",
    "[": "play.slow_down", "]": "play.speed_up", "{": "play.halve_speed", "}": "play.double_speed",
    "Backspace": "play.normal_speed", "Q": "file.quit", "Ctrl+W": "file.quit", "P": "play.toggle",
    "Space": "play.toggle", ".": "go.next_frame", ",": "go.previous_frame",
    ">": "file.next", "<": "file.previous", "?": "help.keys", "F": "view.picture_only",
    "S": "file.save_frame", "Ctrl+S": "file.save_frame", "L": "play.ab_loop", "Shift+L": "play.loop",
    "Alt++": "view.zoom_in", "Alt+-": "view.zoom_out", "Alt+Backspace": "view.fit", "Ctrl+V": "file.paste",
}  # fmt: skip
AVIDEMUX = {
    "Left": "go.previous_frame", "Right": "go.next_frame",
    "Down": "go.previous_keyframe", "Up": "go.next_keyframe",
    "Shift+Left": "go.back_1s", "Shift+Right": "go.forward_1s",
    "Ctrl+Left": "go.back_2s", "Ctrl+Right": "go.forward_2s",
    "Ctrl+Shift+Left": "go.back_4s", "Ctrl+Shift+Right": "go.forward_4s",
    "Home": "go.first", "End": "go.last", "PgUp": "go.in", "PgDown": "go.out", "Ctrl+T": "go.to",
    "Ctrl+PgUp": "mark.in", "Ctrl+PgDown": "mark.out", "Ctrl+Home": "mark.clear_range",
    "Space": "play.toggle", "Ctrl+O": "file.open", "Ctrl+S": "file.export_clip",
    "Ctrl+U": "file.export_queue",
    "Ctrl+P": "file.save_frame", "Ctrl+E": "file.save_frame", "Ctrl+W": "file.close", "Ctrl+Q": "file.quit",
    "Alt+Return": "panel.codec", "1": "view.double", "2": "view.actual",
    "3": "view.half", "4": "view.quarter", "0": "view.fit", "Ctrl+Z": "edit.undo",
    "Ctrl+Y": "edit.redo",
}  # fmt: skip


@pytest.mark.parametrize(
    ("preset", "keys"),
    [
        (Preset.FRAMESCOPE, XSTUDIO),
        (Preset.LOSSLESSCUT, LOSSLESSCUT),
        (Preset.MPV, MPV),
        (Preset.AVIDEMUX, AVIDEMUX),
    ],
)
def test_keys_are_those_of_the_program(preset: Preset, keys: dict[str, str]) -> None:
    key_map = KeyMap(preset)
    assert {key: key_map.action_of(key) for key in keys} == keys


@pytest.mark.parametrize("preset", list(Preset))
def test_every_panel_and_workspace_has_a_key(preset: Preset) -> None:
    key_map = KeyMap(preset)
    names = [f"panel.{panel.panel_id.removesuffix('Panel')}" for panel in PANELS]
    for action_id in (*names, "panel.timeline", "panel.filmstrip", "workspace.browse", "workspace.inspect"):
        assert key_map.keys_of(action_id), action_id
