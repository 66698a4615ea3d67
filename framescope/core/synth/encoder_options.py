"""From settings to what the encoders and muxers understand. Pure; the names are FFmpeg's own."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.media.picture.color_names import UNSPECIFIED, matrix_for_display
from framescope.core.synth.clip_writer import ClipFormat
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.synth.make_settings import MakeSettings

_QP_TO_LAMBDA = 118
"""FF_QP2LAMBDA: FFmpeg's global quality is the quantiser times this."""

_TICKS = {"mp4": 90_000, "mov": 90_000, "mkv": 1000, "webm": 1000}
"""Units per second that a container's timestamps are kept in; AVI keeps none."""
_MPEG4_TICKS = 60_000
"""MPEG-4 part 2 writes its clock's rate into 16 bits."""

_BT601_CODECS = frozenset({"mjpeg", "vp8"})
"""Codecs whose standards know BT.601 only (JFIF; RFC 6386)."""
_SAYS_MATRIX = frozenset({"h264", "hevc", "av1", "vp9"})
"""Codecs whose streams say which matrix they are in; the others leave it to the container. AVI is silent."""

LEAST_FRAMES_FOR_B = 3
"""x265 takes the times of fewer frames than its B-frame delay from memory that it never wrote."""

_EVEN_ONLY = frozenset({"h264", "hevc"})
"""Codecs whose encoders refuse a size that chroma subsampling does not divide."""

_STEPS = {"420": (2, 2), "422": (2, 1), "nv1": (2, 2)}


def clip_format(settings: MakeSettings, size: tuple[int, int]) -> ClipFormat:
    """What `ClipWriter` needs for these settings.

    Args:
        settings: As asked for.
        size: (width, height) of the video.

    Raises:
        SettingsError: The codec cannot hold pictures of this size, or the container no timestamps.
    """
    check_size(settings, size)
    codec = settings.codec_spec
    return ClipFormat(
        width=size[0],
        height=size[1],
        rate=settings.rate,
        codec=codec.encoder,
        pixel_format=settings.pixel_format_used,
        options=encoder_options(settings),
        time_base=time_base(settings) if settings.timestamps_s else None,
        bit_rate=settings.bit_rate,
        fourcc=settings.fourcc_wanted or _usual_fourcc(settings),
        rotation=settings.rotation,
        # The index at the front: players on the web need not fetch the end first.
        matrix=matrix_written(settings, size),
        muxer_options={"movflags": "+faststart"} if settings.container in ("mp4", "mov") else {},
    )


def matrix_written(settings: MakeSettings, size: tuple[int, int]) -> str:
    """The matrix that readers will use, so that colours come back: not every file can say which it is."""
    codec = settings.codec_spec.codec_id
    if codec in _BT601_CODECS:
        return "smpte170m"
    if settings.container == "avi" and codec not in _SAYS_MATRIX:
        return matrix_for_display(UNSPECIFIED, is_rgb=False, width=size[0], height=size[1])
    return "bt709"


def _usual_fourcc(settings: MakeSettings) -> str:
    # Left alone FFmpeg stores hev1, which Apple's players refuse.
    is_apples = settings.codec_spec.codec_id == "hevc" and settings.container in ("mp4", "mov")
    return "hvc1" if is_apples else ""


