"""Hides the passwords and tokens in addresses, for whatever is shown, logged or stored."""

from __future__ import annotations

import re

_USER = re.compile(
    r"://(?:[^\s/@:\[]+:(?!\d+/)[^\s\"]*|(?<!\baz://)(?<!\babfs://)(?<!\babfss://)[^/\s]*)@", re.IGNORECASE
)
"""The user and the password, which may have been typed with a ``/`` in it that should be ``%2F``.

What stands there in addresses of Azure (``abfss://container@account.dfs.core.windows.net/…``) is no secret.
"""
_QUERY = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s?\"']*)\?[^\s\"']*", re.IGNORECASE)
"""The query of an address, such as an access token or the passphrase of SRT."""

_STREAM_KEY = re.compile(
    r"(\brtmp[a-z]*://[^\s/\"']*/[^\s/?\"']*)(?:/[^\s?\"']*(?: \w+=[^\s\"']*)*|(?: \w+=[^\s\"']*)+)",
    re.IGNORECASE,
)
"""What follows the application in an address of RTMP: the stream's name, which is its key, and options."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def masked(text: str) -> str:
    """``text`` with the user, the query and the key of every address in it replaced by ``…``. Threads: any.

    >>> from framescope.core.addresses import masked
    >>> masked("rtsp://admin:secret@camera/1?token=3")
    'rtsp://…@camera/1?…'
    """
    return _QUERY.sub(r"\1?…", _STREAM_KEY.sub(r"\1/…", _USER.sub("://…@", text)))


def address_without_secrets(address: str) -> str:
    """An address without user, password, query and fragment, of which the query may hold a token.

    >>> from framescope.core.addresses import address_without_secrets
    >>> address_without_secrets("rtsp://admin:p@ss@camera/1?token=3#listen")
    'rtsp://camera/1'
    """
    return re.split(r"[?#]", _STREAM_KEY.sub(r"\1", _USER.sub("://", address)))[0]


def query_of(address: str) -> str:
    """What follows the ``?`` of an address; empty if there is none. It may be secret.

    >>> from framescope.core.addresses import query_of
    >>> query_of("http://me:wh?t@host/video?id=3")
    'id=3'
    """
    return _USER.sub("://", address).partition("?")[2]


def masked_argument(text: str) -> str:
    """An argument of a command line, masked; an address ends with it, whatever characters are in it.

    >>> from framescope.core.addresses import masked_argument
    >>> masked_argument("srt://host:9000?passphrase=it's me")
    'srt://host:9000?…'
    """
    if not _SCHEME.match(text):
        return masked(text)
    head, mark, _ = _USER.sub("://…@", text).partition("?")
    # In running text, quotes would end it.
    head = head.replace('"', "").replace("'", "")
    return masked(f"{head}?…" if mark else head)
