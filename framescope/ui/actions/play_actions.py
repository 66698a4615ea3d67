"""The actions of the Play menu: playing, speed, repetition, and which frames are played."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.translation import tr
from framescope.session.playback import Repeat
from framescope.session.player import Player
from framescope.ui.actions.spec import ActionSpec, Menu

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.ui.actions.spec import Command, WindowCommands

_SPEED = tr("Speed")


def _ask(method: Callable[[Player], object]) -> Command:
    """The command that calls a method of the player."""

    def command(window: WindowCommands) -> object:
        return getattr(window.controller.player, method.__name__)()

    return command


PLAY_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("play.toggle", tr("Play or pause"), Menu.PLAY, _ask(Player.toggle), ("Space",), "ph.play"),
    ActionSpec(
        "play.reverse",
        tr("Play backwards"),
        Menu.PLAY,
        _ask(Player.play_backward),
        ("Shift+Space",),
    ),
    ActionSpec("play.stop", tr("Stop"), Menu.PLAY, _ask(Player.stop), ("K",), "ph.stop"),
    ActionSpec(
        "play.forward",
        tr("Play forwards, faster each time"),
        Menu.PLAY,
        _ask(Player.shuttle_forward),
        ("L",),
        "ph.fast-forward",
        starts_group=True,
    ),
    ActionSpec(
        "play.backward",
        tr("Play backwards, faster each time"),
        Menu.PLAY,
        _ask(Player.shuttle_backward),
        ("J",),
        "ph.rewind",
    ),
    ActionSpec(
        "play.speed_up",
        tr("10 % faster"),
        Menu.PLAY,
        _ask(Player.speed_up),
        ("]",),
        starts_group=True,
        repeats=True,
        submenu=_SPEED,
    ),
    ActionSpec(
        "play.slow_down",
        tr("10 % slower"),
        Menu.PLAY,
        _ask(Player.slow_down),
        ("[",),
        repeats=True,
        submenu=_SPEED,
    ),
    ActionSpec(
        "play.double_speed",
        tr("Double speed"),
        Menu.PLAY,
        _ask(Player.double_speed),
        ("}",),
        submenu=_SPEED,
        keywords=tr("faster"),
    ),
    ActionSpec(
        "play.halve_speed",
        tr("Half speed"),
        Menu.PLAY,
        _ask(Player.halve_speed),
        ("{",),
        submenu=_SPEED,
        keywords=tr("slow motion"),
    ),
    ActionSpec(
        "play.normal_speed",
        tr("Normal speed"),
        Menu.PLAY,
        _ask(Player.reset_speed),
        ("Backspace",),
        submenu=_SPEED,
    ),
    ActionSpec(
        "play.toggle_normal",
        tr("Play at normal speed, or pause"),
        Menu.PLAY,
        _ask(Player.toggle_at_normal_speed),
        submenu=_SPEED,
    ),
    ActionSpec(
        "play.loop",
        tr("Loop"),
        Menu.PLAY,
        _ask(Player.toggle_loop),
        ("Ctrl+L",),
        starts_group=True,
        is_checked=lambda w: w.controller.player.repeat is Repeat.LOOP,
        keywords=tr("repeat"),
    ),
    ActionSpec(
        "play.ping_pong",
        tr("Back and forth"),
        Menu.PLAY,
        _ask(Player.toggle_ping_pong),
        ("Ctrl+Shift+L",),
        is_checked=lambda w: w.controller.player.repeat is Repeat.PING_PONG,
        keywords=tr("ping-pong repeat"),
    ),
    ActionSpec(
        "play.range_only",
        tr("Only between in and out points"),
        Menu.PLAY,
        _ask(Player.toggle_range_only),
        ("P",),
        is_checked=lambda w: w.controller.player.plays_range_only,
        keywords=tr("play the selection range"),
    ),
    ActionSpec(
        "play.ab_loop",
        tr("A–B loop: set A, set B, remove"),
        Menu.PLAY,
        _ask(Player.set_loop_point),
        ("Shift+L",),
        is_checked=lambda w: w.controller.player.loop_start is not None,
        keywords=tr("repeat"),
    ),
    ActionSpec(
        "play.every_frame",
        tr("Play every frame, slower if need be"),
        Menu.PLAY,
        _ask(Player.toggle_every_frame),
        starts_group=True,
        is_checked=lambda w: w.controller.player.plays_every_frame,
        keywords=tr("skip drop frames"),
    ),
)
"""In menu order."""
