"""How a stream is encoded, by its parameter sets: references, entropy coding, tier, fields, matrices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framescope.core.bitstream.decoder_buffer import buffer_from
from framescope.core.bitstream.syntax import read_parameter_sets
from framescope.core.bitstream.units import UnitSplitter
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.facts.bit_rate_facts import MPEG_VARIABLE_RATE
from framescope.core.media.facts.info_words import container_limits_words, rate_and_buffer_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framescope.core.model.progress import CancelToken
    from framescope.core.model.stream_facts import StreamFacts, VideoInfo

_TIERS = {"0": "Main", "1": "High"}
_TIER_FLAGS = ("general_tier_flag", "seq_tier[0]")
_ENTROPY_CODINGS = {"0": "CAVLC", "1": "CABAC"}
_MATRIX_FLAGS = (
    *("seq_scaling_matrix_present_flag", "pic_scaling_matrix_present_flag"),
    *("sps_scaling_list_data_present_flag", "pps_scaling_list_data_present_flag"),
    *("load_intra_quantiser_matrix", "load_non_intra_quantiser_matrix"),
)
_RPU, _ENHANCEMENT = 62, 63
"""The NAL units of Dolby Vision, of types that ITU-T H.265 leaves unspecified."""
_MPEG = frozenset({"mpeg1video", "mpeg2video"})
_CODECS = frozenset({"h264", "hevc", "vvc", "av1"}) | _MPEG


@dataclass(frozen=True, slots=True)
class EncodingFacts:
    """What the parameter sets say. Texts are empty, and numbers None, where they say nothing.

    Attributes:
        reference_frames: Frames that the decoder must keep for reference, at most (H.264).
        entropy_coding: ``CABAC`` or ``CAVLC`` (H.264).
        tier: ``Main`` or ``High`` (HEVC, VVC, AV1).
        field_coding: Whether frames may be coded as fields (H.264), in words.
        quantiser_matrices: ``default`` or ``custom``.
        chroma_location: Where chroma samples lie, in words.
        dolby_vision: Which Dolby Vision units the first picture has, in words (HEVC).
        bit_rate_max: Bits per second at which the decoder's buffer fills (VBV, HRD).
        buffer_bytes: The size of that buffer.
        is_constant_rate: Whether it fills without a stop (H.264, HEVC).
    """

    reference_frames: int | None = None
    entropy_coding: str = ""
    tier: str = ""
    field_coding: str = ""
    quantiser_matrices: str = ""
    chroma_location: str = ""
    dolby_vision: str = ""
    bit_rate_max: int | None = None
    buffer_bytes: float | None = None
    is_constant_rate: bool | None = None


def encoding_facts(info: VideoInfo, *, cancel: CancelToken | None = None) -> EncodingFacts:
    """Read a stream's parameter sets; nothing where the codec has none.

    Raises:
        OpenError: The file cannot be opened.
        Cancelled: The work was cancelled.
    """
    if info.codec not in _CODECS or not info.has_packets:
        return EncodingFacts()
    values: dict[str, str] = {}
    for unit in read_parameter_sets(info, cancel=cancel):
        for field in unit.fields:
            values.setdefault(field.name, field.value)
    facts = facts_from(info.codec, values)
    return replace(facts, dolby_vision=_dolby_vision_words(info)) if info.codec == "hevc" else facts


def facts_from(codec: str, values: Mapping[str, str]) -> EncodingFacts:
    """The facts, by the values of the syntax elements."""
    references = values.get("max_num_ref_frames", "")
    matrices = [values[name] for name in _MATRIX_FLAGS if name in values]
    tier = next((values[name] for name in _TIER_FLAGS if name in values), "")
    buffer = buffer_from(codec, values)
    return EncodingFacts(
        reference_frames=int(references) if references.isdigit() else None,
        entropy_coding=_ENTROPY_CODINGS.get(values.get("entropy_coding_mode_flag", ""), ""),
        tier=_TIERS.get(tier, ""),
        field_coding=_field_words(values) if codec == "h264" else "",
        quantiser_matrices="" if not matrices else tr("custom") if "1" in matrices else tr("default"),
        chroma_location=_location_words(values.get("chroma_sample_loc_type_top_field", "")),
        bit_rate_max=None if buffer is None or buffer.rate == MPEG_VARIABLE_RATE else buffer.rate,
        buffer_bytes=None if buffer is None else buffer.size_bytes,
        # MPEG-1 and MPEG-2 say it with each picture.
        is_constant_rate=None if buffer is None or codec in _MPEG else buffer.is_constant,
    )


def limits_words(own: StreamFacts | None, encoding: EncodingFacts) -> str:
    """The highest rate and the buffer as the stream or else the container declares them; may be empty."""
    words = rate_and_buffer_words(encoding.bit_rate_max, encoding.buffer_bytes)
    if not words:
        return "" if own is None else container_limits_words(own)
    return f"{words}, {tr('constant rate')}" if encoding.is_constant_rate else words


def _dolby_vision_words(info: VideoInfo) -> str:
    with StreamDecoder(info.source, info.stream_index, single_thread=True) as decoder:
        splitter = UnitSplitter(info.codec, bytes(decoder.context.extradata or b""))
        units = splitter.split(bytes(next(decoder.packets(), b""))).units
    codes = {unit.code for unit in units}
    parts = ((_RPU, tr("metadata (RPU)")), (_ENHANCEMENT, tr("an enhancement layer")))
    return ", ".join(words for code, words in parts if code in codes)


def _field_words(values: Mapping[str, str]) -> str:
    if values.get("frame_mbs_only_flag") != "0":
        return ""
    if values.get("mb_adaptive_frame_field_flag") == "1":
        return tr("frames, fields, or both within a frame (MBAFF)")
    return tr("frames or fields (PAFF)")


def _location_words(number: str) -> str:
    """ITU-T H.273, chroma sample location types."""
    places = (tr("left"), tr("centre"), tr("top left"), tr("top"), tr("bottom left"), tr("bottom"))
    return places[int(number)] if number.isdigit() and int(number) < len(places) else ""
