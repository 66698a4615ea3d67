"""Coded pictures, which of them each one refers to, and which ones a frame needs. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from framescope.core.media.decoding.seek_plan import BEGINNING, choose_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from framescope.core.media.index import FrameIndex


@dataclass(slots=True)
class CodedPicture:
    """A picture as it is coded. Pictures are named by their place in decode order, from 0.

    Attributes:
        packet_number: The packet that it is in.
        letter: ``I``, ``P`` or ``B``: what the headers of its slices permit; empty if they are not known.
        kind: The standard's name for this kind of picture, such as ``CRA`` or ``RASL_N``; may be empty.
        references: The pictures in its reference lists, ascending.
        follows: A picture whose entropy coding state it continues; None if it starts afresh.
        is_disposable: The stream says that no other picture refers to it.
        is_exact: Whether ``references`` are what its headers list; otherwise they are all that it could list.
        missing: Listed references that lie before everything that was read.
        temporal_id: Its temporal layer; None where the codec or the stream has none.
        frame_numbers: The frames that show it; empty for a picture that is never shown.
    """

    packet_number: int
    letter: str = ""
    kind: str = ""
    references: tuple[int, ...] = ()
    follows: int | None = None
    is_disposable: bool = False
    is_exact: bool = True
    missing: int = 0
    temporal_id: int | None = None
    frame_numbers: tuple[int, ...] = ()
    is_shown: bool = field(default=True, repr=False)
    field_packet: int | None = field(default=None, repr=False)
    """The packet of its second field, where that is another one."""
    shown_in: tuple[int, ...] = field(default=(), repr=False)
    """Later packets that only show it again."""

    @property
    def packets(self) -> tuple[int, ...]:
        """The packets that it is decoded from."""
        return (self.packet_number,) if self.field_packet is None else (self.packet_number, self.field_packet)


@dataclass(frozen=True, slots=True)
class FrameNeeds:
    """What must be decoded to show a frame.

    Attributes:
        frame_number: The frame.
        picture: The picture that it shows.
        references: The frames in the reference lists of its picture, ascending.
        frames: All other frames that must be decoded, ascending.
        hidden: How many pictures besides that are never shown.
        packets: The packets of all these pictures and of the frame, ascending.
        is_exact: Whether every picture on the way lists its references; otherwise these are an upper bound.
        continues_state: Whether pictures are needed because their entropy coding state is continued, too.
        keyframe: The frame where a decoder starts for this one; None if that is not shown.
        decode_count: Pictures that are decoded in a jump to it from there, itself included.
    """

    frame_number: int
    picture: CodedPicture
    references: tuple[int, ...]
    frames: tuple[int, ...]
    hidden: int
    packets: tuple[int, ...]
    is_exact: bool
    continues_state: bool
    keyframe: int | None
    decode_count: int


class Leading(NamedTuple):
    """A frame that is shown before the keyframe after which it is decoded.

    Attributes:
        keyframe: The keyframe.
        needs_earlier: Whether it needs a picture from before the keyframe, so that it cannot be decoded
            from the keyframe alone.
    """

    keyframe: int
    needs_earlier: bool


class ReferenceGraph:
    """Coded pictures in decode order, from an entry of the stream on.

    Attributes:
        pictures: The pictures, in decode order.
        packets: Their packets.
    """

    def __init__(self, index: FrameIndex, pictures: Sequence[CodedPicture], packets: range) -> None:
        self._index = index
        self.pictures = tuple(pictures)
        self.packets = packets

    @cached_property
    def places(self) -> Mapping[int, int]:
        """By frame number, the place of the picture that it shows."""
        return {
            number: place for place, picture in enumerate(self.pictures) for number in picture.frame_numbers
        }

    @cached_property
    def users(self) -> Mapping[int, tuple[int, ...]]:
        """By place, the pictures that list a picture as reference."""
        users: dict[int, list[int]] = defaultdict(list)
        for place, picture in enumerate(self.pictures):
            for reference in picture.references:
                users[reference].append(place)
        return {place: tuple(them) for place, them in users.items()}

    def __contains__(self, frame_number: object) -> bool:
        """Whether a frame's picture, and the entry that it is decoded from, are among the pictures."""
        return (
            isinstance(frame_number, int)
            and frame_number in self.places
            and start_packet(self._index, frame_number) >= self.packets.start
        )

    def needs(self, frame_number: int) -> FrameNeeds:
        """What must be decoded for a frame of the graph.

        A decoder that starts at an entry shows all frames from ``EntryTable.first_numbers`` on correctly,
        whatever is listed: what comes before the entry is not needed.

        Raises:
            KeyError: The frame is not in the graph.
        """
        place = self.places[frame_number]
        start = start_packet(self._index, frame_number)
        reached = self._reached(place, start)
        own = self.pictures[place]
        others = [self.pictures[other] for other in sorted(reached - {place})]
        everything = [own, *others]
        frames = {number for picture in others for number in picture.frame_numbers}
        shows = int(self._index.packet_numbers[frame_number])
        keyframe = int(self._index.numbers_of_packets[start])
        return FrameNeeds(
            frame_number=frame_number,
            picture=own,
            references=_numbers(self.pictures[at] for at in own.references if at in reached),
            frames=tuple(sorted(frames)),
            hidden=sum(not picture.frame_numbers for picture in others),
            packets=tuple(sorted({shows}.union(*(picture.packets for picture in everything)))),
            is_exact=all(picture.is_exact for picture in everything),
            continues_state=any(picture.follows is not None for picture in everything),
            keyframe=keyframe if keyframe >= 0 else None,
            decode_count=sum(start <= picture.packet_number <= shows for picture in self.pictures),
        )

    def leading(self, frame_number: int) -> Leading | None:
        """Whether a frame of the graph is a leading picture, and of which keyframe."""
        entries = self._index.entries
        packet = int(self._index.packet_numbers[frame_number])
        row = entries.at_or_before(packet)
        if row < 0:
            return None
        key_packet = int(entries.packet_numbers[row])
        keyframe = int(self._index.numbers_of_packets[key_packet])
        if frame_number >= keyframe:
            return None
        # Not from the entry that the reader chooses: what the lists say is the question here.
        reached = self._reached(self.places[frame_number], 0)
        is_earlier = any(
            self.pictures[place].packet_number < key_packet or self.pictures[place].missing
            for place in reached
        )
        return Leading(keyframe, is_earlier)

    def _reached(self, place: int, start_packet: int) -> set[int]:
        """A picture and all that it depends on from a packet on."""
        reached, left = {place}, [place]
        while left:
            picture = self.pictures[left.pop()]
            more = picture.references if picture.follows is None else (*picture.references, picture.follows)
            for other in more:
                if other not in reached and self.pictures[other].packet_number >= start_packet:
                    reached.add(other)
                    left.append(other)
        return reached


def start_packet(index: FrameIndex, frame_number: int) -> int:
    """The packet from which a frame is decoded correctly."""
    entry = choose_entry(index, frame_number)
    while entry != BEGINNING and not _is_shown(index, entry):
        # What an edit list cuts off has no number that would say whether the frame comes before it.
        entry -= 1
    return 0 if entry == BEGINNING else int(index.entries.packet_numbers[entry])


def _is_shown(index: FrameIndex, entry: int) -> bool:
    packet, pts = int(index.entries.packet_numbers[entry]), index.entries.pts[entry]
    # Of two fields in packets of their own, the frame may have the number of the second.
    return bool(index.numbers_of_packets[packet] >= 0 or (index.pts == pts).any())


def _numbers(pictures: Iterable[CodedPicture]) -> tuple[int, ...]:
    return tuple(sorted({number for picture in pictures for number in picture.frame_numbers}))
