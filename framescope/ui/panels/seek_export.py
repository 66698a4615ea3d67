"""Saves an audit as a report: HTML to read, JSON and CSV to work with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from framescope.core.audit.report_html import audits_as_html
from framescope.core.audit.report_table import audit_table, audits_as_csv
from framescope.core.errors import DestinationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.core.audit.records import FileAudit
    from framescope.session.controller import Controller

FORMATS: dict[str, tuple[str, Callable[[FileAudit], str]]] = {
    ".html": ("HTML report with plots", lambda audit: audits_as_html([audit])),
    ".json": ("JSON, everything found", lambda audit: json.dumps(audit_table(audit), indent=1)),
    ".csv": ("CSV, a line for each request", lambda audit: audits_as_csv([audit])),
}


def ask_and_save(controller: Controller, audit: FileAudit, suffix: str, parent: QWidget) -> None:
    """Ask where to, and write the report; a notice says how it went."""
    title = FORMATS[suffix][0]
    start = f"{Path(audit.source).stem}_seek_truth{suffix}"
    folder = controller.settings.last_folder
    if folder:
        start = str(Path(folder) / start)
    chosen, _ = QFileDialog.getSaveFileName(parent, f"Save {title}", start, f"{title} (*{suffix})")
    if not chosen:
        return
    path = Path(chosen)
    if not path.suffix:
        path = path.with_suffix(suffix)
    try:
        save_report(audit, path, suffix)
    except DestinationError as error:
        controller.notice_posted.emit(error.message, "error")
    else:
        controller.notice_posted.emit(f"The report was saved as {path.name}", "info")


def save_report(audit: FileAudit, path: Path, suffix: str) -> None:
    """Write a report.

    Raises:
        DestinationError: The file cannot be written.
    """
    text = FORMATS[suffix][1](audit)
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise DestinationError(f"{path.name} cannot be written: {error.strerror or error}.") from error
