"""The user's settings, stored between runs. Invalid stored values are ignored."""

from __future__ import annotations

import hashlib
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from framescope.core.marks.labels import Label, labels_from
from framescope.core.media.decoding.cache import default_cache_bytes
from framescope.core.outside import parse_json
from framescope.core.printable import json_document
from framescope.session.playback import Repeat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RECENT_LIMIT = 20
CACHE_BYTES_RANGE = (32 << 20, 1 << 40)
THUMBNAIL_HEIGHT_RANGE = (32, 480)
VOLUME_RANGE = (0, 100)
_YES, _NO = "yes", "no"


class ThemeChoice(StrEnum):
    """The colour theme of the window."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Settings(QObject):
    """Typed settings. Threads: GUI.

    Several windows, each its own process, may share one store. Lists that they add to, such as the recent
    files, are stored as one value per entry, so that no window overwrites another's additions with an old
    list.
    """

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
        self._split_lists()

    @property
    def recent_files(self) -> tuple[str, ...]:
        """Recently opened paths and URLs, latest first; at most 20."""
        return tuple(name for name, _ in self._recent())[:RECENT_LIMIT]

    def add_recent_file(self, source: str) -> None:
        """Move a path or URL to the front of the list."""
        known = self._recent()
        # Clocks may be set back or coarse: make the new entry later than all existing ones.
        opened = max([time.time_ns(), *(each + 1 for _, each in known[:1])])
        self._put_entry("recent", _key_of(source), {"source": source, "opened": opened})
        for name, _ in [entry for entry in known if entry[0] != source][RECENT_LIMIT - 1 :]:
            self._remove_entry("recent", _key_of(name))
        self.changed.emit("recent_files")

    def remove_recent_file(self, source: str) -> None:
        """Remove a path or URL, for example one that no longer exists."""
        self._remove_entry("recent", _key_of(source))
        self.changed.emit("recent_files")

    def clear_recent_files(self) -> None:
        """Clear the recent files."""
        for key in self._entries("recent"):
            self._remove_entry("recent", key)
        self.changed.emit("recent_files")

    def _recent(self) -> list[tuple[str, int]]:
        """Each source and when it was opened, the latest first."""
        stored = [entry for entry in self._entries("recent").values() if isinstance(entry, dict)]
        pairs = [(entry.get("source"), entry.get("opened")) for entry in stored]
        found = [
            (source, opened)
            for source, opened in pairs
            if isinstance(source, str) and source and isinstance(opened, int)
        ]
        return sorted(found, key=lambda each: each[1], reverse=True)

    @property
    def theme(self) -> ThemeChoice:
        """Dark, light, or following the system."""
        stored = self._text("theme")
        return ThemeChoice(stored) if stored in tuple(ThemeChoice) else ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._put("theme", choice.value)

    @property
    def cache_bytes(self) -> int:
        """Memory limit for decoded frames; by default a quarter of the machine's memory, at most 2 GiB."""
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
        """Name of the shortcut preset."""
        return self._text("key_preset") or "FrameScope"

    @key_preset.setter
    def key_preset(self, name: str) -> None:
        self._put("key_preset", name)

    @property
    def key_overrides(self) -> dict[str, tuple[str, ...]]:
        """Shortcuts by action id that differ from the preset, each in Qt's portable text."""
        return {
            action: tuple(keys)
            for action, keys in self._entries("keys").items()
            if isinstance(keys, list) and all(isinstance(key, str) for key in keys)
        }

    @key_overrides.setter
    def key_overrides(self, overrides: dict[str, Sequence[str]]) -> None:
        self.change_key_overrides(self.key_overrides, overrides)

    def change_key_overrides(
        self, before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]
    ) -> None:
        """Write the difference between the shortcuts before and after editing.

        Changes written by another window meanwhile are kept.
        """
        for action in before.keys() - after.keys():
            self._remove_entry("keys", action)
        for action, keys in after.items():
            if action not in before or tuple(before[action]) != tuple(keys):
                self._put_entry("keys", action, list(keys))
        self.changed.emit("key_overrides")

    @property
    def repeat(self) -> Repeat:
        """What playback does after the last frame."""
        stored = self._text("repeat")
        return Repeat(stored) if stored in tuple(Repeat) else Repeat.OFF

    @repeat.setter
    def repeat(self, repeat: Repeat) -> None:
        self._put("repeat", repeat.value)

    @property
    def plays_range_only(self) -> bool:
        """Whether playback stays between the in and out points."""
        return self._text("plays_range_only") == _YES

    @plays_range_only.setter
    def plays_range_only(self, range_only: bool) -> None:
        self._put("plays_range_only", _YES if range_only else _NO)

    @property
    def plays_every_frame(self) -> bool:
        """Whether playback shows every frame, slower if need be, instead of skipping some to keep time."""
        return self._text("plays_every_frame") == _YES

    @plays_every_frame.setter
    def plays_every_frame(self, every_frame: bool) -> None:
        self._put("plays_every_frame", _YES if every_frame else _NO)

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels that the keys 1 to 9 give to frames."""
        return labels_from(self._json("labels"))

    @labels.setter
    def labels(self, labels: Sequence[Label]) -> None:
        self._put_json("labels", [list(label) for label in labels])

    @property
    def separates_channels(self) -> bool:
        """Whether the waveform shows each channel by itself."""
        return self._text("separates_channels") == _YES

    @separates_channels.setter
    def separates_channels(self, separates: bool) -> None:
        self._put("separates_channels", _YES if separates else _NO)

    @property
    def is_muted(self) -> bool:
        """Whether sound is muted."""
        return self._text("is_muted") == _YES

    @is_muted.setter
    def is_muted(self, muted: bool) -> None:
        self._put("is_muted", _YES if muted else _NO)

    @property
    def volume(self) -> int:
        """The volume of sound, from 0 to 100."""
        return self._whole_number("volume", VOLUME_RANGE, 100)

    @volume.setter
    def volume(self, volume: int) -> None:
        self._put("volume", _clamped(volume, VOLUME_RANGE))

    @property
    def scrubs_sound(self) -> bool:
        """Whether each frame that is stepped to is heard."""
        return self._text("scrubs_sound") == _YES

    @scrubs_sound.setter
    def scrubs_sound(self, scrubs: bool) -> None:
        self._put("scrubs_sound", _YES if scrubs else _NO)

    @property
    def shows_subtitles(self) -> bool:
        """Whether subtitles are shown over the picture."""
        return self._text("shows_subtitles") == _YES

    @shows_subtitles.setter
    def shows_subtitles(self, shows: bool) -> None:
        self._put("shows_subtitles", _YES if shows else _NO)

    @property
    def window_geometry(self) -> QByteArray:
        """The result of ``QWidget.saveGeometry``; empty if never saved."""
        return self._bytes("window_geometry")

    @window_geometry.setter
    def window_geometry(self, geometry: QByteArray) -> None:
        self._put("window_geometry", geometry)

    @property
    def window_state(self) -> QByteArray:
        """The result of ``QMainWindow.saveState``; empty if never saved."""
        return self._bytes("window_state")

    @window_state.setter
    def window_state(self, state: QByteArray) -> None:
        self._put("window_state", state)

    @property
    def layouts(self) -> dict[str, QByteArray]:
        """The user's own layouts by name, each as ``window_state``."""
        found = {}
        for entry in self._entries("layouts").values():
            if isinstance(entry, dict) and isinstance(entry.get("name"), str) and entry["name"]:
                text = str(entry.get("state", "")).encode("ascii", "replace")
                found[entry["name"]] = QByteArray.fromBase64(text)
        return found

    def put_layout(self, name: str, state: QByteArray) -> None:
        """Store a layout; one of the same name is replaced."""
        text = bytes(state.toBase64().data()).decode("ascii")
        self._put_entry("layouts", _key_of(name), {"name": name, "state": text})
        self.changed.emit("layouts")

    def remove_layout(self, name: str) -> None:
        """Remove a layout."""
        self._remove_entry("layouts", _key_of(name))
        self.changed.emit("layouts")

    @property
    def last_folder(self) -> str:
        """The last folder of the open dialog; empty if never used."""
        return self._text("last_folder")

    @last_folder.setter
    def last_folder(self, folder: str) -> None:
        self._put("last_folder", folder)

    @property
    def export_choices(self) -> dict[str, Any]:
        """The last settings of the export dialog, as plain JSON values; the dialog checks them."""
        stored = self._json("export_choices")
        return stored if isinstance(stored, dict) else {}

    @export_choices.setter
    def export_choices(self, choices: dict[str, Any]) -> None:
        self._put_json("export_choices", choices)

    @property
    def unfinished_work(self) -> dict[str, Any]:
        """The entries of `UnfinishedList`, by key, as plain JSON values; it checks them."""
        return self._entries("unfinished")

    def put_unfinished(self, key: str, entry: dict[str, Any]) -> None:
        """Store one piece of unfinished work, on disk at once."""
        self._put_entry("unfinished", key, entry)
        self.save()

    def remove_unfinished(self, key: str) -> None:
        """Remove one piece of unfinished work, on disk at once."""
        self._remove_entry("unfinished", key)
        self.save()

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
            # An INI file returns every number as text.
            number = int(str(stored))
        except ValueError:
            return default
        return number if limits[0] <= number <= limits[1] else default

    def _json(self, name: str) -> object:
        # As JSON, because an INI file returns a list of one as a bare string.
        return _parsed(self._value(name))

    def _put_json(self, name: str, value: object) -> None:
        self._put(name, json_document(value))

    def _split_lists(self) -> None:
        """Convert lists stored as a whole by 0.1.0 and later versions to one value per entry."""
        recent, keys = self._json("recent_files"), self._json("key_overrides")
        unfinished = self._json("unfinished_work")
        for source in reversed(recent) if isinstance(recent, list) else ():
            if isinstance(source, str) and source:
                self.add_recent_file(source)
        for action, chosen in keys.items() if isinstance(keys, dict) else ():
            self._put_entry("keys", action, chosen)
        for noted, entry in enumerate(unfinished if isinstance(unfinished, list) else ()):
            if isinstance(entry, dict) and isinstance(entry.get("key"), str) and entry["key"].isalnum():
                # Entries keep the order of the list; new ones come after them.
                self._put_entry("unfinished", entry["key"], {**entry, "noted": noted})
        for name in ("recent_files", "key_overrides", "unfinished_work"):
            if self._store is not None and self._store.contains(name):
                self._store.remove(name)

    def _entries(self, group: str) -> dict[str, Any]:
        """The values of a group by key, those that another window has written meanwhile too."""
        if self._store is None:
            names = [name for name in self._memory if name.startswith(f"{group}/")]
        else:
            self._store.sync()
            self._store.beginGroup(group)
            names = [f"{group}/{key}" for key in self._store.childKeys()]
            self._store.endGroup()
        parsed = {name.partition("/")[2]: self._json(name) for name in names}
        return {key: value for key, value in parsed.items() if value is not None}

    def _put_entry(self, group: str, key: str, value: object) -> None:
        text = json_document(value)
        if self._store is None:
            self._memory[f"{group}/{key}"] = text
        else:
            self._store.setValue(f"{group}/{key}", text)

    def _remove_entry(self, group: str, key: str) -> None:
        if self._store is None:
            self._memory.pop(f"{group}/{key}", None)
        else:
            self._store.remove(f"{group}/{key}")


def _key_of(source: str) -> str:
    """A name for a path or address that every kind of store can take."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _parsed(stored: object) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(stored, str):
        return None
    try:
        return parse_json(stored)
    except ValueError:
        return None


def _clamped(number: int, limits: tuple[int, int]) -> int:
    return min(max(number, limits[0]), limits[1])
