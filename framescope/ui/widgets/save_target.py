"""Asks where to save a file and, once, whether to replace an existing one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Target:
    """A file to write.

    Attributes:
        path: Its path.
        replaces: Whether the file exists and the user has agreed to replace it.
    """

    path: Path
    replaces: bool


def ask_target(
    parent: QWidget,
    title: str,
    start: str,
    filters: Sequence[str],
    named: Callable[[Path, str], Path] = lambda path, _: path,
) -> Target | None:
    """Ask for a file to write; None if cancelled. Threads: GUI.

    Args:
        parent: Parent of the dialogs.
        title: Title of the file dialog.
        start: The suggested path.
        filters: File types, in the syntax of QFileDialog.
        named: Maps a chosen path and filter to the final path.
    """
    path, chosen_filter = browse_target(parent, title, start, filters)
    if path is None:
        return None
    return settled(named(path, chosen_filter), partial(ask_to_replace, parent))


def browse_target(
    parent: QWidget, title: str, start: str, filters: Sequence[str] = ()
) -> tuple[Path | None, str]:
    """A path from the file dialog, and the chosen filter; `settled` asks about existing files."""
    # The name may still be changed: ask about replacing only once it is final.
    chosen, chosen_filter = QFileDialog.getSaveFileName(
        parent, title, start, ";;".join(filters), options=QFileDialog.Option.DontConfirmOverwrite
    )
    return (Path(chosen) if chosen else None), chosen_filter


def settled(path: Path, asks: Callable[[Path], bool]) -> Target | None:
    """The file to write; None if it exists and ``asks`` does not agree to replace it."""
    is_there = os.path.lexists(path)
    return None if is_there and not asks(path) else Target(path, is_there)


def with_suffix_of(path: Path, chosen_filter: str) -> Path:
    """The path; where it has no suffix, with the first one that the chosen filter names."""
    suffix = chosen_filter.partition("*")[2].partition(")")[0].partition(" ")[0]
    return path if path.suffix else path.with_name(path.name + suffix)


def ask_to_replace(parent: QWidget, path: Path) -> bool:
    """Whether an existing file may be replaced. Threads: GUI."""
    answer = QMessageBox.question(
        parent,
        tr("Replace the file?"),
        tr("{path} already exists. Replace it?", path=path.name),
        QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No,
        QMessageBox.StandardButton.No,
    )
    return answer == QMessageBox.StandardButton.Yes
