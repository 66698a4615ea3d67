"""Chooses the video stream to open: never cover art; the default stream, then the largest."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import av.error
import av.stream

from framescope.core.errors import NoVideoStreamError, UnsupportedMediaError
from framescope.core.model.stream_facts import StreamChoice
from framescope.core.pyav import as_fraction, demux, known_count
from framescope.core.translation import tr

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_PICTURE_CODECS = frozenset({"mjpeg", "png", "bmp", "gif", "webp", "tiff", "jpeg2000", "jpegxl"})
_AV_TIME_BASE = 1_000_000
_LONGEST_S = 10 * 365.25 * 86400
"""A longer duration is damage, or a clock mistaken for one."""
_PACKETS_LOOKED_AT, _BYTES_LOOKED_AT = 2000, 32 << 20
"""Maximum amount read in search of the first packet of each video stream."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One video stream and its ranking criteria."""

    stream: VideoStream
    choice: StreamChoice
    frames_estimated: float
    is_empty: bool = False

    @property
    def weight(self) -> float:
        """Pixels × frames."""
        return self.choice.width * self.choice.height * max(self.frames_estimated, 1.0)


def list_candidates(
    container: InputContainer, without_packets: frozenset[int] = frozenset()
) -> list[Candidate]:
    """Every video stream of the container, including cover art, in file order."""
    has_audio = any(stream.type == "audio" for stream in container.streams)
    return [
        replace(_candidate(container, stream, has_audio=has_audio), is_empty=stream.index in without_packets)
        for stream in container.streams.video
    ]


def _films(container: InputContainer) -> list[VideoStream]:
    return [
        candidate.stream
        for candidate in list_candidates(container)
        if not candidate.choice.is_cover and has_decoder(candidate.stream)
    ]


def streams_without_declared_frames(container: InputContainer) -> frozenset[int]:
    """If there are several video streams: those for which the header declares no frames.

    A header may declare tracks that nothing was ever written to, and mark an empty one as default.
    """
    films = _films(container)
    return frozenset(stream.index for stream in films if not known_count(stream.frames) and len(films) > 1)


def streams_without_packets(container: InputContainer, suspected: frozenset[int]) -> frozenset[int]:
    """The suspected streams in which no packet was found within the read limit. Reads packets."""
    silent, size = set(suspected), 0
    with contextlib.suppress(av.error.FFmpegError, OSError):  # Damage is for the scan to report.
        for number, packet in enumerate(demux(container, *_films(container))):
            size += packet.size
            if packet.size:
                silent.discard(packet.stream_index)
            if not silent or number >= _PACKETS_LOOKED_AT or size >= _BYTES_LOOKED_AT:
                break
    return frozenset(silent)


def choose_stream(
    container: InputContainer, candidates: list[Candidate], wanted_index: int | None
) -> tuple[Candidate, str]:
    """The stream to show, and a sentence explaining why.

    Raises:
        NoVideoStreamError: There is none, only cover art, or the requested one is not a video stream.
        UnsupportedMediaError: FFmpeg has no decoder for any of them.
    """
    if wanted_index is not None:
        return _wanted(candidates, wanted_index), tr("You chose this stream.")
    if not candidates:
        raise _no_video(container)
    films = [candidate for candidate in candidates if not candidate.choice.is_cover]
    if not films:
        raise NoVideoStreamError(
            tr("The file contains audio with cover art, but no video."),
            hint=tr(
                "Cover art is a picture attached to the file; extract it with an audio tagger if you need it."
            ),
        )
    decodable = [candidate for candidate in films if has_decoder(candidate.stream)]
    if not decodable:
        raise UnsupportedMediaError(
            tr("FFmpeg has no decoder for the video in this file."),
            hint=tr("Convert it with the program that made it, to H.264 for example."),
        )
    best = max(
        decodable,
        key=lambda candidate: (not candidate.is_empty, candidate.choice.is_default, candidate.weight),
    )
    return best, _reason(best, decodable, covers=len(candidates) - len(films))


def has_decoder(stream: VideoStream) -> bool:
    """Whether FFmpeg has a decoder for the stream."""
    # If there is no decoder, PyAV returns a stream without a codec context, contrary to its stubs.
    return getattr(stream, "codec_context", None) is not None


