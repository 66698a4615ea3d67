"""Text from outside is written and shown whatever it holds, and JSON gives it back."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from framescope.core.errors import SettingsError
from framescope.core.export.name_pattern import NameFields, NamePattern, source_stem
from framescope.core.printable import (
    DIRECTION,
    is_valid_text,
    json_document,
    printable,
    readable,
    valid_text,
    xml_text,
)
from framescope.core.translation import tr

NAMES = ("plain.mp4", "ünïcödé 映像 🎬.mp4", "bad\udcff.mp4", "\x1b[31mred\x07", "two\nlines\r")
ODD = ("gnp.\u202e4pm", "\x9b2J", "\x7f", "\u2066x\u2069", "\u2028", "\ud800")


@pytest.mark.parametrize("name", [*NAMES, *ODD])
def test_shown_text_is_one_line_without_anything_that_acts(name: str) -> None:
    shown = printable(name)
    assert shown.isprintable()
    shown.encode("utf-8")
    assert printable(shown) == shown


def test_what_is_harmless_is_shown_as_it_is() -> None:
    assert [printable(name) for name in NAMES[:2]] == list(NAMES[:2])
    assert printable("a\n\tb", keep="\n\t") == "a\n\tb"


def test_bytes_that_are_not_utf8_are_shown_as_such() -> None:
    assert printable(os.fsdecode(b"bad\xff.mp4")) == "bad\\xff.mp4"
    assert printable("a\x1b\u202e") == "a\\x1b\\u202e"


def test_valid_text_can_be_written() -> None:
    assert valid_text("bad\udcff.mp4") == "bad\N{REPLACEMENT CHARACTER}.mp4"
    assert valid_text("\ud800") == "\N{REPLACEMENT CHARACTER}"
    assert is_valid_text(NAMES[1])
    assert not is_valid_text("bad\udcff.mp4")


@pytest.mark.parametrize("name", [*NAMES, *ODD])
def test_json_is_utf8_and_gives_the_name_back(name: str) -> None:
    document = json_document({"name": name})
    assert json.loads(document.encode("utf-8")) == {"name": name}
    assert all(letter.isprintable() for letter in document)


@pytest.mark.parametrize("name", [*NAMES, *ODD])
def test_what_is_only_read_loses_what_acts(name: str) -> None:
    words = readable(name)
    assert words.encode()
    assert printable(words) == words
    assert readable("two\nlines\x1b[1m \u202e\u05d0", keep=f"\n{DIRECTION}") == "two\nlines [1m \u202e\u05d0"


@pytest.mark.parametrize("name", [*NAMES, *ODD])
def test_no_message_acts_by_the_names_in_it(name: str) -> None:
    for value in (name, Path(name.replace("\0", "")), ValueError(name)):
        words = tr("Saving {path}", path=value)
        assert printable(words, keep="\n\t\ud800\udcff") == words


@pytest.mark.parametrize("name", [*NAMES, *ODD])
def test_no_file_name_that_is_given_acts(name: str) -> None:
    pattern = NamePattern("{stem}_{label}")
    given = pattern.render(NameFields(source_stem(f"{name}.mp4"), 1, 0.0, 0, 0, label=name))
    assert printable(given) == given
    if printable(name) != name:
        with pytest.raises(SettingsError):
            NamePattern(f"a{name}b")


@pytest.mark.parametrize(
    "name", ["\"quoted\" & 'both'", "a < b > c", "two\nlines\tand\rmore", "&quot;]]>", "ü"]
)
def test_xml_gives_back_any_text(name: str) -> None:
    entry = ElementTree.fromstring(f'<a b="{xml_text(name)}">{xml_text(name)}</a>')
    assert (entry.attrib["b"], entry.text) == (name, name)
