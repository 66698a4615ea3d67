"""Every action of the window, in menu order."""

from __future__ import annotations

from functools import partial

from framescope.core.translation import tr
from framescope.session.controller import Controller
from framescope.session.position_text import PositionField
from framescope.ui.actions.compare_actions import COMPARE_FILE_ACTIONS
from framescope.ui.actions.go_actions import GO_ACTIONS
from framescope.ui.actions.play_actions import PLAY_ACTIONS
from framescope.ui.actions.sound_actions import SOUND_ACTIONS
from framescope.ui.actions.spec import ActionSpec, Menu, Needs, WindowCommands, ask
from framescope.ui.actions.track_actions import CHAPTER_ACTIONS, SUBTITLE_ACTIONS
from framescope.ui.actions.view_actions import VIEW_ACTIONS

_ANYTIME = Needs.NOTHING
_TABLE = tr("Save a table")
_COPY = tr("Copy position")

FILE_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "file.open",
        tr("Open video…"),
        Menu.FILE,
        lambda w: w.open_file(),
        ("Ctrl+O",),
        "ph.folder-open",
        _ANYTIME,
    ),
    ActionSpec(
        "file.open_url",
        tr("Open URL or camera…"),
        Menu.FILE,
        lambda w: w.open_url(),
        ("Ctrl+U",),
        "ph.link",
        _ANYTIME,
    ),
    ActionSpec(
        "file.paste",
        tr("Open from the clipboard"),
        Menu.FILE,
        lambda w: w.paste(),
        ("Ctrl+V",),
        "ph.clipboard-text",
        _ANYTIME,
    ),
    ActionSpec(
        "file.next",
        tr("Next video"),
        Menu.FILE,
        lambda w: w.step_video(1),
        ("Ctrl+PgDown",),
        "",
        _ANYTIME,
        repeats=True,
        keywords=tr("file folder playlist"),
        starts_group=True,
    ),
    ActionSpec(
        "file.previous",
        tr("Previous video"),
        Menu.FILE,
        lambda w: w.step_video(-1),
        ("Ctrl+PgUp",),
        "",
        _ANYTIME,
        repeats=True,
        keywords=tr("file folder playlist"),
    ),
    ActionSpec(
        "file.next_unlabelled",
        tr("Next video without a label"),
        Menu.FILE,
        lambda w: w.playlist.seek_unlabelled(),
        ("Ctrl+Shift+PgDown",),
        keywords=tr("file folder playlist sort unlabelled label"),
    ),
    ActionSpec(
        "file.demo",
        tr("Open the demo clip"),
        Menu.FILE,
        lambda w: w.open_demo(),
        (),
        "ph.film-strip",
        _ANYTIME,
    ),
    ActionSpec(
        "file.stream",
        tr("Choose the video stream…"),
        Menu.FILE,
        lambda w: w.dialogs.choose_stream(),
        (),
        "",
        Needs.STREAMS,
    ),
    ActionSpec(
        "file.reload",
        tr("Reload from disk"),
        Menu.FILE,
        ask(Controller.reopen_source),
        ("Ctrl+R", "F5"),
        "ph.arrows-clockwise",
    ),
    *COMPARE_FILE_ACTIONS,
    ActionSpec(
        "file.save_frame",
        tr("Save this frame…"),
        Menu.FILE,
        lambda w: w.dialogs.save_frame(),
        ("Ctrl+S",),
        "ph.download-simple",
        Needs.EXACT_FRAME,
        starts_group=True,
    ),
    ActionSpec(
        "file.save_overlays",
        tr("Save this frame with overlays…"),
        Menu.FILE,
        lambda w: w.dialogs.save_overlays(),
        (),
        needs=Needs.EXACT_FRAME,
        keywords=tr("motion vectors blocks quantisers drawn"),
    ),
    ActionSpec(
        "file.export",
        tr("Export frames…"),
        Menu.FILE,
        lambda w: w.dialogs.export_frames(),
        ("Ctrl+E",),
        "ph.export",
    ),
    ActionSpec(
        "file.export_queue",
        tr("Export from several videos…"),
        Menu.FILE,
        lambda w: w.dialogs.export_queue(),
        (),
        "ph.stack",
        _ANYTIME,
        keywords=tr("queue batch"),
    ),
    ActionSpec(
        "file.export_clip",
        tr("Export a clip…"),
        Menu.FILE,
        lambda w: w.dialogs.export_clip(),
        ("Ctrl+Shift+E",),
        "ph.scissors",
    ),
    ActionSpec(
        "file.contact_sheet",
        tr("Contact sheet…"),
        Menu.FILE,
        lambda w: w.dialogs.make_contact_sheet(),
        (),
        "ph.squares-four",
    ),
    ActionSpec(
        "file.make",
        tr("Make a video…"),
        Menu.FILE,
        lambda w: w.dialogs.make_video(),
        (),
        "ph.magic-wand",
        _ANYTIME,
    ),
    ActionSpec(
        "file.table_frames",
        tr("Save table of frames…"),
        Menu.FILE,
        lambda w: w.dialogs.save_table("frames"),
        (),
        "ph.table",
        starts_group=True,
        submenu=_TABLE,
    ),
    ActionSpec(
        "file.table_gops",
        tr("Save table of GOPs…"),
        Menu.FILE,
        lambda w: w.dialogs.save_table("gops"),
        submenu=_TABLE,
    ),
    ActionSpec(
        "file.table_timing",
        tr("Save table of times…"),
        Menu.FILE,
        lambda w: w.dialogs.save_table("timing"),
        submenu=_TABLE,
    ),
    ActionSpec(
        "file.save_marks",
        tr("Save marks…"),
        Menu.FILE,
        lambda w: w.dialogs.save_marks(),
        (),
        "",
        Needs.SELECTION,
    ),
    ActionSpec("file.load_marks", tr("Load marks…"), Menu.FILE, lambda w: w.dialogs.load_marks()),
    ActionSpec(
        "file.verify",
        tr("Verify frame numbering by decoding"),
        Menu.FILE,
        ask(Controller.verify_numbering),
        (),
        "ph.shield-check",
        starts_group=True,
    ),
    ActionSpec(
        "file.close",
        tr("Close video"),
        Menu.FILE,
        ask(Controller.close_source),
        ("Ctrl+W",),
        "",
        starts_group=True,
    ),
    ActionSpec("file.quit", tr("Quit"), Menu.FILE, lambda w: w.quit(), ("Ctrl+Q",), "", _ANYTIME),
)
"""Open, save, export, make, quit."""


