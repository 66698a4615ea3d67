"""Asks where a report shall go, and writes it there; a notice says how it went."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from framescope.core.errors import DestinationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from framescope.session.controller import Controller


@dataclass(frozen=True, slots=True)
class Report:
    """Something to save.

    Attributes:
        title: What it is, for people, such as ``JSON, everything found``.
        file_name: The proposed name; its suffix is the format.
        text: Makes the content; called only once there is somewhere to put it.
    """

    title: str
    file_name: str
    text: Callable[[], str]


def ask_and_save_report(controller: Controller, report: Report, parent: QWidget) -> None:
    """Ask where to, and write the report."""
    suffix = Path(report.file_name).suffix
    folder = controller.settings.last_folder
    start = str(Path(folder) / report.file_name) if folder else report.file_name
    chosen, _ = QFileDialog.getSaveFileName(
        parent, f"Save {report.title}", start, f"{report.title} (*{suffix})"
    )
    if not chosen:
        return
    path = Path(chosen)
    if not path.suffix:
        path = path.with_suffix(suffix)
    try:
        write_text(path, report.text())
    except DestinationError as error:
        controller.notice_posted.emit(error.message, "error")
    else:
        controller.notice_posted.emit(f"The report was saved as {path.name}", "info")


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8, with its line ends as they are.

    Raises:
        DestinationError: The file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise DestinationError(f"{path.name} cannot be written: {error.strerror or error}.") from error
