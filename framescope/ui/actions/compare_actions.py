"""The actions about a second video beside the open one: opening it, views, pairing, pins."""

from __future__ import annotations

from functools import partial

from framescope.core.compare.choices import AlignBy
from framescope.core.translation import tr
from framescope.session.compare_look import CompareMode
from framescope.session.controller import Controller
from framescope.ui.actions.spec import ActionSpec, Menu, Needs, WindowCommands, ask

_COMPARED = Needs.COMPARED
_MENU = tr("Comparison")
_SYNONYMS = tr("compare A B two videos")
_VIEWS: tuple[tuple[CompareMode, str, str, str], ...] = (
    (CompareMode.SIDE, tr("Side by side"), "Ctrl+Alt+1", "ph.columns"),
    (CompareMode.WIPE, tr("Wipe"), "Ctrl+Alt+2", "ph.square-half"),
    (CompareMode.OVERLAY, tr("Overlay"), "Ctrl+Alt+3", "ph.intersect"),
    (CompareMode.DIFFERENCE, tr("Difference"), "Ctrl+Alt+4", "ph.plus-minus"),
    (CompareMode.FLICKER, tr("Flicker"), "Ctrl+Alt+5", "ph.lightning"),
)
_PAIRINGS: tuple[tuple[AlignBy, str], ...] = (
    (AlignBy.NUMBER, tr("Pair frames by number")),
    (AlignBy.TIME, tr("Pair frames by time")),
    (AlignBy.CONTENT, tr("Pair frames by content")),
)


def _show(mode: CompareMode, window: WindowCommands) -> None:
    window.controller.comparing.show_mode(mode)


def _is_shown(mode: CompareMode, window: WindowCommands) -> bool:
    comparing = window.controller.comparing
    return comparing.is_active and comparing.look.mode is mode


def _pair(by: AlignBy, window: WindowCommands) -> None:
    window.controller.comparing.set_align_by(by)


def _is_paired(by: AlignBy, window: WindowCommands) -> bool:
    comparing = window.controller.comparing
    return comparing.is_active and comparing.align_by is by


def _nudge(step: int, window: WindowCommands) -> None:
    window.controller.comparing.nudge(step)


COMPARE_FILE_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "compare.open",
        tr("Compare with…"),
        Menu.FILE,
        lambda w: w.compare.choose_file(),
        ("Ctrl+D",),
        "ph.scales",
        starts_group=True,
        keywords=_SYNONYMS,
    ),
    ActionSpec(
        "compare.open_folder",
        tr("Compare with a folder…"),
        Menu.FILE,
        lambda w: w.compare.choose_folder(),
        submenu=_MENU,
        keywords=tr("fragment store export pictures"),
    ),
    ActionSpec(
        "compare.open_stream",
        tr("Compare with another stream…"),
        Menu.FILE,
        lambda w: w.compare.choose_stream(),
        submenu=_MENU,
        needs=Needs.STREAMS,
        keywords=_SYNONYMS,
    ),
    ActionSpec(
        "compare.close",
        tr("Close the comparison"),
        Menu.FILE,
        lambda w: w.controller.comparing.close(),
        ("Ctrl+Shift+D",),
        "ph.x",
        _COMPARED,
        submenu=_MENU,
    ),
)
"""Below the exports of the File menu."""

COMPARE_VIEW_ACTIONS: tuple[ActionSpec, ...] = (
    *(
        ActionSpec(
            f"compare.{mode.value}",
            text,
            Menu.VIEW,
            partial(_show, mode),
            (key,),
            icon,
            _COMPARED,
            starts_group=mode is CompareMode.SIDE,
            is_checked=partial(_is_shown, mode),
            keywords=_SYNONYMS,
            submenu=_MENU,
        )
        for mode, text, key, icon in _VIEWS
    ),
    ActionSpec(
        "compare.hold",
        tr("Show B while the key is held"),
        Menu.VIEW,
        lambda w: w.compare.hold_b(),
        ("B",),
        needs=_COMPARED,
        keywords=tr("flicker toggle blink"),
        submenu=_MENU,
    ),
    *(
        ActionSpec(
            f"compare.by_{by.value}",
            text,
            Menu.VIEW,
            partial(_pair, by),
            needs=_COMPARED,
            starts_group=by is AlignBy.NUMBER,
            is_checked=partial(_is_paired, by),
            keywords=tr("align"),
            submenu=_MENU,
        )
        for by, text in _PAIRINGS
    ),
    ActionSpec(
        "compare.earlier",
        tr("B one frame earlier"),
        Menu.VIEW,
        partial(_nudge, -1),
        ("Alt+,",),
        "ph.caret-left",
        _COMPARED,
        repeats=True,
        keywords=tr("offset shift"),
        submenu=_MENU,
    ),
    ActionSpec(
        "compare.later",
        tr("B one frame later"),
        Menu.VIEW,
        partial(_nudge, 1),
        ("Alt+.",),
        "ph.caret-right",
        _COMPARED,
        repeats=True,
        keywords=tr("offset shift"),
        submenu=_MENU,
    ),
    ActionSpec(
        "compare.pin",
        tr("Pin these two frames as a pair"),
        Menu.VIEW,
        lambda w: w.controller.comparing.pin(),
        ("Ctrl+Alt+P",),
        "ph.push-pin",
        _COMPARED,
        keywords=tr("align"),
        submenu=_MENU,
    ),
    ActionSpec(
        "compare.swap",
        tr("Swap A and B"),
        Menu.VIEW,
        ask(Controller.swap_compared),
        ("Ctrl+Shift+X",),
        "ph.swap",
        _COMPARED,
        submenu=_MENU,
    ),
)
