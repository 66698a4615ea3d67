"""Saves an audit as a report: HTML for reading, JSON and CSV for processing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.audit.report_html import audits_as_html
from framescope.core.audit.report_table import audit_table, audits_as_csv
from framescope.core.translation import tr
from framescope.ui.widgets.report_saving import Report, ask_and_save_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from framescope.core.audit.records import FileAudit
    from framescope.session.controller import Controller

FORMATS: dict[str, tuple[str, Callable[[FileAudit], str]]] = {
    ".html": (tr("HTML report with plots"), lambda audit: audits_as_html([audit])),
    ".json": (tr("JSON, all results"), lambda audit: json.dumps(audit_table(audit), indent=1)),
    ".csv": (tr("CSV, one line per request"), lambda audit: audits_as_csv([audit])),
}


def ask_and_save(controller: Controller, audit: FileAudit, suffix: str, parent: QWidget) -> None:
    """Ask for a file, and write the report; the job bar shows the result."""
    title, make = FORMATS[suffix]
    report = Report(title, f"{Path(audit.source).stem}_seek_truth{suffix}", lambda: make(audit))
    ask_and_save_report(controller, report, parent)
