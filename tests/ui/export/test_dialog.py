"""The export dialog from the first click to the last file, on a real session."""

from __future__ import annotations

import shutil
from threading import Event
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QSpinBox, QWidget

from framescope.core.export.run import Savers, export_frames
from framescope.core.export.settings import OnExisting
from framescope.core.model.progress import CancelToken, Progress
from framescope.core.opencv import cv2
from framescope.core.sampling.sampling import SamplingKind
from framescope.core.synth.number_blocks import read_number
from framescope.session.controller import Controller
from framescope.session.settings import Settings
from framescope.ui.export import dialog as export_job
from framescope.ui.export.dialog import ExportDialog
from framescope.ui.export.frames.kinds import KindBox
from framescope.ui.export.question import ExistingQuestion
from tests.ui.parts import part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from framescope.core.export.plan import ExportPlan
    from framescope.core.export.result import ExportResult
    from framescope.core.media.video import Video
    from framescope.core.model.progress import ProgressCallback
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def live(qtbot: QtBot, plain_clip: Path, tmp_path: Path) -> Iterator[Controller]:
    """A session with a clip of 48 numbered frames open at frame 20."""
    source = tmp_path / "clip ü.mp4"
    shutil.copy(plain_clip, source)
    controller = Controller()
    controller.open_source(str(source))
    qtbot.waitUntil(lambda: controller.index is not None and controller.index.complete)
    controller.show_frame(20)
    qtbot.waitUntil(
        lambda: (
            controller.shown is not None
            and not controller.shown.provisional
            and controller.shown.frame_number == 20
        )
    )
    yield controller
    controller.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a new" / "folder"


@pytest.fixture
def dialog(qtbot: QtBot, live: Controller, theme: ThemeSource, folder: Path) -> ExportDialog:
    widget = ExportDialog(live, theme, Settings())
    qtbot.addWidget(widget)
    widget.show()
    part(widget, QLineEdit, "exportFolder").setText(str(folder))
    return widget


def choose(qtbot: QtBot, dialog: ExportDialog, kind: SamplingKind, count: int) -> None:
    part(dialog, KindBox, "exportKind").choose(kind)
    start = part(dialog, QPushButton, "exportStart")
    words = "1 frame" if count == 1 else f"{count} frames"
    qtbot.waitUntil(lambda: start.text() == f"Export {words}" and start.isEnabled())


def click(dialog: QWidget, name: str) -> None:
    button = part(dialog, QPushButton, name)
    assert button.isVisibleTo(dialog), name
    button.click()


def wait_for_result(qtbot: QtBot, dialog: ExportDialog) -> str:
    qtbot.waitUntil(lambda: part(dialog, QWidget, "exportResultPage").isVisibleTo(dialog))
    return part(dialog, QLabel, "exportHeadline").text()


def numbers_in(folder: Path) -> dict[str, int | None]:
    numbers = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(("framescope-manifest.", ".framescope-")):
            continue
        picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
        numbers[path.name] = None if picture is None else read_number(picture.astype(np.uint8))
    return numbers


@pytest.mark.parametrize("image_format", ["jpeg", "png"])
def test_frames_are_saved_under_the_numbers_they_carry(
    qtbot: QtBot, dialog: ExportDialog, folder: Path, image_format: str
) -> None:
    formats = part(dialog, QComboBox, "exportFormat")
    formats.setCurrentIndex(formats.findData(image_format))
    part(dialog, QSpinBox, "exportStep").setValue(5)
    choose(qtbot, dialog, SamplingKind.EVERY_NTH, 10)
    click(dialog, "exportStart")
    assert wait_for_result(qtbot, dialog) == "10 frames saved"
    extension = "jpg" if image_format == "jpeg" else "png"
    assert numbers_in(folder) == {f"clip ü_{number:06d}.{extension}": number for number in range(0, 48, 5)}


def test_this_frame_is_the_one_on_screen(
    qtbot: QtBot, dialog: ExportDialog, live: Controller, folder: Path
) -> None:
    live.show_frame(33)
    choose(qtbot, dialog, SamplingKind.THIS, 1)
    click(dialog, "exportStart")
    wait_for_result(qtbot, dialog)
    assert numbers_in(folder) == {"clip ü_000033.jpg": 33}


