"""Where to save, asked once, and whether a file that is there may be replaced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from framescope.ui.widgets.save_target import Target, ask_target, settled, with_suffix_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize("agrees", [True, False])
def test_the_final_name_is_asked_about_and_only_once(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, agrees: bool
) -> None:
    (tmp_path / "a.csv").touch()
    parent, asked = QWidget(), []
    qtbot.addWidget(parent)

    def choose(*_: object, options: QFileDialog.Option) -> tuple[str, str]:
        # The file dialog would ask about the name without its ending.
        assert options is QFileDialog.Option.DontConfirmOverwrite
        return str(tmp_path / "a"), "kind"

    def question(_parent: QWidget, _title: str, words: str, *_: object) -> QMessageBox.StandardButton:
        asked.append(words)
        return QMessageBox.StandardButton.Yes if agrees else QMessageBox.StandardButton.No

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    monkeypatch.setattr(QMessageBox, "question", question)
    target = ask_target(
        parent, "Save", "a", ["kind"], lambda path, kind: path.with_suffix({"kind": ".csv"}[kind])
    )
    assert target == (Target(tmp_path / "a.csv", replaces=True) if agrees else None)
    assert asked == ["a.csv already exists. Replace it?"]
    free = ask_target(parent, "Save", "a", ["kind"], lambda path, _: path.with_suffix(".json"))
    assert free == Target(tmp_path / "a.json", replaces=False)
    assert len(asked) == 1


def test_nobody_is_asked_where_nothing_is_chosen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("", ""))
    assert ask_target(parent, "Save", "a", []) is None


def test_a_link_that_leads_nowhere_counts_as_there(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "nowhere")
    assert settled(tmp_path / "a", lambda _: False) is None
    assert settled(tmp_path / "b", lambda _: False) == Target(tmp_path / "b", replaces=False)


@pytest.mark.parametrize(
    ("name", "chosen", "expected"),
    [
        ("a", "TIFF picture (*.tif *.tiff)", "a.tif"),
        ("a.npy", "PNG picture (*.png)", "a.npy"),
        ("a", "All files (*)", "a"),
        ("a", "", "a"),
    ],
)
def test_a_name_without_a_suffix_gets_that_of_the_chosen_filter(
    name: str, chosen: str, expected: str
) -> None:
    assert with_suffix_of(Path(name), chosen) == Path(expected)
