"""Notes on what an image format loses or changes for a given video."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.export.encoders.formats import BitDepth, ChromaSampling, ImageFormat
from framescope.core.media.picture.color_names import color_words
from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.export.settings import ExportSettings
    from framescope.core.model.stream_facts import VideoInfo

HDR_NAMES = {"smpte2084": "PQ", "arib-std-b67": "HLG"}
"""HDR transfer characteristics, and their common names."""
_FINER = {
    ChromaSampling.FULL: (),
    ChromaSampling.HALF: ("4:4:4", "RGB", "palette"),
    ChromaSampling.QUARTER: ("4:4:4", "4:2:2", "4:4:0", "RGB", "palette"),
}
_WIDE = ("bt2020", "smpte431", "smpte432")


_HOLD_DENSITY = frozenset({ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.TIFF})


def format_notes(info: VideoInfo, settings: ExportSettings) -> tuple[str, ...]:
    """Sentences for display, most important first; empty if there are none. Pure."""
    if settings.image_format is ImageFormat.PLANES:
        return (
            tr(
                "Holds the planes as decoded, {pixel_format}: no colour conversion, and "
                "rotation, crop, size and depth have no effect.",
                pixel_format=info.pixel_format,
            ),
        )
    notes = [*_hdr(info, settings), _depth(info, settings), _chroma(info, settings)]
    if pixel_format_facts(info.pixel_format).has_alpha:
        notes.append(tr("Transparency is not saved."))
    squares = settings.resize is not None and (settings.resize.square or settings.resize.letterbox)
    if info.sample_aspect_ratio != 1 and not squares:
        notes.append(_shape(info, settings))
    notes.append(_turning(info, settings))
    if settings.metadata and not settings.image_format.holds_tags:
        notes.append(
            tr("{label} cannot carry frame number, time or source.", label=settings.image_format.label)
        )
    return tuple(filter(None, notes))


def is_deep(source_bits: int, settings: ExportSettings) -> bool:
    """Whether a file has 16 bits per component, for a video with ``source_bits``."""
    if not settings.image_format.holds_16_bit or settings.bit_depth is BitDepth.EIGHT:
        return False
    return settings.bit_depth is BitDepth.SIXTEEN or source_bits > 8


def _hdr(info: VideoInfo, settings: ExportSettings) -> list[str]:
    curve = HDR_NAMES.get(info.color.transfer)
    if curve is None:
        if info.color.primaries not in _WIDE:
            return []
        return [
            tr(
                "Colours are those of {color}, not converted to BT.709.",
                color=color_words(info.color.primaries),
            )
        ]
    if settings.tone_map:
        return [
            tr("Tone-mapped from {curve} (HDR) to SDR, by ITU-R BT.2390, with BT.709 colours.", curve=curve)
        ]
    says = (
        tr("the file says so (cICP).")
        if settings.image_format is ImageFormat.PNG and settings.metadata
        else tr("nothing in the file says so.")
    )
    return [
        tr(
            "{curve} (HDR) values as in the video, not tone-mapped: most viewers show them washed out;"
            " {says}",
            curve=curve,
            says=says,
        )
    ]


def _depth(info: VideoInfo, settings: ExportSettings) -> str:
    bits, label = info.bit_depth, settings.image_format.label
    if is_deep(bits, settings):
        return tr(
            "16 bits: the source’s {bits}-bit values, computed exactly and scaled to 0–65535.", bits=bits
        )
    if settings.bit_depth is BitDepth.SIXTEEN:
        return tr("{label} keeps 8 bits, not 16.", label=label)
    if bits > 8:
        if settings.image_format.holds_16_bit:
            return tr("Saved with 8 of the source’s {bits} bits.", bits=bits)
        return tr("{label} keeps 8 of the source’s {bits} bits.", label=label, bits=bits)
    return ""


def _chroma(info: VideoInfo, settings: ExportSettings) -> str:
    image_format = settings.image_format
    if settings.is_lossless:
        return ""
    sampling = settings.chroma if image_format.has_chroma else ChromaSampling.QUARTER
    if info.chroma not in _FINER[sampling]:
        return ""
    return tr(
        "{label} at {sampling} keeps less colour detail than the source’s {chroma}.",
        label=image_format.label,
        sampling=sampling.label,
        chroma=info.chroma,
    )


def _shape(info: VideoInfo, settings: ExportSettings) -> str:
    pixels = tr(
        "Its pixels are {sample_aspect_ratio} as wide as high", sample_aspect_ratio=info.sample_aspect_ratio
    )
    if settings.metadata and settings.image_format in _HOLD_DENSITY:
        return tr("{pixels}, not stretched; the file’s density says so.", pixels=pixels)
    return tr("{pixels}, not stretched.", pixels=pixels)


def _turning(info: VideoInfo, settings: ExportSettings) -> str:
    if settings.rotate or not (info.rotation or info.mirrored):
        return ""
    return tr("Saved as stored, not turned upright.")