def test_marks_and_range_can_be_set_while_it_is_open(
    qtbot: QtBot, dialog: ExportDialog, live: Controller, folder: Path
) -> None:
    for number in (4, 2):
        live.toggle_mark(number)
    choose(qtbot, dialog, SamplingKind.MARKED, 2)
    live.toggle_mark(40)
    choose(qtbot, dialog, SamplingKind.MARKED, 3)
    click(dialog, "exportStart")
    wait_for_result(qtbot, dialog)
    assert set(numbers_in(folder).values()) == {2, 4, 40}


@pytest.mark.parametrize(
    ("answer", "saved"), [(OnExisting.SKIP, 4), (OnExisting.OVERWRITE, 5), (OnExisting.NUMBER, 5)]
)
def test_one_question_is_asked_about_files_that_exist(
    qtbot: QtBot, dialog: ExportDialog, folder: Path, answer: OnExisting, saved: int
) -> None:
    folder.mkdir(parents=True)
    mine = folder / "clip ü_000000.jpg"
    mine.write_bytes(b"mine")
    part(dialog, QSpinBox, "exportCount").setValue(5)
    choose(qtbot, dialog, SamplingKind.SPREAD, 5)
    click(dialog, "exportStart")
    qtbot.waitUntil(lambda: dialog.findChild(ExistingQuestion) is not None)
    question = dialog.findChild(ExistingQuestion)
    assert question is not None
    assert question.text() == "1 of the 5 files exists already."
    part(question, QPushButton, f"exportExisting.{answer.value}").click()
    assert wait_for_result(qtbot, dialog) == f"{saved} frames saved"
    assert (mine.read_bytes() == b"mine") is (answer is not OnExisting.OVERWRITE)
    assert (folder / "clip ü_000000-2.jpg").exists() is (answer is OnExisting.NUMBER)
    assert len(list(folder.glob("*.jpg"))) == (6 if answer is OnExisting.NUMBER else 5)


def test_the_question_can_be_called_off(qtbot: QtBot, dialog: ExportDialog, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "clip ü_000020.jpg").write_bytes(b"mine")
    choose(qtbot, dialog, SamplingKind.THIS, 1)
    click(dialog, "exportStart")
    qtbot.waitUntil(lambda: dialog.findChild(ExistingQuestion) is not None)
    question = dialog.findChild(ExistingQuestion)
    assert question is not None
    question.reject()
    qtbot.waitUntil(lambda: dialog.form.isVisibleTo(dialog))
    assert not dialog.is_working
    assert [path.read_bytes() for path in folder.iterdir()] == [b"mine"]


def at_frame(monkeypatch: pytest.MonkeyPatch, done: int, happen: Callable[[CancelToken], object]) -> None:
    """Let something happen when so many frames of an export are done."""

    def carry_out(
        video: Video,
        plan: ExportPlan,
        *,
        manifest: bool,
        progress: ProgressCallback,
        cancel: CancelToken,
    ) -> ExportResult:
        def report(report: Progress) -> None:
            progress(report)
            if report.done == done:
                happen(cancel)

        return export_frames(video, plan, manifest=manifest, progress=report, cancel=cancel, savers=Savers(1))

    monkeypatch.setattr(export_job, "export_frames", carry_out)


