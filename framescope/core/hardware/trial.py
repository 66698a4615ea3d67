"""The trial of a device on a file: its pictures are compared with those of software, sample by sample.

Both decode the same packets, from the start and once more after a seek. Nothing is trusted that the device or
FFmpeg says about itself.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

import av
import numpy as np

from framescope.core.errors import DeviceError, OpenError
from framescope.core.hardware.devices import device_decoder
from framescope.core.media.decode_count import picture_type_of
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.picture.planes import frame_planes, shows_top_field_first
from framescope.core.text import counted, grouped
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from framescope.core.hardware.devices import Device
    from framescope.core.media.decoding.decoder import DecodedPacket

_FEWEST_FRAMES = 8
"""Fewer say nothing about pictures that are predicted from others."""
_AFTER_SEEK = 12
"""Frames compared after the seek."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a file is compared.

    Attributes:
        frames: At most so many frames,
        pixels: and so many pixels, but a few frames at least.
        seconds: When to stop even so.
    """

    frames: int = 120
    pixels: int = 250_000_000
    seconds: float = 12.0

    def frames_of(self, width: int, height: int) -> int:
        """How many frames of this size."""
        return min(self.frames, max(_FEWEST_FRAMES, self.pixels // max(width * height, 1)))


class TrialResult(NamedTuple):
    """The outcome of a trial.

    Attributes:
        frames: Frames that were the same.
        difference: What was not; empty if nothing.
        is_conclusive: Whether it says anything about the device.
    """

    frames: int
    difference: str = ""
    is_conclusive: bool = True


class _Unlike(Exception):  # noqa: N818 - a finding
    """The device gave something else than software."""


def compare(  # noqa: PLR0913 - the file, the device, and how far
    source: str,
    stream_index: int,
    *,
    pixel_format: str,
    device: Device,
    extent: Extent | None = None,
    on_frames: Callable[[int], None] = lambda _count: None,
) -> TrialResult:
    """Compare a device's pictures of a file with those of software. May hang or crash: for a child process.

    Args:
        source: A path.
        stream_index: Index over all streams of the file.
        pixel_format: The pixel format that software decodes to.
        device: The device.
        extent: How much is compared.
        on_frames: Called with the number of frames compared so far.

    Raises:
        OpenError: Software cannot open the file.
    """
    run = _Run(extent or Extent(), on_frames)
    # With one thread it reports damage at the packet that has it, before the device is given that one.
    with StreamDecoder(source, stream_index, single_thread=True, is_strict=True) as software:
        try:
            with device_decoder(source, stream_index, device=device, pixel_format=pixel_format) as other:
                run.compare(software, other)
                run.compare_after_seek(software, other)
        except (_Unlike, DeviceError, OpenError) as found:
            return TrialResult(run.compared, str(found))
    if run.damage:
        return TrialResult(run.compared, run.damage, is_conclusive=False)
    if run.compared < _FEWEST_FRAMES:
        return TrialResult(run.compared, tr("the file has too few frames to try it on"), is_conclusive=False)
    return TrialResult(run.compared)


@dataclass(slots=True)
class _Run:
    extent: Extent
    on_frames: Callable[[int], None]
    compared: int = 0
    damage: str = ""
    _first_pts: int | None = None
    _began: float = field(default_factory=monotonic)
    _software: deque[DecodedPacket] = field(default_factory=deque)
    _device: deque[DecodedPacket] = field(default_factory=deque)

    def compare(self, software: StreamDecoder, device: StreamDecoder, *, most: int | None = None) -> None:
        """Compare from where both are, at most so many frames, or to the end of the file.

        Raises:
            _Unlike: There is a difference.
            DeviceError: The device fails.
        """
        goal: int | None = None if most is None else self.compared + most
        for number, (packet, same) in enumerate(zip(software.packets(), device.packets(), strict=False)):
            if self._first_pts is None and packet.is_keyframe:
                self._first_pts = packet.pts
            try:
                decoded = software.feed(packet, number)
            except av.error.FFmpegError as error:
                self.damage = tr("the file is damaged ({reason})", reason=error.strerror or str(error))
                return
            if any(one.frame.is_corrupt for one in decoded):
                self.damage = tr("the file is damaged")
                return
            self._take(decoded, device.feed(same, number))
            if goal is None and decoded:
                goal = self.extent.frames_of(decoded[0].frame.width, decoded[0].frame.height)
            if (goal is not None and self.compared >= goal) or self._is_late:
                break
        # What comes out now must be the same too, or one of them has lost or repeated a frame.
        self._take(software.drain(), device.drain())
        rest = len(self._software) - len(self._device)
        if rest:
            what = tr("fewer") if rest > 0 else tr("more")
            count = counted(abs(rest), "frame", "frames")
            raise _Unlike(tr("it gave {count} {what} than software", count=count, what=what))

    def compare_after_seek(self, software: StreamDecoder, device: StreamDecoder) -> None:
        """The same from the first keyframe on, after a seek; nothing where the file cannot be searched.

        Raises:
            _Unlike: There is a difference.
            DeviceError: The device fails.
        """
        if self._first_pts is None or self.damage or self._is_late:
            return
        try:
            for decoder in (software, device):
                decoder.seek(self._first_pts)
        except av.error.FFmpegError:
            return
        self.compare(software, device, most=_AFTER_SEEK)
        # After a seek, pictures that refer to earlier ones are damaged, and the file is not.
        self.damage = ""

    @property
    def _is_late(self) -> bool:
        return monotonic() - self._began > self.extent.seconds

    def _take(self, software: Iterable[DecodedPacket], device: Iterable[DecodedPacket]) -> None:
        self._software.extend(software)
        self._device.extend(device)
        while self._software and self._device:
            expected, given = self._software.popleft(), self._device.popleft()
            difference = difference_of(expected, given)
            if difference:
                raise _Unlike(tr("frame {number}: {difference}", number=self.compared, difference=difference))
            self.compared += 1
            self.on_frames(self.compared)


def difference_of(expected: DecodedPacket, given: DecodedPacket) -> str:
    """What is different about a decoded frame; empty if nothing is."""
    ours, theirs = expected.frame, given.frame
    if expected.packet_number != given.packet_number:
        return tr("it gave another frame")
    if theirs.is_corrupt:
        return tr("it marked the picture as damaged")
    pairs: dict[str, list[object]] = {
        tr("size"): [(one.width, one.height) for one in (ours, theirs)],
        tr("pixel format"): [one.format.name for one in (ours, theirs)],
        tr("picture type"): [picture_type_of(one) for one in (ours, theirs)],
        tr("colours"): [_colors(one) for one in (ours, theirs)],
        tr("fields"): [one.interlaced_frame and (1, shows_top_field_first(one)) for one in (ours, theirs)],
    }
    unlike = [name for name, values in pairs.items() if values[0] != values[1]]
    if unlike:
        return tr("another {what}", what=", ".join(unlike))
    return _samples(ours, theirs)


def _colors(frame: av.VideoFrame) -> tuple[int, ...]:
    return (frame.colorspace, frame.color_range, frame.color_trc, frame.color_primaries)


def _samples(ours: av.VideoFrame, theirs: av.VideoFrame) -> str:
    planes = list(zip(frame_planes(ours), frame_planes(theirs), strict=True))
    if all(np.array_equal(one, other) for one, other in planes):
        return ""
    gaps = [np.abs(one.astype(np.int32) - other) for one, other in planes]
    count = sum(int(np.count_nonzero(gap)) for gap in gaps)
    return tr(
        "{count} of {total} samples differ, by up to {most}",
        count=grouped(count),
        total=grouped(sum(gap.size for gap in gaps)),
        most=max(int(gap.max()) for gap in gaps),
    )