_EDIT = (
    ActionSpec(
        "edit.undo",
        tr("Undo"),
        Menu.EDIT,
        ask(Controller.undo),
        ("Ctrl+Z",),
        "ph.arrow-counter-clockwise",
        Needs.UNDO,
    ),
    ActionSpec(
        "edit.redo",
        tr("Redo"),
        Menu.EDIT,
        ask(Controller.redo),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "ph.arrow-clockwise",
        Needs.REDO,
    ),
    ActionSpec(
        "edit.copy_picture",
        tr("Copy picture"),
        Menu.EDIT,
        ask(Controller.copy_picture),
        ("Ctrl+C",),
        "ph.copy",
        Needs.EXACT_FRAME,
        starts_group=True,
    ),
    ActionSpec(
        "edit.copy_number",
        tr("Copy frame number"),
        Menu.EDIT,
        lambda w: w.controller.copy_position(PositionField.NUMBER),
        ("Ctrl+Shift+C",),
        submenu=_COPY,
    ),
    ActionSpec(
        "edit.copy_time",
        tr("Copy time"),
        Menu.EDIT,
        lambda w: w.controller.copy_position(PositionField.TIME),
        ("Ctrl+Alt+C",),
        submenu=_COPY,
    ),
    ActionSpec(
        "edit.copy_timecode",
        tr("Copy timecode"),
        Menu.EDIT,
        lambda w: w.controller.copy_position(PositionField.TIMECODE),
        submenu=_COPY,
    ),
    ActionSpec(
        "edit.copy_pts",
        tr("Copy pts"),
        Menu.EDIT,
        lambda w: w.controller.copy_position(PositionField.PTS),
        keywords=tr("timestamp"),
        submenu=_COPY,
    ),
    ActionSpec(
        "edit.shortcuts",
        tr("Keyboard shortcuts…"),
        Menu.EDIT,
        lambda w: w.dialogs.edit_shortcuts(),
        (),
        "ph.keyboard",
        _ANYTIME,
        starts_group=True,
    ),
    ActionSpec(
        "edit.preferences",
        tr("Preferences…"),
        Menu.EDIT,
        lambda w: w.dialogs.edit_preferences(),
        ("Ctrl+,",),
        "ph.gear-six",
        _ANYTIME,
    ),
)

