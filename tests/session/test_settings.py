"""Settings: typed, kept, and never broken by what is stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QByteArray, QSettings

from framescope.core.media.decoding.cache import default_cache_bytes
from framescope.session.settings import Settings, ThemeChoice, TimeFormat
from framescope.session.unfinished import UnfinishedList

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def load(path: Path) -> Settings:
    return Settings(QSettings(str(path), QSettings.Format.IniFormat))


def test_defaults(path: Path) -> None:
    for settings in (load(path), Settings()):
        assert settings.recent_files == ()
        assert settings.theme is ThemeChoice.SYSTEM
        assert settings.cache_bytes == default_cache_bytes()
        assert settings.thumbnail_height == 72
        assert settings.key_preset == "FrameScope"
        assert settings.key_overrides == {}
        assert settings.window_geometry.isEmpty()
        assert settings.window_state.isEmpty()
        assert settings.last_folder == ""
        assert settings.export_choices == {}


def test_everything_comes_back(path: Path) -> None:
    settings = load(path)
    settings.theme = ThemeChoice.DARK
    settings.cache_bytes = 1 << 28
    settings.thumbnail_height = 96
    settings.key_preset = "mpv"
    settings.key_overrides = {"frame.next": ["Right", "."], "frame.previous": []}
    settings.window_geometry = QByteArray(b"\x00\x01\xff")
    settings.window_state = QByteArray(b"state")
    settings.last_folder = "/vidéos, new=1"
    settings.export_choices = {"format": "png", "compression": 3}
    settings.add_recent_file("/only, one.mp4")
    settings.save()
    again = load(path)
    assert again.theme is ThemeChoice.DARK
    assert again.cache_bytes == 1 << 28
    assert again.thumbnail_height == 96
    assert again.key_preset == "mpv"
    assert again.key_overrides == {"frame.next": ("Right", "."), "frame.previous": ()}
    assert again.window_geometry == QByteArray(b"\x00\x01\xff")
    assert again.window_state == QByteArray(b"state")
    assert again.last_folder == "/vidéos, new=1"
    assert again.export_choices == {"format": "png", "compression": 3}
    assert again.recent_files == ("/only, one.mp4",)


def test_recent_files_are_the_latest_twenty_once_each() -> None:
    settings = Settings()
    for number in range(30):
        settings.add_recent_file(f"/{number}.mp4")
    settings.add_recent_file("/20.mp4")
    assert len(settings.recent_files) == 20
    assert settings.recent_files[:3] == ("/20.mp4", "/29.mp4", "/28.mp4")
    settings.remove_recent_file("/29.mp4")
    assert settings.recent_files[:2] == ("/20.mp4", "/28.mp4")
    settings.clear_recent_files()
    assert settings.recent_files == ()


@pytest.mark.parametrize(
    "text",
    ["garbage", "[1, 2", '{"a": 1}', "", "-5", "99999999999999999999", "1.5", "@Invalid()", '["ok", 3, ""]'],
)
def test_a_stored_value_that_cannot_be_used_is_not_there(path: Path, text: str) -> None:
    store = QSettings(str(path), QSettings.Format.IniFormat)
    names = ("recent_files", "theme", "cache_bytes", "thumbnail_height", "key_overrides", "export_choices")
    for name in (*names, "window_geometry", "window_state", "recent/a", "keys/go.to", "unfinished/a"):
        store.setValue(name, text)
    store.sync()
    settings = load(path)
    assert settings.theme is ThemeChoice.SYSTEM
    assert settings.cache_bytes == default_cache_bytes()
    assert settings.thumbnail_height == 72
    assert set(settings.recent_files) <= {"ok"}
    assert settings.key_overrides == {}
    assert settings.export_choices in ({}, {"a": 1})
    assert settings.window_geometry.isEmpty()


SINGLE_VALUES = sorted(
    name for name, member in vars(Settings).items() if type(member) is type(vars(Settings)["theme"])
)
OF_OTHER_TYPES = [
    "a, b, c",
    "@Variant(\\0\\0\\0\\t\\0\\0\\0\\0)",
    "@Size(1 2)",
    "@Rect(1 2 3 4)",
    "@ByteArray(\\xff)",
    "nan",
    "9" * 5000,
    '"' + '{\\"a\\":' * 5000 + '"',
]


@pytest.mark.parametrize("name", SINGLE_VALUES)
def test_a_value_of_any_other_type_is_not_there(path: Path, name: str) -> None:
    default = getattr(Settings(), name)
    for text in OF_OTHER_TYPES:
        path.write_text(f"[General]\n{name}={text}\n", encoding="utf-8")
        assert isinstance(getattr(load(path), name), type(default))


@pytest.mark.parametrize("text", ["[1, 2, 3]", "[0, 0, -1, 0]", f"[0, 0, 0, {10**400}]", "[0, 0, 0.5, 0]"])
def test_margins_that_no_window_has_are_not_there(path: Path, text: str) -> None:
    store = QSettings(str(path), QSettings.Format.IniFormat)
    store.setValue("picture_margins", text)
    store.sync()
    assert load(path).picture_margins == Settings().picture_margins


def test_the_log_notes_once_what_cannot_be_used(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.write_text("[General]\ntime_format=fortnights\nis_muted=perhaps\ncolors={\n", encoding="utf-8")
    settings = load(path)
    with caplog.at_level("INFO", "framescope"):
        for _ in range(2):
            assert settings.time_format is TimeFormat.CLOCK
            assert settings.is_muted is False
            assert settings.colors == {}
    assert [record.args[0] for record in caplog.records if isinstance(record.args, tuple)] == [
        "time_format",
        "is_muted",
        "colors",
    ]


def test_colours_that_are_none_are_left_out(path: Path) -> None:
    settings = load(path)
    settings.store_value("colors", '{"i_frame": "#aabbcc", "p_frame": "red; }", "mark": 3}')
    assert settings.colors == {"i_frame": "#aabbcc"}


def test_a_file_that_is_no_settings_file(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 20)
    assert load(path).theme is ThemeChoice.SYSTEM


def test_values_set_are_kept_within_limits() -> None:
    settings = Settings()
    settings.cache_bytes = 1
    settings.thumbnail_height = 10_000
    assert settings.cache_bytes == 32 << 20
    assert settings.thumbnail_height == 480


def test_a_change_is_told_by_name() -> None:
    settings = Settings()
    told: list[str] = []
    settings.changed.connect(told.append)
    settings.theme = ThemeChoice.LIGHT
    settings.add_recent_file("/a.mp4")
    assert told == ["theme", "recent_files"]


def test_two_windows_keep_what_each_of_them_adds(path: Path) -> None:
    one, other = load(path), load(path)
    one.add_recent_file("/a.mp4")
    other.add_recent_file("/b.mp4")
    one.key_overrides = {"go.to": ("H",)}
    other.key_overrides = {**other.key_overrides, "mark.note": ("Y",)}
    one.put_unfinished("1", {"of": "one"})
    other.put_unfinished("2", {"of": "other"})
    one.add_recent_file("/c.mp4")
    other.remove_recent_file("/b.mp4")
    for settings in (one, other):
        settings.save()
    for settings in (one, other, load(path)):
        assert settings.recent_files == ("/c.mp4", "/a.mp4")
        assert settings.key_overrides == {"go.to": ("H",), "mark.note": ("Y",)}
        assert set(settings.unfinished_work) == {"1", "2"}
    one.remove_unfinished("2")
    assert set(other.unfinished_work) == {"1"}


def test_lists_that_0_1_0_kept_are_taken_over(path: Path) -> None:
    store = QSettings(str(path), QSettings.Format.IniFormat)
    store.setValue("recent_files", '["/latest.mp4", "/earlier.mp4"]')
    store.setValue("key_overrides", '{"go.to": ["H"]}')
    work: list[dict[str, object]] = [
        {"key": key, "kind": "queue", "details": {}, "pid": 1, "began": 0.0} for key in ("0a", "1b")
    ]
    store.setValue("unfinished_work", json.dumps([*work, 7, {"key": "../x"}, {"kind": "queue"}]))
    store.sync()
    assert load(path).recent_files == ("/latest.mp4", "/earlier.mp4")
    again = load(path)
    assert set(again.unfinished_work) == {"0a", "1b"}
    assert [work.key for work in UnfinishedList(again).left_over()] == ["1b", "0a"]
    again.remove_unfinished("1b")
    again.remove_recent_file("/latest.mp4")
    again.key_overrides = {}
    again.save()
    assert load(path).recent_files == ("/earlier.mp4",)
    assert load(path).key_overrides == {}
    assert set(load(path).unfinished_work) == {"0a"}


def test_settings_that_cannot_be_saved_are_told_once(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    settings = Settings(QSettings(str(blocked / "settings.conf"), QSettings.Format.IniFormat))
    said: list[tuple[str, str]] = []
    settings.notice_posted.connect(lambda text, level: said.append((text, level)))
    settings.theme = ThemeChoice.LIGHT
    settings.volume = 3
    ((text, level),) = said
    assert text.startswith("Settings cannot be saved for next time: ")
    assert level == "warning"
