"""Reads the pictures of an image sequence by number, with the same interface as any other reader."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import av.error

from framescope.core.errors import CorruptFrameError, OpenError, UnsupportedMediaError
from framescope.core.media.decoding.decoder import StreamDecoder
from framescope.core.media.decoding.frame_reader import Tally
from framescope.core.media.decoding.seek_plan import DecoderPosition
from framescope.core.media.picture.picture import AvPicture
from framescope.core.media.picture.planes import owned_copy
from framescope.core.media.probe import display_rule
from framescope.core.model.frame import Frame, PictureType
from framescope.core.sequence.source import SequenceIndex
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.media.decoding.seek_plan import Outlook
    from framescope.core.media.index import FrameIndex
    from framescope.core.media.picture.picture import DisplayRule
    from framescope.core.model.stream_facts import VideoInfo


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
            index: The frame index, as made for this sequence.
            on_frame: Called with every decoded frame.
        """
        del info
        self.index = index
        self._on_frame = on_frame
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
            CorruptFrameError: The file is damaged beyond use, or may not be read.
            OpenError: It was removed, changed or replaced after the sequence was opened.
        """
        del keeps_all, outlook
        assert isinstance(self.index, SequenceIndex)
        path = self.index.sequence.path_of(frame_number)
        self.tally = self.tally._replace(fed=self.tally.fed + 1)
        try:
            decoded, rule, is_damaged = _decode(path)
        except OpenError as error:
            self.index.check_unchanged(frame_number)
            raise CorruptFrameError(
                frame_number,
                self.index.pts_of(frame_number),
                tr("{path} cannot be decoded: {message}", path=path.name, message=error.message),
                hint=tr("The frames around it can still be shown."),
            ) from error
        # Afterwards: what was read was then still the file that was listed.
        self.index.check_unchanged(frame_number)
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

    def forget_position(self) -> None:
        """Each picture is read by itself."""
        self._following = None

    @property
    def has_much_to_give_back(self) -> bool:
        """Never: no file stays open."""
        return False

    def close(self) -> None:
        """Nothing else to release: no file stays open."""
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
