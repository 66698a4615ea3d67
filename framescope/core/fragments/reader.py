"""Reads the frames of a fragment store by number, with the same interface as any other reader."""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from framescope.core.errors import FragmentError, FrameUnavailableError
from framescope.core.fragments.run_decoder import RunDecoder
from framescope.core.fragments.source import open_store
from framescope.core.media.decoding.frame_reader import Tally
from framescope.core.media.decoding.seek_plan import DecoderPosition
from framescope.core.media.picture.picture import AvPicture, DisplayRule
from framescope.core.model.frame import Frame
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.fragments.geometry import PicturePart
    from framescope.core.fragments.store import FragmentStore
    from framescope.core.media.decoding.seek_plan import Outlook
    from framescope.core.media.index import FrameIndex
    from framescope.core.model.stream_facts import VideoInfo

_MOST_THREADS = 8


class FragmentReader:
    """Frames of a store, or of a region of it, whose tiles alone are read and decoded.

    Threads: one, from the first read to closing. Its own threads decode the tiles of a frame.
    """

    def __init__(
        self,
        info: VideoInfo,
        index: FrameIndex,
        on_frame: Callable[[Frame], None] = lambda _frame: None,
        *,
        workers: int | None = None,
        needs: PicturePart | None = None,
    ) -> None:
        """Prepare to read; the store is opened at the first read.

        Args:
            info: The store's facts; its source may name a region.
            index: The frame index.
            on_frame: Called with every decoded frame, including the requested one.
            workers: Tiles decoded at once; None for one a processor.
            needs: What of the stored picture is needed: the other tiles are neither read nor decoded, and
                their pixels mean nothing. None for everything.
        """
        self.index = index
        self._info = info
        self._rule = DisplayRule.of(info)
        self._on_frame = on_frame
        self._needs = needs
        self._workers = max(1, workers or min(os.cpu_count() or 1, _MOST_THREADS))
        self._pool: ThreadPoolExecutor | None = None
        self._store: FragmentStore | None = None
        self._decoder: RunDecoder | None = None
        self.tally = Tally()

    @property
    def position(self) -> DecoderPosition:
        """After the last decoded picture; the packets of a store are its frames."""
        decoder = self._decoder
        if decoder is None:
            return DecoderPosition()
        first, following = decoder.run.first_frame, decoder.position + 1
        return DecoderPosition(following, first, run=range(first, following))

    def adopt_index(self, index: FrameIndex) -> None:
        """Use another index of the same store from now on."""
        self.index = index

    def read(self, frame_number: int, *, keeps_all: bool = False, outlook: Outlook | None = None) -> Frame:
        """Decode one frame.

        Args:
            frame_number: 0-based number within the index.
            keeps_all: Whether the frames on the way are wanted too.
            outlook: What is wanted on the way and afterwards; a run is always read forward.

        Raises:
            FrameUnavailableError: The source had no picture here, or no fragment of it can be used.
            OpenError: The store no longer exists.
        """
        decoder = self._decoder_for(frame_number)
        following = decoder.position + 1
        self.tally = self.tally._replace(fed=self.tally.fed + frame_number + 1 - following)
        kept = range(0) if outlook is None or outlook.kept is None else outlook.kept
        for number in range(following, frame_number):
            if not keeps_all and number not in kept:
                continue
            decoder.advance(number)
            self._on_frame(self._frame(decoder, number))
        decoder.advance(frame_number)
        frame = self._frame(decoder, frame_number)
        self._on_frame(frame)
        return frame

    def _decoder_for(self, frame_number: int) -> RunDecoder:
        store = self._store
        if store is None:
            store, self._region = open_store(self._info.source)
            self._store = store
            self._pool = ThreadPoolExecutor(self._workers, "tile") if self._workers > 1 else None
        run = store.manifest.run_of(frame_number)
        if run is None:
            reason = store.manifest.missing.get(frame_number, "it is not in any run of the store")
            raise self._unavailable(
                frame_number, tr("the source video has no picture here ({reason})", reason=reason)
            )
        decoder = self._decoder
        # The last frame can be assembled again.
        if decoder is None or decoder.run is not run or decoder.position > frame_number:
            decoder = self._decoder = RunDecoder(store, run, self._region, needs=self._needs, pool=self._pool)
        if decoder.is_lost:
            raise self._unavailable(frame_number, " ".join(decoder.holes.values()))
        return decoder

    def _unavailable(self, frame_number: int, reason: str) -> FrameUnavailableError:
        return FrameUnavailableError(
            frame_number,
            self.index.pts_of(frame_number),
            reason,
            hint=tr(
                "Other runs of the store are readable; `framescope fragments verify` lists the damaged"
                " fragments."
            ),
        )

    def _frame(self, decoder: RunDecoder, frame_number: int) -> Frame:
        time_s = self.index.time_of(frame_number)
        # Assembled first: a tile that does not fit is a hole, too.
        try:
            picture = decoder.picture()
        except FragmentError as error:
            raise self._unavailable(frame_number, error.message) from error
        return Frame(
            frame_number=frame_number,
            pts=self.index.pts_of(frame_number),
            time_s=math.nan if math.isnan(time_s) else time_s,
            picture_type=decoder.picture_type,
            is_keyframe=bool(self.index.is_keyframe[frame_number]),
            is_damaged=bool(decoder.holes),
            picture=AvPicture(picture, self._rule),
        )

    @property
    def store(self) -> FragmentStore | None:
        """The open store; None before the first read."""
        return self._store

    def forget_position(self) -> None:
        """Start the next read from the beginning of its run."""
        self._decoder = None

    @property
    def has_much_to_give_back(self) -> bool:
        """Never: assembled pictures own their memory."""
        return False

    def close(self) -> None:
        """Release the store; the next read opens it again."""
        self._decoder = None
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown()
        store, self._store = self._store, None
        if store is not None:
            store.close()
