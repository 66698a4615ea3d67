"""The queue dialog from the first file to the last picture."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableView,
)

from framescope.core.dataset.manifest import read_dataset
from framescope.core.errors import SettingsError
from framescope.core.export.settings import ExportSettings, ImageFormat
from framescope.core.recipe.recipe import Recipe, save_recipe
from framescope.core.recipe.run import VideoState
from framescope.core.sampling.sampling import Sampling, SamplingKind
from framescope.core.source.input_videos import InputVideo, input_videos
from framescope.session.settings import Settings
from framescope.ui.queue.dialog import QueueDialog
from framescope.ui.queue.recipe_dialog import RecipeDialog
from tests.ui.clip.session import PATIENCE_MS
from tests.ui.parts import part
from tests.ui.running_controller import RunningController

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from framescope.core.model.progress import CancelToken
    from framescope.engine.jobs import Job
    from framescope.ui.widgets.theme import ThemeSource


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[RunningController]:
    del qtbot
    controller = RunningController()
    yield controller
    controller.runner.close()


@pytest.fixture
def dialog(qtbot: QtBot, session: RunningController, theme: ThemeSource, tmp_path: Path) -> QueueDialog:
    settings = Settings()
    settings.export_choices = {"sampling": {"kind": "every-nth", "step": 24}, "image_format": "png"}
    widget = QueueDialog(session.as_controller(), theme, settings)
    qtbot.addWidget(widget)
    part(widget, QLineEdit, "queueFolder").setText(str(tmp_path / "out"))
    widget.show()
    return widget


@pytest.fixture
def videos(clip: Callable[[str], Path], tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    (folder / "more").mkdir(parents=True)
    shutil.copy(clip("h264.mp4"), folder / "one.mp4")
    shutil.copy(clip("h264.mkv"), folder / "more" / "two.mkv")
    (folder / "notes.txt").touch()
    return folder


def add(qtbot: QtBot, dialog: QueueDialog, sources: list[str]) -> None:
    with qtbot.waitSignal(dialog.runner.items_changed):
        dialog.add_sources(sources)


def run(qtbot: QtBot, dialog: QueueDialog) -> None:
    part(dialog, QPushButton, "queueStart").click()
    qtbot.waitUntil(lambda: not dialog.runner.is_running, timeout=PATIENCE_MS)


def test_a_dropped_folder_is_exported(
    qtbot: QtBot, dialog: QueueDialog, videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not part(dialog, QPushButton, "queueStart").isEnabled()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(videos))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    dialog.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
    qtbot.waitUntil(lambda: sorted(item.name for item in dialog.runner.items) == ["one.mp4", "two.mkv"])
    assert part(dialog, QLabel, "queueRecipe").text().startswith("every 24th frame  ·  PNG")
    run(qtbot, dialog)
    for name in ("one", "two"):
        assert len(list((tmp_path / "out" / name).glob("*.png"))) == 2
    assert part(dialog, QLabel, "queueNote").text() == "2 videos: 2 done"
    opened: list[Path] = []
    monkeypatch.setattr("framescope.ui.queue.dialog.open_outside", opened.append)
    part(dialog, QTableView, "queueTable").selectRow(0)
    part(dialog, QPushButton, "queueOpen").click()
    assert opened == [dialog.runner.items[0].folder]


def test_export_waits_for_videos_that_are_still_being_looked_for(
    qtbot: QtBot,
    dialog: QueueDialog,
    session: RunningController,
    videos: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add(qtbot, dialog, [str(videos / "one.mp4")])
    start, note = part(dialog, QPushButton, "queueStart"), part(dialog, QLabel, "queueNote")
    may_answer = threading.Event()

    def lists(sources: list[str], *, cancel: CancelToken) -> list[InputVideo]:
        may_answer.wait()
        return input_videos(sources, cancel=cancel)

    monkeypatch.setattr("framescope.ui.queue.dialog.input_videos", lists)
    jobs: list[Job] = []
    session.job_started.connect(jobs.append)
    for is_cancelled, count in ((True, 1), (False, 2)):
        may_answer.clear()
        assert start.isEnabled()
        dialog.add_sources([str(videos)])
        part(dialog, QLineEdit, "queueFolder").setText(str(videos / "out" / str(count)))
        assert note.text() == "Looking for videos…"
        assert not start.isEnabled()
        if is_cancelled:
            jobs[-1].cancel()
        may_answer.set()
        qtbot.waitUntil(start.isEnabled, timeout=PATIENCE_MS)
        assert len(dialog.runner.items) == count
        assert note.text().startswith(f"{count} video")


def test_what_failed_can_be_tried_again(
    qtbot: QtBot, dialog: QueueDialog, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"nothing" * 50)
    add(qtbot, dialog, [str(bad)])
    run(qtbot, dialog)
    start = part(dialog, QPushButton, "queueStart")
    assert dialog.runner.items[0].state is VideoState.FAILED
    assert start.text() == "Resume"
    shutil.copy(clip("h264.mp4"), bad)
    run(qtbot, dialog)
    assert [item.state for item in dialog.runner.items] == [VideoState.DONE]
    assert start.text() == "Export"
    assert not start.isEnabled()


def test_while_it_runs_it_can_only_be_stopped(qtbot: QtBot, dialog: QueueDialog, videos: Path) -> None:
    add(qtbot, dialog, [str(videos)])
    part(dialog, QTableView, "queueTable").selectRow(1)
    part(dialog, QPushButton, "queueStart").click()
    assert not part(dialog, QPushButton, "queueAdd").isEnabled()
    part(dialog, QPushButton, "queueStopOne").click()
    assert dialog.runner.items[1].state is VideoState.CANCELLED
    part(dialog, QPushButton, "queueStop").click()
    qtbot.waitUntil(lambda: not dialog.runner.is_running, timeout=PATIENCE_MS)
    assert part(dialog, QPushButton, "queueAdd").isEnabled()


def test_a_recipe_can_be_loaded_and_left_again(
    dialog: QueueDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.toml"
    recipe = Recipe(Sampling(SamplingKind.KEYFRAMES), ExportSettings(Path(), ImageFormat.PNG))
    save_recipe(recipe, path, replaces=False)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    part(dialog, QPushButton, "queueLoad").click()
    assert part(dialog, QLabel, "queueRecipeName").text() == "mine.toml"
    assert part(dialog, QLabel, "queueRecipe").text().startswith("keyframes  ·  PNG")
    part(dialog, QPushButton, "queueAsDialog").click()
    assert part(dialog, QLabel, "queueRecipe").text().startswith("every 24th frame")
    path.write_text("no recipe", encoding="utf-8")
    part(dialog, QPushButton, "queueLoad").click()
    assert "not a FrameScope recipe" in part(dialog, QLabel, "queueNote").text()


def test_can_be_set_up_from_nothing(
    qtbot: QtBot, session: RunningController, theme: ThemeSource, videos: Path
) -> None:
    # The export dialog's first choice is the frame on screen, which other videos do not have.
    widget = QueueDialog(session.as_controller(), theme, Settings())
    qtbot.addWidget(widget)
    assert not part(widget, QPushButton, "queueStart").isEnabled()
    add(qtbot, widget, [str(videos)])
    assert Path(part(widget, QLineEdit, "queueFolder").text()).parent == videos
    assert part(widget, QLabel, "queueRecipe").text().startswith("every 1 s")
    assert part(widget, QPushButton, "queueStart").isEnabled()
    part(widget, QPushButton, "queueChoose").click()
    editor = widget.findChild(RecipeDialog)
    assert editor is not None
    editor.frames.choose(Sampling(kind=SamplingKind.KEYFRAMES))
    editor.findChild(QDialogButtonBox).accepted.emit()  # type: ignore[union-attr]
    assert part(widget, QLabel, "queueRecipe").text().startswith("keyframes")


def test_resumes_what_an_earlier_run_left(
    qtbot: QtBot, session: RunningController, theme: ThemeSource, videos: Path
) -> None:
    first = QueueDialog(session.as_controller(), theme, Settings())
    qtbot.addWidget(first)
    add(qtbot, first, [str(videos)])
    part(first, QPushButton, "queueStart").click()
    (entry,) = session.unfinished._settings.unfinished_work.values()  # noqa: SLF001 - as a killed program leaves it
    qtbot.waitUntil(lambda: not first.runner.is_running)
    assert session.unfinished._settings.unfinished_work == {}  # noqa: SLF001
    second = QueueDialog(session.as_controller(), theme, Settings())
    qtbot.addWidget(second)
    second.resume(entry["details"])
    assert second.runner.is_running
    qtbot.waitUntil(lambda: not second.runner.is_running)
    assert {item.state for item in second.runner.items} == {VideoState.DONE}, second.runner.items
    assert [item.source for item in second.runner.items] == [item.source for item in first.runner.items]


@pytest.mark.parametrize(
    "details", [{}, {"sources": "a"}, {"sources": [1, None]}, {"sources": ["a.mp4"], "recipe": "no recipe"}]
)
def test_what_cannot_be_resumed_starts_nothing(
    qtbot: QtBot, session: RunningController, theme: ThemeSource, details: dict[str, object]
) -> None:
    widget = QueueDialog(session.as_controller(), theme, Settings())
    qtbot.addWidget(widget)
    widget.resume(details)
    assert not widget.runner.is_running


def test_a_folder_that_is_no_path_is_said(qtbot: QtBot, dialog: QueueDialog, videos: Path) -> None:
    add(qtbot, dialog, [str(videos)])
    part(dialog, QLineEdit, "queueFolder").setText("relative/folder")
    run(qtbot, dialog)
    assert "full path" in part(dialog, QLabel, "queueNote").text()


def test_videos_are_added_and_removed_by_hand(
    qtbot: QtBot, dialog: QueueDialog, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(videos / "one.mp4")], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(videos / "more"))
    part(dialog, QPushButton, "queueAdd").click()
    qtbot.waitUntil(lambda: len(dialog.runner.items) == 1)
    part(dialog, QPushButton, "queueAddFolder").click()
    qtbot.waitUntil(lambda: [item.name for item in dialog.runner.items] == ["one.mp4", "two.mkv"])
    part(dialog, QTableView, "queueTable").selectRow(0)
    part(dialog, QPushButton, "queueRemove").click()
    assert [item.name for item in dialog.runner.items] == ["two.mkv"]


def test_a_folder_becomes_a_data_set(
    qtbot: QtBot, dialog: QueueDialog, videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = dialog.dataset
    assert fields.form is None
    fields.choose({"layout": "mirrored,coco,yolo", "splits": "50/50", "classes": "folder"})
    assert part(dialog, QPushButton, "queueLayouts").text() == "COCO and YOLO"
    part(dialog, QSpinBox, "queueJobs").setValue(2)
    add(qtbot, dialog, [str(videos)])
    run(qtbot, dialog)
    found = read_dataset(tmp_path / "out")
    assert found.is_ended
    assert [(one.name, one.folder, one.class_name) for one in found.data.videos] == [
        ("more/two.mkv", "images/more/two", "more"),
        ("one.mp4", "images/one", "videos"),
    ]
    assert found.data.splits == ("train", "val")
    assert (tmp_path / "out" / "data.yaml").is_file()
    note = part(dialog, QLabel, "queueNote").text().replace("\u2009", " ")
    assert note.startswith("Data set: 4 pictures of 2 videos")
    opened: list[Path] = []
    monkeypatch.setattr("framescope.ui.queue.dialog.open_outside", opened.append)
    part(dialog, QPushButton, "queueReport").click()
    qtbot.waitUntil(lambda: bool(opened), timeout=PATIENCE_MS)
    assert opened == [tmp_path / "out" / "report.html"]
    assert "one.mp4" in opened[0].read_text(encoding="utf-8")


def test_a_video_that_changes_meanwhile_is_left_out_until_the_next_run(
    qtbot: QtBot, dialog: QueueDialog, videos: Path, tmp_path: Path
) -> None:
    growing, grown = videos / "one.mp4", list[int]()

    def grow(place: int) -> None:
        item = dialog.runner.items[place]
        if item.name == growing.name and item.state is VideoState.DONE and not grown:
            with growing.open("ab") as file:
                grown.append(file.write(bytes(8)))

    dialog.dataset.choose({"layout": "mirrored,coco"})
    add(qtbot, dialog, [str(videos)])
    dialog.runner.item_changed.connect(grow)
    run(qtbot, dialog)
    states = {item.name: item.state for item in dialog.runner.items}
    assert states == {"two.mkv": VideoState.DONE, "one.mp4": VideoState.FAILED}
    (words,) = (item.words for item in dialog.runner.items if item.name == growing.name)
    assert words.startswith("one.mp4 changed or grew")
    assert [one.name for one in read_dataset(tmp_path / "out").data.videos] == ["more/two.mkv"]
    run(qtbot, dialog)
    assert [one.name for one in read_dataset(tmp_path / "out").data.videos] == ["more/two.mkv", "one.mp4"]


def test_splits_that_cannot_be_used_start_nothing(
    qtbot: QtBot, dialog: QueueDialog, videos: Path, tmp_path: Path
) -> None:
    add(qtbot, dialog, [str(videos / "one.mp4")])
    splits = part(dialog, QLineEdit, "queueSplits")
    splits.setText("80")
    assert splits.property("invalid")
    part(dialog, QPushButton, "queueStart").click()
    assert not dialog.runner.is_running
    assert "not a valid list of splits" in part(dialog, QLabel, "queueNote").text()
    assert not (tmp_path / "out").exists()


def test_a_data_set_that_was_left_unfinished_is_resumed(
    qtbot: QtBot, dialog: QueueDialog, session: RunningController, videos: Path, tmp_path: Path
) -> None:
    dialog.dataset.choose({"layout": "mirrored,coco"})
    add(qtbot, dialog, [str(videos)])
    part(dialog, QPushButton, "queueStart").click()
    (entry,) = session.unfinished._settings.unfinished_work.values()  # noqa: SLF001 - as a killed program leaves it
    dialog.runner.stop_all()
    qtbot.waitUntil(lambda: not dialog.runner.is_running, timeout=PATIENCE_MS)
    dialog.dataset.choose({})
    dialog.runner.remove(range(2))
    assert dialog.resume(entry["details"])
    qtbot.waitUntil(lambda: not dialog.runner.is_running, timeout=PATIENCE_MS)
    found = read_dataset(tmp_path / "out")
    assert found.is_ended
    assert [one.name for one in found.data.videos] == ["more/two.mkv", "one.mp4"]


def test_a_list_of_classes_is_chosen_from_a_file(
    qtbot: QtBot, dialog: QueueDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot
    path = tmp_path / "kinds.csv"
    path.write_text("one,cat\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    combo = part(dialog, QComboBox, "queueClasses")
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    assert combo.currentText() == "Classes from kinds.csv"
    form = dialog.dataset.form
    assert form is not None
    assert form.classes.class_of("one.mp4", "") == "cat"
    path.write_text("one\n")
    part(dialog, QPushButton, "queueStart").click()
    with pytest.raises(SettingsError):
        assert dialog.dataset.form


def test_layouts_are_ticked_one_after_the_other(dialog: QueueDialog) -> None:
    button = part(dialog, QPushButton, "queueLayouts")
    menu = button.menu()
    assert menu is not None
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
    first, second, *_ = menu.actions()
    for action in (first, second, first):
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
        assert menu.isVisible()
    assert [action.isChecked() for action in (first, second)] == [False, True]
    menu.setActiveAction(first)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Space):
        QTest.keyClick(menu, key)
    assert first.isChecked()
    assert button.text() == f"{first.text()} and {second.text()}"
    # The menu is still there for the Escape that is meant for it, and the dialog for what is typed next.
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()
    assert dialog.isVisible()
