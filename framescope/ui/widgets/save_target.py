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
        path: Its name.
        replaces: Whether a file of this name is there, and the user has agreed to replace it.
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
        parent: What the question belongs to.
        title: What is saved.
        start: The proposed path.
        filters: Kinds of files, as Qt's file dialog takes them.
        named: Gives a chosen path, with the chosen filter, its final name.
    """
    path, chosen_filter = browse_target(parent, title, start, filters)
    if path is None:
        return None
    return settled(named(path, chosen_filter), partial(ask_to_replace, parent))


def browse_target(
    parent: QWidget, title: str, start: str, filters: Sequence[str] = ()
) -> tuple[Path | None, str]:
    """A path from the file dialog, and the chosen filter; `settled` asks about a file that is there."""
    # The name may still get an ending, or be edited: the question is asked when it is final.
    chosen, chosen_filter = QFileDialog.getSaveFileName(
        parent, title, start, ";;".join(filters), options=QFileDialog.Option.DontConfirmOverwrite
    )
    return (Path(chosen) if chosen else None), chosen_filter


def settled(path: Path, asks: Callable[[Path], bool]) -> Target | None:
    """The file to write, once ``asks`` has agreed to replace one that is there; None when it has not."""
    is_there = os.path.lexists(path)
    return None if is_there and not asks(path) else Target(path, is_there)


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
