"""The seek test of the open video, for whoever joins it with something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from framescope.core.audit.records import FileAudit


class SeekTruth(QObject):
    """The latest audit of the open video. One for each controller. Threads: GUI."""

    changed = Signal()
    """``audit`` changed."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._audit: FileAudit | None = None

    @classmethod
    def of(cls, owner: QObject) -> SeekTruth:
        """The one of this controller, made when it is first asked for."""
        found = owner.findChild(cls, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return found if found is not None else cls(owner)

    @property
    def audit(self) -> FileAudit | None:
        """The audit, which grows while it runs; None if there was none."""
        return self._audit

    def set_audit(self, audit: FileAudit | None) -> None:
        """Replace the audit."""
        self._audit = audit
        self.changed.emit()
