"""Re-encodes exactly the requested frames, each with its own timestamp."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import av
from av.codec.codec import Codec, find_best_pix_fmt_of_list
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from framescope.core.clips.settings import ClipCodec, ClipWay
from framescope.core.clips.times import frame_rate
from framescope.core.errors import ClipError
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.picture.picture import AvPicture
from framescope.core.media.picture.readable import readable
from framescope.core.model.progress import Progress
from framescope.core.synth.encoder_options import LEAST_FRAMES_FOR_B
from framescope.core.translation import tr

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable
    from pathlib import Path

    from framescope.core.clips.containers import ContainerKind
    from framescope.core.clips.settings import ClipSettings
    from framescope.core.clips.sound import SoundFeed
    from framescope.core.clips.times import ClipTimes
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_MPEG, _JPEG = int(ColorRange.MPEG), int(ColorRange.JPEG)
_BT709 = 1
GOP_FRAMES = 250
"""Maximum keyframe interval of an exact clip."""
_TAGS = {("hevc", "mp4"): "hvc1", ("hevc", "mov"): "hvc1"}
"""Apple's players accept HEVC only with this tag."""


class ClipEncoder:
    """One encoder with its file. Used by one thread."""

    def __init__(
        self, info: VideoInfo, settings: ClipSettings, times: ClipTimes, kind: ContainerKind
    ) -> None:
        self._info = info
        self._settings = settings
        self._times = times
        self._kind = kind
        self._converter = VideoReformatter()
        self._size: tuple[int, int] | None = None
        self.pixel_format, self.remark = pixel_format_for(info, settings)

    def write(
        self,
        out_file: Path | io.BytesIO,
        frames: Iterable[Frame],
        sound: SoundFeed | None,
        *,
        progress: ProgressCallback,
        cancel: CancelToken,
    ) -> None:
        """Encode the frames.

        Args:
            out_file: Output file.
            frames: As many as there are times, in order. They must not be shared: their timestamps are
                changed.
            sound: Audio to copy, or None.
            progress: Called after each frame.
            cancel: Cancels the work.

        Raises:
            ClipError: The encoder refuses the pictures, or their size changes.
            FrameUnavailableError: A frame cannot be decoded.
            Cancelled: The work was cancelled.
        """
        target = os.fspath(out_file) if isinstance(out_file, os.PathLike) else out_file
        total = len(self._times.pts)
        unit_s = float(self._times.time_base)
        with av.open(target, "w", format=self._kind.muxer, container_options=dict(self._kind.options)) as out:
            stream = self._add_stream(out)
            if sound is not None:
                sound.add_to(out)
            for place, frame in enumerate(frames):
                cancel.raise_if_cancelled()
                if sound is not None:
                    out.mux(list(sound.until(float(self._times.pts[place]) * unit_s)))
                out.mux(stream.encode(self._prepared(frame, place)))
                progress(Progress(place + 1, total, tr("Encoding frames")))
            out.mux(stream.encode(None))
            if sound is not None:
                out.mux(list(sound.until(float("inf"))))

    def _add_stream(self, out: av.container.OutputContainer) -> av.VideoStream:
        info, codec = self._info, self._settings.codec
        options = encoder_options(info, self._settings, len(self._times.pts))
        stream = out.add_stream(codec.encoder, rate=frame_rate(info), options=options)
        if not isinstance(stream, av.VideoStream):
            raise ClipError(tr("{label} cannot be encoded by this FFmpeg.", label=codec.label))
        stream.width, stream.height, stream.pix_fmt = info.width, info.height, self.pixel_format
        context = stream.codec_context
        context.sample_aspect_ratio = info.sample_aspect_ratio
        context.time_base = self._times.time_base
        tag = _TAGS.get((codec.value, self._kind.muxer))
        if tag is not None:
            context.codec_tag = tag
        if info.has_packets:
            with StreamDecoder(info.source, info.stream_index) as decoder:
                source = decoder.context
                context.color_primaries, context.color_trc = source.color_primaries, source.color_trc
                context.colorspace = source.colorspace
        context.color_range = _JPEG if info.color.range_used == "full" else _MPEG
        if _is_rgb(info.pixel_format) != _is_rgb(self.pixel_format):
            context.colorspace, context.color_range = _BT709, _MPEG
        if info.rotation or info.mirrored:
            # PyAV turns counter-clockwise and mirrors afterwards; we mirror first and turn clockwise.
            stream.set_display_rotation(
                info.rotation if info.mirrored else -info.rotation, hflip=info.mirrored
            )
        return stream

    def _prepared(self, frame: Frame, place: int) -> av.VideoFrame:
        picture = frame.picture
        if not isinstance(picture, AvPicture):
            raise ClipError(
                tr("Frame {frame_number} has no FFmpeg picture.", frame_number=frame.frame_number)
            )
        size = (picture.width, picture.height)
        if size != (self._info.width, self._info.height):
            raise ClipError(
                tr(
                    "The picture size changes to {width} × {height} at frame {frame_number}.",
                    width=size[0],
                    height=size[1],
                    frame_number=frame.frame_number,
                ),
                hint=tr("A clip has a single size: end it before this frame."),
            )
        given = self._converted(picture.av_frame)
        given.pts = int(self._times.pts[place])
        given.time_base = self._times.time_base
        given.duration = int(self._times.durations[place])
        # Otherwise the encoder repeats the source's keyframes and types.
        given.pict_type = PictureType.NONE
        return given

    def _converted(self, frame: av.VideoFrame) -> av.VideoFrame:
        if frame.format.name == self.pixel_format:
            return frame
        is_full = self._info.color.range_used == "full"
        to_rgb, from_rgb = _is_rgb(self.pixel_format), _is_rgb(frame.format.name)
        own = _JPEG if is_full or from_rgb else _MPEG
        matrix = int(Colorspace.ITU709)
        return self._converter.reformat(
            readable(frame),
            format=self.pixel_format,
            src_colorspace=matrix,
            dst_colorspace=matrix,
            src_color_range=own,
            dst_color_range=_MPEG if from_rgb and not to_rgb else own,
            # Slices of several threads write over each other's edges at some widths.
            threads=1,
        )


