"""Ways to damage the bytes of a file. The same random numbers give the same damage."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.hostile import HOSTILE, places_of, with_value

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_HEAD = 4096
"""Bytes at the beginning and at the end where most of a file's structure is."""
_LENGTHS = (0, 1, 7, 8, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF)
_TOML_VALUE = re.compile(rb"(?<== )[^\n]+")
_TOML_HOSTILE = (
    b"0", b"-1", b"nan", b"inf", b"1e300", b"9" * 25, b'"x"', b'"../x"', b"[]", b"{}", b"true", b'"\\u0000"',
)  # fmt: skip


def mutated(data: bytes, chance: random.Random, suffix: str) -> bytes:
    """The bytes with one to four pieces of damage, fit for the kind of file."""
    ways = _TEXT_WAYS.get(suffix, _WAYS)
    changed = data
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        changed = chance.choice(ways)(changed, chance) if changed else changed
    return changed


def _place(data: bytes, chance: random.Random) -> int:
    """Any place, half of the time near one of the ends."""
    if chance.random() < 0.5:
        return chance.randrange(len(data))
    near = chance.randrange(min(_HEAD, len(data)))
    return near if chance.random() < 0.7 else len(data) - 1 - near


def _flip_bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 64))):
        changed[_place(data, chance)] = chance.randrange(256)
    return bytes(changed)


def _flip_bit(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    changed[_place(data, chance)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: _place(data, chance)]


def _cut_out(data: bytes, chance: random.Random) -> bytes:
    start = _place(data, chance)
    return data[:start] + data[start + chance.choice((1, 4, 100, 5000)) :]


def _double(data: bytes, chance: random.Random) -> bytes:
    start, length = _place(data, chance), chance.choice((1, 8, 188, 4096, 40_000))
    return data[: start + length] + data[start:]


def _move(data: bytes, chance: random.Random) -> bytes:
    start, to, length = _place(data, chance), _place(data, chance), chance.choice((4, 188, 4096))
    piece = data[start : start + length]
    rest = data[:start] + data[start + length :]
    return rest[:to] + piece + rest[to:]


def _zero(data: bytes, chance: random.Random) -> bytes:
    start = _place(data, chance)
    length = min(chance.choice((4, 64, 1000, 20_000)), len(data) - start)
    return data[:start] + chance.choice((b"\0", b"\xff")) * length + data[start + length :]


def _set_length(data: bytes, chance: random.Random) -> bytes:
    """Another length where one probably stands: before the name of an MP4 box, or anywhere near the head."""
    names = [match.start() for match in re.finditer(rb"[a-z]{3}[a-z0-9 ]", data[:_HEAD] + data[-_HEAD:])]
    place = chance.choice(names) - 4 if names and chance.random() < 0.8 else _place(data, chance)
    if len(data) > 2 * _HEAD and place >= _HEAD:
        place += len(data) - 2 * _HEAD
    place = max(place, 0)
    length = chance.choice(_LENGTHS).to_bytes(4, chance.choice(("big", "little")))
    return data[:place] + length + data[place + 4 :]


def _in_json(data: bytes, chance: random.Random) -> bytes:
    """Another value in one place of one line that is JSON."""
    lines = data.split(b"\n") if data.lstrip()[:2] != b"{\n" else [data]
    number = chance.randrange(len(lines))
    try:
        table = json.loads(lines[number])
    except (ValueError, RecursionError):
        return _flip_bytes(data, chance)
    changed = with_value(table, chance.choice(places_of(table)), chance.choice((*HOSTILE, 0, 1, 2)))
    lines[number] = json.dumps(changed).encode()
    return b"\n".join(lines)


def _in_toml(data: bytes, chance: random.Random) -> bytes:
    values = list(_TOML_VALUE.finditer(data))
    if not values:
        return _flip_bytes(data, chance)
    value = chance.choice(values)
    return data[: value.start()] + chance.choice(_TOML_HOSTILE) + data[value.end() :]


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip_bytes, _flip_bytes, _flip_bit, _truncate, _cut_out, _double, _move, _zero, _set_length, _set_length,
)  # fmt: skip
_TEXT_WAYS = {
    ".json": (_in_json, _in_json, _in_json, *_WAYS),
    ".jsonl": (_in_json, _in_json, _in_json, *_WAYS),
    ".toml": (_in_toml, _in_toml, _in_toml, *_WAYS),
}
