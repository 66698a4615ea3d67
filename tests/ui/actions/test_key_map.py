"""Key maps: presets, the user's changes, conflicts, and what settings kept."""

from __future__ import annotations

from framescope.ui.actions.key_map import KeyMap, key_map_from, normalized
from framescope.ui.actions.presets import Preset


def test_spelling_is_one() -> None:
    assert normalized("ctrl+shift+z") == "Ctrl+Shift+Z"


def test_rebinding_takes_the_key_from_its_owner() -> None:
    changed = KeyMap().rebound("mark.toggle", ("G",))
    assert changed.keys_of("mark.toggle") == ("G",)
    assert changed.keys_of("go.to") == ()
    assert changed.conflicts() == {}
    assert changed.action_of("g") == "mark.toggle"


def test_rebinding_to_the_preset_is_no_change() -> None:
    changed = KeyMap().rebound("mark.toggle", ("X",)).rebound("mark.toggle", ("M",))
    assert changed.changes == {}


def test_conflicts_name_both_actions() -> None:
    clash = KeyMap(changes={"mark.toggle": ("G",)})
    assert clash.conflicts() == {"G": ("go.to", "mark.toggle")}


def test_preset_replaces_changes() -> None:
    changed = KeyMap().rebound("mark.toggle", ("X",)).with_preset(Preset.MPV)
    assert changed.keys_of("mark.toggle") == ("M",)
    assert changed.keys_of("go.next_10") == ("Right",)


def test_settings_of_another_version_do_no_harm() -> None:
    kept = key_map_from("Emacs", {"go.to": ["H"], "gone.action": ["X"], "mark.in": "not a list"})
    assert kept.preset is Preset.FRAMESCOPE
    assert kept.changes == {"go.to": ("H",)}


def test_empty_keys_are_dropped() -> None:
    assert KeyMap().rebound("mark.toggle", ("", "X", "X")).keys_of("mark.toggle") == ("X",)
