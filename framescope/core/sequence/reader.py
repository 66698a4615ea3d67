"""Reads the pictures of an image sequence by number, with the same interface as any other reader."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import av.error

from framescope.core.errors import CorruptFrameError, OpenError, UnsupportedMediaError
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.decoding.reader import Tally
from framescope.core.media.decoding.seek_plan import DecoderPosition
from framescope.core.media.picture.picture import AvPicture
from framescope.core.media.picture.planes import owned_copy
from framescope.core.media.probe import display_rule
from framescope.core.model.frame import Frame, PictureType
from framescope.core.sequence.naming import find_sequence
from framescope.core.sequence.source import MOST_SIZE, picture_state
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framescope.core.media.decoding.seek_plan import Outlook
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.picture.picture import DisplayRule
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.sequence.naming import ImageSequence


class SequenceReader:
    """The pictures of a sequence, each from its own file. Threads: one, from the first read to closing."""

    def __init__(
        self,
        info: VideoInfo,
        index: FrameIndex,
        on_frame: Callable[[Frame], None] = lambda _frame: None,
        **_: object,
    ) -> None:
        """Prepare to read; no file is opened before the first read.

        Args:
            info: The sequence's facts.
            index: The frame index.
            on_frame: Called with every decoded frame.
        """
        self.index = index
        self._info = info
        self._on_frame = on_frame
        self._sequence: ImageSequence | None = None
        self._following: int | None = None
        self.tally = Tally()

    @property
    def position(self) -> DecoderPosition:
        """After the last decoded picture; the packets of a sequence are its files."""
        following = self._following
        if following is None:
            return DecoderPosition()
        return DecoderPosition(following, following - 1, run=range(following - 1, following))

    def adopt_index(self, index: FrameIndex) -> None:
        """Use another index of the same sequence from now on."""
        self.index = index

    def read(self, frame_number: int, *, keeps_all: bool = False, outlook: Outlook | None = None) -> Frame:
        """Decode one picture.

        Args:
            frame_number: 0-based number within the index.
            keeps_all: Nothing lies on the way to a picture.
            outlook: Likewise.

        Raises:
            CorruptFrameError: The file is damaged beyond use.
            OpenError: Files were added, removed or changed since the sequence was opened.
        """
        del keeps_all, outlook
        path = self._listed().path_of(frame_number)
        self._check_unchanged(path, frame_number)
        self.tally = self.tally._replace(fed=self.tally.fed + 1)
        try:
            decoded, rule, is_damaged = _decode(path)
        except UnsupportedMediaError as error:
            raise CorruptFrameError(
                frame_number,
                self.index.pts_of(frame_number),
                tr("{path} cannot be decoded: {message}", path=path.name, message=error.message),
                hint=tr("The frames around it can still be shown."),
            ) from error
        self._following = frame_number + 1
        frame = Frame(
            frame_number=frame_number,
            pts=self.index.pts_of(frame_number),
            time_s=self.index.time_of(frame_number),
            picture_type=PictureType.I,
            is_keyframe=True,
            is_damaged=is_damaged,
            picture=AvPicture(decoded, rule),
        )
        self._on_frame(frame)
        return frame

    def _listed(self) -> ImageSequence:
        if self._sequence is None:
            sequence = find_sequence(self._info.source)
            if len(sequence.numbers) != len(self.index):
                raise self._changed(os.path.basename(self._info.source))  # noqa: PTH119 - may be a pattern
            self._sequence = sequence
        return self._sequence

    def _check_unchanged(self, path: Path, frame_number: int) -> None:
        state, before = picture_state(path), self._info.file_state
        is_newer = before is not None and state.modified_ns > before.modified_ns
        if is_newer or min(state.size, MOST_SIZE) != int(self.index.packet_sizes[frame_number]):
            raise self._changed(path.name)

    @staticmethod
    def _changed(name: str) -> OpenError:
        return OpenError(
            tr("{name} was changed or replaced after it was opened.", name=name), hint=tr("Open it again.")
        )

    def forget_position(self) -> None:
        """Each picture is read by itself."""
        self._following = None

    def give_memory_back(self) -> None:
        """Nothing to do: no file stays open."""

    def close(self) -> None:
        """List the files again before the next read."""
        self._sequence = None
        self.forget_position()


def _decode(path: os.PathLike[str]) -> tuple[av.VideoFrame, DisplayRule, bool]:
    """The picture of a file, how it is displayed, and whether parts of it are concealed damage.

    Raises:
        UnsupportedMediaError: There is none.
        OpenError: The file is gone.
    """
    for is_strict in (True, False):
        with StreamDecoder(os.fspath(path), 0, single_thread=True, is_strict=is_strict) as decoder:
            frame = _first_frame(decoder)
            if frame is not None and not (is_strict and frame.is_corrupt):
                # The copy does not depend on the decoder, which is closed here.
                return owned_copy(frame), display_rule(decoder.context, frame), not is_strict
    raise UnsupportedMediaError(tr("it holds no picture that FFmpeg can decode."))


def _first_frame(decoder: StreamDecoder) -> av.VideoFrame | None:
    try:
        for number, packet in enumerate(decoder.packets()):
            for decoded in decoder.feed(packet, number):
                return decoded.frame
    except av.error.FFmpegError:
        return None
    return next((decoded.frame for decoded in decoder.drain()), None)
