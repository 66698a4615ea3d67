"""What a file's header declares about its video, and what OpenCV reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

FRAGMENT_CONTAINER = "framescope-fragments"
"""The container name in the facts of a fragment store."""

SEQUENCE_CONTAINER = "framescope-images"
"""The container name in the facts of an image sequence."""

LIVE_CONTAINER = "framescope-live"
"""The container name in the facts of a live source."""


@dataclass(frozen=True, slots=True)
class StreamChoice:
    """One video stream of the file, so that another one can be chosen.

    Attributes:
        stream_index: Index over all streams of the file.
        codec: Short codec name, such as ``h264``.
        width: Columns.
        height: Rows.
        is_cover: Whether it is a still picture attached to the file.
        is_default: Whether the container marks it as the default.
        label: One line for display, such as ``#0 h264 1920×1080 30 fps``.
    """

    stream_index: int
    codec: str
    width: int
    height: int
    is_cover: bool
    is_default: bool
    label: str


@dataclass(frozen=True, slots=True)
class OpenCVFacts:
    """What ``cv2.VideoCapture`` reports; every figure is its own, right or wrong.

    Attributes:
        version: OpenCV's version.
        opened: Whether it could open the file at all.
        fourcc: CAP_PROP_FOURCC as four characters.
        fps: CAP_PROP_FPS.
        frame_count: CAP_PROP_FRAME_COUNT (may be negative or garbage).
        width: CAP_PROP_FRAME_WIDTH.
        height: CAP_PROP_FRAME_HEIGHT.
        reason: Why it could not open the file.
    """

    version: str
    opened: bool
    fourcc: str = ""
    fps: float = 0.0
    frame_count: float = 0.0
    width: int = 0
    height: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ColorFacts:
    """Colour signalling. Each name is FFmpeg's; ``unspecified`` if the stream signals nothing.

    Attributes:
        matrix: YUV to RGB matrix as signalled.
        matrix_used: The matrix used for display (the signalled one, or the one assumed by size).
        range_: ``limited``, ``full`` or ``unspecified`` as signalled.
        range_used: ``limited`` or ``full``.
        transfer: Transfer characteristic (gamma, PQ, HLG).
        primaries: Colour primaries.
    """

    matrix: str
    matrix_used: str
    range_: str
    range_used: str
    transfer: str
    primaries: str


@dataclass(frozen=True, slots=True)
class DolbyVision:
    """A Dolby Vision decoder configuration record.

    Attributes:
        profile: The profile's number.
        level: The level's number.
        has_base_layer: Whether this stream has the base layer (BL).
        has_enhancement_layer: Whether it has an enhancement layer (EL).
        has_metadata: Whether it has the metadata of each picture (RPU).
        compatibility: What the base layer is compatible with, by its number
            (``dv_bl_signal_compatibility_id``): 0 nothing else, 1 HDR10, 2 SDR, 4 HLG, 6 Ultra HD Blu-ray.
    """

    profile: int
    level: int
    has_base_layer: bool
    has_enhancement_layer: bool
    has_metadata: bool
    compatibility: int


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """What the file declares of one stream, of any kind.

    Texts are empty, and numbers None, where nothing is declared.

    Attributes:
        stream_index: Index over all streams of the file.
        kind: ``video``, ``audio``, ``subtitle``, ``data`` or ``attachment``.
        codec: FFmpeg's name; empty where it has no decoder.
        details: Channels and sampling rate, size, bitrate, or the name of the attached file.
        language: As the file tags it, or empty.
        title: As the file tags it, or empty.
        tags: All its tags.
        stream_id: The container's own number: track, PID or stream number.
        codec_meaning: The codec's full name; of a data track, what it holds.
        profile: FFmpeg's name of the codec's profile.
        commercial_name: What the format is sold as, such as ``Dolby Digital Plus``.
        flags: FFmpeg's names of what the stream is for, such as ``default`` or ``forced``.
        bit_rate: Bits per second.
        bit_rate_max: Bits per second, at most (MP4: ``esds``, ``btrt``).
        buffer_bytes: The decoder's buffer for it (MP4: ``esds``, ``btrt``).
        size_bytes: Its packets together; of an attachment, the attached file.
        start_s: Its first timestamp, in seconds.
        delay_s: How much later than the chosen video stream it starts; negative for earlier.
        duration_s: Seconds.
        created: When it was written.
        timecode: That of its first frame.
        sample_rate: Samples per second.
        channels: Number of channels.
        channel_layout: FFmpeg's name of their arrangement, such as ``5.1``; empty if unknown.
        channel_positions: FFmpeg's abbreviation of each channel, such as ``FL``; empty if unknown.
        bits_per_sample: Of uncompressed and losslessly compressed sound.
        media_type: Of an attached file or cover picture, such as ``font/ttf``.
        file_name: Of an attached file or cover picture.
        dolby_vision: What the container declares of Dolby Vision.
    """

    stream_index: int
    kind: str
    codec: str
    details: str
    language: str
    title: str
    tags: Mapping[str, str]
    stream_id: int | None = None
    codec_meaning: str = ""
    profile: str = ""
    commercial_name: str = ""
    flags: tuple[str, ...] = ()
    bit_rate: int | None = None
    bit_rate_max: int | None = None
    buffer_bytes: int | None = None
    size_bytes: int | None = None
    start_s: float | None = None
    delay_s: float | None = None
    duration_s: float | None = None
    created: str = ""
    timecode: str = ""
    sample_rate: int | None = None
    channels: int | None = None
    channel_layout: str = ""
    channel_positions: tuple[str, ...] = ()
    bits_per_sample: int | None = None
    media_type: str = ""
    file_name: str = ""
    dolby_vision: DolbyVision | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter.

    Attributes:
        start_s: Seconds, by the file's own clock.
        end_s: Where it ends, likewise; None if unknown.
        title: As the file names it, or empty.
    """

    start_s: float
    end_s: float | None
    title: str


