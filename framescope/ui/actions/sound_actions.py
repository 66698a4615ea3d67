"""The actions about sound."""

from __future__ import annotations

from framescope.core.translation import tr
from framescope.ui.actions.spec import ActionSpec, Menu, Needs

SOUND_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "sound.mute",
        tr("Mute"),
        Menu.PLAY,
        lambda w: w.controller.sound_player.toggle_mute(),
        ("Ctrl+M",),
        "ph.speaker-slash",
        Needs.SOUND,
        starts_group=True,
        is_checked=lambda w: w.controller.sound_player.is_muted,
        keywords=tr("sound audio volume"),
    ),
    ActionSpec(
        "sound.louder",
        tr("Louder"),
        Menu.PLAY,
        lambda w: w.controller.sound_player.turn_up(),
        (),
        "",
        Needs.SOUND,
        repeats=True,
        keywords=tr("volume up"),
    ),
    ActionSpec(
        "sound.quieter",
        tr("Quieter"),
        Menu.PLAY,
        lambda w: w.controller.sound_player.turn_down(),
        (),
        "",
        Needs.SOUND,
        repeats=True,
        keywords=tr("volume down"),
    ),
    ActionSpec(
        "sound.scrub",
        tr("Play the sound of each frame stepped to"),
        Menu.PLAY,
        lambda w: w.controller.sound_player.toggle_scrubbing(),
        (),
        "",
        Needs.SOUND,
        is_checked=lambda w: w.controller.sound_player.scrubs,
        keywords=tr("scrub audio"),
    ),
    ActionSpec(
        "sound.next_stream",
        tr("Next audio stream"),
        Menu.PLAY,
        lambda w: w.controller.sound.choose_next(),
        (),
        "",
        Needs.SOUND,
        keywords=tr("track language"),
    ),
    ActionSpec(
        "sound.separate",
        tr("Waveform of each channel"),
        Menu.VIEW,
        lambda w: w.controller.sound.toggle_separate_channels(),
        (),
        "",
        Needs.SOUND,
        is_checked=lambda w: w.controller.sound.separates_channels,
        keywords=tr("stereo left right"),
    ),
)
"""Muting, volume, streams, and how the waveform is drawn."""
