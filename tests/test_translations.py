"""Every text for people can be translated, and a translation reaches it."""

from __future__ import annotations

import ast
import gettext
import io
import string
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import translatable
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo

from framescope.cli.program import build_program
from framescope.core import translation
from framescope.core.text import counted, damage_words
from framescope.core.translation import tr, tr_later, tr_stored
from tests.literals import TRANSLATORS, called, translated, untranslated

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = Path(__file__).parents[1] / "framescope"
MODULES = sorted(PACKAGE.rglob("*.py"))
KEYWORDS = {"tr": None, "tr_later": None, "tr_plural": (1, 2), "counted": (2, 3)}
NOT_FOR_PEOPLE = {
    # Programs that the seek panel hands out.
    Path("core/audit/snippets.py"),
    Path("core/audit/use_snippets.py"),
    # What is written into pictures is the same in every language.
    Path("core/export/encoders/tags.py"),
    Path("core/export/encoders/metadata.py"),
    # A format for programs, with words of its own.
    Path("core/marks/edl.py"),
    # Messages of libraries, which the log has as they are.
    Path("core/media/ffmpeg_messages.py"),
    Path("ui/window/qt_messages.py"),
    # What FourCCs mean: names of formats.
    Path("core/media/facts/fourcc.py"),
    Path("core/media/facts/format_names.py"),
    # The terms of the codecs' standards, which are the same in every language.
    Path("core/bitstream/unit_names.py"),
    Path("core/bitstream/meanings.py"),
    # Why a table is not read directly; the log says it.
    *(path.relative_to(PACKAGE) for path in (PACKAGE / "core/media/tables").iterdir()),
}


def test_no_text_bypasses_the_translation() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {text}"
        for path in MODULES
        if path.relative_to(PACKAGE) not in NOT_FOR_PEOPLE
        for line, text in untranslated(path, path.relative_to(PACKAGE).parts[0])
    ]
    assert not found, "\n".join(found)


def test_texts_are_literals_with_their_values() -> None:
    for path in MODULES:
        for call in translated(path):
            name, where = called(call), f"{path.relative_to(PACKAGE)}:{call.lineno}"
            texts = call.args[int(name == "counted") : TRANSLATORS[name]]
            if path.name in ("translation.py", "text.py", "program.py"):
                continue
            assert all(isinstance(text, ast.Constant) for text in texts), where
            if name == "tr" and call.keywords:
                assert _fields(texts[0]) == {keyword.arg for keyword in call.keywords}, where


def _fields(text: ast.expr) -> set[str]:
    """The names in braces, also of those in format specifications."""
    assert isinstance(text, ast.Constant)
    found = set()
    for _, field, spec, _ in string.Formatter().parse(str(text.value)):
        if field is not None:
            found |= {field} | _fields(ast.Constant(spec))
    return found