@dataclass(frozen=True, slots=True)
class Program:
    """One program of a transport stream.

    Attributes:
        number: Its number (``service_id``).
        name: The name of the service, or empty.
        provider: Who provides it, or empty.
        stream_ids: The PIDs of its streams.
    """

    number: int
    name: str
    provider: str
    stream_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FileContents:
    """What the file declares besides its video. Texts are printable, and empty where there is nothing.

    Attributes:
        streams: All streams, in file order; the first 200.
        attachment_count: Attached files.
        chapter_count: Chapters.
        chapters: The first 1000 of them, in file order.
        programs: Those of a transport stream.
        created: When it was recorded or written, as the file has it.
        device: Make and model of the camera.
        place: Where it was recorded, in degrees.
        application: The program that wrote the file.
        tags: All tags of the file.
    """

    streams: tuple[StreamFacts, ...] = ()
    attachment_count: int = 0
    chapter_count: int = 0
    chapters: tuple[Chapter, ...] = ()
    programs: tuple[Program, ...] = ()
    created: str = ""
    device: str = ""
    place: str = ""
    application: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    def stream(self, stream_index: int) -> StreamFacts | None:
        """The stream with this index; None where there are so many that it was left out."""
        return next((one for one in self.streams if one.stream_index == stream_index), None)


@dataclass(frozen=True, slots=True)
class MasteringDisplay:
    """The display that the video was graded on (SMPTE ST 2086).

    Attributes:
        primaries: CIE 1931 x and y of red, green and blue; empty if unknown.
        white_point: x and y of white; None if unknown.
        luminance: Lowest and highest, in cd/m²; None if unknown.
    """

    primaries: tuple[tuple[float, float], ...]
    white_point: tuple[float, float] | None
    luminance: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class HdrFacts:
    """HDR metadata of the stream.

    Attributes:
        formats: What the HDR formats that it follows are called, such as ``HDR10`` or ``Dolby Vision``.
        mastering_display: What it was graded on; None if not declared.
        max_cll: The brightest pixel of all frames (MaxCLL), in cd/m²; None if not declared.
        max_fall: The highest mean of a frame (MaxFALL), in cd/m²; None if not declared.
        dolby_vision: What the container declares of Dolby Vision; None if nothing.
    """

    mastering_display: MasteringDisplay | None = None
    max_cll: int | None = None
    max_fall: int | None = None
    dolby_vision: DolbyVision | None = None
    formats: tuple[str, ...] = ()