def _reason(best: Candidate, decodable: list[Candidate], *, covers: int) -> str:
    others = [candidate for candidate in decodable if candidate is not best]
    if not others:
        if covers:
            return tr("It is the only video stream; {covers} cannot be used.", covers=_covers(covers))
        return tr("It is the only video stream.")
    filled = [other for other in others if not other.is_empty]
    if not filled and not best.is_empty:
        return tr("It is the only one of the {count} video streams that is not empty.", count=len(decodable))
    others = filled or others
    if best.choice.is_default and not any(other.choice.is_default for other in others):
        return tr("The file marks it as the default of its {count} video streams.", count=len(decodable))
    group = tr("default video streams") if best.choice.is_default else tr("video streams")
    if all(
        other.weight < best.weight for other in others if other.choice.is_default == best.choice.is_default
    ):
        return tr("Of the {group} it has the most pixels × frames.", group=group)
    return tr("It is the first of several equal {group}.", group=group)


def _covers(count: int) -> str:
    return tr("a cover picture") if count == 1 else tr("{count} cover pictures", count=count)


def _wanted(candidates: list[Candidate], wanted_index: int) -> Candidate:
    for candidate in candidates:
        if candidate.choice.stream_index == wanted_index:
            if not has_decoder(candidate.stream):
                raise UnsupportedMediaError(
                    tr("FFmpeg has no decoder for stream {wanted_index}.", wanted_index=wanted_index)
                )
            return candidate
    there = ", ".join(str(candidate.choice.stream_index) for candidate in candidates)
    raise NoVideoStreamError(
        tr("Stream {wanted_index} is not a video stream of this file.", wanted_index=wanted_index),
        hint=tr("Its video streams: {there}.", there=there)
        if there
        else tr("It has no video stream at all."),
    )


def _no_video(container: InputContainer) -> NoVideoStreamError:
    kinds = {stream.type for stream in container.streams}
    if "audio" in kinds:
        message, hint = tr("The file contains audio but no video."), tr("Choose a file with video.")
    elif "subtitle" in kinds:
        message, hint = (
            tr("The file contains subtitles but no video."),
            tr("Choose the video they belong to."),
        )
    else:
        message, hint = tr("The file has no video stream."), tr("It may be truncated, or contain other data.")
    return NoVideoStreamError(message, hint=hint)


def _candidate(container: InputContainer, stream: VideoStream, *, has_audio: bool) -> Candidate:
    flags = av.stream.Disposition
    rate = as_fraction(stream.average_rate) or as_fraction(stream.base_rate)
    frames = float(known_count(stream.frames))
    if not frames and rate is not None:
        frames = (stream_duration_s(container, stream) or 0.0) * float(rate)
    known = has_decoder(stream)
    codec = stream.codec_context.codec.canonical_name if known else tr("unknown codec")
    width, height = (stream.codec_context.width, stream.codec_context.height) if known else (0, 0)
    lone_picture = has_audio and codec in _PICTURE_CODECS and stream.frames == 1
    is_cover = bool(stream.disposition & (flags.attached_pic | flags.timed_thumbnails)) or lone_picture
    is_default = bool(stream.disposition & flags.default)
    return Candidate(
        stream=stream,
        choice=StreamChoice(
            stream_index=stream.index,
            codec=codec,
            width=width,
            height=height,
            is_cover=is_cover,
            is_default=is_default,
            label=_label(
                stream.index, codec, (width, height), rate, is_cover=is_cover, is_default=is_default
            ),
        ),
        frames_estimated=frames,
    )


def _label(  # noqa: PLR0913 - a line with this many words in it
    index: int, codec: str, size: tuple[int, int], rate: Fraction | None, *, is_cover: bool, is_default: bool
) -> str:
    parts = [f"#{index} {codec} {size[0]}×{size[1]}"]
    if is_cover:
        parts.append(tr("cover picture"))
    elif rate is not None and rate <= 1000:
        parts.append(f"{float(rate):.6g} fps")
    if is_default and not is_cover:
        parts.append("default")
    return ", ".join(parts)


def stream_duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    """Seconds that the stream, or else the container, declares; None if neither does."""
    time_base = as_fraction(stream.time_base)
    declared = ((stream.duration, time_base), (container.duration, Fraction(1, _AV_TIME_BASE)))
    for duration, unit in declared:
        if duration and unit is not None and 0 < duration * unit < _LONGEST_S:
            return float(duration * unit)
    return None
