"""The actions about chapters and subtitles."""

from __future__ import annotations

from framescope.core.translation import tr
from framescope.session.controller import Controller
from framescope.ui.actions.spec import ActionSpec, Menu, Needs, ask

CHAPTER_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "go.next_chapter",
        tr("Next chapter"),
        Menu.GO,
        ask(Controller.show_next_chapter),
        (),
        "",
        Needs.CHAPTERS,
        starts_group=True,
        repeats=True,
    ),
    ActionSpec(
        "go.previous_chapter",
        tr("Previous chapter"),
        Menu.GO,
        ask(Controller.show_previous_chapter),
        (),
        "",
        Needs.CHAPTERS,
        repeats=True,
    ),
)
"""Going from chapter to chapter."""

SUBTITLE_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "subtitles.show",
        tr("Subtitles over the picture"),
        Menu.VIEW,
        lambda w: w.controller.tracks.toggle_subtitles(),
        ("Ctrl+Shift+S",),
        "",
        Needs.SUBTITLES,
        starts_group=True,
        is_checked=lambda w: w.controller.tracks.shows_subtitles,
        keywords=tr("captions text"),
    ),
    ActionSpec(
        "subtitles.next",
        tr("Next subtitles"),
        Menu.VIEW,
        lambda w: w.controller.tracks.choose_next(),
        (),
        "",
        Needs.SUBTITLES,
        keywords=tr("track language"),
    ),
)
"""Showing subtitles."""