class FileState(NamedTuple):
    """By what a file is known again: its place on the disk, its bytes, the nanosecond of its last change.

    ``samples`` is a digest of some of its content; None where it was not read.
    """

    device: int
    inode: int
    size: int
    modified_ns: int
    samples: int | None = None


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """Declared facts of the chosen video stream, known before any scan.

    Sizes are in pixels, rates in frames per second, times in seconds unless they say otherwise.
    ``fourcc`` is the tag as the file stores it (printable characters, others as ``[27]``) and
    ``fourcc_meaning`` the same in words. ``*_declared`` may be wrong: the scan tells the truth.
    ``display_width`` and ``display_height`` are those of the upright picture with square pixels,
    ``rotation`` is the clockwise turn that makes it upright after mirroring. ``timecode_start`` is that
    of the first frame as the file has it, with ``;`` before the frames where it is drop-frame.
    ``display_aspect_ratio`` is the width of the upright picture over its height.
    ``bit_rate`` is what is declared of this stream, ``container_bit_rate`` that of the whole file with sound
    and all. ``level_name`` is ``level`` as the codec's standard calls it. ``clean_aperture`` is the part of
    the picture (width, height) that the file declares free of edge faults; it is not cropped to, and
    ``clean_aperture_at`` are the columns and rows left of and above it. ``active_format`` is which part of
    the frame holds the picture (AFD), ``stereo_3d`` how two views are packed into it, and ``projection`` how
    a spherical picture is projected, in words. ``commercial_name`` is what the format is sold as.
    ``pulldown`` says in words which pictures repeat a field; ``packed_bitstream`` that packets hold two
    pictures and empty ones follow, as DivX and Xvid put B-frames into AVI.
    ``encoder`` and ``encoder_settings`` are what x264 or x265 wrote into the stream, or the ``encoder`` tag.
    ``timecode_in_stream`` is what a GOP header or an SEI message gives the first decoded frame, and which of
    them; cuts often leave it as it was, so that no times are counted from it.
    ``rate_in_stream`` is the rate that the codec's headers declare where the container contradicts it; frames
    are shown at the times of the container.
    """

    source: str
    container: str
    container_meaning: str
    stream_index: int
    stream_id: int
    stream_reason: str
    streams_total: int
    video_streams: tuple[StreamChoice, ...]
    codec: str
    codec_meaning: str
    profile: str | None
    level: int | None
    fourcc: str
    fourcc_meaning: str
    width: int
    height: int
    coded_width: int
    coded_height: int
    display_width: int
    display_height: int
    sample_aspect_ratio: Fraction
    rotation: int
    mirrored: bool
    pixel_format: str
    bit_depth: int
    chroma: str
    color: ColorFacts
    interlacing: str
    has_b_frames: bool
    average_rate: Fraction | None
    base_rate: Fraction | None
    time_base: Fraction
    start_pts: int | None
    duration_s: float | None
    bit_rate: int | None
    frame_count_declared: int
    file_size_bytes: int | None
    decoder: str
    timecode_start: str | None = None
    container_bit_rate: int | None = None
    level_name: str = ""
    clean_aperture: tuple[int, int] | None = None
    pulldown: str = ""
    packed_bitstream: bool = False
    hdr: HdrFacts | None = None
    encoder: str = ""
    encoder_settings: str = ""
    timecode_in_stream: str = ""
    rate_in_stream: Fraction | None = None
    commercial_name: str = ""
    display_aspect_ratio: Fraction | None = None
    clean_aperture_at: tuple[int, int] | None = None
    active_format: str = ""
    stereo_3d: str = ""
    projection: str = ""
    has_closed_captions: bool = False
    contents: FileContents = field(default_factory=FileContents, hash=False)
    file_state: FileState | None = field(default=None, compare=False, repr=False)
    """The file as it was when it was probed; no fact about the video. None for an address."""

    @property
    def has_packets(self) -> bool:
        """Whether the frames are packets of a stream in a file that can be opened again.

        Fragments, image sequences and live sources are not.
        """
        return self.container not in {FRAGMENT_CONTAINER, SEQUENCE_CONTAINER, LIVE_CONTAINER}
