"""Damage: frame n is one picture in every order, and what may depend on damage carries the mark.

The clips are damaged here, packet by packet, so that it is known which frames that can concern.
"""

from __future__ import annotations

import random
from collections.abc import Callable  # noqa: TC003 - NamedTuple reads it
from typing import TYPE_CHECKING, NamedTuple

import av
import numpy as np
import pytest

from framescope import FrameUnavailableError, open_video
from framescope.core.media import index_builder
from tests.clips.remuxing import copy_packets, with_payload
from tests.clips.truth import true_frames
from tests.contract.checks import digest_of, shuffled

if TYPE_CHECKING:
    from pathlib import Path

    from framescope import Video
    from tests.clips.remuxing import VideoPacket

FEW_BYTES = 200_000
GOP = 12


def noise(payload: bytes, seed: int) -> bytes:
    """The second half is something else."""
    half = len(payload) // 2
    return payload[:half] + np.random.default_rng(seed).bytes(len(payload) - half)


def flips(payload: bytes, seed: int) -> bytes:
    """Some bits of its last two thirds are turned over."""
    changed, chance = bytearray(payload), random.Random(seed)
    for _ in range(6):
        changed[chance.randrange(len(changed) // 3, len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def short(payload: bytes, seed: int) -> bytes:
    """Its last third is missing."""
    del seed
    return payload[: len(payload) * 2 // 3]


def gone(payload: bytes, seed: int) -> bytes:
    """It is missing altogether."""
    del payload, seed
    return b""


# VP8, and much of VP9 and H.265, decode any bytes to some picture: no decoder can tell, and nor can the test.
NOTICED = [
    *((name, how) for name in ("h264.mp4", "h264.ts", "gop_open.mkv") for how in (noise, flips, short, gone)),
    *((name, how) for name in ("mpeg2.ts", "mpeg2.mkv", "mpeg4.mp4", "mpeg4.avi") for how in (noise, short)),
    *((name, how) for name in ("hevc.mp4", "hevc.mkv") for how in (short, gone)),
    ("vp9.webm", short),
]
DAMAGED_PACKETS = (GOP, GOP + 1, GOP + 4, 2 * GOP)


class Case(NamedTuple):
    """A clip, and which of its packets is damaged in which way."""

    name: str
    how: Callable[[bytes, int], bytes]
    number: int


CASES = [Case(name, how, number) for name, how in NOTICED for number in DAMAGED_PACKETS]
every_case = pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.name}-{case.how.__name__}-{case.number}"
)
counted = pytest.mark.parametrize("as_if_long", [False, True], ids=["decoded", "as a long file"])


def damage(source: Path, path: Path, number: int, how: Callable[[bytes, int], bytes]) -> None:
    """Copy ``source`` with one packet, by decode order, changed."""

    def edit(place: int, packet: VideoPacket) -> VideoPacket | None:
        if place != number:
            return packet
        payload = how(bytes(packet), number)
        return with_payload(packet, payload) if payload else None

    copy_packets(source, path, edit)


def shown_between_keyframes(path: Path, number: int) -> set[int]:
    """The pts that damage of packet ``number`` may concern: from it on to the next keyframe behind it.

    Leading pictures of that keyframe count too: those that follow it and are shown before it.
    """
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    keys = [place for place, packet in enumerate(packets) if packet.is_keyframe and place > number]
    stop = keys[0] if keys else len(packets)
    following = keys[1] if len(keys) > 1 else len(packets)
    times = [-1 if packet.pts is None else packet.pts for packet in packets]
    leading = [pts for pts in times[stop:following] if pts < times[stop]]
    return {*times[number:stop], *leading}


def is_noticed(path: Path) -> bool:
    """Whether FFmpeg admits that something is wrong, when told to report it or by a flag of a frame."""
    for options in ({}, {"err_detect": "explode"}):
        with av.open(str(path)) as container:
            context = container.streams.video[0].codec_context
            context.thread_count, context.options = 1, options
            try:
                if any(frame.is_corrupt for frame in container.decode(video=0)):
                    return True
            except av.FFmpegError:
                return True
    return False


def read(video: Video, numbers: list[int]) -> dict[int, tuple[str, bool]]:
    """Digest and mark of each frame that can be shown, by number."""
    answers = {}
    for number in numbers:
        try:
            frame = video.frame(number)
        except FrameUnavailableError:
            continue
        answers[number] = digest_of(frame), frame.is_damaged
    return answers


@counted
@every_case
def test_one_picture_in_every_order_and_the_mark_where_it_may_depend_on_damage(
    case: Case,
    as_if_long: bool,  # noqa: FBT001 - a parameter
    clip: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, how, number = case
    if as_if_long:
        monkeypatch.setattr(index_builder, "SHORT_PIXELS", 0)
    sound, path = clip(name), tmp_path / name
    damage(sound, path, number, how)
    truth = {true.pts: true.digest for true in true_frames(path)}
    clean = {true.digest for true in true_frames(sound)}
    must_mark = how is gone or is_noticed(path)
    marked: set[int] = set()
    with open_video(path, use_index_cache=False, cache_bytes=FEW_BYTES) as video:
        count = len(video)
        for order in (list(range(count)), list(range(count))[::-1], shuffled(count, seed=3)):
            answers = read(video, order)
            pts = video.index.pts.tolist()
            assert {n: d for n, (d, _) in answers.items() if truth.get(pts[n]) != d} == {}
            shown = {n for n, (_, is_damaged) in answers.items() if is_damaged}
            assert not must_mark or {n for n, (d, _) in answers.items() if d not in clean} <= shown
            marked |= shown
        assert set(video.index.damaged_frames.tolist()) >= marked
        if name != "mpeg4.avi":
            # Of AVI nobody knows the pts before the packets are decoded.
            concerned = shown_between_keyframes(sound, number)
            assert {pts[n] for n in marked} <= concerned


@pytest.mark.parametrize("name", ["h264.mp4", "hevc.mkv", "mpeg2.ts", "vp9.webm", "gop_open.ts"])
def test_one_jump_into_damage_gives_the_picture_of_a_sequential_decode(
    name: str, clip: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_builder, "SHORT_PIXELS", 0)
    damage(clip(name), tmp_path / name, 2 * GOP, short)
    truth = {true.pts: true.digest for true in true_frames(tmp_path / name)}
    clean = {true.digest for true in true_frames(clip(name))}
    must_mark = is_noticed(tmp_path / name)
    for number in range(2 * GOP, 3 * GOP):
        with open_video(tmp_path / name, use_index_cache=False) as video:
            try:
                frame = video.frame(number)
            except FrameUnavailableError:
                continue
            assert digest_of(frame) == truth[frame.pts], number
            assert frame.is_damaged or digest_of(frame) in clean or not must_mark
