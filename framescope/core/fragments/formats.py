"""The pixel format of fragments: verified lossless, or declared lossy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import CODECS, CodecSpec, FragmentCodec
from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.media.picture.planes import frame_planes
from framescope.core.media.picture.readable import readable
from framescope.core.translation import tr

_SIDE = 32
"""The test picture's size: a multiple of every subsampling."""
_SHARED_PLANES = {
    **{f"yuvj{rest}": f"yuv{rest}" for rest in ("420p", "422p", "444p", "440p", "411p")},
    # The fourth byte is undefined, but its content is kept as well.
    "bgr0": "bgra",
}
"""Formats with the same sample layout, which differ only in what their names imply."""


@dataclass(frozen=True, slots=True)
class FormatPlan:
    """How the pixels of one format are stored.

    Attributes:
        source: The source format.
        stored: The encoded format.
        given: The format after decoding.
        is_lossless: Whether the format conversion alone is lossless.
        words: A description.
    """

    source: str
    stored: str
    given: str
    is_lossless: bool
    words: str


@lru_cache(maxsize=256)
def plan_format(codec: FragmentCodec, source: str, *, must_be_lossless: bool) -> FormatPlan:
    """Plan how to store pixels of the format ``source`` with ``codec``.

    Raises:
        FragmentError: No format of the codec can hold them, or not losslessly if that is requested.
    """
    spec = CODECS[codec]
    offered = _offered(spec)
    twin = _SHARED_PLANES.get(source, source)
    if twin in offered:
        words = (
            tr("{source}, as it is", source=source)
            if twin == source
            else tr("{source}, its samples stored as {twin}", source=source, twin=twin)
        )
        return FormatPlan(source, twin, source, is_lossless=True, words=words)
    if source.startswith("pal") and "bgra" in offered:
        return FormatPlan(
            source, "bgra", "bgra", is_lossless=True,
            words=tr("palette colours looked up and stored as bgra: the same colours, without the palette"),
        )  # fmt: skip
    facts = pixel_format_facts(source)
    for candidate in offered:
        other = pixel_format_facts(candidate)
        # Between RGB and YUV, noise may survive by chance; only reordering of the same samples is proof.
        is_alike = other.is_rgb == facts.is_rgb and other.bit_depth >= facts.bit_depth
        if is_alike and _survives(source, candidate):
            words = tr(
                "{source}, stored as {candidate} and converted back: verified lossless",
                source=source,
                candidate=candidate,
            )
            return FormatPlan(source, candidate, source, is_lossless=True, words=words)
    if must_be_lossless:
        raise FragmentError(
            tr(
                "{title} has no pixel format that holds {source} without loss.",
                title=spec.title,
                source=source,
            ),
            hint=tr("Choose a lossy codec, which shows what it converts to."),
        )
    stored = _nearest(spec, offered, source)
    words = tr(
        "{source} converted to {stored}, which is not lossless: {title} cannot hold {source}",
        source=source,
        stored=stored,
        title=spec.title,
    )
    return FormatPlan(source, stored, stored, is_lossless=False, words=words)


def _offered(spec: CodecSpec) -> tuple[str, ...]:
    try:
        formats = av.Codec(spec.encoder, "w").video_formats or []
    except ValueError as error:
        raise FragmentError(
            tr(
                "This build of FFmpeg has no encoder for {title} ({encoder}).",
                title=spec.title,
                encoder=spec.encoder,
            ),
            hint=tr("Choose another codec."),
        ) from error
    names = [one.name for one in formats if not one.name.startswith(("nv", "yuvj"))]

    def width(name: str) -> tuple[int, int]:
        return pixel_format_facts(name).bit_depth, av.VideoFormat(name, 64, 64).padded_bits_per_pixel

    # The narrowest first, so that what is stored is no larger than necessary.
    return tuple(sorted(names, key=width))


