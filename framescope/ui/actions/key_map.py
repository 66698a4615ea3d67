"""The shortcuts: a preset and the user's changes, with conflicts detected."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from framescope.ui.actions.catalog import ACTIONS
from framescope.ui.actions.presets import OVERRIDES, Preset

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN_KEYS = {spec.action_id: spec.keys for spec in ACTIONS}


def normalized(key: str) -> str:
    """The canonical spelling of a key: ``ctrl+shift+z`` becomes ``Ctrl+Shift+Z``."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


@dataclass(frozen=True, slots=True)
class KeyMap:
    """The active shortcuts.

    Attributes:
        preset: The preset they are based on.
        changes: The user's changes, by action id; an empty tuple means no key.
    """

    preset: Preset = Preset.FRAMESCOPE
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def keys_of(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action; menus show the first."""
        if action_id in self.changes:
            return self.changes[action_id]
        return self.preset_keys_of(action_id)

    def preset_keys_of(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action without the user's changes."""
        return OVERRIDES[self.preset].get(action_id, _OWN_KEYS[action_id])

    def action_of(self, key: str) -> str | None:
        """The action that a key triggers, or None."""
        wanted = normalized(key)
        for action_id in _OWN_KEYS:
            if any(normalized(taken) == wanted for taken in self.keys_of(action_id)):
                return action_id
        return None

    def conflicts(self) -> dict[str, tuple[str, ...]]:
        """Keys assigned to more than one action, with the ids of those actions."""
        claims: dict[str, list[str]] = {}
        for action_id in _OWN_KEYS:
            for key in self.keys_of(action_id):
                claims.setdefault(normalized(key), []).append(action_id)
        return {key: tuple(ids) for key, ids in claims.items() if len(ids) > 1}

    def rebound(self, action_id: str, keys: tuple[str, ...]) -> KeyMap:
        """A copy with other keys for one action; other actions lose these keys."""
        wanted = tuple(dict.fromkeys(normalized(key) for key in keys if key))
        changes = dict(self.changes)
        for other in _OWN_KEYS:
            left = tuple(key for key in self.keys_of(other) if normalized(key) not in wanted)
            if other != action_id and left != self.keys_of(other):
                changes[other] = left
        changes[action_id] = wanted
        kept = {name: keys for name, keys in changes.items() if keys != self.preset_keys_of(name)}
        return replace(self, changes=kept)

    def with_preset(self, preset: Preset) -> KeyMap:
        """A copy with another preset, keeping the user's changes."""
        switched = KeyMap(preset)
        bound = {normalized(key) for keys in self.changes.values() for key in keys}
        for action_id, keys in self.changes.items():
            given = self.preset_keys_of(action_id)
            added = [key for key in keys if key not in given]
            # A key reassigned to another action is a side effect; the new preset may not use it at all.
            removed = [key for key in given if key not in keys and normalized(key) not in bound]
            if added or removed:
                switched = switched.rebound(action_id, keys)
        return switched


def key_map_from(preset: str, changes: Mapping[str, object]) -> KeyMap:
    """Read stored settings, ignoring actions and presets unknown to this version."""
    known = Preset(preset) if preset in set(Preset) else Preset.FRAMESCOPE
    clean: dict[str, tuple[str, ...]] = {}
    for action_id, keys in changes.items():
        if action_id in _OWN_KEYS and isinstance(keys, (list, tuple)):
            clean[action_id] = tuple(str(key) for key in keys)
    return KeyMap(known, clean)
