"""Every action of the window, in menu order."""

from __future__ import annotations

from framescope.core.tables.video_tables import TableKind
from framescope.session.controller import Controller
from framescope.ui.actions.spec import ActionSpec, Menu, Needs, ask

_NONE = Needs.NOTHING

_FILE = (
    ActionSpec(
        "file.open", "Open video…", Menu.FILE, lambda w: w.open_file(), ("Ctrl+O",), "ph.folder-open", _NONE
    ),
    ActionSpec(
        "file.open_url", "Open URL…", Menu.FILE, lambda w: w.open_url(), ("Ctrl+U",), "ph.link", _NONE
    ),
    ActionSpec(
        "file.demo", "Open the demo clip", Menu.FILE, lambda w: w.open_demo(), (), "ph.film-strip", _NONE
    ),
    ActionSpec(
        "file.reload",
        "Reload from disk",
        Menu.FILE,
        ask(Controller.reopen_source),
        ("Ctrl+R", "F5"),
        "ph.arrows-clockwise",
    ),
    ActionSpec(
        "file.save_frame",
        "Save this frame…",
        Menu.FILE,
        lambda w: w.dialogs.save_frame(),
        ("Ctrl+S",),
        "ph.download-simple",
        Needs.EXACT_FRAME,
        starts_group=True,
    ),
    ActionSpec(
        "file.export",
        "Export frames…",
        Menu.FILE,
        lambda w: w.dialogs.export_frames(),
        ("Ctrl+E",),
        "ph.export",
    ),
    ActionSpec(
        "file.export_clip",
        "Export a clip…",
        Menu.FILE,
        lambda w: w.dialogs.export_clip(),
        ("Ctrl+Shift+E",),
        "ph.scissors",
    ),
    ActionSpec(
        "file.contact_sheet",
        "Contact sheet…",
        Menu.FILE,
        lambda w: w.dialogs.make_contact_sheet(),
        (),
        "ph.squares-four",
    ),
    ActionSpec(
        "file.make", "Make a video…", Menu.FILE, lambda w: w.dialogs.make_video(), (), "ph.video-camera", _NONE
    ),
    ActionSpec(
        "file.table_frames",
        "Save table of frames…",
        Menu.FILE,
        lambda w: w.dialogs.save_table(TableKind.FRAMES),
        (),
        "ph.table",
        starts_group=True,
    ),
    ActionSpec(
        "file.table_gops",
        "Save table of GOPs…",
        Menu.FILE,
        lambda w: w.dialogs.save_table(TableKind.GOPS),
    ),
    ActionSpec(
        "file.table_timing",
        "Save table of times…",
        Menu.FILE,
        lambda w: w.dialogs.save_table(TableKind.TIMING),
    ),
    ActionSpec(
        "file.verify",
        "Verify the numbering by decoding",
        Menu.FILE,
        ask(Controller.verify_numbering),
        (),
        "ph.shield-check",
        starts_group=True,
    ),
    ActionSpec(
        "file.close",
        "Close video",
        Menu.FILE,
        ask(Controller.close_source),
        ("Ctrl+W",),
        "",
        starts_group=True,
    ),
    ActionSpec("file.quit", "Quit", Menu.FILE, lambda w: w.quit(), ("Ctrl+Q",), "", _NONE),
)

_EDIT = (
    ActionSpec(
        "edit.undo",
        "Undo",
        Menu.EDIT,
        ask(Controller.undo),
        ("Ctrl+Z",),
        "ph.arrow-counter-clockwise",
        Needs.UNDO,
    ),
    ActionSpec(
        "edit.redo",
        "Redo",
        Menu.EDIT,
        ask(Controller.redo),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "ph.arrow-clockwise",
        Needs.REDO,
    ),
    ActionSpec(
        "edit.copy_picture",
        "Copy picture",
        Menu.EDIT,
        ask(Controller.copy_picture),
        ("Ctrl+C",),
        "ph.copy",
        Needs.EXACT_FRAME,
        starts_group=True,
    ),
    ActionSpec(
        "edit.shortcuts",
        "Keyboard shortcuts…",
        Menu.EDIT,
        lambda w: w.dialogs.edit_shortcuts(),
        (),
        "ph.keyboard",
        _NONE,
        starts_group=True,
    ),
    ActionSpec(
        "edit.preferences",
        "Preferences…",
        Menu.EDIT,
        lambda w: w.dialogs.edit_preferences(),
        ("Ctrl+,",),
        "ph.gear-six",
        _NONE,
    ),
)

