"""What was dropped: files and addresses, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl

from framescope.ui.widgets.file_drop import VIDEO_FILTER, sources_in


def test_every_file_is_taken_once() -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(name) for name in ("/videos/ä b.mp4", "/videos/c.mp4", "/videos/c.mp4")])
    assert [Path(source).name for source in sources_in(data)] == ["ä b.mp4", "c.mp4"]


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("https://example.org/a.mp4", ("https://example.org/a.mp4",)),
        (" rtsp://camera/1 ", ("rtsp://camera/1",)),
        ("just words", ()),
        ("http://a\nhttp://b", ("http://a", "http://b")),
        ("http://a\njust words", ()),
        ("", ()),
        ("x" * 100_000, ()),
        ("a\0b", ()),
        ("/a\0b", ()),
        ("clip.mp4", ()),
        ("~nobody-of-this-name/clip.mp4", ()),
    ],
)
def test_text_counts_when_all_of_it_is_addresses(text: str, sources: tuple[str, ...]) -> None:
    data = QMimeData()
    data.setText(text)
    assert sources_in(data) == sources


def test_text_counts_when_it_is_a_whole_path(tmp_path: Path) -> None:
    # Nobody looks whether it is there: that can take long.
    clip = tmp_path / "a b.mp4"
    for text in (str(clip), f'"{clip}"', f"{clip}\n{clip}\n", QUrl.fromLocalFile(str(clip)).toString()):
        data = QMimeData()
        data.setText(text)
        assert sources_in(data) == (str(clip),)


def test_filter_lets_any_file_be_chosen() -> None:
    assert VIDEO_FILTER.endswith("All files (*)")
