"""Bytes as lines of hexadecimal digits with the characters beside them."""

from __future__ import annotations

BYTES_A_LINE = 16


def hex_line(data: bytes, offset: int, *, first: int = 0) -> str:
    """The line that begins ``offset`` bytes into ``data``: offset, digits, ASCII characters.

    Args:
        data: The bytes.
        offset: Where the line begins.
        first: The offset that is written for ``data[0]``.
    """
    part = data[offset : offset + BYTES_A_LINE]
    digits = part.hex(" ")
    half = 3 * BYTES_A_LINE // 2
    letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
    return f"{offset + first:08x}  {digits[:half]:<{half}} {digits[half:]:<{half - 1}}  {letters}"


def hex_lines(data: bytes, *, first: int = 0, most_bytes: int) -> list[str]:
    """Lines for the first ``most_bytes`` bytes."""
    stop = min(len(data), most_bytes)
    return [hex_line(data[:stop], offset, first=first) for offset in range(0, stop, BYTES_A_LINE)]
