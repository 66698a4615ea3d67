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


def test_another_preset_keeps_the_users_own_keys() -> None:
    changed = KeyMap().rebound("mark.toggle", ("X",)).with_preset(Preset.MPV)
    assert changed.preset is Preset.MPV
    assert changed.keys_of("mark.toggle") == ("X",)
    assert changed.keys_of("go.forward_1min") == ("Up",)


def test_what_lost_its_key_to_another_action_gets_that_of_the_new_preset() -> None:
    changed = KeyMap().rebound("mark.toggle", ("Right",))
    assert "Right" not in changed.keys_of("go.next_frame")
    switched = changed.with_preset(Preset.MPV)
    assert switched.keys_of("mark.toggle") == ("Right",)
    assert switched.keys_of("go.next_frame") == KeyMap(Preset.MPV).keys_of("go.next_frame")
    assert switched.conflicts() == {}


def test_a_key_that_was_removed_stays_removed() -> None:
    switched = KeyMap().rebound("mark.toggle", ()).with_preset(Preset.LOSSLESSCUT)
    assert switched.keys_of("mark.toggle") == ()


def test_settings_of_another_version_do_no_harm() -> None:
    kept = key_map_from("Emacs", {"go.to": ["H"], "gone.action": ["X"], "mark.in": "not a list"})
    assert kept.preset is Preset.FRAMESCOPE
    assert kept.changes == {"go.to": ("H",)}


def test_empty_keys_are_dropped() -> None:
    assert KeyMap().rebound("mark.toggle", ("", "X", "X")).keys_of("mark.toggle") == ("X",)
