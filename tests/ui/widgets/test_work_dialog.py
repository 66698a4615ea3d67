"""A dialog that works in the background: form, progress, result, failure, cancellation."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from framescope.core.errors import ExportError
from framescope.session.controller import Controller
from framescope.ui.widgets.work_dialog import FooterDialog, WorkDialog
from tests.ui.parts import part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from framescope.core.model.progress import CancelToken, ProgressCallback

WRITTEN = Path("/nowhere/made.bin")


class Errand(WorkDialog):
    """Waits for a word, and then does what it was told to."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller, "errand", "An errand", "Go", None)
        self.told = ""
        self.go_on = threading.Event()
        self.results: list[object] = []
        self.form_page, self.result_page = QWidget(), QWidget()
        self.set_pages(self.form_page, self.result_page)

    @property
    def problem(self) -> str:
        return "" if self.told else "Say what to do."

    @property
    def result_path(self) -> Path | None:
        return WRITTEN if self.results else None

    def start_work(self) -> None:
        def work(progress: ProgressCallback, cancel: CancelToken) -> str:
            del progress
            assert self.go_on.wait(60)
            cancel.raise_if_cancelled()
            if self.told == "fail":
                raise ExportError("It went wrong.", hint="Try again.")
            return self.told

        self.run_work("Running", WRITTEN, work)

    def show_result(self, result: object) -> None:
        self.results.append(result)


@pytest.fixture
def errand(qtbot: QtBot) -> Iterator[Errand]:
    controller = Controller()
    dialog = Errand(controller)
    qtbot.addWidget(dialog)
    dialog.show()
    yield dialog
    dialog.go_on.set()
    controller.close()


def button(dialog: Errand, name: str) -> QPushButton:
    return part(dialog, QPushButton, f"errand{name}")


def tell(dialog: Errand, words: str) -> None:
    dialog.told = words
    dialog.refresh()


def shown(dialog: Errand) -> set[str]:
    names = ("Stop", "Hide", "Back", "OpenFolder", "Open", "Close", "Start")
    return {name for name in names if button(dialog, name).isVisible()}


def test_it_says_what_is_missing(errand: Errand) -> None:
    assert shown(errand) == {"Close", "Start"}
    assert not button(errand, "Start").isEnabled()
    assert part(errand, QLabel, "errandNote").text() == "Say what to do."
    tell(errand, "run")
    assert button(errand, "Start").isEnabled()
    assert part(errand, QLabel, "errandNote").text() == ""


def test_work_goes_on_in_the_background_and_its_result_is_shown(
    errand: Errand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(errand, "run")
    button(errand, "Start").click()
    assert shown(errand) == {"Stop", "Hide"}
    assert errand.is_working
    button(errand, "Hide").click()
    assert not errand.isVisible()
    errand.go_on.set()
    qtbot.waitUntil(lambda: errand.results == ["run"])
    errand.show()
    assert shown(errand) == {"Back", "OpenFolder", "Open", "Close"}
    opened: list[Path] = []
    monkeypatch.setattr("framescope.ui.widgets.work_dialog.open_outside", opened.append)
    button(errand, "OpenFolder").click()
    assert opened == [WRITTEN.parent]
    sources: list[str] = []
    monkeypatch.setattr(errand.controller, "open_source", sources.append)
    button(errand, "Open").click()
    assert sources == [str(WRITTEN)]
    assert not errand.isVisible()


def test_a_failure_comes_back_to_the_form_and_into_view(errand: Errand, qtbot: QtBot) -> None:
    tell(errand, "fail")
    button(errand, "Start").click()
    button(errand, "Hide").click()
    errand.go_on.set()
    qtbot.waitUntil(errand.isVisible)
    assert errand.is_on_form
    assert part(errand, QLabel, "errandNote").text() == "It went wrong. Try again."
    assert shown(errand) == {"Close", "Start"}


def test_stopping_comes_back_to_the_form(errand: Errand, qtbot: QtBot) -> None:
    tell(errand, "run")
    button(errand, "Start").click()
    button(errand, "Stop").click()
    assert not button(errand, "Stop").isEnabled()
    errand.go_on.set()
    qtbot.waitUntil(lambda: errand.is_on_form)
    assert errand.results == []
    assert not errand.is_working


def test_back_leads_to_the_form_again(errand: Errand, qtbot: QtBot) -> None:
    tell(errand, "run")
    errand.go_on.set()
    button(errand, "Start").click()
    qtbot.waitUntil(lambda: bool(errand.results))
    qtbot.waitUntil(lambda: "Back" in shown(errand))
    button(errand, "Back").click()
    assert errand.is_on_form


class Noted(FooterDialog):
    """Shows a file's name in its note."""

    def __init__(self) -> None:
        super().__init__("noted", "A note", None)
        self._add_footer(self._column(8), self._note, self._button("Close", "notedClose", self.reject))
        self._say("<b>a.png</b> was written")


def test_a_name_in_a_note_is_never_markup(qtbot: QtBot) -> None:
    dialog = Noted()
    qtbot.addWidget(dialog)
    dialog.show()
    note = part(dialog, QLabel, "notedNote")
    assert note.text() == "<b>a.png</b> was written"
    assert note.textFormat() is Qt.TextFormat.PlainText
    assert not dialog.isModal()
    part(dialog, QPushButton, "notedClose").click()
    assert not dialog.isVisible()