def pixel_format_for(info: VideoInfo, settings: ClipSettings) -> tuple[str, str]:
    """The encoder's pixel format nearest to the source's, and what is lost by it in words.

    Raises:
        ClipError: This FFmpeg has no such encoder, or it cannot hold the pictures without loss as asked.
    """
    try:
        codec = Codec(settings.codec.encoder, "w")
    except ValueError as error:
        raise ClipError(tr("This FFmpeg has no encoder for {label}.", label=settings.codec.label)) from error
    names = [one.name for one in codec.video_formats or ()]
    # The j only says full range, which the stream's own flag does.
    plain = info.pixel_format.replace("yuvj", "yuv")
    if settings.codec is not ClipCodec.FFV1 and (info.width % 2 or info.height % 2):
        # Half a colour sample cannot be stored: an odd side takes a colour sample for each pixel.
        names = [name for name in names if "444" in name or "gray" in name or "gbr" in name]
    if plain in names:
        return plain, ""
    best, loss = find_best_pix_fmt_of_list(names, info.pixel_format)
    if best is None:
        raise ClipError(
            tr(
                "{label} has no pixel format close to {pixel_format}.",
                label=settings.codec.label,
                pixel_format=info.pixel_format,
            )
        )
    if not loss:
        return best.name, ""
    remark = tr(
        "{pixel_format} is converted to {best}, the nearest that {label} has.",
        pixel_format=info.pixel_format,
        best=best.name,
        label=settings.codec.label,
    )
    if settings.keeps_samples:
        raise ClipError(
            tr(
                "{label} cannot hold {pixel_format} without loss.",
                label=settings.codec.label,
                pixel_format=info.pixel_format,
            ),
            hint=tr("Choose FFV1, or a quality."),
        )
    return best.name, remark


def encoder_options(info: VideoInfo, settings: ClipSettings, frame_count: int) -> dict[str, str]:
    """FFmpeg's options of the encoder."""
    is_intra = settings.way is ClipWay.ALL_INTRA
    if settings.codec is ClipCodec.FFV1:
        return {"level": "3", "g": "1", "slices": "4", "slicecrc": "1"}
    if settings.codec is ClipCodec.HEVC:
        words = ["log-level=none", "keyint=1" if is_intra else f"keyint={GOP_FRAMES}", "open-gop=0"]
        words += ["lossless=1"] if settings.lossless else []
        # With so few frames its frame threads may wait for each other forever on a busy machine.
        words += ["bframes=0", "frame-threads=1"] if frame_count < LEAST_FRAMES_FOR_B else []
        return {"preset": "medium", "crf": str(settings.quality), "x265-params": ":".join(words)}
    options: dict[str, str] = {"preset": "medium", "g": "1" if is_intra else str(GOP_FRAMES)}
    options["qp" if settings.lossless else "crf"] = "0" if settings.lossless else str(settings.quality)
    fields = _field_order(info)
    # Fields are kept as such in an exact clip; a file to seek in is for readers that know none.
    if fields and not is_intra:
        options["x264-params"] = f"{fields}=1"
    return options


def lost_facts(info: VideoInfo, settings: ClipSettings, kind: ContainerKind) -> tuple[str, ...]:
    """Sentences on what the source says of its pictures and the clip cannot."""
    remarks = []
    if (info.rotation or info.mirrored) and not kind.keeps_rotation:
        remarks.append(
            tr("{label} cannot store a rotation of {rotation}°.", label=kind.label, rotation=info.rotation)
        )
    keeps_fields = settings.codec is ClipCodec.H264 and settings.way is ClipWay.EXACT
    if _field_order(info) and not keeps_fields:
        remarks.append(tr("Both fields of the interlaced pictures are kept, but no longer marked as fields."))
    if info.color.transfer in ("smpte2084", "arib-std-b67"):
        remarks.append(
            tr(
                "The HDR transfer function is signalled; mastering display and light level metadata are not"
                " copied."
            )
        )
    return tuple(remarks)


def _field_order(info: VideoInfo) -> str:
    if not info.interlacing.startswith("interlaced"):
        return ""
    return "bff" if "bottom field first" in info.interlacing else "tff"


def _is_rgb(pixel_format: str) -> bool:
    return pixel_format.startswith(("rgb", "bgr", "gbr", "pal", "0rgb", "0bgr", "argb", "abgr"))
