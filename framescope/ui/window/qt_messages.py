"""Redirects Qt's messages into the log, except a meaningless one of the offscreen platform."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOG = logging.getLogger("qt")
_MEANINGLESS = "This plugin does not support "
"""It is a screen that nobody sees: it raises no window, and gives none a shape."""
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@contextmanager
def qt_messages_logged() -> Iterator[None]:
    """Log Qt's messages, except what the offscreen platform says about every window it shows."""
    previous = qInstallMessageHandler(_on_message)
    try:
        yield
    finally:
        qInstallMessageHandler(previous)


def _on_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    del context
    if not text.startswith(_MEANINGLESS):
        _LOG.log(_LEVELS[kind], "%s", text)
