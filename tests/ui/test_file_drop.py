"""What was dropped: files and addresses, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl

from framescope.ui.file_drop import VIDEO_FILTER, dropped_source


def test_first_file_is_taken() -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/videos/ä b.mp4"), QUrl.fromLocalFile("/videos/c.mp4")])
    source = dropped_source(data)
    assert source is not None
    assert Path(source).name == "ä b.mp4"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("https://example.org/a.mp4", "https://example.org/a.mp4"),
        (" rtsp://camera/1 ", "rtsp://camera/1"),
        ("just words", None),
        ("http://a\nhttp://b", None),
    ],
)
def test_text_counts_when_it_is_an_address(text: str, source: str | None) -> None:
    data = QMimeData()
    data.setText(text)
    assert dropped_source(data) == source


def test_filter_lets_any_file_be_chosen() -> None:
    assert VIDEO_FILTER.endswith("All files (*)")
