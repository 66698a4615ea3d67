"""Settings for a new video: a frozen record that validates itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from framescope.core.errors import SettingsError
from framescope.core.synth.codecs import CONTAINERS, codec_named, fourcc_named
from framescope.core.translation import tr

if TYPE_CHECKING:
    from framescope.core.synth.codecs import VideoCodec


class Writer(StrEnum):
    """Which library writes."""

    PYAV = "pyav"
    OPENCV = "opencv"

    @property
    def library(self) -> str:
        """The library's own name."""
        return {Writer.PYAV: "PyAV", Writer.OPENCV: "OpenCV"}[self]


class Fit(StrEnum):
    """What happens to a picture that is not of the video's size."""

    REFUSE = "refuse"
    SCALE = "scale"
    """Stretched to the size; its shape changes where the aspect does."""
    PAD = "pad"
    """Shrunk or enlarged to fit inside, black around it."""
    CROP = "crop"
    """Shrunk or enlarged to cover, the middle kept."""


@dataclass(frozen=True, slots=True)
class MakeSettings:
    """How a video is to be made.

    Attributes:
        codec: A codec's short name, or a FourCC, which the file then holds; see ``codecs``.
        fourcc: The FourCC that the file is to hold; empty for the container's usual one.
        writer: PyAV, or OpenCV's VideoWriter, which knows neither GOPs nor quality.
        container: File name extension, without its dot.
        rate: Frames per second; the nominal rate where timestamps are given.
        timestamps_s: Seconds at which the pictures are shown, ascending; empty for the constant rate.
        size: (width, height); None for the first picture's.
        fit: What happens to a picture of another size.
        gop: Most frames from one keyframe to the next.
        b_frames: Most B-frames in a row; none where the codec or the container (AVI) has none.
        open_gop: Whether leading pictures may refer to the previous GOP.
        all_intra: Every frame a keyframe.
        quality: 0 (worst) to 100 (best); None if the bit rate rules.
        bit_rate: Bits per second; None if quality rules.
        pixel_format: FFmpeg's name; empty for the codec's usual one.
        rotation: Clockwise degrees that players are told to turn the picture by: 0, 90, 180 or 270.

    Raises:
        SettingsError: Something in it is not available.
    """

    codec: str = "h264"
    fourcc: str = ""
    writer: Writer = Writer.PYAV
    container: str = "mp4"
    rate: Fraction = Fraction(25)
    timestamps_s: tuple[float, ...] = ()
    size: tuple[int, int] | None = None
    fit: Fit = Fit.REFUSE
    gop: int = 48
    b_frames: int = 2
    open_gop: bool = False
    all_intra: bool = False
    quality: int | None = 75
    bit_rate: int | None = None
    pixel_format: str = ""
    rotation: int = 0

    def __post_init__(self) -> None:
        """Refuse what is not available."""
        for problem, hint in (*self._container_problems(), *self._figure_problems(), *self._gop_problems()):
            raise SettingsError(problem, hint=hint)

    @property
    def codec_spec(self) -> VideoCodec:
        """The codec that was requested."""
        return codec_named(self.codec)

    @property
    def fourcc_wanted(self) -> str:
        """The FourCC that the file has to hold; empty if any does."""
        return self.fourcc or fourcc_named(self.codec)

    @property
    def pixel_format_used(self) -> str:
        """The pixel format, the codec's usual one where none is named."""
        return self.pixel_format or self.codec_spec.pixel_formats[0]

    def _container_problems(self) -> list[tuple[str, str]]:
        codec, problems = self.codec_spec, list[tuple[str, str]]()
        if self.container not in CONTAINERS:
            problems.append(
                (
                    tr("{container!r} is not a container.", container=self.container),
                    tr("There are {names}.", names=_list(CONTAINERS)),
                )
            )
        elif self.container not in codec.containers and self.writer is Writer.PYAV:
            problems.append(
                (
                    tr(
                        "{containers} does not hold {title}.",
                        containers=CONTAINERS[self.container],
                        title=codec.title,
                    ),
                    tr("These do: {names}.", names=_list(codec.containers)),
                )
            )
        if self.pixel_format and self.pixel_format not in codec.pixel_formats:
            problems.append(
                (
                    tr(
                        "{title} does not support {pixel_format}.",
                        title=codec.title,
                        pixel_format=self.pixel_format,
                    ),
                    tr("Supported pixel formats: {names}.", names=_list(codec.pixel_formats)),
                )
            )
        if self.fourcc and (len(self.fourcc) != 4 or not self.fourcc.isascii()):
            problems.append(
                (
                    tr("{fourcc!r} is not a FourCC.", fourcc=self.fourcc),
                    tr("It has four characters, such as avc1."),
                )
            )
        elif fourcc_named(self.fourcc) and codec_named(self.fourcc) is not codec:
            meant = codec_named(self.fourcc)
            problems.append(
                (
                    tr(
                        "{fourcc} means {meaning}, not {codec}: no player could open the file.",
                        fourcc=self.fourcc,
                        meaning=meant.title,
                        codec=codec.title,
                    ),
                    tr(
                        "Choose codec {codec_id}, or a FourCC of {title}: {names}.",
                        codec_id=meant.codec_id,
                        title=codec.title,
                        names=_list(codec.fourccs),
                    ),
                )
            )
        return problems

    def _figure_problems(self) -> list[tuple[str, str]]:
        problems: list[tuple[str, str]] = []
        if self.rate <= 0 or self.rate > 1000:
            problems.append(
                (
                    tr("{rate} frames per second cannot be written.", rate=self.rate),
                    tr("It must be above 0 and at most 1000."),
                )
            )
        if self.quality is not None and not 0 <= self.quality <= 100:
            problems.append(
                (tr("Quality {quality} is not valid.", quality=self.quality), tr("It goes from 0 to 100."))
            )
        if self.quality is not None and self.bit_rate is not None:
            problems.append((tr("Quality and bitrate cannot be combined."), tr("Give only one of them.")))
        if self.bit_rate is not None and self.bit_rate < 1000:
            problems.append(
                (
                    tr("{bit_rate} bits per second is too low.", bit_rate=self.bit_rate),
                    tr("The minimum is 1000."),
                )
            )
        if self.rotation not in (0, 90, 180, 270):
            problems.append(
                (
                    tr("A rotation by {rotation}° is not supported.", rotation=self.rotation),
                    tr("Use 0, 90, 180 or 270."),
                )
            )
        times = self.timestamps_s
        late = next((n for n in range(1, len(times)) if not times[n] > times[n - 1]), None)
        if late is not None:
            problems.append(
                (
                    tr(
                        "Timestamp {late} ({times:g} s) is not later than the previous one.",
                        late=late,
                        times=times[late],
                    ),
                    tr("Timestamps must be strictly increasing."),
                )
            )
        if self.size is not None and min(self.size) < 1:
            problems.append(
                (
                    tr(
                        "A picture of {width} × {height} cannot be written.",
                        width=self.size[0],
                        height=self.size[1],
                    ),
                    "",
                )
            )
        return problems

    def _gop_problems(self) -> list[tuple[str, str]]:
        codec, problems = self.codec_spec, list[tuple[str, str]]()
        if self.gop < 1:
            problems.append(
                (tr("A GOP of {gop} frames is not possible.", gop=self.gop), tr("Use 1 or more."))
            )
        if self.b_frames < 0 or self.b_frames > 16:
            problems.append(
                (
                    tr("{b_frames} consecutive B-frames are not possible.", b_frames=self.b_frames),
                    tr("Use 0 to 16."),
                )
            )
        if self.open_gop and not codec.has_open_gop:
            problems.append(
                (
                    tr("{title} cannot be written with open GOPs here.", title=codec.title),
                    tr("H.264 and H.265 can."),
                )
            )
        if self.open_gop and self.all_intra:
            problems.append((tr("If every frame is a keyframe, no GOP can be open."), ""))
        return problems


def _list(names: object) -> str:
    return ", ".join(str(name) for name in names)  # type: ignore[attr-defined] # any iterable of names
