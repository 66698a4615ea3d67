"""The single function that translates every user-visible text."""

from __future__ import annotations

import gettext
import locale
import os
from typing import TYPE_CHECKING

from framescope.core.resources import resource_path

if TYPE_CHECKING:
    from collections.abc import Mapping

_DOMAIN = "framescope"
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
    try:
        return text.format_map(values)
    except (LookupError, ValueError, AttributeError):
        # A faulty translation must not hide the message.
        return english.format_map(values)


def _languages() -> list[str] | None:
    """None where the environment names them, as it does everywhere but on Windows and macOS."""
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
