"""The user's settings, stored between runs. The log says which stored values could not be used."""

from __future__ import annotations

import hashlib
import logging
import re
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from framescope.core.addresses import masked
from framescope.core.log import LogLevel
from framescope.core.marks.labels import DEFAULT_LABELS, is_color, labels_from
from framescope.core.media.decoding.cache import default_cache_bytes
from framescope.core.outside import parse_json
from framescope.core.printable import json_document
from framescope.core.translation import tr
from framescope.session.playback import Repeat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

RECENT_LIMIT = 20
CACHE_BYTES_RANGE = (32 << 20, 1 << 40)
THUMBNAIL_HEIGHT_RANGE = (32, 480)
VOLUME_RANGE = (0, 100)
_WIDEST_MARGIN = 100_000
"""In logical pixels; no screen has more."""
_FIRST_MARGINS = (0, 34, 431, 392)
"""Those of a new window, about: its picture moves a little when the rest appears."""
_YES, _NO = "yes", "no"
_DEVICE = re.compile(r"[a-z0-9_]{2,20}(:\S{1,200})?")
_LOG = logging.getLogger(__name__)

Value = TypeVar("Value")
Member = TypeVar("Member", bound=StrEnum)


class ThemeChoice(StrEnum):
    """The colour theme of the window."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class ColorSet(StrEnum):
    """The colours of picture types that the program offers."""

    STANDARD = "standard"
    COLOR_BLIND = "color-blind"


class TimeFormat(StrEnum):
    """How the time of a frame is written."""

    CLOCK = "clock"
    HOURS = "hours"
    SECONDS = "seconds"
    TIMECODE = "timecode"


class ExportStart(StrEnum):
    """What the export dialog starts with for a video."""

    LAST = "last"
    DEFAULTS = "defaults"


class _Stored(Generic[Value]):
    """A setting that is one value, as an attribute of `Settings`."""

    def __init__(
        self,
        read: Callable[[object], Value],
        write: Callable[[Value], object],
        default: Callable[[], Value],
    ) -> None:
        """Describe how it is stored.

        Args:
            read: Makes the value of what is stored; raises ValueError where it cannot.
            write: Makes what is stored of the value.
            default: The value if nothing that can be used is stored.
        """
        self._read, self._write, self._default = read, write, default

    def __set_name__(self, owner: type[Settings], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, settings: None, owner: type[Settings]) -> _Stored[Value]: ...
    @overload
    def __get__(self, settings: Settings, owner: type[Settings]) -> Value: ...
    def __get__(self, settings: Settings | None, owner: type[Settings]) -> Value | _Stored[Value]:
        if settings is None:
            return self
        stored = settings.stored_value(self._name)
        if stored is None:
            return self._default()
        try:
            return self._read(stored)
        except ValueError:
            settings.note_unusable(self._name, stored)
            return self._default()

    def __set__(self, settings: Settings, value: Value) -> None:
        settings.store_value(self._name, self._write(value))


def _member(kind: type[Member], default: Member) -> _Stored[Member]:
    return _Stored(lambda stored: kind(str(stored)), lambda member: member.value, lambda: default)


def _flag() -> _Stored[bool]:
    def read(stored: object) -> bool:
        # An INI file returns a value with commas as a list.
        text = _checked(stored, str)
        if text not in {_YES, _NO}:
            raise ValueError(text)
        return text == _YES

    return _Stored(read, lambda is_set: _YES if is_set else _NO, lambda: False)


def _number(limits: tuple[int, int], default: Callable[[], int]) -> _Stored[int]:
    def read(stored: object) -> int:
        # An INI file returns every number as text.
        number = int(str(stored))
        if not limits[0] <= number <= limits[1]:
            raise ValueError(stored)
        return number

    return _Stored(read, lambda number: min(max(number, limits[0]), limits[1]), default)


def _text(default: str = "") -> _Stored[str]:
    return _Stored(lambda stored: _checked(stored, str) or default, lambda text: text, lambda: default)


def _bytes() -> _Stored[QByteArray]:
    return _Stored(lambda stored: _checked(stored, QByteArray), lambda data: data, QByteArray)


def _document(read: Callable[[object], Value], default: Callable[[], Value]) -> _Stored[Value]:
    """A value that is stored as JSON; an INI file returns a list of one as a bare string."""
    return _Stored(lambda stored: read(parse_json(_checked(stored, str))), json_document, default)


def _checked(stored: object, kind: type[Value]) -> Value:
    if not isinstance(stored, kind):
        raise ValueError(stored)  # noqa: TRY004 - to the reader, it is a value that cannot be used
    return stored


def _device_name(stored: object) -> str:
    name = _checked(stored, str)
    if _DEVICE.fullmatch(name) is None:
        raise ValueError(name)
    return name


def _valid_table(stored: object) -> dict[str, Any]:
    return _checked(stored, dict)


def _valid_names(stored: object) -> tuple[str, ...]:
    return tuple(name for name in _checked(stored, list) if isinstance(name, str))


def _valid_margins(stored: object) -> tuple[int, int, int, int]:
    left, top, right, bottom = margins = [_checked(each, int) for each in _checked(stored, list)]
    if not all(0 <= margin <= _WIDEST_MARGIN for margin in margins):
        raise ValueError(stored)
    return left, top, right, bottom


def _valid_colors(stored: object) -> dict[str, str]:
    return {
        name: color
        for name, color in _valid_table(stored).items()
        if isinstance(color, str) and is_color(color)
    }


class Settings(QObject):
    """Typed settings. Threads: GUI.

    Several windows, each its own process, may share one store. Lists that they add to, such as the recent
    files, are stored as one value per entry, so that no window overwrites another's additions with an old
    list.
    """

    changed = Signal(str)
    """The name of the property that changed."""
    notice_posted = Signal(str, str)
    """A sentence for display, and its level."""

    def __init__(self, store: QSettings | None = None, parent: QObject | None = None) -> None:
        """Read and write ``store``.

        Args:
            store: Where the values are kept; None keeps them in memory only.
            parent: The Qt parent.
        """
        super().__init__(parent)
        self._store = store
        self._memory: dict[str, object] = {}
        self._noted: set[str] = set()
        self._has_told = False
        self._split_lists()

    @property
    def recent_files(self) -> tuple[str, ...]:
        """Recently opened paths and URLs, latest first; at most 20."""
        return tuple(name for name, _ in self._recent())[:RECENT_LIMIT]

    def add_recent_file(self, source: str) -> None:
        """Move a path or URL to the front of the list; one with a password or token is not stored."""
        if masked(source) != source:
            return
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

    theme = _member(ThemeChoice, ThemeChoice.SYSTEM)
    """Dark, light, or following the system."""
    language = _text()
    """The language of every text, as its catalogue is called; empty for the system's."""
    color_set = _member(ColorSet, ColorSet.STANDARD)
    """The colours of picture types, before `colors`."""
    colors: _Stored[dict[str, str]] = _document(_valid_colors, dict)
    """The user's own colours, each ``#rrggbb``, by the name of the theme's colour they replace."""
    time_format = _member(TimeFormat, TimeFormat.CLOCK)
    """How times of frames are written."""
    shows_stored_times = _flag()
    """Whether times of frames are those stored in the file, instead of those since its first frame."""
    cache_bytes = _number(CACHE_BYTES_RANGE, default_cache_bytes)
    """Memory limit for decoded frames; by default a quarter of the machine's memory, at most 2 GiB."""
    thumbnail_height = _number(THUMBNAIL_HEIGHT_RANGE, lambda: 72)
    """Height of the strip's pictures in logical pixels."""
    key_preset = _text("FrameScope")
    """Name of the shortcut preset."""
    repeat = _member(Repeat, Repeat.OFF)
    """What playback does after the last frame."""
    plays_range_only = _flag()
    """Whether playback stays between the in and out points."""
    plays_every_frame = _flag()
    """Whether playback shows every frame, slower if need be, instead of skipping some to keep time."""
    labels = _document(labels_from, lambda: DEFAULT_LABELS)
    """The labels that the keys 1 to 9 give to frames."""
    separates_channels = _flag()
    """Whether the waveform shows each channel by itself."""
    lanes: _Stored[tuple[str, ...]] = _document(_valid_names, tuple)
    """The names of the lanes of values that the timeline shows."""
    is_muted = _flag()
    """Whether sound is muted."""
    volume = _number(VOLUME_RANGE, lambda: 100)
    """The volume of sound, from 0 to 100."""
    scrubs_sound = _flag()
    """Whether each frame that is stepped to is heard."""
    shows_subtitles = _flag()
    """Whether subtitles are shown over the picture."""
    window_geometry = _bytes()
    """The result of ``QWidget.saveGeometry``; empty if never saved."""
    window_state = _bytes()
    """The result of ``QMainWindow.saveState``; empty if never saved."""
    picture_margins = _document(_valid_margins, lambda: _FIRST_MARGINS)
    """Logical pixels of the window left, above, right and below the picture when it was closed."""
    last_folder = _text()
    """The last folder of the open dialog; empty if never used."""
    export_choices: _Stored[dict[str, Any]] = _document(_valid_table, dict)
    """The last settings of the export dialog, as plain JSON values; the dialog checks them."""
    export_start = _member(ExportStart, ExportStart.LAST)
    """What the export dialog starts with for a video."""
    export_defaults: _Stored[dict[str, Any]] = _document(_valid_table, dict)
    """The settings it starts with if so chosen, as `export_choices`."""
    export_folder = _text()
    """The folder in which each export gets a folder of its own; empty for the video's folder."""
    hardware = _Stored(_device_name, lambda name: name, lambda: "off")
    """What decodes: ``off`` for software, ``auto``, or a device's name."""
    log_level = _member(LogLevel, LogLevel.INFO)
    """The least severe messages that the log has."""

    def toggle_lane(self, name: str) -> None:
        """Show a lane of values on the timeline, or hide it."""
        shown = self.lanes
        self.lanes = tuple(one for one in shown if one != name) if name in shown else (*shown, name)

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
        self._tell_if_lost()

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
        self._tell_if_lost()

    def remove_layout(self, name: str) -> None:
        """Remove a layout."""
        self._remove_entry("layouts", _key_of(name))
        self.changed.emit("layouts")

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

    def stored_value(self, name: str) -> object:
        """What is stored of a setting that is one value; None for nothing."""
        return self._memory.get(name) if self._store is None else self._store.value(name)

    def store_value(self, name: str, value: object) -> None:
        """Store such a setting as `stored_value` returned it; None resets it."""
        if self._store is None:
            self._memory[name] = value
        elif value is None:
            self._store.remove(name)
        else:
            self._store.setValue(name, value)
        self.changed.emit(name)
        self._tell_if_lost()

    def _tell_if_lost(self) -> None:
        """Say once that what is changed holds only until the end."""
        if self._store is not None and not self._has_told and not self._store.isWritable():
            self._has_told = True
            path = self._store.fileName()
            text = tr("Settings cannot be saved for next time: {path} cannot be written.", path=path)
            self.notice_posted.emit(text, "warning")

    def note_unusable(self, name: str, stored: object) -> None:
        """Note in the log, once, that the default is used instead of what is stored."""
        if name not in self._noted:
            self._noted.add(name)
            _LOG.info("The setting %s cannot be %r: the default is used", name, stored)

    def _json(self, name: str) -> object:
        # As JSON, because an INI file returns a list of one as a bare string.
        return _parsed(self.stored_value(name))

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
