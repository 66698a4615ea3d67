"""The actions of the Go menu: by frames, keyframes, marks, time, and share of the video."""

from __future__ import annotations

from functools import partial

from framescope.core.translation import tr
from framescope.session.controller import Controller
from framescope.ui.actions.spec import ActionSpec, Menu, Needs, WindowCommands, ask

_BY_TIME = tr("By time")
_TIME_STEPS: tuple[tuple[str, str, float, tuple[str, ...]], ...] = (
    ("go.forward_1s", tr("1 second forward"), 1, ("Ctrl+Shift+Right",)),
    ("go.back_1s", tr("1 second back"), -1, ("Ctrl+Shift+Left",)),
    ("go.forward_2s", tr("2 seconds forward"), 2, ()),
    ("go.back_2s", tr("2 seconds back"), -2, ()),
    ("go.forward_4s", tr("4 seconds forward"), 4, ()),
    ("go.back_4s", tr("4 seconds back"), -4, ()),
    ("go.forward_5s", tr("5 seconds forward"), 5, ()),
    ("go.back_5s", tr("5 seconds back"), -5, ()),
    ("go.forward_10s", tr("10 seconds forward"), 10, ()),
    ("go.back_10s", tr("10 seconds back"), -10, ()),
    ("go.forward_1min", tr("1 minute forward"), 60, ()),
    ("go.back_1min", tr("1 minute back"), -60, ()),
    ("go.forward_10min", tr("10 minutes forward"), 600, ()),
    ("go.back_10min", tr("10 minutes back"), -600, ()),
)
"""Id, text, seconds, keys. Other programs have these steps on keys; see `presets`."""


def _step(seconds: float, window: WindowCommands) -> None:
    window.controller.step_seconds(seconds)


def _time_steps() -> tuple[ActionSpec, ...]:
    return tuple(
        ActionSpec(
            action_id,
            text,
            Menu.GO,
            partial(_step, seconds),
            keys,
            starts_group=place == 0,
            repeats=True,
            submenu=_BY_TIME,
        )
        for place, (action_id, text, seconds, keys) in enumerate(_TIME_STEPS)
    )


GO_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "go.next_frame",
        tr("Next frame"),
        Menu.GO,
        ask(Controller.show_next),
        ("Right", "."),
        "ph.caret-right",
        repeats=True,
    ),
    ActionSpec(
        "go.previous_frame",
        tr("Previous frame"),
        Menu.GO,
        ask(Controller.show_previous),
        ("Left", ","),
        "ph.caret-left",
        repeats=True,
    ),
    ActionSpec(
        "go.next_10",
        tr("10 frames forward"),
        Menu.GO,
        ask(Controller.show_next_10),
        ("Shift+Right",),
        "ph.caret-double-right",
        repeats=True,
    ),
    ActionSpec(
        "go.previous_10",
        tr("10 frames back"),
        Menu.GO,
        ask(Controller.show_previous_10),
        ("Shift+Left",),
        "ph.caret-double-left",
        repeats=True,
    ),
    ActionSpec(
        "go.next_keyframe",
        tr("Next keyframe"),
        Menu.GO,
        ask(Controller.show_next_keyframe),
        ("Alt+Right",),
        "ph.skip-forward",
        starts_group=True,
        repeats=True,
    ),
    ActionSpec(
        "go.previous_keyframe",
        tr("Previous keyframe"),
        Menu.GO,
        ask(Controller.show_previous_keyframe),
        ("Alt+Left",),
        "ph.skip-back",
        repeats=True,
    ),
    ActionSpec(
        "go.next_mark",
        tr("Next mark"),
        Menu.GO,
        ask(Controller.show_next_mark),
        ("Shift+Down",),
        "",
        Needs.MARKS,
        repeats=True,
    ),
    ActionSpec(
        "go.previous_mark",
        tr("Previous mark"),
        Menu.GO,
        ask(Controller.show_previous_mark),
        ("Shift+Up",),
        "",
        Needs.MARKS,
        repeats=True,
    ),
    ActionSpec(
        "go.first_mark", tr("First mark"), Menu.GO, ask(Controller.show_first_mark), (), "", Needs.MARKS
    ),
    ActionSpec("go.last_mark", tr("Last mark"), Menu.GO, ask(Controller.show_last_mark), (), "", Needs.MARKS),
    ActionSpec(
        "go.in",
        tr("In point"),
        Menu.GO,
        ask(Controller.show_in_point),
        ("Shift+I",),
        "",
        Needs.RANGE,
        starts_group=True,
    ),
    ActionSpec(
        "go.out", tr("Out point"), Menu.GO, ask(Controller.show_out_point), ("Shift+O",), "", Needs.RANGE
    ),
    *_time_steps(),
    ActionSpec(
        "go.next_percent",
        tr("1 % forward"),
        Menu.GO,
        lambda w: w.controller.step_percent(1),
        ("Ctrl+Right",),
        repeats=True,
    ),
    ActionSpec(
        "go.previous_percent",
        tr("1 % back"),
        Menu.GO,
        lambda w: w.controller.step_percent(-1),
        ("Ctrl+Left",),
        repeats=True,
    ),
    ActionSpec(
        "go.first",
        tr("First frame"),
        Menu.GO,
        ask(Controller.show_first),
        ("Home", "Ctrl+Home"),
        "ph.arrow-line-left",
        starts_group=True,
    ),
    ActionSpec(
        "go.last",
        tr("Last frame"),
        Menu.GO,
        ask(Controller.show_last),
        ("End", "Ctrl+End"),
        "ph.arrow-line-right",
    ),
    ActionSpec(
        "go.to",
        tr("Go to frame, time or pts…"),
        Menu.GO,
        lambda w: w.focus_goto(),
        ("G",),
        "ph.crosshair-simple",
        starts_group=True,
    ),
)
"""In menu order."""