@pytest.fixture
def polish(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue as translators make it, in a language with three plural forms."""
    catalog = Catalog(locale="pl", fuzzy=False)
    catalog.add(("frame", "frames"), ("klatka", "klatki", "klatek"))
    catalog.add("There is no frame {number}.", "Nie ma klatki {number}.")
    catalog.add("Frame {number} is damaged.", "Klatka {nr} jest uszkodzona.")
    catalog.add("and", "i")
    file = io.BytesIO()
    write_mo(file, catalog)
    file.seek(0)
    monkeypatch.setattr(translation, "_catalog", gettext.GNUTranslations(file))


@pytest.mark.usefixtures("polish")
def test_catalogue_gives_text_and_plural_forms() -> None:
    assert tr("There is no frame {number}.", number=7) == "Nie ma klatki 7."
    forms = [counted(count, "frame", "frames") for count in (1, 2, 5, 22)]
    assert forms == ["1 klatka", "2 klatki", "5 klatek", "22 klatki"]


@pytest.mark.usefixtures("polish")
def test_faulty_translation_falls_back_to_english() -> None:
    assert tr("Frame {number} is damaged.", number=7) == "Frame 7 is damaged."


def test_translators_get_every_text() -> None:
    """With plural forms, and with the help of commands, which is in docstrings."""
    found: set[object] = set()
    for path in MODULES:
        with path.open("rb") as file:
            found |= {texts for _, texts, _, _ in extract(translatable.extract, file, KEYWORDS)}  # type: ignore[arg-type]
    assert len(found) > 2000
    assert "Cancel" in found
    assert ("frame", "frames") in found
    assert any(str(texts).startswith("List the frames of VIDEO") for texts in found)


def test_help_of_commands_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class Shouting(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return message.upper()

    program = build_program()
    for command in program.commands.values():
        for part in (command, *getattr(command, "commands", {}).values()):
            monkeypatch.setattr(part, "help", part.help)
    monkeypatch.setattr(translation, "_catalog", Shouting())
    program = build_program()
    for command in program.commands.values():
        assert (command.help or "").isupper(), command.name


def test_braces_without_values_are_characters() -> None:
    assert tr("Name them with {clip}.") == "Name them with {clip}."


def test_verb_follows_the_count() -> None:
    assert damage_words(1, 21) == "1 of 21 frames is damaged or may depend on damage"
    assert damage_words(2, 21) == "2 of 21 frames are damaged or may depend on damage"


@pytest.mark.usefixtures("polish")
def test_what_is_stored_stays_english_until_it_is_shown() -> None:
    assert tr_later("and") == "and"
    assert tr_stored(tr_later("and")) == "i"
    assert tr_stored("") == ""
    assert tr_stored("What another version wrote.") == "What another version wrote."


_MACHINE_VALUES = """
import gettext, sys
from framescope.core import translation

class Marking(gettext.NullTranslations):
    def gettext(self, message):
        return "⟦" + message

translation._catalog = Marking()
from framescope.core.audit.engines.catalog import ENGINES
from framescope.core.clips.encode_clip import _field_order
from framescope.core.export.encoders.metadata import description, xmp_bytes
from framescope.core.export.encoders.tags import PictureTags
from framescope.core.source.opening import open_video

with open_video(sys.argv[1]) as video:
    assert _field_order(video.info) == "bff", video.info.interlacing
    said = [video.info.interlacing, *video.index.doubts, *video.index.notes]
tags = PictureTags("clip.mp4", 7, None, None, 0.5, "I")
said += [description(tags), xmp_bytes(tags).decode(), *(engine.install for engine in ENGINES)]
assert "⟦" not in "".join(said), said
"""


def test_what_programs_read_is_the_same_in_every_language(clip: Callable[[str], Path]) -> None:
    """In a process of its own, because modules look their texts up when they are imported."""
    command = [sys.executable, "-c", _MACHINE_VALUES, str(clip("gop_interlaced.mp4"))]
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert not ended.returncode, ended.stderr


_NEXT_START = """
import sys
from framescope.core import resources
resources.resource_path = lambda *_: __import__("pathlib").Path(sys.argv[1])
from framescope.core import translation
from framescope.core.html_page import html_page
page = html_page("", [])
print(translation.tr("Cancel"), *('<html lang="%s">' % one in page for one in ("pl", "en")))
translation.choose_language(sys.argv[2])
"""


def test_a_chosen_language_is_used_from_the_next_start_on(tmp_path: Path) -> None:
    catalog = Catalog(locale="pl", fuzzy=False)
    catalog.add("Cancel", "Anuluj")
    folder = tmp_path / "pl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "framescope.mo").open("wb") as file:
        write_mo(file, catalog)
    said = []
    for language in ("pl", "en", "../../pl", "", ""):
        command = [sys.executable, "-c", _NEXT_START, str(tmp_path), language]
        ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
        said.append(ended.stdout.strip())
    english = "Cancel False True"
    assert said == [english, "Anuluj True False", english, english, english]
