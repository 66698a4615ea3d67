"""The search for texts that bypass the translation finds each kind of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.literals import untranslated

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "code",
    [
        "page = '<p class=\"muted\">Made by us.</p>'",
        'page = f"<p>{name} is a file.</p>"',
        'svg = \'<svg viewBox="0 0 1 1" aria-label="Rate by size"></svg>\'',
        'ended("Key", "Cancelled.")',
        'label.setText("stretched")',
        'label.setText("open" if is_open else "")',
        'label.setText("Opening " + name)',
        'label.setPlaceholderText("https://… or an address")',
        'with long_work("Indexing") as progress:\n    pass',
        'echo_rows("File", [])',
        'echo_rows(tr("File"), [("size", size_words(3))])',
        'def state_words(index):\n    return "indexing"',
        'def state_words(index):\n    return tr("closed") if index else "open"',
    ],
)
def test_a_text_that_people_read_is_found(tmp_path: Path, code: str) -> None:
    module = tmp_path / "module.py"
    module.write_text(code, encoding="utf-8")
    assert list(untranslated(module, "ui"))


@pytest.mark.parametrize(
    "code",
    [
        'label.setText(tr("stretched"))',
        'label.setText("OpenCV")',
        'label.setText(f"{rate} fps")',
        "page = f'<p class=\"muted\">{words}</p>'",
        'def state_name(index):\n    return "indexing"',
    ],
)
def test_other_literals_are_left_alone(tmp_path: Path, code: str) -> None:
    module = tmp_path / "module.py"
    module.write_text(code, encoding="utf-8")
    assert not list(untranslated(module, "core"))
