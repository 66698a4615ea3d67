"""Clips made out of other clips (edit lists, damage, cuts, joins), and files that must be refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framescope.core.errors import MissingFileError, NoVideoStreamError, OpenError, UnsupportedMediaError
from tests.clips import remuxing
from tests.clips.catalog import H264, PLAIN_CLIPS, SMALL_H264, Clip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Source = Callable[[str], Path]
    Write = Callable[[Path, Source], None]


def _odd(name: str, write: Write, *traits: str, numbers: Sequence[int] | None = None) -> Clip:
    return Clip(name, write, None if numbers is None else tuple(numbers), frozenset({"odd", *traits}))


DAMAGED = (
    _odd(
        "damaged_middle.mp4", lambda p, s: remuxing.damage_packets(s("h264.mp4"), p, range(17, 19)), "damaged"
    ),
    _odd(
        "damaged_middle.mkv", lambda p, s: remuxing.damage_packets(s("h264.mkv"), p, range(17, 19)), "damaged"
    ),
    _odd(
        "damaged_middle.ts", lambda p, s: remuxing.damage_packets(s("h264.ts"), p, range(17, 19)), "damaged"
    ),
    _odd(
        "damaged_keyframe.mp4",
        lambda p, s: remuxing.damage_packets(s("h264.mp4"), p, range(24, 25)),
        "damaged",
    ),
    _odd(
        "damaged_vp9.webm", lambda p, s: remuxing.damage_packets(s("vp9.webm"), p, range(20, 22)), "damaged"
    ),
    _odd(
        "damaged_hevc.mp4", lambda p, s: remuxing.damage_packets(s("hevc.mp4"), p, range(17, 18)), "damaged"
    ),
    _odd(
        "damaged_mjpeg.mov", lambda p, s: remuxing.damage_packets(s("mjpeg.mov"), p, range(9, 11)), "damaged"
    ),
    _odd("lost_packets.mp4", lambda p, s: remuxing.drop_packets(s("h264.mp4"), p, range(16, 20)), "damaged"),
    _odd("lost_packets.mkv", lambda p, s: remuxing.drop_packets(s("h264.mkv"), p, range(16, 20)), "damaged"),
    _odd(
        "starts_mid_gop.mkv",
        lambda p, s: remuxing.start_between_keyframes(s("h264.mkv"), p, 5),
        "damaged",
        numbers=range(12, 48),
    ),
    _odd(
        "starts_mid_gop.ts", lambda p, s: remuxing.start_between_keyframes(s("gop_open.ts"), p, 5), "damaged"
    ),
    _odd("cut_off.ts", lambda p, s: remuxing.cut_file(s("h264.ts"), p, 0.6), "damaged", "cut"),
    _odd("cut_off.mkv", lambda p, s: remuxing.cut_file(s("h264.mkv"), p, 0.6), "damaged", "cut"),
    _odd(
        "cut_off_after_moov.mp4",
        lambda p, s: remuxing.cut_file(s("h264_faststart.mp4"), p, 0.6),
        "damaged",
        "cut",
    ),
)

EDITED = (
    _odd(
        "edit_list_inside_gop.mp4",
        lambda p, s: remuxing.cut_start(s("h264.mp4"), p, 5),
        "edit list",
        numbers=range(5, 48),
    ),
    _odd(
        "edit_list_at_keyframe.mp4",
        lambda p, s: remuxing.cut_start(s("h264.mp4"), p, 12),
        "edit list",
        numbers=range(12, 48),
    ),
    _odd(
        "edit_list_open_gop.mov",
        lambda p, s: remuxing.cut_start(s("gop_open.mp4"), p, 13),
        "edit list",
        numbers=range(13, 48),
    ),
    _odd(
        "edit_list_hevc.mp4",
        lambda p, s: remuxing.cut_start(s("gop_hevc_open.mp4"), p, 7),
        "edit list",
        numbers=range(7, 48),
    ),
    _odd(
        "joined.ts",
        lambda p, s: remuxing.join_files([s("h264.ts"), s("gop_open.ts")], p),
        "joined",
        numbers=(*range(48), *range(48)),
    ),
    _odd(
        "joined_sizes.ts",
        lambda p, s: remuxing.join_files([s("h264.ts"), s("small_h264.ts")], p),
        "joined",
        numbers=(*range(48), *range(24)),
    ),
)

STREAMS = (
    _odd(
        "cover_first.mp4",
        lambda p, _: remuxing.write_with_cover(p, SMALL_H264),
        "cover",
        numbers=range(SMALL_H264.frames),
    ),
    _odd(
        "two_videos.mkv",
        lambda p, _: remuxing.write_two_videos(p, SMALL_H264, replace(H264, frames=36)),
        "two videos",
    ),
    _odd(
        "two_videos.mp4",
        lambda p, _: remuxing.write_two_videos(p, SMALL_H264, replace(H264, frames=36)),
        "two videos",
    ),
)

PACKED = (_odd("packed.avi", lambda p, s: remuxing.pack_b_frames(s("mpeg4.mkv"), p), "no pts"),)

ODD_CLIPS = (*DAMAGED, *EDITED, *STREAMS, *PACKED)

ALL_CLIPS = (*PLAIN_CLIPS, *ODD_CLIPS)
"""Every clip that can be opened."""


@dataclass(frozen=True)
class RefusedFile:
    """A path that must be refused with a clear error.

    Attributes:
        name: Its name.
        write: Makes it (or leaves it missing).
        error: The class of the error, or a base class of it.
    """

    name: str
    write: Callable[[Path, Source], object]
    error: type[OpenError]


def _write_random(path: Path, _source: Source) -> None:
    path.write_bytes(bytes((n * n * 131 + n * 17 + 89) % 251 for n in range(5000)))


def _damage_header(path: Path, source: Source) -> None:
    """FFV1 whose configuration record is damaged: its decoder cannot be opened."""
    whole, header = source("ffv1.mkv"), remuxing.extradata_of(source("ffv1.mkv"))
    data = whole.read_bytes()
    assert data.count(header) == 1
    path.write_bytes(data.replace(header, bytes(len(header))))


REFUSED_FILES = (
    RefusedFile("missing.mp4", lambda _p, _s: None, MissingFileError),
    RefusedFile("folder.mp4", lambda p, _s: p.mkdir(), MissingFileError),
    RefusedFile("empty.mp4", lambda p, _s: p.write_bytes(b""), OpenError),
    RefusedFile("text.mp4", lambda p, _s: p.write_text("This is no video.\n" * 50), OpenError),
    RefusedFile("noise.mkv", _write_random, OpenError),
    RefusedFile("no_moov.mp4", lambda p, s: remuxing.cut_file(s("h264.mp4"), p, 0.5), OpenError),
    RefusedFile("audio_only.m4a", lambda p, _s: remuxing.write_audio(p), NoVideoStreamError),
    RefusedFile("audio_only.mkv", lambda p, _s: remuxing.write_audio(p), NoVideoStreamError),
    RefusedFile("bad_header.mkv", _damage_header, UnsupportedMediaError),
    RefusedFile("cover_only.mp4", lambda p, _s: remuxing.write_audio(p, cover=True), NoVideoStreamError),
)
