"""The actions on the toolbar and in the picture's context menu, by id."""

from __future__ import annotations

TOOLBAR: tuple[str, ...] = (
    "file.open",
    "",
    "file.save_frame",
    "edit.copy_picture",
    "file.export",
    "",
    "mark.toggle",
    "mark.in",
    "mark.out",
    "",
    "edit.undo",
    "edit.redo",
)
"""Ids of the toolbar, left to right; an empty one is a separator."""

CONTEXT_MENU: tuple[str, ...] = (
    "edit.copy_picture",
    "file.save_frame",
    "file.export",
    "",
    "mark.toggle",
    "mark.note",
    "mark.in",
    "mark.out",
    "",
    "view.fit",
    "view.actual",
    "view.rotation",
)
"""Ids of the picture's context menu; an empty one is a separator."""
