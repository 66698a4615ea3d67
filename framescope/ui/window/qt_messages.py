"""Redirects Qt's messages to the log, except irrelevant ones of the offscreen platform."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOG = logging.getLogger("qt")
_MEANINGLESS = "This plugin does not support "
"""The offscreen platform cannot raise or mask windows, which does not matter there."""
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@contextmanager
def qt_messages_logged() -> Iterator[None]:
    """Log Qt's messages, except those the offscreen platform emits for every window."""
    previous = qInstallMessageHandler(_on_message)
    try:
        yield
    finally:
        qInstallMessageHandler(previous)


def _on_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    del context
    if not text.startswith(_MEANINGLESS):
        _LOG.log(_LEVELS[kind], "%s", text)
