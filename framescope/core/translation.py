"""The one function that every text for people goes through, so that it can be shown in their language."""

from __future__ import annotations

import gettext
import locale
import os

from framescope.core.resources import resource_path

_DOMAIN = "framescope"
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def tr(text: str, /, **values: object) -> str:
    """``text`` in the user's language, with ``values`` in the places of their ``{names}``.

    ``text`` has to be a literal, because translators get their list of texts from the source. Without
    ``values`` braces are ordinary characters. What is logged, and what programs read, is not translated.
    """
    shown = _catalog.gettext(text)
    if not values:
        return shown
    try:
        return shown.format(**values)
    except (LookupError, ValueError, AttributeError):
        # A faulty translation must not hide what had to be said.
        return text.format(**values)


def tr_plural(one: str, many: str, count: int) -> str:
    """The form that the user's language takes for ``count`` things; English knows two."""
    return _catalog.ngettext(one, many, count)


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
