"""``framescope live``: receives a camera, a stream or a pipe, reports what arrives, and saves parts of it."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import click

from framescope.cli.interrupts import note_interrupt
from framescope.cli.options import (
    ParsedType,
    RealType,
    SourceType,
    TargetType,
    WholeType,
    json_option,
    overwrite_option,
    wrong_usage,
)
from framescope.cli.output import echo_json, one_line
from framescope.core.clips.containers import container_for
from framescope.core.errors import Cancelled, FrameScopeError, SettingsError
from framescope.core.files import check_target
from framescope.core.live.address import live_name
from framescope.core.live.follower import Follower
from framescope.core.live.interruptions import pause_words
from framescope.core.live.ring import Limits
from framescope.core.live.saving import save_ring
from framescope.core.live.source import begin_live, end_live
from framescope.core.media.ffmpeg_messages import ffmpeg_messages_logged
from framescope.core.scripting import export
from framescope.core.source.opening import known_video
from framescope.core.stop_signals import on_stop
from framescope.core.text import bit_rate_words, counted, duration_words, grouped, parse_time, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framescope.core.live.receiver import Receiver
    from framescope.core.live.ring import PacketRing, RingState
    from framescope.core.media.video import Video

_REPORT_S = 1.0
_LOOK_S = 0.1
_QUIET_S = 0.5
"""Only a longer wait for the source is worth a line."""
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{0,3})?)\s*(kB|MB|GB)", re.IGNORECASE)
_UNITS = {"kb": 1000, "mb": 1000**2, "gb": 1000**3}


def _parse_limit(text: str) -> Limits:
    """``30s`` or ``200MB``; the other of the two is not limited by it.

    Raises:
        SettingsError: It is neither, or does not fit in memory.
    """
    if match := _SIZE.fullmatch(text.strip()):
        size = round(float(match[1]) * _UNITS[match[2].lower()])
        if size:
            return Limits.of_size(size)
    seconds = _parse_seconds(text)
    if seconds is None:
        raise SettingsError(
            tr("{text!r} is neither a time nor a size.", text=text),
            hint=tr("Write it like 30s, 5min or 200MB."),
        )
    return Limits.of_time(seconds)


def _parse_duration(text: str) -> float:
    """``30s`` in seconds.

    Raises:
        SettingsError: It is not a time.
    """
    seconds = _parse_seconds(text)
    if seconds is None:
        raise SettingsError(
            tr("{text!r} is not a time.", text=text), hint=tr("Write it like 30s, 1:30 or 5min.")
        )
    return seconds


def _parse_seconds(text: str) -> float | None:
    typed = parse_time(text)
    return None if typed is None or typed.seconds <= 0 else float(typed.seconds)


@dataclass
class _Watch:
    """What the last report counted from."""

    begun_s: float = field(default_factory=time.monotonic)
    reported_s: float = 0.0
    frames: int = 0
    total_bytes: int = 0


@click.command()
@click.argument("source", metavar="SOURCE", type=SourceType())
@click.option(
    "--seconds",
    type=RealType(is_least_refused=True),
    metavar="S",
    help=tr("Stop after this many seconds of receiving; by default at the end, or with Ctrl+C."),
)
@click.option(
    "--buffer",
    "limits",
    type=ParsedType("30s|200MB", _parse_limit),
    metavar="30s|200MB",
    help=tr(
        "How much is held: this time, or this size; at most half of the memory "
        "(default: 2 min, at most 512 MB)."
    ),
)
@click.option(
    "--save-last",
    "save_last",
    type=(ParsedType("30s", _parse_duration), TargetType()),
    metavar=tr("TIME FILE"),
    help=tr("When it stops, save the last of it without encoding again, from a keyframe on."),
)
@click.option(
    "--export",
    "folder",
    type=TargetType(),
    metavar="DIR",
    help=tr("When it stops, save the frames that are still held as PNG, with a manifest."),
)
@click.option(
    "--every",
    type=WholeType(1),
    default=1,
    metavar="N",
    help=tr("With --export: only every N-th frame (default: all)."),
)
@overwrite_option
@json_option
def live(  # noqa: PLR0913 - each is an option
    source: str,
    *,
    seconds: float | None,
    limits: Limits | None,
    save_last: tuple[float, Path] | None,
    folder: Path | None,
    every: int,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Receive a live SOURCE and report once a second what arrives.

    SOURCE is an address (rtsp, srt, udp, rtp, rtmp, tcp, http), an .sdp file, camera:0, a named pipe, or -
    for the standard input. With #listen at its end, an rtsp, rtmp, tcp or http address waits for the sender
    to connect.

    Frames are numbered from the first keyframe on, and keep their numbers. What is held at the end can be
    saved. With --json, each line is an object; the last one is a summary, with the rates of the whole time.
    """
    if save_last is not None:
        with wrong_usage():
            container_for(save_last[1])
        check_target(save_last[1], replaces=overwrite)
    with _received(source, limits) as receiver:
        ring = _ring_of(receiver)
        info = ring.segments[0].info
        with known_video(info, ring.index()) as video:
            watch, follower = _Watch(), Follower(video, ring)
            _follow(receiver, ring, follower, watch, seconds, as_json=as_json)
            video.adopt_index(ring.index())
            state = ring.state()
            # Rates are those of the whole time now.
            table = _record(state, follower, _Watch(watch.begun_s)) | {"source": info.source, "info": info}
            if not as_json:
                click.echo(_line(table, state))
                click.echo(_last_words(state, follower))
            if save_last is not None:
                saved = save_ring(ring, save_last[1], seconds=save_last[0], replaces=overwrite)
                table["saved"] = saved
                if not as_json:
                    click.echo(one_line(saved.summary))
            status = 0
            if folder is not None:
                table["exported"], status = _export(video, ring, folder, every, as_json=as_json)
    if as_json:
        echo_json(table, is_line=True)
    return status