def _nearest(spec: CodecSpec, offered: tuple[str, ...], source: str) -> str:
    """The supported format that loses least: depth first, then chroma, then the smallest such format."""
    facts = pixel_format_facts(source)
    wanted_chroma = "4:4:4" if facts.is_rgb else "4:2:0" if facts.chroma == "grey" else facts.chroma

    def loss(name: str) -> tuple[int, int, int]:
        other = pixel_format_facts(name)
        depth = max(0, min(facts.bit_depth, 16) - other.bit_depth) * 10
        surplus = max(0, other.bit_depth - facts.bit_depth) + 3 * (other.has_alpha and not facts.has_alpha)
        chroma = 0 if other.chroma in (wanted_chroma, facts.chroma) else 2 if other.chroma == "4:2:0" else 1
        grey = 100 * (other.chroma == "grey" and facts.chroma != "grey")
        return depth + grey, chroma + 5 * other.is_rgb, surplus

    if not facts.bit_depth or not offered:
        raise FragmentError(
            tr(
                "{title} cannot hold pictures of the format {source}.",
                title=spec.title,
                source=source or "unknown",
            )
        )
    return min(offered, key=loss)


@lru_cache(maxsize=1024)
def _survives(source: str, stored: str) -> bool:
    """Whether noise in the format ``source`` survives the conversion to ``stored`` and back."""
    try:
        noise = _noise(source)
        there = convert(noise, stored)
        back = convert(there, source)
    except (ValueError, OSError, av.FFmpegError):
        return False
    pairs = zip(frame_planes(noise), frame_planes(back), strict=True)
    return all(np.array_equal(before, after) for before, after in pairs)


def _noise(name: str) -> av.VideoFrame:
    frame = av.VideoFrame(_SIDE, _SIDE, name)
    random = np.random.default_rng(3)
    bits = max(component.bits for component in frame.format.components)
    for plane in frame.planes:
        samples = np.frombuffer(memoryview(plane), np.uint8)
        samples[:] = random.integers(0, 256, samples.size, dtype=np.uint8)
        if 8 < bits < 16 and samples.size % 2 == 0 and "2rgb" not in name and "2bgr" not in name:
            words = samples.view(">u2" if name.endswith("be") else "<u2")
            # Formats such as P010 store their bits at the upper end of each word.
            is_high = name[0] == "p" or name.startswith(("y21", "xv", "nv20", "xyz"))
            words[:] = words & (((1 << bits) - 1) << (16 - bits if is_high else 0))
    if name in ("bgr0", "rgb0", "0rgb", "0bgr"):
        # The fourth byte is undefined; FFmpeg's decoders and converters may leave anything there.
        place = name.index("0")
        memory = np.frombuffer(memoryview(frame.planes[0]), np.uint8)
        memory.reshape(-1, 4)[:, place] = 255
    return frame


def shares_planes(one: str, other: str) -> bool:
    """Whether the two formats have the same sample layout, so that only the name differs."""
    return _SHARED_PLANES.get(one, one) == _SHARED_PLANES.get(other, other)


def convert(frame: av.VideoFrame, stored: str) -> av.VideoFrame:
    """Convert a picture to another format, preserving its range.

    Raises:
        ValueError: swscale does not support one of the formats.
    """
    if shares_planes(frame.format.name, stored):
        return frame
    to_yuv = frame.format.is_rgb and not pixel_format_facts(stored).is_rgb
    matrix = int(Colorspace.ITU709)
    value_range = int(ColorRange.JPEG) if frame.color_range == ColorRange.JPEG else int(ColorRange.MPEG)
    return VideoReformatter().reformat(
        readable(frame),
        format=stored,
        src_colorspace=matrix,
        dst_colorspace=matrix,
        src_color_range=int(ColorRange.JPEG) if to_yuv else value_range,
        dst_color_range=int(ColorRange.MPEG) if to_yuv else value_range,
        threads=1,
    )
