"""Reports unexpected exceptions of threads to ``sys.excepthook``, so that they are seen."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from framescope.core.errors import Cancelled

if TYPE_CHECKING:
    from types import TracebackType


class BugsReported:
    """A ``with`` block in a thread: a bug inside goes to ``sys.excepthook``, and the thread continues."""

    def __enter__(self) -> None:
        """Start watching."""

    def __exit__(
        self, kind: type[BaseException] | None, bug: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Report the exception, unless work was merely cancelled, and suppress it."""
        if kind is None or bug is None:
            return False
        if not isinstance(bug, Cancelled):
            sys.excepthook(kind, bug, trace)
        return True
