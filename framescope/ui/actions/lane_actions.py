"""The actions of View > Lanes: which lanes of values the timeline shows."""

from __future__ import annotations

from functools import partial

from framescope.core.translation import tr
from framescope.ui.actions.spec import ActionSpec, Menu, WindowCommands
from framescope.ui.lanes.catalog import LANES, LaneSpec, Source, why_no_lane

_LANES = tr("Lanes")


def _toggle(name: str, window: WindowCommands) -> None:
    window.controller.settings.toggle_lane(name)


def _is_shown(name: str, window: WindowCommands) -> bool:
    return name in window.controller.settings.lanes


def _why_not(lane: LaneSpec, window: WindowCommands) -> str:
    info = window.controller.info
    # What is shown can always be hidden.
    if info is None or _is_shown(lane.name, window):
        return ""
    return why_no_lane(lane, info)


def _why_not_saved(window: WindowCommands) -> str:
    return "" if window.controller.settings.lanes else tr("no lane of values is shown")


def _lanes() -> tuple[ActionSpec, ...]:
    sources = [lane.source for lane in LANES]
    return tuple(
        ActionSpec(
            f"lane.{lane.name}",
            lane.title,
            Menu.VIEW,
            partial(_toggle, lane.name),
            starts_group=place > 0 and lane.source is Source.PIXELS and sources[place - 1] is not lane.source,
            is_checked=partial(_is_shown, lane.name),
            keywords=tr("timeline graph curve statistics"),
            submenu=_LANES,
            stays_open=True,
            why_not=partial(_why_not, lane),
        )
        for place, lane in enumerate(LANES)
    )


LANE_ACTIONS: tuple[ActionSpec, ...] = (
    *_lanes(),
    ActionSpec(
        "lane.save",
        tr("Save the lanes as a table…"),
        Menu.VIEW,
        lambda w: w.dialogs.save_lanes(),
        starts_group=True,
        keywords=tr("CSV JSON statistics export"),
        submenu=_LANES,
        why_not=_why_not_saved,
    ),
)
"""In menu order."""