_LABEL = tr("Label")


def _toggle_label(place: int, window: WindowCommands) -> None:
    window.controller.toggle_label(place)


def _labels() -> tuple[ActionSpec, ...]:
    return tuple(
        ActionSpec(
            f"mark.label_{place}",
            tr("Label {place}", place=place),
            Menu.MARK,
            partial(_toggle_label, place),
            (str(place),),
            keywords=tr("class category sort"),
            submenu=_LABEL,
        )
        for place in range(1, 10)
    )


_MARK = (
    ActionSpec(
        "mark.toggle",
        tr("Mark this frame"),
        Menu.MARK,
        lambda w: w.controller.toggle_mark(),
        ("M",),
        "ph.bookmark-simple",
    ),
    ActionSpec(
        "mark.note",
        tr("Note on this frame…"),
        Menu.MARK,
        lambda w: w.dialogs.edit_note(),
        ("N",),
        "ph.note-pencil",
    ),
    *_labels(),
    ActionSpec(
        "mark.labels",
        tr("Name the labels…"),
        Menu.MARK,
        lambda w: w.dialogs.edit_labels(),
        needs=Needs.NOTHING,
        starts_group=True,
        keywords=tr("class category colour"),
        submenu=_LABEL,
    ),
    ActionSpec("mark.list", tr("All marks…"), Menu.MARK, lambda w: w.dialogs.show_marks(), ("Shift+M",)),
    ActionSpec("mark.keyframes", tr("Mark every keyframe"), Menu.MARK, ask(Controller.mark_keyframes)),
    ActionSpec("mark.clear", tr("Clear marks"), Menu.MARK, ask(Controller.clear_marks), (), "", Needs.MARKS),
    ActionSpec(
        "mark.in",
        tr("Set in point"),
        Menu.MARK,
        ask(Controller.mark_in),
        ("I",),
        "mdi6.contain-start",
        starts_group=True,
    ),
    ActionSpec(
        "mark.out", tr("Set out point"), Menu.MARK, ask(Controller.mark_out), ("O",), "mdi6.contain-end"
    ),
    ActionSpec(
        "mark.clear_range",
        tr("Clear in and out points"),
        Menu.MARK,
        ask(Controller.clear_range),
        ("Shift+X",),
        "",
        Needs.RANGE,
    ),
)

_HELP = (
    ActionSpec(
        "help.keys",
        tr("Keyboard shortcuts overview"),
        Menu.HELP,
        lambda w: w.dialogs.show_help(),
        ("?", "F1"),
        "ph.question",
        _ANYTIME,
    ),
    ActionSpec(
        "help.palette",
        tr("Find a command…"),
        Menu.HELP,
        lambda w: w.dialogs.show_command_palette(),
        ("Ctrl+Shift+P",),
        "ph.command",
        _ANYTIME,
    ),
    ActionSpec(
        "help.copy_log",
        tr("Copy log"),
        Menu.HELP,
        lambda w: w.dialogs.copy_log(),
        (),
        "ph.clipboard-text",
        _ANYTIME,
        starts_group=True,
    ),
    ActionSpec(
        "help.about",
        tr("About FrameScope"),
        Menu.HELP,
        lambda w: w.dialogs.show_about(),
        (),
        "ph.info",
        _ANYTIME,
    ),
)

ACTIONS: tuple[ActionSpec, ...] = (
    *FILE_ACTIONS,
    *_EDIT,
    *GO_ACTIONS,
    *CHAPTER_ACTIONS,
    *PLAY_ACTIONS,
    *SOUND_ACTIONS,
    *_MARK,
    *SUBTITLE_ACTIONS,
    *VIEW_ACTIONS,
    *_HELP,
)
"""All actions, with unique ids."""
