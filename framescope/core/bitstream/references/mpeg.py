"""The references of MPEG-1, MPEG-2 and MPEG-4 part 2: the previous two pictures that are not B-pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.bitstream.references.pictures import CodedPicture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framescope.core.bitstream.references.elements import Elements

_PICTURE, _EXTENSION, _GROUP, _VOP = 0x00, 0xB5, 0xB8, 0xB6
_LETTERS = {1: "I", 2: "P", 3: "B", 4: "I"}
_VOP_LETTERS = ("I", "P", "B", "P")
_FIELDS = (1, 2)


class MpegReferences:
    """Remembers the last two reference pictures; see ISO/IEC 13818-2, 6.1.1.11 for the order."""

    wanted = frozenset({_PICTURE, _EXTENSION, _GROUP})
    wanted_at_entries: frozenset[int] = frozenset()

    def __init__(self) -> None:
        self._anchors: list[int] = []
        self._is_closed = False
        self._last: CodedPicture | None = None
        self._is_half = False
        """Whether the last picture is a first field."""
        self._is_packed = False

    def take_set(self, unit: Elements) -> None:
        """Nothing: picture types do not depend on the sequence."""

    def take(self, packet_number: int, units: Sequence[Elements], place: int) -> list[CodedPicture]:
        """The pictures of a packet, the first of which gets this place; second fields are part of them."""
        taken: list[CodedPicture] = []
        for unit in units:
            if unit.code == _GROUP:
                self._is_closed = bool(unit.first("closed_gop"))
                if self._is_closed:
                    self._anchors.clear()
            elif unit.code == _PICTURE and self._is_half and self._last is not None:
                self._is_half = False
                if self._last.packet_number != packet_number:
                    self._last.field_packet = packet_number
                self._last = None
            elif unit.code == _PICTURE:
                letter = _LETTERS.get(unit.first("picture_coding_type"), "P")
                taken.append(self._taken(packet_number, letter, place + len(taken)))
                self._last = taken[-1]
            elif unit.code == _EXTENSION:
                self._is_half |= self._last is not None and unit.first("picture_structure") in _FIELDS
            elif not (self._is_packed and unit.first("is_placeholder")):
                letter = _VOP_LETTERS[unit.first("vop_coding_type")]
                taken.append(self._taken(packet_number, letter, place + len(taken)))
        self._is_packed = len(taken) > 1
        return taken

    def _taken(self, packet_number: int, letter: str, place: int) -> CodedPicture:
        picture = CodedPicture(packet_number, letter, is_disposable=letter == "B")
        count = "IPB".index(letter)
        if count:
            picture.references = tuple(self._anchors[-count:])
            # At the start of a closed GOP, B-pictures refer to the next anchor only.
            picture.missing = 0 if self._is_closed else count - len(picture.references)
        if letter != "B":
            self._anchors = [*self._anchors[-1:], place]
        return picture


class Mpeg4References(MpegReferences):
    """The same for MPEG-4 part 2, where start codes have other meanings."""

    wanted = frozenset({_VOP})
