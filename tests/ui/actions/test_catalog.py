"""The table of actions: ids, keys and commands that hold together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QKeySequence

from framescope.session.comparing import Comparing
from framescope.session.controller import Controller
from framescope.session.frame_blocks import FrameBlocks
from framescope.session.player import Player
from framescope.session.settings import Settings
from framescope.session.sound import Sound
from framescope.session.sound_player import SoundPlayer
from framescope.session.tracks import Tracks
from framescope.session.view import View
from framescope.ui.actions.bars import CONTEXT_MENU, TOOLBAR
from framescope.ui.actions.catalog import ACTIONS
from framescope.ui.actions.key_map import KeyMap, normalized
from framescope.ui.actions.presets import OVERRIDES, Preset
from framescope.ui.compare.desk import CompareDesk
from framescope.ui.picture.frame_view import FrameView
from framescope.ui.window.docks import Docks
from framescope.ui.window.main_window import MainWindow
from framescope.ui.window.playlist import Playlist
from framescope.ui.window.window_dialogs import WindowDialogs
from framescope.ui.window.workspaces import Workspaces

if TYPE_CHECKING:
    from framescope.ui.actions.spec import ActionSpec


class Recorder:
    """Answers every attribute with a call that is written down, and fails where the real class has none."""

    def __init__(self, kind: type, **parts: Recorder) -> None:
        self._kind = kind
        self._parts = parts
        self.called: list[str] = []

    def __getattr__(self, name: str) -> object:
        if name in self._parts:
            return self._parts[name]
        assert hasattr(self._kind, name), f"{self._kind.__name__} has no {name}"
        return lambda *_arguments: self.called.append(name)


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.action_id)
def test_command_calls_exactly_one_method_that_exists(spec: ActionSpec) -> None:
    members = {
        "blocks": FrameBlocks,
        "comparing": Comparing,
        "player": Player,
        "settings": Settings,
        "sound": Sound,
        "sound_player": SoundPlayer,
        "tracks": Tracks,
        "view": View,
    }
    inner = {name: Recorder(kind) for name, kind in members.items()}
    outer = {
        "controller": Recorder(Controller, **inner),
        "compare": Recorder(CompareDesk),
        "dialogs": Recorder(WindowDialogs),
        "picture": Recorder(FrameView),
        "docks": Recorder(Docks),
        "playlist": Recorder(Playlist),
        "workspaces": Recorder(Workspaces),
    }
    window = Recorder(MainWindow, **outer)
    spec.command(window)  # type: ignore[arg-type]
    assert sum(len(part.called) for part in (window, *outer.values(), *inner.values())) == 1


def test_ids_are_unique_and_named_after_what_they_are_about() -> None:
    ids = [spec.action_id for spec in ACTIONS]
    assert len(set(ids)) == len(ids)
    assert all(name.count(".") == 1 and name == name.lower() for name in ids)


def test_texts_are_unique() -> None:
    texts = [spec.text for spec in ACTIONS]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("preset", list(Preset))
def test_no_preset_gives_one_key_to_two_actions(preset: Preset) -> None:
    assert KeyMap(preset).conflicts() == {}


@pytest.mark.parametrize("preset", list(Preset))
def test_presets_name_only_actions_and_keys_that_exist(preset: Preset) -> None:
    known = {spec.action_id for spec in ACTIONS}
    assert set(OVERRIDES[preset]) <= known
    for keys in OVERRIDES[preset].values():
        assert all(not QKeySequence(key).isEmpty() and normalized(key) == key for key in keys)


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.action_id)
def test_keys_are_written_as_qt_writes_them(spec: ActionSpec) -> None:
    assert [normalized(key) for key in spec.keys] == list(spec.keys)


@pytest.mark.parametrize(
    ("key", "action_id"),
    [
        ("Right", "go.next_frame"),
        (".", "go.next_frame"),
        ("Left", "go.previous_frame"),
        (",", "go.previous_frame"),
        ("Shift+Right", "go.next_10"),
        ("Shift+Left", "go.previous_10"),
        ("Alt+Right", "go.next_keyframe"),
        ("Alt+Left", "go.previous_keyframe"),
        ("J", "play.backward"),
        ("K", "play.stop"),
        ("L", "play.forward"),
        ("Space", "play.toggle"),
        ("I", "mark.in"),
        ("O", "mark.out"),
        ("G", "go.to"),
        ("M", "mark.toggle"),
        ("Ctrl+C", "edit.copy_picture"),
        ("Home", "go.first"),
        ("End", "go.last"),
        ("Ctrl+O", "file.open"),
        ("Ctrl+E", "file.export"),
        ("Ctrl+S", "file.save_frame"),
        ("F", "view.picture_only"),
        ("0", "view.fit"),
        ("Ctrl+1", "view.actual"),
        ("1", "mark.label_1"),
        ("Ctrl+Z", "edit.undo"),
        ("?", "help.keys"),
        ("Ctrl+Shift+P", "help.palette"),
    ],
)
def test_promised_keys(key: str, action_id: str) -> None:
    assert KeyMap().action_of(key) == action_id


def test_bars_name_only_actions_that_exist() -> None:
    known = {spec.action_id for spec in ACTIONS}
    assert {name for name in (*TOOLBAR, *CONTEXT_MENU) if name} <= known
