"""The actions of the File menu, in its order."""

from __future__ import annotations

from framescope.session.controller import Controller
from framescope.ui.actions.spec import ActionSpec, Menu, Needs, ask

_NONE = Needs.NOTHING

FILE_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "file.open", "Open video…", Menu.FILE, lambda w: w.open_file(), ("Ctrl+O",), "ph.folder-open", _NONE
    ),
    ActionSpec(
        "file.open_url", "Open URL…", Menu.FILE, lambda w: w.open_url(), ("Ctrl+U",), "ph.link", _NONE
    ),
    ActionSpec(
        "file.paste",
        "Open from the clipboard",
        Menu.FILE,
        lambda w: w.paste(),
        ("Ctrl+V",),
        "ph.clipboard-text",
        _NONE,
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
        "file.export_queue",
        "Export from several videos…",
        Menu.FILE,
        lambda w: w.dialogs.export_queue(),
        (),
        "ph.stack",
        _NONE,
        keywords="queue batch",
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
        "file.make", "Make a video…", Menu.FILE, lambda w: w.dialogs.make_video(), (), "ph.magic-wand", _NONE
    ),
    ActionSpec(
        "file.table_frames",
        "Save table of frames…",
        Menu.FILE,
        lambda w: w.dialogs.save_table("frames"),
        (),
        "ph.table",
        starts_group=True,
    ),
    ActionSpec(
        "file.table_gops",
        "Save table of GOPs…",
        Menu.FILE,
        lambda w: w.dialogs.save_table("gops"),
    ),
    ActionSpec(
        "file.table_timing",
        "Save table of times…",
        Menu.FILE,
        lambda w: w.dialogs.save_table("timing"),
    ),
    ActionSpec(
        "file.save_marks",
        "Save marks…",
        Menu.FILE,
        lambda w: w.dialogs.save_marks(),
        (),
        "",
        Needs.SELECTION,
        starts_group=True,
    ),
    ActionSpec("file.load_marks", "Load marks…", Menu.FILE, lambda w: w.dialogs.load_marks()),
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
"""Open, save, export, make, quit."""
