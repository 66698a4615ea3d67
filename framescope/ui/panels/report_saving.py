"""Asks where a report shall go, and writes it there; a notice says how it went."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core.errors import ExportError
from framescope.core.files import write_file
from framescope.ui.dialogs.save_target import ask_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

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
    target = ask_target(
        parent,
        f"Save {report.title}",
        start,
        [f"{report.title} (*{suffix})"],
        lambda path, _: path if path.suffix else path.with_suffix(suffix),
    )
    if target is None:
        return
    # A file's name may hold what UTF-8 cannot.
    data = report.text().encode("utf-8", "backslashreplace")
    source = controller.source
    try:
        write_file(target.path, data, replaces=target.replaces, sources=[source] if source else [])
    except ExportError as error:
        controller.notice_posted.emit(error.message, "error")
    else:
        controller.notice_posted.emit(f"The report was saved as {target.path.name}", "info")