_GO = (
    ActionSpec(
        "go.next_frame",
        "Next frame",
        Menu.GO,
        ask(Controller.show_next),
        ("Right", "."),
        "ph.caret-right",
        repeats=True,
    ),
    ActionSpec(
        "go.previous_frame",
        "Previous frame",
        Menu.GO,
        ask(Controller.show_previous),
        ("Left", ","),
        "ph.caret-left",
        repeats=True,
    ),
    ActionSpec(
        "go.next_10",
        "10 frames on",
        Menu.GO,
        ask(Controller.show_next_10),
        ("Shift+Right",),
        "ph.caret-double-right",
        repeats=True,
    ),
    ActionSpec(
        "go.previous_10",
        "10 frames back",
        Menu.GO,
        ask(Controller.show_previous_10),
        ("Shift+Left",),
        "ph.caret-double-left",
        repeats=True,
    ),
    ActionSpec(
        "go.next_keyframe",
        "Next keyframe",
        Menu.GO,
        ask(Controller.show_next_keyframe),
        ("Alt+Right",),
        "ph.skip-forward",
        starts_group=True,
        repeats=True,
    ),
    ActionSpec(
        "go.previous_keyframe",
        "Previous keyframe",
        Menu.GO,
        ask(Controller.show_previous_keyframe),
        ("Alt+Left",),
        "ph.skip-back",
        repeats=True,
    ),
    ActionSpec(
        "go.next_mark",
        "Next mark",
        Menu.GO,
        ask(Controller.show_next_mark),
        ("Shift+Down",),
        "",
        Needs.MARKS,
        repeats=True,
    ),
    ActionSpec(
        "go.previous_mark",
        "Previous mark",
        Menu.GO,
        ask(Controller.show_previous_mark),
        ("Shift+Up",),
        "",
        Needs.MARKS,
        repeats=True,
    ),
    ActionSpec(
        "go.first",
        "First frame",
        Menu.GO,
        ask(Controller.show_first),
        ("Home",),
        "ph.arrow-line-left",
        starts_group=True,
    ),
    ActionSpec("go.last", "Last frame", Menu.GO, ask(Controller.show_last), ("End",), "ph.arrow-line-right"),
    ActionSpec(
        "go.to",
        "Go to frame, time or pts…",
        Menu.GO,
        lambda w: w.focus_goto(),
        ("G",),
        "ph.crosshair-simple",
        starts_group=True,
    ),
)

_PLAY = (
    ActionSpec("play.toggle", "Play or pause", Menu.PLAY, ask(Controller.toggle_play), ("Space",), "ph.play"),
    ActionSpec(
        "play.forward",
        "Play on, faster each time",
        Menu.PLAY,
        ask(Controller.shuttle_forward),
        ("L",),
        "ph.fast-forward",
        starts_group=True,
    ),
    ActionSpec("play.stop", "Stop", Menu.PLAY, ask(Controller.stop_playing), ("K",), "ph.stop"),
    ActionSpec(
        "play.backward",
        "Play backwards, faster each time",
        Menu.PLAY,
        ask(Controller.shuttle_backward),
        ("J",),
        "ph.rewind",
    ),
)

