"""What the user has set, kept between runs. A stored value that cannot be used counts as not stored."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from framescope.core.media.cache import default_cache_bytes
from framescope.core.outside import parse_json
from framescope.core.text import json_document

if TYPE_CHECKING:
    from collections.abc import Sequence

RECENT_LIMIT = 20
CACHE_BYTES_RANGE = (32 << 20, 1 << 40)
THUMBNAIL_HEIGHT_RANGE = (32, 480)


class ThemeChoice(StrEnum):
    """Which colours the window takes."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Settings(QObject):
    """Typed settings. Threads: GUI."""

    changed = Signal(str)
    """The name of the property that changed."""

    def __init__(self, store: QSettings | None = None, parent: QObject | None = None) -> None:
        """Read and write ``store``.

        Args:
            store: Where the values are kept; None keeps them in memory only.
            parent: The Qt parent.
        """
        super().__init__(parent)
        self._store = store
        self._memory: dict[str, object] = {}

    @property
    def recent_files(self) -> tuple[str, ...]:
        """Paths and URLs that were opened, the latest first; at most 20."""
        stored = self._json("recent_files")
        if not isinstance(stored, list):
            return ()
        return tuple(name for name in stored if isinstance(name, str) and name)[:RECENT_LIMIT]

    def add_recent_file(self, source: str) -> None:
        """Put a path or URL first in the list."""
        others = (name for name in self.recent_files if name != source)
        self._put_json("recent_files", [source, *others][:RECENT_LIMIT])

    def remove_recent_file(self, source: str) -> None:
        """Take a path or URL out, as when it is no longer there."""
        self._put_json("recent_files", [name for name in self.recent_files if name != source])

    def clear_recent_files(self) -> None:
        """Forget what was opened."""
        self._put_json("recent_files", [])

    @property
    def theme(self) -> ThemeChoice:
        """Dark, light, or after the system."""
        stored = self._text("theme")
        return ThemeChoice(stored) if stored in tuple(ThemeChoice) else ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._put("theme", choice.value)

    @property
    def cache_bytes(self) -> int:
        """Most memory for decoded frames; a quarter of the machine's, at most 2 GiB, unless set."""
        return self._whole_number("cache_bytes", CACHE_BYTES_RANGE, default_cache_bytes())

    @cache_bytes.setter
    def cache_bytes(self, size: int) -> None:
        self._put("cache_bytes", _clamped(size, CACHE_BYTES_RANGE))

    @property
    def thumbnail_height(self) -> int:
        """Height of the strip's pictures in logical pixels."""
        return self._whole_number("thumbnail_height", THUMBNAIL_HEIGHT_RANGE, 72)

    @thumbnail_height.setter
    def thumbnail_height(self, height: int) -> None:
        self._put("thumbnail_height", _clamped(height, THUMBNAIL_HEIGHT_RANGE))

    @property
    def key_preset(self) -> str:
        """Name of the set of shortcuts."""
        return self._text("key_preset") or "FrameScope"

    @key_preset.setter
    def key_preset(self, name: str) -> None:
        self._put("key_preset", name)

    @property
    def key_overrides(self) -> dict[str, tuple[str, ...]]:
        """Shortcuts by action id that differ from the preset, each in Qt's portable text."""
        stored = self._json("key_overrides")
        if not isinstance(stored, dict):
            return {}
        return {
            action: tuple(keys)
            for action, keys in stored.items()
            if isinstance(keys, list) and all(isinstance(key, str) for key in keys)
        }

    @key_overrides.setter
    def key_overrides(self, overrides: dict[str, Sequence[str]]) -> None:
        self._put_json("key_overrides", {action: list(keys) for action, keys in overrides.items()})

    @property
    def window_geometry(self) -> QByteArray:
        """What ``QWidget.saveGeometry`` gave; empty when never saved."""
        return self._bytes("window_geometry")

    @window_geometry.setter
    def window_geometry(self, geometry: QByteArray) -> None:
        self._put("window_geometry", geometry)

    @property
    def window_state(self) -> QByteArray:
        """What ``QMainWindow.saveState`` gave; empty when never saved."""
        return self._bytes("window_state")

    @window_state.setter
    def window_state(self, state: QByteArray) -> None:
        self._put("window_state", state)

    @property
    def last_folder(self) -> str:
        """Where the open dialog was left; empty when never used."""
        return self._text("last_folder")

    @last_folder.setter
    def last_folder(self, folder: str) -> None:
        self._put("last_folder", folder)

    @property
    def export_choices(self) -> dict[str, Any]:
        """What the export dialog was last set to, as plain JSON values; the dialog checks them."""
        stored = self._json("export_choices")
        return stored if isinstance(stored, dict) else {}

    @export_choices.setter
    def export_choices(self, choices: dict[str, Any]) -> None:
        self._put_json("export_choices", choices)

    @property
    def unfinished_work(self) -> list[Any]:
        """What `UnfinishedList` keeps, as plain JSON values; it checks them."""
        if self._store is not None:
            # Another window may have written meanwhile.
            self._store.sync()
        stored = self._json("unfinished_work")
        return stored if isinstance(stored, list) else []

    @unfinished_work.setter
    def unfinished_work(self, entries: list[Any]) -> None:
        self._put_json("unfinished_work", entries)

    def save(self) -> None:
        """Write everything to disk now."""
        if self._store is not None:
            self._store.sync()

    def _value(self, name: str) -> object:
        return self._memory.get(name) if self._store is None else self._store.value(name)

    def _put(self, name: str, value: object) -> None:
        if self._store is None:
            self._memory[name] = value
        else:
            self._store.setValue(name, value)
        self.changed.emit(name)

    def _text(self, name: str) -> str:
        stored = self._value(name)
        return stored if isinstance(stored, str) else ""

    def _bytes(self, name: str) -> QByteArray:
        stored = self._value(name)
        return stored if isinstance(stored, QByteArray) else QByteArray()

    def _whole_number(self, name: str, limits: tuple[int, int], default: int) -> int:
        stored = self._value(name)
        try:
            # An INI file gives every number back as text.
            number = int(str(stored))
        except ValueError:
            return default
        return number if limits[0] <= number <= limits[1] else default

    def _json(self, name: str) -> object:
        # As JSON, because an INI file gives a list of one back as a bare string.
        stored = self._value(name)
        if not isinstance(stored, str):
            return None
        try:
            parsed: object = parse_json(stored)
        except ValueError:
            return None
        return parsed

    def _put_json(self, name: str, value: object) -> None:
        self._put(name, json_document(value))


def _clamped(number: int, limits: tuple[int, int]) -> int:
    return min(max(number, limits[0]), limits[1])
