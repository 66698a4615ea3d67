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
_LAST, _GOLDEN, _ALTERNATE = range(3)


class Av1References:
    """Follows the eight reference frame slots (AV1 specification, 7.20).

    The probabilities that a frame starts from are stored with one of its references, so they add nothing.
    """

    wanted = frozenset({_FRAME_HEADER, _FRAME})
    wanted_at_entries: frozenset[int] = frozenset()

    def __init__(self) -> None:
        self._slots: dict[int, CodedPicture] = {}
        self._places: dict[int, int] = {}

    def take_set(self, unit: Elements) -> None:
        """Nothing: frame headers are read by FFmpeg with the sequence header."""

    def take(self, packet_number: int, units: Sequence[Elements], place: int) -> list[CodedPicture]:
        """The pictures of a temporal unit, the first of which gets this place."""
        taken: list[CodedPicture] = []
        for unit in units:
            if unit.first("show_existing_frame"):
                slot = unit.first("frame_to_show_map_idx")
                _show_again(self._slots.get(slot), packet_number)
                if slot in self._slots and self._slots[slot].kind == _AV1_KINDS[_KEY]:
                    self._store(_ALL, self._slots[slot], self._places[slot])
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
            refreshed = 255 if is_whole else unit.first("refresh_frame_flags")
            picture.is_disposable = not refreshed
            if kind in {_INTER, _SWITCH}:
                is_short = bool(unit.first("frame_refs_short_signaling"))
                _refer(picture, _ALL if is_short else unit.all("ref_frame_idx"), self._places)
                picture.is_exact = not is_short
            self._store((slot for slot in _ALL if refreshed >> slot & 1), picture, place + len(taken))
            taken.append(picture)
        return taken

    def _store(self, slots: Iterable[int], picture: CodedPicture, place: int) -> None:
        for slot in slots:
            self._slots[slot] = picture
            self._places[slot] = place


class Vp9References:
    """Follows the eight reference slots (VP9 specification, 8.10).

    Probabilities and motion vectors are carried on from frame to frame unless a frame is error resilient.
    """

    wanted = frozenset({-1})
    wanted_at_entries: frozenset[int] = frozenset()

    def __init__(self) -> None:
        self._slots: dict[int, CodedPicture] = {}
        self._places: dict[int, int] = {}

    def take_set(self, unit: Elements) -> None:
        """Nothing: VP9 has no parameter sets."""

    def take(self, packet_number: int, units: Sequence[Elements], place: int) -> list[CodedPicture]:
        """The pictures of a packet, the first of which gets this place."""
        taken: list[CodedPicture] = []
        for unit in units:
            if unit.first("show_existing_frame"):
                _show_again(self._slots.get(unit.first("frame_to_show_map_idx")), packet_number)
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
            refreshed = 255 if is_key else unit.first("refresh_frame_flags")
            if not is_intra:
                _refer(picture, unit.all("ref_frame_idx"), self._places)
            is_reset = is_intra and unit.first("reset_frame_context") >= 2
            if at and not (is_key or is_reset or unit.first("error_resilient_mode")):
                picture.follows = at - 1
            picture.is_disposable = not refreshed and not unit.first("refresh_frame_context")
            for slot in _ALL:
                if refreshed >> slot & 1:
                    self._slots[slot], self._places[slot] = picture, at
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


def _show_again(picture: CodedPicture | None, packet_number: int) -> None:
    if picture is not None:
        picture.shown_in = (*picture.shown_in, packet_number)
