"""Runs in a separate process: opens the window in a language that marks each text, and prints the others."""

from __future__ import annotations

import gettext
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from framescope.core import translation

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "⟦"


class MarkingTranslations(gettext.NullTranslations):
    """A language in which every text is the English one behind a mark."""

    def gettext(self, message: str) -> str:
        """The text, marked."""
        return f"{MARK}{message}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form for ``n`` things, marked."""
        return self.gettext(msgid1 if n == 1 else msgid2)


# Modules look their texts up when they are imported.
translation._catalog = MarkingTranslations()  # noqa: SLF001 - no such language is installed

from PySide6.QtCore import QAbstractItemModel, QObject, Qt  # noqa: E402
from PySide6.QtGui import QAction  # noqa: E402
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QTableView, QTabWidget, QWidget  # noqa: E402

from tests.gui.real_window import Session  # noqa: E402

_PROPERTIES = ("text", "title", "toolTip", "windowTitle", "placeholderText", "accessibleName", "suffix")


def texts_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    """What people can read on a widget and on everything inside it, with where it is."""
    for part in (widget, *widget.findChildren(QWidget)):
        if _is_foreign(part):
            continue
        where = f"{type(part).__name__} {part.objectName()}"
        yield from ((f"{where}.{name}", str(part.property(name) or "")) for name in _PROPERTIES)
        if isinstance(part, QComboBox):
            yield from ((f"{where}[{place}]", part.itemText(place)) for place in range(part.count()))
        if isinstance(part, QTabWidget):
            yield from ((f"{where}[{place}]", part.tabText(place)) for place in range(part.count()))
        if isinstance(part, QTableView) and part.model() is not None:
            yield from ((where, head) for head in _heads(part.model()))
    for action in widget.findChildren(QAction):
        if not _is_foreign(action):
            yield f"QAction {action.objectName()}", action.text()


def _is_foreign(part: QObject | None) -> bool:
    """Whether a part belongs to Qt or to the plotting library, which have their own translations."""
    while part is not None:
        if part.objectName().startswith(("qt_", "Scroll")) or type(part).__module__.startswith("pyqtgraph"):
            return True
        part = part.parent()
    return False


def _heads(model: QAbstractItemModel) -> Iterator[str]:
    for column in range(model.columnCount()):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")


def main(source: str) -> None:
    """Print the texts of the window, its panels and its dialogs that were not looked up."""
    window = Session(Path(source)).window
    found = dict(texts_of(window))
    for name in window.docks.panel_names:
        window.docks.show_panel(name)
        QApplication.sendPostedEvents()
        found |= dict(texts_of(window))
    dialogs = window.dialogs
    for show in (
        dialogs.export_frames,
        dialogs.export_queue,
        dialogs.export_clip,
        dialogs.make_contact_sheet,
        dialogs.make_video,
        dialogs.show_marks,
        dialogs.show_help,
        dialogs.show_command_palette,
    ):
        show()
        # Menus without a window are those of the plotting library.
        tops = [top for top in QApplication.topLevelWidgets() if not isinstance(top, QMenu)]
        for top in tops:
            found |= dict(texts_of(top))
    bare = sorted({(where, text) for where, text in found.items() if text and MARK not in text})
    sys.stdout.write(json.dumps(bare, ensure_ascii=False))
    sys.stdout.flush()
    for top in QApplication.topLevelWidgets():
        top.close()


if __name__ == "__main__":
    main(sys.argv[1])
