"""The actions of the View menu: the picture, the timeline, panels, workspaces and full screen."""

from __future__ import annotations

from functools import partial

from framescope.core.media.picture.fields import FieldView
from framescope.core.translation import tr
from framescope.session.frame_blocks import BlockLayer
from framescope.ui.actions.compare_actions import COMPARE_VIEW_ACTIONS
from framescope.ui.actions.lane_actions import LANE_ACTIONS
from framescope.ui.actions.spec import ActionSpec, Menu, Needs, WindowCommands

_ZOOM = tr("More sizes")
_PANELS = tr("Panels")
_PANEL_KEYS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("codec", tr("Codec panel"), ("Alt+1",)),
    ("gop", tr("GOP panel"), ("Alt+2",)),
    ("frame", tr("Frame panel"), ("Alt+3",)),
    ("timing", tr("Timing panel"), ("Alt+4",)),
    ("stream", tr("Stream panel"), ("Alt+T",)),
    ("chroma", tr("Chroma panel"), ("Alt+5",)),
    ("blocks", tr("Blocks panel"), ("Alt+B",)),
    ("scopes", tr("Scopes panel"), ("Alt+W",)),
    ("fragments", tr("Fragments panel"), ("Alt+6",)),
    ("slice", tr("Space-time image panel"), ("Alt+K",)),
    ("seek", tr("Seek truth panel"), ("Alt+7",)),
    ("bench", tr("Benchmark panel"), ("Alt+8",)),
    ("compare", tr("Comparison panel"), ("Alt+C",)),
    ("labels", tr("Labels panel"), ("Alt+L",)),
    ("timeline", tr("Timeline strip"), ("Alt+9",)),
    ("filmstrip", tr("Filmstrip"), ("Alt+0",)),
)
"""What has a dock: its name, its title, its keys."""
_FIELDS = tr("Interlaced video")
_FIELD_VIEWS: tuple[tuple[FieldView, str], ...] = (
    (FieldView.FRAMES, tr("Whole frames, as stored")),
    (FieldView.TOP, tr("Top fields")),
    (FieldView.BOTTOM, tr("Bottom fields")),
    (FieldView.DEINTERLACED, tr("Deinterlaced")),
)
_OVERLAYS = tr("Overlays")
_LAYERS: tuple[tuple[str, BlockLayer, str, tuple[str, ...]], ...] = (
    ("vectors", BlockLayer.VECTORS, tr("Motion vectors"), ("Ctrl+Alt+V",)),
    ("kinds", BlockLayer.KINDS, tr("Block types"), ("Ctrl+Alt+B",)),
    ("quantisers", BlockLayer.QUANTISERS, tr("Quantisers"), ("Ctrl+Alt+Q",)),
)
_WORKSPACE = tr("Workspace")
_WORKSPACES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("standard", tr("Standard workspace"), ("F2",)),
    ("browse", tr("Browse workspace"), ("F3",)),
    ("inspect", tr("Inspect workspace"), ("F4",)),
    ("compare", tr("Compare workspace"), ("F6",)),
    ("label", tr("Label workspace"), ("F7",)),
)


def _toggle_panel(name: str, window: WindowCommands) -> None:
    window.docks.toggle(name)


def _is_panel_shown(name: str, window: WindowCommands) -> bool:
    return window.docks.is_shown(name)


def _show_fields(fields: FieldView, window: WindowCommands) -> None:
    window.controller.view.toggle_fields(fields)


def _shows_fields(fields: FieldView, window: WindowCommands) -> bool:
    return window.controller.view.fields is fields


def _fields() -> tuple[ActionSpec, ...]:
    return tuple(
        ActionSpec(
            f"view.fields_{fields.value}",
            text,
            Menu.VIEW,
            partial(_show_fields, fields),
            is_checked=partial(_shows_fields, fields),
            keywords=tr("interlaced field deinterlace bwdif"),
            submenu=_FIELDS,
        )
        for fields, text in _FIELD_VIEWS
    )


def _toggle_layer(layer: BlockLayer, window: WindowCommands) -> None:
    window.controller.blocks.toggle(layer)


def _shows_layer(layer: BlockLayer, window: WindowCommands) -> bool:
    return bool(window.controller.blocks.layers & layer)


def _layers() -> tuple[ActionSpec, ...]:
    return tuple(
        ActionSpec(
            f"view.{name}",
            text,
            Menu.VIEW,
            partial(_toggle_layer, layer),
            keys,
            is_checked=partial(_shows_layer, layer),
            keywords=tr("overlay blocks macroblock motion vector QP heat map codecview"),
            submenu=_OVERLAYS,
            stays_open=True,
        )
        for name, layer, text, keys in _LAYERS
    )


def _use_workspace(name: str, window: WindowCommands) -> None:
    window.workspaces.use(name)


