"""The reference lists of H.264 pictures (ITU-T H.264, 8.2.1, 8.2.4 and 8.2.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framescope.core.bitstream.meanings import message_name
from framescope.core.bitstream.references.pictures import CodedPicture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from framescope.core.bitstream.references.elements import Elements

_SLICE, _IDR_SLICE, _SEI, _SPS, _PPS = 1, 5, 6, 7, 8
_LETTERS = ("P", "B", "I", "P", "I")
_RECOVERY_POINT = 6
_NO_MORE = 3
_RESETS = 5


@dataclass(slots=True)
class _Stored:
    """A reference frame in the decoded picture buffer; ``place`` is None where it was never read."""

    place: int | None
    frame_number: int
    order: int
    long_term: int | None = None
    wrapped: int = 0


class H264References:
    """Follows the decoded picture buffer through the pictures of a stream.

    Frames are followed exactly. Once there are pictures coded as fields, whose lists are of fields, a
    picture may refer to every frame that the buffer can hold.
    """

    wanted = frozenset({_SLICE, _IDR_SLICE, _SPS, _PPS})
    wanted_at_entries = frozenset({_SEI})

    def __init__(self) -> None:
        self._sps: dict[int, Elements] = {}
        self._pps: dict[int, Elements] = {}
        self._stored: list[_Stored] = []
        self._has_fields = False
        self._has_commands = False
        self._field: tuple[int, int] | None = None
        self._last: CodedPicture | None = None
        self._last_reference = -1
        self._last_frame_number = 0
        self._frame_offset = 0
        self._order_high, self._order_low = 0, 0

    def take_set(self, unit: Elements) -> None:
        """Take a parameter set."""
        if unit.code == _SPS:
            self._sps[unit.first("seq_parameter_set_id")] = unit
        elif unit.code == _PPS:
            self._pps[unit.first("pic_parameter_set_id")] = unit

    def take(self, packet_number: int, units: Sequence[Elements], place: int) -> list[CodedPicture]:
        """The picture of a packet, which gets this place; none for the second field of the last one."""
        is_recovery = False
        slices: list[Elements] = []
        for unit in units:
            self.take_set(unit)
            if unit.code == _SEI:
                is_recovery |= _RECOVERY_POINT in unit.all("last_payload_type_byte")
            elif unit.code in {_SLICE, _IDR_SLICE} and not unit.first("redundant_pic_cnt"):
                slices.append(unit)
        if not slices:
            return []
        head = slices[0]
        if self._last is not None and self._is_second_field(head):
            self._field = None
            self._last.field_packet = packet_number
            return []
        self._last = picture = CodedPicture(packet_number, letter=_letter(slices))
        picture.kind = (
            "IDR" if head.code == _IDR_SLICE else message_name(_RECOVERY_POINT) if is_recovery else ""
        )
        picture.is_disposable = not head.first("nal_ref_idc")
        pps = self._pps.get(head.first("pic_parameter_set_id"))
        sps = None if pps is None else self._sps.get(pps.first("seq_parameter_set_id"))
        if pps is None or sps is None:
            self._list_all(picture)
        else:
            self._decode(picture, slices, pps, sps, place)
        return [picture]

    def _decode(
        self, picture: CodedPicture, slices: Sequence[Elements], pps: Elements, sps: Elements, place: int
    ) -> None:
        head = slices[0]
        if head.code == _IDR_SLICE:
            self._stored.clear()
            self._has_fields = self._has_commands = False
            self._last_reference = 0
        is_field = bool(head.first("field_pic_flag"))
        self._has_fields |= is_field
        is_half = is_field and len({one.first("bottom_field_flag") for one in slices}) == 1
        self._field = (head.first("frame_num"), head.first("bottom_field_flag")) if is_half else None
        self._fill_gap(head, sps)
        order = self._order(head, sps)
        if self._has_fields:
            self._list_all(picture)
        else:
            self._list(picture, slices, pps, sps, order)
        if not picture.is_disposable:
            self._mark(head, sps, place, order)

    def _list_all(self, picture: CodedPicture) -> None:
        """Let a picture refer to all that is stored."""
        picture.is_exact = picture.letter == "I"
        picture.references = () if picture.is_exact else self._places()

    def _places(self) -> tuple[int, ...]:
        return tuple(sorted({one.place for one in self._stored if one.place is not None}))

    def _is_second_field(self, head: Elements) -> bool:
        if self._field is None or not head.first("field_pic_flag"):
            return False
        number, is_bottom = self._field
        return head.first("frame_num") == number and head.first("bottom_field_flag") != is_bottom

    # --- numbers

    def _fill_gap(self, head: Elements, sps: Elements) -> None:
        """Frames that an encoder left out on purpose take room in the buffer (8.2.5.2)."""
        number, most = head.first("frame_num"), _most_numbers(sps)
        if head.code == _IDR_SLICE or self._last_reference < 0:
            self._last_reference = number
            return
        expected = (self._last_reference + 1) % most
        if number in {self._last_reference, expected} or not sps.first("gaps_in_frame_num_allowed_flag"):
            return
        count = min((number - expected) % most, max(sps.first("max_num_ref_frames"), 1))
        for one in range(count, 0, -1):
            self._slide(sps)
            self._stored.append(_Stored(None, (number - one) % most, 0))

    def _order(self, head: Elements, sps: Elements) -> int:
        """The picture order count of a frame (8.2.1); of a field, of its frame roughly."""
        number, is_idr = head.first("frame_num"), head.code == _IDR_SLICE
        if is_idr:
            self._frame_offset = 0
        elif number < self._last_frame_number:
            self._frame_offset += _most_numbers(sps)
        self._last_frame_number = number
        kind = sps.first("pic_order_cnt_type")
        if kind == 0:
            return self._order_by_low_bits(head, sps, is_idr=is_idr)
        is_reference = bool(head.first("nal_ref_idc"))
        if kind == 2:
            return 0 if is_idr else 2 * (self._frame_offset + number) - (not is_reference)
        offsets = sps.all("offset_for_ref_frame")
        counted = self._frame_offset + number if offsets else 0
        counted -= counted > 0 and not is_reference
        expected = 0 if is_reference else sps.first("offset_for_non_ref_pic")
        if counted > 0:
            cycles, rest = divmod(counted - 1, len(offsets))
            expected += cycles * sum(offsets) + sum(offsets[: rest + 1])
        top, bottom, *_ = *head.all("delta_pic_order_cnt"), 0, 0
        top += expected
        return min(top, top + sps.first("offset_for_top_to_bottom_field") + bottom)

    def _order_by_low_bits(self, head: Elements, sps: Elements, *, is_idr: bool) -> int:
        if is_idr:
            self._order_high = self._order_low = 0
        low, most = head.first("pic_order_cnt_lsb"), 16 << sps.first("log2_max_pic_order_cnt_lsb_minus4")
        high = self._order_high
        if low < self._order_low and self._order_low - low >= most // 2:
            high += most
        elif low > self._order_low and low - self._order_low > most // 2:
            high -= most
        if head.first("nal_ref_idc"):
            self._order_high, self._order_low = high, low
        return high + low + min(head.first("delta_pic_order_cnt_bottom"), 0)

    # --- lists

    def _list(
        self, picture: CodedPicture, slices: Iterable[Elements], pps: Elements, sps: Elements, order: int
    ) -> None:
        found: set[int] = set()
        for head in slices:
            letter = _LETTERS[head.first("slice_type") % 5]
            for number in range("IPB".index(letter)):
                name = f"num_ref_idx_l{number}_active_minus1"
                count = head.first(name, pps.first(f"num_ref_idx_l{number}_default_active_minus1")) + 1
                initial = self._initial(letter, number, order)[:count]
                entries: list[_Stored | None] = [*initial, *[None] * (count - len(initial))]
                self._wrap(head, sps)
                self._modify(entries, head, number, sps)
                for entry in entries:
                    if entry is None or entry.place is None:
                        picture.missing += 1
                    else:
                        found.add(entry.place)
        picture.references = tuple(sorted(found))

    def _wrap(self, head: Elements, sps: Elements) -> None:
        for one in self._stored:
            is_later = one.frame_number > head.first("frame_num")
            one.wrapped = one.frame_number - _most_numbers(sps) * is_later

    def _initial(self, letter: str, number: int, order: int) -> list[_Stored]:
        """The list before modification (8.2.4.2)."""
        short = [one for one in self._stored if one.long_term is None]
        long = sorted(
            (one for one in self._stored if one.long_term is not None), key=lambda one: one.long_term or 0
        )
        if letter == "P":
            # Their numbers wrap around: the buffer holds them in decode order.
            return [*reversed(short), *long]
        short = [one for one in short if one.place is not None]
        earlier = sorted((one for one in short if one.order < order), key=lambda one: -one.order)
        later = sorted((one for one in short if one.order >= order), key=lambda one: one.order)
        first, second = [*earlier, *later, *long], [*later, *earlier, *long]
        if len(second) > 1 and first == second:
            second[:2] = second[1], second[0]
        return second if number else first

    def _modify(self, entries: list[_Stored | None], head: Elements, number: int, sps: Elements) -> None:
        """Apply the commands that reorder a list (8.2.4.3)."""
        present, most = head.first("frame_num"), _most_numbers(sps)
        count, predicted = len(entries), present
        for at, (command, value) in enumerate(_modifications(head, number)):
            if command == 2:
                chosen = self._find(lambda one, value=value: one.long_term == value)  # type: ignore[misc]
            else:
                predicted = (predicted + (value + 1) * (1 if command else -1)) % most
                wanted = predicted - most * (predicted > present)
                chosen = self._find(
                    lambda one, wanted=wanted: one.long_term is None and one.wrapped == wanted  # type: ignore[misc]
                )
            rest = [one for one in entries[at:] if one is None or one is not chosen]
            entries[at:] = [chosen, *rest]
        del entries[count:]

    def _find(self, is_it: Callable[[_Stored], bool]) -> _Stored | None:
        return next((one for one in self._stored if is_it(one)), None)

    # --- marking

    def _mark(self, head: Elements, sps: Elements, place: int, order: int) -> None:
        """What becomes of the buffer once a reference picture is decoded (8.2.5)."""
        number = head.first("frame_num")
        self._last_reference = number
        stored = _Stored(place, number, order)
        is_commanded = bool(head.first("adaptive_ref_pic_marking_mode_flag"))
        if head.code == _IDR_SLICE:
            stored.long_term = 0 if head.first("long_term_reference_flag") else None
        elif is_commanded and self._has_fields:
            self._has_commands = True
        elif is_commanded:
            self._wrap(head, sps)
            self._obey(_commands(head), stored)
        elif not self._has_commands:
            self._slide(sps)
        self._stored.append(stored)

    def _slide(self, sps: Elements) -> None:
        """Drop the oldest short-term frame if there is no room (8.2.5.3)."""
        if len(self._stored) >= max(sps.first("max_num_ref_frames"), 1):
            oldest = self._find(lambda one: one.long_term is None)
            if oldest is not None:
                self._stored.remove(oldest)

    def _obey(self, commands: Iterable[tuple[int, list[int]]], present: _Stored) -> None:
        """Memory management control operations (8.2.5.4)."""
        for command, values in commands:
            if command == _RESETS:
                self._stored.clear()
                self._order_high, self._order_low = 0, 0
                self._last_reference = self._last_frame_number = self._frame_offset = 0
                present.frame_number = present.order = 0
            elif command == 6:
                self._drop_long(values[0])
                present.long_term = values[0]
            elif command == 4:
                self._stored = [
                    one for one in self._stored if one.long_term is None or one.long_term < values[0]
                ]
            elif command == 2:
                self._drop_long(values[0])
            else:
                self._obey_on_short(command, values, present.frame_number - (values[0] + 1))

    def _obey_on_short(self, command: int, values: list[int], wrapped: int) -> None:
        found = self._find(lambda one: one.long_term is None and one.wrapped == wrapped)
        if found is None:
            return
        if command == 1:
            self._stored.remove(found)
        else:
            self._drop_long(values[1])
            found.long_term = values[1]

    def _drop_long(self, number: int) -> None:
        self._stored = [one for one in self._stored if one.long_term != number]


def _letter(slices: Iterable[Elements]) -> str:
    """The widest of the slices' types."""
    return max((_LETTERS[head.first("slice_type") % 5] for head in slices), key="IPB".index)


def _most_numbers(sps: Elements) -> int:
    """MaxFrameNum."""
    return 16 << sps.first("log2_max_frame_num_minus4")


def _modifications(head: Elements, number: int) -> Iterator[tuple[int, int]]:
    """The commands that reorder list 0 or 1, with their values."""
    items = iter(head)
    if not any(item == (f"ref_pic_list_modification_flag_l{number}", 1) for item in items):
        return
    for (name, command), (_, value) in zip(items, items, strict=False):
        if name != "modification_of_pic_nums_idc" or command >= _NO_MORE:
            return
        yield command, value


def _commands(head: Elements) -> Iterator[tuple[int, list[int]]]:
    """The memory management control operations, with their values."""
    command, values = 0, list[int]()
    for name, value in head:
        if name == "memory_management_control_operation":
            if command:
                yield command, values
            command, values = value, []
        elif command:
            values.append(value)