_MARK = (
    ActionSpec(
        "mark.toggle",
        "Mark this frame",
        Menu.MARK,
        lambda w: w.controller.toggle_mark(),
        ("M",),
        "ph.bookmark-simple",
    ),
    ActionSpec("mark.keyframes", "Mark every keyframe", Menu.MARK, ask(Controller.mark_keyframes)),
    ActionSpec("mark.clear", "Clear marks", Menu.MARK, ask(Controller.clear_marks), (), "", Needs.MARKS),
    ActionSpec(
        "mark.in",
        "Set in point",
        Menu.MARK,
        ask(Controller.mark_in),
        ("I",),
        "mdi6.contain-start",
        starts_group=True,
    ),
    ActionSpec("mark.out", "Set out point", Menu.MARK, ask(Controller.mark_out), ("O",), "mdi6.contain-end"),
    ActionSpec(
        "mark.clear_range",
        "Clear in and out",
        Menu.MARK,
        ask(Controller.clear_range),
        ("Shift+X",),
        "",
        Needs.RANGE,
    ),
)

_VIEW = (
    ActionSpec("view.fit", "Fit picture", Menu.VIEW, lambda w: w.zoom_fit(), ("F",), "ph.corners-out"),
    ActionSpec(
        "view.actual", "Actual pixels (1:1)", Menu.VIEW, lambda w: w.zoom_actual(), ("1",), "ph.frame-corners"
    ),
    ActionSpec(
        "view.zoom_in",
        "Zoom picture in",
        Menu.VIEW,
        lambda w: w.zoom_in(),
        ("+", "="),
        "ph.magnifying-glass-plus",
        repeats=True,
    ),
    ActionSpec(
        "view.zoom_out",
        "Zoom picture out",
        Menu.VIEW,
        lambda w: w.zoom_out(),
        ("-",),
        "ph.magnifying-glass-minus",
        repeats=True,
    ),
    ActionSpec(
        "view.rotation",
        "Apply the file’s rotation",
        Menu.VIEW,
        lambda w: w.toggle_rotation(),
        ("R",),
        "",
        is_checked=lambda w: w.controller.is_rotated,
    ),
    ActionSpec(
        "view.timeline_in",
        "Zoom timeline in",
        Menu.VIEW,
        lambda w: w.zoom_timeline_in(),
        ("Ctrl+Up",),
        "",
        starts_group=True,
        repeats=True,
    ),
    ActionSpec(
        "view.timeline_out",
        "Zoom timeline out",
        Menu.VIEW,
        lambda w: w.zoom_timeline_out(),
        ("Ctrl+Down",),
        "",
        repeats=True,
    ),
    ActionSpec(
        "view.timeline_all",
        "Whole video on the timeline",
        Menu.VIEW,
        lambda w: w.zoom_timeline_all(),
        ("Ctrl+0",),
    ),
    ActionSpec(
        "view.full_screen",
        "Full screen",
        Menu.VIEW,
        lambda w: w.toggle_full_screen(),
        ("F11",),
        "",
        _NONE,
        starts_group=True,
        is_checked=lambda w: w.is_full_screen,
    ),
    ActionSpec(
        "view.unlock",
        "Rearrange panels",
        Menu.VIEW,
        lambda w: w.toggle_layout_lock(),
        (),
        "",
        _NONE,
        is_checked=lambda w: w.is_layout_unlocked,
    ),
    ActionSpec("view.reset", "Reset layout", Menu.VIEW, lambda w: w.reset_layout(), (), "", _NONE),
)

_HELP = (
    ActionSpec(
        "help.keys",
        "Keys at a glance",
        Menu.HELP,
        lambda w: w.dialogs.show_help(),
        ("?", "F1"),
        "ph.question",
        _NONE,
    ),
    ActionSpec(
        "help.palette",
        "Find a command…",
        Menu.HELP,
        lambda w: w.dialogs.show_command_palette(),
        ("Ctrl+Shift+P",),
        "ph.command",
        _NONE,
    ),
    ActionSpec(
        "help.about",
        "About FrameScope",
        Menu.HELP,
        lambda w: w.dialogs.show_about(),
        (),
        "ph.info",
        _NONE,
        starts_group=True,
    ),
)

ACTIONS: tuple[ActionSpec, ...] = (*_FILE, *_EDIT, *_GO, *_PLAY, *_MARK, *_VIEW, *_HELP)
"""All of them; each id is there once."""
