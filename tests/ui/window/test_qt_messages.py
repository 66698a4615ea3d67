"""Qt's words in the terminal: one is dropped, the others stay."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import qCritical, qWarning

from framescope.ui.window.qt_messages import qt_messages_logged

if TYPE_CHECKING:
    from typing import Any


def test_only_the_meaningless_line_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    with qt_messages_logged():
        qWarning("This plugin does not support propagateSizeHints()")
        qWarning("something that matters")
        qCritical("worse")
    records = [(record.levelno, record.getMessage()) for record in caplog.records]
    assert records == [(logging.WARNING, "something that matters"), (logging.ERROR, "worse")]


@pytest.mark.qt_log_level_fail("CRITICAL")
def test_the_handler_before_is_back_afterwards(qtlog: Any) -> None:  # noqa: ANN401 - pytest-qt names no type
    with qt_messages_logged(), qt_messages_logged():
        qWarning("not for pytest")
    qWarning("said to whoever listened before")
    assert [record.message for record in qtlog.records] == ["said to whoever listened before"]