def _panels() -> tuple[ActionSpec, ...]:
    return tuple(
        ActionSpec(
            f"panel.{name}",
            text,
            Menu.VIEW,
            partial(_toggle_panel, name),
            keys,
            needs=Needs.NOTHING,
            starts_group=name == "codec",
            is_checked=partial(_is_panel_shown, name),
            keywords=tr("show panel"),
            submenu=_PANELS,
        )
        for name, text, keys in _PANEL_KEYS
    )


def _workspaces() -> tuple[ActionSpec, ...]:
    return tuple(
        ActionSpec(
            f"workspace.{name}",
            text,
            Menu.VIEW,
            partial(_use_workspace, name),
            keys,
            needs=Needs.NOTHING,
            keywords=tr("layout reset"),
            submenu=_WORKSPACE,
        )
        for name, text, keys in _WORKSPACES
    )


VIEW_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "view.fit", tr("Fit picture"), Menu.VIEW, lambda w: w.picture.zoom_fit(), ("0",), "ph.corners-out"
    ),
    ActionSpec(
        "view.actual",
        tr("Actual pixels (1:1)"),
        Menu.VIEW,
        lambda w: w.picture.zoom_actual(),
        ("Ctrl+1",),
        "ph.frame-corners",
    ),
    ActionSpec(
        "view.double", tr("Double size (2:1)"), Menu.VIEW, lambda w: w.picture.zoom_to(2.0), (), submenu=_ZOOM
    ),
    ActionSpec(
        "view.half", tr("Half size (1:2)"), Menu.VIEW, lambda w: w.picture.zoom_to(0.5), (), submenu=_ZOOM
    ),
    ActionSpec(
        "view.quarter",
        tr("Quarter size (1:4)"),
        Menu.VIEW,
        lambda w: w.picture.zoom_to(0.25),
        (),
        submenu=_ZOOM,
    ),
    ActionSpec(
        "view.zoom_in",
        tr("Zoom picture in"),
        Menu.VIEW,
        lambda w: w.picture.zoom_in(),
        ("+", "="),
        "ph.magnifying-glass-plus",
        repeats=True,
    ),
    ActionSpec(
        "view.zoom_out",
        tr("Zoom picture out"),
        Menu.VIEW,
        lambda w: w.picture.zoom_out(),
        ("-",),
        "ph.magnifying-glass-minus",
        repeats=True,
    ),
    ActionSpec(
        "view.rotation",
        tr("Apply the file’s rotation"),
        Menu.VIEW,
        lambda w: w.toggle_rotation(),
        ("R",),
        "",
        is_checked=lambda w: w.controller.view.is_rotated,
    ),
    *_fields(),
    *_layers(),
    *COMPARE_VIEW_ACTIONS,
    ActionSpec(
        "view.timeline_in",
        tr("Zoom timeline in"),
        Menu.VIEW,
        lambda w: w.zoom_timeline_in(),
        ("Ctrl+Up",),
        "",
        starts_group=True,
        repeats=True,
    ),
    ActionSpec(
        "view.timeline_out",
        tr("Zoom timeline out"),
        Menu.VIEW,
        lambda w: w.zoom_timeline_out(),
        ("Ctrl+Down",),
        "",
        repeats=True,
    ),
    ActionSpec(
        "view.timeline_all",
        tr("Fit whole video in timeline"),
        Menu.VIEW,
        lambda w: w.zoom_timeline_all(),
        ("Ctrl+0",),
    ),
    *LANE_ACTIONS,
    ActionSpec(
        "view.picture_only",
        tr("Picture only, full screen"),
        Menu.VIEW,
        lambda w: w.toggle_picture_only(),
        ("F",),
        "ph.arrows-out",
        starts_group=True,
        is_checked=lambda w: w.is_picture_only,
        keywords=tr("full screen"),
    ),
    ActionSpec(
        "view.second_window",
        tr("Picture in a second window"),
        Menu.VIEW,
        lambda w: w.toggle_second_window(),
        ("Ctrl+Shift+F",),
        is_checked=lambda w: w.has_second_window,
        keywords=tr("monitor screen"),
    ),
    ActionSpec(
        "view.full_screen",
        tr("Whole window, full screen"),
        Menu.VIEW,
        lambda w: w.toggle_full_screen(),
        ("F11",),
        "",
        Needs.NOTHING,
        is_checked=lambda w: w.is_full_screen,
    ),
    *_panels(),
    *_workspaces(),
    ActionSpec(
        "view.unlock",
        tr("Rearrange panels"),
        Menu.VIEW,
        lambda w: w.toggle_layout_lock(),
        (),
        "",
        Needs.NOTHING,
        is_checked=lambda w: w.is_layout_unlocked,
        submenu=_WORKSPACE,
        starts_group=True,
    ),
    ActionSpec(
        "view.save_layout",
        tr("Save this layout…"),
        Menu.VIEW,
        lambda w: w.workspaces.save(),
        (),
        "",
        Needs.NOTHING,
        submenu=_WORKSPACE,
    ),
)
"""In menu order."""
