"""Classes from folders and from tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framescope.core.dataset.classes import Classes
from framescope.core.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_folder_of_a_video_is_its_class() -> None:
    classes = Classes.parse("folder")
    assert classes.class_of("cats/small/a.mp4", "small") == "small"
    assert classes.class_of("a.mp4", "cats") == "cats"


@pytest.mark.parametrize(
    "text",
    [
        'video,class\ncats/a.mp4,cat\nb,dog\n\n./c.mp4,"big, cat"\n',
        'cats/a.mp4,cat\nb,dog\nc.mp4,"big, cat"\n',
        '\ufefflabel,split,youtube_id\r\ncat,train,cats/a\r\ndog,val,b\r\n"big, cat",val,c\r\n',
    ],
)
def test_tables_name_videos_in_several_ways(tmp_path: Path, text: str) -> None:
    path = tmp_path / "classes.csv"
    path.write_bytes(text.encode())
    classes = Classes.parse(str(path))
    names = ("cats/a.mp4", "dogs/b.mkv", "deep/down/c.mp4", "d.mp4")
    assert [classes.class_of(name, "x") for name in names] == ["cat", "dog", "big, cat", ""]
    assert classes.source == "classes.csv"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a.mp4\n", "too few columns"),
        (b"a,x\na,y\n", "two classes"),
        (b"", "lists no videos"),
        (b"a,\xff\n", "not a CSV file"),
        (b'a,"x\n', "not a CSV file"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "classes.csv"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=words):
        Classes.parse(str(path))
    with pytest.raises(SettingsError, match="cannot be read"):
        Classes.parse(str(tmp_path / "none.csv"))
