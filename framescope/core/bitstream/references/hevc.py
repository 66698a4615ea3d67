"""The references of HEVC pictures, by their reference picture sets (ITU-T H.265, 8.3).

A slice may list fewer of the pictures that the set says are used; decoders still refuse a picture for which
any of them is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from framescope.core.bitstream.references.pictures import CodedPicture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from framescope.core.bitstream.references.elements import Elements

_FIRST_INTRA, _LAST_INTRA, _CRA = 16, 23, 21
_IDR = frozenset({19, 20})
_LEADING = range(6, 10)
_SPS, _PPS, _END = 33, 34, 36
_LETTERS = ("B", "P", "I")


class _Listed(NamedTuple):
    """A picture in a reference picture set."""

    order: int
    is_used: bool
    mask: int = -1
    """Which bits of the order count say it; all of them for a short-term picture."""


class _Set(NamedTuple):
    """A short-term set: differences in order count, nearest first, and whether the picture uses them."""

    before: list[tuple[int, bool]]
    after: list[tuple[int, bool]]


class HevcReferences:
    """Follows the decoded picture buffer through the pictures of a stream."""

    wanted = frozenset({*range(10), *range(_FIRST_INTRA, _CRA + 1), _SPS, _PPS, _END})
    wanted_at_entries: frozenset[int] = frozenset()

    def __init__(self) -> None:
        self._sps: dict[int, Elements] = {}
        self._sets: dict[int, list[_Set]] = {}
        self._pps: dict[int, Elements] = {}
        self._held: dict[int, int] = {}
        self._pictures: dict[int, CodedPicture] = {}
        self._order = 0
        self._is_first = True

    def take_set(self, unit: Elements) -> None:
        """Take a parameter set."""
        if unit.first("nuh_layer_id"):
            return
        if unit.code == _SPS:
            number = unit.first("sps_seq_parameter_set_id")
            self._sps[number] = unit
            self._sets[number] = _sets_of(unit)
        elif unit.code == _PPS:
            self._pps[unit.first("pps_pic_parameter_set_id")] = unit

    def take(self, packet_number: int, units: Sequence[Elements], place: int) -> list[CodedPicture]:
        """The picture of a packet, which gets this place."""
        slices: list[Elements] = []
        is_ended = False
        for unit in units:
            self.take_set(unit)
            is_ended |= unit.code == _END
            is_slice = unit.code < _SPS and not unit.first("nuh_layer_id")
            if is_slice and unit and not unit.first("dependent_slice_segment_flag"):
                slices.append(unit)
        if not slices:
            return []
        head = slices[0]
        letter = min((_LETTERS[one.first("slice_type", 2)] for one in slices), key="BPI".index)
        picture = CodedPicture(
            packet_number, letter, head.name, temporal_id=head.first("nuh_temporal_id_plus1", 1) - 1
        )
        picture.is_disposable = head.code < _FIRST_INTRA and head.code % 2 == 0
        pps = self._pps.get(head.first("slice_pic_parameter_set_id"))
        sps_number = -1 if pps is None else pps.first("pps_seq_parameter_set_id")
        if pps is None or sps_number not in self._sps:
            picture.is_exact = letter == "I"
            picture.references = tuple(sorted(self._held.values()))
        else:
            self._decode(picture, head, sps_number, place)
        self._is_first = is_ended
        return [picture]

    def _decode(self, picture: CodedPicture, head: Elements, sps_number: int, place: int) -> None:
        sps = self._sps[sps_number]
        order = self._order_of(head, sps)
        before, after, long = self._sets_for(head, sps, sps_number, order)
        if self._begins_sequence(head):
            # It refers to nothing, whatever it lists for those that follow.
            self._held.clear()
        if picture.letter != "I":
            used = [self._place_of(one) for one in (*before, *after, *long) if one.is_used]
            picture.references = tuple(sorted({held for held in used if held is not None}))
            picture.missing = used.count(None)
        for held in picture.references:
            # "_N" only says that no picture of the same temporal layer refers to it.
            self._pictures[held].is_disposable = False
        kept = {self._place_of(listed) for listed in (*before, *after, *long)}
        self._held = {each: at for each, at in self._held.items() if at in kept}
        self._held[order] = place
        self._pictures = {at: self._pictures[at] for at in self._held.values() if at in self._pictures}
        self._pictures[place] = picture

    def _begins_sequence(self, head: Elements) -> bool:
        """Whether a picture is an IDR or BLA picture, or the CRA picture that decoding begins with."""
        return _FIRST_INTRA <= head.code <= _LAST_INTRA and (head.code != _CRA or self._is_first)

    def _place_of(self, listed: _Listed) -> int | None:
        if listed.mask == -1:
            return self._held.get(listed.order)
        return next((place for each, place in self._held.items() if each & listed.mask == listed.order), None)

    def _order_of(self, head: Elements, sps: Elements) -> int:
        """The picture order count (8.3.1)."""
        most = 16 << sps.first("log2_max_pic_order_cnt_lsb_minus4")
        low = head.first("slice_pic_order_cnt_lsb")
        if self._begins_sequence(head):
            order = low
        else:
            last_low = self._order % most
            high = self._order - last_low
            if low < last_low and last_low - low >= most // 2:
                high += most
            elif low > last_low and low - last_low > most // 2:
                high -= most
            order = high + low
        is_referred_to = head.code >= _FIRST_INTRA or head.code % 2 == 1
        is_base = head.first("nuh_temporal_id_plus1", 1) == 1
        if is_base and is_referred_to and head.code not in _LEADING:
            self._order = order
        return order

    def _sets_for(
        self, head: Elements, sps: Elements, sps_number: int, order: int
    ) -> tuple[list[_Listed], list[_Listed], list[_Listed]]:
        """The reference picture set of a picture: before it, after it, and long-term (8.3.2)."""
        if head.code in _IDR:
            return [], [], []
        known = self._sets[sps_number]
        if head.first("short_term_ref_pic_set_sps_flag"):
            number = head.first("short_term_ref_pic_set_idx")
            chosen = known[number] if number < len(known) else _Set([], [])
        else:
            chosen = _read_set(_Reader(head, after="short_term_ref_pic_set_sps_flag"), known)
        before = [_Listed(order + far, is_used) for far, is_used in chosen.before]
        after = [_Listed(order + far, is_used) for far, is_used in chosen.after]
        return before, after, list(_long_term(head, sps, order))


def _long_term(head: Elements, sps: Elements, order: int) -> Iterator[_Listed]:
    """The long-term pictures that a slice lists."""
    most = 16 << sps.first("log2_max_pic_order_cnt_lsb_minus4")
    stored_low, stored_used = sps.all("lt_ref_pic_poc_lsb_sps"), sps.all("used_by_curr_pic_lt_sps_flag")
    from_sps = head.first("num_long_term_sps")
    numbers = head.all("lt_idx_sps") or [0] * from_sps
    lows = [stored_low[number] for number in numbers if number < len(stored_low)]
    used = [stored_used[number] for number in numbers if number < len(stored_used)]
    lows += head.all("poc_lsb_lt")
    used += head.all("used_by_curr_pic_lt_flag")
    cycles = head.all("delta_poc_msb_cycle_lt")
    high = 0
    for place, (low, is_used, has_high) in enumerate(
        zip(lows, used, head.all("delta_poc_msb_present_flag"), strict=False)
    ):
        if place in {0, from_sps}:
            high = 0
        if has_high and cycles:
            high += cycles.pop(0)
            yield _Listed(order - high * most - (order & most - 1) + low, bool(is_used))
        else:
            yield _Listed(low, bool(is_used), most - 1)


def _sets_of(sps: Elements) -> list[_Set]:
    reader = _Reader(sps, after="num_short_term_ref_pic_sets")
    sets: list[_Set] = []
    for _ in range(sps.first("num_short_term_ref_pic_sets")):
        sets.append(_read_set(reader, sets))
    return sets


def _read_set(reader: _Reader, known: Sequence[_Set]) -> _Set:
    """A short-term reference picture set (7.3.7); ``known`` are those before it."""
    if known and reader.take("inter_ref_pic_set_prediction_flag"):
        return _predicted(reader, known)
    numbers = reader.take("num_negative_pics"), reader.take("num_positive_pics")
    sides: list[list[tuple[int, bool]]] = []
    for side, sign in enumerate((-1, 1)):
        far, pictures = 0, list[tuple[int, bool]]()
        for _ in range(numbers[side]):
            far += sign * (reader.take(f"delta_poc_s{side}_minus1") + 1)
            pictures.append((far, bool(reader.take(f"used_by_curr_pic_s{side}_flag"))))
        sides.append(pictures)
    return _Set(*sides)


def _predicted(reader: _Reader, known: Sequence[_Set]) -> _Set:
    """A set that is described by its difference to another (7.4.8, equations 7-61 and 7-62)."""
    back = reader.take("delta_idx_minus1") + 1
    sign = reader.take("delta_rps_sign")
    shift = (1 - 2 * sign) * (reader.take("abs_delta_rps_minus1") + 1)
    base = known[-back] if back <= len(known) else _Set([], [])
    flags: list[tuple[bool, bool]] = []
    for _ in range(len(base.before) + len(base.after) + 1):
        is_used = bool(reader.take("used_by_curr_pic_flag"))
        flags.append((is_used, is_used or bool(reader.take("use_delta_flag"))))
    moved = [(far + shift, *flag) for (far, _), flag in zip((*base.before, *base.after), flags, strict=False)]
    moved.append((shift, *flags[-1]))
    chosen = sorted((far, is_used) for far, is_used, is_kept in moved if is_kept and far)
    return _Set([one for one in reversed(chosen) if one[0] < 0], [one for one in chosen if one[0] > 0])


class _Reader:
    """Takes elements one after the other, each only if it is the next."""

    def __init__(self, elements: Elements, *, after: str) -> None:
        self._items = iter(elements)
        # The element of that name is the last one that is passed over.
        next((name for name, _ in self._items if name == after), "")
        self._next = next(self._items, ("", 0))

    def take(self, name: str) -> int:
        """The value of the next element if it has this name; otherwise 0, and the element stays."""
        found, value = self._next
        if found != name:
            return 0
        self._next = next(self._items, ("", 0))
        return value
