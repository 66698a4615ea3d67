"""Executes a copy plan: writes the unchanged packets with new timestamps to a new file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import av
import numpy as np

from framescope.core.clips.times import decode_times
from framescope.core.errors import ClipError
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.decoding.landing import PacketRecogniser, land
from framescope.core.media.decoding.seek_plan import BEGINNING
from framescope.core.model.progress import Progress
from framescope.core.pyav import read_tags
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from framescope.core.clips.containers import ContainerKind
    from framescope.core.clips.copy_plan import CopyPlan
    from framescope.core.clips.sound import SoundFeed
    from framescope.core.clips.times import ClipTimes
    from framescope.core.media.decoding.decoder import VideoPacket
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_PACKETS_A_CHECK = 32


class PacketCopy:
    """The packets of one copy. Used by one thread."""

    def __init__(self, info: VideoInfo, index: FrameIndex, plan: CopyPlan, times: ClipTimes) -> None:
        self._info = info
        self._index = index
        self._plan = plan
        self._times = times

    def write(
        self,
        part: Path,
        kind: ContainerKind,
        sound: SoundFeed,
        *,
        progress: ProgressCallback,
        cancel: CancelToken,
    ) -> None:
        """Write them to ``part``.

        Raises:
            ClipError: The packets of the file are not those of the index.
            Cancelled: The work was cancelled.
            av.error.FFmpegError: The file cannot be written.
        """
        numbers, pts, durations = self._schedule()
        dts = decode_times(pts)
        base_s = float(self._times.time_base)
        with (
            self._open() as decoder,
            av.open(os.fspath(part), "w", format=kind.muxer, container_options=dict(kind.options)) as out,
        ):
            target = _add_stream(out, decoder, kind)
            sound.add_to(out)
            _keep_tags(read_tags(decoder.container.metadata), out)
            for place, packet in enumerate(self._packets(decoder, numbers)):
                if place % _PACKETS_A_CHECK == 0:
                    cancel.raise_if_cancelled()
                    progress(Progress(place, len(numbers), tr("Copying packets")))
                out.mux(list(sound.until(float(dts[place]) * base_s)))
                packet.stream = target
                packet.time_base = self._times.time_base
                packet.pts, packet.dts = int(pts[place]), int(dts[place])
                packet.duration = int(durations[place])
                out.mux(packet)
            out.mux(list(sound.until(float("inf"))))

    def _open(self) -> StreamDecoder:
        return StreamDecoder(self._info.source, self._info.stream_index)

    def _schedule(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Numbers, times and durations of the packets to copy, in decode order."""
        plan, index = self._plan, self._index
        numbers = np.setdiff1d(np.arange(plan.start_packet, plan.stop_packet), plan.left_out_packets)
        frames = index.numbers_of_packets[numbers].astype(np.int64)
        places = frames - plan.frames.start
        has_frame = frames >= 0
        pts, durations = np.zeros(len(numbers), np.int64), np.zeros(len(numbers), np.int64)
        pts[has_frame] = self._times.pts[places[has_frame]]
        durations[has_frame] = self._times.durations[places[has_frame]]
        if not has_frame.all():
            self._fill_in(numbers, pts, np.flatnonzero(~has_frame))
        # What an edit list hid comes before the first frame: the file begins with it then.
        return numbers, pts - min(int(pts.min()), 0), durations

    def _fill_in(
        self, numbers: NDArray[np.int64], pts: NDArray[np.int64], frameless: NDArray[np.intp]
    ) -> None:
        """Take the times of packets without a frame from the file: the index does not hold them."""
        wanted = {int(numbers[place]): int(place) for place in frameless}
        first_pts = self._index.pts_of(self._plan.frames.start)
        with self._open() as decoder:
            for number, packet in zip(numbers.tolist(), self._packets(decoder, numbers), strict=True):
                if number not in wanted:
                    continue
                place = wanted[number]
                known = packet.pts is not None and first_pts is not None and not self._times.is_even
                pts[place] = (packet.pts or 0) - (first_pts or 0) if known else pts[max(place - 1, 0)]

    def _packets(self, decoder: StreamDecoder, numbers: NDArray[np.int64]) -> Iterator[VideoPacket]:
        """The packets of these numbers, ascending, each proven by its size."""
        sizes = self._index.packet_sizes
        wanted = iter(numbers.tolist())
        following = next(wanted, None)
        for number, packet in self._from_start(decoder):
            if number >= len(sizes) or sizes[number] != packet.size:
                break
            if number == following:
                yield packet
                following = next(wanted, None)
                if following is None:
                    return
        raise ClipError(
            tr("The file does not contain the packets that were indexed."),
            hint=tr("It may have changed; open it again."),
        )

    def _from_start(self, decoder: StreamDecoder) -> Iterator[tuple[int, VideoPacket]]:
        plan = self._plan
        if plan.entry != BEGINNING:
            landed = land(decoder, self._index, PacketRecogniser(self._index), plan.entry)
            if landed is not None:
                following, first = landed
                yield plan.start_packet, first
                yield from enumerate(following, plan.start_packet + 1)
                return
            with self._open() as again:
                yield from enumerate(again.packets())
            return
        yield from enumerate(decoder.packets())


def _add_stream(
    out: av.container.OutputContainer, decoder: StreamDecoder, kind: ContainerKind
) -> av.VideoStream:
    try:
        # By its own decoder: there need not be an encoder for what is only copied.
        return out.add_stream_from_template(decoder.stream, opaque=True)
    except ValueError as error:
        raise ClipError(
            tr(
                "{label} cannot hold {canonical_name} pictures.",
                label=kind.label,
                canonical_name=decoder.context.codec.canonical_name,
            ),
            hint=tr("Encode the frames exactly instead."),
        ) from error


def _keep_tags(tags: dict[str, str], out: av.container.OutputContainer) -> None:
    """Tags written by users are copied; those written by the muxer are not."""
    for name in ("title", "artist", "comment", "creation_time", "location", "copyright"):
        if name in tags:
            out.metadata[name] = tags[name]
