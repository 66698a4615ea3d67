"""Lists the audio streams of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import av.error
import av.stream

from framescope.core.errors import FrameScopeError
from framescope.core.media.container import open_container, source_name
from framescope.core.printable import readable
from framescope.core.pyav import read_tags
from framescope.core.text import counted, stream_label
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av.audio.stream import AudioStream
    from av.container import InputContainer


_HIGHEST_RATE = 1 << 22
"""Samples per second. No format has more; a damaged header may, and a second of it would fill the memory."""


class SoundError(FrameScopeError):
    """The sound of a file cannot be read, or cannot be played on this machine."""


@dataclass(frozen=True, slots=True)
class SoundStream:
    """What a file declares about one of its audio streams.

    Attributes:
        stream_index: Index over all streams of the file.
        codec: FFmpeg's name, such as ``aac``.
        rate: Samples per second and channel; the decoder may deliver more (HE-AAC).
        channels: Number of channels.
        layout: FFmpeg's name of their arrangement, such as ``stereo`` or ``5.1``.
        language: As the file tags it, or empty.
        title: As the file tags it, or empty.
        is_default: Whether the container marks it as the default.
    """

    stream_index: int
    codec: str
    rate: int
    channels: int
    layout: str
    language: str
    title: str
    is_default: bool

    @property
    def label(self) -> str:
        """One line for display, such as ``#1 aac stereo 48 kHz, eng, Commentary``."""
        layout = self.layout or counted(self.channels, "channel", "channels")
        words = f"{self.codec} {layout} {self.rate / 1000:g} kHz"
        return stream_label(self.stream_index, words, self.language, self.title)


def sound_streams(source: str) -> tuple[SoundStream, ...]:
    """Every audio stream that FFmpeg can decode, in file order. Threads: any.

    Raises:
        OpenError: The file cannot be opened.
    """
    with open_container(source) as container:
        return tuple(_described(stream) for stream in container.streams.audio if _is_playable(stream))


def default_stream(streams: Sequence[SoundStream]) -> SoundStream | None:
    """The stream to play unless another one is chosen: the first default, or the first."""
    return next((stream for stream in streams if stream.is_default), streams[0] if streams else None)


def audio_stream(container: InputContainer, source: str, stream_index: int) -> AudioStream:
    """The audio stream with this index over all streams.

    Raises:
        SoundError: There is none, or FFmpeg has no decoder for it.
    """
    for stream in container.streams.audio:
        if stream.index == stream_index and _is_playable(stream):
            return stream
    raise SoundError(
        tr(
            "{source_name} has no audio stream {stream_index} that can be decoded.",
            source_name=source_name(source),
            stream_index=stream_index,
        ),
        hint=tr("Choose another audio stream."),
    )


def _is_playable(stream: AudioStream) -> bool:
    # If there is no decoder, PyAV returns a stream without a codec context, contrary to its stubs.
    context = getattr(stream, "codec_context", None)
    return context is not None and 0 < context.sample_rate <= _HIGHEST_RATE


def _described(stream: AudioStream) -> SoundStream:
    context, tags = stream.codec_context, read_tags(stream.metadata)
    return SoundStream(
        stream_index=stream.index,
        codec=context.codec.canonical_name,
        rate=context.sample_rate,
        channels=context.channels,
        layout=_layout_name(stream),
        language=readable(tags.get("language", "")),
        title=readable(tags.get("title", "")),
        is_default=bool(stream.disposition & av.stream.Disposition.default),
    )


def _layout_name(stream: AudioStream) -> str:
    try:
        return stream.codec_context.layout.name
    except (ValueError, av.error.FFmpegError):
        return ""
