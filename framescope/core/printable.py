"""Makes untrusted text (file names, tags, messages) safe to write and display, whatever bytes it had.

What names a thing, such as a file, is shown with escapes (`printable`), so that two names never look alike.
What is only read, such as a title, a note or a subtitle, loses what would act on a screen (`readable`).

Python holds bytes of a name that are not UTF-8 as lone surrogates, which no file, widget or JSON takes.
Control characters move a terminal's cursor or run its commands, and marks of direction let a name read
backwards.
"""

from __future__ import annotations

import json
import re
from typing import Any

_CONTROL = "\0-\x1f\x7f-\x9f"
_DIRECTION = "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
_SURROGATE = "\ud800-\udfff"
UNFIT = f"{_CONTROL}{_DIRECTION}{_SURROGATE}"
"""What no name may have that FrameScope gives, as in brackets of a regular expression."""
DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks of direction, which texts from right to left need."""
_UNFIT = re.compile(f"[{UNFIT}]")
_UNFIT_IN_JSON = re.compile(f"[\x7f-\x9f{_DIRECTION}{_SURROGATE}]")
_SURROGATES = re.compile(f"[{_SURROGATE}]")
_IN_XML = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)
_BYTE_SURROGATES = range(0xDC80, 0xDD00)


def valid_text(text: str) -> str:
    """``text`` as UTF-8 can hold it: bytes that are none become U+FFFD, as in file formats and libraries."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def is_valid_text(text: str) -> bool:
    """Whether UTF-8 can hold ``text`` as it is."""
    return valid_text(text) == text


def printable(text: str, *, keep: str = "") -> str:
    r"""``text`` in one line for a person, whatever would act on a screen as an escape: ``\x1b``, ``\u202e``.

    Args:
        text: A name, a tag, a message with either.
        keep: Characters to let through, such as the line breaks of a text of several lines.
    """
    return _UNFIT.sub(lambda found: found[0] if found[0] in keep else _escape(found[0]), text)


def readable(text: str, *, keep: str = "") -> str:
    """``text`` without what would act on a screen: controls become spaces, marks of direction go.

    Args:
        text: A title, a note, a text from a file.
        keep: Characters to let through.
    """
    return _UNFIT.sub(lambda found: found[0] if found[0] in keep else " " * (found[0] not in DIRECTION), text)


def xml_text(text: str) -> str:
    """``text`` for the content of an XML element, or an attribute in double quotes (XML 1.0, 2.4, 3.3.3)."""
    # The standard library's functions for it import its HTTP client.
    return text.translate(_IN_XML)


def json_document(value: object, **options: Any) -> str:  # noqa: ANN401 - those of json.dumps
    r"""``json.dumps`` in characters that are valid UTF-8 and act on no screen; others as ``\udcff``.

    ``json.loads`` gives back the strings as they were, bytes that are not UTF-8 included.
    """
    document = json.dumps(value, **{"ensure_ascii": False, **options})
    return _UNFIT_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def _escape(letter: str) -> str:
    code = ord(letter)
    if code in _BYTE_SURROGATES:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