def test_cancelling_says_what_was_saved_and_offers_the_rest(
    qtbot: QtBot, dialog: ExportDialog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_frame(monkeypatch, 10, CancelToken.cancel)
    choose(qtbot, dialog, SamplingKind.ALL, 48)
    click(dialog, "exportStart")
    headline = wait_for_result(qtbot, dialog)
    assert headline.startswith("Cancelled; ")
    saved = numbers_in(folder)
    assert 10 <= len(saved) < 48
    assert all(f"clip ü_{number:06d}.jpg" == name for name, number in saved.items())
    monkeypatch.undo()
    click(dialog, "exportRest")
    choose(qtbot, dialog, SamplingKind.LIST, 48 - len(saved))
    click(dialog, "exportStart")
    qtbot.waitUntil(lambda: len(list(folder.glob("*.jpg"))) == 48)
    wait_for_result(qtbot, dialog)
    assert set(numbers_in(folder).values()) == set(range(48))


def test_what_was_cancelled_is_resumed_in_its_folder(
    qtbot: QtBot, dialog: ExportDialog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_frame(monkeypatch, 10, CancelToken.cancel)
    choose(qtbot, dialog, SamplingKind.ALL, 48)
    click(dialog, "exportStart")
    wait_for_result(qtbot, dialog)
    saved = len(numbers_in(folder))
    monkeypatch.undo()
    click(dialog, "exportResume")
    headline = part(dialog, QLabel, "exportHeadline")
    qtbot.waitUntil(lambda: headline.text().startswith(f"{48 - saved} frames saved"), timeout=20_000)
    assert headline.text() == f"{48 - saved} frames saved, {saved} kept from before"
    assert set(numbers_in(folder).values()) == set(range(48))
    assert not part(dialog, QPushButton, "exportResume").isVisibleTo(dialog)


def test_an_unfinished_export_in_the_folder_can_be_resumed_instead(
    qtbot: QtBot, dialog: ExportDialog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_frame(monkeypatch, 10, CancelToken.cancel)
    choose(qtbot, dialog, SamplingKind.ALL, 48)
    click(dialog, "exportStart")
    wait_for_result(qtbot, dialog)
    monkeypatch.undo()
    click(dialog, "exportBack")
    choose(qtbot, dialog, SamplingKind.ALL, 48)
    click(dialog, "exportStart")
    qtbot.waitUntil(lambda: dialog.findChild(ExistingQuestion) is not None, timeout=20_000)
    question = part(dialog, ExistingQuestion, "exportExistingQuestion")
    part(question, QPushButton, "exportExisting.resume").click()
    headline = part(dialog, QLabel, "exportHeadline")
    qtbot.waitUntil(lambda: "kept from before" in headline.text(), timeout=20_000)
    assert set(numbers_in(folder).values()) == set(range(48))


def test_stop_asks_the_export_to_stop(
    qtbot: QtBot, dialog: ExportDialog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = Event()
    go_on = Event()

    def hold(_: CancelToken) -> None:
        reached.set()
        assert go_on.wait(20)

    at_frame(monkeypatch, 3, hold)
    choose(qtbot, dialog, SamplingKind.ALL, 48)
    click(dialog, "exportStart")
    qtbot.waitUntil(reached.is_set)
    click(dialog, "exportStop")
    assert part(dialog, QLabel, "exportProgress").text().startswith("Stopping")
    go_on.set()
    assert wait_for_result(qtbot, dialog).startswith("Cancelled; ")
    assert 3 <= len(numbers_in(folder)) < 48


def test_stopping_the_preparation_starts_nothing(qtbot: QtBot, dialog: ExportDialog, folder: Path) -> None:
    choose(qtbot, dialog, SamplingKind.ALL, 48)
    click(dialog, "exportStart")
    # At once: no event of the plan's job has been handled yet.
    click(dialog, "exportStop")
    qtbot.waitUntil(lambda: not dialog.is_working)
    assert dialog.form.isVisibleTo(dialog)
    assert not folder.exists()


def test_a_folder_that_vanishes_is_a_result_that_names_every_frame(
    qtbot: QtBot, dialog: ExportDialog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_frame(monkeypatch, 5, lambda _: folder.rename(folder.with_name("moved")))
    choose(qtbot, dialog, SamplingKind.ALL, 48)
    click(dialog, "exportStart")
    assert wait_for_result(qtbot, dialog).startswith("Stopped; ")
    assert "is no longer available" in part(dialog, QLabel, "exportFault").text()
    click(dialog, "exportCopyList")
    copied = QGuiApplication.clipboard().text()
    assert "failed" in copied
    assert "not reached" in copied
    assert set(numbers_in(folder.with_name("moved")).values()) >= set(range(5))


def test_a_folder_that_cannot_be_made_is_said_in_the_form(
    qtbot: QtBot, dialog: ExportDialog, tmp_path: Path
) -> None:
    choose(qtbot, dialog, SamplingKind.THIS, 1)
    (tmp_path / "a new").touch()
    click(dialog, "exportStart")
    note = part(dialog, QLabel, "exportNote")
    qtbot.waitUntil(lambda: not dialog.is_working and bool(note.text()))
    why = note.text()
    assert "folder" in why
    assert dialog.form.isVisibleTo(dialog)
    with qtbot.waitSignal(dialog.form.state_changed):
        # The frames are counted anew when the form is back: that wipes nothing away.
        pass
    assert note.text() == why
    part(dialog, QLineEdit, "exportFolder").setText(str(tmp_path / "another"))
    assert note.text() == ""


def test_names_that_collide_stop_it_before_anything_is_written(
    qtbot: QtBot, dialog: ExportDialog, folder: Path
) -> None:
    choose(qtbot, dialog, SamplingKind.ALL, 48)
    # First and last differ: all names have to be made to find out.
    part(dialog, QLineEdit, "exportPattern").setText("{time:.0f}")
    names, start = part(dialog, QLabel, "exportNames"), part(dialog, QPushButton, "exportStart")
    qtbot.waitUntil(lambda: "would share the name" in names.text())
    qtbot.waitUntil(lambda: not start.isEnabled())
    assert not folder.exists()


def test_it_can_go_on_in_the_background_and_comes_back_with_failures(
    qtbot: QtBot, dialog: ExportDialog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_frame(monkeypatch, 5, lambda _: folder.rename(folder.with_name("moved")))
    choose(qtbot, dialog, SamplingKind.ALL, 48)
    click(dialog, "exportStart")
    click(dialog, "exportHide")
    assert not dialog.isVisible()
    qtbot.waitUntil(dialog.isVisible)
    assert wait_for_result(qtbot, dialog).startswith("Stopped; ")


def test_closing_the_session_during_an_export_leaves_whole_files_only(
    qtbot: QtBot, dialog: ExportDialog, live: Controller, folder: Path
) -> None:
    choose(qtbot, dialog, SamplingKind.ALL, 48)
    click(dialog, "exportStart")
    live.close()
    assert not dialog.is_working
    numbers = numbers_in(folder) if folder.exists() else {}
    assert all(number is not None for number in numbers.values())


def test_the_folder_can_be_opened(
    qtbot: QtBot, dialog: ExportDialog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr("framescope.ui.widgets.work_dialog.open_outside", opened.append)
    choose(qtbot, dialog, SamplingKind.THIS, 1)
    click(dialog, "exportStart")
    wait_for_result(qtbot, dialog)
    click(dialog, "exportOpenFolder")
    assert opened == [folder]
    click(dialog, "exportBack")
    assert dialog.form.isVisibleTo(dialog)


def test_settings_are_kept_when_it_is_closed(
    qtbot: QtBot, live: Controller, theme: ThemeSource, dialog: ExportDialog
) -> None:
    del dialog
    settings = Settings()
    first = ExportDialog(live, theme, settings)
    qtbot.addWidget(first)
    part(first, QSpinBox, "exportLevel").setValue(41)
    first.reject()
    second = ExportDialog(live, theme, settings)
    qtbot.addWidget(second)
    assert part(second, QSpinBox, "exportLevel").value() == 41


def test_every_part_that_takes_input_has_an_accessible_name(dialog: ExportDialog) -> None:
    parts: list[QWidget] = [
        *dialog.findChildren(QSpinBox),
        *dialog.findChildren(QComboBox),
        *dialog.findChildren(QLineEdit),
    ]
    # Fields inside fields are read out by the outer one's name.
    own = [widget for widget in parts if not widget.objectName().startswith("qt_")]
    nameless = [widget.objectName() for widget in own if not widget.accessibleName()]
    assert nameless == []
    assert dialog.objectName() == "exportDialog"