def check_size(settings: MakeSettings, size: tuple[int, int]) -> None:
    """Refuse a size that the encoder would.

    Raises:
        SettingsError: It does.
    """
    name = settings.pixel_format_used
    step = next((step for part, step in _STEPS.items() if part in name), (1, 1))
    width, height = (-(-side // unit) * unit for side, unit in zip(size, step, strict=True))
    if settings.codec_spec.codec_id in _EVEN_ONLY and (width, height) != size:
        raise SettingsError(
            tr(
                "{title} in {name} cannot hold {width} × {height} pixels.",
                title=settings.codec_spec.title,
                name=name,
                width=size[0],
                height=size[1],
            ),
            hint=tr(
                "Make it {width} × {height} (pad or scale), or choose a 4:4:4 pixel format.",
                width=width,
                height=height,
            ),
        )


def time_base(settings: MakeSettings) -> Fraction:
    """The unit that timestamps are rounded to.

    Raises:
        SettingsError: The container keeps no timestamps.
    """
    ticks = _TICKS.get(settings.container)
    if ticks is None:
        raise SettingsError(
            tr("AVI has no timestamps: its frame rate is constant."), hint=tr("Choose MP4 or Matroska.")
        )
    return Fraction(1, _MPEG4_TICKS if settings.codec_spec.codec_id == "mpeg4" else ticks)


def ticks_of(settings: MakeSettings) -> tuple[int, ...]:
    """The timestamps in units of `time_base`, from 0.

    Raises:
        SettingsError: Two frames fall on one unit, or the container keeps no timestamps.
    """
    unit = time_base(settings)
    first = settings.timestamps_s[0]
    ticks = tuple(round((time - first) / unit) for time in settings.timestamps_s)
    same = next((place for place in range(1, len(ticks)) if ticks[place] == ticks[place - 1]), None)
    if same is not None:
        raise SettingsError(
            tr(
                "Frames {first} and {second} are less than {unit:.3g} ms apart, which this"
                " container cannot store.",
                first=same - 1,
                second=same,
                unit=float(unit) * 1000,
            ),
            hint=tr("Choose MP4, which counts in 1/90000 s."),
        )
    return ticks


def encoder_options(settings: MakeSettings) -> dict[str, str]:
    """Options of the encoder: GOP, B-frames, quality, and what keeps its output the same at every run."""
    codec = settings.codec_spec
    gop = 1 if settings.all_intra else settings.gop
    # AVI has no timestamps: players would show B-frames in the order in which they are stored.
    has_b_frames = codec.has_b_frames and not settings.all_intra and settings.container != "avi"
    b_frames = min(settings.b_frames, gop - 1) if has_b_frames else 0
    options = {"g": str(gop)} if codec.has_gop else {}
    if codec.has_b_frames:
        options["bf"] = str(b_frames)
    options |= _quality_options(settings)
    return options | _own_options(settings, gop, b_frames)


def _quality_options(settings: MakeSettings) -> dict[str, str]:
    scale = settings.codec_spec.quality
    if scale is None or settings.quality is None:
        return {}
    figure = scale.figure(settings.quality)
    if scale.option == "qscale":
        return {"flags": "+qscale", "global_quality": str(figure * _QP_TO_LAMBDA)}
    return {scale.option: str(figure)}


def _own_options(settings: MakeSettings, gop: int, b_frames: int) -> dict[str, str]:
    is_open = int(settings.open_gop)
    # With one or two frames x265's frame threads may wait for each other for ever on a busy machine; no video
    # that is so short is made with B-frames.
    frame_threads = "" if b_frames else ":frame-threads=1"
    # Keyframes only where requested: no encoder may add its own at a cut.
    own = {
        "h264": {
            "preset": "medium",
            "keyint_min": str(gop),
            "sc_threshold": "0",
            "x264-params": f"open-gop={is_open}",
        },
        "hevc": {
            "preset": "medium",
            "x265-params": f"keyint={gop}:min-keyint={gop}:bframes={b_frames}:open-gop={is_open}"
            f":scenecut=0:log-level=error{frame_threads}",
        },
        "av1": {"preset": "8", "svtav1-params": "scd=0"},
        "vp9": {"keyint_min": str(gop), "deadline": "good", "cpu-used": "4", "row-mt": "1", "b": "0"},
        # Without a bit rate libvpx takes 200 kbit/s for VP8, whatever the quality. Its threads for VP8 wait
        # for each other in a loop: with more of them than idle cores, a frame takes seconds to minutes.
        "vp8": {
            "keyint_min": str(gop),
            "deadline": "good",
            "cpu-used": "4",
            "b": "50M",
            "threads": "1",
        },
        "mpeg4": {"sc_threshold": "1000000000"},
        "ffv1": {"level": "3", "slicecrc": "1", "g": "1"},
    }.get(settings.codec_spec.codec_id, {})
    if settings.bit_rate is not None:
        own.pop("b", None)
    return own