@contextmanager
def _received(source: str, limits: Limits | None) -> Iterator[Receiver]:
    """Receive a source while the block runs; an interrupt ends the receiving, not the block."""
    # What RTP loses is only known from FFmpeg's messages.
    with ffmpeg_messages_logged():
        receiver = begin_live(live_name(source), limits)
        try:
            with on_stop(lambda: _stop(receiver)):
                _tell_wait(receiver)
                yield receiver
        finally:
            end_live(receiver.address.name)
            receiver.close()


def _ring_of(receiver: Receiver) -> PacketRing:
    try:
        return receiver.ring()
    except FrameScopeError as error:
        if receiver.is_stopped:
            raise Cancelled from error
        raise


def _tell_wait(receiver: Receiver) -> None:
    """Say what is waited for, and for how long."""
    if receiver.is_settled(_QUIET_S):
        return
    longest_s = receiver.patience_s
    if longest_s is None:
        words = tr("Waiting for {name}; Ctrl+C stops.", name=receiver.address.typed)
    else:
        words = tr(
            "Waiting for {name}, at most {seconds:g} s; Ctrl+C stops.",
            name=receiver.address.typed,
            seconds=longest_s,
        )
    click.echo(one_line(words), err=True)


def _stop(receiver: Receiver) -> None:
    """Stop receiving; what is to be saved is still saved. A second signal interrupts that."""
    note_interrupt()
    receiver.stop()


def _follow(  # noqa: PLR0913 - each is named in the one call
    receiver: Receiver,
    ring: PacketRing,
    follower: Follower,
    watch: _Watch,
    seconds: float | None,
    *,
    as_json: bool,
) -> None:
    while not ring.has_ended:
        follower.step(_LOOK_S)
        elapsed_s = time.monotonic() - watch.begun_s
        if elapsed_s - watch.reported_s >= _REPORT_S:
            state = ring.state()
            record = _record(state, follower, watch)
            if as_json:
                echo_json(record, is_line=True)
            else:
                click.echo(_line(record, state))
            watch.reported_s, watch.frames, watch.total_bytes = elapsed_s, state.frames, state.total_bytes
        if seconds is not None and elapsed_s >= seconds:
            receiver.stop()


def _record(state: RingState, follower: Follower, watch: _Watch) -> dict[str, Any]:
    """A report for programs; rates are those since the last one."""
    elapsed_s = time.monotonic() - watch.begun_s
    span_s = max(elapsed_s - watch.reported_s, 1e-3)
    latency = follower.latency
    return {
        "elapsed_s": round(elapsed_s, 3),
        "rate_fps": round((state.frames - watch.frames) / span_s, 2),
        "bit_rate": round((state.total_bytes - watch.total_bytes) * 8 / span_s),
        "latency_p50_ms": round(latency.p50_ms, 1),
        "latency_p95_ms": round(latency.p95_ms, 1),
        "decoded": follower.decoded,
        "left_out": follower.left_out,
        "unavailable": follower.unavailable,
        **asdict(state),
    }


def _line(record: dict[str, Any], state: RingState) -> str:
    held = (
        tr("{first}–{last} held", first=grouped(state.first_frame), last=grouped(state.frames - 1))
        if state.first_frame < state.frames
        else tr("none held")
    )
    return " · ".join(
        (
            duration_words(record["elapsed_s"]),
            tr(
                "{frames} ({rate:.1f}/s)",
                frames=counted(state.frames, "frame", "frames"),
                rate=record["rate_fps"],
            ),
            bit_rate_words(record["bit_rate"]),
            tr(
                "latency {p50:.0f} ms, 95 % in {p95:.0f} ms",
                p50=record["latency_p50_ms"],
                p95=record["latency_p95_ms"],
            ),
            f"{held}: {size_words(state.held_bytes)}",
            *_faults(state),
            *([counted(state.pauses, "pause", "pauses")] if state.pauses else []),
        )
    )


def _faults(state: RingState) -> list[str]:
    faults = []
    if state.damaged_frames:
        faults.append(tr("{frames} damaged", frames=counted(state.damaged_frames, "frame", "frames")))
    if state.gaps:
        faults.append(counted(len(state.gaps), "gap", "gaps"))
    return faults


def _last_words(state: RingState, follower: Follower) -> str:
    sentences = [
        tr("{frames} received.", frames=counted(state.frames, "frame", "frames")),
        *(f"{fault}." for fault in _faults(state)),
    ]
    if follower.left_out:
        sentences.append(
            tr(
                "{frames} left out to keep up: decoding went on at a newer keyframe.",
                frames=counted(follower.left_out, "frame", "frames"),
            )
        )
    if state.pauses:
        sentences.append(pause_words(state.pauses, state.longest_pause_s))
    sentences += [gap.words for gap in state.gaps]
    return one_line(" ".join(sentences))


def _export(
    video: Video, ring: PacketRing, folder: Path, every: int, *, as_json: bool
) -> tuple[dict[str, object], int]:
    """Save the frames that are held; returns a record, and 1 if not all could be saved, else 0."""
    state = ring.state()
    first = -(-state.first_frame // every) * every
    result = export(video, folder, range(first, state.frames, every), image_format="png")
    if not as_json:
        for warning in result.warnings:
            click.echo(one_line(warning), err=True)
        click.echo(one_line(tr("{summary} in {folder}", summary=result.summary, folder=folder)))
    record = {"written": len(result.written), "failed": len(result.failed), "folder": str(folder)}
    return record, 0 if result.is_complete else 1
