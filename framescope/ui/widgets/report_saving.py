"""Asks where to save a report and writes it in the background; the job bar shows the result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.files import write_file
from framescope.core.translation import tr
from framescope.ui.widgets.save_target import ask_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from framescope.core.model.progress import CancelToken, ProgressCallback
    from framescope.session.controller import Controller


@dataclass(frozen=True, slots=True)
class Report:
    """A report to save.

    Attributes:
        title: The title for display, such as ``JSON, everything found``.
        file_name: The suggested name; its suffix sets the format.
        text: Makes the content; called only once a file was chosen. Threads: a job's.
    """

    title: str
    file_name: str
    text: Callable[[], str]


class SavedReport:
    """The job bar's text about a saved report."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.summary = tr("The report was saved as {path}", path=path.name)


def ask_and_save_report(controller: Controller, report: Report, parent: QWidget) -> None:
    """Ask for a file, and write the report to it as a job."""
    suffix = Path(report.file_name).suffix
    folder = controller.settings.last_folder
    start = str(Path(folder) / report.file_name) if folder else report.file_name
    target = ask_target(
        parent,
        tr("Save {title}", title=report.title),
        start,
        [f"{report.title} (*{suffix})"],
        lambda path, _: path if path.suffix else path.with_suffix(suffix),
    )
    if target is None:
        return
    source = controller.source

    def work(progress: ProgressCallback, cancel: CancelToken) -> SavedReport:
        del progress, cancel
        # A file name may contain characters that UTF-8 cannot encode.
        data = report.text().encode("utf-8", "backslashreplace")
        write_file(target.path, data, replaces=target.replaces, sources=[source] if source else [])
        return SavedReport(target.path)

    controller.run_job(tr("Saving {path}", path=target.path.name), work)
