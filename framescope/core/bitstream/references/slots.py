"""The references of codecs with numbered picture buffers: AV1, VP9 and VP8."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.bitstream.meanings import meaning
from framescope.core.bitstream.references.pictures import CodedPicture

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from framescope.core.bitstream.references.elements import Elements

_FRAME_HEADER, _FRAME = 3, 6
_AV1_KINDS = ("KEY_FRAME", "INTER_FRAME", "INTRA_ONLY_FRAME", "SWITCH_FRAME")
_KEY, _INTER, _INTRA_ONLY, _SWITCH = range(4)
_ALL = range(8)
_EVERY = 0xFF
_LAST, _GOLDEN, _ALTERNATE = range(3)


class _Slots:
    """Reference slots: the picture that each holds, and its place in decode order."""

    def __init__(self) -> None:
        self._pictures: dict[int, CodedPicture] = {}
        self._places: dict[int, int] = {}

    def store(self, flags: int, picture: CodedPicture, place: int) -> None:
        """Put a picture into the slots whose bits are set."""
        for slot in _ALL:
            if flags >> slot & 1:
                self._pictures[slot], self._places[slot] = picture, place

    def refer(self, picture: CodedPicture, slots: Iterable[int]) -> None:
        """List what is in these slots as what a picture refers to."""
        _refer(picture, slots, self._places)

    def show_again(self, unit: Elements, packet_number: int, *, refreshes: bool) -> None:
        """Show the picture in the slot that a header names; whether a keyframe then fills all slots."""
        slot = unit.first("frame_to_show_map_idx")
        picture = self._pictures.get(slot)
        if picture is None:
            return
        picture.shown_in = (*picture.shown_in, packet_number)
        if refreshes and picture.kind == _AV1_KINDS[_KEY]:
            self.store(_EVERY, picture, self._places[slot])


class Av1References:
    """Follows the eight reference frame slots (AV1 specification, 7.20).

    The probabilities that a frame starts from are stored with one of its references, so they add nothing.
    """

    wanted = frozenset({_FRAME_HEADER, _FRAME})
    wanted_at_entries: frozenset[int] = frozenset()

    def __init__(self) -> None:
        self._slots = _Slots()

    def take_set(self, unit: Elements) -> None:
        """Nothing: frame headers are read by FFmpeg with the sequence header."""

    def take(self, packet_number: int, units: Sequence[Elements], place: int) -> list[CodedPicture]:
        """The pictures of a temporal unit, the first of which gets this place."""
        taken: list[CodedPicture] = []
        for unit in units:
            if unit.first("show_existing_frame"):
                self._slots.show_again(unit, packet_number, refreshes=True)
                continue
            # Tile groups follow some frame headers, which are then repeated.
            kind = unit.first("frame_type", _KEY)
            picture = CodedPicture(
                packet_number,
                letter="I" if kind in {_KEY, _INTRA_ONLY} else "B" if unit.first("reference_select") else "P",
                kind=_AV1_KINDS[kind],
                temporal_id=unit.first("temporal_id") if "temporal_id" in unit else None,
                is_shown=bool(unit.first("show_frame", 1)),
            )
            is_whole = kind == _SWITCH or (kind == _KEY and picture.is_shown)
            refreshed = _EVERY if is_whole else unit.first("refresh_frame_flags")
            picture.is_disposable = not refreshed
            if kind in {_INTER, _SWITCH}:
                is_short = bool(unit.first("frame_refs_short_signaling"))
                self._slots.refer(picture, _ALL if is_short else unit.all("ref_frame_idx"))
                picture.is_exact = not is_short
            self._slots.store(refreshed, picture, place + len(taken))
            taken.append(picture)
        return taken


class Vp9References:
    """Follows the eight reference slots (VP9 specification, 8.10).

    Probabilities and motion vectors are carried on from frame to frame unless a frame is error resilient.
    """

    wanted = frozenset({-1})
    wanted_at_entries: frozenset[int] = frozenset()

    def __init__(self) -> None:
        self._slots = _Slots()

    def take_set(self, unit: Elements) -> None:
        """Nothing: VP9 has no parameter sets."""

    def take(self, packet_number: int, units: Sequence[Elements], place: int) -> list[CodedPicture]:
        """The pictures of a packet, the first of which gets this place."""
        taken: list[CodedPicture] = []
        for unit in units:
            if unit.first("show_existing_frame"):
                self._slots.show_again(unit, packet_number, refreshes=False)
                continue
            is_key = not unit.first("frame_type")
            is_intra = is_key or bool(unit.first("intra_only"))
            at = place + len(taken)
            picture = CodedPicture(
                packet_number,
                letter="I" if is_intra else "P",
                kind="KEY_FRAME" if is_key else "INTRA_ONLY_FRAME" if is_intra else "NON_KEY_FRAME",
                is_shown=bool(unit.first("show_frame", 1)),
            )
            refreshed = _EVERY if is_key else unit.first("refresh_frame_flags")
            if not is_intra:
                self._slots.refer(picture, unit.all("ref_frame_idx"))
            is_reset = is_intra and unit.first("reset_frame_context") >= 2
            if at and not (is_key or is_reset or unit.first("error_resilient_mode")):
                picture.follows = at - 1
            picture.is_disposable = not refreshed and not unit.first("refresh_frame_context")
            self._slots.store(refreshed, picture, at)
            taken.append(picture)
        return taken


class Vp8References:
    """Follows the last, golden and alternate frame (RFC 6386, 9.7); probabilities are carried on."""

    wanted = frozenset({-1})
    wanted_at_entries: frozenset[int] = frozenset()

    def __init__(self) -> None:
        self._places: dict[int, int] = {}

    def take_set(self, unit: Elements) -> None:
        """Nothing: VP8 has no parameter sets."""

    def take(self, packet_number: int, units: Sequence[Elements], place: int) -> list[CodedPicture]:
        """The picture of a packet, which gets this place."""
        if not units:
            return []
        unit = units[0]
        is_key = not unit.first("frame_type")
        picture = CodedPicture(
            packet_number,
            letter="I" if is_key else "P",
            kind=meaning("vp8", "frame_type", str(unit.first("frame_type"))),
            is_shown=bool(unit.first("show_frame", 1)),
        )
        if is_key:
            self._places = dict.fromkeys((_LAST, _GOLDEN, _ALTERNATE), place)
            return [picture]
        picture.follows = place - 1 if place else None
        _refer(picture, (_LAST, _GOLDEN, _ALTERNATE), self._places)
        old = dict(self._places)
        copies = (
            (_GOLDEN, "golden", (None, _LAST, _ALTERNATE)),
            (_ALTERNATE, "alternate", (None, _LAST, _GOLDEN)),
        )
        for slot, name, sources in copies:
            source = sources[unit.first(f"copy_buffer_to_{name}") % 3]
            if unit.first(f"refresh_{name}_frame"):
                self._places[slot] = place
            elif source in old:
                self._places[slot] = old[source]
        if unit.first("refresh_last_frame", 1):
            self._places[_LAST] = place
        return [picture]


def _refer(picture: CodedPicture, slots: Iterable[int], places: dict[int, int]) -> None:
    """List what is in these slots."""
    listed = [places.get(slot) for slot in slots]
    picture.references = tuple(sorted({place for place in listed if place is not None}))
    picture.missing = listed.count(None)
