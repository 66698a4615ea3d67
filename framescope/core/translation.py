"""The single function that translates every user-visible text."""

from __future__ import annotations

import gettext
import locale
import os
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from framescope.core.printable import printable
from framescope.core.resources import resource_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DOMAIN = "framescope"
_NAME = re.compile(r"[A-Za-z]{2,3}(_[A-Za-z]{2,8})?")
_LONGEST_NAME = 32
_KEPT = "\n\t" + "".join(map(chr, range(0xD800, 0xE000)))
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def tr(text: str, /, **values: object) -> str:
    """``text`` in the user's language, with ``values`` in the places of their ``{names}``.

    ``text`` has to be a literal, because translators get their list of texts from the source. Without
    ``values`` braces are ordinary characters. What is logged, and what programs read, is not translated.
    """
    return _filled(_catalog.gettext(text), text, values)


def tr_later(text: str, /) -> str:
    """``text`` as it is: what is stored or compared stays English, until `tr_stored` shows it.

    A literal, as for `tr`.
    """
    return text


def tr_stored(text: str, /) -> str:
    """A text that was stored in English, in the user's language; unchanged if it is not one of `tr_later`."""
    # The entry of the empty text is the catalogue's header.
    return _catalog.gettext(text) if text else ""


def tr_plural(one: str, many: str, count: int, /, **values: object) -> str:
    """The form that the user's language takes for ``count`` things, where English has two; else as `tr`."""
    return _filled(_catalog.ngettext(one, many, count), one if count == 1 else many, values)


def _filled(text: str, english: str, values: Mapping[str, object]) -> str:
    if not values:
        return text
    shown = {name: _shown(value) for name, value in values.items()}
    try:
        return text.format_map(shown)
    except (LookupError, ValueError, AttributeError):
        # A faulty translation must not hide the message.
        return english.format_map(shown)


def _shown(value: object) -> object:
    """A value without what would act on a screen: names come from anybody."""
    if isinstance(value, (str, PurePath, Exception)) and not (words := str(value)).isprintable():
        # Bytes of names stay bytes: commands write them to other programs as they are.
        return printable(words, keep=_KEPT)
    return value


def languages() -> tuple[str, ...]:
    """The languages that there is a catalogue for, besides English, such as ``de`` or ``pt_BR``."""
    try:
        folder = resource_path("translations")
    except FileNotFoundError:
        return ()
    found = (path.parent.parent.name for path in folder.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo"))
    return tuple(sorted(found))


def language_in_use() -> str:
    """The language of the texts, as HTML names it, such as ``en`` or ``pt-BR``."""
    return _catalog.info().get("language", "").replace("_", "-") or "en"


def choose_language(language: str) -> None:
    """Use this language from the next start on; an empty one means that of the system.

    A file of its own, because texts are looked up before anything of Qt is there to read settings.

    Raises:
        DestinationError: It cannot be kept.
    """
    # Imported here: its messages are translated.
    from framescope.core.errors import DestinationError  # noqa: PLC0415
    from framescope.core.files import prepare_folder, write_whole  # noqa: PLC0415

    path = _choice_path()
    if path is None:
        raise DestinationError(tr("The user has no folder for settings."))
    prepare_folder(path.parent)
    write_whole(path, language.encode(), replaces=True)


def _choice_path() -> Path | None:
    # Imported here: without any catalogue, nobody asks.
    import platformdirs  # noqa: PLC0415

    try:
        folder = platformdirs.user_config_path("framescope", appauthor=False)
    except RuntimeError:
        return None
    return folder / "language" if folder.is_absolute() else None


def _chosen() -> str:
    """The language that the user has chosen; empty if none."""
    path = _choice_path()
    try:
        with open(path or os.devnull, "rb") as file:  # noqa: PTH123 - opens either
            text = file.read(_LONGEST_NAME).decode("ascii", "replace").strip()
    except OSError:
        return ""
    return text if _NAME.fullmatch(text) else ""


def _languages() -> list[str] | None:
    """None where the environment names them, as it does everywhere but on Windows and macOS."""
    if chosen := _chosen():
        return [chosen]
    if any(os.environ.get(name) for name in _VARIABLES):
        return None
    return [name for name in (locale.getlocale()[0],) if name]


def _installed() -> gettext.NullTranslations:
    try:
        folder = resource_path("translations")
    except FileNotFoundError:
        return gettext.NullTranslations()
    return gettext.translation(_DOMAIN, folder, _languages(), fallback=True)


# Texts that modules keep are made when they are imported; the language cannot change after that.
_catalog = _installed()
