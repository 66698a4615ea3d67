"""Bytes as lines of hexadecimal digits with the characters beside them."""

from __future__ import annotations

BYTES_A_LINE = 16


def hex_line(data: bytes, offset: int, *, first: int = 0, width: int = BYTES_A_LINE) -> str:
    """The line that begins ``offset`` bytes into ``data``: offset, digits, ASCII characters.

    Args:
        data: The bytes.
        offset: Where the line begins.
        first: The offset that is written for ``data[0]``.
        width: Bytes in a full line.
    """
    part = data[offset : offset + width]
    letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
    return f"{offset + first:08x}  {part.hex(' '):<{3 * width - 1}}  {letters}"


def hex_lines(data: bytes, *, most_bytes: int, first: int = 0, width: int = BYTES_A_LINE) -> list[str]:
    """Lines for the first ``most_bytes`` bytes; see `hex_line`."""
    stop = min(len(data), most_bytes)
    return [hex_line(data[:stop], offset, first=first, width=width) for offset in range(0, stop, width)]


def columns_of(place: int, *, width: int = BYTES_A_LINE) -> tuple[int, int, int]:
    """Where a byte of the dump is: its line, the column of its digits, and that of its character."""
    line, column = divmod(place, width)
    return line, 10 + 3 * column, 10 + 3 * width - 1 + 2 + column
